//! Rows of tables: `| Error rate | < 0.1% | < 1% | > 5% |`, each column with its own meaning.

use crate::plan::condition::{self, Certainty, Comparison};
use crate::plan::{Role, words};
use crate::text::Millis;

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
    fn of(head: &str) -> Self {
        const MEANINGS: [(Column, &[&str]); 6] = [
            (Column::Rollback, &["rollback", "roll back", "rollback if", "abort", "halt", "no-go", "stop"]),
            (Column::Warning, &["warn*", "yellow", "alert*", "degraded"]),
            (Column::Critical, &["critical", "red", "severe", "danger"]),
            (
                Column::Window,
                &["duration", "window", "for", "sustained", "period", "dauer", "duração", "durée", "duración"],
            ),
            (Column::Value, &["baseline", "current", "actual", "before", "today", "measured", "result*", "value"]),
            (Column::Target, &["target*", "goal*", "excellent", "ideal", "desired"]),
        ];
        let key = words::key(head);
        MEANINGS.iter().find(|(_, heads)| words::has(&key, heads)).map_or(Self::Limit, |(column, _)| *column)
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
pub(super) fn read(cells: &[String], head: &[String], role: Role) -> Vec<(Comparison, Role)> {
    let is_named = head.first().is_some_and(|head| words::has(&words::key(head), NAMING));
    let columns: Vec<_> =
        cells.iter().enumerate().map(|(at, _)| head.get(at).map_or(Column::Limit, |h| Column::of(h))).collect();
    let limited: Vec<_> = (0..cells.len()).map(|at| in_cell(cells, at, is_named)).collect();
    // Only columns that hold a limit in this row stand against each other.
    let filled: Vec<_> =
        columns.iter().zip(&limited).filter(|(_, found)| !found.is_empty()).map(|(column, _)| *column).collect();
    let window = cell_under(&columns, cells, Column::Window).and_then(spans);
    let target = cell_under(&columns, cells, Column::Target);
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

fn cell_under<'a>(columns: &[Column], cells: &'a [String], wanted: Column) -> Option<&'a str> {
    columns.iter().position(|column| *column == wanted).and_then(|at| cells.get(at)).map(String::as_str)
}

fn spans(cell: &str) -> Option<Millis> {
    let tokens = crate::plan::tokens::cut(cell);
    crate::plan::tokens::spans(&tokens).first().map(|span| span.low)
}

/// Heads of a column that names what its rows limit.
const NAMING: &[&str] = &[
    "metric*",
    "indicator*",
    "kpi*",
    "signal*",
    "check",
    "condition",
    "trigger",
    "sli",
    "measure",
    "métrica",
    "metrik",
    "métrique",
];

/// A cell that says only `< 5%` limits what the first cell of its row names.
fn in_cell(cells: &[String], at: usize, is_named: bool) -> Vec<Comparison> {
    let cell = &cells[at];
    let mut found = condition::read(cell);
    // A word in a cell is a value more often than a condition.
    found.retain(|comparison| comparison.certainty != Certainty::Worded || at == 0);
    let (metric, quantile) = cells.first().filter(|_| at > 0).map(|first| condition::name(first)).unwrap_or_default();
    let is_bare = at > 0 && cell.trim_start().starts_with(['<', '>', '≤', '≥', '=']);
    for comparison in found.iter_mut().filter(|comparison| comparison.metric.is_empty() || (is_named && is_bare)) {
        comparison.metric.clone_from(&metric);
        comparison.quantile = comparison.quantile.or(quantile);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(head: &str, row: &str, role: Role) -> Vec<String> {
        let cut = |text: &str| text.split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
        let found = read(&cut(row), &cut(head), role);
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
            ("Metric | Warning | Critical", "Pool | > 80% | > 95%", Role::Gate, vec![]),
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
