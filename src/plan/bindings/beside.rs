//! `[alerts]`, `[traffic]`, `[build]`, `[cutover]`: what is watched beside the gates.

use super::At;
use super::table::Table;
use crate::text::{Millis, Unit};
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

#[derive(Debug)]
pub(in crate::plan) struct TrafficBinding {
    pub query: At<String>,
    pub source: Option<At<String>>,
    pub unit: Option<At<Unit>>,
    pub tolerance: f64,
    pub traffic: Option<At<String>>,
    pub min_traffic: Option<f64>,
    pub max_age: Option<Millis>,
    pub span: Range<usize>,
}

/// So many percentage points beside the stage's share agree with it, where nothing else is said.
const TOLERANCE: f64 = 3.0;

pub(super) fn traffic(table: &mut Table<'_, '_>) -> Option<TrafficBinding> {
    let (source, unit) = (table.text("source"), table.unit("unit"));
    let tolerance = table.percent("tolerance").unwrap_or(TOLERANCE);
    let (traffic, min_traffic) = (table.text("traffic"), table.number("min_traffic"));
    let max_age = table.duration("max_age");
    let query = table.required("query", Table::text)?;
    Some(TrafficBinding { query, source, unit, tolerance, traffic, min_traffic, max_age, span: table.span() })
}

#[derive(Debug)]
pub(in crate::plan) struct BuildBinding {
    pub query: At<String>,
    pub source: Option<At<String>>,
    pub label: String,
    pub max_age: Option<Millis>,
    pub span: Range<usize>,
}

pub(super) fn build(table: &mut Table<'_, '_>) -> Option<BuildBinding> {
    let (source, label) = (table.text("source"), table.text("label"));
    let max_age = table.duration("max_age");
    let query = table.required("query", Table::text)?;
    let label = label.map_or_else(|| "version".to_owned(), |label| label.value);
    Some(BuildBinding { query, source, label, max_age, span: table.span() })
}
