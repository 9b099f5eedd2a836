//! What is measured: a query, and what it takes to believe its answer.

use super::SourceId;
use crate::promql::Query;
use crate::text::{Millis, Unit};
use serde::{Deserialize, Serialize};

/// One bound metric: a query with what it takes to believe its answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Probe {
    /// The binding's name: `error rate`, `latency p95`.
    pub name: String,
    pub source: SourceId,
    pub query: Query,
    /// What the query returns.
    pub unit: Unit,
    /// How the unit and the query came about, for `check`.
    pub origin: Origin,
    /// The regions that are each asked by themselves; `query` then shows the query of all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<Region>,
    /// The label whose values are read in place of the number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The rate of what the value was computed from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traffic: Option<Query>,
    /// Below this `traffic`, the value proves nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_traffic: Option<f64>,
    /// The same of the old version: where both are over the limit, neither is to blame.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Query>,
    /// What an empty answer means.
    #[serde(default)]
    pub empty: Empty,
    /// Data older than this is stale; three scrape intervals, at least 15 s, where it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age: Option<Millis>,
    #[serde(default)]
    pub missing_series: MissingSeries,
}

impl Probe {
    /// The queries that give its value: one, or one for each region.
    pub fn values(&self) -> impl Iterator<Item = &Query> {
        let whole = self.regions.is_empty().then_some(&self.query);
        whole.into_iter().chain(self.regions.iter().map(|region| &region.query))
    }

    /// The queries that give its traffic: none, one, or one for each region.
    pub fn traffics(&self) -> impl Iterator<Item = &Query> {
        one_or_each(self.traffic.as_ref(), self.regions.iter().map(|region| region.traffic.as_ref()))
    }

    /// The queries that give its baseline: none, one, or one for each region.
    pub fn baselines(&self) -> impl Iterator<Item = &Query> {
        one_or_each(self.baseline.as_ref(), self.regions.iter().map(|region| region.baseline.as_ref()))
    }

    /// Whether a query measures the old version beside it.
    #[must_use]
    pub fn measures_old_version(&self) -> bool {
        self.baselines().next().is_some()
    }

    /// All that is asked for it.
    pub fn queries(&self) -> impl Iterator<Item = &Query> {
        self.values().chain(self.traffics()).chain(self.baselines())
    }
}

/// The query of the whole, unless it is asked for region by region.
fn one_or_each<'q>(
    whole: Option<&'q Query>,
    regions: impl Iterator<Item = Option<&'q Query>> + Clone,
) -> impl Iterator<Item = &'q Query> {
    let is_whole = regions.clone().all(|of_region| of_region.is_none());
    whole.filter(|_| is_whole).into_iter().chain(regions.flatten())
}

/// A part of the world that is measured by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Region {
    pub name: String,
    pub query: Query,
    /// Its own traffic, where the metric's traffic is asked for region by region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traffic: Option<Query>,
    /// Its own baseline, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Query>,
}

/// Where a probe's query was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "from")]
pub enum Origin {
    /// `[metric.NAME]` of the bindings.
    Bindings { line: u32 },
    /// A PromQL block of the checklist.
    Checklist { line: u32 },
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Empty {
    /// Nothing is known.
    #[default]
    NoData,
    /// It has never been counted: zero, where traffic is proven.
    Zero,
}

/// What series that have gone silent do to a gate that others of its series pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MissingSeries {
    /// They are named beside it.
    #[default]
    Name,
    /// They hold it.
    Hold,
}
