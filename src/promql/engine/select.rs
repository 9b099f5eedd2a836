//! From a selector to the samples it means.

use super::functions::Samples;
use super::{Element, EvalError, LOOK_BACK, Moment, Value, Vector};
use crate::promql::samples::{Labels, Place, Reach, Sheet, Table};
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

/// What is done with the samples of each series in a window.
pub(super) type Visit<'v, 'r> = dyn FnMut(&Labels<'r>, Samples<'_>, Window) + 'v;

impl<'r> Moment<'r, '_> {
    /// The newest value of each series that the selector means.
    pub(super) fn select(&self, selector: &VectorSelector) -> Result<Vector<'r>, EvalError> {
        let mut found = Vec::new();
        self.each_selected(selector, |labels, _, value| found.push(Element { labels, value }))?;
        Ok(found)
    }

    /// Visits the newest sample of each series that the selector means: its labels, time and value.
    pub(super) fn each_selected(
        &self,
        selector: &VectorSelector,
        mut visit: impl FnMut(Labels<'r>, i64, f64),
    ) -> Result<(), EvalError> {
        let window = self.window(selector.offset.as_ref(), selector.at.is_some(), LOOK_BACK)?;
        self.each_series(selector, window, |sheet, place, reach| {
            if let Some((at, value)) = sheet.newest(place, reach) {
                visit(Labels::kept(sheet, place), at, value);
            }
        })
    }

    /// Visits the samples of each series that has any in the window of a range.
    pub(super) fn each_range(&self, expression: &Expr, visit: &mut Visit<'_, 'r>) -> Result<(), EvalError> {
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
        visit: &mut Visit<'_, 'r>,
    ) -> Result<(), EvalError> {
        let window = self.window(vs.offset.as_ref(), vs.at.is_some(), (*range).into())?;
        let mut samples = Vec::new();
        self.each_series(vs, window, |sheet, place, reach| {
            samples.clear();
            sheet.each(place, reach, |at, value| samples.push((at, value)));
            if !samples.is_empty() {
                visit(&Labels::kept(sheet, place), &samples, window);
            }
        })
    }

    /// A query at every step of a window: the steps are multiples of their width.
    fn each_of_subquery(&self, subquery: &SubqueryExpr, visit: &mut Visit<'_, 'r>) -> Result<(), EvalError> {
        let window = self.window(subquery.offset.as_ref(), subquery.at.is_some(), subquery.range.into())?;
        let step = subquery.step.map_or(STEP, Millis::from).0.max(1);
        let step = i64::try_from(step).unwrap_or(i64::MAX);
        if (window.to - window.from) / step > MOST_STEPS {
            return Err(EvalError::Series(format!("the subquery has more than {MOST_STEPS} steps")));
        }
        let first = window.from.div_euclid(step) * step;
        let first = if first < window.from { first + step } else { first };
        let mut ranges: BTreeMap<Labels<'r>, Vec<(i64, f64)>> = BTreeMap::new();
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

    /// Visits each series that the selector means, with the window as its sheet has it.
    fn each_series(
        &self,
        selector: &VectorSelector,
        window: Window,
        mut visit: impl FnMut(&'r Sheet, Place, &Reach),
    ) -> Result<(), EvalError> {
        let Matchers { matchers, or_matchers } = &selector.matchers;
        if !or_matchers.is_empty() {
            return Err(self.unsupported("\"or\" between matchers", "or"));
        }
        let equal = matchers.iter().find(|matcher| matcher.name == "__name__" && matcher.op == MatchOp::Equal);
        let name = selector.name.as_deref().or(equal.map(|matcher| matcher.value.as_str()));
        for sheet in self.ring.sheets() {
            let reach = sheet.reach(window.from, window.to);
            let mut tests: Vec<Test<'_>> = matchers.iter().map(|matcher| Test::new(matcher, sheet)).collect();
            for (number, table) in sheet.tables(name) {
                if tests.iter_mut().all(|test| test.reads(table)) {
                    for line in (0..table.len()).filter(|line| tests.iter_mut().all(|test| test.passes(table, *line))) {
                        #[expect(clippy::cast_possible_truncation, reason = "a table counts its lines in 32 bits")]
                        visit(sheet, Place { table: number, line: line as u32 }, &reach);
                    }
                }
            }
        }
        Ok(())
    }
}

/// A matcher on one sheet. What it says of a text it says once: a hundred thousand series have few.
struct Test<'s> {
    matcher: &'s Matcher,
    sheet: &'s Sheet,
    /// Where the label stands in the table; none where the table has it not, and that passes.
    position: Option<usize>,
    /// By the symbol's place.
    said: Vec<Option<bool>>,
}

impl<'s> Test<'s> {
    const fn new(matcher: &'s Matcher, sheet: &'s Sheet) -> Self {
        Self { matcher, sheet, position: None, said: Vec::new() }
    }

    /// Turns to a table, and says whether any of its lines may pass.
    fn reads(&mut self, table: &Table) -> bool {
        self.position = self.sheet.position(table, &self.matcher.name);
        self.position.is_some() || self.matcher.is_match("")
    }

    fn passes(&mut self, table: &Table, line: usize) -> bool {
        let Some(position) = self.position else { return true };
        let symbol = table.cells(line)[position];
        if self.said.is_empty() {
            self.said = vec![None; self.sheet.symbols()];
        }
        let (sheet, matcher) = (self.sheet, self.matcher);
        *self.said[symbol.place()].get_or_insert_with(|| matcher.is_match(sheet.text(symbol)))
    }
}
