//! Ramps told at one glance: a table with a share in each row, or a row of arrows.

use super::{Start, StartKind, is_elsewhere, share};
use crate::plan::markdown::{Entry, Kind};
use crate::plan::outline::Outline;
use crate::plan::tokens;
use crate::plan::words;

/// The stages that tables and rows of arrows name.
pub(super) fn read(entries: &[Entry], outline: &Outline) -> Vec<Start> {
    let places = (0..entries.len()).filter(|at| !is_elsewhere(outline, *at));
    places.flat_map(|at| row(entries, at).into_iter().chain(listing(entries, at))).collect()
}

/// Puts steps and overviews together: what is a step to tick is not taken from an overview again,
/// but takes its soak from there if it has none.
pub(super) fn merge(mut steps: Vec<Start>, overview: Vec<Start>, entries: &[Entry]) -> Vec<Start> {
    let in_steps = |start: &Start| steps.iter().any(|step| step.share() == start.share());
    let repeated = overview.iter().filter(|start| in_steps(start)).count();
    if repeated > 0 && repeated * 2 >= overview.len() {
        for step in steps.iter_mut().filter(|step| step.share().is_some()) {
            let same = overview.iter().filter(|start| start.share() == step.share());
            step.soak = same.filter_map(|start| start.soak.clone()).next();
        }
        return steps;
    }
    steps.extend(distinct(overview));
    steps.sort_by_key(|start| start.entry);
    debug_assert!(steps.iter().all(|start| start.entry < entries.len()));
    steps
}

/// Of a table and a row of arrows that say the same, the one that comes first.
fn distinct(overview: Vec<Start>) -> Vec<Start> {
    let mut kept: Vec<Start> = Vec::new();
    for start in overview {
        match kept.iter_mut().find(|kept| kept.kind == start.kind) {
            Some(kept) => kept.soak = kept.soak.take().or(start.soak),
            None => kept.push(start),
        }
    }
    kept
}

/// A row of a table of stages: one cell with a share, under a heading that speaks of traffic or
/// of stages.
fn row(entries: &[Entry], at: usize) -> Option<Start> {
    let Kind::Row { cells, head } = &entries[at].kind else { return None };
    let speaks = |cell: &str| {
        let key = words::key(cell);
        words::is_moving(&key)
            || words::has(&key, &["%", "percent", "percentage", "share", "wave", "tráfego", "verkehr"])
    };
    let column =
        (0..cells.len().min(head.len())).find(|column| speaks(&head[*column]) || head[*column].contains('%'))?;
    // `Stage | Traffic`: the share stands in the later of two columns that speak of it.
    let (at_column, share) =
        (column..cells.len()).take(3).find_map(|column| match share::moved(&cells[column]).as_slice() {
            [share] => Some((column, *share)),
            _ => None,
        })?;
    let is_stage = share::speaks_of_moving(&cells[at_column]) || speaks(head.get(at_column)?);
    let soak = cells.iter().skip(at_column).find_map(|cell| tokens::spans(&tokens::cut(cell)).into_iter().next());
    is_stage.then_some(Start { entry: at, kind: StartKind::Ramp(share), soak })
}

/// The stages of `1% → 10% → 100%`.
fn listing(entries: &[Entry], at: usize) -> Vec<Start> {
    let entry = &entries[at];
    let can_list = !matches!(entry.kind, Kind::Row { .. } | Kind::Fence { .. });
    let shares = share::moved(&entry.text);
    if !can_list || shares.len() < 2 || !share::is_listing(&entry.text) || !share::speaks_of_moving(&entry.text) {
        return Vec::new();
    }
    shares.into_iter().map(|share| Start { entry: at, kind: StartKind::Ramp(share), soak: None }).collect()
}
