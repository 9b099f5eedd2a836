//! Plans with nothing in them but what is measured.

use serde_json::{Value, json};
use warroom::plan::{Empty, Health, Plan, Probe, Source, SourceId, SourceKind};
use warroom::promql;
use warroom::text::{Millis, Unit};

/// A plan without a line.
pub(crate) fn empty() -> Plan {
    let plan = json!({
        "title": "Night", "sections": [], "items": [], "stages": [], "conditions": [], "triggers": [],
        "decisions": [], "commands": [], "fields": [], "contacts": [], "sign_offs": [], "sources": [],
        "probes": [], "gates": [], "health": [], "poll": 200
    });
    serde_json::from_value(plan).expect("a plan")
}

/// A plan that asks one Prometheus.
pub(crate) fn asking(url: &str, queries: &[&str]) -> Plan {
    let source = Source {
        name: "prod".to_owned(),
        kind: SourceKind::Prometheus { url: url.to_owned() },
        every: Millis(200),
        timeout: Millis::from_secs(5),
        access: warroom::plan::Access::default(),
    };
    let probes = queries.iter().map(|query| probe(query)).collect();
    Plan { sources: vec![source], probes, ..empty() }
}

/// A probe of the first source.
pub(crate) fn probe(query: &str) -> Probe {
    let origin: Value = json!({ "from": "bindings", "line": 1 });
    Probe {
        name: query.to_owned(),
        source: SourceId(0),
        query: promql::inspect(query).expect("a query"),
        unit: Unit::Count,
        origin: serde_json::from_value(origin).expect("an origin"),
        regions: vec![],
        label: None,
        traffic: None,
        min_traffic: None,
        baseline: None,
        empty: Empty::NoData,
        max_age: None,
        missing_series: warroom::plan::MissingSeries::Name,
    }
}

/// A health endpoint.
pub(crate) fn health(url: &str, json: &[(&str, Value)]) -> Health {
    Health {
        name: "api".to_owned(),
        url: url.to_owned(),
        json: json.iter().map(|(pointer, value)| ((*pointer).to_owned(), value.clone())).collect(),
        failures: 3,
        timeout: Millis::from_secs(2),
        items: Vec::new(),
    }
}

// Each test needs a part of this.
const _: fn(&str, &[(&str, Value)]) -> Health = health;
const _: fn(&str, &[&str]) -> Plan = asking;
