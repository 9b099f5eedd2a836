//! Alerts over the wire: an Alertmanager, a Prometheus, and whoever answers in their place.

use crate::support::http::{Server, respond};
use crate::support::plan;
use std::collections::BTreeMap;
use warroom::clock::Clock;
use warroom::judge::{Alerts, Why};
use warroom::observe;
use warroom::plan::{Plan, SourceId, SourceKind};

fn watching(kind: SourceKind) -> Plan {
    let mut plan = plan::asking("http://127.0.0.1:1", &[]);
    plan.sources[0].kind = kind;
    let labels = BTreeMap::from([("severity".to_owned(), "page".to_owned())]);
    plan.alerts = Some(warroom::plan::Alerts { source: SourceId(0), labels, items: vec![] });
    plan
}

/// Asks a server that answers one path, and every other with 404.
async fn ask(path: &'static str, status: &'static str, body: &'static str, kind: fn(String) -> SourceKind) -> Alerts {
    let server = Server::start(move |request, stream| {
        let answered = if request.path.starts_with(path) { status } else { "404 Not Found" };
        respond(stream, answered, "application/json", body.as_bytes());
    });
    let batch = observe::once(&watching(kind(server.url())), Clock::real()).await;
    batch.alerts.expect("alerts are watched")
}

fn manager(url: String) -> SourceKind {
    SourceKind::Alertmanager { url }
}

fn prometheus(url: String) -> SourceKind {
    SourceKind::Prometheus { url }
}

fn names(alerts: &Alerts) -> Vec<&str> {
    match alerts {
        Alerts::Firing(firing) => firing.iter().map(|alert| alert.name.as_str()).collect(),
        Alerts::Miss(miss) => panic!("{miss:?}"),
    }
}

fn why(alerts: &Alerts) -> Why {
    match alerts {
        Alerts::Firing(firing) => panic!("{firing:?}"),
        Alerts::Miss(miss) => miss.why,
    }
}

#[tokio::test]
async fn an_alertmanager_says_what_is_not_set_aside() {
    let body = r#"[
        {"labels":{"alertname":"Errors","severity":"page"},"status":{"state":"active"}},
        {"labels":{"alertname":"Known","severity":"page"},"status":{"state":"suppressed"}},
        {"labels":{"alertname":"Small","severity":"info"},"status":{"state":"active"}}]"#;
    assert_eq!(names(&ask("/api/v2/alerts", "200 OK", body, manager).await), ["Errors"]);
}

#[tokio::test]
async fn a_prometheus_says_what_fires() {
    let body = r#"{"status":"success","data":{"alerts":[
        {"labels":{"alertname":"Errors","severity":"page"},"state":"firing"},
        {"labels":{"alertname":"Soon","severity":"page"},"state":"pending"}]}}"#;
    assert_eq!(names(&ask("/api/v1/alerts", "200 OK", body, prometheus).await), ["Errors"]);
}

#[tokio::test]
async fn whoever_cannot_tell_does_not_say_that_nothing_fires() {
    assert_eq!(why(&ask("/api/v1/alerts", "503 Busy", "{}", prometheus).await), Why::SourceDown);
    assert_eq!(why(&ask("/api/v1/alerts", "403 No", "{}", prometheus).await), Why::Config);
    assert_eq!(why(&ask("/api/v2/alerts", "200 OK", "<html>", manager).await), Why::SourceDown);
    // A Prometheus that was taken for an Alertmanager.
    assert_eq!(why(&ask("/api/v1/alerts", "200 OK", "{}", manager).await), Why::Config);
    let refused = observe::once(&watching(prometheus("http://127.0.0.1:1".to_owned())), Clock::real()).await;
    assert_eq!(refused.alerts.as_ref().map(why), Some(Why::SourceDown));
}
