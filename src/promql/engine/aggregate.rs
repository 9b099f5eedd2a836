//! Many values become one: `sum by (version) (…)`, and the same folds over time.

use super::{Element, EvalError, Moment, Vector};
use crate::promql::samples::Labels;
use promql_parser::parser::token::{T_AVG, T_BOTTOMK, T_COUNT, T_GROUP, T_MAX, T_MIN, T_SUM, T_TOPK};
use promql_parser::parser::{AggregateExpr, Expr, LabelModifier};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// How many values become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fold {
    Sum,
    Average,
    Least,
    Greatest,
    Count,
    /// One, whatever they are.
    Group,
}

impl Fold {
    /// Folds values; none if there are none. A NaN is neither the least nor the greatest.
    pub(super) fn of(self, values: impl IntoIterator<Item = f64>) -> Option<f64> {
        let mut values = values.into_iter();
        let first = values.next()?;
        Some(match self {
            Self::Sum => values.fold(first, |sum, value| sum + value),
            Self::Average => {
                let (sum, count) = values.fold((first, 1.0), |(sum, count), value| (sum + value, count + 1.0));
                sum / count
            }
            Self::Least => values.fold(first, f64::min),
            Self::Greatest => values.fold(first, f64::max),
            Self::Count => values.fold(1.0, |count, _| count + 1.0),
            Self::Group => 1.0,
        })
    }
}

impl Moment<'_> {
    pub(super) fn aggregate(&self, aggregate: &AggregateExpr) -> Result<Vector, EvalError> {
        let fold = match aggregate.op.id() {
            T_SUM => Fold::Sum,
            T_AVG => Fold::Average,
            T_MIN => Fold::Least,
            T_MAX => Fold::Greatest,
            T_COUNT => Fold::Count,
            T_GROUP => Fold::Group,
            T_TOPK => return self.ranked(aggregate, |one, other| other.total_cmp(&one)),
            T_BOTTOMK => return self.ranked(aggregate, |one, other| one.total_cmp(&other)),
            _ => {
                let name = aggregate.op.to_string();
                return Err(self.unsupported(format!("the aggregation {name}()"), &name));
            }
        };
        let mut groups: BTreeMap<Labels, Vec<f64>> = BTreeMap::new();
        for Element { labels, value } in self.vector(&aggregate.expr)? {
            groups.entry(group(labels, aggregate.modifier.as_ref())).or_default().push(value);
        }
        let folded = groups.into_iter().filter_map(|(labels, values)| {
            let value = fold.of(values)?;
            Some(Element { labels, value })
        });
        Ok(folded.collect())
    }

    /// The first so many of each group, in an order of their values in which a NaN is last.
    fn ranked(&self, aggregate: &AggregateExpr, order: fn(f64, f64) -> Ordering) -> Result<Vector, EvalError> {
        let most = self.scalar(aggregate.param.as_deref().unwrap_or(&Expr::from(f64::NAN)))?;
        if most.is_nan() {
            return Err(EvalError::Series(format!("{} of how many? it is not a number", aggregate.op)));
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count; a cast saturates")]
        let most = most as usize;
        let mut groups: BTreeMap<Labels, Vector> = BTreeMap::new();
        for element in self.vector(&aggregate.expr)? {
            groups.entry(group(element.labels.clone(), aggregate.modifier.as_ref())).or_default().push(element);
        }
        let first = |mut group: Vector| {
            group.sort_by(|one, other| {
                let nan = one.value.is_nan().cmp(&other.value.is_nan());
                nan.then(order(one.value, other.value)).then_with(|| one.labels.cmp(&other.labels))
            });
            group.truncate(most);
            group
        };
        Ok(groups.into_values().flat_map(first).collect())
    }
}

fn group(labels: Labels, modifier: Option<&LabelModifier>) -> Labels {
    match modifier {
        None => Labels::default(),
        Some(LabelModifier::Include(by)) => labels.keep(|name| by.labels.iter().any(|label| label == name)),
        Some(LabelModifier::Exclude(without)) => {
            labels.unnamed().keep(|name| !without.labels.iter().any(|label| label == name))
        }
    }
}
