//! What tells one series from another.

use super::sheet::{Place, Sheet};
use super::symbols;
use crate::text::sanitize;
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

/// The label that holds the metric's name.
pub(in crate::promql) const NAME: &str = "__name__";

/// The labels of a series, sorted by name, each once and none empty; the metric's name is one of them.
///
/// Cheap to clone and to rob of its name: a query does both to every series it reads.
#[derive(Clone, Debug)]
pub struct Labels<'r> {
    from: From<'r>,
    nameless: bool,
}

#[derive(Clone, Debug)]
enum From<'r> {
    /// As a ring keeps them.
    Ring(&'r Sheet, Place),
    /// As a query has made them.
    Made(Arc<[(Arc<str>, Arc<str>)]>),
}

impl<'r> Labels<'r> {
    pub(in crate::promql) const fn kept(sheet: &'r Sheet, place: Place) -> Self {
        Self { from: From::Ring(sheet, place), nameless: false }
    }

    /// Where a ring keeps them, if they are as they were shown but for the name.
    pub(in crate::promql) const fn place(&self) -> Option<(&'r Sheet, Place)> {
        match self.from {
            From::Ring(sheet, place) => Some((sheet, place)),
            From::Made(_) => None,
        }
    }

    /// The value of a label; empty where there is none, as matchers see it.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        if self.nameless && name == NAME {
            return "";
        }
        match &self.from {
            From::Ring(sheet, place) => {
                let table = sheet.table(place.table);
                let position = sheet.position(table, name);
                position.map_or("", |at| sheet.text(table.cells(place.line as usize)[at]))
            }
            From::Made(pairs) => {
                let found = pairs.binary_search_by(|(key, _)| (**key).cmp(name));
                found.ok().map_or("", |at| &*pairs[at].1)
            }
        }
    }

    /// The metric's name; empty for what was computed.
    #[must_use]
    pub fn name(&self) -> &str {
        self.get(NAME)
    }

    /// Names and values, the metric's name among them.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs().map(|(name, value)| (&**name, &**value))
    }

    fn pairs(&self) -> impl Iterator<Item = (&Arc<str>, &Arc<str>)> {
        let length = match &self.from {
            From::Ring(sheet, place) => sheet.table(place.table).names().len(),
            From::Made(pairs) => pairs.len(),
        };
        (0..length).map(|at| self.pair(at)).filter(|(name, _)| !(self.nameless && ***name == *NAME))
    }

    fn pair(&self, at: usize) -> (&Arc<str>, &Arc<str>) {
        match &self.from {
            From::Ring(sheet, place) => {
                let table = sheet.table(place.table);
                (sheet.text(table.names()[at]), sheet.text(table.cells(place.line as usize)[at]))
            }
            From::Made(pairs) => (&pairs[at].0, &pairs[at].1),
        }
    }

    /// Says whether both are of the same metric.
    pub(in crate::promql) fn same_name(&self, other: &Self) -> bool {
        let is_one_table = match (self.place(), other.place()) {
            (Some((sheet, one)), Some((beside, other))) => std::ptr::eq(sheet, beside) && one.table == other.table,
            _ => false,
        };
        is_one_table && self.nameless == other.nameless || self.name() == other.name()
    }

    /// These labels without the metric's name.
    #[must_use]
    pub fn unnamed(self) -> Self {
        Self { nameless: true, ..self }
    }

    /// Those labels of which the name passes.
    #[must_use]
    pub fn keep(&self, passes: impl Fn(&str) -> bool) -> Self {
        self.pairs()
            .filter(|(name, _)| passes(name))
            .map(|(name, value)| (Arc::clone(name), Arc::clone(value)))
            .collect()
    }

    /// Sets a label, or takes it away if the value is empty.
    pub fn set(&mut self, name: &str, value: &str) {
        let mut pairs: Vec<_> = self.pairs().map(|(name, value)| (Arc::clone(name), Arc::clone(value))).collect();
        match pairs.binary_search_by(|(key, _)| (**key).cmp(name)) {
            Ok(at) if value.is_empty() => drop(pairs.remove(at)),
            Ok(at) => pairs[at].1 = value.into(),
            Err(_) if value.is_empty() => {}
            Err(at) => pairs.insert(at, (name.into(), value.into())),
        }
        *self = pairs.into_iter().collect();
    }

    /// A number that is the same for the same labels, the metric's name left aside.
    pub(in crate::promql) fn hash(&self) -> u64 {
        match &self.from {
            From::Ring(sheet, place) => sheet.table(place.table).hash(place.line as usize),
            From::Made(_) => hash_of(self.iter().filter(|(name, _)| *name != NAME)),
        }
    }
}

/// The number that [`Labels::hash`] gives for these names and values.
pub(in crate::promql) fn hash_of<'l>(pairs: impl Iterator<Item = (&'l str, &'l str)>) -> u64 {
    hash(pairs.map(|(name, value)| (symbols::hash(name), symbols::hash(value))))
}

/// The same from the hashes of names and values, in any order.
pub(super) fn hash(pairs: impl Iterator<Item = (u64, u64)>) -> u64 {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let pair = |(name, value): (u64, u64)| {
        let mixed = (name.rotate_left(23) ^ value).wrapping_mul(ODD);
        mixed ^ (mixed >> 32)
    };
    pairs.map(pair).fold(ODD, u64::wrapping_add)
}

impl Default for Labels<'_> {
    fn default() -> Self {
        std::iter::empty::<(Arc<str>, Arc<str>)>().collect()
    }
}

/// From pairs that are sorted.
impl FromIterator<(Arc<str>, Arc<str>)> for Labels<'_> {
    fn from_iter<I: IntoIterator<Item = (Arc<str>, Arc<str>)>>(pairs: I) -> Self {
        Self { from: From::Made(pairs.into_iter().collect()), nameless: false }
    }
}

impl PartialEq for Labels<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Labels<'_> {}

impl PartialOrd for Labels<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Labels<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.nameless == other.nameless
            && let (Some((sheet, one)), Some((beside, other))) = (self.place(), other.place())
            && std::ptr::eq(sheet, beside)
            && one == other
        {
            return Ordering::Equal;
        }
        self.iter().cmp(other.iter())
    }
}

/// Shows the labels without the metric's name: `region="eu", pod="a-1"`.
impl fmt::Display for Labels<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (name, value)) in self.iter().filter(|(name, _)| *name != NAME).enumerate() {
            write!(f, "{}{name}={}", if at > 0 { ", " } else { "" }, sanitize::quoted(value))?;
        }
        Ok(())
    }
}
