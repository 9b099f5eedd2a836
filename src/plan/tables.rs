//! Tables that name metrics and say no limit for them: somebody believes that they are gates.

use super::checklist::Checklist;
use super::markdown::{Entry, Head, Row};
use super::words::{self, List};
use super::{Condition, Diagnostic, SectionId};
use crate::order;
use std::sync::Arc;

/// One warning for each table of metrics, in a section of criteria, out of which no limit was read.
pub(super) fn without_limits(list: &Checklist, read: &[Condition], suggested: &[Condition]) -> Vec<Diagnostic> {
    let lines = order::set(read.iter().chain(suggested).map(|condition| condition.line));
    let mut tables: Vec<Table<'_>> = Vec::new();
    for (at, entry) in list.lines() {
        let Some(Row { head, .. }) = entry.row() else { continue };
        // What calls for rollback may be declared by a person.
        let says = lines.contains(&entry.line) || list.triggers.holds(at);
        match tables.last_mut().filter(|table| Arc::ptr_eq(table.head, head)) {
            Some(table) => table.says |= says,
            None => tables.push(Table { head, first: entry, says, section: list.outline.of(at) }),
        }
    }
    let silent =
        tables.into_iter().filter(|table| !table.says && table.names_metrics() && stands_among_criteria(list, table));
    silent.map(|table| table.complain()).collect()
}

struct Table<'a> {
    head: &'a Arc<Head>,
    first: &'a Entry,
    /// A limit was read out of one of its rows, or one is a trigger.
    says: bool,
    section: Option<SectionId>,
}

impl Table<'_> {
    fn names_metrics(&self) -> bool {
        self.head.keys.iter().any(|head| head.has(List::Metrics))
    }

    fn complain(&self) -> Diagnostic {
        let columns = self.head.cells.join(" | ");
        let message = format!("this table names metrics and no limit was read from it: its columns are {columns}");
        Diagnostic::warning(self.first, message)
            .helped("add a column Limit with a sign, a figure and a unit in each row, such as `< 1%`")
    }
}

fn stands_among_criteria(list: &Checklist, table: &Table<'_>) -> bool {
    let sections = &list.outline.sections;
    let mut around = std::iter::successors(table.section, |id| sections[id.index()].parent);
    let criteria = [
        "criteria",
        "criterion",
        "threshold*",
        "gate",
        "gates",
        "limits",
        "trigger*",
        "kriterien",
        "critérios",
        "criterios",
        "critères",
    ];
    around.any(|id| words::has(&words::key(&sections[id.index()].title), &criteria))
}

#[cfg(test)]
mod tests {
    use crate::plan::{Input, Text, compile};

    fn warned(text: &str) -> Vec<(Option<u32>, String)> {
        let found = compile(Input { checklist: Text { name: "a.md", text }, bindings: None });
        let about = |d: &crate::plan::Diagnostic| d.message.contains("names metrics");
        found.diagnostics.iter().filter(|d| about(d)).map(|d| (d.line, d.message.clone())).collect()
    }

    #[test]
    fn a_table_of_metrics_among_criteria_needs_a_limit() {
        let table =
            |title: &str, head: &str, row: &str| format!("- [ ] Go\n## {title}\n| {head} |\n|---|---|\n| {row} |\n");
        let silent = warned(&table("Success criteria", "Metric | Owner", "Error rate | Ana"));
        assert_eq!(silent.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [Some(5)]);
        assert!(silent[0].1.ends_with("its columns are Metric | Owner"), "{silent:?}");
        for (title, head, row) in [
            ("Success criteria", "Metric | Limit", "Error rate | < 1%"),
            ("Success criteria", "Step | Owner", "Look around | Ana"),
            ("Dashboards", "Metric | Dashboard", "Error rate | http://127.0.0.1"),
        ] {
            assert!(warned(&table(title, head, row)).is_empty(), "{title} {head}");
        }
    }
}
