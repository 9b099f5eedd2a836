//! What is measured: sources become readings.
//!
//! Every probe of a plan and every health endpoint has a task of its own, so that one that hangs
//! keeps nobody waiting. A round of a probe goes like this:
//!
//! ```text
//! beat ─▶ its query, and how old the data behind it is ─▶ Reading ─▶ Found
//!         one request, shared by all probes that ask the same
//! ```
//!
//! [`source`] runs the rounds, [`backend`] asks whoever answers queries ([`prometheus`], or
//! [`scrape`] with the embedded engine), [`question`] says what is asked, [`fresh`] and [`cadence`] tell
//! how old the data is, [`reading`] puts a reading together, and [`health`] looks after endpoints and [`alerts`] after alerts. Whatever goes wrong
//! becomes a reading that says so: there is no error to lose and no value of unknown age.

mod alerts;
pub mod backend;
mod before;
mod cadence;
pub(crate) mod door;
mod fresh;
mod glance;
mod health;
pub(crate) mod http;
mod keep;
pub mod past;
mod prometheus;
mod question;
mod reading;
mod regions;
mod scrape;
mod source;
pub mod span;

pub use glance::{Glance, glance, once};

use crate::clock::Clock;
use crate::judge::{Alerts, Batch, Captured, HealthReading, Reading};
use crate::plan::Plan;
use futures_util::FutureExt;
use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use tokio::sync::mpsc::Sender;
use tokio::task::JoinHandle;

/// Something that an observer found.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "nearly all that is found is readings")]
pub enum Found {
    Reading(Reading),
    Health(HealthReading),
    Alerts(Alerts),
    /// What was measured before the ramp.
    Captured(Captured),
}

impl Found {
    /// Puts it into a batch. Of two readings of one probe the newer one stays.
    pub fn gather_into(self, batch: &mut Batch) {
        match self {
            Self::Reading(reading) => {
                batch.readings.retain(|known| known.probe != reading.probe);
                batch.readings.push(reading);
            }
            Self::Health(reading) => {
                batch.health.retain(|known| known.health != reading.health);
                batch.health.push(reading);
            }
            Self::Alerts(alerts) => batch.alerts = Some(alerts),
            Self::Captured(captured) => {
                batch.captured.retain(|known| known.probe != captured.probe);
                batch.captured.push(captured);
            }
        }
    }
}

/// The running observers; they end when this is dropped.
#[derive(Debug)]
pub struct Observers {
    tasks: Vec<JoinHandle<()>>,
}

impl Drop for Observers {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

/// Starts to observe all that a plan measures; what is found goes into the channel.
///
/// Each source is polled every [`Source::every`](crate::plan::Source::every), health endpoints every
/// [`Plan::poll`], the first time at once. When the channel is full the observers wait, and when its
/// receiver is gone they end.
///
/// # Panics
/// Outside a tokio runtime.
#[must_use]
#[expect(clippy::needless_pass_by_value, reason = "the observers hold the only senders: the channel ends with them")]
pub fn start(plan: &Plan, clock: Clock, found: Sender<Found>) -> Observers {
    let plan = Arc::new(plan.clone());
    let mut tasks = Vec::new();
    for watch in source::watches(&plan, clock) {
        let every = plan.source(plan.probe(watch.id).source).every;
        let kept = before::Kept::of(&plan, watch.id);
        tasks.push(tokio::spawn(keep::keep(watch, kept, every, clock, found.clone())));
    }
    for endpoint in health::endpoints(&plan, clock) {
        let (mut beat, found) = (clock.every(plan.poll), found.clone());
        tasks.push(tokio::spawn(async move {
            loop {
                beat.next().await;
                if found.send(Found::Health(endpoint.look().await)).await.is_err() {
                    return;
                }
            }
        }));
    }
    if let Some((watch, source)) = alerts::watch(&plan, clock).zip(alerts::source(&plan)) {
        let (mut beat, found) = (clock.every(source.every), found.clone());
        tasks.push(tokio::spawn(async move {
            loop {
                beat.next().await;
                if found.send(Found::Alerts(watch.look().await)).await.is_err() {
                    return;
                }
            }
        }));
    }
    for probe in before::compared(&plan) {
        let (plan, mut beat, found) = (Arc::clone(&plan), clock.every(before::EVERY), found.clone());
        tasks.push(tokio::spawn(async move {
            loop {
                beat.next().await;
                if found.send(Found::Captured(before::capture(&plan, probe, clock).await)).await.is_err() {
                    return;
                }
            }
        }));
    }
    Observers { tasks }
}

/// Runs a piece of an observer; a panic in it becomes an error that says so.
async fn guarded<T>(work: impl Future<Output = T>) -> Result<T, String> {
    let caught = AssertUnwindSafe(work).catch_unwind().await;
    caught.map_err(|panic| format!("observer failed: {}", http::brief(panic_text(panic.as_ref()))))
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("it panicked")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::{Got, HealthGot, Miss, Why};
    use crate::plan::{HealthId, ProbeId};

    #[tokio::test]
    async fn a_panic_is_an_answer_too() {
        assert_eq!(guarded(async { 1 }).await, Ok(1));
        let failed = guarded(async { Vec::<u8>::new().pop().expect("the first of none") }).await;
        assert_eq!(failed, Err("observer failed: the first of none".to_owned()));
    }

    #[test]
    fn a_batch_keeps_the_newest_of_each() {
        let reading = |probe, detail: &str| {
            let got = Got::Miss(Miss { why: Why::NoData, detail: detail.to_owned() });
            Reading { probe: ProbeId(probe), got, traffic: None, baseline: None }
        };
        let health = HealthReading { health: HealthId(0), got: HealthGot::Down { why: "refused".to_owned() } };
        let mut batch = Batch::default();
        for found in [reading(0, "old"), reading(1, "other"), reading(0, "new")] {
            Found::Reading(found).gather_into(&mut batch);
        }
        Found::Health(health.clone()).gather_into(&mut batch);
        assert_eq!(batch.readings, [reading(1, "other"), reading(0, "new")]);
        assert_eq!(batch.health, [health]);
    }
}
