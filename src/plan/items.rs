//! Lines to tick: the boxes, or the steps of a checklist that has none.

mod choices;
mod duty;

use super::checklist::Checklist;
use super::markdown::{Entry, Kind, Mark};
use super::outline::Outline;
use super::{ChoiceId, Item, ItemId, ItemKind};
use crate::order;
use std::collections::BTreeSet;

/// The item that each entry is, in the order of the text.
pub(super) fn number(entries: &[Entry], outline: &Outline) -> Vec<Option<ItemId>> {
    let has_boxes = entries.iter().any(|entry| entry.ticked().is_some());
    let steps = if has_boxes { BTreeSet::new() } else { steps(entries, outline) };
    let mut count = 0;
    let mut next = |is_item: bool| {
        is_item.then(|| {
            count += 1;
            ItemId::at(count - 1)
        })
    };
    (0..entries.len()).map(|at| next(entries[at].ticked().is_some() || steps.contains(&at))).collect()
}

/// Headings that hold commands, in a checklist without boxes.
fn steps(entries: &[Entry], outline: &Outline) -> BTreeSet<usize> {
    let commands =
        entries.iter().enumerate().filter(|(_, entry)| entry.fence().is_some_and(|fence| fence.language != "promql"));
    let with_commands = order::set(commands.filter_map(|(at, _)| outline.of(at)));
    let holds =
        |at: &usize| entries[*at].level().is_some() && outline.of(*at).is_some_and(|id| with_commands.contains(&id));
    (0..entries.len()).filter(holds).collect()
}

/// The choice that each entry is an answer of.
pub(super) fn choices(entries: &[Entry]) -> Vec<Option<ChoiceId>> {
    choices::find(entries)
}

/// All items with what they are part of.
pub(super) fn read(list: &Checklist) -> Vec<Item> {
    let duties = duty::read(list);
    let places = list.lines().filter(|(at, _)| list.item(*at).is_some());
    places
        .map(|(at, entry)| Item {
            text: entry.text.clone(),
            line: entry.line,
            depth: match entry.kind {
                Kind::Item { depth, .. } => depth,
                _ => 0,
            },
            section: list.outline.of(at),
            parent: list.above(at).find_map(|above| list.item(above)),
            kind: if entry.ticked().is_some() { ItemKind::Task } else { ItemKind::Step },
            ticked: entry.ticked().unwrap_or(false),
            stage: list.stages.of(at),
            duty: duties[at],
            choice: list.choices[at],
        })
        .collect()
}

/// How many boxes Markdown does not know as such.
pub(super) fn unknown_boxes(entries: &[Entry]) -> impl Iterator<Item = &Entry> {
    let is_sign = |kind: &Kind| matches!(kind, Kind::Item { mark: Mark::Sign { .. }, .. });
    entries.iter().filter(move |entry| is_sign(&entry.kind) || entry.row().is_some_and(|row| row.ticked.is_some()))
}

#[cfg(test)]
mod tests;
