//! The way back: what calls for it and since when, and the commands that go it.
//!
//! ```text
//! ┌ Rollback triggers ────────── 1 tripped ┐┌ Rollback commands ──────────────┐
//! │ ROLLBACK since 02:10:55Z, for 00:41    ││ ▸ line 88 sh                    │
//! │ nobody has decided: R records it       ││     kubectl set weight new=0    │
//! │                                        ││   line 94 sh                    │
//! │ ✗ TRIPPED ! Error rate > 1%            ││     kubectl rollout undo …      │
//! │ ○ ARMED     p95 latency > 500ms        ││                                 │
//! └────────────────────────────────────────┘└─────────────────────────────────┘
//! ```
//!
//! `y` copies the selected block from either pane; nothing is ever run from here.

use super::{Kind, only};
use crate::judge::ramp::Course;
use crate::judge::{Call, TriggerState};
use crate::plan::TriggerId;
use crate::session::Fact;
use crate::session::event::show_clock;
use crate::text::Millis;
use crate::tui::paint::{self, split_left};
use crate::tui::pane::{self, Pane};
use crate::tui::region::{tonight, triggers};
use crate::tui::scene::Scene;
use crate::tui::skin::{Skin, Tone};
use crate::tui::view::View;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

const WIDE: u16 = 100;
/// The triggers keep at least so many rows below what is told of them.
const LIST: u16 = 3;

pub(super) const KIND: Kind =
    Kind { word: "Rollback", panes: &[Pane::Triggers, Pane::Commands], actions: &[], places, draw };

fn places(scene: &Scene, view: &View, area: Rect) -> Vec<(Pane, Rect)> {
    if area.width < WIDE || view.zoom {
        return only(scene, view, area);
    }
    let (triggers, commands) = split_left(area, area.width / 2);
    vec![(Pane::Triggers, triggers), (Pane::Commands, commands)]
}

fn draw(scene: &Scene, view: &View, skin: Skin, pane: Pane, area: Rect, frame: &mut Buffer) {
    if pane != Pane::Triggers {
        return pane::draw(scene, view, skin, pane, area, frame);
    }
    let inner = pane::draw_frame(scene, view, skin, pane, area, frame);
    let told = told(scene);
    let rows: Vec<(Tone, String)> = told
        .into_iter()
        .flat_map(|(tone, text)| {
            paint::wrap(&text, inner.width.saturating_sub(2)).into_iter().map(move |row| (tone, row))
        })
        .collect();
    let wanted = u16::try_from(rows.len()).unwrap_or(u16::MAX).saturating_add(1);
    let (top, list) = paint::split_top(inner, wanted.min(inner.height.saturating_sub(LIST)));
    for (area, (tone, text)) in top.rows().zip(rows) {
        paint::row(frame, area, &Line::from(paint::span(skin, tone, format!(" {text}"))));
    }
    let cursor = (view.focus == pane).then(|| view.cursor(pane, scene));
    triggers::draw(scene, view, skin, cursor, list, frame);
}

/// What calls for rollback and since when, and who has decided it.
fn told(scene: &Scene) -> Vec<(Tone, String)> {
    let mut told = vec![decision(scene)];
    told.extend(the_way(scene));
    let plan = scene.plan();
    for (at, trigger) in plan.triggers.iter().enumerate() {
        if let TriggerState::Tripped(trip) = scene.ramp.trigger_state(plan, TriggerId::at(at)) {
            let since = show_clock(scene.wall(trip.at));
            let lasts = whole(scene.now.since(trip.at)).clock();
            let by = trip.by.map(|by| format!(", declared by {by}")).unwrap_or_default();
            told.push((Tone::Bad, format!("✗ {}: {}; tripped {since}, for {lasts}{by}", trigger.name, trip.on)));
        }
    }
    told
}

/// How far the way back is gone, and what is known of the old version. Why something is not known has
/// room among the papers of the night.
fn the_way(scene: &Scene) -> Vec<(Tone, String)> {
    let mut rows = tonight::way_back(scene).into_iter().skip(1);
    let mut told: Vec<(Tone, String)> =
        rows.next().map(|(name, tone, text)| (tone, format!("{name}: {text}"))).into_iter().collect();
    told.extend(steps(scene));
    let (unknown, known): (Vec<_>, Vec<_>) = rows.partition(|(_, tone, _)| *tone == Tone::Unknown);
    told.extend(known.into_iter().map(|(name, tone, text)| (tone, format!("{name}: {text}"))));
    if !unknown.is_empty() {
        let names: Vec<_> = unknown.iter().map(|(name, ..)| name.strip_prefix("old ").unwrap_or(name)).collect();
        told.push((Tone::Unknown, format!("not known of the old version (6 says why): {}", names.join(", "))));
    }
    told
}

/// How far the way back is gone, and what comes next.
fn steps(scene: &Scene) -> Option<(Tone, String)> {
    let (all, open) = (scene.state().steps_back().count(), scene.state().open_steps_back().count());
    let next = scene.state().open_steps_back().next();
    let next = next.map(|item| format!("; next: {}", scene.plan().item(item).text)).unwrap_or_default();
    let tone = if open > 0 { Tone::Wait } else { Tone::Good };
    (all > 0).then(|| (tone, format!("steps: {} of {all} done{next}", all - open)))
}

fn whole(span: Millis) -> Millis {
    Millis::from_secs(span.as_secs())
}

fn decision(scene: &Scene) -> (Tone, String) {
    if let Course::RolledBack { by, reason } = &scene.ramp.course {
        let decided = |fact: &Fact| matches!(fact, Fact::RolledBack { .. });
        let event = scene.state().timeline.iter().rev().find(|event| decided(&event.fact));
        let when = event.map(|event| {
            let ago = whole(scene.now.since(scene.moment(event.at)));
            format!(" at {}, {} ago", show_clock(event.at), ago.clock())
        });
        let who = if by.is_empty() { "somebody" } else { by };
        let reason = if reason.is_empty() { String::new() } else { format!(": {reason}") };
        return (Tone::Strong, format!("{who} decided to roll back{}{reason}", when.unwrap_or_default()));
    }
    if scene.verdict.call == Call::Rollback {
        let since = scene.since().map(|(at, _)| {
            let lasts = whole(scene.now.since(scene.moment(at)));
            format!(" since {}, for {}", show_clock(at), lasts.clock())
        });
        let since = since.unwrap_or_default();
        return (Tone::Bad, format!("ROLLBACK{since}: nobody has decided yet, R records it with a reason"));
    }
    (Tone::Muted, "nothing calls for rollback; R records the decision all the same".to_owned())
}
