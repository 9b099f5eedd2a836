//! What is proven, and what only looks so, against a real Prometheus: targets that die, freeze and
//! begin again, errors that never were, alerts, traffic that goes elsewhere, a build that changes.
//! Each has its own reason, on the board as in the log, and GO is given only where it was earned.
//!
//! - [`targets`]: four of them, of which each has a fate of its own.
//! - [`beside`]: alerts, the share of the traffic, the build.
//! - [`clocks`]: a server whose clock is not ours.
//! - [`before`]: what was there before the ramp, for limits that are relative to it.

mod before;
mod beside;
mod clocks;
mod log;
mod targets;
mod watched;
mod world;

use std::time::Duration;

pub(crate) const SCRAPE: Duration = Duration::from_secs(1);

/// A source, and a stage of two clean seconds.
pub(crate) fn source(prometheus: &str) -> String {
    format!(
        r#"
checklist = "ledger.md"
[vars]
version = "v3"
[source.prod]
kind = "prometheus"
url = "{prometheus}"
every = "500ms"
timeout = "2s"
[stage."10%"]
soak = "2s"
"#
    )
}

/// The share of errors of one service, three scrapes old at most.
pub(crate) fn errors(name: &str, target: &str, more: &str) -> String {
    let of = format!("instance=\"{target}\"");
    format!(
        r#"
[metric."{name} errors"]
query = 'sum(rate(http_requests_total{{{of},status=~"5.."}}[8s])) / sum(rate(http_requests_total{{{of}}}[8s]))'
unit = "ratio"
max_age = "3s"
{more}"#
    )
}

/// No error counted is none where requests are seen to flow.
pub(crate) fn or_none(target: &str) -> String {
    format!(
        "empty = \"zero\"\nmin_traffic = 5\ntraffic = 'sum(rate(http_requests_total{{instance=\"{target}\"}}[8s]))'\n"
    )
}

/// Two clocks of one machine, and the moment between a poll and what is written of it.
pub(crate) const SLACK: i64 = 1_000;
