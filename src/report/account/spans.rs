//! What was so for a while: verdicts and their reasons, breaches, alerts, endpoints.

use super::{Lasted, Telling, Time};
use crate::judge::{Call, Code, Moment};
use crate::order;
use crate::session::chronicle;
use crate::text::Millis;
use serde::Serialize;

/// How long each verdict stood.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Calls {
    pub go: Lasted,
    pub hold: Lasted,
    pub rollback: Lasted,
    /// How often the verdict changed.
    pub changes: usize,
    /// What held, the longest first. Reasons overlap: their times do not add up.
    pub reasons: Vec<HoldReason>,
}

/// One reason for HOLD or ROLLBACK.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HoldReason {
    pub code: &'static str,
    /// The metric, item, endpoint or trigger; empty where it is about the stage.
    pub subject: String,
    pub lasted: Lasted,
    /// In how many spells.
    pub times: usize,
}

/// A gate on the wrong side of its limit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Breach {
    pub gate: String,
    pub limit: String,
    pub stage: String,
    pub from: Time,
    pub until: Option<Time>,
    pub lasted: Lasted,
    pub worst: String,
    pub labels: String,
    pub is_confirmed: bool,
}

/// An alert that fired.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Alert {
    pub name: String,
    pub from: Time,
    pub until: Option<Time>,
    pub lasted: Lasted,
}

/// An endpoint that was down.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Down {
    pub endpoint: String,
    pub why: String,
    pub from: Time,
    pub until: Option<Time>,
    pub lasted: Lasted,
}

/// A reason with the time it has stood.
struct Stood {
    key: (Code, String),
    lasted: Millis,
    times: usize,
    stands: bool,
}

impl Telling<'_> {
    pub(super) fn calls(&self) -> Calls {
        let mut sums = [Millis::ZERO; 3];
        let mut stood: Vec<Stood> = Vec::new();
        let mut changes = 0;
        for (spell, until) in self.night.chronicle.calls_until(self.part.until) {
            let Some(lasted) = self.within(spell.from.moment, Some(until)) else { continue };
            sums[spell.call as usize] += lasted;
            changes += usize::from(self.part.holds(spell.from.moment));
            take_reasons(&mut stood, spell, lasted);
        }
        order::by(&mut stood, |left, right| right.lasted.cmp(&left.lasted).then_with(|| left.key.cmp(&right.key)));
        let reasons = stood.into_iter().map(|Stood { key: (code, subject), lasted, times, .. }| HoldReason {
            code: code.word(),
            subject,
            lasted: Lasted::from(lasted),
            times,
        });
        let lasted = |call: Call| Lasted::from(sums[call as usize]);
        let (go, hold, rollback) = (lasted(Call::Go), lasted(Call::Hold), lasted(Call::Rollback));
        Calls { go, hold, rollback, changes, reasons: reasons.collect() }
    }

    /// How long a span was within the part that is told; none where it lies outside.
    fn within(&self, from: Moment, until: Option<Moment>) -> Option<Millis> {
        self.part
            .touches(from, until)
            .then(|| until.unwrap_or(self.part.until).min(self.part.until).since(from.max(self.part.from)))
    }

    pub(super) fn breaches(&self) -> Vec<Breach> {
        let judged = &self.night.chronicle.judged;
        let told = judged.breaches.iter().filter_map(|breach| {
            let lasted = self.within(breach.from.moment, breach.until.map(|until| until.moment))?;
            Some((breach, lasted))
        });
        told.map(|(breach, lasted)| {
            let gate = &judged.list[breach.gate];
            Breach {
                gate: gate.name.clone(),
                limit: gate.limit.to_string(),
                stage: self.stage_at(breach.from.moment),
                from: Time::of(breach.from),
                until: breach.until.map(Time::of),
                lasted: Lasted::from(lasted),
                worst: gate.limit.show(breach.worst),
                labels: breach.labels.clone(),
                is_confirmed: breach.is_confirmed,
            }
        })
        .collect()
    }

    /// The name of the stage that ran at a moment.
    fn stage_at(&self, moment: Moment) -> String {
        let runs = &self.night.chronicle.runs;
        let place = runs.partition_point(|run| run.started.moment <= moment).checked_sub(1);
        place.map(|at| runs[at].name.clone()).unwrap_or_default()
    }

    pub(super) fn alerts(&self) -> Vec<Alert> {
        let spells = self.night.chronicle.alerts.list.iter();
        let told = spells.filter_map(|chronicle::AlertSpell { alert, from, until }| {
            let lasted = self.within(from.moment, until.map(|until| until.moment))?;
            let until = until.map(Time::of);
            Some(Alert { name: alert.to_string(), from: Time::of(*from), until, lasted: Lasted::from(lasted) })
        });
        told.collect()
    }

    pub(super) fn endpoints(&self) -> Vec<Down> {
        let spells = self.night.chronicle.endpoints.list.iter();
        let told = spells.filter_map(|chronicle::DownSpell { endpoint, why, from, until }| {
            let lasted = Lasted::from(self.within(from.moment, until.map(|until| until.moment))?);
            let until = until.map(Time::of);
            Some(Down { endpoint: endpoint.clone(), why: why.clone(), from: Time::of(*from), until, lasted })
        });
        told.collect()
    }
}

/// Adds a spell to the reasons that stood in it.
fn take_reasons(stood: &mut Vec<Stood>, spell: &chronicle::CallSpell, lasted: Millis) {
    let stands_on: Vec<(Code, String)> =
        spell.reasons.iter().map(|reason| (reason.code, reason.subject.clone())).collect();
    for key in &stands_on {
        match stood.iter_mut().find(|known| known.key == *key) {
            Some(known) => {
                known.lasted += lasted;
                known.times += usize::from(!known.stands);
            }
            None => stood.push(Stood { key: key.clone(), lasted, times: 1, stands: true }),
        }
    }
    for known in stood {
        known.stands = stands_on.contains(&known.key);
    }
}
