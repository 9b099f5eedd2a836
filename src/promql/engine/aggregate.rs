//! Many values become one: `sum by (version) (…)`.

use super::group::{By, Groups};
use super::sum::{mean, variance};
use super::{Element, EvalError, Moment, Vector};
use crate::promql::samples::Labels;
use promql_parser::parser::token::{
    T_AVG, T_BOTTOMK, T_COUNT, T_COUNT_VALUES, T_GROUP, T_MAX, T_MIN, T_QUANTILE, T_STDDEV, T_STDVAR, T_SUM, T_TOPK,
    TokenId,
};
use promql_parser::parser::{AggregateExpr, Expr};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// What becomes of the values of a group.
#[derive(Clone, Copy)]
enum Aggregation {
    /// One value, of at least one.
    Fold(fn(&[f64]) -> f64),
    /// One value, by a parameter.
    FoldBy(fn(f64, Vec<f64>) -> f64),
    /// The first so many elements, in an order of their values in which a NaN is last.
    First(fn(f64, f64) -> Ordering),
    /// How often each value is there.
    CountValues,
}

const TABLE: &[(TokenId, Aggregation)] = &[
    (T_SUM, Aggregation::Fold(|values| values.iter().sum())),
    (T_AVG, Aggregation::Fold(|values| mean(values.iter().copied()))),
    // A NaN is neither the least nor the greatest.
    (T_MIN, Aggregation::Fold(|values| values.iter().copied().reduce(f64::min).unwrap_or(f64::NAN))),
    (T_MAX, Aggregation::Fold(|values| values.iter().copied().reduce(f64::max).unwrap_or(f64::NAN))),
    (T_COUNT, Aggregation::Fold(count)),
    (T_GROUP, Aggregation::Fold(|_| 1.0)),
    (T_STDDEV, Aggregation::Fold(|values| variance(values.iter().copied()).sqrt())),
    (T_STDVAR, Aggregation::Fold(|values| variance(values.iter().copied()))),
    (T_QUANTILE, Aggregation::FoldBy(quantile)),
    (T_TOPK, Aggregation::First(|one, other| other.total_cmp(&one))),
    (T_BOTTOMK, Aggregation::First(|one, other| one.total_cmp(&other))),
    (T_COUNT_VALUES, Aggregation::CountValues),
];

impl<'r> Moment<'r, '_> {
    pub(super) fn aggregate(&self, aggregate: &AggregateExpr) -> Result<Vector<'r>, EvalError> {
        let Some((_, aggregation)) = TABLE.iter().find(|(token, _)| *token == aggregate.op.id()) else {
            let name = aggregate.op.to_string();
            return Err(self.unsupported(format!("the aggregation {name}()"), &name));
        };
        let by = By::of(aggregate.modifier.as_ref());
        match *aggregation {
            Aggregation::Fold(fold) => self.fold(aggregate, |values| fold(&values)),
            Aggregation::FoldBy(fold) => {
                let parameter = self.parameter(aggregate)?;
                self.fold(aggregate, |values| fold(parameter, values))
            }
            Aggregation::First(order) => {
                let most = self.parameter(aggregate)?;
                if most.is_nan() {
                    return Err(EvalError::Series(format!("{} of how many? it is not a number", aggregate.op)));
                }
                Ok(first(&self.vector(&aggregate.expr)?, by, most, order))
            }
            Aggregation::CountValues => match aggregate.param.as_deref() {
                Some(Expr::StringLiteral(label)) => Ok(count_values(self.vector(&aggregate.expr)?, by, &label.val)),
                _ => Err(EvalError::Series("count_values() takes the name of a label".to_owned())),
            },
        }
    }

    fn parameter(&self, aggregate: &AggregateExpr) -> Result<f64, EvalError> {
        aggregate.param.as_deref().map_or(Ok(f64::NAN), |parameter| self.scalar(parameter))
    }

    fn fold(&self, aggregate: &AggregateExpr, fold: impl Fn(Vec<f64>) -> f64) -> Result<Vector<'r>, EvalError> {
        let by = By::of(aggregate.modifier.as_ref());
        let (mut groups, mut members) = (Groups::new(by), Vec::<(Labels<'r>, Vec<f64>)>::new());
        self.each_element(&aggregate.expr, &mut |labels, value| match members.get_mut(groups.number(&labels)) {
            Some((_, values)) => values.push(value),
            None => members.push((by.labels(&labels), vec![value])),
        })?;
        Ok(members.into_iter().map(|(labels, values)| Element { labels, value: fold(values) }).collect())
    }
}

fn first<'r>(vector: &[Element<'r>], by: By<'_>, most: f64, order: fn(f64, f64) -> Ordering) -> Vector<'r> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count; a cast saturates")]
    let most = most as usize;
    let in_order = |one: &&Element<'r>, other: &&Element<'r>| {
        let nan = one.value.is_nan().cmp(&other.value.is_nan());
        nan.then(order(one.value, other.value)).then_with(|| one.labels.cmp(&other.labels))
    };
    let ranked = by.group(vector).into_iter().flat_map(|mut members| {
        members.sort_by(in_order);
        members.truncate(most);
        members
    });
    ranked.cloned().collect()
}

fn count_values<'r>(vector: Vector<'r>, by: By<'_>, label: &str) -> Vector<'r> {
    let mut counts: BTreeMap<Labels<'r>, f64> = BTreeMap::new();
    for Element { labels, value } in vector {
        let mut labels = by.labels(&labels);
        labels.set(label, &written(value));
        *counts.entry(labels).or_default() += 1.0;
    }
    counts.into_iter().map(|(labels, value)| Element { labels, value }).collect()
}

/// A value as Go writes it.
fn written(value: f64) -> String {
    if value.is_infinite() { if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned() } else { format!("{value}") }
}

#[expect(clippy::cast_precision_loss, reason = "far fewer series than 2^52")]
fn count(values: &[f64]) -> f64 {
    values.len() as f64
}

/// The value below which a share of the values lies, in a straight line between two neighbours.
pub(super) fn quantile(share: f64, mut values: Vec<f64>) -> f64 {
    if values.is_empty() || share.is_nan() {
        return f64::NAN;
    }
    if !(0.0..=1.0).contains(&share) {
        return if share < 0.0 { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    // A NaN counts as less than everything.
    values.sort_by(|one, other| other.is_nan().cmp(&one.is_nan()).then(one.total_cmp(other)));
    let last = values.len() - 1;
    let rank = share * count(&values[1..]);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the last place")]
    let lower = rank.floor() as usize;
    let weight = rank - rank.floor();
    values[lower.min(last)] * (1.0 - weight) + values[(lower + 1).min(last)] * weight
}
