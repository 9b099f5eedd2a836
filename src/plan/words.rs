//! The words by which people name what a section, a line or a box is for.
//!
//! Everything that depends on vocabulary stands here, so that a list that is missing a word is
//! mended in one place. Signs and units decide wherever they can; words only where they must.

mod abroad;
mod calls;
mod shares;

/// A title or line in the form the lists below are written in: lower-case, single spaces, no
/// decoration at its ends.
pub(super) fn key(text: &str) -> String {
    let is_edge = |c: char| !c.is_alphanumeric() && !matches!(c, '(' | ')' | '?');
    let mut key = String::with_capacity(text.len());
    for word in text.trim_matches(is_edge).split_whitespace() {
        if !key.is_empty() {
            key.push(' ');
        }
        if word.is_ascii() {
            key.push_str(word);
        } else {
            key.push_str(&word.to_lowercase());
        }
    }
    key.make_ascii_lowercase();
    key
}

/// Says whether a key holds one of the words, each as a whole word or as the beginning of one
/// where the list writes `monitor*`.
pub(super) fn has(key: &str, list: &[&str]) -> bool {
    // Word by word rather than a search for each wanted one: a long checklist asks this of every line.
    rests(key).any(|rest| list.iter().any(|wanted| begins(rest, wanted)))
        || list.iter().filter(|wanted| !wanted.starts_with(char::is_alphanumeric)).any(|sign| holds(key, sign))
}

/// What is left of a key at the beginning of each of its words.
fn rests(key: &str) -> impl Iterator<Item = &str> {
    let mut rest = key;
    std::iter::from_fn(move || {
        let word = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
        rest = word.trim_start_matches(char::is_alphanumeric);
        (!word.is_empty()).then_some(word)
    })
}

/// Says whether what is left of a key begins with a word.
fn begins(rest: &str, wanted: &str) -> bool {
    let (wanted, open) = wanted.strip_suffix('*').map_or((wanted, false), |stem| (stem, true));
    // Most words differ in their first letter.
    rest.as_bytes().first() == wanted.as_bytes().first()
        && rest.strip_prefix(wanted).is_some_and(|behind| open || !behind.starts_with(char::is_alphanumeric))
}

/// Says whether a key holds what begins with a sign, which no word begins with: `&`, `(if `.
fn holds(key: &str, wanted: &str) -> bool {
    let (wanted, open) = wanted.strip_suffix('*').map_or((wanted, false), |stem| (stem, true));
    key.match_indices(wanted)
        .any(|(at, sign)| open || !key.split_at(at + sign.len()).1.starts_with(char::is_alphanumeric))
}

/// Labels inside a trigger section whose lines are things to do.
const ACTIONS: &[&str] = &[
    "action*",
    "step*",
    "procedure*",
    "execution",
    "command*",
    "how to",
    "communication*",
    "decision maker*",
    "who decides",
    "who can",
    "authority",
    "mitigation*",
    "response*",
    "approval*",
    "if no-go",
    "if go",
    "go if",
    "acción*",
    "ação",
    "ações",
    "maßnahmen",
];

/// Names the sections whose lines are triggers.
pub(super) fn is_trigger(key: &str) -> bool {
    // `Go/no-go criteria` are for both, and a question is answered.
    let is_for_both = has(key, &["go/no-go", "go / no-go", "go/no go", "go or no-go"]) || key.ends_with('?');
    !is_for_both && (has(key, calls::TRIGGERS) || has(key, abroad::TRIGGERS))
}

pub(super) fn is_graceful(key: &str) -> bool {
    has(key, &["graceful*", "gradual", "planned rollback", "controlled rollback"])
}

pub(super) fn is_action(key: &str) -> bool {
    has(key, ACTIONS)
}

/// Names sections that are followed only when the night goes wrong.
pub(super) fn is_rollback(key: &str) -> bool {
    let procedure = has(key, &["rollback", "roll back", "backout", "back-out", "revert", "retour arrière", "reversión", "reversão"])
        // A runbook for both is no section that is followed only when the night goes wrong.
        && !has(key, &["deploy*", "release", "rollout", "launch", "&"])
        && !has(key, &["readiness", "plan", "prepar*", "verif*", "test*", "strategy", "window"]);
    procedure || has(key, &["abort procedure", "emergency procedure*", "incident response steps"])
}

/// Names sections that come after the cutover.
pub(super) fn is_after(key: &str) -> bool {
    has(
        key,
        &[
            "post-deploy*",
            "post-cutover",
            "post-launch",
            "post-release",
            "post-mortem",
            "postmortem",
            "after deployment",
            "after the deployment",
            "after cutover",
            "follow-up*",
            "cleanup",
            "clean up",
            "lessons learned",
            "retrospective",
        ],
    )
}

/// Says that what follows is one of several ways to do it: `Option 1: in place`.
pub(super) fn is_alternative(key: &str) -> bool {
    let mut words = key.split([' ', ':', '.', ')', '-']);
    let first = words.next().unwrap_or_default();
    let second = words.next().unwrap_or_default();
    let is_counted = second.len() <= 2 && second.chars().all(|c| c.is_ascii_digit() || c.is_ascii_lowercase());
    matches!(
        first,
        "option" | "alternative" | "method" | "approach" | "variant" | "variante" | "opção" | "opción" | "opcion"
    ) && !second.is_empty()
        && is_counted
}

/// Says that everybody is meant: `Full rollout`, `Enable for all users`.
pub(super) fn is_everybody(key: &str) -> bool {
    let is_named = has(key, shares::EVERYBODY);
    let is_moved =
        has(key, &["all users", "all customers", "all traffic", "everyone", "everybody"]) && has(key, shares::ENABLING);
    is_named || is_moved || has(key, abroad::EVERYBODY)
}

/// Says that a line looks at what was done: `Verify 10% traffic`.
pub(super) fn is_verifying(word: &str) -> bool {
    ["verify", "confirm", "check", "ensure", "validate", "verificar", "vérifier", "prüfen", "confirmar"].contains(&word)
}

/// Names the review after the night, or its template.
pub(super) fn is_review(key: &str) -> bool {
    has(
        key,
        &[
            "post-mortem*",
            "postmortem*",
            "post mortem*",
            "retrospective*",
            "incident review",
            "post-incident*",
            "lessons learned",
        ],
    )
}

/// Says that people look at something.
pub(super) fn is_look(key: &str) -> bool {
    has(
        key,
        &[
            "check*",
            "monitor*",
            "look*",
            "review*",
            "watch*",
            "verify",
            "report*",
            "update*",
            "status",
            "read",
            "post",
            "sync",
            "standup*",
            "verificar",
            "monitorar",
            "revisar",
            "vérifier",
            "surveiller",
            "prüfen",
            "überwach*",
            "beobacht*",
        ],
    )
}

/// Says that a machine does something by itself, however often.
pub(super) fn is_machine(key: &str) -> bool {
    has(
        key,
        &[
            "backup*",
            "snapshot*",
            "rotat*",
            "cron*",
            "scrape*",
            "poll*",
            "retention",
            "renew*",
            "schedule",
            "interval",
            "configured",
        ],
    )
}

/// Names lists of things to look out for, which nobody completes.
pub(super) fn is_watch_list(key: &str) -> bool {
    has(key, &["to watch for", "watch for", "watch out", "common issues", "known issues", "symptoms", "red flags"])
}

/// Says that a line need not be done: `(optional)`, `(if applicable)`.
pub(super) fn is_optional(key: &str) -> bool {
    has(
        key,
        &[
            "optional",
            "optionally",
            "if applicable",
            "if needed",
            "if required",
            "if necessary",
            "if any",
            "if desired",
            "as needed",
            "where possible",
            "nice to have",
            "recommended",
            "opcional",
            "optionnel",
            "falls nötig",
        ],
    ) || key.contains("(if ")
}

/// Names what people do while a stage soaks.
pub(super) fn is_monitoring(key: &str) -> bool {
    has(
        key,
        &[
            "monitor*",
            "watch*",
            "wait*",
            "observ*",
            "hold*",
            "soak*",
            "bake*",
            "baking",
            "stable",
            "stabili*",
            "leave running",
            "let it run",
            "keep running",
            "pause*",
            "burn-in",
            "dwell",
        ],
    ) || has(key, abroad::WATCHING)
}

/// Says that a time in a line is something other than a soak.
pub(super) fn is_other_time(key: &str) -> bool {
    has(
        key,
        &[
            "every",
            "each",
            "within",
            "timeout*",
            "ttl",
            "notice",
            "last",
            "past",
            "retention",
            "interval",
            "before",
            "after",
            "takes",
            "estimated",
            "propagat*",
            "startup",
            "start-up",
            "restore",
            "drain*",
        ],
    )
}

pub(super) fn is_moving(key: &str) -> bool {
    has(key, shares::MOVING) || has(key, abroad::MOVING)
}

pub(super) fn is_not_moving(key: &str) -> bool {
    has(key, shares::NOT_MOVING)
}

pub(super) fn is_contacts(key: &str) -> bool {
    has(
        key,
        &[
            "contact*",
            "escalation path",
            "escalation matrix",
            "on-call roster",
            "roster",
            "contatos",
            "contactos",
            "kontakte",
        ],
    )
}

pub(super) fn is_sign_off(key: &str) -> bool {
    has(
        key,
        &["sign-off*", "sign off*", "signoff*", "signatures", "approvals", "final approval", "deployment approval"],
    )
}

/// Lines of a sign-off that are not somebody's role.
pub(super) fn is_signature_part(key: &str) -> bool {
    matches!(
        key,
        "name"
            | "signature"
            | "signed"
            | "date"
            | "time"
            | "date/time"
            | "date & time"
            | "notes"
            | "comments"
            | "title"
    )
}

pub(super) fn is_decision(key: &str) -> bool {
    [
        "decision point",
        "decision gate",
        "go/no-go",
        "go / no-go",
        "go/no go",
        "go or no-go",
        "decision:",
        "ponto de decisão",
        "entscheidungspunkt",
    ]
    .iter()
    .any(|start| key.starts_with(start))
}

/// What a night, a stage or a question can end in.
const OUTCOMES: &[&str] = &[
    "yes",
    "no",
    "partial",
    "partial success",
    "success",
    "successful",
    "fail",
    "failed",
    "failure",
    "pass",
    "passed",
    "go",
    "no-go",
    "no go",
    "proceed",
    "continue",
    "rollback",
    "roll back",
    "rolled back",
    "hold",
    "abort",
    "approved",
    "rejected",
    "aborted",
];

/// Says that a box is one answer of several: `YES - proceed`, `All checks passed → Proceed`.
pub(super) fn is_outcome(key: &str) -> bool {
    is_answer(key) || key.split_once('→').is_some_and(|(_, then)| has(then, OUTCOMES))
}

/// Says that a line begins with an answer: `NO - go on`.
pub(super) fn is_answer(key: &str) -> bool {
    let first = key.split([':', '–', '—']).next().unwrap_or(key);
    let first = first.split(" - ").next().unwrap_or(first);
    OUTCOMES.contains(&first.trim_matches(|c: char| !c.is_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_whole_unless_the_list_leaves_them_open() {
        assert!(has("monitoring (5 min)", &["monitor*"]));
        assert!(!has("stopping", &["step*", "stop"]));
        assert!(has("übernahme: überwachung", &["überwach*"]));
    }

    #[test]
    fn a_rollback_that_depends_on_an_event_is_no_trigger_list() {
        assert!(is_trigger(&key("⚠ Immediate Rollback If:")));
        assert!(is_trigger(&key("We roll back if any of these happens:")));
        assert!(!is_trigger(&key("Fast rollback (if things burn)")));
        assert!(is_rollback(&key("Rollback steps")) && !is_rollback(&key("Rollback plan")));
    }

    #[test]
    fn outcomes_are_answers_and_not_sentences() {
        for text in ["**YES** - go on", "✅ Pass", "Everything green → proceed", "no-go"] {
            assert!(is_outcome(&key(text)), "{text}");
        }
        for text in ["No errors in the logs", "Go service deployed", "Passwords rotated"] {
            assert!(!is_outcome(&key(text)), "{text}");
        }
    }
}
