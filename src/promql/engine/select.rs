//! From a selector to the samples it means.

use super::{Element, EvalError, LOOK_BACK, Moment, Vector};
use crate::promql::samples::{Labels, Series};
use crate::text::Millis;
use promql_parser::label::{MatchOp, Matchers};
use promql_parser::parser::{Expr, MatrixSelector, Offset, VectorSelector};

/// The samples of one series within a window, at least one.
pub(super) struct Range {
    pub(super) labels: Labels,
    pub(super) points: Vec<(i64, f64)>,
}

/// A window of time, unix milliseconds, both ends in it.
#[derive(Clone, Copy)]
pub(super) struct Window {
    pub(super) from: i64,
    pub(super) to: i64,
}

impl Moment<'_> {
    /// The newest value of each series that the selector means.
    pub(super) fn select(&self, selector: &VectorSelector) -> Result<Vector, EvalError> {
        let found = self.select_timed(selector)?.into_iter();
        Ok(found.map(|(labels, _, value)| Element { labels, value }).collect())
    }

    /// The same with the time of each sample.
    pub(super) fn select_timed(&self, selector: &VectorSelector) -> Result<Vec<(Labels, i64, f64)>, EvalError> {
        let Window { from, to } = self.window(selector, LOOK_BACK)?;
        let newest = |(labels, series): (&Labels, &Series)| {
            let (at, value) = series.newest(from, to)?;
            Some((labels.clone(), at, value))
        };
        Ok(self.matching(selector)?.filter_map(newest).collect())
    }

    /// The samples of each series that the range selector means, and the window they are from.
    pub(super) fn select_range(&self, expression: &Expr) -> Result<(Vec<Range>, Window), EvalError> {
        let selector = self.range_selector(expression)?;
        let window = self.window(&selector.vs, selector.range.into())?;
        let ranges = self.matching(&selector.vs)?.map(|(labels, series)| Range {
            labels: labels.clone(),
            points: series.within(window.from, window.to).collect(),
        });
        Ok((ranges.filter(|range| !range.points.is_empty()).collect(), window))
    }

    fn range_selector<'e>(&self, expression: &'e Expr) -> Result<&'e MatrixSelector, EvalError> {
        match expression {
            Expr::MatrixSelector(selector) => Ok(selector),
            Expr::Paren(paren) => self.range_selector(&paren.expr),
            Expr::Subquery(_) => Err(self.unsupported("subqueries", ":")),
            _ => Err(EvalError::Series("expected a range of samples".to_owned())),
        }
    }

    /// The time a selector asks about.
    ///
    /// Where it begins before what the ring keeps, the samples that are left would give a wrong value.
    fn window(&self, selector: &VectorSelector, width: Millis) -> Result<Window, EvalError> {
        if selector.at.is_some() {
            return Err(self.unsupported("the modifier @", "@"));
        }
        let to = match selector.offset {
            None => self.at,
            Some(Offset::Pos(back)) => self.at.saturating_sub_unsigned(Millis::from(back).0),
            Some(Offset::Neg(ahead)) => self.at.saturating_add_unsigned(Millis::from(ahead).0),
        };
        let from = to.saturating_sub_unsigned(width.0);
        let (back, kept) = (self.at.saturating_sub(from), self.ring.keep());
        if back > i64::try_from(kept.0).unwrap_or(i64::MAX) {
            let back = Millis(back.unsigned_abs());
            return Err(EvalError::Series(format!("the query looks back {back}, and samples are kept for {kept}")));
        }
        Ok(Window { from, to })
    }

    fn matching<'s>(
        &'s self,
        selector: &'s VectorSelector,
    ) -> Result<impl Iterator<Item = (&'s Labels, &'s Series)>, EvalError> {
        let Matchers { matchers, or_matchers } = &selector.matchers;
        if !or_matchers.is_empty() {
            return Err(self.unsupported("\"or\" between matchers", "or"));
        }
        let equal = matchers.iter().find(|matcher| matcher.name == "__name__" && matcher.op == MatchOp::Equal);
        let name = selector.name.as_deref().or(equal.map(|matcher| matcher.value.as_str()));
        let all = self.ring.series(name);
        Ok(all.filter(|(labels, _)| matchers.iter().all(|matcher| matcher.is_match(labels.get(&matcher.name)))))
    }
}
