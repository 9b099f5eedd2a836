//! Commands of the checklist, to copy. Nothing is ever run from here.

use super::{Step, Wish, draw_box};
use crate::plan::Command;
use crate::tui::paint;
use crate::tui::region::commands;
use crate::tui::skin::{Loud, Skin, Tone};
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

const WIDTH: u16 = 110;

/// Blocks of commands, one of them selected.
#[derive(Clone, Debug)]
pub struct Blocks {
    pub title: String,
    pub blocks: Vec<Command>,
    at: usize,
}

impl Blocks {
    #[must_use]
    pub fn new(title: impl Into<String>, blocks: Vec<Command>) -> Self {
        Self { title: title.into(), blocks, at: 0 }
    }

    pub fn press(&mut self, key: KeyEvent) -> Step {
        let last = self.blocks.len().saturating_sub(1);
        match key.code {
            KeyCode::Esc | KeyCode::Char('q' | 'c') => return Step::Close,
            KeyCode::Down | KeyCode::Char('j') | KeyCode::Tab => self.at = (self.at + 1).min(last),
            KeyCode::Up | KeyCode::Char('k') | KeyCode::BackTab => self.at = self.at.saturating_sub(1),
            KeyCode::Enter | KeyCode::Char('y') => return self.copy(),
            KeyCode::Char(_) => return Step::Pass,
            _ => {}
        }
        Step::Stay
    }

    fn copy(&self) -> Step {
        self.blocks.get(self.at).map_or(Step::Close, |block| Step::Meanwhile(copy(block)))
    }

    pub fn draw(&self, skin: Skin, free: Rect, frame: &mut Buffer) {
        let blocks: Vec<&Command> = self.blocks.iter().collect();
        let wanted = commands::height(&blocks).saturating_add(1);
        let inner = draw_box(frame, skin, free, (WIDTH.min(free.width), wanted), &self.title, Loud::Notice);
        let (inner, foot) = if inner.height > 1 { paint::split_bottom(inner, 1) } else { (inner, Rect::ZERO) };
        commands::draw_blocks(&blocks, skin, Some(self.at), true, inner, frame);
        let keys = paint::span(skin, Tone::Muted, "y copies the block, j k choose, Esc leaves");
        paint::row(frame, foot, &Line::from(keys));
    }
}

/// The wish to copy a block.
#[must_use]
pub fn copy(block: &Command) -> Wish {
    let count = block.text.lines().count();
    let rows = if count == 1 { "1 row".to_owned() } else { format!("{count} rows") };
    Wish::Copy { text: block.text.clone(), about: format!("{rows} from line {}", block.line) }
}
