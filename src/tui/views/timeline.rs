//! All that happened, newest first, and below it the selected moment in full.
//!
//! ```text
//! ┌ Timeline ─────────────────────────────────────────────── decisions ┐
//! │ 02:13:40 ✓ Ana ticked "Error rate < 0.1%" on pass: 0.043 % (limit… │
//! │ 02:04:00 ▶ Ana started 25%                                         │
//! │ ────────────────────────────────────────────────────────────────── │
//! │ 2026-03-14T02:13:40.000Z, event 41: Ana ticked "Error rate < 0.1%" │
//! └────────────────────────────────────────────────────────────────────┘
//! ```
//!
//! `o` and a letter choose what is shown; `*` stars the selected moment for the report.

use super::{Kind, only};
use crate::session::event::show_time;
use crate::session::tell;
use crate::text::Millis;
use crate::tui::actions::{Action, Group, act, always};
use crate::tui::paint;
use crate::tui::pane::{self, Pane};
use crate::tui::region::timeline::{self, Filter};
use crate::tui::scene::Scene;
use crate::tui::skin::{Skin, Tone};
use crate::tui::view::{Effect, View};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

pub(super) const KIND: Kind = Kind { word: "Timeline", panes: &[Pane::Timeline], actions: ACTIONS, places: only, draw };

const ACTIONS: &[Action] = &[
    act("*", "star", "star the selected entry for the report, or take its star away", Group::Record, can_star, star)
        .hinted(),
    act("oa", "all", "everything that happened", Group::Look, always, all),
    act("od", "decisions", "only what people decided", Group::Look, always, decisions).hinted(),
    act("ov", "verdicts", "only changes of the verdict", Group::Look, always, verdicts),
    act("on", "notes", "only notes", Group::Look, always, notes).hinted(),
    act("os", "stars", "only what was starred", Group::Look, always, stars),
    act("ot", "ticks", "only what was ticked", Group::Look, always, ticks),
];

/// Rows of the selected moment, and of a view that has room for them.
const DETAIL: u16 = 4;
const ROOM: u16 = 14;

fn show(view: &mut View, scene: &Scene, filter: Filter) -> Vec<Effect> {
    view.filter = filter;
    view.select(Pane::Timeline, scene, 0);
    Vec::new()
}

fn all(view: &mut View, scene: &Scene, _: Millis) -> Vec<Effect> {
    show(view, scene, Filter::All)
}

fn decisions(view: &mut View, scene: &Scene, _: Millis) -> Vec<Effect> {
    show(view, scene, Filter::Decisions)
}

fn verdicts(view: &mut View, scene: &Scene, _: Millis) -> Vec<Effect> {
    show(view, scene, Filter::Verdicts)
}

fn notes(view: &mut View, scene: &Scene, _: Millis) -> Vec<Effect> {
    show(view, scene, Filter::Notes)
}

fn stars(view: &mut View, scene: &Scene, _: Millis) -> Vec<Effect> {
    show(view, scene, Filter::Stars)
}

fn can_star(view: &View, scene: &Scene) -> Result<(), String> {
    view.event(scene).map(drop).ok_or_else(|| "no entry is selected".to_owned())
}

fn star(view: &mut View, scene: &Scene, now: Millis) -> Vec<Effect> {
    let Some(event) = view.event(scene) else { return Vec::new() };
    let word = if scene.state().record.stars.contains(&event.seq) { "unstar" } else { "star" };
    let seen = view.seen.clone();
    view.stay(Pane::Timeline, scene);
    view.say(scene, &format!("{word} #{}", event.seq), None, seen, now)
}

fn ticks(view: &mut View, scene: &Scene, _: Millis) -> Vec<Effect> {
    show(view, scene, Filter::Ticks)
}

fn draw(scene: &Scene, view: &View, skin: Skin, pane: Pane, area: Rect, frame: &mut Buffer) {
    let inner = pane::draw_frame(scene, view, skin, pane, area, frame);
    let rows = if inner.height >= ROOM { DETAIL } else { 0 };
    let (list, detail) = paint::split_bottom(inner, rows);
    let cursor = Some(view.cursor(pane, scene));
    timeline::draw(scene, view, skin, cursor, list, frame);
    draw_detail(scene, view, skin, detail, frame);
}

/// The selected moment in as many rows as there are.
fn draw_detail(scene: &Scene, view: &View, skin: Skin, area: Rect, frame: &mut Buffer) {
    let Some(event) = view.event(scene) else { return };
    let (edge, body) = paint::split_top(area, 1);
    let line = "─".repeat(usize::from(edge.width.saturating_sub(2)));
    paint::row(frame, edge, &Line::from(paint::span(skin, Tone::Muted, format!(" {line}"))));
    let text = tell::tell(scene.state(), &event).unwrap_or_default();
    let text = format!("{}, event {}: {text}", show_time(event.at), event.seq);
    let rows = text.lines().flat_map(|line| paint::wrap(line, body.width.saturating_sub(2)));
    for (area, row) in body.rows().zip(rows) {
        paint::row(frame, area, &Line::from(format!(" {row}")));
    }
}
