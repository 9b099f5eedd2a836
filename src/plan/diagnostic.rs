//! Problems in a checklist or its bindings: all of them, each with its place and what to do.

use super::markdown::Entry;
use serde::Serialize;

/// One thing wrong, doubtful or worth knowing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    pub severity: Severity,
    /// Which text it is about.
    pub file: File,
    /// 1-based; none for the file as a whole.
    pub line: Option<u32>,
    /// Bytes of the file's text that it points at.
    #[serde(skip)]
    pub span: Option<std::ops::Range<usize>>,
    /// A lower-case fragment without a trailing dot.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Error,
    Warning,
    Info,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum File {
    Checklist,
    Bindings,
}

impl File {
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Checklist => "checklist",
            Self::Bindings => "bindings",
        }
    }
}

impl Diagnostic {
    /// A doubt about a line of the checklist.
    pub(super) fn warning(entry: &Entry, message: String) -> Self {
        Self::of_line(Severity::Warning, entry, message)
    }

    /// Something worth knowing about a line of the checklist.
    pub(super) fn info(entry: &Entry, message: String) -> Self {
        Self::of_line(Severity::Info, entry, message)
    }

    /// About a line of the checklist.
    pub(super) fn of_line(severity: Severity, entry: &Entry, message: String) -> Self {
        let span = Some(entry.span.clone());
        Self { severity, file: File::Checklist, line: Some(entry.line), span, message, help: None }
    }

    /// About a text as a whole.
    pub(super) fn of_file(severity: Severity, file: File, message: impl Into<String>) -> Self {
        Self { severity, file, line: None, span: None, message: message.into(), help: None }
    }

    /// The same with what to do about it.
    #[must_use]
    pub(super) fn helped(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}
