//! The rollback triggers: armed, counting down, tripped, or blind.
//!
//! ```text
//! ┌ Rollback triggers ────────────────────────────────────── 1 tripped ┐
//! │ ○ ARMED      ! Error rate > 1%                 0.043 %  2s         │
//! │ ◐ PENDING      p95 > 500ms sustained           612 ms   in 00:42   │
//! │ ✗ TRIPPED    ! Payment failures > 5%           7.1 % > 5 % for 3 … │
//! └────────────────────────────────────────────────────────────────────┘
//! ```
//! `!` marks those that call for rollback at once.

use super::{Mark, column, gates};
use crate::judge::TriggerState;
use crate::order;
use crate::plan::{Trigger, TriggerId, TriggerSeverity};
use crate::session::event::show_clock;
use crate::tui::paint;
use crate::tui::scene::Scene;
use crate::tui::skin::{Skin, Tone};
use crate::tui::view::View;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

/// One row of the pane.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub id: TriggerId,
    pub mark: Mark,
    pub is_immediate: bool,
    pub text: String,
    pub value: String,
    pub note: String,
}

impl Row {
    /// What one would look for it by.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{} {} {}", self.mark.word, self.text, self.note)
    }
}

/// Every trigger, those that are not merely armed first.
#[must_use]
pub fn rows(scene: &Scene) -> Vec<Row> {
    let plan = scene.plan();
    let mut rows: Vec<(u8, Row)> = (0..plan.triggers.len())
        .map(|at| {
            let id = TriggerId::at(at);
            let state = scene.ramp.trigger_state(plan, id);
            (rank(&state), row(scene, id, plan.trigger(id), &state))
        })
        .collect();
    order::by_key(&mut rows, |(rank, _)| *rank);
    rows.into_iter().map(|(_, row)| row).collect()
}

/// How a trigger is shown.
#[must_use]
pub fn row_of(scene: &Scene, id: TriggerId) -> Row {
    let plan = scene.plan();
    row(scene, id, plan.trigger(id), &scene.ramp.trigger_state(plan, id))
}

const fn rank(state: &TriggerState) -> u8 {
    match state {
        TriggerState::Tripped(_) => 0,
        TriggerState::Pending { .. } => 1,
        TriggerState::Blind(_) => 2,
        TriggerState::Armed(_) | TriggerState::Idle => 3,
    }
}

fn row(scene: &Scene, id: TriggerId, trigger: &Trigger, state: &TriggerState) -> Row {
    let show = |value: f64| trigger.watch.as_ref().map(|watch| watch.bad.show(value)).unwrap_or_default();
    let age = trigger.watch.as_ref().and_then(|watch| gates::age(scene, watch.probe));
    let age = age.map(paint::age).unwrap_or_default();
    let by_hand = || if trigger.watch.is_none() { "by hand" } else { "" }.to_owned();
    let (mark, value, note) = match state {
        TriggerState::Idle => (Mark::new("·", "IDLE", Tone::Muted), String::new(), by_hand()),
        TriggerState::Armed(None) => (Mark::new("○", "ARMED", Tone::Plain), String::new(), by_hand()),
        TriggerState::Armed(Some(weighed)) => (Mark::new("○", "ARMED", Tone::Good), show(weighed.value), age),
        TriggerState::Pending { weighed, left } => {
            let left = left.map_or_else(|| "not confirmed".to_owned(), |left| format!("in {}", left.clock()));
            (Mark::new("◐", "PENDING", Tone::Wait), show(weighed.value), left)
        }
        TriggerState::Tripped(trip) => {
            let who = trip.by.as_ref().map(|by| format!("{by}: ")).unwrap_or_default();
            let at = show_clock(scene.wall(trip.at));
            let blind = trip.blind.as_ref().map(|unknown| format!("; cannot be seen now: {}", unknown.detail));
            let note = format!("{at} {who}{}{}", trip.on, blind.unwrap_or_default());
            (Mark::new("✗", "TRIPPED", Tone::Bad), String::new(), note)
        }
        TriggerState::Blind(unknown) => {
            let note = format!("{}: {}", unknown.code, unknown.detail);
            (Mark::new("?", "BLIND", Tone::Unknown), String::new(), note)
        }
    };
    let is_old = scene.silent_for.is_some() && trigger.watch.is_some() && !matches!(state, TriggerState::Tripped(_));
    let mark = if is_old { Mark::new("?", "OLD", Tone::Unknown) } else { mark };
    let is_immediate = trigger.severity == TriggerSeverity::Immediate;
    Row { id, mark, is_immediate, text: trigger.text.clone(), value, note }
}

/// How many are tripped, for the pane's title.
#[must_use]
pub fn tripped(rows: &[Row]) -> usize {
    rows.iter().filter(|row| row.mark.word == "TRIPPED").count()
}

/// Draws the rows that fit; the one the keys act on is among them.
pub fn draw(scene: &Scene, view: &View, skin: Skin, cursor: Option<usize>, area: Rect, frame: &mut Buffer) {
    let rows = rows(scene);
    let columns = Columns::of(&rows, area.width);
    let shown = paint::window(rows.len(), cursor.unwrap_or(0), area.height);
    for (y, at) in (0..).zip(shown) {
        let line = row_line(skin, &rows[at], &columns);
        let row = paint::nth_row(area, y);
        super::draw_row(frame, row, &line, cursor == Some(at));
        if view.looked.is_new_trigger(&rows[at]) {
            super::mark_new(frame, row, skin);
        }
    }
    if rows.is_empty() {
        paint::row(frame, area, &Line::from(paint::span(skin, Tone::Muted, " the checklist names none")));
    }
}

/// The widths of the columns of one frame.
struct Columns {
    mark: u16,
    text: u16,
    value: u16,
}

impl Columns {
    fn of(rows: &[Row], room: u16) -> Self {
        let widest = |text: fn(&Row) -> &str| rows.iter().map(|row| paint::width(text(row))).max().unwrap_or(0);
        let mark = Mark::columns(rows.iter().map(|row| &row.mark));
        let value = widest(|row| &row.value).min(12);
        let rest = room.saturating_sub(mark + value + 4);
        // A note is short while all is well, and tells a story when it is not.
        let note = widest(|row| &row.note).min(rest / 2);
        Self { mark, text: widest(|row| &row.text).min(rest.saturating_sub(note)), value }
    }
}

fn row_line(skin: Skin, row: &Row, columns: &Columns) -> Line<'static> {
    let tone = row.mark.tone;
    let mut line = Line::from(row.mark.span(skin, tone, columns.mark));
    line.push_span(paint::span(skin, Tone::Bad, if row.is_immediate { "! " } else { "  " }));
    line.push_span(column(skin, Tone::Plain, &row.text, columns.text));
    let (value, note) = if tone == Tone::Good { (Tone::Plain, Tone::Muted) } else { (tone, tone) };
    line.push_span(column(skin, value, &row.value, columns.value));
    line.push_span(paint::span(skin, note, row.note.clone()));
    line
}
