//! Stages that say whom the new version goes to, and no share: `Phase 1: Internal users`,
//! `Enable for beta testers`, `Ring 0: canary tenants`.

use crate::plan::markdown::{Entry, Kind};
use crate::plan::tokens::{self, What};
use crate::plan::words::{self, List};

/// What numbered stages are called.
const NUMBERED: [&str; 10] = ["phase", "stage", "step", "wave", "ring", "tier", "cohort", "fase", "etapa", "welle"];

/// The name of a cohort that a line moves the new version to.
pub(super) fn of(entry: &Entry) -> Option<String> {
    let key = entry.key();
    if !key.has(List::Cohort) || !key.has(List::Audience) || key.ends_with('?') {
        return None;
    }
    match entry.kind {
        Kind::Heading { .. } => numbered(&entry.text),
        Kind::Paragraph if entry.is_label() => numbered(&entry.text),
        Kind::Item { .. } if key.has(List::Enabling) && !key.has(List::Told) => to_whom(&entry.text),
        _ => None,
    }
}

/// `Phase 1: Internal users (24 hours)` is `Internal users`; a ring goes by its number.
fn numbered(line: &str) -> Option<String> {
    let tokens = tokens::cut(line);
    let at = tokens.iter().position(|token| token.word().is_some())?;
    let word = tokens[at].word().filter(|word| NUMBERED.iter().any(|known| word.eq_ignore_ascii_case(known)))?;
    let number = tokens.get(at + 1)?.number()?;
    let behind = line.split_at(tokens[at + 1].span.end).1;
    let is_ring = ["ring", "tier", "wave", "cohort"].iter().any(|known| word.eq_ignore_ascii_case(known));
    if is_ring {
        Some(format!("{word} {number}"))
    } else {
        named(behind.trim_start_matches([':', '.', ')', '-', '–', '—', ' ']))
    }
}

/// `Enable for internal staff, monitor 30 min` is `internal staff`.
fn to_whom(line: &str) -> Option<String> {
    let tokens = tokens::cut(line);
    let at =
        tokens.iter().position(|token| ["for", "to", "para", "für", "pour"].iter().any(|word| token.is_word(word)))?;
    named(line.split_at(tokens[at].span.end).1)
}

/// The words up to what ends a name.
fn named(text: &str) -> Option<String> {
    let tokens = tokens::cut(text);
    let ends = |what: &What<'_>| matches!(what, What::Sign('(' | ',' | ';' | ':' | '–' | '—' | '.') | What::Number(_));
    let last = tokens.iter().take_while(|token| !ends(&token.what)).last()?;
    let name = text.get(..last.span.end)?.split(" - ").next()?.trim().trim_start_matches("the ");
    let key = words::key(name);
    (key.has(List::Cohort) && key.has(List::Audience)).then(|| name.to_owned())
}
