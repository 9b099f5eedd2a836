//! Conditions without a sign: `Uptime: 99.95%`, `zero data loss`, `no restarts`, `99.9%+ uptime`.
//!
//! They mean a limit often, and often something else. So they are suggestions: a binding turns them on.

use super::{Certainty, Comparison, Quantile, figure, phrase};
use crate::plan::limit::{Limit, Op};
use crate::plan::tokens::{Token, What};
use crate::text::Unit;

/// A bare value, or nothing of something, in a line that has figures and no comparison.
pub(super) fn read(line: &str, tokens: &[Token<'_>], quantiles: &[Quantile]) -> Option<Comparison> {
    bare(line, tokens, quantiles).or_else(|| none_of(line, tokens))
}

/// Says whether a line without figures begins with a word for nothing.
pub(super) fn can_be_none(line: &str) -> bool {
    let first = line.trim_start_matches(|c: char| !c.is_alphanumeric());
    first.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("no") || start.eq_ignore_ascii_case("ze"))
}

/// `Zero data loss`, `0 failed logins`, `No restarts`, at the beginning of a line.
pub(super) fn none_of(line: &str, tokens: &[Token<'_>]) -> Option<Comparison> {
    let first = tokens.iter().position(|token| !matches!(token.what, What::Sign(_)))?;
    let token = &tokens[first];
    let is_none = token.is_word("zero") || token.is_word("no") || token.number() == Some(0.0);
    let from = tokens.get(first + 1).filter(|next| is_none && !next.glued && next.word().is_some())?.span.start;
    comparison(phrase::after(line, from..line.len(), &[]), None, Limit::new(Op::Equal, 0.0, Unit::Count))
}

/// `Uptime: 99.95%`, `99.9% uptime maintained`: a share that is asked for is the least.
fn bare(line: &str, tokens: &[Token<'_>], quantiles: &[Quantile]) -> Option<Comparison> {
    let at = tokens.iter().enumerate().position(|(at, token)| {
        token.number().is_some() && !quantiles.iter().any(|quantile| quantile.at.contains(&at))
    })?;
    let figure = figure::read(tokens, at).filter(|figure| figure.high.is_none() && !figure.relative)?;
    let start = tokens[at].span.start;
    let removed: Vec<_> = quantiles.iter().map(|quantile| quantile.bytes.clone()).collect();
    let after_colon = at > 0 && tokens[at - 1].sign() == Some(':');
    let name = if after_colon {
        phrase::before(line, 0..start, &removed, false).text
    } else if at == 0 || figure.open {
        let end = tokens.get(figure.end).map_or(line.len(), |token| token.span.start);
        phrase::after(line, end..line.len(), &removed)
    } else {
        return None;
    };
    let is_good_when_high =
        ["uptime", "availab", "success", "hit rate", "coverage", "throughput", "pass rate", "accuracy"]
            .iter()
            .any(|word| name.contains(word));
    let op = match figure.unit {
        Unit::Percent | Unit::Tps if is_good_when_high => Op::AtLeast,
        _ => return None,
    };
    comparison(name, quantiles.first().map(|quantile| quantile.value), Limit::new(op, figure.value, figure.unit))
}

fn comparison(metric: String, quantile: Option<f64>, limit: Limit) -> Option<Comparison> {
    let is_named = metric.contains(char::is_alphabetic);
    is_named.then_some(Comparison {
        metric,
        quantile,
        limit,
        target: None,
        hold: None,
        relative_to: None,
        certainty: Certainty::Worded,
    })
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;

    #[test]
    fn what_is_said_without_a_sign_is_a_suggestion() {
        for (line, metric, limit) in [
            ("Uptime: 99.95%", "uptime", ">= 99.95 %"),
            ("99.9% uptime maintained", "uptime", ">= 99.9 %"),
            ("99%+ availability reached", "availability reached", ">= 99 %"),
            ("Zero lost orders", "lost orders", "== 0"),
            ("No restarts in the first hour", "restarts", "== 0"),
            ("0 failed logins", "failed logins", "== 0"),
        ] {
            let found = read(line);
            let found: Vec<_> = found.iter().map(|c| (c.metric.as_str(), c.limit.to_string(), c.certainty)).collect();
            assert_eq!(found, [(metric, limit.to_owned(), Certainty::Worded)], "{line}");
        }
        for line in ["Weight: 20%", "Version 2", "Nothing to see", "Note the time", "12 people on shift"] {
            assert!(read(line).is_empty(), "{line}");
        }
    }
}
