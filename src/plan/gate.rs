//! What is judged: gates that must pass, and triggers that call for rollback.

use super::{ItemId, Limit, ProbeId, StageId};
use crate::text::Millis;
use serde::{Deserialize, Serialize};

/// A condition that is judged at every poll.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gate {
    /// The name used in reasons and commands: that of its probe.
    pub name: String,
    pub probe: ProbeId,
    /// Good when true.
    pub pass: Limit,
    pub scope: Scope,
    /// Its line; none for a gate that only the bindings know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<f64>,
    /// A breach is confirmed after this long; none for two readings with newer data.
    #[serde(default, rename = "for", skip_serializing_if = "Option::is_none")]
    pub hold: Option<Millis>,
    /// Bad when true, confirmed at once, ROLLBACK.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hard: Option<Limit>,
    #[serde(default)]
    pub on_fail: OnFail,
    /// Shown, never counted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub advisory: bool,
}

/// Where a gate counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// In these stages.
    Stages(Vec<StageId>),
    /// Nowhere: it is shown.
    Nowhere,
}

impl Scope {
    /// Says whether a gate with this scope counts in a stage.
    #[must_use]
    pub fn holds(&self, stage: StageId) -> bool {
        matches!(self, Self::Stages(stages) if stages.contains(&stage))
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnFail {
    #[default]
    Hold,
    Rollback,
}

/// A condition, or a sentence, that calls for rollback.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trigger {
    /// The sentence as written.
    pub text: String,
    /// The name used in reasons and commands: its metric's, else its sentence.
    pub name: String,
    pub line: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemId>,
    pub severity: TriggerSeverity,
    pub sustained: bool,
    /// What is measured; none for a trigger that a person declares.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub watch: Option<Watch>,
    pub dismissable: bool,
}

/// The measured part of a trigger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Watch {
    pub probe: ProbeId,
    /// Bad when true.
    pub bad: Limit,
    /// It must be true for this long; none for two readings with newer data.
    #[serde(default, rename = "for", skip_serializing_if = "Option::is_none")]
    pub hold: Option<Millis>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TriggerSeverity {
    Immediate,
    Graceful,
}
