//! Which series of one side belongs to which of the other.

use super::binary::{Operator, SetOperator};
use super::{Element, EvalError, Vector, one_name};
use crate::promql::samples::{Labels, NAME, Place, Sheet, hash_of};
use hashbrown::HashTable;
use promql_parser::parser::{BinModifier, LabelModifier, VectorMatchCardinality};
use std::ptr;

impl SetOperator {
    /// Combines two sets of series; all are kept as they are.
    pub(super) fn combine<'r>(self, left: &[Element<'r>], right: &[Element<'r>], modifier: &BinModifier) -> Vector<'r> {
        let key = Key { modifier };
        if self == Self::Or {
            let known = key.index(left);
            let more = right.iter().filter(|element| key.find(&known, &element.labels).is_none());
            return left.iter().chain(more).cloned().collect();
        }
        let is_known = shared(left, right, modifier).unwrap_or_else(|| {
            let known = key.index(right);
            left.iter().map(|element| key.find(&known, &element.labels).is_some()).collect()
        });
        let kept = left.iter().zip(is_known).filter(|(_, is_known)| *is_known == (self == Self::And));
        kept.map(|(element, _)| element.clone()).collect()
    }
}

/// Which of the left series are on the right, too, where that can be told by where they stand: the right
/// ones are some of the left ones, in their order. So it is with `count_over_time(m[5m]) unless m`, and no
/// label of a hundred thousand has to be read for it.
fn shared(left: &[Element<'_>], right: &[Element<'_>], modifier: &BinModifier) -> Option<Vec<bool>> {
    // Two of one metric differ in other labels, but perhaps not in those that are named here.
    let is_by_all = modifier.matching.is_none() && one_name(left);
    let mut rest = right.iter().map(|element| element.labels.place()).peekable();
    let mut is_next = |element: &Element<'_>| {
        let (sheet, place) = element.labels.place()?;
        let is_next =
            |next: &Option<(&Sheet, Place)>| next.is_some_and(|(at, next)| ptr::eq(at, sheet) && next == place);
        Some(rest.next_if(is_next).is_some())
    };
    let found: Option<Vec<bool>> = is_by_all.then(|| left.iter().map(&mut is_next).collect()).flatten();
    found.filter(|_| rest.peek().is_none())
}

impl Operator {
    /// Applies it to each pair of series, one of each side, or many of one side to one of the other.
    pub(super) fn pair<'r>(
        self,
        left: &[Element<'r>],
        right: &[Element<'r>],
        modifier: &BinModifier,
    ) -> Result<Vector<'r>, EvalError> {
        if left.is_empty() || right.is_empty() {
            return Ok(Vector::new());
        }
        let key = Key { modifier };
        let swapped = matches!(modifier.card, VectorMatchCardinality::OneToMany(_));
        let (many, one) = if swapped { (right, left) } else { (left, right) };
        let ones = key.index_once(one)?;
        let mut used = HashTable::new();
        let mut paired = Vector::new();
        for element in many {
            let Some(other) = key.find(&ones, &element.labels) else { continue };
            let (first, second) = if swapped { (other.value, element.value) } else { (element.value, other.value) };
            let Some(value) = self.apply(first, second) else { continue };
            let labels = self.result(&element.labels, &other.labels, modifier);
            if modifier.card == VectorMatchCardinality::OneToOne {
                key.note(&mut used, element)?;
            }
            paired.push(Element { labels, value });
        }
        Ok(paired)
    }

    /// The labels of a pair.
    fn result<'r>(self, many: &Labels<'r>, one: &Labels<'r>, modifier: &BinModifier) -> Labels<'r> {
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
#[derive(Clone, Copy)]
struct Key<'m> {
    modifier: &'m BinModifier,
}

/// Elements by their keys.
type Index<'v, 'r> = HashTable<&'v Element<'r>>;

impl Key<'_> {
    fn tells(self, name: &str) -> bool {
        match &self.modifier.matching {
            Some(LabelModifier::Include(on)) => on.labels.iter().any(|label| label == name),
            Some(LabelModifier::Exclude(ignored)) => name != NAME && !ignored.labels.iter().any(|label| label == name),
            None => name != NAME,
        }
    }

    fn hash(self, labels: &Labels<'_>) -> u64 {
        match self.modifier.matching {
            None => labels.hash(),
            Some(_) => hash_of(labels.iter().filter(|(name, _)| self.tells(name))),
        }
    }

    fn is_same(self, one: &Labels<'_>, other: &Labels<'_>) -> bool {
        let is_one = one
            .place()
            .zip(other.place())
            .is_some_and(|((sheet, one), (beside, other))| ptr::eq(sheet, beside) && one == other);
        let of = |(name, _): &(&str, &str)| self.tells(name);
        is_one && !self.tells(NAME) || one.iter().filter(of).eq(other.iter().filter(of))
    }

    fn find<'v, 'r>(self, index: &Index<'v, 'r>, labels: &Labels<'_>) -> Option<&'v Element<'r>> {
        index.find(self.hash(labels), |known| self.is_same(&known.labels, labels)).copied()
    }

    /// Some element of each key.
    fn index<'v, 'r>(self, elements: &'v [Element<'r>]) -> Index<'v, 'r> {
        let mut index = Index::with_capacity(elements.len());
        for element in elements {
            // That there is another is no fault here.
            drop(self.note(&mut index, element));
        }
        index
    }

    /// The element of each key.
    ///
    /// # Errors
    /// A key that two elements have.
    fn index_once<'v, 'r>(self, elements: &'v [Element<'r>]) -> Result<Index<'v, 'r>, EvalError> {
        let mut index = Index::with_capacity(elements.len());
        elements.iter().try_for_each(|element| self.note(&mut index, element))?;
        Ok(index)
    }

    fn note<'v, 'r>(self, index: &mut Index<'v, 'r>, element: &'v Element<'r>) -> Result<(), EvalError> {
        match self.find(index, &element.labels) {
            Some(other) => Err(twice(other, element)),
            None => {
                index.insert_unique(self.hash(&element.labels), element, |known| self.hash(&known.labels));
                Ok(())
            }
        }
    }
}

fn twice(one: &Element<'_>, other: &Element<'_>) -> EvalError {
    let (one, other) = (&one.labels, &other.labels);
    EvalError::Series(format!("two series of one side match the same one of the other: {{{one}}} and {{{other}}}"))
}
