//! Changes of a text that can be taken out again.

use crate::order;
use crate::plan::position::Lines;
use std::ops::Range;

/// Some bytes of a text, and what stands in their place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    pub range: Range<usize>,
    pub put: String,
}

/// A text with its edits: in the order of the text, none over another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completed<'t> {
    text: &'t str,
    pub edits: Vec<Edit>,
}

impl Completed<'_> {
    /// The text with its edits in it.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::with_capacity(self.text.len() + 64 * self.edits.len());
        let mut from = 0;
        for edit in &self.edits {
            out.push_str(self.text.get(from..edit.range.start).unwrap_or_default());
            out.push_str(&edit.put);
            from = edit.range.end;
        }
        out.push_str(self.text.get(from..).unwrap_or_default());
        out
    }

    /// What a completed text was before: every edit taken out again. None where it is another text.
    #[must_use]
    pub fn original(&self, completed: &str) -> Option<String> {
        let mut out = String::with_capacity(completed.len());
        let (mut from, mut rest) = (0, completed);
        for edit in &self.edits {
            let kept = rest.get(..edit.range.start - from)?;
            out.push_str(kept);
            out.push_str(self.text.get(edit.range.clone())?);
            rest = rest.get(kept.len()..)?.strip_prefix(edit.put.as_str())?;
            from = edit.range.end;
        }
        out.push_str(rest);
        Some(out)
    }
}

/// Edits as they are made, line by line.
#[derive(Debug)]
pub(super) struct Draft<'t, 'l> {
    pub text: &'t str,
    lines: &'l Lines<'t>,
    edits: Vec<Edit>,
    /// What is said behind each line.
    said: Vec<(u32, String)>,
}

impl<'t, 'l> Draft<'t, 'l> {
    pub(super) fn new(text: &'t str, lines: &'l Lines<'t>) -> Self {
        Self { text, lines, edits: Vec::new(), said: Vec::new() }
    }

    /// A line's text and the byte it begins at.
    pub(super) fn line(&self, line: u32) -> Option<(&'t str, usize)> {
        let span = self.lines.span(line)?;
        Some((self.text.get(span.clone())?, span.start))
    }

    /// Puts something in the place of some bytes; refused where another edit is.
    pub(super) fn put(&mut self, range: Range<usize>, put: impl Into<String>) -> bool {
        let is_free = self.edits.iter().all(|edit| edit.range.end <= range.start || range.end <= edit.range.start);
        if is_free && self.text.get(range.clone()).is_some() {
            self.edits.push(Edit { range, put: put.into() });
        }
        is_free
    }

    /// Says something behind a line.
    pub(super) fn say(&mut self, line: u32, what: impl Into<String>) {
        self.said.push((line, what.into()));
    }

    pub(super) fn finish(mut self) -> Completed<'t> {
        let mut said = std::mem::take(&mut self.said);
        order::by_key(&mut said, |(line, _)| *line);
        for group in said.chunk_by(|(one, _), (other, _)| one == other) {
            // Who fills the last blank of a box has ticked it: that is one thing to say.
            let mut all: Vec<&str> = Vec::new();
            for (_, text) in group {
                if !all.contains(&text.as_str()) {
                    all.push(text);
                }
            }
            if let Some(at) = self.end_of(group[0].0) {
                self.edits.push(Edit { range: at..at, put: format!(" — {}", all.join("; ")) });
            }
        }
        order::by_key(&mut self.edits, |edit| (edit.range.start, edit.range.end));
        Completed { text: self.text, edits: self.edits }
    }

    /// Where a word behind a line stands: before the spaces that break it, inside the last cell of a
    /// row of a table.
    fn end_of(&self, line: u32) -> Option<usize> {
        let (text, start) = self.line(line)?;
        let text = text.trim_end();
        let is_row = text.trim_start().starts_with('|') && text.ends_with('|') && !text.ends_with("\\|");
        let text = if is_row { text.strip_suffix('|').unwrap_or(text).trim_end() } else { text };
        Some(start + text.len())
    }
}
