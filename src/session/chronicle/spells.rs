//! What was so from one moment to another: verdicts, alerts that fired, endpoints that were down.

use super::Instant;
use crate::judge::{Alert, Batch, Call, HealthGot, Reason};
use crate::plan::Plan;

/// A verdict, until the next one.
#[derive(Clone, Debug, PartialEq)]
pub struct CallSpell {
    pub from: Instant,
    /// The event that recorded it.
    pub seq: u64,
    pub call: Call,
    pub reasons: Vec<Reason>,
}

/// An alert that fired.
#[derive(Clone, Debug, PartialEq)]
pub struct AlertSpell {
    pub alert: Alert,
    pub from: Instant,
    /// None while it fires, as far as is known.
    pub until: Option<Instant>,
}

/// An endpoint that was down.
#[derive(Clone, Debug, PartialEq)]
pub struct DownSpell {
    pub endpoint: String,
    /// What it said first.
    pub why: String,
    pub from: Instant,
    /// None while it is down.
    pub until: Option<Instant>,
}

/// The alerts of a night.
#[derive(Clone, Debug, Default)]
pub struct Alerts {
    pub list: Vec<AlertSpell>,
}

impl Alerts {
    pub(super) fn record(&mut self, now: Instant, batch: &Batch) {
        let Some(crate::judge::Alerts::Firing(firing)) = &batch.alerts else { return };
        for spell in self.list.iter_mut().filter(|spell| spell.until.is_none()) {
            if !firing.contains(&spell.alert) {
                spell.until = Some(now);
            }
        }
        for alert in firing {
            if !self.list.iter().any(|spell| spell.until.is_none() && spell.alert == *alert) {
                self.list.push(AlertSpell { alert: alert.clone(), from: now, until: None });
            }
        }
    }
}

/// The endpoints of a night.
#[derive(Clone, Debug, Default)]
pub struct Endpoints {
    pub list: Vec<DownSpell>,
}

impl Endpoints {
    pub(super) fn record(&mut self, now: Instant, batch: &Batch, plan: &Plan) {
        for answer in &batch.health {
            let Some(endpoint) = plan.health.get(answer.health.index()) else { continue };
            let mut spells = self.list.iter_mut();
            let open = spells.find(|spell| spell.until.is_none() && spell.endpoint == endpoint.name);
            match (&answer.got, open) {
                (HealthGot::Down { why }, None) => {
                    let (endpoint, why) = (endpoint.name.clone(), why.clone());
                    self.list.push(DownSpell { endpoint, why, from: now, until: None });
                }
                (HealthGot::Up { .. } | HealthGot::Slow { .. }, Some(open)) => open.until = Some(now),
                _ => {}
            }
        }
    }
}
