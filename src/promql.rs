//! The query language: what a query reads, before anybody asks it.

mod ceiling;
pub mod engine;
pub mod exposition;
pub mod inspect;
mod raw;
pub mod returns;
pub mod samples;
mod window;

pub use ceiling::ceiling;
pub use inspect::{SyntaxError, inspect, is_scalar};

use crate::text::Millis;
use serde::{Deserialize, Serialize};

/// A PromQL query with what judging it needs to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Query {
    /// The query as it is sent, variables replaced.
    pub text: String,
    /// The largest range in the query: the warm-up of a gate on it. None for a query without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Millis>,
    /// The series it reads, each once.
    pub selectors: Vec<Selector>,
}

/// One vector selector of a query: what freshness is asked of.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Selector {
    /// The instant selector without range and offset: `http_requests_total{status=~"5.."}`.
    pub text: String,
    /// The range the query reads of it, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Millis>,
}
