//! The words by which people name what a section, a line or a box is for.
//!
//! Everything that depends on vocabulary stands here, so that a list that is missing a word is
//! mended in one place. Signs and units decide wherever they can; words only where they must.

mod abroad;
mod calls;
mod list;
mod marks;
mod shares;

pub(super) use list::List;
pub(super) use marks::Marks;
use std::fmt;
use std::ops::Deref;
use std::sync::OnceLock;

/// A title or line in the form the lists are written in: lower-case, single spaces, no decoration
/// at its ends.
#[derive(Clone, Default)]
pub(super) struct Key {
    text: Box<str>,
    /// A long checklist asks a line for most of the lists, so they are looked for together.
    marks: OnceLock<Marks>,
}

impl Key {
    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// The same, with its words looked for already: before two readers do it in each other's way.
    pub(super) fn marked(self) -> Self {
        self.marks();
        self
    }

    /// Says whether it has a word of a list.
    pub(super) fn has(&self, list: List) -> bool {
        self.marks().has(list)
    }

    /// The lists that it has a word of.
    pub(super) fn marks(&self) -> Marks {
        *self.marks.get_or_init(|| Marks::of(&self.text))
    }
}

impl Deref for Key {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

/// The key of a text.
pub(super) fn key(text: &str) -> Key {
    let is_edge = |c: char| !c.is_alphanumeric() && !matches!(c, '(' | ')' | '?');
    let text = text.trim_matches(is_edge);
    // As most lines are written: one space between two words, and no other white space. All of it is looked at,
    // and not until the first: that takes many bytes at once.
    let is_space = |byte: u8| u8::from(byte == b' ');
    let next = text.bytes().skip(1);
    let wide = text.bytes().zip(next).fold(0, |found, (one, next)| found | (is_space(one) & is_space(next)));
    let other = text.bytes().fold(0, |found, byte| found | u8::from(matches!(byte, 0x09..=0x0d)));
    let mut key = if text.is_ascii() && wide | other == 0 {
        text.to_owned()
    } else {
        let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
        words.join(" ")
    };
    key.make_ascii_lowercase();
    Key { text: key.into_boxed_str(), marks: OnceLock::new() }
}

/// Says whether a key holds one of the words, each as a whole word or as the beginning of one
/// where they are written `monitor*`: for words that few lines are asked for, and no [`List`].
pub(super) fn has(key: &str, list: &[&str]) -> bool {
    rests(key).any(|rest| list.iter().any(|wanted| begins(rest, wanted)))
        || list.iter().filter(|wanted| !wanted.starts_with(char::is_alphanumeric)).any(|sign| holds(key, sign))
}

/// What is left of a key at the beginning of each of its words.
fn rests(key: &str) -> impl Iterator<Item = &str> {
    let mut is_inside = false;
    key.char_indices().filter_map(move |(at, c)| {
        let was_inside = std::mem::replace(&mut is_inside, c.is_alphanumeric());
        (is_inside && !was_inside).then(|| key.split_at(at).1)
    })
}

/// Says whether what is left of a key begins with a word.
fn begins(rest: &str, wanted: &str) -> bool {
    let (wanted, open) = wanted.strip_suffix('*').map_or((wanted, false), |stem| (stem, true));
    rest.strip_prefix(wanted).is_some_and(|behind| open || !behind.starts_with(char::is_alphanumeric))
}

/// Says whether a key holds what begins with a sign, which no word begins with: `&`, `(if `.
fn holds(key: &str, wanted: &str) -> bool {
    let (wanted, open) = wanted.strip_suffix('*').map_or((wanted, false), |stem| (stem, true));
    key.match_indices(wanted)
        .any(|(at, sign)| open || !key.split_at(at + sign.len()).1.starts_with(char::is_alphanumeric))
}

/// Names the sections whose lines are triggers.
pub(super) fn is_trigger(key: &Key) -> bool {
    // `Go/no-go criteria` are for both, and a question is answered.
    (key.has(List::Triggers) || is_call_if(key)) && !key.has(List::ForBoth) && !key.ends_with('?')
}

/// `Halt the rollout if`, `Stop and go back when any of these happens`.
fn is_call_if(key: &str) -> bool {
    const CALLS: &[&str] = &["halt ", "stop ", "abort ", "pause ", "revert ", "cancel ", "roll back ", "rollback "];
    const INTRODUCTIONS: &[&str] = &[" if", " when", " if any of", " when any of", " if any", " as soon as"];
    CALLS.iter().any(|call| key.starts_with(call))
        && (INTRODUCTIONS.iter().any(|end| key.ends_with(end))
            || key.contains(" if any of ")
            || key.contains(" when any of "))
}

pub(super) fn is_graceful(key: &Key) -> bool {
    key.has(List::Graceful)
}

pub(super) fn is_action(key: &Key) -> bool {
    key.has(List::Actions)
}

/// Names sections that are followed only when the night goes wrong.
pub(super) fn is_rollback(key: &Key) -> bool {
    (key.has(List::WayBack) && !key.has(List::NotOnlyWayBack)) || key.has(List::Emergency)
}

/// Names sections that are followed only if something happens. What is done once all is well is done.
pub(super) fn is_conditional(key: &Key) -> bool {
    const BEGINNINGS: &[&str] =
        &["if ", "in case ", "only if ", "falls ", "im fall ", "em caso de ", "en caso de ", "en cas de "];
    // What calls for the way back, in a list or by itself, is more than a condition.
    let is_call = key.has(List::Calls) || key.has(List::WayBack) || key.has(List::AnyOf);
    key.has(List::Conditional)
        && !is_call
        && !key.has(List::AllWell)
        && BEGINNINGS.iter().any(|start| key.starts_with(start))
}

/// Names sections that come after the cutover.
pub(super) fn is_after(key: &Key) -> bool {
    key.has(List::After)
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
pub(super) fn is_everybody(key: &Key) -> bool {
    key.has(List::Everybody) || (key.has(List::AllOfThem) && key.has(List::Enabling))
}

/// Says that a line looks at what was done: `Verify 10% traffic`.
pub(super) fn is_verifying(word: &str) -> bool {
    ["verify", "confirm", "check", "ensure", "validate", "verificar", "vérifier", "prüfen", "confirmar"].contains(&word)
}

/// Names the review after the night, or its template.
pub(super) fn is_review(key: &Key) -> bool {
    key.has(List::Review)
}

/// Says that a machine does something by itself, however often.
pub(super) fn is_machine(key: &Key) -> bool {
    key.has(List::Machine)
}

/// Names lists of things to look out for, which nobody completes.
pub(super) fn is_watch_list(key: &Key) -> bool {
    key.has(List::WatchFor)
}

/// Says that a line need not be done: `(optional)`, `(if applicable)`.
pub(super) fn is_optional(key: &Key) -> bool {
    key.has(List::Optional)
}

/// Names what people do while a stage soaks.
pub(super) fn is_monitoring(key: &Key) -> bool {
    key.has(List::Monitoring)
}

/// Says that a time in a line is something other than a soak.
pub(super) fn is_other_time(key: &Key) -> bool {
    key.has(List::OtherTime)
}

pub(super) fn is_moving(key: &Key) -> bool {
    key.has(List::Moving)
}

pub(super) fn is_not_moving(key: &Key) -> bool {
    key.has(List::NotMoving)
}

pub(super) fn is_contacts(key: &Key) -> bool {
    key.has(List::Contacts)
}

pub(super) fn is_sign_off(key: &Key) -> bool {
    key.has(List::SignOff)
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

pub(super) fn is_decision(key: &Key) -> bool {
    const BEGINNINGS: [&str; 9] = [
        "decision point",
        "decision gate",
        "go/no-go",
        "go / no-go",
        "go/no go",
        "go or no-go",
        "decision:",
        "ponto de decisão",
        "entscheidungspunkt",
    ];
    key.has(List::Decision) && BEGINNINGS.iter().any(|start| key.starts_with(start))
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
    let word = key.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty()).unwrap_or_default();
    if !OUTCOMES.iter().any(|outcome| outcome.starts_with(word)) {
        return false;
    }
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
