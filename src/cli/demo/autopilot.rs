//! `--auto`: does what a careful person would, and gives up as one would.

use crate::clock::Clock;
use crate::judge::ramp::Course;
use crate::judge::{Call, GateState, Outcome, Status};
use crate::plan::ItemId;
use crate::room::{Live, Seat};
use crate::session::{Command, Intent};
use crate::text::Millis;
use std::sync::Arc;

/// How often it looks up while nothing changes.
const GLANCE: Millis = Millis::from_secs(1);

/// Drives the session until it is closed, or HOLD has lasted too long.
pub(super) async fn fly(mut seat: Seat, clock: Clock, give_up: Millis) {
    let mut progress = clock.now().mono;
    loop {
        let live = Arc::clone(&seat.live.borrow_and_update());
        if let Some(command) = next(&live) {
            let intent = Intent { command, by: "autopilot".to_owned(), seen: Some(live.verdict.keys()) };
            if seat.intend(intent).await.is_ok() {
                progress = clock.now().mono;
                continue;
            }
        }
        if clock.now().mono - progress > give_up {
            return;
        }
        if let Some(Err(_)) = clock.within(GLANCE, seat.live.changed()).await {
            return;
        }
    }
}

/// The next thing to do; none while there is nothing but to wait.
fn next(live: &Live) -> Option<Command> {
    let ramp = &live.state.ramp;
    match (&ramp.course, live.verdict.call) {
        (Course::Finished, _) => return None,
        (Course::RolledBack { .. }, _) => return Some(Command::Finish { outcome: Outcome::RolledBack }),
        (_, Call::Rollback) => {
            let reason = live.verdict.reasons.first().map(|reason| reason.text.clone()).unwrap_or_default();
            return Some(Command::Rollback { reason });
        }
        _ => {}
    }
    if ramp.current_track().is_some_and(|track| track.status == Status::Shifting) {
        return Some(Command::Moved);
    }
    if let Some(item) = ramp.open_items(&live.plan).find(|item| may_tick(live, *item)) {
        return Some(Command::Tick { item: format!("@{}", live.plan.item(item).line) });
    }
    if live.verdict.call != Call::Go {
        return None;
    }
    Some(match (ramp.current, live.state.next_stage(&live.plan)) {
        (None, Some(stage)) => Command::Start { stage: live.plan.stage(stage).name.clone() },
        (Some(_), Some(_)) => Command::Promote,
        (_, None) => Command::Finish { outcome: Outcome::Succeeded },
    })
}

/// It ticks a gate's line only while the gate passes, and an endpoint's only while it is up.
fn may_tick(live: &Live, item: ItemId) -> bool {
    let mut endpoints = live.plan.health.iter().zip(live.state.ramp.health_states(&live.plan));
    if endpoints.any(|(health, state)| health.items.contains(&item) && !state.is_up()) {
        return false;
    }
    let mut gates = live.plan.gates.iter().zip(&live.state.ramp.gates).filter(|(gate, _)| gate.item == Some(item));
    gates.all(|(_, track)| matches!(track.state, GateState::Pass(_)))
}
