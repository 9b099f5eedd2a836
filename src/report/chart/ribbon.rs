//! The night at a glance: one ribbon in the colours of the verdicts, with stages and marks.

use super::{Scale, WIDTH, axis};
use crate::judge::{Call, Moment};
use crate::report::Night;
use crate::report::account::Part;
use crate::session::Fact;
use std::fmt::Write;

const TOP: f64 = 20.0;
const HIGH: f64 = 22.0;
const MARKS: f64 = TOP + HIGH + 9.0;
const HEIGHT: f64 = 74.0;

/// Draws it.
#[must_use]
pub fn draw(night: Night<'_>, part: Part) -> String {
    let scale = Scale::over(part, 0.0, WIDTH);
    let mut out = format!(
        r#"<svg class="ribbon" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="Verdicts over the night">"#
    );
    // Writing into a string cannot fail.
    let _ = write!(out, r#"<rect class="none" x="0" y="{TOP}" width="{WIDTH}" height="{HIGH}" rx="3"/>"#);
    for (call, from, until) in stretches(night, part) {
        if part.touches(from, Some(until)) {
            let (from, until) = (scale.x(from), scale.x(until));
            let class = class(call);
            let width = (until - from).max(0.6);
            let _ =
                write!(out, r#"<rect class="{class}" x="{from:.1}" y="{TOP}" width="{width:.1}" height="{HIGH}"/>"#);
        }
    }
    axis::borders(night, part, scale, (6.0, TOP + HIGH), &mut out);
    axis::names(night, part, scale, 14.0, &mut out);
    marks(night, part, scale, &mut out);
    axis::times(night, part, scale, HEIGHT - 4.0, &mut out);
    out.push_str("</svg>");
    out
}

/// The verdicts, those that only changed their reasons as one.
fn stretches(night: Night<'_>, part: Part) -> Vec<(Call, Moment, Moment)> {
    let mut stretches: Vec<(Call, Moment, Moment)> = Vec::new();
    for (spell, until) in night.chronicle.calls_until(part.until) {
        match stretches.last_mut() {
            Some((call, _, end)) if *call == spell.call => *end = until,
            _ => stretches.push((spell.call, spell.from.moment, until)),
        }
    }
    stretches
}

const fn class(call: Call) -> &'static str {
    match call {
        Call::Go => "go",
        Call::Hold => "hold",
        Call::Rollback => "rollback",
    }
}

/// What people did, below the ribbon: a dot for a tick, a bar for a note, a diamond for a decision.
fn marks(night: Night<'_>, part: Part, scale: Scale, out: &mut String) {
    let entries = night.state.timeline.iter().zip(&night.chronicle.entries);
    for (event, when) in entries.filter(|(_, when)| part.holds(when.moment)) {
        let x = scale.x(when.moment);
        let _ = match &event.fact {
            Fact::ItemTicked { .. } | Fact::SectionAttested { .. } => {
                write!(out, r#"<circle class="tick" cx="{x:.1}" cy="{MARKS}" r="1.6"/>"#)
            }
            Fact::Noted { .. } => {
                write!(out, r#"<rect class="note" x="{:.1}" y="{}" width="2" height="8"/>"#, x - 1.0, MARKS - 4.0)
            }
            Fact::StageStarted { .. }
            | Fact::RampCompleted { .. }
            | Fact::RolledBack { .. }
            | Fact::SessionFinished { .. } => {
                write!(out, r#"<path class="decided" d="M{x:.1} {}l4 4l-4 4l-4 -4z"/>"#, MARKS - 4.0)
            }
            _ => Ok(()),
        };
    }
}
