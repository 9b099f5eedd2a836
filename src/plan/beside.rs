//! What is watched beside the gates: alerts, the share of the traffic, the build.

use super::{ItemId, ProbeId, SourceId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Alerts that must not begin to fire while the ramp runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alerts {
    pub source: SourceId,
    /// Labels that an alert must have, each with its value, for it to count; all count without any.
    #[serde(rename = "match")]
    pub labels: BTreeMap<String, String>,
    /// The checklist's lines that these alerts are the evidence of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<ItemId>,
}

/// The share of the traffic that reaches the new version, as measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Share {
    pub probe: ProbeId,
    /// So many percentage points beside the stage's share still agree with it.
    pub tolerance: f64,
}

/// The build that runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Build {
    pub probe: ProbeId,
    /// What must run; none for whatever ran when the ramp began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
}
