//! Gathers everything that is wrong, doubtful or worth knowing, in either text.

use super::bindings::At;
use super::diagnostic::{Diagnostic, File, Severity};
use super::markdown::Entry;
use super::position::Lines;
use std::cell::OnceCell;
use std::ops::Range;

#[derive(Debug)]
pub(super) struct Complaints<'a> {
    lines: Lines<'a>,
    checklist: &'a str,
    /// Of the checklist, once they are asked for.
    rows: OnceCell<Lines<'a>>,
    pub list: Vec<Diagnostic>,
}

impl<'a> Complaints<'a> {
    /// With the texts of the checklist and the bindings, empty where there are none.
    pub(super) fn new(checklist: &'a str, bindings: &'a str) -> Self {
        Self { lines: Lines::new(bindings), checklist, rows: OnceCell::new(), list: Vec::new() }
    }

    /// The line of a byte of the bindings.
    pub(super) fn line(&self, at: usize) -> u32 {
        self.lines.line(at)
    }

    pub(super) fn bindings(
        &mut self,
        severity: Severity,
        span: &Range<usize>,
        message: impl Into<String>,
        help: Option<String>,
    ) {
        self.list.push(Diagnostic {
            severity,
            file: File::Bindings,
            line: Some(self.lines.line(span.start)),
            span: Some(span.clone()),
            message: message.into(),
            help,
        });
    }

    pub(super) fn error<T>(&mut self, at: &At<T>, message: impl Into<String>, help: Option<String>) {
        self.bindings(Severity::Error, &at.span, message, help);
    }

    pub(super) fn warning<T>(&mut self, at: &At<T>, message: impl Into<String>, help: Option<String>) {
        self.bindings(Severity::Warning, &at.span, message, help);
    }

    pub(super) fn checklist(
        &mut self,
        severity: Severity,
        entry: &Entry,
        message: impl Into<String>,
        help: Option<String>,
    ) {
        self.list.push(Diagnostic { help, ..Diagnostic::of_line(severity, entry, message.into()) });
    }

    /// Moves the last complaint to a place in a block of code: so many bytes into a part of its text,
    /// which the file may have indented.
    pub(super) fn point_into(&mut self, entry: &Entry, part: &str, at: usize) {
        let Some(fence) = entry.fence() else { return };
        let body = &fence.body;
        let place = body.find(part).and_then(|start| body.get(..start + at.min(part.len())));
        let (Some(before), Some(last)) = (place, self.list.last_mut()) else { return };
        let rows = u32::try_from(before.matches('\n').count()).unwrap_or(u32::MAX);
        let line = entry.line.saturating_add(1).saturating_add(rows);
        let (_, head) = before.rsplit_once('\n').unwrap_or(("", before));
        let rows = self.rows.get_or_init(|| Lines::new(self.checklist));
        let Some(row) = rows.span(line) else { return };
        let found = self.checklist.get(row.clone()).and_then(|text| text.find(head)).unwrap_or(0);
        let start = (row.start + found + head.len()).min(row.end);
        // At the end of a line its last letter is pointed at.
        let start = if start == row.end { start.saturating_sub(1).max(row.start) } else { start };
        last.line = Some(line);
        last.span = Some(start..start + 1);
    }
}
