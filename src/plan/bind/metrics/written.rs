//! PromQL blocks of the checklist: each is the query of one metric.

use crate::plan::checklist::Checklist;
use crate::plan::condition;
use crate::plan::conditions::{self, Found};
use crate::plan::markdown::{Entry, Kind};
use std::collections::BTreeSet;

/// A query that stands in the checklist.
#[derive(Clone, Debug)]
pub(super) struct Written {
    pub metric: String,
    pub quantile: Option<f64>,
    pub text: String,
    /// Its opening fence.
    pub entry: Entry,
}

/// A metric and its quantile, in an order.
pub(super) type Name = (String, Option<u64>);

/// Names are the same whatever joins their words, and in any case.
pub(super) fn named(metric: &str, quantile: Option<f64>) -> Name {
    (plain(metric).collect(), quantile.map(f64::to_bits))
}

/// The letters of a name that count.
pub(super) fn plain(name: &str) -> impl Iterator<Item = char> {
    name.chars().flat_map(char::to_lowercase).map(|c| if matches!(c, '-' | '_') { ' ' } else { c })
}

/// The queries of the checklist, the first one for each metric and quantile; and the blocks that are the query of
/// nothing.
pub(super) fn read(list: &Checklist, found: &[Found]) -> (Vec<Written>, Vec<Entry>) {
    let (mut written, mut loose, mut names) = (Vec::new(), Vec::new(), BTreeSet::new());
    let known = found.iter().map(|found| named(&found.condition.metric, found.condition.quantile)).collect();
    for (at, entry, fence) in list.fences().filter(|(_, _, fence)| fence.language == "promql") {
        let Some((metric, quantile)) = around(list, found, at).or_else(|| titled(list, &known, at)) else {
            loose.push(entry.clone());
            continue;
        };
        if names.insert(named(&metric, quantile)) {
            written.push(Written { metric, quantile, text: fence.body.trim().to_owned(), entry: entry.clone() });
        }
    }
    (written, loose)
}

/// The one condition of the item that a block stands in.
fn around(list: &Checklist, found: &[Found], fence: usize) -> Option<(String, Option<f64>)> {
    let item = list.above(fence).next()?;
    let [only] = conditions::of_entry(found, item) else { return None };
    Some((only.condition.metric.clone(), only.condition.quantile))
}

/// The metric that a block's first comment, or the line above it, names.
fn titled(list: &Checklist, known: &BTreeSet<Name>, fence: usize) -> Option<(String, Option<f64>)> {
    let comment = list.entries.get(fence + 1).filter(|entry| entry.kind == Kind::Comment);
    let above =
        fence.checked_sub(1).and_then(|at| list.entries.get(at)).filter(|entry| !matches!(entry.kind, Kind::Fence(_)));
    comment.into_iter().chain(above).find_map(|entry| {
        let (metric, quantile) = condition::name(&entry.text);
        known.contains(&named(&metric, quantile)).then_some((metric, quantile))
    })
}
