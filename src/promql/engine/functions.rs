//! Function calls: a table of all functions that are known, by the shape of what they take.
//!
//! A new function is a line in the table of its group: [`rates`] and [`over_time`] work on the
//! samples of a window, [`each`] on each value by itself, [`labels`] on labels, and [`whole`] on
//! whatever else there is.

mod each;
mod labels;
mod over_time;
mod rates;
mod whole;

use super::select::Window;
use super::{Element, EvalError, Moment, OneName, Value, distinct, one_name};
use crate::promql::samples::Labels;
use promql_parser::parser::{Call, Expr};

/// What a function takes, and how it is computed.
#[derive(Clone, Copy)]
pub(super) enum Function {
    /// The samples of each series in a window; none where they are too few.
    Window(fn(Samples<'_>, Window) -> Option<f64>),
    /// The same, with a figure that stands before or behind the range.
    WindowWith(fn(f64, Samples<'_>, Window) -> Option<f64>),
    /// The same, and what comes out is still a sample of its metric.
    Sample(fn(Samples<'_>, Window) -> Option<f64>),
    /// The newest sample of each series, its time in milliseconds first; of a value that was computed it is now.
    Newest(fn(i64, f64) -> f64),
    /// Each value, with so many figures, of which the last so many may be left out.
    Each(fn(f64, &[f64]) -> Option<f64>),
    /// The arguments as they are written.
    Whole(for<'r> fn(&Moment<'r, '_>, &[&Expr]) -> Result<Value<'r>, EvalError>),
}

/// What is done with the elements of a vector, one after the other.
pub(super) type Each<'v, 'r> = dyn FnMut(Labels<'r>, f64) + 'v;

/// Samples in the order of time, at least one.
pub(super) type Samples<'a> = &'a [(i64, f64)];

type Table = &'static [(&'static str, Function)];

const TABLES: [Table; 5] = [rates::TABLE, over_time::TABLE, each::TABLE, labels::TABLE, whole::TABLE];

fn named(name: &str) -> Option<Function> {
    TABLES.into_iter().flatten().find(|(known, _)| *known == name).map(|(_, function)| *function)
}

impl<'r> Moment<'r, '_> {
    pub(super) fn call(&self, call: &Call) -> Result<Value<'r>, EvalError> {
        let mut vector = Vec::new();
        match self.each_of_call(call, &mut |labels, value| vector.push(Element { labels, value }))? {
            Some(true) => return Ok(Value::Vector(vector)),
            Some(false) => return distinct(vector),
            None => {}
        }
        let arguments: Vec<&Expr> = call.args.args.iter().map(AsRef::as_ref).collect();
        match (self.function(call)?, arguments.as_slice()) {
            (Function::Each(compute), [vector, figures @ ..]) => {
                let figures = figures.iter().map(|figure| self.scalar(figure)).collect::<Result<Vec<_>, _>>()?;
                self.each(vector, |value| compute(value, &figures))
            }
            (Function::Whole(compute), arguments) => compute(self, arguments),
            // The parser has counted the arguments.
            _ => {
                Err(self.unsupported(format!("the function {}() with these arguments", call.func.name), call.func.name))
            }
        }
    }

    /// Visits what a function gives of each series by itself, and says whether no two can have the same
    /// labels; none where the function looks at more than one of them.
    pub(super) fn each_of_call(&self, call: &Call, visit: &mut Each<'_, 'r>) -> Result<Option<bool>, EvalError> {
        let arguments: Vec<&Expr> = call.args.args.iter().map(AsRef::as_ref).collect();
        Ok(Some(match (self.function(call)?, arguments.as_slice()) {
            (Function::Window(compute), [range]) => self.each_window(range, false, compute, visit)?,
            (Function::Sample(compute), [range]) => self.each_window(range, true, compute, visit)?,
            (Function::WindowWith(compute), [one, other]) => {
                let (range, figure) = if is_range(one) { (one, other) } else { (other, one) };
                let figure = self.scalar(figure)?;
                self.each_window(range, false, |samples, window| compute(figure, samples, window), visit)?
            }
            (Function::Newest(compute), [vector]) => self.each_newest(vector, compute, visit)?,
            _ => return Ok(None),
        }))
    }

    fn function(&self, call: &Call) -> Result<Function, EvalError> {
        let name = call.func.name;
        named(name).ok_or_else(|| self.unsupported(format!("the function {name}()"), name))
    }

    /// Computes something of the samples of each series.
    fn each_window(
        &self,
        range: &Expr,
        is_sample: bool,
        compute: impl Fn(Samples<'_>, Window) -> Option<f64>,
        visit: &mut Each<'_, 'r>,
    ) -> Result<bool, EvalError> {
        let mut names = OneName::default();
        self.each_range(range, &mut |labels, samples, window| {
            if let Some(value) = compute(samples, window) {
                names.note(labels);
                visit(if is_sample { labels.clone() } else { labels.clone().unnamed() }, value);
            }
        })?;
        Ok(is_sample || names.is_one())
    }

    /// Computes something of the newest sample of each series.
    fn each_newest(
        &self,
        vector: &Expr,
        compute: fn(i64, f64) -> f64,
        visit: &mut Each<'_, 'r>,
    ) -> Result<bool, EvalError> {
        let mut names = OneName::default();
        let mut computed = |labels: Labels<'r>, at, value| {
            names.note(&labels);
            visit(labels.unnamed(), compute(at, value));
        };
        match vector {
            Expr::Paren(paren) => return self.each_newest(&paren.expr, compute, visit),
            Expr::VectorSelector(selector) => self.each_selected(selector, computed)?,
            _ => {
                self.vector(vector)?.into_iter().for_each(|Element { labels, value }| computed(labels, self.at, value));
            }
        }
        Ok(names.is_one())
    }

    /// Computes something of each value.
    fn each(&self, vector: &Expr, compute: impl Fn(f64) -> Option<f64>) -> Result<Value<'r>, EvalError> {
        let vector = self.vector(vector)?;
        let unique = one_name(&vector);
        let computed = vector.into_iter().filter_map(|Element { labels, value }| {
            let value = compute(value)?;
            Some(Element { labels: labels.unnamed(), value })
        });
        let computed = computed.collect();
        if unique { Ok(Value::Vector(computed)) } else { distinct(computed) }
    }
}

fn is_range(expression: &Expr) -> bool {
    match expression {
        Expr::MatrixSelector(_) | Expr::Subquery(_) => true,
        Expr::Paren(paren) => is_range(&paren.expr),
        _ => false,
    }
}

/// Unix milliseconds, or a span of them, as the seconds that PromQL counts in.
pub(super) fn seconds(millis: i64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "unix milliseconds stay exact for 285,000 years")]
    let millis = millis as f64;
    millis / 1_000.0
}
