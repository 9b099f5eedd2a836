//! What a relative figure is relative to: `5x baseline`, `110% of baseline`, `50% slower`.
//!
//! Only what can be measured is understood: the baseline that was read before the ramp, or the old
//! version beside the new one. `20% below SLA` and `within 5% of targets` stay boxes to tick.

use super::figure::Figure;
use crate::plan::limit::Relative;
use crate::plan::tokens::Token;
use crate::text::Unit;
use std::ops::Range;

/// Words for what was before.
const BASELINE: [&str; 7] = ["baseline", "baselines", "normal", "usual", "average", "previous", "pre-deployment"];
/// Words that may stand before them.
const JOINING: [&str; 8] = ["the", "its", "our", "than", "of", "current", "old", "v1"];

/// Reads how a figure is relative; with the place behind it.
pub(super) fn read(tokens: &[Token<'_>], figure: &Figure) -> Option<(Relative, usize)> {
    let next = tokens.get(figure.end)?;
    let behind = figure.end + 1;
    let is = |words: &[&str]| words.iter().any(|word| next.is_word(word));
    if figure.high.is_some() {
        return None;
    }
    if figure.unit == Unit::Count && (next.is_word("x") || next.sign() == Some('×')) {
        let named = baseline(tokens, behind);
        // `5x` alone is five times what was; `5x SLA` is something else.
        return named.or_else(|| ends(tokens, behind).then_some(behind)).map(|end| (Relative::Times, end));
    }
    if figure.unit != Unit::Percent {
        return None;
    }
    let (how, needs_name) = match () {
        () if is(&["over"]) => (Relative::PercentAbove, true),
        () if is(&["of"]) || is(&BASELINE) => (Relative::PercentOf, true),
        () if is(&["above"]) => (Relative::PercentAbove, true),
        () if is(&["below"]) => (Relative::PercentBelow, true),
        () if is(&["slower", "higher", "worse"]) => (Relative::PercentAbove, false),
        () if is(&["lower"]) => (Relative::PercentBelow, false),
        () => return None,
    };
    let from = if is(&BASELINE) { figure.end } else { behind };
    let compares = tokens.get(behind).is_some_and(|token| token.is_word("than"));
    match baseline(tokens, from) {
        Some(end) => Some((how, end)),
        None if needs_name || compares => None,
        None => Some((how, behind)),
    }
}

/// Reads `within 5% of baseline` behind its first word.
pub(super) fn within(tokens: &[Token<'_>], figure: &Figure) -> Option<usize> {
    read(tokens, figure).filter(|(how, _)| *how == Relative::PercentOf).map(|(_, end)| end)
}

/// What a figure that cannot be measured is relative to: `SLA` in `20% below SLA`, `v0.9` in `50% slower
/// than v0.9`.
pub(super) fn named(tokens: &[Token<'_>], from: usize) -> Range<usize> {
    const BEFORE: [&str; 19] = [
        "x", "below", "above", "slower", "faster", "higher", "lower", "worse", "better", "than", "of", "the", "over",
        "from", "vs", "versus", "compared", "relative", "to",
    ];
    let words = |from: usize| tokens.iter().skip(from).take_while(|token| token.word().is_some());
    let is_before = |token: &&Token<'_>| BEFORE.iter().any(|word| token.is_word(word));
    let sign = usize::from(tokens.get(from).is_some_and(|token| matches!(token.sign(), Some('×' | 'σ'))));
    let start = from + sign + words(from + sign).take_while(is_before).count();
    let ends = ["for", "in", "during", "over", "and", "or"];
    let length = words(start).take_while(|token| !ends.iter().any(|word| token.is_word(word))).take(4).count();
    start..start + length
}

/// The place behind a word for what was before.
fn baseline(tokens: &[Token<'_>], from: usize) -> Option<usize> {
    let joining = tokens.get(from..)?.iter().take_while(|token| JOINING.iter().any(|word| token.is_word(word))).count();
    let at = from + joining;
    BASELINE.iter().any(|word| tokens.get(at).is_some_and(|token| token.is_word(word))).then_some(at + 1)
}

/// Whether nothing more is said.
fn ends(tokens: &[Token<'_>], at: usize) -> bool {
    tokens.get(at).is_none_or(|token| token.sign().is_some())
}

#[cfg(test)]
mod tests {
    use crate::plan::condition::{Certainty, alone, read};

    fn limits(line: &str) -> Vec<String> {
        let relative = |found: &super::super::Comparison| found.certainty == Certainty::Relative;
        read(line)
            .iter()
            .filter(|found| relative(found))
            .map(|found| format!("{}: {}", found.metric, found.limit))
            .collect()
    }

    #[test]
    fn what_is_relative_to_a_baseline_is_read() {
        for (line, read) in [
            ("Error rate > 5x baseline", "error rate: > 5x baseline"),
            ("Latency p95 < 110% of baseline", "latency: < 110 % of baseline"),
            ("Latency < 110% of the baseline for 5 minutes", "latency: < 110 % of baseline"),
            ("Response time > 50% slower", "response time: > 50 % above baseline"),
            ("Latency > 20% higher than normal", "latency: > 20 % above baseline"),
            ("Throughput > 20% below baseline", "throughput: > 20 % below baseline"),
            ("Latency within 5% of baseline", "latency: within 5 % of baseline"),
        ] {
            assert_eq!(limits(line), [read], "{line}");
        }
    }

    #[test]
    fn what_is_relative_to_something_else_is_not_a_limit_that_can_be_judged() {
        for line in ["Throughput > 20% below SLA", "Latency > 50% slower than v0.9", "Latency within 5% of targets"] {
            assert!(read(line).iter().all(|found| found.limit.relative.is_none()), "{line}");
        }
    }

    #[test]
    fn what_it_is_relative_to_is_kept() {
        for (line, to) in [
            ("Error rate > 5x baseline", "baseline"),
            ("Throughput > 20% below SLA", "SLA"),
            ("Latency > 50% slower than v0.9 for 5 minutes", "v0.9"),
            ("Latency > 2x the agreed limit", "agreed limit"),
            ("Throughput > 10% better", ""),
        ] {
            let found = read(line);
            assert_eq!(found[0].relative_to.as_deref(), Some(to), "{line}");
        }
        assert_eq!(read("Error rate > 5%")[0].relative_to, None);
    }

    #[test]
    fn bindings_may_say_it_too() {
        for (text, shown) in [
            ("< 110% of baseline", "< 110 % of baseline"),
            ("> 5x baseline", "> 5x baseline"),
            ("within 10% of baseline", "within 10 % of baseline"),
        ] {
            assert_eq!(alone(text).map(|limit| limit.to_string()).as_deref(), Some(shown));
        }
        assert_eq!(alone("> 20% below SLA"), None);
    }
}
