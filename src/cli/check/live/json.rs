//! What was found, for programs. Values and limits are in the query's unit, ages in seconds.

use super::{Live, Measured, What};
use crate::judge::{Alerts, HealthGot, Unknown};
use crate::plan::Plan;
use chrono::{DateTime, SecondsFormat};
use serde_json::{Value, json};

/// The `live` part of the document.
pub(in super::super) fn document(plan: &Plan, live: &Live) -> Value {
    let at = DateTime::from_timestamp_millis(live.at).unwrap_or_default();
    json!({
        "at": at.to_rfc3339_opts(SecondsFormat::Secs, true),
        "measured": live.measured.iter().map(|each| measured(plan, each)).collect::<Vec<_>>(),
        "build": live.build.as_ref().map(|build| match build {
            Ok(running) => json!({ "running": running, "why": null }),
            Err(unknown) => json!({ "running": null, "why": why(unknown) }),
        }),
        "health": live.health.iter().map(|(name, got)| health(name, got)).collect::<Vec<_>>(),
        "alerts": live.alerts.as_ref().map(|alerts| match alerts {
            Alerts::Firing(firing) => json!({ "firing": firing.iter().map(ToString::to_string).collect::<Vec<_>>(), "why": null }),
            Alerts::Miss(miss) => json!({ "firing": null, "why": why(&miss.into()) }),
        }),
    })
}

fn measured(plan: &Plan, measured: &Measured) -> Value {
    let probe = plan.probe(measured.probe);
    let kind = match measured.what {
        What::Gate => "gate",
        What::Trigger => "trigger",
        What::Traffic => "traffic",
    };
    let limit = measured.in_force.as_ref().map(|in_force| in_force.limit);
    let mut bounds = limit.iter().flat_map(crate::plan::Limit::bounds);
    let sample = measured.sample.as_ref();
    let weighed = measured.found.as_ref().ok();
    json!({
        "kind": kind,
        "name": measured.name,
        "line": measured.line,
        "limit": measured.limit.to_string(),
        "op": limit.map(|limit| limit.op),
        "limit_converted": bounds.next(),
        "limit_high_converted": bounds.next(),
        "made_from": measured.in_force.as_ref().and_then(|in_force| in_force.made_from.as_ref()),
        "unit": probe.unit.word(),
        "source": plan.source(probe.source).name,
        "query": probe.query.text,
        "value": weighed.map(|weighed| weighed.value).or_else(|| sample.map(|sample| sample.value)),
        "labels": weighed.map(|weighed| &weighed.labels),
        "true": measured.is_true(),
        "age_seconds": sample.map(|sample| seconds(sample.age)),
        "series": measured.series,
        "silent": sample.map(|sample| sample.silent.iter().map(|silent| &silent.labels).collect::<Vec<_>>()),
        "regions": sample.map(|sample| sample.cells.iter().map(|cell| (cell.labels.clone(), json!(cell.value))).collect::<serde_json::Map<_, _>>()),
        "why": measured.found.as_ref().err().map(why),
    })
}

fn why(unknown: &Unknown) -> Value {
    json!({ "code": unknown.code.word(), "detail": unknown.detail })
}

fn health(name: &str, got: &HealthGot) -> Value {
    let (is, took, why) = match got {
        HealthGot::Up { took } => ("up", Some(took), None),
        HealthGot::Slow { took } => ("slow", Some(took), None),
        HealthGot::Down { why } => ("down", None, Some(why)),
    };
    json!({ "name": name, "is": is, "took_ms": took.map(|took| took.0), "why": why })
}

#[expect(clippy::cast_precision_loss, reason = "no data is 2^53 milliseconds old")]
fn seconds(millis: i64) -> f64 {
    millis as f64 / 1_000.0
}
