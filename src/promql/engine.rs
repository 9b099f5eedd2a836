//! PromQL where there is no Prometheus: a query over the scraped samples, evaluated at one instant.
//!
//! What it computes it computes as Prometheus 2 does, whose answers it is held against in
//! `tests/outside/engine_differential.rs`: ranges and the look-back of five minutes include both ends, an
//! ended series is not there, rates extrapolate to the ends of their window. What it does not know
//! is an error that names it and its place in the query, never a number that is nearly right.
//!
//! [`select`] finds samples; [`functions`] turn them into values, [`aggregate`], [`binary`] and
//! [`matching`] combine those.

mod aggregate;
mod binary;
mod functions;
mod group;
mod histogram;
mod matching;
mod select;
mod sum;

use super::inspect::{SyntaxError, tree};
use super::samples::{Bounds, Labels, Ring};
use super::window::reach;
use crate::text::Millis;
use functions::Each;
use hashbrown::HashTable;
use promql_parser::parser::Expr;

/// How long the last sample of a series stands for the present.
pub const LOOK_BACK: Millis = Millis::from_mins(5);

/// What a query gives.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'r> {
    Scalar(f64),
    /// Sorted by labels.
    Vector(Vec<Element<'r>>),
}

/// The value of one series.
#[derive(Clone, Debug, PartialEq)]
pub struct Element<'r> {
    pub labels: Labels<'r>,
    pub value: f64,
}

/// Why a query has no value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvalError {
    #[error(transparent)]
    Syntax(#[from] SyntaxError),
    #[error("the embedded engine does not know {what}{}", at.map_or(String::new(), |at| format!(", at byte {at}")))]
    Unsupported {
        /// With its kind: `the function holt_winters()`.
        what: String,
        /// The byte of the query where it stands, as far as that can be told.
        at: Option<usize>,
    },
    /// What Prometheus refuses, too, once it sees the series.
    #[error("{0}")]
    Series(String),
}

/// Evaluates a query over the samples at a time, unix milliseconds.
///
/// # Errors
/// A query that is not PromQL, that asks for what is not known here, or that pairs series which do
/// not pair.
pub fn evaluate<'r>(ring: &'r Ring, query: &str, at: i64) -> Result<Value<'r>, EvalError> {
    let tree = tree(query)?;
    let moment = Moment { ring, query, at, asked: at, parts: MOST_PARTS };
    Ok(match moment.value(&tree)? {
        Value::Scalar(value) => Value::Scalar(value),
        Value::Vector(mut vector) => {
            vector.sort_by(|one, other| one.labels.cmp(&other.labels));
            Value::Vector(vector)
        }
    })
}

/// Says whether a query can be evaluated here, before there are any samples, and how far back it
/// reads: what a ring must keep for it.
///
/// # Errors
/// A query that is not PromQL, or that asks for what is not known here.
pub fn check(query: &str) -> Result<Millis, EvalError> {
    let ring = Ring::new(Bounds { keep: Millis::MAX, samples: 0, series: 0 });
    evaluate(&ring, query, 0)?;
    Ok(reach(&tree(query)?))
}

type Vector<'r> = Vec<Element<'r>>;

/// One evaluation: over what, of what, and when.
#[derive(Clone, Copy)]
struct Moment<'r, 'q> {
    ring: &'r Ring,
    query: &'q str,
    /// Unix milliseconds.
    at: i64,
    /// The same of the whole query: later where this is a step of a subquery.
    asked: i64,
    /// How many operators, one inside the other, may still have both sides evaluated at once.
    parts: u8,
}

/// A query is no deeper than this where it is evaluated on two threads, whose stacks are short.
const MOST_PARTS: u8 = 8;

impl<'r> Moment<'r, '_> {
    fn value(&self, expression: &Expr) -> Result<Value<'r>, EvalError> {
        match expression {
            Expr::NumberLiteral(number) => Ok(Value::Scalar(number.val)),
            Expr::Paren(paren) => self.value(&paren.expr),
            Expr::VectorSelector(selector) => self.select(selector).map(Value::Vector),
            Expr::Unary(unary) => self.negate(&unary.expr),
            Expr::Binary(binary) => self.binary(binary),
            // Two groups never have the same labels.
            Expr::Aggregate(aggregate) => self.aggregate(aggregate).map(Value::Vector),
            Expr::Call(call) => self.call(call),
            Expr::MatrixSelector(_) | Expr::Subquery(_) => {
                Err(self.unsupported("a range of samples outside a function", ""))
            }
            Expr::StringLiteral(_) => Err(self.unsupported("a string as a value", "")),
            Expr::Extension(_) => Err(self.unsupported("this extension of PromQL", "")),
        }
    }

    fn scalar(&self, expression: &Expr) -> Result<f64, EvalError> {
        match self.value(expression)? {
            Value::Scalar(value) => Ok(value),
            Value::Vector(_) => Err(EvalError::Series("expected a scalar, got a vector".to_owned())),
        }
    }

    fn vector(&self, expression: &Expr) -> Result<Vector<'r>, EvalError> {
        match self.value(expression)? {
            Value::Vector(vector) => Ok(vector),
            Value::Scalar(_) => Err(EvalError::Series("expected a vector, got a scalar".to_owned())),
        }
    }

    /// Visits the elements of a vector. What only adds them up need not have them all at once.
    fn each_element(&self, expression: &Expr, visit: &mut Each<'_, 'r>) -> Result<(), EvalError> {
        match expression {
            Expr::Paren(paren) => return self.each_element(&paren.expr, visit),
            Expr::VectorSelector(selector) => {
                return self.each_selected(selector, |labels, _, value| visit(labels, value));
            }
            Expr::Call(call) => match self.each_of_call(call, visit)? {
                Some(true) => return Ok(()),
                // Two of them may be the same: then there is no such vector.
                Some(false) => return self.call(call).map(drop),
                None => {}
            },
            _ => {}
        }
        self.vector(expression)?.into_iter().for_each(|Element { labels, value }| visit(labels, value));
        Ok(())
    }

    fn negate(&self, expression: &Expr) -> Result<Value<'r>, EvalError> {
        match self.value(expression)? {
            Value::Scalar(value) => Ok(Value::Scalar(-value)),
            Value::Vector(vector) => unnamed(vector, |value| -value),
        }
    }

    /// The error for what this engine does not know; `word` is looked for in the query.
    fn unsupported(&self, what: impl Into<String>, word: &str) -> EvalError {
        EvalError::Unsupported { what: what.into(), at: place(self.query, word) }
    }
}

/// Applies a function to each value; what comes out is no longer the metric it was.
fn unnamed(vector: Vector<'_>, function: impl Fn(f64) -> f64) -> Result<Value<'_>, EvalError> {
    let unique = one_name(&vector);
    let element = |Element { labels, value }| Element { labels: labels.unnamed(), value: function(value) };
    let vector = vector.into_iter().map(element).collect();
    if unique { Ok(Value::Vector(vector)) } else { distinct(vector) }
}

/// Whether all series are of one metric: then they differ in other labels, too.
#[derive(Default)]
struct OneName<'r> {
    first: Option<Labels<'r>>,
    has_other: bool,
}

impl<'r> OneName<'r> {
    fn note(&mut self, labels: &Labels<'r>) {
        self.has_other |= !self.first.get_or_insert_with(|| labels.clone()).same_name(labels);
    }

    const fn is_one(&self) -> bool {
        !self.has_other
    }
}

fn one_name(vector: &[Element<'_>]) -> bool {
    let mut names = OneName::default();
    for element in vector {
        names.note(&element.labels);
    }
    names.is_one()
}

/// Refuses a vector in which two values have the same labels: nobody could tell them apart.
fn distinct(vector: Vector<'_>) -> Result<Value<'_>, EvalError> {
    let mut seen = HashTable::with_capacity(vector.len());
    for Element { labels, .. } in &vector {
        if seen.find(labels.hash(), |known| *known == labels).is_some() {
            return Err(EvalError::Series(format!("two series have the same labels {{{labels}}}")));
        }
        seen.insert_unique(labels.hash(), labels, |labels| labels.hash());
    }
    drop(seen);
    Ok(Value::Vector(vector))
}

/// Finds where a word stands in a query, outside its strings; the parser's tree does not say.
fn place(query: &str, word: &str) -> Option<usize> {
    let is_word = |char: char| char.is_alphanumeric() || matches!(char, '_' | ':');
    let (mut quote, mut escaped, mut before) = (None, false, ' ');
    for (at, char) in query.char_indices() {
        let rest = query.get(at..).and_then(|rest| rest.strip_prefix(word)).filter(|_| !word.is_empty());
        match (quote, rest) {
            (None, Some(rest)) => {
                let alone = !is_word(before) && !rest.starts_with(is_word);
                if alone || !word.starts_with(is_word) {
                    return Some(at);
                }
            }
            (None, None) if matches!(char, '"' | '\'' | '`') => quote = Some(char),
            (Some(open), _) if char == open && !escaped => quote = None,
            _ => {}
        }
        escaped = char == '\\' && !escaped && quote != Some('`');
        before = char;
    }
    None
}
