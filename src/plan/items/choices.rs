//! Boxes of which one is ticked: `YES` / `NO`, `All good → proceed` / `Any bad → rollback`.

use crate::plan::checklist::Checklist;
use crate::plan::markdown::Kind;
use crate::plan::{ChoiceId, words};
use std::collections::BTreeMap;

/// More answers than this are a list of things to do.
const MOST: usize = 5;

/// The choice each entry is an answer of: lists of two and more boxes that are all outcomes.
pub(super) fn find(list: &Checklist) -> BTreeMap<usize, ChoiceId> {
    let mut lists: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, entry) in list.lines().filter(|(_, entry)| entry.ticked().is_some()) {
        if let Kind::Item { list: number @ 1.., .. } = entry.kind {
            lists.entry(number).or_default().push(at);
        }
    }
    let choices = lists.into_values().filter_map(|boxes| answers(list, boxes)).enumerate();
    choices.flat_map(|(number, boxes)| boxes.into_iter().map(move |at| (at, ChoiceId::at(number)))).collect()
}

/// The boxes of a list of which one is ticked: all of them where all are outcomes. Right behind a decision
/// point they are the first ones, each of which also says in words of its own where it leads; the list may go
/// on with what is done next.
fn answers(list: &Checklist, mut boxes: Vec<usize>) -> Option<Vec<usize>> {
    let entry = |at: usize| &list.entries[at];
    let is_outcome = |at: &usize| words::is_outcome(entry(*at).key());
    let before = boxes.first().and_then(|first| first.checked_sub(1)).map(entry);
    if before.is_some_and(|before| before.ticked().is_none() && words::is_decision(before.key())) {
        let count = boxes.iter().take_while(|at| is_outcome(at) || leads_on(&entry(**at).text)).count();
        if count >= 2 {
            boxes.truncate(count);
            return (count <= MOST).then_some(boxes);
        }
    }
    ((2..=MOST).contains(&boxes.len()) && boxes.iter().all(is_outcome)).then_some(boxes)
}

/// `All of it holds → delete the old one`.
fn leads_on(text: &str) -> bool {
    ["→", "->", "=>"].iter().any(|arrow| text.contains(arrow))
}
