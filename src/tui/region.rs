//! One file for each region of the screen: what it shows as plain data, then how that is drawn.

pub mod beside;
pub mod checklist;
pub mod commands;
mod company;
pub mod footer;
pub mod gates;
pub mod header;
pub mod info;
pub mod letters;
pub mod ramp;
pub mod spark;
pub mod timeline;
pub mod tonight;
pub mod triggers;
pub mod verdict;

use super::paint;
use super::skin::{Skin, Tone};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use std::borrow::Cow;

/// A state as it is shown in a list: a glyph and a word, and what they mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub glyph: &'static str,
    pub word: Cow<'static, str>,
    pub tone: Tone,
}

impl Mark {
    #[must_use]
    pub fn new(glyph: &'static str, word: impl Into<Cow<'static, str>>, tone: Tone) -> Self {
        Self { glyph, word: word.into(), tone }
    }

    /// The columns that the widest of some words takes, with its glyph and the gaps about them.
    pub(super) fn columns<'m>(marks: impl Iterator<Item = &'m Self>) -> u16 {
        marks.map(|mark| paint::width(&mark.word)).max().unwrap_or(0) + 4
    }

    /// The state in so many columns, in a tone.
    fn span(&self, skin: Skin, tone: Tone, columns: u16) -> Span<'static> {
        let word = usize::from(columns.saturating_sub(4));
        paint::span(skin, tone, format!(" {} {:<word$} ", self.glyph, self.word))
    }
}

/// Draws a row of a list; the one the keys act on is turned around as a whole.
pub(super) fn draw_row(frame: &mut Buffer, area: Rect, line: &Line<'_>, is_selected: bool) {
    paint::row(frame, area, line);
    if is_selected {
        select(frame, area);
    }
}

/// Turns a row around. One that is turned around already must not be turned back.
pub(super) fn select(frame: &mut Buffer, area: Rect) {
    for at in area.intersection(frame.area).positions() {
        if let Some(cell) = frame.cell_mut(at) {
            cell.modifier.insert(Modifier::REVERSED);
        }
    }
    paint::row(frame, Rect { width: area.width.min(1), ..area }, &Line::from("▸").style(Skin::selected()));
}

/// What has changed since somebody last looked.
pub(super) fn mark_new(frame: &mut Buffer, area: Rect, skin: Skin) {
    paint::row(frame, Rect { width: area.width.min(1), ..area }, &Line::from(paint::span(skin, Tone::Accent, "◆")));
}

/// A text in a column of its own, and a gap behind it.
fn column(skin: Skin, tone: Tone, text: &str, width: u16) -> Span<'static> {
    let mut text = paint::cut(text, width);
    let missing = width.saturating_sub(paint::width(&text));
    text.push_str(&" ".repeat(usize::from(missing) + 1));
    paint::span(skin, tone, text)
}

/// Draws the frame of a pane and gives what is inside.
pub(super) fn draw_frame(
    frame: &mut Buffer,
    area: Rect,
    title: &Line<'_>,
    right: &Line<'_>,
    edge: ratatui::style::Style,
) -> Rect {
    let area = area.intersection(frame.area);
    if area.width < 2 || area.height < 2 {
        return Rect { height: 0, ..area };
    }
    let (left, right_edge, top, bottom) = (area.x, area.right() - 1, area.y, area.bottom() - 1);
    for (y, [first, across, last]) in [(top, ["┌", "─", "┐"]), (bottom, ["└", "─", "┘"])] {
        paint::tile(frame, Rect { y, height: 1, ..area }, across, edge);
        paint::tile(frame, Rect::new(left, y, 1, 1), first, edge);
        paint::tile(frame, Rect::new(right_edge, y, 1, 1), last, edge);
    }
    for x in [left, right_edge] {
        paint::tile(frame, Rect::new(x, top + 1, 1, area.height - 2), "│", edge);
    }
    let room = Rect { x: area.x + 2, width: area.width.saturating_sub(4), height: 1, ..area };
    draw_titles(frame, room, title, right);
    Rect { x: area.x + 1, y: area.y + 1, width: area.width - 2, height: area.height - 2 }
}

/// The two titles stand in the upper edge, with the edge showing between them.
fn draw_titles(frame: &mut Buffer, room: Rect, title: &Line<'_>, right: &Line<'_>) {
    let left_width = paint::line_width(title).min(room.width);
    paint::row(frame, Rect { width: left_width, ..room }, title);
    let right_width = paint::line_width(right);
    if right_width + left_width < room.width {
        paint::row(frame, Rect { x: room.right() - right_width, width: right_width, ..room }, right);
    }
}
