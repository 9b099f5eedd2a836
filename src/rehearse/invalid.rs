//! Why a scenario cannot be run at all: each problem with its place, so that it can be shown there.

use crate::plan::Diagnostic;
use crate::plan::position::Lines;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// A text that problems point into: the scenario itself, or a file that it names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// None for the scenario itself.
    pub file: Option<String>,
    pub text: Arc<str>,
}

/// One thing wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub place: Place,
    /// Bytes of the place's text; none for the text as a whole.
    pub span: Option<Range<usize>>,
    /// A lower-case fragment without a trailing dot.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// Everything that stands against running a scenario.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Invalid {
    pub problems: Vec<Problem>,
}

impl Problem {
    pub(super) fn new(place: Place, span: Option<Range<usize>>, message: impl Into<String>) -> Self {
        Self { place, span, message: message.into(), help: None }
    }

    /// The 1-based line and column it points at; none for the text as a whole.
    #[must_use]
    pub fn position(&self) -> Option<(u32, u32)> {
        let start = self.span.as_ref()?.start;
        let lines = Lines::new(&self.place.text);
        Some((lines.line(start), lines.column(start)))
    }
}

impl From<Problem> for Invalid {
    fn from(problem: Problem) -> Self {
        Self { problems: vec![problem] }
    }
}

/// `cutover.toml:3:1: unknown key`, without the file for the scenario itself.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.place.file {
            write!(f, "{file}:")?;
        }
        if let Some((line, column)) = self.position() {
            write!(f, "{line}:{column}:")?;
        }
        let gap = if self.place.file.is_some() || self.span.is_some() { " " } else { "" };
        write!(f, "{gap}{}", self.message)?;
        self.help.as_ref().map_or(Ok(()), |help| write!(f, "; {help}"))
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, problem) in self.problems.iter().enumerate() {
            write!(f, "{}{problem}", if at > 0 { "\n" } else { "" })?;
        }
        Ok(())
    }
}

/// A plan's or bindings' text: written into the scenario, or in a file that it names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    pub text: String,
    /// The file it was read from; none where it stands in the scenario.
    pub file: Option<String>,
    /// The value in the scenario, quotes included.
    pub(super) value: Range<usize>,
}

impl Document {
    /// Its file's name; a name for it where it has no file.
    pub(super) fn name<'d>(&'d self, unnamed: &'d str) -> &'d str {
        self.file.as_deref().unwrap_or(unnamed)
    }

    /// A diagnostic about this text as a problem of the text that a person would open.
    pub(super) fn problem(&self, scenario: &Place, diagnostic: &Diagnostic) -> Problem {
        let (place, span) = match &self.file {
            Some(_) => {
                let text = Arc::from(self.text.as_str());
                (Place { file: self.file.clone(), text }, diagnostic.span.clone())
            }
            None => (scenario.clone(), Some(self.inside(&scenario.text, diagnostic.span.as_ref()))),
        };
        Problem { place, span, message: diagnostic.message.clone(), help: diagnostic.help.clone() }
    }

    /// Where bytes of this text stand in the scenario: exactly, where it is written there as it is,
    /// else at its value's beginning.
    fn inside(&self, scenario: &str, span: Option<&Range<usize>>) -> Range<usize> {
        let start = self.value.start;
        let raw = scenario.get(self.value.clone()).unwrap_or_default();
        let opening = ["\"\"\"\r\n", "\"\"\"\n", "\"\"\"", "'''\r\n", "'''\n", "'''", "\"", "'"];
        let inner = opening.iter().find_map(|quotes| Some((quotes.len(), raw.strip_prefix(quotes)?)));
        match (inner, span) {
            (Some((quotes, inner)), Some(span)) if inner.starts_with(&self.text) => {
                start + quotes + span.start..start + quotes + span.end
            }
            _ => start..start,
        }
    }
}
