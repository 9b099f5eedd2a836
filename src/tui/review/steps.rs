//! Where the next thing of a kind is, before or behind a moment of the night.

use super::what_if::WhatIf;
use crate::judge::Moment;
use crate::session::event::{Event, Fact};
use crate::session::store::{Archive, Target};
use crate::session::tell;
use crate::text::Millis;

/// Which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    On,
    Back,
}

/// What is stepped over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    Event,
    /// What people decided.
    Decision,
    /// Another verdict than before, not only other reasons.
    Verdict,
    /// A gate that went to the wrong side.
    Breach,
    Starred,
    /// A verdict that another limit would have changed.
    Difference,
}

/// The next event of a kind from an event on, by its number; none where there is none.
#[must_use]
pub fn next(archive: &Archive, stop: Stop, way: Way, from: u64) -> Option<Target> {
    find(archive, way, from, |at, event| is_stop(archive, stop, at, event))
}

/// The next breach from a moment on.
#[must_use]
pub fn next_breach(archive: &Archive, way: Way, from: Moment) -> Option<Target> {
    nearest(archive.chronicle.judged.breaches.iter().map(|breach| breach.from.moment), way, from)
}

/// The next verdict from a moment on that another limit would have changed.
#[must_use]
pub fn next_difference(what_if: Option<&WhatIf>, way: Way, from: Moment) -> Option<Target> {
    let found = what_if.and_then(|what_if| what_if.differences.as_deref()).unwrap_or_default();
    nearest(found.iter().map(|difference| difference.from.moment), way, from)
}

fn nearest(begins: impl Iterator<Item = Moment>, way: Way, from: Moment) -> Option<Target> {
    let found = match way {
        Way::On => begins.filter(|begin| *begin > from).min(),
        Way::Back => begins.filter(|begin| *begin < from).max(),
    };
    found.map(Target::Moment)
}

/// The next event whose sentence holds a text, from an event on; from the beginning again where there
/// is none behind it.
#[must_use]
pub fn search(archive: &Archive, wanted: &str, from: u64) -> Option<Target> {
    let wanted = wanted.to_lowercase();
    let fits = |_: usize, event: &Event| {
        tell::tell(&archive.state, event).is_some_and(|told| told.to_lowercase().contains(&wanted))
    };
    find(archive, Way::On, from, fits).or_else(|| find(archive, Way::On, 0, fits))
}

/// The moment that a time means: `02:14`, `02:14:07`, or `+41m` from the beginning.
///
/// # Errors
/// What was expected.
pub fn time(archive: &Archive, text: &str) -> Result<Target, String> {
    let text = text.trim().trim_end_matches(['Z', 'z']);
    if let Some(span) = text.strip_prefix('+') {
        return crate::text::duration::parse(span).map(|span| Target::Moment(Moment(span.0)));
    }
    let read = ["%H:%M:%S", "%H:%M"].iter().find_map(|form| chrono::NaiveTime::parse_from_str(text, form).ok());
    let time =
        read.ok_or_else(|| format!("expected a time such as 02:14, or +41m from the beginning, got \"{text}\""))?;
    let began = chrono::DateTime::<chrono::Utc>::from_timestamp_millis(archive.header.began_at).unwrap_or_default();
    let today = began.date_naive().and_time(time).and_utc().timestamp_millis();
    // A night goes past midnight: a time before it began is one of the day after.
    let since = today - archive.header.began_at.div_euclid(60_000) * 60_000;
    let since = if since < 0 { since + 86_400_000 } else { today.saturating_sub(archive.header.began_at).max(0) };
    Ok(Target::Moment(moment_at(archive, archive.header.began_at.saturating_add(since))))
}

/// The moment of the session at a time of the wall clock.
fn moment_at(archive: &Archive, at: i64) -> Moment {
    let polls = &archive.chronicle.polls;
    let before = polls.partition_point(|poll| poll.at <= at).checked_sub(1);
    let (moment, known) =
        before.map_or((Moment::default(), archive.header.began_at), |place| (polls[place].moment, polls[place].at));
    moment + Millis(u64::try_from(at - known).unwrap_or(0))
}

fn find(archive: &Archive, way: Way, from: u64, is_it: impl Fn(usize, &Event) -> bool) -> Option<Target> {
    let timeline = &archive.state.timeline;
    let fits = |at: &usize| is_it(*at, &timeline[*at]);
    let place = match way {
        Way::On => (timeline.partition_point(|event| event.seq <= from)..timeline.len()).find(fits),
        Way::Back => (0..timeline.partition_point(|event| event.seq < from)).rev().find(fits),
    };
    place.map(|at| Target::Event(timeline[at].seq))
}

fn is_stop(archive: &Archive, stop: Stop, at: usize, event: &Event) -> bool {
    match stop {
        Stop::Event => true,
        // These begin between events.
        Stop::Breach | Stop::Difference => false,
        Stop::Starred => archive.state.record.stars.contains(&event.seq),
        Stop::Decision => matches!(
            event.fact,
            Fact::StageStarted { .. }
                | Fact::RampCompleted { .. }
                | Fact::RolledBack { .. }
                | Fact::HoldSet { .. }
                | Fact::HoldReleased
                | Fact::GateWaived { .. }
                | Fact::PromotionApproved { .. }
                | Fact::PromotionRejected { .. }
                | Fact::TriggerDeclared { .. }
                | Fact::TriggerDismissed { .. }
                | Fact::PlanAmended { .. }
                | Fact::DecisionMade(_)
                | Fact::SessionFinished { .. }
        ),
        Stop::Verdict => {
            let Fact::VerdictChanged { call, .. } = &event.fact else { return false };
            let mut before = archive.state.timeline[..at].iter().rev();
            let last = before.find_map(|event| match &event.fact {
                Fact::VerdictChanged { call, .. } => Some(*call),
                _ => None,
            });
            last != Some(*call)
        }
    }
}
