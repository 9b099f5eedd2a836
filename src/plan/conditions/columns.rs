//! Rows of tables: `| Error rate | < 0.1% | < 1% | > 5% |`, each column with its own meaning.

use crate::plan::condition::{self, Certainty, Comparison};
use crate::plan::markdown::{Head, Row};
use crate::plan::words::{Key, List};
use crate::plan::{Op, Role};
use crate::text::{Millis, Unit};

/// What the head of a column makes of its cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Limit,
    /// What would be better still.
    Target,
    /// What was, or what is.
    Value,
    /// When somebody is called.
    Warning,
    Critical,
    /// When it is taken back.
    Rollback,
    /// For how long.
    Window,
}

impl Column {
    fn of(head: &Key) -> Self {
        const MEANINGS: [(Column, List); 6] = [
            (Column::Rollback, List::ColumnRollback),
            (Column::Warning, List::ColumnWarning),
            (Column::Critical, List::ColumnCritical),
            (Column::Window, List::ColumnWindow),
            (Column::Value, List::ColumnValue),
            (Column::Target, List::ColumnTarget),
        ];
        MEANINGS.iter().find(|(_, list)| head.has(*list)).map_or(Self::Limit, |(column, _)| *column)
    }

    /// Says whether a cell under it is a condition of a row with this role.
    fn counts(self, role: Role, beside: &[Self]) -> bool {
        let has = |column: Self| beside.contains(&column);
        match self {
            Self::Value | Self::Window => false,
            Self::Rollback => true,
            Self::Critical => role == Role::Trigger && !has(Self::Rollback),
            Self::Warning => role == Role::Trigger && !has(Self::Rollback) && !has(Self::Critical),
            Self::Target => role == Role::Gate && !has(Self::Limit),
            Self::Limit => role == Role::Gate || !(has(Self::Rollback) || has(Self::Critical)),
        }
    }
}

/// The comparisons of a row, each with its role: that of the row, or of a column for rollbacks.
pub(super) fn read(row: &Row, role: Role) -> Vec<(Comparison, Role)> {
    let Row { cells, head, .. } = row;
    let is_named = head.keys.first().is_some_and(|head| head.has(List::Naming));
    let columns: Vec<_> = (0..cells.len()).map(|at| head.keys.get(at).map_or(Column::Limit, Column::of)).collect();
    let limited: Vec<_> = (0..cells.len()).map(|at| in_cell(cells, head, at, is_named)).collect();
    // Only columns that hold a limit in this row stand against each other.
    let filled: Vec<_> =
        columns.iter().zip(&limited).filter(|(_, found)| !found.is_empty()).map(|(column, _)| *column).collect();
    let window = cell_under(&columns, cells, Column::Window).and_then(spans);
    let target = cell_under(&columns, cells, Column::Target);
    if role == Role::Gate && is_of_alarms(&filled) {
        return first_alarm(&columns, limited).map(|alarm| (alarm, role)).collect();
    }
    let mut found = Vec::new();
    for (column, comparisons) in columns.iter().zip(limited).filter(|(column, _)| column.counts(role, &filled)) {
        let role = if *column == Column::Rollback { Role::Trigger } else { role };
        found.extend(comparisons.into_iter().map(|mut comparison| {
            comparison.hold = comparison.hold.or(window);
            let better = target.and_then(condition::alone).filter(|_| *column == Column::Limit);
            let better = better.and_then(|better| better.unit.convert(better.value, comparison.limit.unit));
            comparison.target = comparison.target.or(better);
            (comparison, role)
        }));
    }
    found
}

/// Says whether the only limits of a row are those at which somebody is called.
fn is_of_alarms(filled: &[Column]) -> bool {
    !filled.is_empty() && filled.iter().all(|column| matches!(column, Column::Warning | Column::Critical))
}

/// `| Pool | > 80% | > 95% |` under `Warning | Critical` calls nobody back by itself. What is beyond the
/// first of them is not good: so the other side of it is offered, and judged where it is bound.
fn first_alarm(columns: &[Column], limited: Vec<Vec<Comparison>>) -> impl Iterator<Item = Comparison> {
    let alarms = columns.iter().zip(limited).filter(|(_, found)| !found.is_empty());
    let first = alarms.min_by_key(|(column, _)| **column != Column::Warning).map(|(_, found)| found);
    first.into_iter().flatten().filter(|alarm| alarm.limit.relative.is_none() && alarm.limit.op != Op::Range).map(
        |mut alarm| {
            alarm.limit.op = condition::opposite(alarm.limit.op);
            alarm.certainty = Certainty::Worded;
            alarm
        },
    )
}

fn cell_under<'a>(columns: &[Column], cells: &'a [String], wanted: Column) -> Option<&'a str> {
    columns.iter().position(|column| *column == wanted).and_then(|at| cells.get(at)).map(String::as_str)
}

fn spans(cell: &str) -> Option<Millis> {
    let tokens = crate::plan::tokens::cut(cell);
    crate::plan::tokens::spans(&tokens).first().map(|span| span.low)
}

/// Says whether a table has a column for what calls for rollback.
pub(super) fn can_call(head: &Head) -> bool {
    head.keys.iter().any(|head| Column::of(head) == Column::Rollback)
}

/// A cell that says only `< 5%` limits what the first cell of its row names.
fn in_cell(cells: &[String], head: &Head, at: usize, is_named: bool) -> Vec<Comparison> {
    let cell = &cells[at];
    let mut found = match bare(cell).filter(|_| limits(head, at)) {
        Some(limit) => condition::read(&limit),
        None => condition::read(cell),
    };
    // A word in a cell is a value more often than a condition.
    found.retain(|comparison| comparison.certainty != Certainty::Worded || at == 0);
    if found.is_empty() {
        return found;
    }
    let (metric, quantile) = cells.first().filter(|_| at > 0).map(|first| condition::name(first)).unwrap_or_default();
    let is_bare = at > 0 && cell.trim_start().starts_with(['<', '>', '≤', '≥', '=']);
    for comparison in found.iter_mut().filter(|comparison| comparison.metric.is_empty() || (is_named && is_bare)) {
        comparison.metric.clone_from(&metric);
        comparison.quantile = comparison.quantile.or(quantile);
        // A quantile of a time that nobody named is a latency.
        if metric.is_empty() && comparison.quantile.is_some() && comparison.limit.unit.fits(Unit::Seconds) {
            "latency".clone_into(&mut comparison.metric);
        }
    }
    found
}

/// `0` under `Limit` is nothing of it, `70-85%` what it must lie in: as a line would say it.
fn bare(cell: &str) -> Option<String> {
    let cell = cell.trim();
    let is_none = matches!(cell, "0" | "0%" | "0 %" | "zero" | "Zero");
    let is_range = || condition::alone(cell).is_some_and(|limit| limit.op == Op::Range && limit.relative.is_none());
    if is_none { Some("= 0".to_owned()) } else { is_range().then(|| format!(": {cell}")) }
}

fn limits(head: &Head, at: usize) -> bool {
    at > 0 && head.keys.get(at).is_some_and(|key| key.has(List::ColumnLimit) || key.has(List::ColumnTarget))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn shown(head: &str, row: &str, role: Role) -> Vec<String> {
        let cut = |text: &str| text.split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
        let found = read(&Row { cells: cut(row), head: Arc::new(Head::of(cut(head))), ticked: None }, role);
        found
            .iter()
            .map(|(c, role)| {
                let target = c.target.map(|target| format!(" target {target}")).unwrap_or_default();
                let hold = c.hold.map(|hold| format!(" for {hold}")).unwrap_or_default();
                let role = if *role == Role::Trigger { " calls" } else { "" };
                format!("{} {}{target}{hold}{role}", c.metric, c.limit)
            })
            .collect()
    }

    #[test]
    fn columns_mean_what_their_heads_say() {
        for (head, row, role, want) in [
            ("Metric | Limit | Target", "Errors | < 1% | < 0.2%", Role::Gate, vec!["errors < 1 % target 0.2"]),
            ("Metric | Target", "Errors | < 1%", Role::Gate, vec!["errors < 1 %"]),
            ("Metric | Acceptable | Excellent", "Lag | < 2s | < 500ms", Role::Gate, vec!["lag < 2 s target 0.5"]),
            ("Metric | Go | Rollback", "Errors | < 1% | > 5%", Role::Gate, vec!["errors < 1 %", "errors > 5 % calls"]),
            ("Metric | Warning | Critical", "Pool | > 80% | > 95%", Role::Gate, vec!["pool <= 80 %"]),
            ("Metric | Red", "Pool | ≥ 95%", Role::Gate, vec!["pool < 95 %"]),
            ("Metric | Warning | Critical", "Pool | > 80% | > 95%", Role::Trigger, vec!["pool > 95 % calls"]),
            ("Metric | Baseline | Limit", "Lag | < 1 s | < 2 s", Role::Gate, vec!["lag < 2 s"]),
            (
                "Trigger | Threshold | Duration",
                "Errors | > 5% | 3 min",
                Role::Trigger,
                vec!["errors > 5 % for 3m calls"],
            ),
        ] {
            assert_eq!(shown(head, row, role), want, "{head}: {row}");
        }
    }
}
