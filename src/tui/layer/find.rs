//! A search in the pane that has the keys: the selection moves while one types.

use super::{Step, Wish};
use crate::tui::edit::LineEdit;
use crate::tui::paint;
use crate::tui::pane::Pane;
use crate::tui::scene::Scene;
use crate::tui::skin::{Skin, Tone};
use crate::tui::view::View;
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

/// What is looked for, and where the search began.
#[derive(Clone, Debug)]
pub struct Find {
    line: LineEdit,
    pane: Pane,
    /// The row to go back to.
    began: usize,
    found: Vec<usize>,
    at: usize,
}

impl Find {
    /// A search that begins at a row of a pane.
    #[must_use]
    pub fn new(pane: Pane, began: usize) -> Self {
        Self { line: LineEdit::default(), pane, began, found: Vec::new(), at: 0 }
    }

    pub fn press(&mut self, view: &View, scene: &Scene, key: KeyEvent) -> Step {
        match key.code {
            KeyCode::Esc => return Step::Wish(Wish::Select(self.pane, self.began)),
            KeyCode::Enter => return Step::Close,
            KeyCode::Down | KeyCode::Tab => self.at = (self.at + 1) % self.found.len().max(1),
            KeyCode::Up | KeyCode::BackTab => {
                self.at = (self.at + self.found.len().saturating_sub(1)) % self.found.len().max(1);
            }
            _ => {
                self.line.press(key);
                self.search(view, scene);
            }
        }
        self.select()
    }

    pub fn paste(&mut self, view: &View, scene: &Scene, text: &str) -> Step {
        self.line.insert(text);
        self.search(view, scene);
        self.select()
    }

    fn select(&self) -> Step {
        self.found.get(self.at).map_or(Step::Stay, |row| Step::Meanwhile(Wish::Select(self.pane, *row)))
    }

    fn search(&mut self, view: &View, scene: &Scene) {
        let wanted = self.line.text().to_lowercase();
        let rows = if wanted.is_empty() { Vec::new() } else { view.texts(self.pane, scene) };
        let hits = rows.iter().enumerate().filter(|(_, row)| row.to_lowercase().contains(&wanted));
        self.found = hits.map(|(at, _)| at).collect();
        self.at = self.found.iter().position(|row| *row >= self.began).unwrap_or(0);
    }

    pub fn draw(&self, skin: Skin, free: Rect, frame: &mut Buffer) {
        let (_, row) = paint::split_bottom(free, 1);
        paint::fill(frame, row, Style::new());
        let count = match (self.line.text().is_empty(), self.found.len()) {
            (true, _) => "type to find ".to_owned(),
            (false, 0) => "not found ".to_owned(),
            (false, count) => format!("{} of {count}: ↓ next ", self.at + 1),
        };
        let mut line = Line::from(paint::span(skin, Tone::Accent, " /"));
        let room = row.width.saturating_sub(paint::width(&count) + 3);
        line.spans.extend(self.line.draw(skin, room, true).spans);
        paint::ends(frame, row, &line, &Line::from(paint::span(skin, Tone::Muted, count)));
    }
}
