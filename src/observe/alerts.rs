//! Alerts that fire: of a Prometheus that evaluates them, or of an Alertmanager that has them.

use super::backend::show_labels;
use super::door::Door;
use super::http::{Follow, brief};
use super::{guarded, prometheus};
use crate::clock::Clock;
use crate::judge::{Alert, Alerts, Miss, Why};
use crate::order;
use crate::plan::{self, Plan, Source, SourceKind};
use reqwest::Method;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// With more alerts than this nobody learns anything from their names.
const MOST: usize = 500;

/// The label that names an alert.
const NAME: &str = "alertname";

/// The watch over a plan's alerts.
#[derive(Debug)]
pub(super) struct AlertWatch {
    plan: Arc<Plan>,
    clock: Clock,
    /// What to ask, or why nothing can be asked.
    door: Result<(Door, Ask), Miss>,
}

/// Where alerts are, and how they are read.
#[derive(Debug)]
struct Ask {
    path: &'static str,
    read: Read,
}

/// Reads an answer to the alerts in it that fire.
type Read = fn(&[u8]) -> Result<Vec<Labels>, Miss>;

type Labels = BTreeMap<String, String>;

/// The watch over the alerts of a plan; none where it watches none.
pub(super) fn watch(plan: &Arc<Plan>, clock: Clock) -> Option<AlertWatch> {
    let source = plan.source(plan.alerts.as_ref()?.source);
    Some(AlertWatch { plan: Arc::clone(plan), clock, door: door(source, clock) })
}

/// The source that a plan's alerts are asked of.
pub(super) fn source(plan: &Plan) -> Option<&Source> {
    plan.alerts.as_ref().map(|alerts| plan.source(alerts.source))
}

fn door(source: &Source, clock: Clock) -> Result<(Door, Ask), Miss> {
    let (url, ask) = match &source.kind {
        SourceKind::Prometheus { url } => (url, Ask { path: "/api/v1/alerts", read: of_prometheus as Read }),
        SourceKind::Alertmanager { url } => (url, Ask { path: "/api/v2/alerts", read: of_alertmanager }),
        SourceKind::Scrape { .. } => return Err(config("what is scraped has no alerts")),
    };
    let door = Door::new(url, Follow::SameOrigin, &source.access, clock).map_err(|error| config(&error))?;
    Ok((door, ask))
}

impl AlertWatch {
    /// Asks once.
    pub(super) async fn look(&self) -> Alerts {
        let asked = guarded(self.ask_in_time()).await;
        match asked.unwrap_or_else(|detail| Err(Miss { why: Why::SourceDown, detail })) {
            Ok(firing) => Alerts::Firing(firing),
            Err(miss) => Alerts::Miss(miss),
        }
    }

    async fn ask_in_time(&self) -> Result<Vec<Alert>, Miss> {
        let Some(alerts) = &self.plan.alerts else { return Ok(Vec::new()) };
        let timeout = self.clock.patience(self.plan.source(alerts.source).timeout);
        let asked = self.clock.within(timeout, Box::pin(self.ask(alerts))).await;
        asked.unwrap_or_else(|| Err(Miss { why: Why::SourceDown, detail: format!("no answer within {timeout}") }))
    }

    async fn ask(&self, alerts: &plan::Alerts) -> Result<Vec<Alert>, Miss> {
        let (door, Ask { path, read }) = self.door.as_ref().map_err(Clone::clone)?;
        let body = prometheus::fetch(door.request(Method::GET, path).await?).await.map_err(|fault| fault.miss);
        let found = body.and_then(|body| read(&body.bytes)).map_err(|miss| door.hide_in(miss))?;
        firing(found, &alerts.labels)
    }
}

/// Those that have the labels that count, in the order of their names.
fn firing(mut alerts: Vec<Labels>, wanted: &Labels) -> Result<Vec<Alert>, Miss> {
    alerts.retain(|labels| wanted.iter().all(|(name, value)| labels.get(name) == Some(value)));
    if alerts.len() > MOST {
        return Err(config(&format!("{} alerts fire: `match` must say which of them count", alerts.len())));
    }
    let named = |mut labels: Labels| {
        let name = labels.remove(NAME).unwrap_or_else(|| "unnamed".to_owned());
        Alert { name: brief(&name), labels: show_labels(&labels) }
    };
    let mut alerts: Vec<Alert> = alerts.into_iter().map(named).collect();
    order::by(&mut alerts, Ord::cmp);
    alerts.dedup();
    Ok(alerts)
}

fn of_prometheus(body: &[u8]) -> Result<Vec<Labels>, Miss> {
    #[derive(Deserialize)]
    struct Data {
        alerts: Vec<Rule>,
    }
    #[derive(Deserialize)]
    struct Rule {
        labels: Labels,
        state: String,
    }
    let data: Data = prometheus::read_data(body)?;
    Ok(data.alerts.into_iter().filter(|rule| rule.state == "firing").map(|rule| rule.labels).collect())
}

/// What is silenced or inhibited was set aside by somebody who knows of it.
fn of_alertmanager(body: &[u8]) -> Result<Vec<Labels>, Miss> {
    #[derive(Deserialize)]
    struct Found {
        labels: Labels,
        status: Status,
    }
    #[derive(Deserialize)]
    struct Status {
        state: String,
    }
    let found: Vec<Found> = serde_json::from_slice(body)
        .map_err(|error| Miss { why: Why::SourceDown, detail: brief(&format!("not an Alertmanager: {error}")) })?;
    Ok(found.into_iter().filter(|alert| alert.status.state != "suppressed").map(|alert| alert.labels).collect())
}

fn config(detail: &str) -> Miss {
    Miss { why: Why::Config, detail: brief(detail) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(found: Result<Vec<Labels>, Miss>, wanted: &[(&str, &str)]) -> Vec<String> {
        let wanted = wanted.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let alerts = firing(found.unwrap(), &wanted).unwrap();
        alerts.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn only_what_fires_counts_and_only_with_its_labels() {
        let body = br#"{"status":"success","data":{"alerts":[
            {"labels":{"alertname":"Errors","severity":"critical","pod":"b"},"annotations":{},"state":"firing","activeAt":"2026-03-14T02:00:00Z","value":"1e+00"},
            {"labels":{"alertname":"Errors","severity":"critical","pod":"a"},"state":"firing"},
            {"labels":{"alertname":"Slow","severity":"critical"},"state":"pending"},
            {"labels":{"alertname":"Disk","severity":"warning"},"state":"firing"}]}}"#;
        let critical = [r#"Errors {pod="a", severity="critical"}"#, r#"Errors {pod="b", severity="critical"}"#];
        assert_eq!(names(of_prometheus(body), &[("severity", "critical")]), critical);
        assert_eq!(names(of_prometheus(body), &[]).len(), 3);
    }

    #[test]
    fn what_an_alertmanager_suppresses_does_not_count() {
        let body = br#"[
            {"labels":{"alertname":"Errors"},"status":{"state":"active","silencedBy":[],"inhibitedBy":[]}},
            {"labels":{"alertname":"Disk"},"status":{"state":"suppressed","silencedBy":["x"],"inhibitedBy":[]}},
            {"labels":{"alertname":"New"},"status":{"state":"unprocessed"}}]"#;
        assert_eq!(names(of_alertmanager(body), &[]), ["Errors", "New"]);
    }

    #[test]
    fn an_answer_of_somebody_else_is_no_silence() {
        for body in [&b"[]"[..], b"{}", b"<html>", br#"{"status":"success","data":{"result":[]}}"#] {
            assert_eq!(of_prometheus(body).unwrap_err().why, Why::SourceDown);
        }
        assert_eq!(of_alertmanager(br#"{"status":"success"}"#).unwrap_err().why, Why::SourceDown);
        let warned = br#"{"status":"success","data":{"alerts":[]},"warnings":["a ruler is away"]}"#;
        assert_eq!(of_prometheus(warned).unwrap_err().why, Why::Partial);
    }
}
