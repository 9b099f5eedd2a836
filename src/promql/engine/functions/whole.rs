//! Functions that take their arguments in a way of their own.

use super::{Function, Table, seconds};
use crate::promql::engine::histogram::histogram_quantile;
use crate::promql::engine::{Element, EvalError, Moment, Value};
use crate::promql::samples::Labels;
use promql_parser::label::MatchOp;
use promql_parser::parser::{Expr, VectorSelector};
use std::collections::BTreeSet;

pub(super) const TABLE: Table = &[
    ("time", Function::Whole(|moment, _| Ok(Value::Scalar(seconds(moment.at))))),
    ("vector", Function::Whole(vector)),
    ("scalar", Function::Whole(scalar)),
    ("timestamp", Function::Newest(|at, _| seconds(at))),
    ("absent", Function::Whole(absent)),
    ("absent_over_time", Function::Whole(absent_over_time)),
    // Whoever reads the answer sorts it.
    ("sort", Function::Whole(|moment, arguments| moment.value(only(arguments)?))),
    ("sort_desc", Function::Whole(|moment, arguments| moment.value(only(arguments)?))),
    ("histogram_quantile", Function::Whole(quantile)),
];

fn only<'e>(arguments: &[&'e Expr]) -> Result<&'e Expr, EvalError> {
    match arguments {
        [only] => Ok(only),
        _ => Err(EvalError::Series(format!("expected one argument, got {}", arguments.len()))),
    }
}

fn vector<'r>(moment: &Moment<'r, '_>, arguments: &[&Expr]) -> Result<Value<'r>, EvalError> {
    let value = moment.scalar(only(arguments)?)?;
    Ok(Value::Vector(vec![Element { labels: Labels::default(), value }]))
}

fn scalar<'r>(moment: &Moment<'r, '_>, arguments: &[&Expr]) -> Result<Value<'r>, EvalError> {
    Ok(Value::Scalar(match moment.vector(only(arguments)?)?.as_slice() {
        [Element { value, .. }] => *value,
        _ => f64::NAN,
    }))
}

fn quantile<'r>(moment: &Moment<'r, '_>, arguments: &[&Expr]) -> Result<Value<'r>, EvalError> {
    let [quantile, buckets] = arguments else {
        return Err(EvalError::Series("histogram_quantile() takes a quantile and buckets".to_owned()));
    };
    let quantile = moment.scalar(quantile)?;
    Ok(Value::Vector(histogram_quantile(quantile, moment.vector(buckets)?)))
}

/// One where there is nothing, with the labels that the selector asked for.
fn absent<'r>(moment: &Moment<'r, '_>, arguments: &[&Expr]) -> Result<Value<'r>, EvalError> {
    let argument = only(arguments)?;
    if !moment.vector(argument)?.is_empty() {
        return Ok(Value::Vector(Vec::new()));
    }
    Ok(one(match argument {
        Expr::VectorSelector(selector) => asked(selector),
        _ => Labels::default(),
    }))
}

fn absent_over_time<'r>(moment: &Moment<'r, '_>, arguments: &[&Expr]) -> Result<Value<'r>, EvalError> {
    let (argument, mut any) = (only(arguments)?, false);
    moment.each_range(argument, &mut |_, _, _| any = true)?;
    if any {
        return Ok(Value::Vector(Vec::new()));
    }
    Ok(one(match argument {
        Expr::MatrixSelector(selector) => asked(&selector.vs),
        _ => Labels::default(),
    }))
}

fn one(labels: Labels<'_>) -> Value<'_> {
    Value::Vector(vec![Element { labels, value: 1.0 }])
}

/// The labels that a selector fixes, as Prometheus tells them: the last of several matchers of one
/// label takes away what the first has set.
fn asked<'r>(selector: &VectorSelector) -> Labels<'r> {
    let (mut labels, mut seen) = (Labels::default(), BTreeSet::new());
    for matcher in selector.matchers.matchers.iter().filter(|matcher| matcher.name != "__name__") {
        let sets = matcher.op == MatchOp::Equal && seen.insert(&matcher.name);
        labels.set(&matcher.name, if sets { &matcher.value } else { "" });
    }
    labels
}
