//! What happened, newest first, in the sentences of every report.
//!
//! ```text
//! ┌ Timeline ──────────────────────────────────────────────────────────┐
//! │ 02:13:40 ✓ Ana ticked "Error rate < 0.1%" on pass: 0.043 %         │
//! │ 02:04:00 ▶ Ana started 25%                                         │
//! │ 02:03:12 ● GO                                                      │
//! └────────────────────────────────────────────────────────────────────┘
//! ```

use crate::judge::Call;
use crate::session::event::show_clock;
use crate::session::{Event, Fact, State, tell};
use crate::tui::paint;
use crate::tui::scene::Scene;
use crate::tui::skin::{Skin, Tone};
use crate::tui::view::View;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use std::sync::Arc;

/// Which events are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Filter {
    #[default]
    All,
    /// What moves the ramp, and what sets something aside.
    Decisions,
    Verdicts,
    Notes,
    Ticks,
    /// What was starred for the report.
    Stars,
}

impl Filter {
    pub const ALL: [Self; 6] = [Self::All, Self::Decisions, Self::Verdicts, Self::Notes, Self::Ticks, Self::Stars];

    /// The filter that shows only what a word names: `notes`.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|filter| filter.word().strip_prefix("only ") == Some(word))
    }

    /// Its word in the title; none where all is shown.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Decisions => "only decisions",
            Self::Verdicts => "only verdicts",
            Self::Notes => "only notes",
            Self::Ticks => "only ticks",
            Self::Stars => "only stars",
        }
    }

    /// Whether it shows an event.
    #[must_use]
    pub fn holds(self, state: &State, event: &Event) -> bool {
        let fact = &event.fact;
        let is_verdict = matches!(fact, Fact::VerdictChanged { .. });
        let is_note = matches!(fact, Fact::Noted { .. } | Fact::NoteBackdated(_));
        let is_tick = matches!(
            fact,
            Fact::ItemTicked { .. }
                | Fact::ItemUnticked { .. }
                | Fact::ItemNotApplicable { .. }
                | Fact::SectionAttested { .. }
        );
        match self {
            Self::All => true,
            Self::Verdicts => is_verdict,
            Self::Notes => is_note,
            Self::Ticks => is_tick,
            Self::Stars => state.record.stars.contains(&event.seq),
            Self::Decisions => !is_verdict && !is_note && !is_tick,
        }
    }
}

/// The events that are told, newest first.
pub fn rows(scene: &Scene, filter: Filter) -> impl Iterator<Item = &Arc<Event>> {
    scene.state().timeline.iter().rev().filter(move |event| filter.holds(scene.state(), event))
}

const fn glyph(fact: &Fact) -> (&'static str, Tone) {
    match fact {
        Fact::VerdictChanged { call: Call::Go, .. } => ("●", Tone::Good),
        Fact::VerdictChanged { call: Call::Hold, .. } => ("●", Tone::Wait),
        Fact::VerdictChanged { call: Call::Rollback, .. } => ("●", Tone::Bad),
        Fact::StageStarted { .. } | Fact::TrafficMoved { .. } | Fact::RampCompleted { .. } => ("▶", Tone::Strong),
        Fact::RolledBack { .. } | Fact::TriggerDeclared { .. } | Fact::PromotionRejected { .. } => ("✗", Tone::Bad),
        Fact::ItemTicked { .. } | Fact::SectionAttested { .. } | Fact::PromotionApproved { .. } => ("✓", Tone::Good),
        Fact::HoldSet { .. } | Fact::GateWaived { .. } | Fact::TriggerDismissed { .. } => ("▲", Tone::Wait),
        Fact::SessionFinished { .. } => ("■", Tone::Strong),
        _ => ("·", Tone::Muted),
    }
}

/// Draws the rows that fit; the one the keys act on is among them.
pub fn draw(scene: &Scene, view: &View, skin: Skin, cursor: Option<usize>, area: Rect, frame: &mut Buffer) {
    let filter = view.shown();
    let count = rows(scene, filter).count();
    let shown = paint::window(count, cursor.unwrap_or(0), area.height);
    let events = rows(scene, filter).enumerate().skip(shown.start).take(shown.len());
    let last_seen = view.looked.last_seen();
    let (mut y, mut is_new) = (0, false);
    for (at, event) in events {
        let was_seen = last_seen.is_some_and(|seq| event.seq <= seq);
        if was_seen && is_new {
            draw_rule(skin, paint::nth_row(area, y), frame);
            y += 1;
        }
        is_new = !was_seen;
        super::draw_row(frame, paint::nth_row(area, y), &line(scene, skin, event), cursor == Some(at));
        y += 1;
    }
    if count == 0 {
        let text =
            if filter == Filter::All { " nothing has happened yet" } else { " nothing of this kind has happened" };
        paint::row(frame, area, &Line::from(paint::span(skin, Tone::Muted, text)));
    }
}

/// What stands above it is new.
fn draw_rule(skin: Skin, area: Rect, frame: &mut Buffer) {
    let word = " ── since you last looked ──";
    let rest = usize::from(area.width.saturating_sub(paint::width(word) + 1));
    let line = format!("{word}{}", "─".repeat(rest));
    paint::row(frame, area, &Line::from(paint::span(skin, Tone::Accent, line)));
}

fn line(scene: &Scene, skin: Skin, event: &Event) -> Line<'static> {
    let text = tell::tell(&scene.live.state, event).unwrap_or_default();
    let (glyph, tone) = glyph(&event.fact);
    let said = if event.fact.is_human() { Tone::Plain } else { Tone::Muted };
    let time: String = show_clock(event.at).chars().filter(|sign| *sign != 'Z').collect();
    let mut line = Line::from(vec![
        paint::span(skin, Tone::Muted, format!(" {time} ")),
        paint::span(skin, tone, format!("{glyph} ")),
    ]);
    if event.fact.is_human() && !scene.live.is_saved(event.seq) {
        let text = if scene.unsaved().is_some() { "NOT SAVED " } else { "saving… " };
        line.push_span(paint::span(skin, Tone::Wait, text));
    }
    if scene.state().record.stars.contains(&event.seq) {
        line.push_span(paint::span(skin, Tone::Accent, "★ "));
    }
    line.push_span(paint::span(skin, said, text));
    line
}
