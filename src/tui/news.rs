//! What is drawn at once, and what may wait until the clock on the screen turns over: figures that move
//! at every poll are no news. Of two frames a second one is enough then.

use crate::plan::TriggerId;
use crate::room::Live;
use std::sync::Arc;

/// Whether more has changed than figures.
#[must_use]
pub fn is_news(before: &Live, now: &Live) -> bool {
    before.state.timeline.len() != now.state.timeline.len()
        || before.disk != now.disk
        || before.company != now.company
        || !Arc::ptr_eq(&before.plan, &now.plan)
        || waits_for_disk(before) != waits_for_disk(now)
        || words(before).ne(words(now))
}

/// Whether something that happened is not on disk yet.
fn waits_for_disk(live: &Live) -> bool {
    live.state.timeline.last().is_some_and(|event| !live.is_saved(event.seq))
}

/// The words for what gates, triggers and endpoints stand at.
fn words(live: &Live) -> impl Iterator<Item = &'static str> {
    let (plan, ramp) = (&live.plan, &live.state.ramp);
    let gates = ramp.gates.iter().map(|track| track.state.word());
    let triggers = (0..plan.triggers.len()).map(|at| ramp.trigger_state(plan, TriggerId::at(at)).word());
    let health = ramp.health_states(plan).map(|state| if state.is_up() { "up" } else { "down" });
    gates.chain(triggers).chain(health)
}
