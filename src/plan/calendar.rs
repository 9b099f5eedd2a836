//! Times that a checklist gives beside its ramp: when a section is due, and what is looked at again
//! and again.

mod clocks;
mod recurring;

pub(super) use clocks::read as clocks;
pub(super) use recurring::read as recurring;

use super::{ItemId, SectionId};
use crate::text::Millis;
use serde::{Deserialize, Serialize};

/// A section or a line that has its own time beside the planned cutover: `T-24 hours`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    pub line: u32,
    /// The line as written.
    pub text: String,
    /// The section it opens; none for a line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<SectionId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemId>,
    /// Seconds from the planned cutover, negative before it.
    pub offset: i64,
    /// The end of a window: `48-72 hours` after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
    pub due: Due,
}

/// What a time asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Due {
    /// Then: `T-2 hours`.
    At,
    /// Until then: `within 24 hours`.
    By,
}

/// Something to look at again and again: `check metrics every 30 minutes first 2 hours`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recurring {
    pub line: u32,
    /// The line as written.
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemId>,
    pub every: Millis,
    /// For how long; none where nobody said.
    #[serde(default, rename = "for", skip_serializing_if = "Option::is_none")]
    pub span: Option<Millis>,
}
