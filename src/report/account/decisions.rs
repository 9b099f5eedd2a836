//! What people decided, on which verdict, and why.

use super::{Telling, Time};
use crate::judge;
use crate::session::chronicle::Instant;
use crate::session::event::{Event, Fact};
use crate::session::tell;
use serde::Serialize;

/// A verdict with its reasons as sentences.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verdict {
    pub call: &'static str,
    pub reasons: Vec<String>,
}

impl Verdict {
    pub(super) fn of(verdict: &judge::Verdict) -> Self {
        Self::with(verdict.call, &verdict.reasons)
    }

    fn with(call: judge::Call, reasons: &[judge::Reason]) -> Self {
        Self { call: call.word(), reasons: reasons.iter().map(ToString::to_string).collect() }
    }
}

/// A decision.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Decision {
    pub seq: u64,
    pub when: Time,
    pub by: String,
    /// `promoted`, `rolled-back`, `waived`, …
    pub kind: &'static str,
    /// The sentence of every screen.
    pub what: String,
    /// The verdict that stood when it was made.
    pub verdict: Verdict,
    /// Why it went against the verdict; none where it did not.
    #[serde(rename = "override")]
    pub overrides: Option<String>,
    pub reason: Option<String>,
}

/// Which facts are decisions, with the reason that was given.
fn decided(fact: &Fact) -> Option<(&'static str, Option<&str>)> {
    Some(match fact {
        Fact::StageStarted { .. } => ("started", None),
        Fact::RampCompleted { .. } => ("completed", None),
        Fact::HoldSet { reason } => ("held", Some(reason)),
        Fact::HoldReleased => ("resumed", None),
        Fact::RolledBack { reason, .. } => ("rolled-back", Some(reason)),
        Fact::GateWaived { reason, .. } => ("waived", Some(reason)),
        Fact::PromotionApproved { .. } => ("approved", None),
        Fact::PromotionRejected { reason, .. } => ("rejected", Some(reason)),
        Fact::TriggerDeclared { reason, .. } => ("declared", Some(reason)),
        Fact::TriggerDismissed { reason, .. } => ("dismissed", Some(reason)),
        Fact::PlanAmended { reason, .. } => ("amended", Some(reason)),
        Fact::SessionFinished { .. } => ("closed", None),
        _ => return None,
    })
}

impl Telling<'_> {
    pub(super) fn decisions(&self) -> Vec<Decision> {
        self.entries().filter_map(|(event, when)| self.decision(event, when)).collect()
    }

    fn decision(&self, event: &Event, when: Instant) -> Option<Decision> {
        let (kind, reason) = decided(&event.fact)?;
        let (verdict, overrides) = match &event.fact {
            Fact::StageStarted { decision, .. }
            | Fact::RampCompleted { decision, .. }
            | Fact::RolledBack { decision, .. } => {
                (Verdict::with(decision.verdict, &decision.against), decision.overrides.clone())
            }
            _ => (self.verdict_before(event.seq), None),
        };
        Some(Decision {
            seq: event.seq,
            when: Time::of(when),
            by: event.by.clone(),
            kind,
            what: tell::tell(self.night.state, event).unwrap_or_default(),
            verdict,
            overrides,
            reason: reason.filter(|reason| !reason.is_empty()).map(str::to_owned),
        })
    }

    /// The verdict as it was last recorded before an event.
    fn verdict_before(&self, seq: u64) -> Verdict {
        let calls = &self.night.chronicle.calls;
        let place = calls.partition_point(|spell| spell.seq < seq).checked_sub(1);
        place.map_or(Verdict { call: judge::Call::Hold.word(), reasons: Vec::new() }, |at| {
            Verdict::with(calls[at].call, &calls[at].reasons)
        })
    }
}
