//! Boxes of which one is ticked: `YES` / `NO`, `All good → proceed` / `Any bad → rollback`.

use crate::plan::markdown::{Entry, Kind};
use crate::plan::{ChoiceId, answers, words};

/// More answers than this are a list of things to do.
const MOST: usize = 5;

/// The choice that each entry is an answer of.
pub(super) fn find(entries: &[Entry]) -> Vec<Option<ChoiceId>> {
    let list_of = |entry: &Entry| match entry.kind {
        Kind::Item { list: number @ 1.., .. } if entry.ticked().is_some() => Some(number),
        _ => None,
    };
    let boxes = entries.iter().enumerate().filter_map(|(at, entry)| Some((list_of(entry)?, at)));
    let mut boxes: Vec<(u32, usize)> = boxes.collect();
    boxes.sort_unstable();
    let mut choices = vec![None; entries.len()];
    let lists = boxes.chunk_by(|(one, _), (other, _)| one == other);
    for (number, list) in lists.filter_map(|list| exclusive(entries, list)).enumerate() {
        for (_, at) in list {
            choices[*at] = Some(ChoiceId::at(number));
        }
    }
    choices
}

/// The boxes of a list of which one is ticked: all of them where all are outcomes. Right behind a decision
/// point they are the first ones, and may say where they lead in words of their own; the list may go on with what
/// is done next.
fn exclusive<'l>(entries: &[Entry], list: &'l [(u32, usize)]) -> Option<&'l [(u32, usize)]> {
    let is_outcome = |(_, at): &&(u32, usize)| words::is_outcome(entries[*at].key());
    let before = list.first().and_then(|(_, first)| entries.get(first.checked_sub(1)?));
    if before.is_some_and(|before| before.ticked().is_none() && words::is_decision(before.key())) {
        let leads = |own: &&(u32, usize)| is_outcome(own) || answers::leads_to(&entries[own.1].text).is_some();
        let count = list.iter().take_while(leads).count();
        if count >= 2 {
            return list.get(..count).filter(|_| count <= MOST);
        }
    }
    ((2..=MOST).contains(&list.len()) && list.iter().all(|own| is_outcome(&own))).then_some(list)
}
