//! A whole cutover against a real Prometheus, as a script or a screen reader would drive it:
//! `warroom run --plain`, commands in, lines out. Prometheus stops in mid-soak and comes back, one of
//! two targets dies, the process is killed and resumed; afterwards the log tells the same story as
//! the lines did.

use crate::support::prometheus::Prometheus;
use crate::support::seat::Seat;
use crate::support::service::Service;
use crate::support::traffic::Traffic;
use std::fs;
use std::path::Path;
use std::time::Duration;
use warroom::judge::Outcome;
use warroom::session::log::Ending;
use warroom::session::{Fact, store};

const CHECKLIST: &str = "\
# Ledger v3 go-live

## Before the window
- [ ] Backups restored once on the spare cluster
- [x] Release notes sent

## Traffic ramp
- [ ] 10% traffic to new version - Monitor 10 minutes
  - [ ] Error rate < 0.1%
  - [ ] Latency within SLA
  - [ ] No open pages
- [ ] 25% traffic to new version - Monitor 10 minutes
  - [ ] Error rate < 0.1%
  - [ ] Latency within SLA
  - [ ] No open pages
- [ ] 50% traffic to new version - Monitor 15 minutes
  - [ ] Error rate < 0.1%
  - [ ] Latency within SLA
  - [ ] No open pages
- [ ] 100% traffic to new version - Monitor 30 minutes
  - [ ] Error rate < 0.1%
  - [ ] Latency within SLA
  - [ ] No open pages

## Rollback triggers
- [ ] Error rate > 1%
- [ ] Ledger out of balance
";

/// Soaks are seconds here, so that a night fits into a test; everything else is as on a night.
fn bindings(prometheus: &str, health: &str) -> String {
    let stage = |name: &str, soak: &str| format!("[stage.\"{name}\"]\nsoak = \"{soak}\"\n");
    format!(
        r#"
checklist = "ledger.md"
[source.prod]
kind = "prometheus"
url = "{prometheus}"
every = "500ms"
timeout = "2s"
[metric."error rate"]
query = 'sum(rate(http_requests_total{{status=~"5.."}}[5s])) / sum(rate(http_requests_total[5s]))'
unit = "ratio"
[metric."latency"]
phrases = ["latency within sla"]
query = 'histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[5s])))'
unit = "seconds"
pass = "< 100ms"
[health.ledger]
url = "{health}"
{}{}{}{}"#,
        stage("10%", "3s"),
        stage("25%", "8s"),
        stage("50%", "8s"),
        stage("100%", "3s"),
    )
}

/// Ticks what the current stage asks for.
fn tick_stage(seat: &mut Seat) {
    for item in ["Error rate", "Latency", "No open pages"] {
        seat.say(&format!("tick {item}"));
        seat.wait("the tick", |line| line.contains("ticked") && line.contains(item));
    }
}

/// Goes from a decision to the moment at which the stage's clock runs.
fn shift(seat: &mut Seat, command: &str, stage: &str) {
    seat.say(command);
    seat.wait("the decision", |line| line.contains(&format!("Ana started {stage}")));
    seat.say("moved");
    seat.wait("the traffic", |line| line.contains(&format!("the traffic has moved to {stage}")));
}

/// The clean time of a stage as `status` says it.
fn clean(seat: &mut Seat, stage: &str) -> String {
    seat.say("status");
    seat.wait("the status", |line| line.starts_with(&format!("stage {stage}: active, clean ")))
}

fn polls(log: &Path) -> usize {
    fs::read_to_string(log).expect("a log").matches("\"kind\":\"polled\"").count()
}

#[test]
fn a_night_with_everything_in_it() {
    let (first, mut second) = (Service::start(""), Service::start(""));
    let scrape = Duration::from_secs(1);
    let Some(mut prometheus) = Prometheus::start(&[first.target(), second.target()], scrape) else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let (plan, log) = (folder.path().join("ledger.toml"), folder.path().join("night.jsonl"));
    fs::write(folder.path().join("ledger.md"), CHECKLIST).expect("a checklist");
    fs::write(&plan, bindings(&prometheus.url(), &first.health_url())).expect("bindings");
    let _traffic = Traffic::to(vec![first.speaker(), second.speaker()]);

    let mut seat = Seat::take(&["run", &arg(&plan), "--plain", "--as", "Ana", "--session", &arg(&log)]);
    seat.wait("what is open", |line| line.contains("item-open: \"Backups restored once"));
    seat.say("start 10%");
    seat.wait("the refusal", |line| line.contains("refused: the verdict is HOLD"));
    seat.say("tick Backups");

    shift(&mut seat, "start 10%", "10%");
    tick_stage(&mut seat);
    seat.wait_verdict("GO");

    shift(&mut seat, "promote", "25%");
    tick_stage(&mut seat);
    prometheus_stops_in_mid_soak(&mut seat, &mut prometheus, &log);
    seat.wait_verdict("GO");

    shift(&mut seat, "promote", "50%");
    tick_stage(&mut seat);
    let dead = second.target();
    second.shut();
    seat.wait("the dead target's name", |line| line.contains("has gone silent") && line.contains(&dead));
    second.reopen();

    let seat = killed_and_resumed(seat, &log);
    let mut printed = seat.calls_before;
    let mut seat = seat.seat;
    seat.wait_verdict("GO");

    shift(&mut seat, "promote", "100%");
    tick_stage(&mut seat);
    seat.wait_verdict("GO");
    seat.say("finish succeeded");
    seat.wait("the close", |line| line.contains("Ana closed the session: succeeded"));
    printed.extend(seat.calls());
    assert_eq!(seat.end(), Some(0));

    the_log_tells_the_same_story(&log, &printed);
}

fn arg(path: &Path) -> String {
    path.display().to_string()
}

fn prometheus_stops_in_mid_soak(seat: &mut Seat, prometheus: &mut Prometheus, log: &Path) {
    seat.wait("a soaking stage", |line| line.contains("- warm-up error rate"));
    prometheus.stop();
    seat.wait("source-down", |line| line.contains("source-down: error rate"));
    let at_the_stop = clean(seat, "25%");
    let polled = polls(log);
    seat.until("three polls that found nothing", || polls(log) >= polled + 3);
    assert_eq!(clean(seat, "25%"), at_the_stop, "a soak does not go on while nothing is known");
    prometheus.restart();
}

struct Resumed {
    seat: Seat,
    calls_before: Vec<String>,
}

fn killed_and_resumed(seat: Seat, log: &Path) -> Resumed {
    let calls_before = seat.calls();
    seat.kill();
    let before = fs::read(log).expect("a log");
    let mut seat = Seat::take(&["run", "--resume", &arg(log), "--plain", "--as", "Ana"]);
    seat.wait("the resumption", |line| line.contains("resumed on "));
    let after = fs::read(log).expect("a log");
    let whole = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    assert!(after.starts_with(&before[..whole]), "nothing that was written is changed");
    Resumed { seat, calls_before }
}

fn the_log_tells_the_same_story(log: &Path, printed: &[String]) {
    let verified = Seat::take(&["verify", &arg(log)]).end();
    assert_eq!(verified, Some(0), "the log verifies");
    let recorded = store::read(log).expect("a session");
    assert_eq!(recorded.ending, Ending::Clean);
    assert_eq!(recorded.strays, [], "it folds to the verdicts that were shown");
    assert_eq!(recorded.core.state().outcome, Some(Outcome::Succeeded));
    let shown: Vec<String> = recorded
        .core
        .state()
        .timeline
        .iter()
        .filter_map(|event| match &event.fact {
            Fact::VerdictChanged { call, .. } => Some(call.to_string()),
            _ => None,
        })
        .collect();
    let mut rest = shown.iter();
    assert!(printed.iter().all(|call| rest.any(|shown| shown == call)), "printed {printed:?}, recorded {shown:?}");
}
