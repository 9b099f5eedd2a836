//! The mouse, where somebody has asked for it: it opens views, gives panes the keys, selects and
//! scrolls. It decides nothing.

use super::board;
use super::crown;
use super::pane::{self, Pane};
use super::scene::Scene;
use super::view::{Effect, View};
use super::views::{Page, gates};
use crate::text::Millis;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect, Size};

/// A turn of the wheel goes so many rows.
const TURN: usize = 3;

impl View {
    /// Takes what the mouse did on a screen of a size.
    pub fn point(&mut self, scene: &Scene, event: MouseEvent, size: Size, now: Millis) -> Vec<Effect> {
        if !self.mouse {
            return Vec::new();
        }
        let at = Position::new(event.column, event.row);
        match event.kind {
            MouseEventKind::ScrollDown => self.wheel(scene, at, size, true, now),
            MouseEventKind::ScrollUp => self.wheel(scene, at, size, false, now),
            MouseEventKind::Down(MouseButton::Left) if self.layers.is_empty() => {
                self.click(scene, at, size);
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn wheel(&mut self, scene: &Scene, at: Position, size: Size, is_down: bool, now: Millis) -> Vec<Effect> {
        if !self.layers.is_empty() {
            let code = if is_down { KeyCode::Down } else { KeyCode::Up };
            return self.press(scene, KeyEvent::new(code, KeyModifiers::NONE), now);
        }
        if let Some((pane, _)) = self.place_at(scene, at, size) {
            let row = self.cursor(pane, scene);
            self.select(pane, scene, if is_down { row + TURN } else { row.saturating_sub(TURN) });
        }
        Vec::new()
    }

    fn click(&mut self, scene: &Scene, at: Position, size: Size) {
        let layout = board::layout(scene, self, Rect::from((Position::ORIGIN, size)));
        if layout.tabs.contains(at) {
            if let Some(page) = crown::tab_at(scene, self, &layout, at.x) {
                self.open(page);
            }
            return;
        }
        let Some((pane, place)) = self.place_at(scene, at, size) else { return };
        if let Some(row) = self.row_at(scene, pane, place, at) {
            self.select(pane, scene, row);
        }
        self.focus = pane;
    }

    fn place_at(&self, scene: &Scene, at: Position, size: Size) -> Option<(Pane, Rect)> {
        let body = board::layout(scene, self, Rect::from((Position::ORIGIN, size))).body;
        let places = (self.page.kind().places)(scene, self, body);
        places.into_iter().find(|(_, place)| place.contains(at))
    }

    /// The row of a pane at a place of the screen, where it lists one thing a row.
    fn row_at(&self, scene: &Scene, pane: Pane, place: Rect, at: Position) -> Option<usize> {
        let card = if self.page == Page::Gates { gates::row_at(scene, self, place, at) } else { None };
        if card.is_some() {
            return card;
        }
        if pane == Pane::Commands || self.page == Page::Rollback {
            return None;
        }
        let inner = pane::inside(place);
        let row = usize::from(at.y.checked_sub(inner.y).filter(|row| *row < inner.height)?);
        let shown = self.window(scene, pane, inner.height);
        Some(shown.start + row).filter(|row| shown.contains(row))
    }
}
