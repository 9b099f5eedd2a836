//! Where we are: the stages, and the clean time of the current one.
//!
//! ```text
//!  ✓ 10% ── ▶ 25% ███▌      clean 03:48/10:00 ── ○ 50% 15:00 ── ○ 100% 30:00 ── ○ observe 1h
//! ```
//!
//! Where it does not fit, the other stages lose their times, then those furthest away go.

use crate::judge::Status;
use crate::judge::ramp::Course;
use crate::judge::stage::StageTrack;
use crate::plan::{Stage, StageKind};
use crate::text::Millis;
use crate::tui::paint::{self, line_width};
use crate::tui::scene::Scene;
use crate::tui::skin::{Skin, Tone};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

const GAUGE: u16 = 10;

pub fn draw(scene: &Scene, skin: Skin, area: Rect, frame: &mut Buffer) {
    paint::row(frame, area, &line(scene, skin, area.width));
}

fn line(scene: &Scene, skin: Skin, room: u16) -> Line<'static> {
    let stages = &scene.plan().stages;
    if stages.is_empty() {
        return Line::from(paint::span(skin, Tone::Wait, " the checklist has no stage"));
    }
    let center = scene.stage_in_view().map_or(0, crate::plan::StageId::index);
    for detail in [Detail::Full, Detail::Some, Detail::Names] {
        let line = joined(scene, skin, detail, 0..stages.len());
        if line_width(&line) <= room {
            return line;
        }
    }
    // Those furthest from the current one go first, the passed before the coming.
    let (mut from, mut to) = (0, stages.len());
    while to - from > 1 {
        if from < center && center - from >= to - 1 - center {
            from += 1;
        } else {
            to -= 1;
        }
        let line = joined(scene, skin, Detail::Names, from..to);
        if line_width(&line) <= room {
            return line;
        }
    }
    let mut line = Line::from(" ");
    line.spans.extend(current(scene, skin, center, Detail::Names));
    line
}

/// How much is said of the stages.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Detail {
    /// Times of all, and a gauge.
    Full,
    /// Times of all.
    Some,
    /// Names; the time of the current one.
    Names,
}

fn joined(scene: &Scene, skin: Skin, detail: Detail, shown: std::ops::Range<usize>) -> Line<'static> {
    let count = scene.plan().stages.len();
    let mut line = Line::from(" ");
    let gap = || paint::span(skin, Tone::Muted, if detail == Detail::Names { " ─ " } else { " ── " });
    let more = || paint::span(skin, Tone::Muted, "…");
    if shown.start > 0 {
        line.spans.extend([more(), gap()]);
    }
    let center = scene.stage_in_view().map(crate::plan::StageId::index);
    for at in shown.clone() {
        if at > shown.start {
            line.push_span(gap());
        }
        if center == Some(at) {
            line.spans.extend(current(scene, skin, at, detail));
        } else {
            line.spans.extend(other(scene, skin, at, detail));
        }
    }
    if shown.end < count {
        line.spans.extend([gap(), more()]);
    }
    line
}

fn glyph(status: Status) -> (&'static str, Tone) {
    match status {
        Status::Pending => ("○", Tone::Muted),
        Status::Shifting => ("▷", Tone::Wait),
        Status::Active => ("▶", Tone::Strong),
        Status::Passed => ("✓", Tone::Good),
        Status::RolledBack => ("✗", Tone::Bad),
        Status::Skipped => ("·", Tone::Muted),
    }
}

fn other(scene: &Scene, skin: Skin, at: usize, detail: Detail) -> Vec<Span<'static>> {
    let (stage, track) = (&scene.plan().stages[at], &scene.ramp.stages[at]);
    let (glyph, tone) = glyph(track.status);
    let mut spans = vec![paint::span(skin, tone, format!("{glyph} {}", name(stage)))];
    let soak = stage.soak.filter(|_| detail != Detail::Names && track.status == Status::Pending);
    spans.extend(soak.map(|soak| paint::span(skin, Tone::Muted, format!(" {soak}"))));
    spans
}

fn name(stage: &Stage) -> String {
    paint::cut(&stage.name, 24)
}

/// The current stage: where it stands and what is left.
fn current(scene: &Scene, skin: Skin, at: usize, detail: Detail) -> Vec<Span<'static>> {
    let (stage, track) = (&scene.plan().stages[at], &scene.ramp.stages[at]);
    let (glyph, tone) = glyph(track.status);
    let tone = if track.status == Status::Pending { Tone::Strong } else { tone };
    let mut spans = vec![paint::span(skin, tone, format!("{glyph} {}", name(stage)))];
    match track.status {
        Status::Pending if scene.ramp.course == Course::Before => {
            spans.push(paint::span(skin, Tone::Muted, " not started"));
        }
        Status::Shifting => {
            let since = track.started_at.map_or(Millis::ZERO, |at| scene.now.since(at));
            spans.push(paint::span(skin, Tone::Wait, format!(" shifting {}", floor_clock(since))));
        }
        Status::Active => spans.extend(soak(scene, skin, stage, track, detail)),
        status => spans.push(paint::span(skin, tone, format!(" {}", status.word()))),
    }
    spans
}

fn soak(scene: &Scene, skin: Skin, stage: &Stage, track: &StageTrack, detail: Detail) -> Vec<Span<'static>> {
    let Some(whole) = stage.soak.filter(|whole| !whole.is_zero()) else {
        let age = floor_clock(track.age(scene.now));
        return vec![paint::span(skin, Tone::Plain, format!(" for {age}"))];
    };
    let done = whole - track.soak_left(stage, scene.ramp.now);
    let is_full = done >= whole;
    let tone = if is_full { Tone::Good } else { Tone::Strong };
    let mut spans = Vec::new();
    if detail == Detail::Full {
        spans.extend([Span::raw(" "), gauge(skin, done, whole)]);
    }
    let what = if stage.kind == StageKind::Observe { "" } else { "clean " };
    spans.push(paint::span(skin, tone, format!(" {what}{}/{}", floor_clock(done), whole.clock())));
    if !is_full && stage.kind == StageKind::Ramp && (!scene.ramp.soak_runs() || scene.silent_for.is_some()) {
        spans.push(paint::span(skin, Tone::Wait, " paused"));
    }
    if track.resets > 0 {
        spans.push(paint::span(skin, Tone::Wait, format!(" ↻{}", track.resets)));
    }
    spans
}

/// A clock of time that has passed: a part of a second has not.
fn floor_clock(span: Millis) -> String {
    Millis::from_secs(span.as_secs()).clock()
}

/// So much of a whole in eighths of a cell.
fn gauge(skin: Skin, done: Millis, whole: Millis) -> Span<'static> {
    const EIGHTHS: [char; 8] = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
    let all = u64::from(GAUGE) * 8;
    let filled = u128::from(done.0) * u128::from(all) / u128::from(whole.0.max(1));
    let filled = usize::try_from(filled).unwrap_or(usize::MAX).min(usize::from(GAUGE) * 8);
    let mut text = "█".repeat(filled / 8);
    if !filled.is_multiple_of(8) {
        text.push(EIGHTHS[filled % 8]);
    }
    let missing = usize::from(GAUGE).saturating_sub(filled.div_ceil(8));
    text.push_str(&"░".repeat(missing));
    paint::span(skin, Tone::Good, text)
}
