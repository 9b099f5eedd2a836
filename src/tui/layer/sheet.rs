//! Text to read: help, details, reasons, refusals.

use super::{Step, draw_box};
use crate::tui::paint;
use crate::tui::skin::{Loud, Skin, Tone};
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

const WIDTH: u16 = 100;
const PAGE: usize = 10;

/// A title and rows; the first of each pair stands in a column of its own.
#[derive(Clone, Debug)]
pub struct Sheet {
    pub title: String,
    pub loud: Loud,
    pub rows: Vec<SheetRow>,
    from: usize,
}

/// One entry: a head in its own column where there is one, and a text that is wrapped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetRow {
    pub head: String,
    pub tone: Tone,
    pub text: String,
}

impl Sheet {
    #[must_use]
    pub fn new(title: impl Into<String>, loud: Loud) -> Self {
        Self { title: title.into(), loud, rows: Vec::new(), from: 0 }
    }

    /// Adds a text without a head.
    #[must_use]
    pub fn say(self, tone: Tone, text: impl Into<String>) -> Self {
        self.entry("", tone, text)
    }

    /// Adds a head with its text.
    #[must_use]
    pub fn entry(mut self, head: impl Into<String>, tone: Tone, text: impl Into<String>) -> Self {
        self.rows.push(SheetRow { head: head.into(), tone, text: text.into() });
        self
    }

    pub fn press(&mut self, key: KeyEvent) -> Step {
        match key.code {
            KeyCode::Esc | KeyCode::Enter | KeyCode::Char('q' | '?') => return Step::Close,
            KeyCode::Down | KeyCode::Char('j') => self.from += 1,
            KeyCode::Up | KeyCode::Char('k') => self.from = self.from.saturating_sub(1),
            KeyCode::PageDown | KeyCode::Char(' ') => self.from += PAGE,
            KeyCode::PageUp => self.from = self.from.saturating_sub(PAGE),
            KeyCode::Home | KeyCode::Char('g') => self.from = 0,
            KeyCode::End | KeyCode::Char('G') => self.from = usize::MAX / 2,
            KeyCode::Char(_) => return Step::Pass,
            _ => {}
        }
        // Beyond the end there is nothing to scroll to; how long it is depends on the width.
        self.from = self.from.min(self.rows.iter().map(|row| row.text.len() / 8 + 1).sum());
        Step::Stay
    }

    pub fn draw(&self, skin: Skin, free: Rect, frame: &mut Buffer) {
        let width = WIDTH.min(free.width);
        let room = width.saturating_sub(4);
        let head = self.rows.iter().map(|row| paint::width(&row.head)).max().unwrap_or(0).min(room / 3);
        let lines = self.lines(skin, head, room);
        let wanted = u16::try_from(lines.len()).unwrap_or(u16::MAX);
        let inner = draw_box(frame, skin, free, (width, wanted), &self.title, self.loud);
        let height = usize::from(inner.height);
        let from = self.from.min(lines.len().saturating_sub(height));
        for (y, line) in (0..).zip(lines.iter().skip(from).take(height)) {
            paint::row(frame, paint::nth_row(inner, y), line);
        }
        let below = lines.len().saturating_sub(from + height);
        if below > 0 && height > 1 {
            let last = paint::nth_row(inner, inner.height - 1);
            paint::fill(frame, last, ratatui::style::Style::new());
            let text = format!("and {} rows more: j, PgDn", below + 1);
            paint::row(frame, last, &Line::from(paint::span(skin, Tone::Accent, text)));
        }
    }

    fn lines(&self, skin: Skin, head: u16, room: u16) -> Vec<Line<'static>> {
        let gap = if head > 0 { head + 2 } else { 0 };
        let mut lines = Vec::new();
        for row in &self.rows {
            for (at, text) in paint::wrap(&row.text, room.saturating_sub(gap)).into_iter().enumerate() {
                let mut line = Line::default();
                if gap > 0 {
                    let shown = if at == 0 { paint::cut(&row.head, head) } else { String::new() };
                    let pad = " ".repeat(usize::from(gap - paint::width(&shown)));
                    line.push_span(paint::span(skin, Tone::Accent, format!("{shown}{pad}")));
                }
                line.push_span(paint::span(skin, row.tone, text));
                lines.push(line);
            }
        }
        lines
    }
}
