//! `[alerts]`: what is watched beside the gates.

use super::At;
use super::table::Table;
use std::collections::BTreeMap;
use std::ops::Range;

#[derive(Debug)]
pub(in crate::plan) struct AlertsBinding {
    pub source: Option<At<String>>,
    pub labels: BTreeMap<String, String>,
    pub phrases: Vec<At<String>>,
    pub span: Range<usize>,
}

#[expect(clippy::unnecessary_wraps, reason = "the readers of tables share one shape")]
pub(super) fn alerts(table: &mut Table<'_, '_>) -> Option<AlertsBinding> {
    Some(AlertsBinding {
        source: table.text("source"),
        labels: table.strings("match"),
        phrases: table.texts("phrases"),
        span: table.span(),
    })
}
