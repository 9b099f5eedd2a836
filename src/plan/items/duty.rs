//! When an open item stands against GO.

use crate::plan::checklist::Checklist;
use crate::plan::condition;
use crate::plan::markdown::Entry;
use crate::plan::outline::Topic;
use crate::plan::{Duty, words};

/// The duties of all entries; those that are no items have one nobody asks for.
pub(super) fn read(list: &Checklist) -> Vec<Duty> {
    let free = free(list);
    let parents = parents(list, &free);
    let ramp = list.stages.first();
    (0..list.entries.len()).map(|at| duty(list, at, ramp, free[at], parents[at])).collect()
}

fn duty(list: &Checklist, at: usize, ramp: Option<usize>, is_free: bool, is_parent: bool) -> Duty {
    if list.stages.moves.contains(&at) {
        Duty::Moved
    } else if is_free {
        Duty::None
    } else if list.stages.soaks.contains(&at) && condition::of(&list.entries[at]).is_empty() {
        Duty::Soak
    } else if is_parent {
        Duty::Children
    } else if list.stages.of(at).is_some() {
        Duty::Stage
    } else if ramp.is_none_or(|first| at < first || is_prepared_below(list, at, first)) {
        // Without any stage the whole list is what must be done.
        Duty::Start
    } else {
        Duty::None
    }
}

/// Whether a line is said to be done before a ramp that stands above it, as a table of it does. A title that holds
/// the ramp too says nothing of the line.
fn is_prepared_below(list: &Checklist, at: usize, ramp: usize) -> bool {
    list.outline.within(at, Topic::Preparation) && !list.outline.within(ramp, Topic::Preparation)
}

/// Which entries nobody has to tick, by themselves or by what they stand in.
fn free(list: &Checklist) -> Vec<bool> {
    let mut nested: Vec<bool> = Vec::with_capacity(list.entries.len());
    for (at, entry) in list.lines() {
        let by_item = entry.under.is_some_and(|above| nested[above]);
        nested.push(by_item || list.triggers.holds(at) || words::is_optional(entry.key()));
    }
    let last = last_stages(list);
    // A step heading whose commands are the ramp itself.
    let holds_stages = |at: usize, entry: &Entry| {
        entry.level().is_some() && list.outline.of(at).is_some_and(|id| last[id.index()] > Some(at))
    };
    list.lines()
        .map(|(at, entry)| nested[at] || is_blank(entry) || holds_stages(at, entry) || stands_apart(list, at))
        .collect()
}

fn is_blank(entry: &Entry) -> bool {
    entry.text.is_empty() || entry.key().starts_with("other:")
}

/// Sections whose lines are followed only if something happens.
fn stands_apart(list: &Checklist, at: usize) -> bool {
    let topics = [Topic::Trigger, Topic::Rollback, Topic::WatchList, Topic::Optional, Topic::Conditional];
    topics.into_iter().any(|topic| list.outline.within(at, topic))
}

/// The last line of each section that begins a stage.
fn last_stages(list: &Checklist) -> Vec<Option<usize>> {
    let mut last = vec![None; list.outline.sections.len()];
    for start in &list.stages.starts {
        if let Some(id) = list.outline.of(*start) {
            last[id.index()] = last[id.index()].max(Some(*start));
        }
    }
    last
}

/// Which items hold a box that must be ticked.
fn parents(list: &Checklist, free: &[bool]) -> Vec<bool> {
    let mut parents = vec![false; list.entries.len()];
    for (at, _) in list.lines().filter(|(at, entry)| entry.ticked().is_some() && !free[*at]) {
        for above in list.above(at) {
            if std::mem::replace(&mut parents[above], true) {
                break;
            }
        }
    }
    parents
}
