//! The whole night in three rows, under the board; in four while another limit is held against it.
//!
//! ```text
//!  ▶ 10x  02:14:07Z  T+00:41:22 of 01:12:40   in 25%   ★ 2
//! ▁▁▁▁▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▁▁▁▁▁▁▁▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄████
//! ·····▁▁▁▁▁▁▁·····································▄▄▄▄
//!      ▶10%    ·  n    ·  ▶25%      ★  ▲                ◆
//! ```

use super::what_if::WhatIf;
use super::{Asks, Review, SPEEDS};
use crate::judge::{Call, Moment};
use crate::session::Fact;
use crate::session::event::show_clock;
use crate::text::Millis;
use crate::tui::paint;
use crate::tui::scene::Scene;
use crate::tui::skin::{Skin, Tone};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

/// How many rows it takes of a screen of so many.
#[must_use]
pub fn rows(review: &Review, height: u16) -> u16 {
    match height {
        0..8 => 0,
        8..16 => 1,
        _ => 3 + u16::from(review.what_if.is_some()),
    }
}

pub fn draw(scene: &Scene, review: &Review, skin: Skin, area: Rect, frame: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    paint::fill(frame, area, ratatui::style::Style::default());
    paint::row(frame, paint::nth_row(area, 0), &words(scene, review, skin));
    if area.height >= 3 {
        let scale = Scale { end: review.archive.state.ramp.now.max(Moment(1)), width: area.width };
        paint::row(frame, paint::nth_row(area, 1), &verdicts(review, scale, skin));
        if let Some(what_if) = &review.what_if {
            paint::row(frame, paint::nth_row(area, 2), &differing(what_if, scale, skin));
        }
        marks(scene, review, scale, skin, paint::nth_row(area, area.height - 1), frame);
    }
}

/// From a moment to a column.
#[derive(Clone, Copy)]
struct Scale {
    end: Moment,
    width: u16,
}

impl Scale {
    fn column(self, moment: Moment) -> u16 {
        let last = u64::from(self.width.saturating_sub(1));
        let column = u128::from(moment.0.min(self.end.0)) * u128::from(last) / u128::from(self.end.0.max(1));
        u16::try_from(column).unwrap_or(0)
    }
}

fn words(scene: &Scene, review: &Review, skin: Skin) -> Line<'static> {
    if let Some(prompt) = &review.prompt {
        let asks = match prompt.asks {
            Asks::Time => "jump to (02:14, or +41m from the beginning): ",
            Asks::Text => "find in notes and events: ",
            Asks::Limit => "what if (a gate and its limit, such as error rate < 1 %): ",
        };
        let typed = Span::styled(format!("{}█", prompt.text), skin.style(Tone::Strong));
        return Line::from(vec![paint::span(skin, Tone::Accent, format!(" {asks}")), typed]);
    }
    let end = review.archive.state.ramp.now;
    let is_playing = review.is_playing && scene.now < end;
    let speed = SPEEDS[review.speed];
    let sign = if is_playing { format!(" ▶ {speed}x") } else { format!(" ‖ {speed}x") };
    let since = |moment: Moment| Millis(moment.0).clock();
    let mut line = Line::from(vec![
        Span::styled(format!("{sign:<8}"), skin.style(Tone::Accent).add_modifier(Modifier::REVERSED)),
        paint::span(skin, Tone::Strong, format!(" REVIEW {}", show_clock(scene.at))),
        paint::span(skin, Tone::Muted, format!("  T+{} of {}", since(scene.now), since(end))),
    ]);
    let stars = review.archive.state.record.stars.len();
    if stars > 0 {
        line.push_span(paint::span(skin, Tone::Wait, format!("  ★ {stars}")));
    }
    if let Some(untold) = review.archive.untold() {
        line.push_span(paint::span(skin, Tone::Bad, format!("  {untold}")));
    }
    if let Some(what_if) = &review.what_if {
        let (tone, would) = supposed(what_if, scene.now);
        line.push_span(paint::span(skin, Tone::Accent, format!("  what if {}: ", what_if.asked())));
        line.push_span(paint::span(skin, tone, would));
    }
    line
}

/// What would have been said at a moment with the other limit.
fn supposed(what_if: &WhatIf, now: Moment) -> (Tone, String) {
    if what_if.differences.is_none() {
        return (Tone::Muted, "folding the night again…".to_owned());
    }
    let Some(found) = what_if.at(now) else { return (Tone::Muted, "the same here".to_owned()) };
    let why = found.reasons.first().map_or_else(String::new, |reason| format!(": {reason}"));
    (call_cell(found.would).1, format!("{} instead of {}{why}", found.would, found.was))
}

/// The verdict as it would have been, where it would have been another one.
fn differing(what_if: &WhatIf, scale: Scale, skin: Skin) -> Line<'static> {
    let mut columns: Vec<Option<Call>> = vec![None; usize::from(scale.width)];
    for found in what_if.differences.iter().flatten() {
        let until = found.until.map_or(scale.end, |until| until.moment);
        mark(&mut columns, scale, (found.from.moment, until), found.would);
    }
    cells(&columns, skin)
}

/// The verdicts, each column the worst that fell into it.
fn verdicts(review: &Review, scale: Scale, skin: Skin) -> Line<'static> {
    let mut columns: Vec<Option<Call>> = vec![None; usize::from(scale.width)];
    for (spell, until) in review.archive.chronicle.calls_until(scale.end) {
        mark(&mut columns, scale, (spell.from.moment, until), spell.call);
    }
    cells(&columns, skin)
}

fn mark(columns: &mut [Option<Call>], scale: Scale, (from, until): (Moment, Moment), call: Call) {
    for column in &mut columns[usize::from(scale.column(from))..=usize::from(scale.column(until))] {
        *column = (*column).max(Some(call));
    }
}

fn cells(columns: &[Option<Call>], skin: Skin) -> Line<'static> {
    let cell = |call: &Option<Call>| {
        let (sign, tone) = call.map_or(("·", Tone::Muted), call_cell);
        paint::span(skin, tone, sign)
    };
    Line::from(columns.iter().map(cell).collect::<Vec<_>>())
}

const fn call_cell(call: Call) -> (&'static str, Tone) {
    match call {
        Call::Go => ("▁", Tone::Good),
        Call::Hold => ("▄", Tone::Wait),
        Call::Rollback => ("█", Tone::Bad),
    }
}

/// Stages, notes, ticks, decisions, stars; and the moment that is shown over all of them.
fn marks(scene: &Scene, review: &Review, scale: Scale, skin: Skin, area: Rect, frame: &mut Buffer) {
    let archive = &review.archive;
    let mut put = |moment: Moment, text: &str, tone: Tone| {
        let x = area.x + scale.column(moment);
        let room = Rect { x, width: area.right().saturating_sub(x), ..area };
        paint::put(frame, room, text, skin.style(tone));
    };
    let entries = || archive.state.timeline.iter().zip(&archive.chronicle.entries);
    for (event, when) in entries() {
        match event.fact {
            Fact::ItemTicked { .. } | Fact::SectionAttested { .. } => put(when.moment, "·", Tone::Muted),
            _ => {}
        }
    }
    for run in &archive.chronicle.runs {
        put(run.started.moment, &format!("▶{}", paint::cut(&run.name, 10)), Tone::Strong);
    }
    for (event, when) in entries() {
        match event.fact {
            Fact::Noted { .. } | Fact::NoteBackdated(_) => put(when.moment, "n", Tone::Accent),
            Fact::RolledBack { .. } | Fact::SessionFinished { .. } | Fact::RampCompleted { .. } => {
                put(when.moment, "◆", Tone::Strong);
            }
            _ => {}
        }
        if archive.state.record.stars.contains(&event.seq) {
            put(when.moment, "★", Tone::Wait);
        }
    }
    put(scene.now, "▲", Tone::Accent);
    let column = area.x + scale.column(scene.now);
    if let Some(cell) = frame.cell_mut((column, area.y.saturating_sub(1))) {
        cell.modifier.insert(Modifier::REVERSED);
    }
}
