//! What happened: facts in the past tense, one JSON line each ([`line`]).

mod line;

use super::header::Text;
use super::record::{
    Paper, check, decision, field, note, question, region, remark, score, section, sign_off, star, way_back,
};
use crate::judge::{Batch, Call, Code, Look, Outcome, Reason, Verdict};
use crate::plan::notify::Occasion;
use crate::plan::{GateId, ItemId, Plan, SectionId, StageId, TriggerId};
use crate::text::Millis;
use chrono::{DateTime, SecondsFormat, Utc};
pub(super) use line::{read_time, write_time};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// One event of a session: a fact with its place, its times and who made it.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// 1 for the first event after the header, then one more each.
    pub seq: u64,
    /// The wall clock, unix milliseconds.
    pub at: i64,
    /// Since the process that wrote it began.
    pub mono: Millis,
    /// The actor; empty for what nobody did, a poll for instance.
    pub by: String,
    pub fact: Fact,
}

/// What can happen. The name of the variant is the `kind` of a [`line`], which has the members beside it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// What one poll found; also the clock's tick.
    Polled(Batch),
    /// The verdict as it was shown from here on. The fold gives the same one: it is recorded so
    /// that this can be proven, and read without a fold.
    VerdictChanged {
        call: Call,
        reasons: Vec<Reason>,
    },
    /// Another process went on with the session.
    SessionResumed {
        host: String,
        program: String,
    },
    /// The end of the log was torn and has been set aside.
    LogRecovered {
        offset: u64,
        bytes: u64,
        sha256: String,
    },
    StageStarted {
        stage: StageId,
        decision: Decision,
    },
    /// A person said so; or, by nobody, the measured share did.
    TrafficMoved {
        stage: StageId,
        /// The share that was measured, percent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        measured: Option<f64>,
    },
    /// The last stage was passed; judging goes on.
    RampCompleted {
        stage: StageId,
        decision: Decision,
    },
    HoldSet {
        reason: String,
    },
    HoldReleased,
    RolledBack {
        reason: String,
        decision: Decision,
    },
    ItemTicked {
        item: ItemId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        evidence: Option<Evidence>,
    },
    ItemUnticked {
        item: ItemId,
    },
    ItemNotApplicable {
        item: ItemId,
        reason: String,
    },
    /// A whole section was done before tonight.
    SectionAttested {
        section: SectionId,
        items: Vec<ItemId>,
        reason: String,
    },
    Noted {
        text: String,
    },
    GateWaived {
        gates: Vec<GateId>,
        reason: String,
        /// Ends after this long; none for the end of its stage.
        #[serde(default, rename = "for", skip_serializing_if = "Option::is_none")]
        lasts: Option<Millis>,
    },
    PromotionApproved {
        stage: StageId,
    },
    PromotionRejected {
        stage: StageId,
        reason: String,
    },
    /// A person declared a trigger.
    TriggerDeclared {
        trigger: TriggerId,
        reason: String,
    },
    TriggerDismissed {
        trigger: TriggerId,
        reason: String,
    },
    /// Checklist and bindings were read again: from here on this is the plan, and its ids are meant.
    PlanAmended {
        reason: String,
        checklist: Text,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bindings: Option<Text>,
        plan: Arc<Plan>,
    },
    SessionFinished {
        /// What is recorded: the lower of the two below.
        outcome: Outcome,
        said: Outcome,
        earned: Outcome,
    },
    /// The end of a finished session, and again behind whatever follows it later. Quoted elsewhere,
    /// it shows that nothing was cut off.
    SessionClosed {
        outcome: Outcome,
        /// So many events stand before this one.
        records: u64,
        /// The hash of the last of them.
        head: String,
    },
    FieldFilled(field::FieldFilled),
    FieldCleared(field::FieldCleared),
    DecisionMade(decision::DecisionMade),
    SignedOff(sign_off::SignedOff),
    SignOffWithdrawn(sign_off::SignOffWithdrawn),
    Scored(score::Scored),
    Remarked(remark::Remarked),
    QuestionAnswered(question::QuestionAnswered),
    CheckDone(check::CheckDone),
    RegionTicked(region::RegionTicked),
    RegionUnticked(region::RegionUnticked),
    SectionNotApplicable(section::SectionNotApplicable),
    RollbackCompleted(way_back::RollbackCompleted),
    EntryStarred(star::EntryStarred),
    EntryUnstarred(star::EntryUnstarred),
    NoteBackdated(note::NoteBackdated),
    /// What the sources remember of a gap; what that proves clean is credited by the fold.
    GapBackfilled {
        looks: Vec<Look>,
        /// How much clean time that was.
        credited: Millis,
    },
    /// Somebody outside could not be told what happened.
    NotificationLost {
        /// Their name in the bindings.
        target: String,
        /// What of; none where they cannot be told anything.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<Occasion>,
        why: String,
    },
}

impl Fact {
    /// Whether a person made it, so that it must be on disk before it is acknowledged.
    #[must_use]
    pub const fn is_human(&self) -> bool {
        !matches!(
            self,
            Self::Polled(_) | Self::VerdictChanged { .. } | Self::GapBackfilled { .. } | Self::NotificationLost { .. }
        )
    }

    /// The fact as a piece of paperwork, where it is one: its own file folds and tells it.
    #[must_use]
    pub fn paper(&self) -> Option<&dyn Paper> {
        Some(match self {
            Self::FieldFilled(fact) => fact,
            Self::FieldCleared(fact) => fact,
            Self::DecisionMade(fact) => fact,
            Self::SignedOff(fact) => fact,
            Self::SignOffWithdrawn(fact) => fact,
            Self::Scored(fact) => fact,
            Self::Remarked(fact) => fact,
            Self::QuestionAnswered(fact) => fact,
            Self::CheckDone(fact) => fact,
            Self::RegionTicked(fact) => fact,
            Self::RegionUnticked(fact) => fact,
            Self::SectionNotApplicable(fact) => fact,
            Self::RollbackCompleted(fact) => fact,
            Self::EntryStarred(fact) => fact,
            Self::EntryUnstarred(fact) => fact,
            Self::NoteBackdated(fact) => fact,
            Self::Polled(_)
            | Self::VerdictChanged { .. }
            | Self::SessionResumed { .. }
            | Self::LogRecovered { .. }
            | Self::StageStarted { .. }
            | Self::TrafficMoved { .. }
            | Self::RampCompleted { .. }
            | Self::HoldSet { .. }
            | Self::HoldReleased
            | Self::RolledBack { .. }
            | Self::ItemTicked { .. }
            | Self::ItemUnticked { .. }
            | Self::ItemNotApplicable { .. }
            | Self::SectionAttested { .. }
            | Self::Noted { .. }
            | Self::GateWaived { .. }
            | Self::PromotionApproved { .. }
            | Self::PromotionRejected { .. }
            | Self::TriggerDeclared { .. }
            | Self::TriggerDismissed { .. }
            | Self::PlanAmended { .. }
            | Self::SessionFinished { .. }
            | Self::SessionClosed { .. }
            | Self::GapBackfilled { .. }
            | Self::NotificationLost { .. } => return None,
        })
    }
}

/// The verdict that a decision was made on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    pub verdict: Call,
    /// Why it was made against the verdict; none where it was not.
    #[serde(default, rename = "override", skip_serializing_if = "Option::is_none")]
    pub overrides: Option<String>,
    /// The reasons that stood against it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub against: Vec<Reason>,
}

impl Decision {
    #[must_use]
    pub fn on(verdict: &Verdict, overrides: Option<String>) -> Self {
        Self { verdict: verdict.call, overrides, against: verdict.reasons.clone() }
    }
}

/// What a tick saw at its second.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// `pass`, `failing`, `unknown`, …
    pub state: String,
    /// `0.043 % < 0.1 %`, or why there is no value.
    pub text: String,
    /// In the query's unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// How old the data was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age: Option<Millis>,
}

/// A verdict's set of reasons, as a decision carries the verdict its maker saw.
pub type Seen = Vec<(Code, String)>;

impl Event {
    /// Session time that passed between an event and this one. The steady clock says how long; the
    /// wall clock says so where the process was away or its machine asleep.
    #[must_use]
    pub fn elapsed_since(&self, at: i64, mono: Millis) -> Millis {
        /// Clocks are set by less than this while nobody sleeps.
        const SLEPT: Millis = Millis::from_secs(2);
        let wall = Millis(u64::try_from(self.at.saturating_sub(at)).unwrap_or(0));
        let steady = self.mono - mono;
        let is_new_process = matches!(self.fact, Fact::SessionResumed { .. });
        if is_new_process || wall > steady + SLEPT { wall } else { steady }
    }
}

/// Shows unix milliseconds as the log writes them: `2026-11-21T02:14:07.123Z`.
#[must_use]
pub fn show_time(at: i64) -> String {
    DateTime::<Utc>::from_timestamp_millis(at)
        .map_or_else(|| format!("{at}"), |time| time.to_rfc3339_opts(SecondsFormat::Millis, true))
}

/// Shows the time of day: `02:14:07Z`.
#[must_use]
pub fn show_clock(at: i64) -> String {
    DateTime::<Utc>::from_timestamp_millis(at)
        .map_or_else(|| format!("{at}"), |time| time.format("%H:%M:%SZ").to_string())
}

/// Shows a moment for a page: `2026-11-21 02:14:07 UTC`.
#[must_use]
pub fn show_minute(at: i64) -> String {
    DateTime::<Utc>::from_timestamp_millis(at)
        .map_or_else(|| format!("{at}"), |time| time.format("%Y-%m-%d %H:%M:%S UTC").to_string())
}

/// Shows milliseconds of the wall clock as people say them: `17m 3s`.
#[must_use]
pub fn show_span(millis: i64) -> String {
    Millis(u64::try_from(millis).unwrap_or(0)).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(fact: Fact) -> Event {
        Event { seq: 7, at: 1_795_243_315_822, mono: Millis(41), by: "Ana".to_owned(), fact }
    }

    #[test]
    fn sleep_is_seen_on_the_wall_and_small_corrections_are_not() {
        let event = event(Fact::HoldReleased);
        assert_eq!(event.elapsed_since(event.at - 600_000, Millis(40)), Millis(600_000));
        assert_eq!(event.elapsed_since(event.at - 1_500, Millis(40)), Millis(1));
        assert_eq!(event.elapsed_since(event.at + 9_000, Millis(40)), Millis(1));
    }
}
