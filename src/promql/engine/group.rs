//! Which elements belong together: those of a vector by the labels of `by` and `without`.

use super::Element;
use crate::promql::samples::{Labels, NAME, Place, Sheet, Symbol, Table};
use promql_parser::parser::LabelModifier;
use std::collections::BTreeMap;

/// The labels that tell one group from another.
#[derive(Clone, Copy, Debug)]
pub(super) enum By<'m> {
    Nothing,
    These(&'m [String]),
    /// All but these and the metric's name.
    AllBut(&'m [String]),
}

impl<'m> By<'m> {
    pub(super) fn of(modifier: Option<&'m LabelModifier>) -> Self {
        match modifier {
            None => Self::Nothing,
            Some(LabelModifier::Include(by)) => Self::These(&by.labels),
            Some(LabelModifier::Exclude(without)) => Self::AllBut(&without.labels),
        }
    }

    fn tells(self, name: &str) -> bool {
        match self {
            Self::Nothing => false,
            Self::These(by) => by.iter().any(|label| label == name),
            Self::AllBut(without) => name != NAME && !without.iter().any(|label| label == name),
        }
    }

    /// The labels of the group that an element with these belongs to.
    pub(super) fn labels<'r>(self, labels: &Labels<'r>) -> Labels<'r> {
        labels.keep(|name| self.tells(name))
    }

    /// The members of each group, in their order. Of a hundred thousand elements few groups come: the
    /// labels of a group are made once, not for each of its members.
    pub(super) fn group<'v, 'r>(self, vector: &'v [Element<'r>]) -> Vec<Vec<&'v Element<'r>>> {
        let mut groups = Groups::new(self);
        let mut members: Vec<Vec<&Element<'r>>> = Vec::new();
        for element in vector {
            let number = groups.number(&element.labels);
            match members.get_mut(number) {
                Some(group) => group.push(element),
                None => members.push(vec![element]),
            }
        }
        members
    }
}

/// The groups found so far, numbered.
pub(super) struct Groups<'m, 'r> {
    by: By<'m>,
    known: BTreeMap<Labels<'r>, usize>,
    near: Option<Near<'r>>,
}

/// The groups of one table, whose elements stand side by side in most vectors.
struct Near<'r> {
    sheet: &'r Sheet,
    number: u32,
    table: &'r Table,
    /// Where the labels stand that tell groups apart.
    positions: Vec<usize>,
    known: BTreeMap<Vec<Symbol>, usize>,
    last: Option<(Vec<Symbol>, usize)>,
}

impl<'m, 'r> Groups<'m, 'r> {
    pub(super) const fn new(by: By<'m>) -> Self {
        Self { by, known: BTreeMap::new(), near: None }
    }

    /// The number of the group that an element with these labels belongs to: one that is not known is the next.
    pub(super) fn number(&mut self, labels: &Labels<'r>) -> usize {
        if matches!(self.by, By::Nothing) {
            return 0;
        }
        // A made name is told by the metric's name; the table knows only the one that was shown.
        let Some((sheet, place)) = labels.place().filter(|_| !self.by.tells(NAME)) else {
            return self.far(labels);
        };
        let near = match self.near.take() {
            Some(near) if near.is_of(sheet, place) => near,
            _ => Near::new(sheet, place, self.by),
        };
        let near = self.near.insert(near);
        let cells = near.table.cells(place.line as usize);
        if let Some((last, number)) = &near.last
            && near.positions.iter().zip(last).all(|(at, symbol)| cells[*at] == *symbol)
        {
            return *number;
        }
        let key: Vec<Symbol> = near.positions.iter().map(|at| cells[*at]).collect();
        let number = match near.known.get(&key) {
            Some(number) => *number,
            None => self.far(labels),
        };
        if let Some(near) = &mut self.near {
            near.known.insert(key.clone(), number);
            near.last = Some((key, number));
        }
        number
    }

    fn far(&mut self, labels: &Labels<'r>) -> usize {
        let next = self.known.len();
        *self.known.entry(self.by.labels(labels)).or_insert(next)
    }
}

impl<'r> Near<'r> {
    fn new(sheet: &'r Sheet, place: Place, by: By<'_>) -> Self {
        let table = sheet.table(place.table);
        let names = table.names().iter().enumerate();
        let positions = names.filter(|(_, name)| by.tells(sheet.text(**name))).map(|(at, _)| at).collect();
        Self { sheet, number: place.table, table, positions, known: BTreeMap::new(), last: None }
    }

    fn is_of(&self, sheet: &Sheet, place: Place) -> bool {
        std::ptr::eq(self.sheet, sheet) && self.number == place.table
    }
}
