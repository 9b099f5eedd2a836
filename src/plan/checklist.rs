//! A checklist that has been read: its lines, and what each of them is part of.

use super::both::both;
use super::diagnostic::Diagnostic;
use super::markdown::Entry;
use super::outline::Outline;
use super::stages::{self, Stages};
use super::triggers::{self, TriggerLines};
use super::{ChoiceId, ItemId, items};

#[derive(Debug)]
pub(super) struct Checklist {
    pub entries: Vec<Entry>,
    pub outline: Outline,
    pub stages: Stages,
    pub triggers: TriggerLines,
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
        let outline = Outline::read(&entries);
        let (mut stages, (triggers, items, choices)) = both(
            entries.len(),
            || stages::read(&entries, &outline),
            || {
                let triggers = triggers::find(&entries, &outline);
                (triggers, items::number(&entries, &outline), items::choices(&entries))
            },
        );
        let diagnostics = std::mem::take(&mut stages.diagnostics);
        Self { entries, outline, stages, triggers, items, choices, diagnostics }
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

    /// All entries with their places.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, &Entry)> {
        self.entries.iter().enumerate()
    }
}
