//! Function calls.

use super::histogram::histogram_quantile;
use super::range::Over;
use super::select::Window;
use super::{Element, EvalError, Moment, Value, Vector, distinct, mapped};
use crate::promql::samples::Labels;
use promql_parser::label::MatchOp;
use promql_parser::parser::{Call, Expr};
use regex::Regex;

impl Moment<'_> {
    pub(super) fn call(&self, call: &Call) -> Result<Value, EvalError> {
        let name = call.func.name;
        let arguments: Vec<&Expr> = call.args.args.iter().map(AsRef::as_ref).collect();
        if let (Some(over), [argument]) = (Over::named(name), arguments.as_slice()) {
            return self.over(over, argument).and_then(distinct);
        }
        match (name, arguments.as_slice()) {
            ("time", []) => Ok(Value::Scalar(seconds(self.at))),
            ("vector", [argument]) => {
                let value = self.scalar(argument)?;
                Ok(Value::Vector(vec![Element { labels: Labels::default(), value }]))
            }
            ("scalar", [argument]) => Ok(Value::Scalar(match self.vector(argument)?.as_slice() {
                [Element { value, .. }] => *value,
                _ => f64::NAN,
            })),
            ("timestamp", [argument]) => self.timestamp(argument).and_then(distinct),
            ("absent", [argument]) => self.absent(argument).map(Value::Vector),
            ("histogram_quantile", [quantile, buckets]) => {
                let quantile = self.scalar(quantile)?;
                Ok(Value::Vector(histogram_quantile(quantile, self.vector(buckets)?)))
            }
            ("label_replace", [vector, label, replacement, source, pattern]) => {
                let texts = [label, replacement, source, pattern].map(|argument| text(argument));
                let [label, replacement, source, pattern] = texts;
                label_replace(self.vector(vector)?, label?, replacement?, source?, pattern?).and_then(distinct)
            }
            _ => self.each(name, &arguments).and_then(distinct),
        }
    }

    fn over(&self, over: Over, argument: &Expr) -> Result<Vector, EvalError> {
        let (ranges, window): (_, Window) = self.select_range(argument)?;
        let computed = ranges.into_iter().filter_map(|range| {
            let value = over.compute(&range.points, window)?;
            // The last sample is still a sample of its metric.
            let labels = if over == Over::Last { range.labels } else { range.labels.unnamed() };
            Some(Element { labels, value })
        });
        Ok(computed.collect())
    }

    /// Functions that treat each value by itself.
    fn each(&self, name: &str, arguments: &[&Expr]) -> Result<Vector, EvalError> {
        let (Some((vector, figures)), Some(function)) = (arguments.split_first(), Each::named(name, arguments.len()))
        else {
            return Err(self.unsupported(format!("the function {name}()"), name));
        };
        let vector = self.vector(vector)?;
        let figures = figures.iter().map(|figure| self.scalar(figure)).collect::<Result<Vec<_>, _>>()?;
        Ok(match (function, figures.as_slice()) {
            (Each::Clamp, [low, high]) if low > high => Vec::new(),
            _ => mapped(vector, |value| function.apply(value, &figures)),
        })
    }

    /// The time of each sample; of a value that was computed it is now.
    fn timestamp(&self, argument: &Expr) -> Result<Vector, EvalError> {
        match argument {
            Expr::Paren(paren) => self.timestamp(&paren.expr),
            Expr::VectorSelector(selector) => {
                let found = self.select_timed(selector)?.into_iter();
                Ok(found.map(|(labels, at, _)| Element { labels: labels.unnamed(), value: seconds(at) }).collect())
            }
            _ => Ok(mapped(self.vector(argument)?, |_| seconds(self.at))),
        }
    }

    /// One where there is nothing, with the labels that the selector asked for.
    fn absent(&self, argument: &Expr) -> Result<Vector, EvalError> {
        if !self.vector(argument)?.is_empty() {
            return Ok(Vec::new());
        }
        let mut labels = Labels::default();
        if let Expr::VectorSelector(selector) = argument {
            let matchers = &selector.matchers.matchers;
            for matcher in matchers.iter().filter(|matcher| matcher.op == MatchOp::Equal) {
                let once = matchers.iter().filter(|other| other.name == matcher.name).count() == 1;
                if once && matcher.name != "__name__" {
                    labels.set(&matcher.name, &matcher.value);
                }
            }
        }
        Ok(vec![Element { labels, value: 1.0 }])
    }
}

fn text(argument: &Expr) -> Result<&str, EvalError> {
    match argument {
        Expr::StringLiteral(text) => Ok(&text.val),
        Expr::Paren(paren) => text(&paren.expr),
        _ => Err(EvalError::Series("expected a string".to_owned())),
    }
}

/// Sets a label to what the pattern finds in another, where it fits that one as a whole.
fn label_replace(
    vector: Vector,
    label: &str,
    replacement: &str,
    source: &str,
    pattern: &str,
) -> Result<Vector, EvalError> {
    let anchored = Regex::new(&format!("^(?:{pattern})$"));
    let pattern = anchored.map_err(|_| EvalError::Series(format!("{pattern:?} is no regular expression")))?;
    let replace = |mut element: Element| {
        let mut value = String::new();
        if let Some(found) = pattern.captures(element.labels.get(source)) {
            found.expand(replacement, &mut value);
            element.labels.set(label, &value);
        }
        element
    };
    Ok(vector.into_iter().map(replace).collect())
}

/// A function of one value and some figures.
#[derive(Clone, Copy)]
enum Each {
    Absolute,
    Ceiling,
    Floor,
    Clamp,
    ClampLow,
    ClampHigh,
}

impl Each {
    fn named(name: &str, arguments: usize) -> Option<Self> {
        Some(match (name, arguments) {
            ("abs", 1) => Self::Absolute,
            ("ceil", 1) => Self::Ceiling,
            ("floor", 1) => Self::Floor,
            ("clamp", 3) => Self::Clamp,
            ("clamp_min", 2) => Self::ClampLow,
            ("clamp_max", 2) => Self::ClampHigh,
            _ => return None,
        })
    }

    fn apply(self, value: f64, figures: &[f64]) -> f64 {
        match (self, figures) {
            (Self::Absolute, _) => value.abs(),
            (Self::Ceiling, _) => value.ceil(),
            (Self::Floor, _) => value.floor(),
            (Self::ClampLow, [low, ..]) => at_least(value, *low),
            (Self::ClampHigh, [high, ..]) => at_most(value, *high),
            (Self::Clamp, [low, high, ..]) => at_least(at_most(value, *high), *low),
            (Self::Clamp | Self::ClampLow | Self::ClampHigh, _) => f64::NAN,
        }
    }
}

/// The greater of two, and not a number if one is not: unlike `f64::max`.
fn at_least(value: f64, low: f64) -> f64 {
    if value.is_nan() || low.is_nan() { f64::NAN } else { value.max(low) }
}

fn at_most(value: f64, high: f64) -> f64 {
    if value.is_nan() || high.is_nan() { f64::NAN } else { value.min(high) }
}

fn seconds(millis: i64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "unix milliseconds stay exact for 285,000 years")]
    let millis = millis as f64;
    millis / 1_000.0
}
