//! One series in large: its values, the limit it is held against, and what happened meanwhile.
//!
//! ```text
//!   0.31 %│                 ↻      ⢀⡴⠲⡄
//!   0.1 % ┤╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌┊╌╌╌╌╌⡞╌╌╌╌╌╌╌╌╌╌
//!         │                 ┊   ⢀⡴⠃  ⠙⠦⣄⣀
//!   0.04 %│⣀⣀⡠⠤⠤⠒⠒⠦⠤⣀⣀╌╌╌╌⣀⡠┊⠴⠋
//!         └02:05───────────02:10──────────02:15
//! ```
//!
//! The line is broken where nothing was known: between two readings that lie further apart than a
//! gap, and at every NaN or infinity, which are drawn as not known. Any `f64` and any size will do:
//! every loop is bounded by the cells of the area or the number of readings, never by a value.

mod dots;
mod scale;

use super::paint;
use super::skin::{Skin, Tone};
use crate::judge::Moment;
use crate::plan::Limit;
use crate::session::history::Mark;
use crate::text::Millis;
use dots::Dots;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use scale::Scale;

/// The column of the figures is at most so wide.
const MOST_FIGURES: u16 = 14;
/// A chart that is narrower or lower shows nothing that a figure does not.
pub const LEAST: (u16, u16) = (16, 4);
/// Rows of a chart that has one to spare for words.
const ROOM: u16 = 6;

/// The part of the session that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub from: Moment,
    pub to: Moment,
}

/// Something that happened at a moment: a stage began, the traffic moved, the soak was reset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    pub at: Moment,
    pub glyph: &'static str,
    /// What it was, in few columns.
    pub word: String,
    pub tone: Tone,
}

/// What a chart is drawn from.
#[derive(Clone, Copy)]
pub struct Chart<'c> {
    pub span: Span,
    /// Good when true; its bounds are drawn as lines.
    pub limit: &'c Limit,
    /// Readings that lie further apart are not joined.
    pub gap: Millis,
    pub flags: &'c [Flag],
    /// The time of day of a moment of the session: `02:14:07Z` for one.
    pub clock: &'c dyn Fn(Moment) -> String,
}

impl std::fmt::Debug for Chart<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Chart").field("span", &self.span).field("limit", &self.limit).finish_non_exhaustive()
    }
}

/// What is known of one column of dots.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Column {
    tone: Option<Tone>,
    /// Somebody asked and nothing was known.
    is_blind: bool,
}

impl Chart<'_> {
    /// Draws the readings that lie in the span, oldest first.
    pub fn draw(&self, marks: impl Iterator<Item = Mark>, skin: Skin, area: Rect, frame: &mut Buffer) {
        let area = area.intersection(frame.area);
        if area.width < LEAST.0 || area.height < LEAST.1 {
            return;
        }
        let marks: Vec<Mark> = self.within(marks).collect();
        let values = marks.iter().filter_map(|mark| mark.value).filter(|value| value.is_finite());
        let scale = Scale::of(values, self.limit.bounds().filter(|bound| bound.is_finite()));
        let (body, axis) = paint::split_bottom(area, 1);
        // Where there is room the words of what happened stand above the line, not on it.
        let has_room = body.height >= ROOM && self.flags.iter().any(|flag| self.column(flag.at, 1).is_some());
        let (words, body) = paint::split_top(body, u16::from(has_room));
        let figures = self.figures(&scale, body.height);
        let widest = figures.iter().map(|(_, text)| paint::width(text)).max().unwrap_or(0);
        let gutter = widest.min(MOST_FIGURES).min(area.width / 3) + 1;
        let (left, plot) = paint::split_left(body, gutter);
        self.draw_edge(&figures, skin, left, frame);
        self.draw_limit(&scale, skin, plot, frame);
        let words = Rect { x: plot.x, width: plot.width, ..words };
        self.draw_flags(skin, plot, if words.is_empty() { plot } else { words }, frame);
        self.draw_line(&marks, &scale, skin, plot, frame);
        self.draw_axis(skin, Rect { x: left.right().saturating_sub(1), width: plot.width + 1, ..axis }, frame);
    }

    /// The readings of the span, and the last one before it, which the line comes from.
    fn within(&self, marks: impl Iterator<Item = Mark>) -> impl Iterator<Item = Mark> {
        let Span { from, to } = self.span;
        let edge = Moment(from.0.saturating_sub(self.gap.0));
        marks.filter(move |mark| mark.at >= edge && mark.at <= to)
    }

    /// Which of so many columns a moment lies in; none before the span.
    fn column(&self, at: Moment, columns: u16) -> Option<u16> {
        let whole = self.span.to.since(self.span.from).0.max(1);
        let part = at.0.checked_sub(self.span.from.0)?.min(whole);
        let column = u128::from(part) * u128::from(columns.saturating_sub(1)) / u128::from(whole);
        u16::try_from(column).ok()
    }

    /// The figures of the scale with their rows: the bounds of the limit, then the ends.
    fn figures(&self, scale: &Scale, height: u16) -> Vec<(u16, String)> {
        let mut figures: Vec<(u16, String)> = Vec::new();
        let ends = [scale.high(), scale.low()];
        for value in self.limit.bounds().filter(|bound| bound.is_finite()).chain(ends) {
            let row = scale.row(value, height);
            if !figures.iter().any(|(known, _)| *known == row) {
                figures.push((row, self.limit.show(value)));
            }
        }
        figures
    }

    fn draw_edge(&self, figures: &[(u16, String)], skin: Skin, area: Rect, frame: &mut Buffer) {
        let (_, edge) = paint::split_left(area, area.width.saturating_sub(1));
        let bounds = self.limit.bounds().count();
        paint::tile(frame, edge, "│", skin.style(Tone::Muted));
        for (at, (row, text)) in figures.iter().enumerate() {
            let is_bound = at < bounds;
            let tone = if is_bound { Tone::Strong } else { Tone::Muted };
            let room = area.width.saturating_sub(1);
            let text = paint::cut(text, room);
            let from = area.x + room.saturating_sub(paint::width(&text));
            let y = area.y + row;
            paint::row(frame, Rect::new(from, y, area.right() - from, 1), &Line::from(paint::span(skin, tone, text)));
            let sign = if is_bound { "┤" } else { "│" };
            paint::tile(frame, paint::nth_row(edge, *row), sign, skin.style(tone));
        }
    }

    fn draw_limit(&self, scale: &Scale, skin: Skin, area: Rect, frame: &mut Buffer) {
        for bound in self.limit.bounds().filter(|bound| bound.is_finite()) {
            let row = paint::nth_row(area, scale.row(bound, area.height));
            paint::tile(frame, row, "╌", skin.style(Tone::Strong));
        }
    }

    fn draw_flags(&self, skin: Skin, area: Rect, words: Rect, frame: &mut Buffer) {
        for flag in self.flags.iter().filter(|flag| flag.at <= self.span.to) {
            let Some(column) = self.column(flag.at, area.width) else { continue };
            let x = area.x + column;
            paint::tile(frame, Rect { x, width: 1, ..area }, "┊", skin.style(Tone::Muted));
            let text = format!("{}{}", flag.glyph, flag.word);
            // A word at the right edge stands left of its moment.
            let wide = paint::width(&text).min(area.width);
            let from = x.min(area.right() - wide);
            let row = Rect { x: from, y: words.y, width: wide, height: 1 };
            paint::row(frame, row, &Line::from(paint::span(skin, flag.tone, text)));
        }
    }

    fn draw_line(&self, marks: &[Mark], scale: &Scale, skin: Skin, area: Rect, frame: &mut Buffer) {
        let mut dots = Dots::new(area.width, area.height);
        let mut columns = vec![Column::default(); usize::from(dots.width())];
        let mut before: Option<(Moment, u16, u16)> = None;
        for mark in marks {
            let value = mark.value.filter(|value| value.is_finite());
            let x = self.column(mark.at, dots.width());
            if let Some(column) = x.and_then(|x| columns.get_mut(usize::from(x))) {
                match value {
                    Some(value) if !self.limit.holds(value) => column.tone = Some(Tone::Bad),
                    Some(_) => column.tone = column.tone.or(Some(Tone::Good)),
                    None => column.is_blind = true,
                }
            }
            let Some(value) = value else {
                before = None;
                continue;
            };
            let y = scale.row(value, dots.height());
            let joined = before.filter(|(at, ..)| mark.at.since(*at) <= self.gap);
            match (x, joined) {
                (Some(x), Some((_, from_x, from_y))) => {
                    dots.join((from_x, from_y), (x, y));
                    spread(&mut columns, from_x, x);
                }
                (Some(x), None) => dots.set(x, y),
                (None, _) => {}
            }
            // A reading before the span is where the line comes in.
            before = Some((mark.at, x.unwrap_or(0), y));
        }
        draw_dots(&dots, &columns, skin, area, frame);
    }

    /// Times of day, as many as there is room for.
    fn draw_axis(&self, skin: Skin, area: Rect, frame: &mut Buffer) {
        const APART: u16 = 16;
        let muted = skin.style(Tone::Muted);
        if area.is_empty() {
            return;
        }
        let (corner, line) = paint::split_left(area, 1);
        paint::tile(frame, paint::nth_row(corner, 0), "└", muted);
        paint::tile(frame, paint::nth_row(line, 0), "─", muted);
        let room = area.width.saturating_sub(1);
        let count = (room / APART).max(1);
        let whole = self.span.to.since(self.span.from).0;
        for at in 0..=count {
            let moment = Moment(self.span.from.0 + whole / u64::from(count) * u64::from(at));
            let text: String = (self.clock)(moment).chars().take(5).collect();
            let x = area.x + 1 + u16::try_from(u32::from(room) * u32::from(at) / u32::from(count)).unwrap_or(0);
            let x = x.min(area.right().saturating_sub(paint::width(&text)));
            paint::put(frame, Rect { x, width: area.right() - x, ..area }, &text, muted);
        }
    }
}

/// The columns between two readings that are joined are as good as the one they lead to.
fn spread(columns: &mut [Column], from: u16, to: u16) {
    let tone = columns.get(usize::from(to)).and_then(|column| column.tone);
    for column in columns.iter_mut().take(usize::from(to)).skip(usize::from(from) + 1) {
        column.tone = column.tone.or(tone);
    }
}

/// Each cell in the tone of the worse of its two columns; where nothing was known, a broken line at
/// the bottom.
fn draw_dots(dots: &Dots, columns: &[Column], skin: Skin, area: Rect, frame: &mut Buffer) {
    for column in 0..area.width {
        let at = usize::from(column) * 2;
        let pair = columns.get(at..at + 2).unwrap_or_default();
        let tone = if pair.iter().any(|column| column.tone == Some(Tone::Bad)) { Tone::Bad } else { Tone::Good };
        let is_blind = pair.iter().any(|column| column.is_blind);
        for row in 0..area.height {
            if let Some(glyph) = dots.glyph(column, row)
                && let Some(cell) = frame.cell_mut((area.x + column, area.y + row))
            {
                cell.set_char(glyph).set_style(skin.style(tone));
            }
        }
        if is_blind && let Some(cell) = frame.cell_mut((area.x + column, area.bottom() - 1)) {
            cell.set_char('?').set_style(skin.style(Tone::Unknown));
        }
    }
}

#[cfg(test)]
mod tests;
