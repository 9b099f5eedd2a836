//! The conditions of a whole checklist, each with its role and its stage.

mod borrowed;
mod columns;

use super::checklist::{Checklist, LONG};
use super::condition::{self, Certainty, Comparison};
use super::markdown::{Entry, Kind, Row};
use super::outline::Topic;
use super::words::{self, List};
use super::{Condition, Role};
use crate::cores::gathered;
use crate::text::Unit;

/// A condition and where it was found.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub entry: usize,
    pub condition: Condition,
    pub certainty: Certainty,
}

pub(super) fn read(list: &Checklist) -> Vec<Found> {
    gathered(0..list.entries.len(), LONG, &|places| {
        let lines = places.map(|at| (at, &list.entries[at])).filter(|(_, entry)| can_hold(entry));
        lines.flat_map(|(at, entry)| of_line(list, at, entry)).collect()
    })
}

/// Those of one entry, of a list in the order of the text.
pub(super) fn of_entry(found: &[Found], entry: usize) -> &[Found] {
    let begin = found.partition_point(|found| found.entry < entry);
    let end = found.partition_point(|found| found.entry <= entry);
    found.get(begin..end).unwrap_or_default()
}

fn of_line(list: &Checklist, at: usize, entry: &Entry) -> Vec<Found> {
    let of_list = if list.triggers.holds(at) { Role::Trigger } else { Role::Gate };
    let found = match &entry.kind {
        Kind::Row(row) => columns::read(row, of_row(list, at, row)),
        _ => {
            let mut found = condition::of(entry);
            borrowed::name(list, at, &mut found);
            found.into_iter().map(|comparison| (comparison, of_list)).collect()
        }
    };
    let is_none = !found.is_empty() && (is_alert(list, at, entry) || is_alarm(list, at, entry));
    let named = found.into_iter().filter(|(comparison, _)| !is_none && !comparison.metric.is_empty());
    let meant = named.filter(|(comparison, _)| !is_way_back(list, at, entry, comparison));
    meant.map(|(comparison, role)| place(list, at, comparison, role)).collect()
}

/// The role of a row. `| Errors | < 1% | > 5% |` under `Go | No-go` is a gate and calls for rollback, each by
/// its column.
fn of_row(list: &Checklist, at: usize, row: &Row) -> Role {
    let is_by_column = || !list.outline.calls(at) && has_rollback_column(row);
    if list.triggers.holds(at) && !is_by_column() { Role::Trigger } else { Role::Gate }
}

/// `Alerts:` lists at what somebody is called.
fn is_alarm(list: &Checklist, at: usize, entry: &Entry) -> bool {
    let is_listed = || {
        list.outline.of(at).is_some_and(|id| {
            let title = words::key(&list.outline.sections[id.index()].title);
            ["alert", "alarm", "warnung"].iter().any(|word| title.starts_with(word))
        })
    };
    matches!(entry.kind, Kind::Item { .. }) && entry.ticked().is_none() && !list.triggers.holds(at) && is_listed()
}

/// How fast the way back is: `Rollback SLA: < 20 seconds`, `1. Switch back (< 2 minutes)` among its steps.
fn is_way_back(list: &Checklist, at: usize, entry: &Entry, found: &Comparison) -> bool {
    // Its steps may look at a latency, too.
    let is_measured = words::has(&found.metric, &["latency", "time", "times", "lag", "response", "delay", "age"]);
    let is_said = || found.metric.starts_with("rollback") || entry.key().has(List::RollbackTime);
    let is_step = || !is_measured && found.quantile.is_none() && list.outline.within(at, Topic::Rollback);
    entry.ticked().is_none()
        && found.limit.unit.fits(Unit::Seconds)
        && !list.triggers.holds(at)
        && (is_said() || is_step())
}

/// Headings name what follows; comments in code are the code's own.
const fn can_hold(entry: &Entry) -> bool {
    matches!(entry.kind, Kind::Item { .. } | Kind::Paragraph | Kind::Row(_))
}

/// A table of alerts says when somebody is called, which is neither a gate nor a rollback.
fn is_alert(list: &Checklist, at: usize, entry: &Entry) -> bool {
    let Some(row) = entry.row() else { return false };
    let has_severity = || {
        let severities =
            ["critical", "warning", "warn", "info", "p0", "p1", "p2", "p3", "sev1", "sev2", "sev-1", "sev-2"];
        let named = row.head.keys.iter().any(|head| head.has(List::Severity));
        named || row.cells.iter().any(|cell| severities.contains(&words::key(cell).as_str()))
    };
    !list.triggers.holds(at) && (list.outline.within(at, Topic::Alerts) || has_severity())
}

/// The comparisons of a line that name their metric.
pub(super) fn comparisons(entry: &Entry) -> Vec<Comparison> {
    let found = match &entry.kind {
        Kind::Row(row) => columns::read(row, Role::Trigger).into_iter().map(|(found, _)| found).collect(),
        _ => condition::of(entry),
    };
    found.into_iter().filter(|comparison| !comparison.metric.is_empty()).collect()
}

/// Says whether a row has a column for what calls for rollback, with a limit in it.
pub(super) fn has_rollback_column(row: &Row) -> bool {
    columns::can_call(&row.head) && columns::read(row, Role::Gate).iter().any(|(_, role)| *role == Role::Trigger)
}

fn place(list: &Checklist, at: usize, found: Comparison, role: Role) -> Found {
    let entry = &list.entries[at];
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
        relative_to: found.relative_to,
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
        let text = "| Stage | Traffic | Must hold |\n|---|---|---|\n| Small | 5% | < 1% errors, p95 latency < 90ms |\n\n| Metric | Limit |\n|---|---|\n| Pool | < 80% used for 5 min |\n\n## Alerts\n| Metric | Page |\n|---|---|\n| Pool | > 95% |\n";
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
