//! A whole ramp by keys, on the verdicts of a real Prometheus that scrapes the demo's services.

use crate::support::prometheus::Prometheus;
use crate::support::terminal::{Terminal, WARROOM};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use warroom::judge::{Call, Outcome};
use warroom::session::{Fact, store};

const CHECKLIST: &str = "\
# Shop go-live

## Ramp
- [ ] 10% traffic to new version - Monitor 10 minutes
  - [ ] Error rate < 0.5%
  - [ ] No open pages
- [ ] 50% traffic to new version - Monitor 10 minutes
  - [ ] Error rate < 0.5%
- [ ] 100% traffic to new version - Monitor 10 minutes
  - [ ] Error rate < 0.5%

## Rollback triggers
- [ ] Error rate > 2%
";

/// Soaks are seconds here, so that a night fits into a test; everything else is as on a night.
fn bindings(prometheus: &str) -> String {
    let of_v2 = r#"service="payments",version="v2""#;
    format!(
        r#"
checklist = "shop.md"
[source.prod]
kind = "prometheus"
url = "{prometheus}"
every = "500ms"
[metric."error rate"]
query = 'sum(rate(http_requests_total{{{of_v2},status=~"5.."}}[5s])) / sum(rate(http_requests_total{{{of_v2}}}[5s]))'
unit = "ratio"
[stage."10%"]
soak = "3s"
[stage."50%"]
soak = "3s"
[stage."100%"]
soak = "3s"
"#
    )
}

/// The demo's services, for a Prometheus to scrape. They end when this is dropped.
struct Shop {
    child: Child,
    targets: Vec<String>,
}

impl Shop {
    fn open() -> Self {
        let mut child = Command::new(WARROOM)
            .args(["demo", "--serve-only", "--port", &free_ports().to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("warroom runs");
        let lines = BufReader::new(child.stdout.take().expect("its output")).lines().map_while(Result::ok);
        let address = |line: String| {
            let (_, address) = line.split_once("http://")?;
            address.strip_suffix("/metrics").map(str::to_owned)
        };
        let targets: Vec<String> = lines.map_while(address).collect();
        assert_eq!(targets.len(), 3, "three services listen");
        Self { child, targets }
    }

    /// Moves the traffic, as the one who operates the shop does.
    fn shifts(&mut self, percent: u8) {
        let mut input = self.child.stdin.as_ref().expect("it listens");
        writeln!(input, "{percent}").and_then(|()| input.flush()).expect("it listens");
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The first of three ports in a row that were free a moment ago.
fn free_ports() -> u16 {
    let is_free = |port: u16| TcpListener::bind(("127.0.0.1", port)).is_ok();
    let first = (0..100).find_map(|_| {
        let port = TcpListener::bind(("127.0.0.1", 0)).ok()?.local_addr().ok()?.port();
        (port < u16::MAX - 2 && is_free(port + 1) && is_free(port + 2)).then_some(port)
    });
    first.expect("three free ports")
}

/// Says that the traffic of a stage has moved, ticks what it asks for, and waits for GO.
fn soaks(terminal: &mut Terminal, shop: &mut Shop, percent: u8) {
    shop.shifts(percent);
    terminal.wait_for_title(&format!("HOLD {percent}%"));
    terminal.decide("M", "Has the traffic moved", "It has moved");
    terminal.wait("what is open", |screen| open(&screen.contents()).contains("Error rate"));
    // Only what passes is ticked; until then the key says why it does nothing.
    terminal.insist("a", |screen| !open(screen).contains("Error rate"));
    if percent == 10 {
        terminal.press("/open pages\r");
        terminal.press(" ");
        terminal.wait_for_text("ticked \"No open pages");
    }
    terminal.wait_for_title(&format!("GO {percent}%"));
}

/// What the verdict says is open.
fn open(screen: &str) -> String {
    screen.lines().filter(|line| line.contains("item-open")).collect()
}

#[test]
fn a_ramp_by_keys_against_a_real_prometheus() {
    let mut shop = Shop::open();
    let Some(prometheus) = Prometheus::start(&shop.targets, Duration::from_secs(1)) else { return };
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("shop.md"), CHECKLIST).expect("a checklist");
    fs::write(folder.path().join("shop.toml"), bindings(&prometheus.url())).expect("bindings");
    let arguments = ["run", "shop.toml", "--as", "Ana", "--session", "night.jsonl"];
    let mut terminal = Terminal::board(&arguments, folder.path());

    terminal.wait_for_title("GO - Shop go-live");
    terminal.decide("S", "Start 10%", "Start");
    soaks(&mut terminal, &mut shop, 10);
    terminal.decide("P", "Promote to 50%", "Promote");
    soaks(&mut terminal, &mut shop, 50);
    terminal.decide("P", "Promote to 100%", "Promote");
    soaks(&mut terminal, &mut shop, 100);
    terminal.decide("P", "Pass 100%, the last stage", "Promote");
    terminal.decide("F", "Close the session", "Close it");
    // The mark of the log, not the word of the banner: until it is on disk, leaving asks.
    terminal.wait_for_text("■ CLOSED");
    terminal.press("q");
    assert_eq!(terminal.ends(), 0, "it succeeded");
    terminal.wait_until_given_back();
    happened(&folder.path().join("night.jsonl"));
}

fn happened(log: &Path) {
    let recorded = store::read(log).expect("a session");
    assert_eq!(recorded.strays, [], "it folds to the verdicts that were shown");
    let state = recorded.core.state();
    assert_eq!(state.outcome, Some(Outcome::Succeeded));
    let started = state.timeline.iter().filter_map(|event| match &event.fact {
        Fact::StageStarted { decision, .. } => Some((decision.verdict, decision.overrides.is_some())),
        _ => None,
    });
    assert_eq!(started.collect::<Vec<_>>(), [(Call::Go, false); 3]);
}
