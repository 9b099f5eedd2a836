//! A checklist that has been read: its lines, and what each of them is part of.

use super::diagnostic::Diagnostic;
use super::markdown::{Entry, Fence};
use super::outline::Outline;
use super::stages::{self, Stages};
use super::triggers::{self, TriggerLines};
use super::words::{List, Marks};
use super::{ChoiceId, ItemId, items};
use crate::cores::both;

/// Fewer lines are read before another core has begun.
pub(super) const LONG: usize = 20_000;

#[derive(Debug)]
pub(super) struct Checklist {
    pub entries: Vec<Entry>,
    pub outline: Outline,
    pub stages: Stages,
    pub triggers: TriggerLines,
    /// Beside the entries, close together: a word that few lines have is looked for in all of them.
    marks: Vec<Marks>,
    /// Those that are blocks of code.
    fences: Vec<usize>,
    /// Beside the entries.
    items: Vec<Option<ItemId>>,
    /// Which choice each entry is an answer of, beside the entries.
    pub choices: Vec<Option<ChoiceId>>,
    pub diagnostics: Vec<Diagnostic>,
}

impl Checklist {
    #[cfg(test)]
    pub(super) fn read(text: &str) -> Self {
        Self::of(super::markdown::read(text))
    }

    /// Reads what the lines of a checklist are part of.
    pub(super) fn of(entries: Vec<Entry>) -> Self {
        let is_long = entries.len() > LONG;
        let (outline, choices) = both(is_long, || Outline::read(&entries), || items::choices(&entries));
        let marks = || entries.iter().map(|entry| entry.key().marks()).collect();
        let fences = || (0..entries.len()).filter(|at| entries[*at].fence().is_some()).collect();
        let (mut stages, (triggers, items, marks, fences)) = both(
            is_long,
            || stages::read(&entries, &outline),
            || (triggers::find(&entries, &outline), items::number(&entries, &outline), marks(), fences()),
        );
        let diagnostics = std::mem::take(&mut stages.diagnostics);
        Self { entries, outline, stages, triggers, marks, fences, items, choices, diagnostics }
    }

    /// Says whether it has so many lines that several cores read it sooner.
    pub(super) const fn is_long(&self) -> bool {
        self.entries.len() > LONG
    }

    /// The item that an entry is.
    pub(super) fn item(&self, entry: usize) -> Option<ItemId> {
        self.items.get(entry).copied().flatten()
    }

    /// The innermost item that an entry stands in.
    pub(super) fn item_around(&self, entry: usize) -> Option<ItemId> {
        self.item(entry).or_else(|| self.above(entry).find_map(|at| self.item(at)))
    }

    /// The list items that an entry stands in, innermost first.
    pub(super) fn above(&self, entry: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(self.entries[entry].under, |at| self.entries[*at].under)
    }

    /// The entries that have a word of a list, with their places.
    pub(super) fn having(&self, list: List) -> impl Iterator<Item = (usize, &Entry)> {
        let places = self.marks.iter().enumerate().filter(move |(_, marks)| marks.has(list));
        places.map(|(at, _)| (at, &self.entries[at]))
    }

    /// The blocks of code, with their places.
    pub(super) fn fences(&self) -> impl Iterator<Item = (usize, &Entry, &Fence)> {
        self.fences.iter().filter_map(|at| Some((*at, &self.entries[*at], self.entries[*at].fence()?)))
    }

    /// All entries with their places.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, &Entry)> {
        self.entries.iter().enumerate()
    }
}
