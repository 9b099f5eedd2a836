//! Blocks of commands of the checklist, to copy. Nothing is ever run from here.
//!
//! ```text
//! ┌ Rollback commands ─────────────────────────────────────────────────┐
//! │ ▸ line 88 sh                                                       │
//! │     kubectl set weight payments new=0                              │
//! │     expected: route updated                                        │
//! └────────────────────────────────────────────────────────────────────┘
//! ```

use crate::plan::{Command, Plan, StageId};
use crate::tui::paint;
use crate::tui::scene::Scene;
use crate::tui::skin::{Skin, Tone};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

/// The commands of the way back.
#[must_use]
pub fn rows(scene: &Scene) -> Vec<&Command> {
    of_rollback(scene.plan())
}

/// The commands that move traffic to a stage.
#[must_use]
pub fn of_stage(plan: &Plan, stage: StageId) -> Vec<&Command> {
    plan.commands.iter().filter(|command| command.stage == Some(stage)).collect()
}

/// The commands that stand under a heading about rolling back.
#[must_use]
pub fn of_rollback(plan: &Plan) -> Vec<&Command> {
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
    plan.commands.iter().filter(stands_there).collect()
}

/// Draws the blocks of the way back; the selected one is in sight.
pub fn draw(scene: &Scene, skin: Skin, selected: usize, is_focus: bool, area: Rect, frame: &mut Buffer) {
    let blocks = rows(scene);
    if blocks.is_empty() {
        let text = " no block of commands stands under a heading about rolling back";
        return paint::row(frame, area, &Line::from(paint::span(skin, Tone::Muted, text)));
    }
    draw_blocks(&blocks, skin, Some(selected), is_focus, area, frame);
}

/// Draws blocks; the selected one is in sight.
pub(in crate::tui) fn draw_blocks(
    blocks: &[&Command],
    skin: Skin,
    selected: Option<usize>,
    is_focus: bool,
    area: Rect,
    frame: &mut Buffer,
) {
    let lines = lines(blocks, skin, selected, is_focus);
    let first = lines.iter().position(|(at, _)| Some(*at) == selected).unwrap_or(0);
    let middle = first + usize::from(area.height / 2);
    let shown = paint::window(lines.len(), middle.min(lines.len().saturating_sub(1)), area.height);
    for (y, at) in (0..).zip(shown) {
        paint::row(frame, paint::nth_row(area, y), &lines[at].1);
    }
}

/// How many rows blocks take.
pub(in crate::tui) fn height(blocks: &[&Command]) -> u16 {
    u16::try_from(lines(blocks, Skin::default(), None, false).len()).unwrap_or(u16::MAX)
}

/// The rows of blocks, each with the block it is of.
fn lines(blocks: &[&Command], skin: Skin, selected: Option<usize>, is_focus: bool) -> Vec<(usize, Line<'static>)> {
    let mut lines = Vec::new();
    for (at, block) in blocks.iter().enumerate() {
        lines.push((at, head(skin, block, selected == Some(at), is_focus)));
        let text = block.text.lines().map(|line| paint::span(skin, Tone::Plain, format!("    {line}")));
        lines.extend(text.map(|span| (at, Line::from(span))));
        let expect = block.expect_beside().map(|expect| format!("    expected: {expect}"));
        lines.extend(expect.map(|text| (at, Line::from(paint::span(skin, Tone::Muted, text)))));
    }
    lines
}

fn head(skin: Skin, block: &Command, is_selected: bool, is_focus: bool) -> Line<'static> {
    let (glyph, tone) = match (is_selected, is_focus) {
        (true, true) => ("▸", Tone::Accent),
        (true, false) => ("▸", Tone::Strong),
        (false, _) => (" ", Tone::Muted),
    };
    let alternative = block.alternative.map(|number| format!(", alternative {number}")).unwrap_or_default();
    Line::from(paint::span(skin, tone, format!("{glyph} line {} {}{alternative}", block.line, block.language)))
}
