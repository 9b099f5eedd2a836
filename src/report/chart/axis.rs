//! Stage borders and times, the same under every drawing.

use super::Scale;
use crate::report::account::Part;
use crate::report::{Night, escape};
use crate::session::event::show_clock;
use std::fmt::Write;

/// A name needs so much room to be written.
const LEAST_ROOM: f64 = 34.0;

/// Draws the border of each stage from `top` to `bottom`.
pub fn borders(night: Night<'_>, part: Part, scale: Scale, (top, bottom): (f64, f64), out: &mut String) {
    for run in night.chronicle.runs.iter().filter(|run| part.holds(run.started.moment)) {
        let x = scale.x(run.started.moment);
        // Writing into a string cannot fail.
        let _ = write!(out, r#"<line class="border" x1="{x:.1}" x2="{x:.1}" y1="{top:.1}" y2="{bottom:.1}"/>"#);
    }
}

/// Writes the name of each stage where it has room.
pub fn names(night: Night<'_>, part: Part, scale: Scale, y: f64, out: &mut String) {
    for run in &night.chronicle.runs {
        let end = run.ended.map_or(part.until, |ended| ended.moment);
        if !part.touches(run.started.moment, Some(end)) {
            continue;
        }
        let (from, until) = (scale.x(run.started.moment), scale.x(end));
        if until - from >= LEAST_ROOM {
            let name = cut(&run.name, until - from);
            let _ =
                write!(out, r#"<text class="stage" x="{:.1}" y="{y:.1}">{}</text>"#, from + 4.0, escape::html(&name));
        }
    }
}

/// Writes when the drawing begins and ends.
pub fn times(night: Night<'_>, part: Part, scale: Scale, y: f64, out: &mut String) {
    let wall = |moment: crate::judge::Moment| {
        let ahead = i64::try_from(moment.0).unwrap_or(0);
        show_clock(night.header.began_at.saturating_add(ahead))
    };
    let (left, right) = (scale.x(part.from), scale.x(part.until));
    let _ = write!(out, r#"<text class="time" x="{left:.1}" y="{y:.1}">{}</text>"#, wall(part.from));
    let _ = write!(out, r#"<text class="time end" x="{right:.1}" y="{y:.1}">{}</text>"#, show_clock(night.state.at));
}

/// A name as far as it fits into so much room, at six units a sign.
fn cut(name: &str, room: f64) -> String {
    let fits = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX)) * 6.0 + 8.0 <= room;
    let count = name.chars().count();
    if fits(count) {
        return name.to_owned();
    }
    let mut text: String = name.chars().enumerate().take_while(|(at, _)| fits(at + 2)).map(|(_, sign)| sign).collect();
    text.push('…');
    text
}
