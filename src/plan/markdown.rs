//! Markdown into entries: one for every line that can mean something, in the document's order.
//!
//! A checklist is read as people read it, line by line, with headings above and nesting beside.
//! So the tree of the Markdown parser is laid flat: every [`Entry`] knows its line, what it is and
//! which list item it stands in. Code, HTML, comments and front matter never become lines to tick.

mod builder;
mod places;

use super::position::Lines;
use super::signs::Signs;
use super::words::{self, Key};
use crate::cores::both;
use builder::Builder;
pub(super) use builder::comment;
use places::Places;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use std::ops::Range;
use std::sync::Arc;

/// One line of the checklist, or one block of code.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    /// 1-based line of the file.
    pub line: u32,
    /// Bytes of the file.
    pub span: Range<usize>,
    /// Without markers and emphasis; repaired and sanitised.
    pub text: String,
    /// Of the text.
    key: Key,
    /// Of the text.
    signs: Signs,
    /// The bold words the text begins with.
    pub lead: Option<Box<str>>,
    pub kind: Kind,
    /// The innermost list item it stands in, as a place in the list of entries.
    pub under: Option<usize>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Heading {
        level: u8,
    },
    Item {
        /// 0 at the outermost list.
        depth: u32,
        /// Items of one list have the same number; zero is no list.
        list: u32,
        mark: Mark,
    },
    /// One line of a paragraph.
    Paragraph,
    /// A body row of a table.
    Row(Box<Row>),
    Fence(Box<Fence>),
    /// A comment line of the fence before it.
    Comment,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    pub cells: Vec<String>,
    pub head: Arc<Head>,
    /// One of its cells is a box that Markdown does not know: whether it is ticked.
    pub ticked: Option<bool>,
}

/// A block of code.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fence {
    pub language: String,
    pub body: String,
    pub end_line: u32,
}

/// What a list item begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// `[ ]` or `[x]`.
    Box {
        ticked: bool,
    },
    /// A box that Markdown does not know: `☐`.
    Sign {
        ticked: bool,
    },
    Bullet,
}

/// The head of a table, read once for all its rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Head {
    pub cells: Vec<String>,
    /// Beside the cells.
    pub keys: Vec<Key>,
}

impl Head {
    pub(super) fn of(cells: Vec<String>) -> Self {
        Self { keys: cells.iter().map(|cell| words::key(cell)).collect(), cells }
    }
}

impl Entry {
    fn new(line: u32, span: Range<usize>, text: String, kind: Kind, under: Option<usize>) -> Self {
        let (key, signs) = (words::key(&text).marked(), Signs::of(&text));
        Self { line, span, key, signs, text, lead: None, kind, under }
    }

    /// Gives an item the text that stands behind its mark.
    fn say(&mut self, text: String, lead: Option<Box<str>>) {
        (self.key, self.signs) = (words::key(&text).marked(), Signs::of(&text));
        (self.text, self.lead) = (text, lead);
    }

    /// The form of its text in which words are looked for.
    pub(super) const fn key(&self) -> &Key {
        &self.key
    }

    /// The signs that its text holds.
    pub(super) const fn signs(&self) -> Signs {
        self.signs
    }

    /// Makes it a line that says nothing and is nothing to tick.
    pub(super) fn clear(&mut self) {
        self.say(String::new(), None);
        match &mut self.kind {
            Kind::Item { mark, .. } => *mark = Mark::Bullet,
            Kind::Row(row) => {
                row.cells.iter_mut().for_each(String::clear);
                row.ticked = None;
            }
            Kind::Heading { .. } | Kind::Comment | Kind::Fence(_) => self.kind = Kind::Paragraph,
            Kind::Paragraph => {}
        }
    }

    /// The box to tick, if it has one: whether it is ticked in the file.
    pub(super) fn ticked(&self) -> Option<bool> {
        match &self.kind {
            Kind::Item { mark: Mark::Box { ticked } | Mark::Sign { ticked }, .. } => Some(*ticked),
            Kind::Row(row) => row.ticked,
            _ => None,
        }
    }

    pub(super) const fn level(&self) -> Option<u8> {
        match self.kind {
            Kind::Heading { level } => Some(level),
            _ => None,
        }
    }

    /// The row of a table, if it is one.
    pub(super) fn row(&self) -> Option<&Row> {
        match &self.kind {
            Kind::Row(row) => Some(row),
            _ => None,
        }
    }

    /// The block of code, if it is one.
    pub(super) fn fence(&self) -> Option<&Fence> {
        match &self.kind {
            Kind::Fence(fence) => Some(fence),
            _ => None,
        }
    }

    /// Says whether it is a bold line that labels what follows: `**Monitoring (30 min)**:`.
    pub(super) fn is_label(&self) -> bool {
        self.kind == Kind::Paragraph && self.under.is_none() && self.lead.is_some() && self.after_lead().is_empty()
    }

    /// The text behind its bold beginning, without the colon between.
    pub(super) fn after_lead(&self) -> &str {
        let Some(lead) = &self.lead else { return &self.text };
        // Most lines begin with it at once; some with a sign before it.
        let at_once = self.text.strip_prefix(&**lead);
        let rest = at_once.or_else(|| Some(self.text.split_once(&**lead)?.1)).unwrap_or_default();
        rest.trim_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '-' | '–' | '—'))
    }
}

/// So many bytes are parsed at once: what is made of them is still at hand when it is read.
const PIECE: usize = 128 * 1024;
/// Fewer bytes are read by one: what two have read is copied together.
const PART: usize = 2 * 1024 * 1024;
/// An entry takes at least about so many bytes of a text.
const ENTRY: usize = 24;

/// Reads a checklist into its entries.
pub(super) fn read(text: &str) -> Vec<Entry> {
    let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let from = mark + front_matter(text.split_at(mark).1);
    let lines = Lines::new(text);
    let whole = Source { lines: &lines, places: Places::of(text), piece: PIECE, part: PART };
    whole.in_parts(from..text.len(), text.len()).entries
}

/// A text to read, and in what pieces.
#[derive(Clone, Copy)]
struct Source<'a> {
    lines: &'a Lines<'a>,
    places: Places<'a>,
    /// At least so many bytes of it are parsed at once.
    piece: usize,
    /// At least so many of it are read by one.
    part: usize,
}

/// What a part of a text says by itself.
struct Part {
    entries: Vec<Entry>,
    /// It ends in code or HTML, which may go on behind it.
    is_open: bool,
}

impl Part {
    fn followed_by(mut self, mut other: Self) -> Self {
        let count = self.entries.len();
        for above in other.entries.iter_mut().filter_map(|entry| entry.under.as_mut()) {
            *above += count;
        }
        self.entries.append(&mut other.entries);
        Self { is_open: other.is_open, ..self }
    }
}

impl Source<'_> {
    /// What a part says, read by several where it is long; with room for what so many bytes say, as more of them
    /// may follow.
    fn in_parts(self, bytes: Range<usize>, room: usize) -> Part {
        let halves = if bytes.len() / 2 >= self.part { self.in_halves(&bytes, room) } else { None };
        halves.unwrap_or_else(|| self.read(bytes, room))
    }

    /// What two halves say that are read at the same time; none where it cannot be told what each says by itself.
    fn in_halves(self, bytes: &Range<usize>, room: usize) -> Option<Part> {
        let middle = Some(self.places.next(bytes.start, bytes.start.midpoint(bytes.end)))
            .filter(|middle| *middle < bytes.end)?;
        let first = || self.in_parts(bytes.start..middle, room);
        let second = || self.in_parts(middle..bytes.end, bytes.end - middle);
        let (first, second) = both(true, first, second);
        (!first.is_open).then(|| first.followed_by(second))
    }

    fn read(self, bytes: Range<usize>, room: usize) -> Part {
        let mut builder = Builder::new(self.lines, room / ENTRY);
        let (mut from, mut length, mut is_open) = (bytes.start, self.piece, false);
        while from < bytes.end {
            let to = self.places.next(from, from + length).min(bytes.end);
            let before = builder.len();
            is_open = self.piece(from..to, &mut builder);
            if is_open && to < bytes.end {
                builder.forget(before);
                length = 2 * (to - from);
            } else {
                (from, length) = (to, self.piece);
            }
        }
        Part { entries: builder.finish(), is_open }
    }

    /// Reads one piece, and says whether it may go on behind its end.
    fn piece(self, bytes: Range<usize>, builder: &mut Builder<'_>) -> bool {
        let options = Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH;
        let text = self.lines.text().split_at(bytes.end).0.split_at(bytes.start).1;
        let mut is_open = false;
        for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
            if matches!(event, Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_)) | Tag::HtmlBlock)) {
                is_open |= places::is_last(text, &range);
            }
            step(builder, event, range.start + bytes.start..range.end + bytes.start);
        }
        is_open
    }
}

fn step(builder: &mut Builder<'_>, event: Event<'_>, span: Range<usize>) {
    match event {
        Event::Start(tag) => open(builder, tag, span),
        Event::End(tag) => close(builder, tag),
        Event::Text(text) => builder.text(&text, &span),
        Event::Code(code) => builder.text(&code, &span),
        Event::SoftBreak | Event::HardBreak => builder.line_break(),
        Event::TaskListMarker(ticked) => builder.mark(Mark::Box { ticked }),
        Event::InlineHtml(html) if html.starts_with("<br") => builder.text(" ", &span),
        _ => {}
    }
}

fn open(builder: &mut Builder<'_>, tag: Tag<'_>, span: Range<usize>) {
    match tag {
        Tag::Heading { .. } | Tag::Paragraph => builder.begin_text(span),
        Tag::List(_) => builder.begin_list(&span),
        Tag::Item => builder.begin_item(span),
        Tag::CodeBlock(kind) => builder.begin_code(kind, span),
        Tag::TableRow | Tag::TableHead => builder.begin_row(span),
        Tag::TableCell => builder.begin_cell(),
        Tag::Strong => builder.begin_strong(),
        Tag::BlockQuote(_) => builder.begin_quote(),
        _ => {}
    }
}

fn close(builder: &mut Builder<'_>, tag: TagEnd) {
    match tag {
        TagEnd::Heading(level) => builder.end_heading(level as u8),
        TagEnd::Paragraph => builder.end_paragraph(),
        TagEnd::List(_) => builder.end_list(),
        TagEnd::Item => builder.end_item(),
        TagEnd::CodeBlock => builder.end_code(),
        TagEnd::TableCell => builder.end_cell(),
        TagEnd::TableHead => builder.end_head(),
        TagEnd::TableRow => builder.end_row(),
        TagEnd::Strong => builder.end_strong(),
        _ => {}
    }
}

/// How many bytes of YAML or TOML front matter the text begins with.
fn front_matter(text: &str) -> usize {
    let mut at = 0;
    let mut fence = "";
    for (number, line) in text.split_inclusive('\n').enumerate() {
        at += line.len();
        let line = line.trim_end();
        match number {
            0 if matches!(line, "---" | "+++") => fence = if line == "---" { "---" } else { "+++" },
            0 => return 0,
            // A rule above an ordinary text is no front matter.
            1 if line.is_empty() || line.starts_with('#') => return 0,
            _ if line == fence => return at,
            _ => {}
        }
    }
    0
}

#[cfg(test)]
mod tests;
