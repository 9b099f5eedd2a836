//! Which of several lines that name a share is the stage: headings before what lists or foresees them.

use super::{Start, StartKind, is_elsewhere, is_verifying, is_watching, share};
use crate::order;
use crate::plan::markdown::{Entry, Kind};
use crate::plan::outline::Outline;
use crate::plan::words;
use std::collections::BTreeSet;

/// Leaves out lines that stand before the headings which are the ramp: a table of contents, `1. 10% rollout` above
/// `## Phase 1: 10% rollout`, and what a step says comes next, `If stable, go to 25%`.
pub(super) fn in_order(starts: Vec<Start>, entries: &[Entry]) -> Vec<Start> {
    let headings = order::set(starts.iter().filter(|start| is_heading(start, entries)).map(|s| s.entry));
    // The shares that headings behind a place move to, and those that any line does.
    let mut titled: BTreeSet<u64> = BTreeSet::new();
    let mut behind: BTreeSet<u64> = BTreeSet::new();
    let mut kept: Vec<Start> = Vec::with_capacity(starts.len());
    for start in starts.into_iter().rev() {
        let Some(share) = start.share() else {
            kept.push(start);
            continue;
        };
        let (share, entry) = (share.to_bits(), &entries[start.entry]);
        let is_heading = headings.contains(&start.entry);
        // A table of stages says more than their headings.
        let is_listed = headings.len() > 1 && titled.contains(&share) && entry.row().is_none();
        if !is_heading && (is_listed || (behind.contains(&share) && is_foreseen(entry))) {
            continue;
        }
        if is_heading {
            titled.insert(share);
        }
        behind.insert(share);
        kept.push(start);
    }
    kept.reverse();
    kept
}

/// Says whether a step only foresees what a row of an overview behind it moves to.
pub(super) fn is_told_again(step: &Start, overview: &[Start], entries: &[Entry]) -> bool {
    let is_later = |row: &Start| row.entry > step.entry && row.share() == step.share();
    step.share().is_some() && is_foreseen(&entries[step.entry]) && overview.iter().any(is_later)
}

/// Adds headings that say no more than their share, `### Most of them (50%)`, beside one that is a stage.
pub(super) fn with_siblings(mut starts: Vec<Start>, entries: &[Entry], outline: &Outline) -> Vec<Start> {
    let shares = starts.iter().filter(|start| start.share().is_some());
    let levels = order::set(shares.filter_map(|start| entries[start.entry].level()));
    if levels.is_empty() {
        return starts;
    }
    let known = order::set(starts.iter().map(|start| start.entry));
    let is_sibling = |at: &usize| {
        let entry = &entries[*at];
        entry.level().is_some_and(|level| levels.contains(&level))
            && !known.contains(at)
            && !is_elsewhere(outline, *at)
            && !is_watching(entry)
            && !is_verifying(entry)
            && !words::is_decision(entry.key())
    };
    let named = (0..entries.len()).filter(is_sibling).filter_map(|entry| {
        let inside = in_parentheses(&entries[entry].text)?;
        let [share] = share::moved(&entries[entry].text)[..] else { return None };
        (share::named(inside) == [share]).then_some(Start { entry, kind: StartKind::Ramp(share), soak: None })
    });
    starts.extend(named);
    order::by_key(&mut starts, |start| start.entry);
    starts
}

fn is_heading(start: &Start, entries: &[Entry]) -> bool {
    start.share().is_some() && entries[start.entry].level().is_some()
}

/// A bullet inside a step that says what is done once it went well.
fn is_foreseen(entry: &Entry) -> bool {
    const BEGINNINGS: [&str; 5] = ["if ", "once ", "when ", "then ", "next"];
    matches!(entry.kind, Kind::Item { depth: 1.., .. })
        && entry.ticked().is_none()
        && BEGINNINGS.iter().any(|start| entry.key().starts_with(start))
}

fn in_parentheses(text: &str) -> Option<&str> {
    let (_, behind) = text.split_once('(')?;
    behind.split_once(')').map(|(inside, _)| inside)
}
