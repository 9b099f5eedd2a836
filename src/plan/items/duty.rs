//! When an open item stands against GO.

use crate::plan::checklist::Checklist;
use crate::plan::condition;
use crate::plan::markdown::Kind;
use crate::plan::{Duty, words};

/// The duty of the item at an entry.
pub(super) fn of(list: &Checklist, at: usize) -> Duty {
    if list.stages.moves.contains(&at) {
        return Duty::Moved;
    }
    if is_free(list, at) {
        return Duty::None;
    }
    if list.stages.soaks.contains(&at) && condition::read(&list.entries[at].text).is_empty() {
        return Duty::Soak;
    }
    if has_required_children(list, at) {
        return Duty::Children;
    }
    if list.stages.of(at).is_some() {
        return Duty::Stage;
    }
    // Without any stage the whole list is what must be done.
    if list.stages.first().is_none_or(|first| at < first) { Duty::Start } else { Duty::None }
}

/// Items that nobody has to tick, wherever they stand.
fn is_free(list: &Checklist, at: usize) -> bool {
    let entry = &list.entries[at];
    let is_optional = |key: &str| words::is_optional(key);
    let is_blank = words::key(&entry.text).starts_with("other:") || entry.text.is_empty();
    let holds_stages = entry.level().is_some() && starts_within(list, at);
    is_blank
        || holds_stages
        || list.triggers.holds(at)
        || is_optional(&words::key(&entry.text))
        || list.above(at).any(|above| list.triggers.holds(above) || is_optional(&words::key(&list.entries[above].text)))
        || list.outline.within(at, |key| {
            words::is_trigger(key) || words::is_rollback(key) || words::is_watch_list(key) || words::is_optional(key)
        })
}

/// A step heading whose commands are the ramp itself.
fn starts_within(list: &Checklist, heading: usize) -> bool {
    let section = list.outline.of(heading);
    list.stages.starts.iter().any(|start| *start > heading && list.outline.of(*start) == section)
}

/// Says whether boxes are nested in an item, at least one of which must be ticked.
fn has_required_children(list: &Checklist, at: usize) -> bool {
    let nested = list.lines().skip(at + 1).take_while(|(below, _)| list.above(*below).any(|above| above == at));
    let mut boxes = nested.filter(|(_, entry)| entry.ticked().is_some() && matches!(entry.kind, Kind::Item { .. }));
    boxes.any(|(below, _)| !is_free(list, below))
}
