//! Problems in a checklist or its bindings: all of them, each with its place and what to do.

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
