//! Quantiles: `p95`, `99.9th percentile`, `median`.

use crate::plan::tokens::{Token, What};
use crate::text::Unit;
use std::ops::Range;

/// A quantile that a line names.
pub(super) struct Quantile {
    /// 0.95 for p95.
    pub value: f64,
    /// Its tokens.
    pub at: Range<usize>,
    /// Of the line.
    pub bytes: Range<usize>,
}

/// `p95`, `P99.9`, `95th percentile`, `median`.
pub(super) fn quantiles(tokens: &[Token<'_>]) -> Vec<Quantile> {
    (0..tokens.len())
        .filter_map(|at| {
            let (value, end) = quantile(tokens, at)?;
            Some(Quantile { value, at: at..end, bytes: tokens[at].span.start..tokens[end - 1].span.end })
        })
        .collect()
}

fn quantile(tokens: &[Token<'_>], at: usize) -> Option<(f64, usize)> {
    match tokens[at].what {
        What::Word(word) if word.eq_ignore_ascii_case("median") => Some((0.5, at + 1)),
        What::Word(word) => {
            let figure = word.strip_prefix(['p', 'P'])?;
            let value: f64 = match figure {
                "999" => 99.9,
                "9999" => 99.99,
                figure => figure.parse().ok()?,
            };
            hundredth(value).map(|value| (value, at + 1))
        }
        What::Number(value) => {
            let ordinal =
                tokens.get(at + 1).filter(|t| t.glued && ["th", "st", "nd", "rd"].iter().any(|end| t.is_word(end)))?;
            let percentile = tokens.get(at + 2).filter(|t| t.is_word("percentile") || t.is_word("pctl"));
            debug_assert!(ordinal.word().is_some());
            percentile.and_then(|_| hundredth(value)).map(|value| (value, at + 3))
        }
        What::Sign(_) => None,
    }
}

/// 95 as 0.95, exactly as `0.95` reads. `P0` to `P4` are priorities.
fn hundredth(value: f64) -> Option<f64> {
    (5.0..100.0).contains(&value).then(|| Unit::Percent.convert(value, Unit::Ratio))?
}
