//! Raw facts: what one poll found, or why it found nothing.
//!
//! A reading says nothing about what it means. Stale, skewed, too little traffic and too early are
//! derived by the judge from the reading, the plan and the time.

use crate::plan::{HealthId, ProbeId};
use crate::text::Millis;
use serde::{Deserialize, Serialize};
use std::fmt;

/// One measurement of one metric at one moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    pub probe: ProbeId,
    pub got: Got,
    /// What the probe's traffic query gave; none where there is no such query.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traffic: Option<Traffic>,
    /// What the probe's baseline query gave; none where there is no such query.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Baseline>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "nearly all that is read is samples")]
pub enum Got {
    Sample(Sample),
    Miss(Miss),
}

/// A finite value, or several series of them, with the time of their data.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// The largest value, in the query's unit.
    pub value: f64,
    /// The labels of the series it belongs to, `region="eu", pod="a-1"`; empty for a sum.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub labels: String,
    /// The smallest, where there are several series.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lowest: Option<Point>,
    /// The least value that is as high as its histogram can tell: it may be any more than that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topped: Option<Point>,
    /// When the data was written: unix milliseconds by the source's clock. Of several selectors
    /// the one whose newest sample is oldest.
    pub data_at: i64,
    /// How old that was when the source answered, by the source's clock; negative when the data is
    /// from the future.
    pub age: i64,
    /// How far the source's clock is ahead of ours, milliseconds; none while they agree to the second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skew: Option<i64>,
    /// The scrape interval as measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<Millis>,
    /// Selectors that return nothing now and had samples in the query's window.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<String>,
    /// Series that were there in the window, or a reading ago, and are silent now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub silent: Vec<Silent>,
    /// Series that have begun to speak, or may have: each is named in the first dozen readings it is in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub speaking: Vec<String>,
    /// The highest value of each region, where the metric is asked for region by region.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cells: Vec<Point>,
    /// The values of the probe's label, each once and in order, where it is not the number that is read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub texts: Vec<String>,
}

/// The value of one series.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    pub value: f64,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub labels: String,
}

/// A series that has gone silent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Silent {
    pub labels: String,
    /// Its last finite value in the query's unit, where the query returned it as a series.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<f64>,
}

/// Why there is no value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Miss {
    pub why: Why,
    /// A sentence fragment for people: `connection refused`, `HTTP 400: parse error at char 7`.
    pub detail: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// Empty, or not a number.
    NoData,
    /// Plus or minus infinity.
    NotFinite,
    /// Refused, timed out, 5xx, or not Prometheus at all.
    SourceDown,
    /// An answer that a retry will not cure: 4xx, bad query.
    Config,
    /// The source warned that its answer is not whole.
    Partial,
}

/// What the traffic query of a probe gave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Traffic {
    /// Per second, fresh.
    Rate(f64),
    /// It could not be told.
    Unknown(Miss),
}

/// What a probe is compared with: the old version, measured at the same moment or before the ramp.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Baseline {
    /// In the query's unit, fresh; the smallest and the largest of its series.
    Measured {
        lowest: f64,
        highest: f64,
        /// Of each region, where the metric is asked for region by region.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        cells: Vec<Point>,
    },
    /// It could not be told.
    Unknown(Miss),
}

/// What a probe read before the ramp, over some time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Captured {
    pub probe: ProbeId,
    pub baseline: Baseline,
}

/// One answer of a health endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HealthReading {
    pub health: HealthId,
    pub got: HealthGot,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum HealthGot {
    Up {
        took: Millis,
    },
    /// It passes, and took longer than half its timeout.
    Slow {
        took: Millis,
    },
    Down {
        why: String,
    },
}

/// Which alerts fire, of those that count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alerts {
    /// In the order of their names.
    Firing(Vec<Alert>),
    Miss(Miss),
}

/// An alert that fires.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Alert {
    pub name: String,
    /// Its other labels: `pod="a-1", severity="critical"`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub labels: String,
}

impl fmt::Display for Alert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        if self.labels.is_empty() { Ok(()) } else { write!(f, " {{{}}}", self.labels) }
    }
}

/// All that one poll found. Probes that have not answered are not in it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Batch {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<Reading>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub health: Vec<HealthReading>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alerts: Option<Alerts>,
    /// Baselines that were captured; those that come once the ramp has begun do not count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub captured: Vec<Captured>,
}

impl Batch {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0 && self.captured.is_empty()
    }

    /// How many answers are in it, of those that every poll brings.
    #[must_use]
    pub fn len(&self) -> usize {
        self.readings.len() + self.health.len() + usize::from(self.alerts.is_some())
    }
}
