//! How long a stage must be watched: in its own line, or in the first line behind it that says so.

use super::share;
use crate::plan::markdown::{Entry, Kind};
use crate::plan::tokens::{self, Span};
use crate::plan::words::{self, Key};

/// A soak, and the line it was read from if that is not the stage's own.
pub(super) struct Soak {
    pub span: Span,
    pub line: Option<usize>,
}

/// Looks for the soak of the stage at `own`, first in its line, then in the entries of the stage.
/// `alone` says that no other stage stands in its section: then a duration there is its own.
pub(super) fn find(
    entries: &[Entry],
    (own, share): (usize, Option<f64>),
    alone: bool,
    inside: impl Iterator<Item = usize>,
) -> Option<Soak> {
    if let Some(span) = in_own_line(&entries[own].text) {
        return Some(Soak { span, line: None });
    }
    let has_duration = alone || entries[own].level().is_some();
    inside.filter(|at| *at > own).find_map(|at| {
        let entry = &entries[at];
        let named = share::named(&entry.text);
        if !named.is_empty() && !share.is_some_and(|share| named.contains(&share)) {
            return None;
        }
        let span = watched(entry)
            .or_else(|| duration(entry).filter(|_| has_duration))
            .or_else(|| under_label(entries, at).filter(|_| has_duration))?;
        Some(Soak { span, line: Some(at) })
    })
}

fn in_own_line(line: &str) -> Option<Span> {
    let tokens = tokens::cut(line);
    tokens::spans(&tokens)
        .into_iter()
        .find(|span| !is_clock(&tokens, span) && !words::is_other_time(&before(line, &tokens, span)))
}

/// `T+56 min` is a moment, not a span.
fn is_clock(tokens: &[tokens::Token<'_>], span: &Span) -> bool {
    let before = |back: usize| span.at.start.checked_sub(back).and_then(|at| tokens.get(at));
    before(1).is_some_and(|sign| matches!(sign.sign(), Some('+' | '-' | '–' | '−')) && sign.glued)
        && before(2).is_some_and(|token| token.is_word("T"))
}

/// The first span of a line that is no moment.
fn first_span(line: &str) -> Option<Span> {
    let tokens = tokens::cut(line);
    tokens::spans(&tokens).into_iter().find(|span| !is_clock(&tokens, span))
}

/// A time beside a word for watching: `Monitor for 15 minutes`, `**Monitoring (30 min)**`.
fn watched(entry: &Entry) -> Option<Span> {
    if matches!(entry.kind, Kind::Fence(_) | Kind::Row(_)) {
        return None;
    }
    if !words::is_monitoring(entry.key()) {
        return None;
    }
    let tokens = tokens::cut(&entry.text);
    let mut spans = tokens::spans(&tokens).into_iter().filter(|span| !is_clock(&tokens, span));
    spans.find(|span| !words::is_other_time(&before(&entry.text, &tokens, span)) && !is_of_something(&tokens, span))
}

/// `a 30s interval`, `48h notice`: the time is that of the word behind it.
fn is_of_something(tokens: &[tokens::Token<'_>], span: &Span) -> bool {
    const THINGS: [&str; 10] =
        ["interval", "intervals", "notice", "retention", "timeout", "ttl", "window", "logs", "startup", "ago"];
    tokens.get(span.at.end).is_some_and(|next| THINGS.iter().any(|thing| next.is_word(thing)))
}

/// `Minimum duration:` with `20 to 30 minutes` as the only bullet under it.
fn under_label(entries: &[Entry], at: usize) -> Option<Span> {
    let label = entries.get(at.checked_sub(1)?).filter(|label| label.text.ends_with(':'))?;
    let is_time = matches!(entries[at].kind, Kind::Item { .. })
        && (is_duration(&label.text) || words::is_monitoring(label.key()));
    let tokens = tokens::cut(&entries[at].text);
    let span = tokens::spans(&tokens).into_iter().next().filter(|span| is_time && span.at.start == 0)?;
    // One word may say what is meant: `60 minutes continuously`.
    let more = tokens.get(span.at.end..)?.iter().filter(|token| token.word().is_some()).count();
    (more <= 1).then_some(span)
}

/// `**Duration:** 30 minutes`: of a stage that is a heading; under a list it is the whole phase's.
fn duration(entry: &Entry) -> Option<Span> {
    is_duration(&entry.text).then(|| first_span(&entry.text))?
}

fn is_duration(text: &str) -> bool {
    const LABELS: &[&str] = &[
        "duration",
        "soak",
        "soak time",
        "bake time",
        "hold time",
        "minimum duration",
        "observation",
        "monitoring period",
        "monitoring window",
        "observation period",
        "observation window",
        "hold",
        "duração",
        "durée",
        "dauer",
        "duración",
        "target duration",
        "planned duration",
        "soak period",
        "bake period",
        "min duration",
        "duracion",
        "duración mínima",
        "duracion minima",
        "duracao",
        "duração mínima",
        "duree",
        "durée cible",
        "durée minimale",
        "durée d'observation",
        "mindestdauer",
        "beobachtungszeit",
        "tiempo de observación",
        "tempo de observação",
    ];
    let label = words::key(text.split(':').next().unwrap_or_default());
    LABELS.contains(&label.as_str())
}

/// The words of a line before a time.
fn before(line: &str, tokens: &[tokens::Token<'_>], span: &Span) -> Key {
    let end = tokens.get(span.at.start).map_or(0, |token| token.span.start);
    words::key(line.split_at(end).0)
}
