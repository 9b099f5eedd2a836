//! Why the verdict is what it is: a code to test for, a subject, and a sentence to read.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What kind of reason it is. The words are those of scenario files and logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    RolledBack,
    TriggerTripped,
    /// A gate is over its limit and confirmed: ROLLBACK with `on_fail = "rollback"`, else HOLD.
    Failing,
    HardLimit,
    Config,
    SourceDown,
    NoData,
    NotFinite,
    Stale,
    Partial,
    Skew,
    LowTraffic,
    /// The measured share is not that of the stage.
    TrafficMismatch,
    /// Over the limit, and the old version is just as bad.
    Ambiguous,
    /// Its limit is relative to something that is not known.
    NoBaseline,
    BlindTrigger,
    ClockGap,
    LogUnwritable,
    /// A gate, or the value of a trigger, is over its limit and not confirmed.
    Breaching,
    /// An alert has begun to fire since the ramp began.
    AlertFiring,
    Unhealthy,
    Shifting,
    WarmUp,
    Soaking,
    Flapping,
    ItemOpen,
    ApprovalMissing,
    Rejected,
    /// A decision point of the checklist was answered with a no.
    DecidedAgainst,
    NoGates,
    /// Nobody has signed in a role whose signature the checklist wants before the start.
    SignOffMissing,
    /// The readiness score is below what the checklist wants before the start, or not known.
    ScoreTooLow,
    Held,
}

/// How bad a reason is: the verdict is that of the worst, and they are listed in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// ROLLBACK.
    Rollback,
    /// HOLD, because nobody can tell.
    NotKnowing,
    /// HOLD, because it is not good.
    NotGood,
    /// HOLD, because it is too early.
    NotYet,
    /// HOLD, because a person is missing.
    Person,
}

impl Code {
    /// Every code.
    pub const ALL: [Self; 33] = [
        Self::RolledBack,
        Self::TriggerTripped,
        Self::Failing,
        Self::HardLimit,
        Self::Config,
        Self::SourceDown,
        Self::NoData,
        Self::NotFinite,
        Self::Stale,
        Self::Partial,
        Self::Skew,
        Self::LowTraffic,
        Self::TrafficMismatch,
        Self::Ambiguous,
        Self::NoBaseline,
        Self::BlindTrigger,
        Self::ClockGap,
        Self::LogUnwritable,
        Self::Breaching,
        Self::AlertFiring,
        Self::Unhealthy,
        Self::Shifting,
        Self::WarmUp,
        Self::Soaking,
        Self::Flapping,
        Self::ItemOpen,
        Self::ApprovalMissing,
        Self::Rejected,
        Self::DecidedAgainst,
        Self::NoGates,
        Self::SignOffMissing,
        Self::ScoreTooLow,
        Self::Held,
    ];

    /// The word of scenario files, logs and screens.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::RolledBack => "rolled-back",
            Self::TriggerTripped => "trigger-tripped",
            Self::Failing => "failing",
            Self::HardLimit => "hard-limit",
            Self::Config => "config",
            Self::SourceDown => "source-down",
            Self::NoData => "no-data",
            Self::NotFinite => "not-finite",
            Self::Stale => "stale",
            Self::Partial => "partial",
            Self::Skew => "skew",
            Self::LowTraffic => "low-traffic",
            Self::TrafficMismatch => "traffic-mismatch",
            Self::Ambiguous => "ambiguous",
            Self::NoBaseline => "no-baseline",
            Self::BlindTrigger => "blind-trigger",
            Self::ClockGap => "clock-gap",
            Self::LogUnwritable => "log-unwritable",
            Self::Breaching => "breaching",
            Self::AlertFiring => "alert-firing",
            Self::Unhealthy => "unhealthy",
            Self::Shifting => "shifting",
            Self::WarmUp => "warm-up",
            Self::Soaking => "soaking",
            Self::Flapping => "flapping",
            Self::ItemOpen => "item-open",
            Self::ApprovalMissing => "approval-missing",
            Self::Rejected => "rejected",
            Self::DecidedAgainst => "decided-against",
            Self::NoGates => "no-gates",
            Self::SignOffMissing => "sign-off-missing",
            Self::ScoreTooLow => "score-too-low",
            Self::Held => "held",
        }
    }

    /// The code of a word; none where there is no such code.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.word() == word)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// One thing that stands between us and GO, or calls for rollback.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    pub code: Code,
    pub class: Class,
    /// The metric, item, endpoint or trigger it is about; empty where it is about the stage.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub subject: String,
    /// The source that was asked, where one was.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// A sentence with the value, the limit, for how long, and the age of the data.
    pub text: String,
}

impl Reason {
    /// Code and subject in one line: `failing error rate`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.code, self.subject).trim_end().to_owned()
    }

    /// Code and subject: what makes two reasons the same reason, whatever their figures say.
    #[must_use]
    pub fn key(&self) -> (Code, &str) {
        (self.code, &self.subject)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_reads_its_own_word_and_is_logged_as_it() {
        for code in Code::ALL {
            assert_eq!(Code::parse(code.word()), Some(code));
            assert_eq!(serde_json::to_value(code).expect("a word"), code.word());
        }
    }
}
