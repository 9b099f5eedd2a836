//! `[cutover]`: when, for how long, where, and what cannot be undone.

use super::At;
use super::table::Table;
use crate::text::Millis;
use chrono::DateTime;

#[derive(Debug, Default)]
pub(in crate::plan) struct CutoverBinding {
    /// Unix milliseconds.
    pub at: Option<i64>,
    pub window: Option<Millis>,
    pub rollback: Option<Millis>,
    pub no_return: Vec<At<String>>,
    /// The regions that `$region` stands for.
    pub regions: Vec<String>,
}

#[expect(clippy::unnecessary_wraps, reason = "the readers of tables share one shape")]
pub(super) fn cutover(table: &mut Table<'_, '_>) -> Option<CutoverBinding> {
    Some(CutoverBinding {
        at: planned(table),
        window: table.duration("window"),
        rollback: table.duration("rollback"),
        no_return: table.texts("no_return"),
        regions: regions(table),
    })
}

fn planned(table: &mut Table<'_, '_>) -> Option<i64> {
    let said = table.text("at")?;
    match DateTime::parse_from_rfc3339(said.value.trim()) {
        Ok(time) => Some(time.timestamp_millis()),
        Err(_) => {
            let help = Some("a time is written 2026-03-14T02:00:00Z, or with +01:00 in the place of Z".to_owned());
            table.complain(&said.span, format!("\"{}\" is no time", said.value), help);
            None
        }
    }
}

fn regions(table: &mut Table<'_, '_>) -> Vec<String> {
    let mut regions: Vec<String> = Vec::new();
    for region in table.texts("regions") {
        if region.value.trim().is_empty() || regions.contains(&region.value) {
            let message = format!("the region \"{}\" is empty or named twice", region.value);
            table.complain(&region.span, message, None);
        } else {
            regions.push(region.value);
        }
    }
    regions
}
