//! Commands of the checklist, to copy. Nothing is ever run from here.

use super::{Step, Wish, draw_box};
use crate::plan::{Command, Plan, StageId};
use crate::tui::paint;
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
        let mut rows: Vec<(usize, Line<'static>)> = Vec::new();
        for (at, block) in self.blocks.iter().enumerate() {
            rows.push((at, head(skin, block, at == self.at)));
            let text = block.text.lines().map(|line| paint::span(skin, Tone::Plain, format!("    {line}")));
            rows.extend(text.map(|span| (at, Line::from(span))));
            rows.extend(
                block
                    .expect
                    .as_ref()
                    .map(|expect| (at, Line::from(paint::span(skin, Tone::Muted, format!("    expected: {expect}"))))),
            );
        }
        let wanted = u16::try_from(rows.len()).unwrap_or(u16::MAX).saturating_add(1);
        let inner = draw_box(frame, skin, free, (WIDTH.min(free.width), wanted), &self.title, Loud::Notice);
        let (inner, foot) = if inner.height > 1 { paint::split_bottom(inner, 1) } else { (inner, Rect::ZERO) };
        let first = rows.iter().position(|(at, _)| *at == self.at).unwrap_or(0);
        let middle = first + usize::from(inner.height / 2);
        let shown = paint::window(rows.len(), middle.min(rows.len().saturating_sub(1)), inner.height);
        for (y, at) in (0..).zip(shown) {
            paint::row(frame, paint::nth_row(inner, y), &rows[at].1);
        }
        paint::row(
            frame,
            foot,
            &Line::from(paint::span(skin, Tone::Muted, "y copies the block, j k choose, Esc leaves")),
        );
    }
}

fn head(skin: Skin, block: &Command, is_selected: bool) -> Line<'static> {
    let (glyph, tone) = if is_selected { ("▸", Tone::Accent) } else { (" ", Tone::Muted) };
    let alternative = block.alternative.map(|number| format!(", alternative {number}")).unwrap_or_default();
    Line::from(paint::span(skin, tone, format!("{glyph} line {} {}{alternative}", block.line, block.language)))
}

/// The wish to copy a block.
#[must_use]
pub fn copy(block: &Command) -> Wish {
    let count = block.text.lines().count();
    let rows = if count == 1 { "1 row".to_owned() } else { format!("{count} rows") };
    Wish::Copy { text: block.text.clone(), about: format!("{rows} from line {}", block.line) }
}

/// The commands that move traffic to a stage.
#[must_use]
pub fn of_stage(plan: &Plan, stage: StageId) -> Vec<Command> {
    plan.commands.iter().filter(|command| command.stage == Some(stage)).cloned().collect()
}

/// The commands that stand under a heading about rolling back.
#[must_use]
pub fn of_rollback(plan: &Plan) -> Vec<Command> {
    let is_about = |title: &str| {
        let title = title.to_lowercase();
        title.contains("rollback") || title.contains("roll back") || title.contains("roll-back")
    };
    let stands_there = |command: &&Command| {
        let before = plan.sections.iter().enumerate().filter(|(_, section)| section.line < command.line);
        let inner = before.max_by_key(|(_, section)| section.line).map(|(_, section)| section);
        let chain = std::iter::successors(inner, |section| section.parent.map(|id| &plan.sections[id.index()]));
        chain.into_iter().any(|section| is_about(&section.title))
    };
    plan.commands.iter().filter(stands_there).cloned().collect()
}
