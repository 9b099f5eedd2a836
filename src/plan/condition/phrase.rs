//! The words that name a metric: what is left of a line beside its limit.

use crate::plan::words;
use crate::text::Unit;
use std::borrow::Cow;
use std::ops::Range;

/// Labels of limits that name no metric.
const GENERIC: &[&str] = &[
    "success criteria",
    "criteria",
    "acceptance criteria",
    "exit criteria",
    "pass criteria",
    "promotion criteria",
    "target",
    "targets",
    "threshold",
    "thresholds",
    "limit",
    "limits",
    "goal",
    "goals",
    "gate",
    "gates",
    "requirement",
    "requirements",
    "expected",
    "validation",
    "slo",
    "sla",
    "value",
    "rollback if",
    "halt",
    "abort",
    "for",
    "if any",
];

pub(super) struct Phrase {
    pub text: String,
    /// What stands farther away, where neither side of the limit names anything.
    pub farther: String,
    /// `does not exceed`, `no more than`: the sign means its opposite.
    pub negated: bool,
    /// `does not increase`: it is held against what it was.
    pub changes: bool,
}

/// Words that say something about the metric and are not its name, before it.
const LEADING: &[&str] = &[
    "verify",
    "ensure",
    "check",
    "confirm",
    "validate",
    "monitor",
    "watch",
    "keep",
    "that",
    "the",
    "our",
    "your",
    "if",
    "when",
    "while",
    "until",
    "is",
    "any",
    "and",
    "or",
    "but",
    "with",
    "a",
    "an",
    "unacceptable",
    "unacceptably",
    "high",
    "elevated",
    "excessive",
    "sustained",
    "new",
    "overall",
    "either",
    "whether",
    "target",
    "all",
    "maintain",
    "alert",
    "on",
    "of",
];

/// The same, behind it.
const TRAILING: &[&str] = &[
    "is",
    "are",
    "at",
    "stays",
    "stay",
    "remains",
    "remain",
    "stable",
    "should",
    "be",
    "must",
    "of",
    "falls",
    "fall",
    "rises",
    "rise",
    "climbs",
    "goes",
    "to",
    "with",
    "was",
    "has",
    "consistently",
    "maintained",
    "sustained",
    "holds",
    "holding",
    "staying",
    "stabilizes",
    "steady",
    "kept",
    "increases",
    "reaches",
    "by",
    "does",
    "not",
    "no",
    "that",
    "acceptable",
    "normal",
    "ok",
    "okay",
    "valid",
    "for",
    "within",
    "limit",
    "target",
    "monitored",
    "meeting",
    "negligible",
    "under",
    "up",
    "sla",
    "slo",
    "baseline",
    "threshold",
];

/// The phrase before a limit.
pub(super) fn before(line: &str, within: Range<usize>, removed: &[Range<usize>], follows: bool) -> Phrase {
    let text = without(line, within, removed);
    let text = without_parentheses(&text);
    let text = without_blank(&text);
    // In `< 1% errors, < 90ms latency` the words before the second sign belong to the first.
    let is_another = text.trim_end().ends_with([',', ';']);
    let text = format!("{} ", text.trim_end_matches(|c: char| !c.is_alphanumeric()));
    let clause = clause(&text, follows);
    let key = words::key(clause);
    let negated = words::has(&key, &["not", "no more", "never"]) && words::has(&key, TRAILING);
    let without_change = without_change(&key);
    let unchanged = unchanged(&key).filter(|_| negated).or_else(|| without_change.clone());
    let negated = negated || without_change.is_some();
    let name = unchanged.clone().unwrap_or_else(|| trim(&key));
    let changes = unchanged.is_some();
    match (is_another, name.is_empty()) {
        (true, _) => {
            Phrase { farther: if follows { String::new() } else { name }, text: String::new(), negated: false, changes }
        }
        (false, true) => Phrase { farther: farther(&text, clause), text: name, negated, changes },
        (false, false) => Phrase { text: name, farther: String::new(), negated, changes },
    }
}

/// What is said not to change: `error rate does not increase` is the error rate.
fn unchanged(key: &str) -> Option<String> {
    const CHANGING: [&str; 8] = ["increase", "increased", "degrade", "degraded", "grow", "rise", "worsen", "deviate"];
    let key = key.strip_suffix(" by").unwrap_or(key);
    CHANGING.iter().find_map(|word| Some(trim(key.strip_suffix(word)?.trim_end())))
}

/// `no degradation > 20%`, `sin degradación > 20%`: what must not change is named before, or nowhere.
fn without_change(key: &str) -> Option<String> {
    const NONE: [&str; 8] = ["no ", "without ", "sin ", "sem ", "sans ", "ohne ", "aucune ", "keine "];
    const CHANGES: [&str; 18] = [
        "increase",
        "degradation",
        "regression",
        "growth",
        "drop",
        "decrease",
        "degradación",
        "degradação",
        "dégradation",
        "aumento",
        "regresión",
        "regressão",
        "régression",
        "augmentation",
        "anstieg",
        "verschlechterung",
        "rückgang",
        "caída",
    ];
    let is_change = |word: &str| CHANGES.contains(&word);
    if !key.split(' ').any(is_change) {
        return None;
    }
    let (at, none) = NONE.iter().find_map(|none| {
        let at = if key.starts_with(none) { 0 } else { key.find(&format!(" {none}"))? + 1 };
        Some((at, none))
    })?;
    let (before, behind) = key.split_at(at);
    let behind = behind.strip_prefix(none)?;
    // `no latency increase`, `no increase in latency`, `latency without increase`.
    let words: Vec<&str> = behind.split(' ').filter(|word| word.contains(char::is_alphanumeric)).collect();
    let change = words.iter().position(|word| is_change(word))?;
    let inside =
        words.iter().enumerate().filter(|(at, word)| *at != change && !["in", "of", "en", "de"].contains(word));
    let named = inside.map(|(_, word)| *word).collect::<Vec<_>>().join(" ");
    Some(trim(if named.is_empty() { before } else { &named }))
}

/// `Pool usage: ___ connections (`: what stands behind a blank is its unit.
fn without_blank(text: &str) -> Cow<'_, str> {
    match text.find("__") {
        Some(at) if text.split_at(at).0.contains(char::is_alphabetic) => {
            let (before, blank) = text.split_at(at);
            let behind = blank.trim_start_matches(['_', '%']);
            // `P95 ___s`: the words before the blank name it; a clause of its own behind it is another one.
            match behind.find([';', ':', '?', '/', '|']) {
                Some(_) => Cow::Borrowed(text),
                None => Cow::Owned(format!("{} ", before.trim_end_matches(|c: char| !c.is_alphanumeric() && c != ')'))),
            }
        }
        _ => Cow::Borrowed(text),
    }
}

/// `Error rate (must remain < 1%)`: the name before words that say nothing by themselves.
fn farther(text: &str, clause: &str) -> String {
    if !clause.contains(char::is_alphabetic) {
        return String::new();
    }
    let Some(before) = text.trim_end().strip_suffix(clause.trim_end()) else { return String::new() };
    let before = before.trim_end_matches(|c: char| !c.is_alphanumeric());
    let name = trim(&words::key(self::clause(before, false)));
    // `Read latency: ____ ms (should be < 100ms)`: the blank has a unit and no name.
    if Unit::parse(&name).is_none() {
        return name;
    }
    before.rsplit_once(':').map(|(before, _)| trim(&words::key(self::clause(before, false)))).unwrap_or_default()
}

/// The phrase behind a limit: `> 5 support tickets`.
pub(super) fn after(line: &str, within: Range<usize>, removed: &[Range<usize>]) -> String {
    let text = without(line, within, removed);
    let text = text.split([':', ';', ',', '(', ')', '|', '—', '–', '→']).next().unwrap_or_default();
    let text = text.split(" - ").next().unwrap_or(text);
    let key = words::key(text);
    let is_stop = |word: &&str| ["for", "in", "over", "during", "within", "per", "at", "of"].contains(word);
    // `> 5% of users`: the figure counts them.
    let key = key.strip_prefix("of ").unwrap_or(&key);
    trim(&key.split(' ').take_while(|word| !is_stop(word)).collect::<Vec<_>>().join(" "))
}

/// A name without a limit beside it.
pub(super) fn plain(text: &str, removed: &[Range<usize>]) -> String {
    normal(&without_parentheses(&without(text, 0..text.len(), removed)))
}

/// The form in which names are compared: lower-case, single spaces, hyphens as spaces.
fn normal(text: &str) -> String {
    words::key(text).trim_matches(|c: char| !c.is_alphanumeric()).to_owned()
}

fn without(line: &str, within: Range<usize>, removed: &[Range<usize>]) -> String {
    let signs = line.get(within.clone()).unwrap_or_default().char_indices().map(|(at, c)| (within.start + at, c));
    signs.map(|(at, c)| if removed.iter().any(|range| range.contains(&at)) { ' ' } else { c }).collect()
}

/// `Errors (5xx) ` names errors; an open parenthesis begins a new clause and stays.
fn without_parentheses(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((head, tail)) = rest.split_once('(') {
        out.push_str(head);
        if let Some((_, behind)) = tail.split_once(')') {
            rest = behind;
        } else {
            out.push('(');
            rest = tail;
        }
    }
    out.push_str(rest);
    out
}

/// The last clause: what stands behind the last colon, comma, dash, `if` …
fn clause(text: &str, follows: bool) -> &str {
    let mut text = text.rsplit([':', ';', ',', '(', ')', ']', '|', '—', '–', '→', '"']).next().unwrap_or(text);
    // A dot ends a sentence only where a space follows: `99.9` does not.
    text = behind(text, ". ");
    // A clause may be empty: `… if p95 < 90 ms`.
    for word in [" - ", " if ", " when ", " while ", " until ", " because ", " as long as "] {
        text = behind(text, word);
    }
    if follows {
        // Behind another limit these join two conditions; elsewhere they are part of a name.
        for word in [" and ", " or ", " & ", " AND ", " OR ", " ou ", " OU ", " oder ", " und ", " et ", " y "] {
            text = behind(text, word);
        }
        let start = text.trim_start();
        let joined = ["and ", "or ", "AND ", "OR ", "ou ", "OU ", "oder ", "und ", "et ", "y "];
        text = joined.iter().find_map(|word| start.strip_prefix(word)).unwrap_or(text);
    }
    text
}

/// What stands behind the last of some words, or all of it. To know that there are none is quicker than to look
/// for where they are.
fn behind<'t>(text: &'t str, words: &str) -> &'t str {
    if text.contains(words) { text.rsplit(words).next().unwrap_or(text) } else { text }
}

/// Letters, a dash and at least two figures: `hde-002`.
fn is_number_of_line(word: &str) -> bool {
    word.split_once('-').is_some_and(|(letters, figures)| {
        let is_number = figures.len() >= 2 && figures.bytes().all(|byte| byte.is_ascii_digit());
        is_number && !letters.is_empty() && letters.bytes().all(|byte| byte.is_ascii_alphabetic())
    })
}

/// `error rate from 10%` was measured there, `latency within slo` is the latency.
fn without_source(name: &str) -> &str {
    const ENDS: [&str; 6] =
        [" within slo", " within sla", " within slos", " within slas", " within target", " within budget"];
    let name = ENDS.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    match name.rsplit_once(" from ") {
        Some((before, from)) if from.starts_with(|c: char| c.is_ascii_digit()) => before,
        _ => name,
    }
}

fn trim(key: &str) -> String {
    let mut words: Vec<&str> = key.split(' ').filter(|word| word.contains(char::is_alphanumeric)).collect();
    while words.last().is_some_and(|word| TRAILING.contains(word)) {
        words.pop();
    }
    let start = words.iter().position(|word| !LEADING.contains(word)).unwrap_or(words.len());
    let mut words = words.split_off(start);
    // `SEC-005 encryption overhead`: what a team counts its lines by.
    if words.len() > 1 && is_number_of_line(words[0]) {
        words.remove(0);
    }
    let name = words.join(" ");
    let name = without_source(&name);
    if GENERIC.contains(&name) {
        return String::new();
    }
    name.trim_matches(|c: char| !c.is_alphanumeric()).to_owned()
}
