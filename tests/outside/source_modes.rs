//! Every way in which a source misbehaves, seen as on a night: the program at a plan that is on GO, a
//! real Prometheus behind a proxy that stalls, lies, breaks off or floods. Each has its reason in the
//! lines, on a board and in the log, what was known before is shown as old in time, no GO is said or
//! recorded meanwhile, and it comes back.
//!
//! Several nights go on beside each other, and each goes through a part of the modes.

use crate::support::misbehaving::{Misbehaving, Mode};
use crate::support::prometheus::Prometheus;
use crate::support::seat::Seat;
use crate::support::service::Service;
use crate::support::terminal::{Terminal, WARROOM, polls};
use crate::support::traffic::Traffic;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;
use warroom::judge::{Call, Got};
use warroom::session::{Event, Fact};

/// So many nights at once.
const NIGHTS: usize = 8;

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
    let _traffic = Traffic::to(vec![service.speaker()]);
    let cases = [silences(), answers()].concat();
    let longest = thread::scope(|scope| {
        let nights: Vec<_> = (0..NIGHTS)
            .map(|number| {
                let (cases, url) = (cases.iter().skip(number).step_by(NIGHTS), prometheus.url());
                scope.spawn(move || {
                    let mut night = Night::begin(&url);
                    cases.for_each(|(mode, reason)| night.goes_through(mode, reason));
                    night.end()
                })
            })
            .collect();
        nights.into_iter().map(|night| night.join().expect("a night as it should be")).max()
    });
    // Two intervals and a second, and what a machine needs that does something else beside.
    let report = format!("at the longest {longest:?} ms from the last good answer to the word that there is none");
    std::io::stdout().write_all(format!("{report}\n").as_bytes()).expect("somebody reads");
    assert!(longest <= Some(2 * 1_000 + 1_000 + 1_500), "{report}");
}

/// A night that was on GO when it began: one who acts, and a board that is watched.
struct Night {
    folder: tempfile::TempDir,
    proxy: Misbehaving,
    seat: Seat,
    board: Terminal,
}

impl Night {
    fn begin(prometheus: &str) -> Self {
        let proxy = Misbehaving::before(prometheus);
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("shop.md"), CHECKLIST).expect("a checklist");
        fs::write(folder.path().join("shop.toml"), bindings(&proxy.url())).expect("bindings");
        let path = |name: &str| folder.path().join(name).display().to_string();
        let (plan, log) = (path("shop.toml"), path("night.jsonl"));
        let mut seat = Seat::take(&["run", &plan, "--plain", "--as", "Ana", "--session", &log]);
        seat.say("start 10%");
        seat.say("moved");
        seat.say("tick Error rate");
        seat.wait("the tick", |line| line.contains("Ana ticked"));
        seat.wait_verdict("GO");
        let board = Terminal::open().start(WARROOM, &["watch", &log], folder.path());
        board.wait_for_title("GO");
        Self { folder, proxy, seat, board }
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("night.jsonl")
    }

    /// The source misbehaves, for some polls, and is well again.
    fn goes_through(&mut self, mode: &Mode, reason: &str) {
        let (code, detail) = reason.split_once(": ").expect("a code and its words");
        let (called, log) = (self.seat.calls().len(), self.log());
        let recorded = events(&log).len();
        self.proxy.turn(mode);
        self.seat.wait(&format!("{mode:?}"), |line| line.contains(&format!("gate error rate unknown: {reason}")));
        self.seat.wait_verdict("HOLD");
        self.board.wait_for_title("HOLD");
        self.board.wait(&format!("{mode:?}: {reason}"), |screen| {
            let screen = screen.contents();
            // The old figure is gone from the gate, and the first reason says why.
            let gate = format!("? {}", code.to_uppercase());
            screen.lines().any(|line| line.contains(&gate) && line.contains("error rate – "))
                && screen.lines().any(|line| line.contains(code) && line.contains(&format!("error rate: {detail}")))
        });
        let (polled, drawn) = (polls(&log), self.board.count());
        self.seat.until("more polls that found nothing", || polls(&log) >= polled + 3);
        let said = &self.seat.calls()[called..];
        assert!(!said.contains(&"GO".to_owned()), "{mode:?}: {said:?}");
        let bytes = self.board.bytes();
        let shown = String::from_utf8_lossy(bytes.get(drawn..).unwrap_or_default());
        assert!(!shown.contains("\x1b]2;GO"), "{mode:?}: the board said GO");
        is_recorded(&events(&log)[recorded..], reason);
        self.proxy.turn(&Mode::Pass);
        self.seat.wait_verdict("GO");
        self.board.wait_for_title("GO");
    }

    /// Ends it; gives the longest time from a last good answer to the first word that there is none.
    fn end(self) -> u64 {
        let events = events(&self.log());
        self.seat.end();
        let (mut last_good, mut longest) = (None, 0);
        for event in &events {
            match got(event) {
                Some(Got::Sample(_)) => last_good = Some(event.mono.0),
                Some(Got::Miss(_)) => longest = longest.max(last_good.take().map_or(0, |good| event.mono.0 - good)),
                None => {}
            }
        }
        longest
    }
}

/// The log gives the reason, and from the first miss on it calls nothing GO.
fn is_recorded(events: &[Event], reason: &str) {
    let missed = events.iter().skip_while(|event| !matches!(got(event), Some(Got::Miss(_))));
    let missed: Vec<&Event> = missed.collect();
    let says = |event: &&Event| match got(event) {
        Some(Got::Miss(miss)) => {
            let code = serde_json::to_value(miss.why).expect("a word");
            format!("{}: {}", code.as_str().expect("a word"), miss.detail).starts_with(reason)
        }
        _ => false,
    };
    assert!(missed.iter().any(says), "{reason} is not in the log: {missed:#?}");
    let is_go = |event: &&Event| matches!(event.fact, Fact::VerdictChanged { call: Call::Go, .. });
    assert!(!missed.iter().any(is_go), "{reason}: GO was recorded: {missed:#?}");
}

/// The events of a log, as far as it is written.
fn events(log: &Path) -> Vec<Event> {
    let text = fs::read_to_string(log).expect("a log");
    text.lines().skip(1).filter_map(|line| Event::from_json(line).ok()).collect()
}

fn got(event: &Event) -> Option<&Got> {
    match &event.fact {
        Fact::Polled(batch) => batch.readings.first().map(|reading| &reading.got),
        _ => None,
    }
}
