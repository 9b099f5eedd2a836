//! Ramps told at one glance: a table with a share in each row, or a row of arrows.

use super::{Start, StartKind, is_elsewhere, rank, share};
use crate::cores::gathered;
use crate::order;
use crate::plan::checklist::LONG;
use crate::plan::markdown::{Entry, Head, Kind, Row};
use crate::plan::outline::Outline;
use crate::plan::tokens;
use crate::plan::words::{self, List};
use std::collections::BTreeMap;
use std::sync::Arc;

/// More words than this in a cell are a sentence.
const LONGEST: usize = 5;

/// The stages that tables and rows of arrows name.
pub(super) fn read(entries: &[Entry], outline: &Outline) -> Vec<Start> {
    let of = |at: usize| row(entries, at).into_iter().chain(listing(entries, at));
    gathered(0..entries.len(), LONG, &|places| places.filter(|at| !is_elsewhere(outline, *at)).flat_map(of).collect())
}

/// Puts steps and overviews together: what is a step to tick is not taken from an overview again,
/// but takes its soak from there if it has none. With the rows of tables that have no step of their own.
pub(super) fn merge(mut steps: Vec<Start>, overview: Vec<Start>, entries: &[Entry]) -> (Vec<Start>, Vec<Start>) {
    steps.retain(|step| !rank::is_told_again(step, &overview, entries));
    let in_steps = order::set(steps.iter().filter_map(bits));
    let in_overview = order::set(overview.iter().filter_map(bits));
    let repeated = overview.iter().filter_map(bits).filter(|share| in_steps.contains(share)).count();
    let is_whole =
        in_steps.is_subset(&in_overview) && overview.iter().all(|start| entries[start.entry].row().is_some());
    if repeated > 0 && (repeated * 2 >= overview.len() || is_whole) {
        let of_table = |start: &Start| entries[start.entry].row().map(|row| Arc::as_ptr(&row.head));
        // A table of something else may have a share in it, too.
        let is_told = |start: &Start| bits(start).is_some_and(|share| in_steps.contains(&share));
        let told: Vec<_> = overview.iter().filter(|start| is_told(start)).filter_map(of_table).collect();
        let rows = overview.iter().filter(|start| of_table(start).is_some_and(|table| told.contains(&table)));
        let missing = distinct(
            rows.filter(|start| bits(start).is_some_and(|share| !in_steps.contains(&share))).cloned().collect(),
        );
        let mut soaks = BTreeMap::new();
        for (share, soak) in overview.into_iter().filter_map(|start| Some((bits(&start)?, start.soak?))) {
            soaks.entry(share).or_insert(soak);
        }
        for step in &mut steps {
            step.soak = bits(step).and_then(|share| soaks.get(&share).cloned());
        }
        return (steps, missing);
    }
    steps.extend(distinct(overview));
    order::by_key(&mut steps, |start| start.entry);
    debug_assert!(steps.iter().all(|start| start.entry < entries.len()));
    (steps, Vec::new())
}

/// Of a table and a row of arrows that say the same, the one that comes first.
fn distinct(overview: Vec<Start>) -> Vec<Start> {
    let mut kept: Vec<Start> = Vec::new();
    let mut places = BTreeMap::new();
    for start in overview {
        let place = *places.entry(bits(&start)).or_insert(kept.len());
        match kept.get_mut(place) {
            Some(kept) => kept.soak = kept.soak.take().or(start.soak),
            None => kept.push(start),
        }
    }
    kept
}

/// A share as a key: the same figure is the same stage.
fn bits(start: &Start) -> Option<u64> {
    start.share().map(f64::to_bits)
}

/// A row of a table of stages: one cell that moves traffic, by its own words or its column's.
fn row(entries: &[Entry], at: usize) -> Option<Start> {
    let Row { cells, head, .. } = entries[at].row()?;
    // Shares of a score are weights, not traffic.
    if head.keys.iter().any(|head| head.has(List::Scored)) {
        return None;
    }
    let (column, share) = (0..cells.len()).find_map(|column| {
        let [share] = share::moved(&cells[column])[..] else { return None };
        // A sentence of a table may speak of a phase and of a share, and move nothing.
        let is_short = cells[column].split_whitespace().count() <= LONGEST;
        let is_traffic = says_traffic(head, column) || (is_short && words::is_moving(&words::key(&cells[column])));
        is_traffic.then_some((column, share))
    })?;
    let soak = cells.iter().skip(column).find_map(|cell| tokens::spans(&tokens::cut(cell)).into_iter().next());
    Some(Start { entry: at, kind: StartKind::Ramp(share), soak })
}

/// Says whether a column's head speaks of traffic: by itself, or as `%` in a table of stages.
fn says_traffic(head: &Head, column: usize) -> bool {
    let Some((key, written)) = head.keys.get(column).zip(head.cells.get(column)) else { return false };
    let is_bare = written.trim() == "%" || key.has(List::ColumnShare);
    let is_of_stages = head.keys.iter().any(|key| key.has(List::ColumnStage));
    !words::is_not_moving(key) && if is_bare { is_of_stages } else { words::is_moving(key) }
}

/// The stages of `1% → 10% → 100%`.
fn listing(entries: &[Entry], at: usize) -> Vec<Start> {
    let entry = &entries[at];
    let can_list = !matches!(entry.kind, Kind::Row(_) | Kind::Fence(_));
    // Most lines name no share, and most that do name it alone.
    if !can_list || !share::may_be_named(&entry.text, entry.signs()) || !share::is_listing(&entry.text) {
        return Vec::new();
    }
    let shares = share::moved(super::asked(entry));
    if shares.len() < 2 || !share::speaks_of_moving(&entry.text) {
        return Vec::new();
    }
    shares.into_iter().map(|share| Start { entry: at, kind: StartKind::Ramp(share), soak: None }).collect()
}
