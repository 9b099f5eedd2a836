//! Gathers everything that is wrong, doubtful or worth knowing, in either text.

use super::bindings::At;
use super::diagnostic::{Diagnostic, File, Severity};
use super::markdown::Entry;
use super::position::Lines;
use std::ops::Range;

#[derive(Debug)]
pub(super) struct Complaints<'a> {
    lines: Lines<'a>,
    pub list: Vec<Diagnostic>,
}

impl<'a> Complaints<'a> {
    /// With the text of the bindings, empty where there are none.
    pub(super) fn new(bindings: &'a str) -> Self {
        Self { lines: Lines::new(bindings), list: Vec::new() }
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
}
