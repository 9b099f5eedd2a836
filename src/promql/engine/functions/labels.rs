//! Functions that write labels.

use super::{Function, Table};
use crate::promql::engine::{Element, EvalError, Moment, Value, distinct};
use promql_parser::parser::Expr;
use regex::Regex;

pub(super) const TABLE: Table =
    &[("label_replace", Function::Whole(label_replace)), ("label_join", Function::Whole(label_join))];

/// Sets a label to what the pattern finds in another, where it fits that one as a whole.
fn label_replace<'r>(moment: &Moment<'r, '_>, arguments: &[&Expr]) -> Result<Value<'r>, EvalError> {
    let [vector, label, replacement, source, pattern] = arguments else { return Err(wrong("label_replace")) };
    let (label, replacement, source, pattern) = (text(label)?, text(replacement)?, text(source)?, text(pattern)?);
    let anchored = Regex::new(&format!("^(?:{pattern})$"));
    let pattern = anchored.map_err(|_| EvalError::Series(format!("{pattern:?} is no regular expression")))?;
    let replace = |mut element: Element<'r>| {
        let mut value = String::new();
        if let Some(found) = pattern.captures(element.labels.get(source)) {
            found.expand(replacement, &mut value);
            element.labels.set(label, &value);
        }
        element
    };
    distinct(moment.vector(vector)?.into_iter().map(replace).collect())
}

/// Sets a label to the values of others, with something between them.
fn label_join<'r>(moment: &Moment<'r, '_>, arguments: &[&Expr]) -> Result<Value<'r>, EvalError> {
    let [vector, label, between, sources @ ..] = arguments else { return Err(wrong("label_join")) };
    let (label, between) = (text(label)?, text(between)?);
    let sources = sources.iter().map(|source| text(source)).collect::<Result<Vec<&str>, _>>()?;
    let join = |mut element: Element<'r>| {
        let values: Vec<&str> = sources.iter().map(|source| element.labels.get(source)).collect();
        let value = values.join(between);
        element.labels.set(label, &value);
        element
    };
    distinct(moment.vector(vector)?.into_iter().map(join).collect())
}

fn text(argument: &Expr) -> Result<&str, EvalError> {
    match argument {
        Expr::StringLiteral(text) => Ok(&text.val),
        Expr::Paren(paren) => text(&paren.expr),
        _ => Err(EvalError::Series("expected a string".to_owned())),
    }
}

fn wrong(name: &str) -> EvalError {
    EvalError::Series(format!("{name}() takes other arguments"))
}
