//! What is watched beside the gates: whether alerts fire.

use super::{ItemId, SourceId};
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
