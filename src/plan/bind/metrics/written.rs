//! PromQL blocks of the checklist: each is the query of one metric.

use crate::plan::checklist::Checklist;
use crate::plan::condition;
use crate::plan::conditions::Found;
use crate::plan::markdown::{Entry, Kind};

/// A query that stands in the checklist.
#[derive(Clone, Debug)]
pub(super) struct Written {
    pub metric: String,
    pub quantile: Option<f64>,
    pub text: String,
    /// Its opening fence.
    pub entry: Entry,
}

/// The queries of the checklist, the first one for each metric and quantile.
pub(super) fn read(list: &Checklist, found: &[Found]) -> Vec<Written> {
    let mut written: Vec<Written> = Vec::new();
    for (at, entry) in list.lines() {
        let Kind::Fence { language, body, .. } = &entry.kind else { continue };
        if language != "promql" {
            continue;
        }
        let Some((metric, quantile)) = around(list, found, at).or_else(|| titled(list, found, at)) else { continue };
        if !written.iter().any(|w| w.metric == metric && w.quantile == quantile) {
            written.push(Written { metric, quantile, text: body.trim().to_owned(), entry: entry.clone() });
        }
    }
    written
}

/// The one condition of the item that a block stands in.
fn around(list: &Checklist, found: &[Found], fence: usize) -> Option<(String, Option<f64>)> {
    let item = list.above(fence).next()?;
    let mut inside = found.iter().filter(|found| found.entry == item);
    let only = inside.next().filter(|_| inside.next().is_none())?;
    Some((only.condition.metric.clone(), only.condition.quantile))
}

/// The metric that a block's first comment, or the line above it, names.
fn titled(list: &Checklist, found: &[Found], fence: usize) -> Option<(String, Option<f64>)> {
    let comment = list.entries.get(fence + 1).filter(|entry| entry.kind == Kind::Comment);
    let above = fence
        .checked_sub(1)
        .and_then(|at| list.entries.get(at))
        .filter(|entry| !matches!(entry.kind, Kind::Fence { .. }));
    comment.into_iter().chain(above).find_map(|entry| {
        let (metric, quantile) = condition::name(&entry.text);
        let is_known = found.iter().any(|f| f.condition.metric == metric && f.condition.quantile == quantile);
        is_known.then_some((metric, quantile))
    })
}
