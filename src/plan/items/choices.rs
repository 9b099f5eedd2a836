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
    let is_choice = |boxes: &Vec<usize>| {
        (2..=MOST).contains(&boxes.len()) && boxes.iter().all(|at| words::is_outcome(list.entries[*at].key()))
    };
    let lists = lists.into_values().map(|boxes| answers(list, boxes));
    let choices = lists.filter(is_choice).enumerate();
    choices.flat_map(|(number, boxes)| boxes.into_iter().map(move |at| (at, ChoiceId::at(number)))).collect()
}

/// Right behind a decision point the list may go on with what is done next: its answers are the first.
fn answers(list: &Checklist, mut boxes: Vec<usize>) -> Vec<usize> {
    let is_asked = boxes.first().and_then(|first| first.checked_sub(1)).is_some_and(|before| {
        let before = &list.entries[before];
        before.ticked().is_none() && words::is_decision(before.key())
    });
    let is_answer = |at: &&usize| words::is_outcome(list.entries[**at].key());
    if is_asked {
        let count = boxes.iter().take_while(is_answer).count();
        boxes.truncate(if count >= 2 { count } else { boxes.len() });
    }
    boxes
}
