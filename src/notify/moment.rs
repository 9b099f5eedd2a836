//! What is worth telling: read from the events of a session, so that none is missed and none is told twice.

use crate::judge::{Call, Reason};
use crate::plan::notify::Occasion;
use crate::room::Live;
use crate::session::event::show_time;
use crate::session::tell::tell;
use crate::session::{Event, Fact, Mode};
use serde::Serialize;

/// A moment as templates and webhooks see it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Moment {
    pub occasion: Occasion,
    /// `2026-11-21T02:14:07.123Z`.
    pub at: String,
    /// The same as unix milliseconds.
    pub at_millis: i64,
    /// The cutover's.
    pub title: String,
    /// `live` or `rehearsal`.
    pub mode: Mode,
    /// What happened: `Ana started 25%`.
    pub event: String,
    /// Who did it; empty for nobody.
    pub by: String,
    /// As it stands now.
    pub verdict: &'static str,
    pub reasons: Vec<Reason>,
    /// The stage that runs; empty before the first.
    pub stage: String,
    /// How the session was closed; empty before that.
    pub outcome: &'static str,
}

/// What happened behind one event and up to another.
pub fn between(live: &Live, told: u64, until: u64) -> impl Iterator<Item = Moment> + use<'_> {
    let timeline = &live.state.timeline;
    let from = timeline.partition_point(|event| event.seq <= told);
    let fresh = timeline.iter().enumerate().skip(from).take_while(move |(_, event)| event.seq <= until);
    fresh.filter_map(move |(at, event)| {
        let before = timeline.iter().take(at).rev().find_map(|event| call_of(event));
        Some(moment(live, event, occasion(event, before)?))
    })
}

fn call_of(event: &Event) -> Option<Call> {
    match &event.fact {
        Fact::VerdictChanged { call, .. } => Some(*call),
        _ => None,
    }
}

/// A verdict whose reasons alone have changed is no news outside.
fn occasion(event: &Event, before: Option<Call>) -> Option<Occasion> {
    Some(match &event.fact {
        Fact::VerdictChanged { call, .. } if before != Some(*call) => Occasion::Verdict,
        Fact::StageStarted { .. } | Fact::TrafficMoved { .. } | Fact::RampCompleted { .. } => Occasion::Stage,
        Fact::RolledBack { .. } | Fact::TriggerDeclared { .. } => Occasion::Rollback,
        Fact::SessionFinished { .. } => Occasion::Close,
        _ => return None,
    })
}

fn moment(live: &Live, event: &Event, occasion: Occasion) -> Moment {
    let (verdict, reasons) = match &event.fact {
        Fact::VerdictChanged { call, reasons } => (*call, reasons.clone()),
        _ => (live.verdict.call, live.verdict.reasons.clone()),
    };
    let stage = live.state.ramp.current.and_then(|stage| live.plan.stages.get(stage.index()));
    Moment {
        occasion,
        at: show_time(event.at),
        at_millis: event.at,
        title: live.plan.title.clone(),
        mode: live.header.mode,
        event: tell(&live.state, event).unwrap_or_default(),
        by: event.by.clone(),
        verdict: verdict.word(),
        reasons,
        stage: stage.map(|stage| stage.name.clone()).unwrap_or_default(),
        outcome: live.state.outcome.map_or("", crate::judge::Outcome::word),
    }
}
