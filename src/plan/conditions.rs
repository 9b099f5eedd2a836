//! The conditions of a whole checklist, each with its role and its stage.

use super::checklist::Checklist;
use super::condition::{self, Certainty, Comparison};
use super::markdown::{Entry, Kind};
use super::{Condition, Role, words};

/// A condition and where it was found.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub entry: usize,
    pub condition: Condition,
    pub certainty: Certainty,
}

pub(super) fn read(list: &Checklist) -> Vec<Found> {
    let lines = list.lines().filter(|(at, entry)| can_hold(entry) && !is_alert(list, *at, entry));
    lines.flat_map(|(at, entry)| comparisons(entry).into_iter().map(move |found| place(list, at, found))).collect()
}

/// Headings name what follows; comments in code are the code's own.
const fn can_hold(entry: &Entry) -> bool {
    matches!(entry.kind, Kind::Item { .. } | Kind::Paragraph | Kind::Row { .. })
}

/// A table of alerts says when somebody is called, which is neither a gate nor a rollback.
fn is_alert(list: &Checklist, at: usize, entry: &Entry) -> bool {
    let is_row = matches!(entry.kind, Kind::Row { .. });
    is_row && !list.triggers.holds(at) && list.outline.within(at, |key| words::has(key, &["alert*"]))
}

/// The comparisons of a line that name their metric.
pub(super) fn comparisons(entry: &Entry) -> Vec<Comparison> {
    let found = match &entry.kind {
        Kind::Row { cells, head } => {
            let is_named = head.first().is_some_and(|head| words::has(&words::key(head), NAMING));
            cells.iter().enumerate().flat_map(|(at, cell)| in_cell(cells, at, cell, is_named)).collect()
        }
        _ => condition::read(&entry.text),
    };
    found.into_iter().filter(|comparison| !comparison.metric.is_empty()).collect()
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
fn in_cell(cells: &[String], at: usize, cell: &str, is_named: bool) -> Vec<Comparison> {
    let mut found = condition::read(cell);
    let (metric, quantile) = cells.first().filter(|_| at > 0).map(|first| condition::name(first)).unwrap_or_default();
    let is_bare = at > 0 && cell.trim_start().starts_with(['<', '>', '≤', '≥', '=']);
    for comparison in found.iter_mut().filter(|comparison| comparison.metric.is_empty() || (is_named && is_bare)) {
        comparison.metric.clone_from(&metric);
        comparison.quantile = comparison.quantile.or(quantile);
    }
    found
}

fn place(list: &Checklist, at: usize, found: Comparison) -> Found {
    let entry = &list.entries[at];
    let role = if list.triggers.holds(at) { Role::Trigger } else { Role::Gate };
    let condition = Condition {
        line: entry.line,
        text: entry.text.clone(),
        item: list.item_around(at),
        metric: found.metric,
        quantile: found.quantile,
        limit: found.limit,
        target: found.target,
        role,
        stage: list.stages.of(at).filter(|_| role == Role::Gate),
        hold: found.hold,
        probe: None,
        query: None,
    };
    Found { entry: at, condition, certainty: found.certainty }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_every_kind_hold_conditions() {
        let text = "# A < 5%\n- [ ] B < 5%\n- C < 5%\n\nD < 5%\n\n| Metric | Limit |\n|---|---|\n| E p95 | < 5 ms |\n\n```sh\n# F < 5%\n```\n## Rollback triggers\n- G > 5%\n";
        let found = read(&Checklist::read(text));
        let shown: Vec<_> =
            found.iter().map(|f| (f.condition.metric.as_str(), f.condition.quantile, f.condition.role)).collect();
        let gate = Role::Gate;
        assert_eq!(
            shown,
            [
                ("b", None, gate),
                ("c", None, gate),
                ("d", None, gate),
                ("e", Some(0.95), gate),
                ("g", None, Role::Trigger)
            ]
        );
    }

    #[test]
    fn a_cell_names_its_metric_or_takes_it_from_the_first() {
        let text = "| Stage | Traffic | Must hold |\n|---|---|---|\n| Small | 5% | < 1% errors, p95 latency < 90ms |\n\n| Metric | Warn |\n|---|---|\n| Pool | < 80% used for 5 min |\n\n## Alerts\n| Metric | Page |\n|---|---|\n| Pool | > 95% |\n";
        let found = read(&Checklist::read(text));
        let shown: Vec<_> = found.iter().map(|f| (f.condition.line, f.condition.metric.as_str())).collect();
        assert_eq!(shown, [(3, "errors"), (3, "latency"), (7, "pool")]);
        assert_eq!(found[0].condition.stage.map(|id| id.0), Some(0));
    }

    #[test]
    fn a_condition_belongs_to_the_stage_it_stands_in() {
        let list = Checklist::read("- [ ] 10% traffic\n  - [ ] Errors < 1%\n## After\n- [ ] Errors < 2%\n");
        let stages: Vec<_> = read(&list).iter().map(|f| f.condition.stage.map(|id| id.0)).collect();
        assert_eq!(stages, [Some(0), None]);
    }
}
