//! From a selector to the samples it means.

use super::functions::Samples;
use super::{Element, EvalError, LOOK_BACK, Moment, Value, Vector};
use crate::promql::samples::{Labels, Series};
use crate::text::Millis;
use promql_parser::label::{MatchOp, Matcher, Matchers};
use promql_parser::parser::{Expr, MatrixSelector, Offset, SubqueryExpr, VectorSelector};
use std::collections::BTreeMap;

/// A window of time, unix milliseconds, both ends in it.
#[derive(Clone, Copy)]
pub(super) struct Window {
    pub(super) from: i64,
    pub(super) to: i64,
    /// When the question is asked: later than the end where there is an offset.
    pub(super) now: i64,
}

/// The step of a subquery that names none, as Prometheus has it unless it is told otherwise.
const STEP: Millis = Millis::from_mins(1);

/// A subquery of more steps than this is no gate.
const MOST_STEPS: i64 = 11_000;

impl Moment<'_> {
    /// The newest value of each series that the selector means.
    pub(super) fn select(&self, selector: &VectorSelector) -> Result<Vector, EvalError> {
        let found = self.select_timed(selector)?.into_iter();
        Ok(found.map(|(labels, _, value)| Element { labels, value }).collect())
    }

    /// The same with the time of each sample.
    pub(super) fn select_timed(&self, selector: &VectorSelector) -> Result<Vec<(Labels, i64, f64)>, EvalError> {
        let window = self.window(selector.offset.as_ref(), selector.at.is_some(), LOOK_BACK)?;
        let mut found = Vec::new();
        self.each_series(selector, |labels, series| {
            if let Some((at, value)) = series.newest(window.from, window.to) {
                found.push((labels.clone(), at, value));
            }
        })?;
        Ok(found)
    }

    /// Visits the samples of each series that has any in the window of a range.
    pub(super) fn each_range(
        &self,
        expression: &Expr,
        visit: &mut dyn FnMut(&Labels, Samples<'_>, Window),
    ) -> Result<(), EvalError> {
        match expression {
            Expr::MatrixSelector(selector) => self.each_of_matrix(selector, visit),
            Expr::Subquery(subquery) => self.each_of_subquery(subquery, visit),
            Expr::Paren(paren) => self.each_range(&paren.expr, visit),
            _ => Err(EvalError::Series("expected a range of samples".to_owned())),
        }
    }

    fn each_of_matrix(
        &self,
        MatrixSelector { vs, range }: &MatrixSelector,
        visit: &mut dyn FnMut(&Labels, Samples<'_>, Window),
    ) -> Result<(), EvalError> {
        let window = self.window(vs.offset.as_ref(), vs.at.is_some(), (*range).into())?;
        let mut samples = Vec::new();
        self.each_series(vs, |labels, series| {
            samples.clear();
            samples.extend(series.within(window.from, window.to));
            if !samples.is_empty() {
                visit(labels, &samples, window);
            }
        })
    }

    /// A query at every step of a window: the steps are multiples of their width.
    fn each_of_subquery(
        &self,
        subquery: &SubqueryExpr,
        visit: &mut dyn FnMut(&Labels, Samples<'_>, Window),
    ) -> Result<(), EvalError> {
        let window = self.window(subquery.offset.as_ref(), subquery.at.is_some(), subquery.range.into())?;
        let step = subquery.step.map_or(STEP, Millis::from).0.max(1);
        let step = i64::try_from(step).unwrap_or(i64::MAX);
        if (window.to - window.from) / step > MOST_STEPS {
            return Err(EvalError::Series(format!("the subquery has more than {MOST_STEPS} steps")));
        }
        let first = window.from.div_euclid(step) * step;
        let first = if first < window.from { first + step } else { first };
        let mut ranges: BTreeMap<Labels, Vec<(i64, f64)>> = BTreeMap::new();
        for at in std::iter::successors(Some(first), |at| at.checked_add(step)).take_while(|at| *at <= window.to) {
            let step = Moment { at, ..*self };
            match step.value(&subquery.expr)? {
                Value::Scalar(value) => ranges.entry(Labels::default()).or_default().push((at, value)),
                Value::Vector(vector) => {
                    for Element { labels, value } in vector {
                        ranges.entry(labels).or_default().push((at, value));
                    }
                }
            }
        }
        for (labels, samples) in &ranges {
            visit(labels, samples, window);
        }
        Ok(())
    }

    /// The time a selector asks about.
    ///
    /// Where it begins before what the ring keeps, the samples that are left would give a wrong value.
    fn window(&self, offset: Option<&Offset>, is_pinned: bool, width: Millis) -> Result<Window, EvalError> {
        if is_pinned {
            return Err(self.unsupported("the modifier @", "@"));
        }
        let to = match offset {
            None => self.at,
            Some(Offset::Pos(back)) => self.at.saturating_sub_unsigned(Millis::from(*back).0),
            Some(Offset::Neg(ahead)) => self.at.saturating_add_unsigned(Millis::from(*ahead).0),
        };
        let from = to.saturating_sub_unsigned(width.0);
        let (back, kept) = (self.asked.saturating_sub(from), self.ring.keep());
        if back > i64::try_from(kept.0).unwrap_or(i64::MAX) {
            let back = Millis(back.unsigned_abs());
            return Err(EvalError::Series(format!("the query looks back {back}, and samples are kept for {kept}")));
        }
        Ok(Window { from, to, now: self.at })
    }

    fn each_series(&self, selector: &VectorSelector, mut visit: impl FnMut(&Labels, &Series)) -> Result<(), EvalError> {
        let Matchers { matchers, or_matchers } = &selector.matchers;
        if !or_matchers.is_empty() {
            return Err(self.unsupported("\"or\" between matchers", "or"));
        }
        let equal = matchers.iter().find(|matcher| matcher.name == "__name__" && matcher.op == MatchOp::Equal);
        let name = selector.name.as_deref().or(equal.map(|matcher| matcher.value.as_str()));
        let mut tests: Vec<Test<'_>> = matchers.iter().map(|matcher| Test { matcher, last: None }).collect();
        for (labels, series) in self.ring.series(name) {
            if tests.iter_mut().all(|test| test.passes(labels.get(&test.matcher.name))) {
                visit(labels, series);
            }
        }
        Ok(())
    }
}

/// A matcher with what it said last: neighbours in a ring share most of their labels, and their texts.
struct Test<'s> {
    matcher: &'s Matcher,
    last: Option<(&'s str, bool)>,
}

impl<'s> Test<'s> {
    fn passes<'v: 's>(&mut self, value: &'v str) -> bool {
        if let Some((known, passed)) = self.last
            && std::ptr::eq(known, value)
        {
            return passed;
        }
        let passed = self.matcher.is_match(value);
        self.last = Some((value, passed));
        passed
    }
}
