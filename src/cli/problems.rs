//! Showing diagnostics: file, line, column, the line itself, a caret, and what to do.

use super::load::{Loaded, Source};
use crate::cores::gathered;
use crate::plan::position::Lines;
use crate::plan::{Diagnostic, File, Severity};
use crate::text::{mojibake, sanitize};
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet, Title};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// Fewer problems are shown before another core has begun.
const MANY: usize = 100;

/// Diagnostics with the texts they point into.
#[derive(Clone, Debug)]
pub struct Problems {
    list: Vec<Diagnostic>,
    checklist: Arc<Source>,
    bindings: Option<Arc<Source>>,
}

impl Problems {
    /// The errors and warnings of a plan; what is only worth knowing is shown with the plan.
    #[must_use]
    pub fn of(loaded: &Loaded) -> Self {
        let list = loaded.compiled.diagnostics.iter().filter(|diagnostic| diagnostic.severity != Severity::Info);
        Self { list: list.cloned().collect(), checklist: loaded.checklist.clone(), bindings: loaded.bindings.clone() }
    }

    /// Those of bindings that lead to no checklist.
    #[must_use]
    pub fn of_bindings(bindings: Source, list: Vec<Diagnostic>) -> Self {
        let bindings = Arc::new(bindings);
        Self { list, checklist: Arc::clone(&bindings), bindings: Some(bindings) }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// How many there are of a severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.list.iter().filter(|diagnostic| diagnostic.severity == severity).count()
    }

    /// The first error in one line: `cutover.toml:6:1: unknown key (and 2 more)`.
    #[must_use]
    pub fn brief(&self) -> String {
        let mut errors = self.list.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
        let Some(first) = errors.next() else { return "the plan is not valid".to_owned() };
        let source = self.source(first.file);
        let place = first.span.as_ref().map_or_else(String::new, |span| {
            let lines = Lines::new(&source.text);
            format!(":{}:{}", lines.line(span.start), lines.column(span.start))
        });
        let more = errors.count();
        let more = if more > 0 { format!(" (and {more} more)") } else { String::new() };
        format!("{}{place}: {}{more}", source.name(), first.message)
    }

    fn source(&self, file: File) -> &Source {
        match file {
            File::Checklist => &self.checklist,
            File::Bindings => self.bindings.as_ref().unwrap_or(&self.checklist),
        }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let renderer = Renderer::plain().decor_style(DecorStyle::Ascii);
        // A long checklist can have as many problems as lines: its lines are counted once.
        let checklist = Lines::new(&self.checklist.text);
        let bindings = self.bindings.as_ref().map(|source| Lines::new(&source.text));
        let shown = |diagnostic: &Diagnostic| {
            let lines = match diagnostic.file {
                File::Checklist => &checklist,
                File::Bindings => bindings.as_ref().unwrap_or(&checklist),
            };
            render(&renderer, diagnostic, &self.source(diagnostic.file).name(), lines)
        };
        let all = |places: Range<usize>| self.list.get(places).unwrap_or_default().iter().map(shown).collect();
        gathered(0..self.list.len(), MANY, &all).iter().try_for_each(|shown| writeln!(f, "{shown}\n"))
    }
}

fn render(renderer: &Renderer, diagnostic: &Diagnostic, name: &str, lines: &Lines<'_>) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let message = sanitize::line(&diagnostic.message);
    let place = Place { name, lines, span: diagnostic.span.as_ref() };
    snippet(renderer, level.primary_title(message), &place, diagnostic.help.as_deref())
}

/// An error with the line of a text that it is about.
#[must_use]
pub fn error(message: &str, name: &str, text: &str, span: Option<&Range<usize>>, help: Option<&str>) -> String {
    let renderer = Renderer::plain().decor_style(DecorStyle::Ascii);
    let title = Level::ERROR.primary_title(sanitize::line(message));
    snippet(&renderer, title, &Place { name, lines: &Lines::new(text), span }, help)
}

struct Place<'a> {
    name: &'a str,
    lines: &'a Lines<'a>,
    span: Option<&'a Range<usize>>,
}

fn snippet(renderer: &Renderer, title: Title<'_>, place: &Place<'_>, help: Option<&str>) -> String {
    let mut group = match place.span {
        Some(span) => {
            let shown = Shown::new(place.lines, span);
            let caret = AnnotationKind::Primary.span(shown.caret.clone());
            title.element(Snippet::source(shown.text).path(place.name).line_start(shown.line).annotation(caret))
        }
        None => title.element(annotate_snippets::Origin::path(place.name)),
    };
    if let Some(help) = help {
        group = group.element(Level::HELP.message(sanitize::line(help)));
    }
    renderer.render(&[group])
}

/// So much of a line is shown on each side of what is pointed at.
const AROUND: usize = 240;

fn first_of(text: &str) -> &str {
    text.char_indices().nth(AROUND).map_or(text, |(at, _)| text.split_at(at).0)
}

fn last_of(text: &str) -> &str {
    text.char_indices().rev().nth(AROUND).map_or(text, |(at, _)| text.split_at(at).1)
}

/// The line a diagnostic is about, safe to show, and what to point at in it.
struct Shown {
    text: String,
    line: usize,
    caret: Range<usize>,
}

impl Shown {
    fn new(lines: &Lines<'_>, span: &Range<usize>) -> Self {
        let text = lines.text();
        let start = (0..=span.start.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let (before, rest) = text.split_at(start);
        let head = before.rsplit('\n').next().unwrap_or_default();
        let line_rest = rest.split(['\n', '\r']).next().unwrap_or_default();
        let length = span.end.saturating_sub(start).min(line_rest.len());
        let length = (0..=length).rev().find(|at| line_rest.is_char_boundary(*at)).unwrap_or(0);
        let (pointed, tail) = line_rest.split_at(length);
        let [head, pointed, tail] = [last_of(head), first_of(pointed), first_of(tail)];
        let [head, pointed, tail] =
            [head, pointed, tail].map(|part| sanitize::line(&mojibake::repair(part)).into_owned());
        let caret = head.len()..head.len() + pointed.trim_end().len();
        Self { text: format!("{head}{pointed}{tail}"), line: lines.line(start) as usize, caret }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, span: Range<usize>) -> Shown {
        Shown::new(&Lines::new(text), &span)
    }

    #[test]
    fn the_line_is_shown_with_what_is_meant() {
        let shown = shown("one\ntwo three\nfour", 8..13);
        assert_eq!((shown.text.as_str(), shown.line, shown.caret), ("two three", 2, 4..9));
    }

    #[test]
    fn spans_over_lines_and_inside_letters_are_cut() {
        assert_eq!(shown("aä\nb", 2..99).caret, 1..3);
        assert_eq!(shown("a\nb", 0..3).caret, 0..1);
        assert_eq!(shown("", 5..9).caret, 0..0);
    }
}
