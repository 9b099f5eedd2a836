//! Every way in which a source misbehaves, seen as on a night: the program at a plan that is on GO, a
//! real Prometheus behind a proxy that stalls, lies, breaks off or floods. Each has its reason in the
//! lines and in the log, what was known before is shown as old in time, GO is gone, and it comes back.

#[path = "support/http.rs"]
mod http;
#[path = "support/misbehaving.rs"]
mod misbehaving;
#[path = "support/prometheus.rs"]
mod prometheus;
#[path = "support/seat.rs"]
mod seat;
#[path = "support/service.rs"]
mod service;
#[path = "support/traffic.rs"]
mod traffic;

use misbehaving::{Misbehaving, Mode};
use prometheus::Prometheus;
use seat::Seat;
use service::Service;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::Duration;
use traffic::Traffic;
use warroom::judge::Got;

const CHECKLIST: &str = "\
# Shop v2

## Ramp
- [ ] 10% traffic - monitor 1 hour
  - [ ] Error rate < 1%
";

fn bindings(url: &str) -> String {
    format!(
        "checklist = \"shop.md\"\n[source.prod]\nkind = \"prometheus\"\nurl = \"{url}\"\nevery = \"1s\"\ntimeout = \"2s\"\n\
         [metric.\"error rate\"]\nunit = \"ratio\"\n\
         query = 'sum(rate(http_requests_total{{status=\"500\"}}[5s])) / sum(rate(http_requests_total[5s]))'\n\
         [stage.\"10%\"]\nsoak = \"1s\"\nmax_gap = \"10m\"\n"
    )
}

const HTML: &str = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>";

/// Ways in which no answer comes, or none that is whole, with the words of their reasons.
fn silences() -> Vec<(Mode, &'static str)> {
    vec![
        (Mode::Stall, "source-down: no answer for 1s"),
        (Mode::StallBody, "source-down: no answer for 1s"),
        (Mode::Slow(20), "source-down: no answer for 1s"),
        (Mode::Latency(Duration::from_secs(9)), "source-down: no answer for 1s"),
        (Mode::Partial, "source-down: the answer broke off"),
        (Mode::Reset, "source-down: connection reset"),
        (Mode::Refuse, "source-down: connection refused"),
        (Mode::Redirect, "source-down: HTTP 302: redirected to"),
        (Mode::Garbage, "source-down: "),
        (Mode::BadGzip, "source-down: the answer broke off"),
        (Mode::GzipBomb(200), "source-down: the answer is larger than 8192 KiB"),
        (Mode::Huge(50), "source-down: the answer is larger than 8192 KiB"),
    ]
}

/// Answers that are none, with the words of their reasons.
fn answers() -> Vec<(Mode, &'static str)> {
    let json = "application/json";
    vec![
        (Mode::Says("502 Bad Gateway", "text/html", HTML), "source-down: HTTP 502: Bad Gateway (text/html)"),
        (Mode::Says("200 OK", "text/html", HTML), "source-down: not Prometheus: HTTP 200 with text/html"),
        (
            Mode::Says(
                "503 Service Unavailable",
                json,
                r#"{"status":"error","errorType":"unavailable","error":"TSDB not ready"}"#,
            ),
            "source-down: HTTP 503: TSDB not ready",
        ),
        (
            Mode::Says(
                "422 Unprocessable Entity",
                json,
                r#"{"status":"error","errorType":"execution","error":"many-to-many matching"}"#,
            ),
            "config: HTTP 422: many-to-many matching",
        ),
        (
            Mode::Says(
                "400 Bad Request",
                json,
                r#"{"status":"error","errorType":"bad_data","error":"parse error at 1:3"}"#,
            ),
            "config: HTTP 400: parse error at 1:3",
        ),
        (Mode::Says("404 Not Found", "text/plain", "404 page not found\n"), "config: HTTP 404: 404 page not found"),
        (
            Mode::Says("429 Too Many Requests", "text/plain", "too many requests\n"),
            "source-down: HTTP 429: too many requests",
        ),
        (Mode::Says("200 OK", json, ""), "source-down: the answer is cut off"),
        (
            Mode::Says("200 OK", json, r#"{"status":"success","data":{"resultType":"vector","result":[]}}"#),
            "source-down: it does not say how old its data is",
        ),
        (
            Mode::Says(
                "200 OK",
                json,
                r#"{"status":"success","isPartial":true,"data":{"resultType":"vector","result":[]}}"#,
            ),
            "partial: ",
        ),
        (
            Mode::Says(
                "200 OK",
                json,
                r#"{"status":"success","warnings":["store-1 is away"],"data":{"resultType":"vector","result":[]}}"#,
            ),
            "partial: store-1 is away",
        ),
    ]
}

#[test]
fn no_mode_of_a_source_is_go() {
    let service = Service::start("");
    let Some(prometheus) = Prometheus::start(&[service.target()], Duration::from_secs(1)) else { return };
    let mut proxy = Misbehaving::before(&prometheus.url());
    let _traffic = Traffic::to(vec![service.speaker()]);
    let folder = tempfile::tempdir().expect("a folder");
    let (plan, log) = (folder.path().join("shop.toml"), folder.path().join("night.jsonl"));
    fs::write(folder.path().join("shop.md"), CHECKLIST).expect("a checklist");
    fs::write(&plan, bindings(&proxy.url())).expect("bindings");

    let text = |path: &Path| path.display().to_string();
    let mut seat = Seat::take(&["run", &text(&plan), "--plain", "--as", "Ana", "--session", &text(&log)]);
    seat.say("start 10%");
    seat.say("moved");
    seat.say("tick Error rate");
    seat.wait("the tick", |line| line.contains("Ana ticked"));
    seat.wait_verdict("GO");
    for (mode, reason) in [silences(), answers()].concat() {
        let before = seat.calls().len();
        proxy.turn(&mode);
        seat.wait(&format!("{mode:?}"), |line| line.contains(&format!("gate error rate unknown: {reason}")));
        seat.wait_verdict("HOLD");
        let polled = polls(&log);
        seat.until("more polls that found nothing", || polls(&log) >= polled + 3);
        assert!(!seat.calls()[before..].contains(&"GO".to_owned()), "{mode:?}: {:?}", seat.calls());
        proxy.turn(&Mode::Pass);
        seat.wait_verdict("GO");
    }
    seat.end();
    old_data_was_shown_as_old_in_time(&log);
}

fn polls(log: &Path) -> usize {
    fs::read_to_string(log).expect("a log").matches("\"kind\":\"polled\"").count()
}

/// From the last good answer to the first word that there is none: two intervals and a second, and
/// what a machine needs that does something else beside.
fn old_data_was_shown_as_old_in_time(log: &Path) {
    let text = fs::read_to_string(log).expect("a log");
    let (mut last_good, mut longest) = (None, 0);
    for line in text.lines().skip(1) {
        let event: serde_json::Value = serde_json::from_str(line).expect("a line");
        if event["kind"] != "polled" {
            continue;
        }
        let mono = event["mono"].as_u64().expect("a time");
        match is_good(&event) {
            Some(true) => last_good = Some(mono),
            Some(false) => {
                if let Some(good) = last_good.take() {
                    longest = longest.max(mono - good);
                }
            }
            None => {}
        }
    }
    let report = format!("at the longest {longest} ms from the last good answer to the word that there is none");
    std::io::stdout().write_all(format!("{report}\n").as_bytes()).expect("somebody reads");
    assert!(longest <= 2 * 1_000 + 1_000 + 1_500, "{report}");
}

fn is_good(event: &serde_json::Value) -> Option<bool> {
    let reading = event["readings"].as_array()?.first()?;
    let got: Got = serde_json::from_value(reading["got"].clone()).ok()?;
    Some(matches!(got, Got::Sample(_)))
}
