//! Gathers the events of the Markdown parser into entries.

use super::{Entry, Fence, Head, Kind, Mark, Row};
use crate::plan::position::{Follower, Lines};
use crate::text::{mojibake, sanitize};
use pulldown_cmark::CodeBlockKind;
use std::mem;
use std::ops::Range;
use std::sync::Arc;

/// Languages whose `#` lines are comments to read.
const COMMENTED: [&str; 10] = ["", "bash", "sh", "shell", "zsh", "console", "text", "yaml", "promql", "powershell"];

#[derive(Debug)]
pub(super) struct Builder<'a> {
    lines: Follower<'a>,
    entries: Vec<Entry>,
    /// The text being gathered and where it began.
    text: String,
    span: Option<Range<usize>>,
    /// Where in `text` the bold beginning starts, while it is open.
    strong: Option<usize>,
    /// The line of an item has just ended.
    broke: bool,
    /// A quotation has just begun where an item's own text is awaited.
    quotes: bool,
    lead: Option<Box<str>>,
    /// Open list items, outermost first, and whether each still waits for its text.
    items: Vec<(usize, bool)>,
    /// Open lists by number: where they begin, from one on.
    lists: Vec<u32>,
    code: Option<(Option<String>, Range<usize>)>,
    cells: Vec<String>,
    head: Arc<Head>,
}

impl<'a> Builder<'a> {
    /// With room for so many entries.
    pub(super) fn new(lines: &'a Lines<'a>, room: usize) -> Self {
        Self {
            lines: lines.follower(),
            entries: Vec::with_capacity(room),
            text: String::new(),
            span: None,
            strong: None,
            broke: false,
            quotes: false,
            lead: None,
            items: Vec::new(),
            lists: Vec::new(),
            code: None,
            cells: Vec::new(),
            head: Arc::default(),
        }
    }

    pub(super) fn finish(mut self) -> Vec<Entry> {
        self.flush();
        self.entries
    }

    /// How many entries there are.
    pub(super) const fn len(&self) -> usize {
        self.entries.len()
    }

    /// Forgets the entries from a place on.
    pub(super) fn forget(&mut self, from: usize) {
        self.flush();
        self.entries.truncate(from);
    }

    pub(super) fn text(&mut self, text: &str, span: &Range<usize>) {
        // `- > 5% errors`: Markdown takes the sign for that of a quotation.
        if mem::take(&mut self.quotes)
            && text.trim_start().starts_with(|c: char| c.is_ascii_digit() || matches!(c, '=' | '$'))
        {
            self.text.push_str(if text.starts_with('=') { ">" } else { "> " });
        }
        self.text.push_str(text);
        self.broke = false;
        if self.code.is_none() {
            self.span.get_or_insert_with(|| span.clone()).end = span.end;
        }
    }

    /// A list item keeps its broken lines together; a paragraph is read line by line.
    pub(super) fn line_break(&mut self) {
        if self.waiting_item().is_some() {
            self.text.push(' ');
            self.broke = true;
        } else {
            self.flush();
        }
    }

    pub(super) fn begin_text(&mut self, span: Range<usize>) {
        self.flush();
        self.span = Some(span.start..span.start);
    }

    pub(super) fn begin_quote(&mut self) {
        self.quotes = self.text.is_empty() && self.waiting_item().is_some();
    }

    pub(super) fn begin_strong(&mut self) {
        // `**Owner:** …` right below an item is a line of its own to everybody but Markdown.
        if self.broke {
            self.flush();
            self.broke = false;
        }
        if self.lead.is_none() && !self.text.contains(char::is_alphanumeric) {
            self.strong = Some(self.text.len());
        }
    }

    pub(super) fn end_strong(&mut self) {
        if let Some(start) = self.strong.take() {
            self.lead = self.text.get(start..).map(|text| shown(text).into_boxed_str());
        }
    }

    pub(super) fn end_heading(&mut self, level: u8) {
        self.push(Kind::Heading { level });
    }

    pub(super) fn end_paragraph(&mut self) {
        self.flush();
    }

    pub(super) fn begin_list(&mut self, span: &Range<usize>) {
        self.flush();
        self.lists.push(u32::try_from(span.start).unwrap_or(u32::MAX).saturating_add(1));
    }

    pub(super) fn end_list(&mut self) {
        self.lists.pop();
    }

    pub(super) fn begin_item(&mut self, span: Range<usize>) {
        self.flush();
        let depth = u32::try_from(self.lists.len()).unwrap_or(u32::MAX).saturating_sub(1);
        let list = self.lists.last().copied().unwrap_or(0);
        let kind = Kind::Item { depth, list, mark: Mark::Bullet };
        let under = self.items.last().map(|(at, _)| *at);
        let line = self.lines.line(span.start);
        self.entries.push(Entry::new(line, span.start..span.start, String::new(), kind, under));
        self.items.push((self.entries.len() - 1, true));
    }

    pub(super) fn end_item(&mut self) {
        self.flush();
        (self.broke, self.quotes) = (false, false);
        self.items.pop();
    }

    pub(super) fn mark(&mut self, mark: Mark) {
        if let Some((at, _)) = self.items.last()
            && let Kind::Item { mark: its, .. } = &mut self.entries[*at].kind
        {
            *its = mark;
        }
    }

    pub(super) fn begin_code(&mut self, kind: CodeBlockKind<'_>, span: Range<usize>) {
        self.flush();
        let language = match kind {
            CodeBlockKind::Indented => None,
            CodeBlockKind::Fenced(info) => {
                Some(info.split([' ', ',', '{']).next().unwrap_or_default().to_ascii_lowercase())
            }
        };
        self.code = Some((language, span));
    }

    pub(super) fn end_code(&mut self) {
        let body = self.take_text();
        // An indented block is code that nobody offered to run.
        let Some((Some(language), span)) = self.code.take() else { return };
        let line = self.lines.line(span.start);
        let end_line = self.lines.line(span.end.saturating_sub(1).max(span.start));
        let under = self.items.last().map(|(at, _)| *at);
        let comments = comments(&language, &body);
        let kind = Kind::Fence(Box::new(Fence { language, body: sanitize::lines(&body), end_line }));
        self.entries.push(Entry::new(line, span.clone(), String::new(), kind, under));
        for (offset, text) in comments {
            let (line, span) = (line + 1 + offset, span.clone());
            self.entries.push(Entry::new(line, span, text, Kind::Comment, under));
        }
    }

    pub(super) fn begin_row(&mut self, span: Range<usize>) {
        self.flush();
        self.cells.clear();
        self.span = Some(span);
    }

    pub(super) fn begin_cell(&mut self) {
        self.take_text();
        self.lead = None;
    }

    pub(super) fn end_cell(&mut self) {
        let text = self.take_shown();
        self.cells.push(text);
    }

    pub(super) fn end_head(&mut self) {
        self.head = Arc::new(Head::of(mem::take(&mut self.cells)));
        self.span = None;
        self.lead = None;
    }

    pub(super) fn end_row(&mut self) {
        let cells = mem::take(&mut self.cells);
        self.lead = None;
        let ticked = box_of_row(&cells);
        self.text = match ticked {
            None => cells.join(" | "),
            Some(_) => {
                let said = cells.iter().map(|cell| unknown_box(cell).1).filter(|said| !said.is_empty());
                said.collect::<Vec<_>>().join(" | ")
            }
        };
        self.push(Kind::Row(Box::new(Row { cells, head: Arc::clone(&self.head), ticked })));
    }

    /// The innermost item, if its own text has not been gathered yet.
    fn waiting_item(&self) -> Option<usize> {
        self.items.last().filter(|(_, waiting)| *waiting).map(|(at, _)| *at)
    }

    /// Ends the text being gathered: it is the item's own, or a line of a paragraph.
    fn flush(&mut self) {
        let Some(at) = self.waiting_item() else {
            self.push(Kind::Paragraph);
            return;
        };
        let text = self.take_shown();
        let lead = self.lead.take();
        let Some(span) = self.span.take().filter(|_| !text.is_empty()) else { return };
        let (sign, rest) = unknown_box(&text);
        let text = if sign.is_some() { rest.to_owned() } else { text };
        let entry = &mut self.entries[at];
        entry.span.end = span.end;
        entry.say(text, lead);
        if let (Some(ticked), Kind::Item { mark: mark @ Mark::Bullet, .. }) = (sign, &mut entry.kind) {
            *mark = Mark::Sign { ticked };
        }
        if let Some((_, waiting)) = self.items.last_mut() {
            *waiting = false;
        }
    }

    /// Takes the text of a line that ends. Bold that goes on behind it has no beginning there.
    fn take_text(&mut self) -> String {
        self.strong = None;
        mem::take(&mut self.text)
    }

    /// The same, safe to show.
    fn take_shown(&mut self) -> String {
        self.strong = None;
        let text = shown(&self.text);
        self.text.clear();
        text
    }

    fn push(&mut self, kind: Kind) {
        let text = self.take_shown();
        let lead = self.lead.take();
        let Some(span) = self.span.take().filter(|_| !text.is_empty()) else { return };
        let line = self.lines.line(span.start);
        let under = self.items.last().map(|(at, _)| *at);
        let (kind, text) = match (kind, unknown_box(&text)) {
            // A line with one box is to be ticked; a line with several is a choice.
            (Kind::Paragraph, (Some(ticked), rest)) if !rest.contains("[ ]") => {
                (Kind::Item { depth: 0, list: 0, mark: Mark::Sign { ticked } }, rest.to_owned())
            }
            (kind, _) => (kind, text),
        };
        self.entries.push(Entry { lead, ..Entry::new(line, span, text, kind, under) });
    }
}

fn shown(text: &str) -> String {
    let text = mojibake::repair(text.trim());
    sanitize::line(&text).trim().to_owned()
}

/// A box at the start of a text that Markdown takes for plain words: whether it is ticked.
fn unknown_box(text: &str) -> (Option<bool>, &str) {
    // Most lines begin with a word.
    if text.starts_with(|first: char| first.is_ascii_alphanumeric()) {
        return (None, text);
    }
    for (sign, ticked) in [
        ("☐", false),
        ("⬜", false),
        ("□", false),
        ("[ ]", false),
        ("☑", true),
        ("☒", true),
        ("[x]", true),
        ("[X]", true),
    ] {
        if let Some(rest) = text.strip_prefix(sign) {
            return (Some(ticked), rest.trim_start());
        }
    }
    (None, text)
}

/// The one box of a row, in a cell of its own or before the words of a cell: `| ☐ Backup taken | Ana |`. Several in
/// a cell are a choice.
fn box_of_row(cells: &[String]) -> Option<bool> {
    let mut boxes = cells.iter().filter_map(|cell| {
        let (ticked, said) = unknown_box(cell);
        Some((ticked?, said))
    });
    let (ticked, said) = boxes.next()?;
    let is_alone = |said: &str| !said.contains(['☐', '⬜', '□', '☑', '☒']) && !said.contains("[ ]");
    (is_alone(said) && (said.is_empty() || boxes.next().is_none())).then_some(ticked)
}

/// The comment lines of a block with their distance from its first line.
fn comments(language: &str, body: &str) -> Vec<(u32, String)> {
    if !COMMENTED.contains(&language) {
        return Vec::new();
    }
    (0..).zip(body.lines()).filter_map(|(at, line)| Some((at, shown(comment(line)?)))).collect()
}

/// The words of a comment line, or none.
pub(in crate::plan) fn comment(line: &str) -> Option<&str> {
    let words = line.trim_start().strip_prefix('#')?.trim_start_matches('#').trim();
    (!words.is_empty() && !words.starts_with('!')).then_some(words)
}
