//! What is proven, and what only looks so, against a real Prometheus: targets that die, freeze and
//! begin again, errors that never were, alerts, traffic that goes elsewhere, a build that changes.
//! Each has its own reason, and GO is given only where it was earned.

#[path = "support/http.rs"]
mod http;
#[path = "support/prometheus.rs"]
mod prometheus;
#[path = "support/seat.rs"]
mod seat;
#[path = "support/service.rs"]
mod service;

use prometheus::Prometheus;
use seat::Seat;
use service::Service;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const SCRAPE: Duration = Duration::from_secs(1);

/// What the service says beside its requests.
#[derive(Clone, Default)]
struct Said {
    /// Whole lines.
    lines: String,
    /// Written behind each sample: nothing, or when it was frozen.
    time: String,
    requests: u64,
    ended: bool,
}

/// A service whose requests flow, fifty a second, until it is frozen.
struct World {
    said: Arc<Mutex<Said>>,
    service: Service,
    thread: Option<JoinHandle<()>>,
}

impl World {
    fn start(lines: &str) -> Self {
        let service = Service::start("");
        let said = Arc::new(Mutex::new(Said { lines: lines.to_owned(), ..Said::default() }));
        let (say, shared) = (service.speaker(), Arc::clone(&said));
        let thread = thread::spawn(move || {
            loop {
                let mut said = shared.lock().expect("no test panicked with it");
                if said.ended {
                    return;
                }
                if said.time.is_empty() {
                    said.requests += 5;
                }
                say(&text(&said));
                drop(said);
                thread::sleep(Duration::from_millis(100));
            }
        });
        Self { said, service, thread: Some(thread) }
    }

    fn change(&self, change: impl FnOnce(&mut Said)) {
        change(&mut self.said.lock().expect("no test panicked with it"));
    }

    fn say(&self, lines: &str) {
        self.change(|said| lines.clone_into(&mut said.lines));
    }

    /// The same samples with the same time from here on, as a stuck exporter serves them.
    fn freeze(&self) {
        #[expect(clippy::disallowed_methods, reason = "an exporter writes its own clock's time")]
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock");
        self.change(|said| said.time = format!(" {}", now.as_millis()));
    }

    fn thaw(&self) {
        self.change(|said| said.time.clear());
    }

    fn requests(&self) -> u64 {
        self.said.lock().expect("no test panicked with it").requests
    }

    /// The process behind it begins again, and its counters with it.
    fn reset(&self) {
        self.change(|said| said.requests = 0);
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if let Ok(mut said) = self.said.lock() {
            said.ended = true;
        }
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn text(said: &Said) -> String {
    let requests = format!("http_requests_total{{status=\"200\"}} {}", said.requests);
    let lines = std::iter::once(requests.as_str()).chain(said.lines.lines());
    lines.flat_map(|line| [line.to_owned(), said.time.clone(), "\n".to_owned()]).collect()
}

const CHECKLIST: &str = "# Ledger v3\n## Ramp\n- [ ] 10% traffic - monitor 10 minutes\n  - [x] Error rate < 0.1%\n";

fn bindings(prometheus: &str, more: &str) -> String {
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
[metric."error rate"]
query = 'sum(rate(http_requests_total{{status=~"5.."}}[4s])) / sum(rate(http_requests_total[4s]))'
unit = "ratio"
max_age = "4s"
empty = "zero"
traffic = 'sum(rate(http_requests_total[4s]))'
min_traffic = 5
[stage."10%"]
soak = "2s"
{more}"#
    )
}

/// Takes a seat at a ramp whose only stage has started.
fn seat(folder: &Path, prometheus: &str, more: &str) -> Seat {
    fs::write(folder.join("ledger.md"), CHECKLIST).expect("a checklist");
    let plan = folder.join("ledger.toml");
    fs::write(&plan, bindings(prometheus, more)).expect("bindings");
    let (plan, log) = (plan.display().to_string(), folder.join("night.jsonl").display().to_string());
    let mut seat = Seat::take(&["run", &plan, "--plain", "--as", "Ana", "--session", &log]);
    seat.wait_verdict("GO");
    seat
}

fn wait(seat: &mut Seat, part: &str) -> String {
    seat.wait(part, |line| line.contains(part))
}

#[test]
fn what_only_looks_like_evidence_is_none() {
    let mut world = World::start("");
    let Some(prometheus) = Prometheus::start(&[world.service.target()], SCRAPE) else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let mut seat = seat(folder.path(), &prometheus.url(), "");

    // No error has ever been counted: that is zero as soon as requests are seen to flow.
    seat.say("start 10%");
    seat.say("moved");
    wait(&mut seat, "gate error rate pass: 0 %");
    seat.wait_verdict("GO");

    // The same samples again and again, as old as when they were first served.
    world.freeze();
    let frozen = wait(&mut seat, "gate error rate unknown");
    assert!(frozen.contains("no-data") || frozen.contains("stale"), "{frozen}");
    seat.wait_verdict("HOLD");
    world.thaw();
    seat.wait_verdict("GO");

    // Counters that begin again are neither errors nor negative.
    world.reset();
    seat.until("a window of requests since then", || world.requests() > 250);
    seat.say("status");
    wait(&mut seat, "gate error rate pass");
    assert!(!seat.heard().iter().any(|line| line.contains("breaching") || line.contains("failing")));

    // A target that is gone, while the window still holds what it said.
    world.service.shut();
    let gone = wait(&mut seat, "gate error rate unknown");
    assert!(gone.contains("no-data") || gone.contains("stale"), "{gone}");
    seat.wait_verdict("HOLD");
    world.service.reopen();
    seat.wait_verdict("GO");
    assert_eq!(seat.end(), Some(4));
}

const BESIDE: &str = "
[alerts]
[traffic]
query = 'max(new_share)'
[build]
query = 'count by (version) (build_info)'
";

const RULES: &str = "
groups:
  - name: night
    rules:
      - {alert: DiskFull, expr: disk_full == 1}
      - {alert: HighErrorRate, expr: errors_high == 1}
";

fn beside(share: u32, errors_high: u32, version: &str) -> String {
    format!("new_share {share}\ndisk_full 1\nerrors_high {errors_high}\nbuild_info{{version=\"{version}\"}} 1\n")
}

#[test]
fn alerts_traffic_and_build_are_asked_of_a_real_server() {
    let world = World::start(&beside(0, 0, "v3"));
    let Some(prometheus) = Prometheus::start_with_rules(&[world.service.target()], SCRAPE, RULES) else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let mut seat = seat(folder.path(), &prometheus.url(), BESIDE);
    wait(&mut seat, "alert DiskFull");

    // Nobody says moved: the traffic does.
    seat.say("start 10%");
    wait(&mut seat, "shifting: waiting for the traffic to move to 10%, measured 0 %");
    world.say(&beside(10, 0, "v3"));
    wait(&mut seat, "the traffic has moved to 10%: 10 % was measured");
    seat.wait_verdict("GO");

    world.say(&beside(30, 0, "v3"));
    wait(&mut seat, "traffic-mismatch: traffic 30 % ≠ 10 % ± 3");
    world.say(&beside(10, 0, "v3"));
    seat.wait_verdict("GO");

    world.say(&beside(10, 1, "v3"));
    wait(&mut seat, "alert-firing: the alert HighErrorRate");
    world.say(&beside(10, 0, "v3"));
    seat.wait_verdict("GO");

    world.say(&beside(10, 0, "v4"));
    wait(&mut seat, "config: the build is v4, not v3 as the bindings say");
    world.say(&beside(10, 0, "v3"));
    seat.wait_verdict("GO");

    drop(prometheus);
    wait(&mut seat, "source-down: alerts: connection refused");
    assert_eq!(seat.end(), Some(4));
}
