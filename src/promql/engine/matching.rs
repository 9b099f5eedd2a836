//! Which series of one side belongs to which of the other.

use super::binary::{Operator, SetOperator};
use super::{Element, EvalError, Vector};
use crate::promql::samples::Labels;
use promql_parser::parser::{BinModifier, LabelModifier, VectorMatchCardinality};
use std::collections::{BTreeMap, BTreeSet};

impl SetOperator {
    /// Combines two sets of series; all are kept as they are.
    pub(super) fn combine(self, left: &[Element], right: &[Element], modifier: &BinModifier) -> Vector {
        let key = |element: &Element| key(&element.labels, modifier);
        let of = |elements: &[Element]| elements.iter().map(key).collect::<BTreeSet<_>>();
        let (on_left, on_right) = (of(left), of(right));
        let mut kept: Vector = match self {
            Self::And => left.iter().filter(|element| on_right.contains(&key(element))).cloned().collect(),
            Self::Unless => left.iter().filter(|element| !on_right.contains(&key(element))).cloned().collect(),
            Self::Or => left.to_vec(),
        };
        if self == Self::Or {
            kept.extend(right.iter().filter(|element| !on_left.contains(&key(element))).cloned());
        }
        kept
    }
}

impl Operator {
    /// Applies it to each pair of series, one of each side, or many of one side to one of the other.
    pub(super) fn pair(self, left: &[Element], right: &[Element], modifier: &BinModifier) -> Result<Vector, EvalError> {
        if left.is_empty() || right.is_empty() {
            return Ok(Vector::new());
        }
        let swapped = matches!(modifier.card, VectorMatchCardinality::OneToMany(_));
        let (many, one) = if swapped { (right, left) } else { (left, right) };
        let mut ones = BTreeMap::new();
        for element in one {
            let key = key(&element.labels, modifier);
            if let Some(other) = ones.insert(key, element) {
                return Err(twice(other, element));
            }
        }
        let mut used: BTreeMap<&Labels, &Element> = BTreeMap::new();
        let mut paired = Vector::new();
        for element in many {
            let Some((key, other)) = ones.get_key_value(&key(&element.labels, modifier)) else { continue };
            let (first, second) = if swapped { (other.value, element.value) } else { (element.value, other.value) };
            let Some(value) = self.apply(first, second) else { continue };
            let labels = self.result(&element.labels, &other.labels, modifier);
            if modifier.card == VectorMatchCardinality::OneToOne
                && let Some(other) = used.insert(key, element)
            {
                return Err(twice(other, element));
            }
            paired.push(Element { labels, value });
        }
        Ok(paired)
    }

    /// The labels of a pair.
    fn result(self, many: &Labels, one: &Labels, modifier: &BinModifier) -> Labels {
        let mut labels = if self.keeps_name() { many.clone() } else { many.clone().unnamed() };
        match &modifier.card {
            VectorMatchCardinality::OneToOne | VectorMatchCardinality::ManyToMany => match &modifier.matching {
                Some(LabelModifier::Include(on)) => labels.keep(|name| on.labels.iter().any(|label| label == name)),
                Some(LabelModifier::Exclude(ignored)) => {
                    labels.keep(|name| !ignored.labels.iter().any(|label| label == name))
                }
                None => labels,
            },
            VectorMatchCardinality::ManyToOne(include) | VectorMatchCardinality::OneToMany(include) => {
                for name in &include.labels {
                    labels.set(name, one.get(name));
                }
                labels
            }
        }
    }
}

/// The labels by which two series belong together.
fn key(labels: &Labels, modifier: &BinModifier) -> Labels {
    match &modifier.matching {
        Some(LabelModifier::Include(on)) => labels.keep(|name| on.labels.iter().any(|label| label == name)),
        Some(LabelModifier::Exclude(ignored)) => {
            labels.clone().unnamed().keep(|name| !ignored.labels.iter().any(|label| label == name))
        }
        None => labels.clone().unnamed(),
    }
}

fn twice(one: &Element, other: &Element) -> EvalError {
    let (one, other) = (&one.labels, &other.labels);
    EvalError::Series(format!("two series of one side match the same one of the other: {{{one}}} and {{{other}}}"))
}
