//! What is told outside, by a running session to servers that take it, refuse it, or are away.

use crate::support::http::{Request, Server, respond};
use crate::support::prometheus::Prometheus;
use crate::support::seat::Seat;
use serde_json::Value;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use warroom::promql::exposition;

const CHECKLIST: &str = "# Ledger \\<v3>\n## Ramp\n- [ ] 10% traffic\n  - [x] Look at it\n- [ ] 100% traffic\n";

/// A server that keeps what it is sent, and answers the first requests with an error.
struct Target {
    got: Arc<Mutex<Vec<Request>>>,
    server: Server,
}

impl Target {
    fn start(errors: usize) -> Self {
        let got: Arc<Mutex<Vec<Request>>> = Arc::default();
        let kept = Arc::clone(&got);
        let server = Server::start(move |request, stream| {
            let mut kept = kept.lock().expect("no test panicked with it");
            let Request { method, path, body, authorization } = request;
            let (method, path, body) = (method.clone(), path.clone(), body.clone());
            kept.push(Request { method, path, body, authorization: authorization.clone() });
            let status = if kept.len() <= errors { "503 Away" } else { "200 OK" };
            respond(stream, status, "application/json", b"{}");
        });
        Self { got, server }
    }

    fn bodies(&self) -> Vec<Value> {
        let got = self.got.lock().expect("no test panicked with it");
        got.iter().map(|request| serde_json::from_str(&request.body).expect("JSON")).collect()
    }

    fn has(&self, fits: impl Fn(&Value) -> bool) -> bool {
        self.bodies().iter().any(fits)
    }
}

fn take(folder: &Path, bindings: &str, more: &[&str]) -> Seat {
    fs::write(folder.join("ledger.md"), CHECKLIST).expect("a checklist");
    let plan = folder.join("ledger.toml");
    fs::write(&plan, format!("checklist = \"ledger.md\"\n{bindings}")).expect("bindings");
    let (plan, log) = (plan.display().to_string(), folder.join("night.jsonl").display().to_string());
    let arguments = ["run", &plan, "--plain", "--as", "Ana", "--session", &log];
    Seat::take(&[&arguments, more].concat())
}

#[test]
fn every_kind_of_target_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let (chat, hook, grafana) = (Target::start(0), Target::start(2), Target::start(0));
    let secret = format!("{}/services/T0K3N", chat.server.url());
    fs::write(folder.path().join("chat.url"), format!("{secret}\n")).expect("a file");
    fs::write(folder.path().join("grafana.token"), "gr4f4na\n").expect("a file");
    let bindings = format!(
        "[notify.chat]\nkind = \"slack\"\nurl_file = \"chat.url\"\non = [\"stage\", \"close\"]\n\
         [notify.hook]\nkind = \"webhook\"\nurl = \"{}/hook\"\ntemplate = \"{{{{ by }}}}!\"\n\
         [notify.dash]\nkind = \"grafana\"\nurl = \"{}\"\nbearer_token_file = \"grafana.token\"\n",
        hook.server.url(),
        grafana.server.url()
    );
    let mut seat = take(folder.path(), &bindings, &[]);
    seat.wait_verdict("GO");
    seat.say("start 10%");
    let started =
        |body: &Value| body["event"] == "Ana started 10%" && body["occasion"] == "stage" && body["by"] == "Ana";
    // The first two tries are refused: it is told again, and nothing is told in another order.
    seat.until("the webhook to be told", || hook.has(started));
    assert!(hook.has(|body| body["text"] == "Ana!"));
    seat.until("the chat to be told", || {
        chat.has(|body| body["text"] == "Ledger &lt;v3&gt; [10%]: Ana started 10% (HOLD)")
    });
    let annotated = |body: &Value| body["tags"][1] == "stage" && body["time"].is_i64();
    seat.until("an annotation", || grafana.has(annotated));
    let asked = grafana.got.lock().expect("no test panicked with it").pop().expect("a request");
    assert_eq!((asked.method.as_str(), asked.path.as_str()), ("POST", "/api/annotations"));
    assert_eq!(asked.authorization, "Bearer gr4f4na");

    seat.say("rollback it looks odd");
    seat.until("the rollback to be told", || hook.has(|body| body["occasion"] == "rollback"));
    seat.say("finish rolled-back");
    seat.until("the close to be told", || {
        chat.has(|body| body["text"].as_str().is_some_and(|text| text.contains("closed")))
    });
    assert_eq!(seat.end(), Some(3));
    let log = fs::read_to_string(folder.path().join("night.jsonl")).expect("a log");
    assert!(!log.contains("T0K3N") && !log.contains("gr4f4na"), "no secret is in the log");
}

#[test]
fn who_cannot_be_told_holds_up_nobody_and_the_timeline_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let (wrong, (never, answers)) =
        (Server::start(|_, stream| respond(stream, "404 Not Found", "text/plain", b"")), mpsc::channel());
    let answers: Mutex<Receiver<()>> = Mutex::new(answers);
    // Takes what it is sent, and says nothing until the test is over.
    let hangs = Server::start(move |_, _| drop(answers.lock().map(|answers| answers.recv())));
    fs::write(folder.path().join("chat.url"), format!("{}/services/T0K3N", wrong.url())).expect("a file");
    let bindings = format!(
        "[notify.chat]\nkind = \"slack\"\nurl_file = \"chat.url\"\n\
         [notify.typo]\nkind = \"slack\"\nurl_file = \"none.url\"\n\
         [notify.slow]\nkind = \"webhook\"\nurl = \"{}\"\n",
        hangs.url()
    );
    let mut seat = take(folder.path(), &bindings, &[]);
    let cannot = |line: &str| line.contains("[notify.typo] cannot be told anything: the secret in ");
    for _ in ["in whichever order", "they come"] {
        seat.wait("GO, and a target without an address", |line| cannot(line) || line.ends_with("Z  GO"));
    }
    assert!(seat.heard().iter().any(|line| cannot(line) && line.contains("none.url")));
    seat.say("start 10%");
    seat.wait("a target that knows nothing of it", |line| {
        line.ends_with("[notify.chat] was not told of the stage: HTTP 404 Not Found")
    });
    seat.say("moved");
    seat.wait("the traffic", |line| line.contains("the traffic has moved to 10%"));
    seat.insist("finish failed", "closed the session");
    assert!(!seat.heard().iter().any(|line| line.contains("T0K3N")));
    assert_eq!(seat.end(), Some(3));
    let log = fs::read_to_string(folder.path().join("night.jsonl")).expect("a log");
    assert!(log.contains("notification_lost") && !log.contains("T0K3N"), "it is recorded, and no secret is");
    drop(never);
}

#[test]
fn nothing_is_told_twice_when_another_process_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let hook = Target::start(0);
    let bindings = format!("[notify.hook]\nkind = \"webhook\"\nurl = \"{}\"\n", hook.server.url());
    let log = folder.path().join("night.jsonl").display().to_string();
    let told = |event: &'static str| move |body: &Value| body["event"] == event;

    let mut first = take(folder.path(), &bindings, &[]);
    first.wait_verdict("GO");
    first.say("start 10%");
    first.until("the start to be told", || hook.has(told("Ana started 10%")));
    first.kill();
    let mut second = Seat::take(&["run", "--resume", &log, "--plain", "--as", "Ben"]);
    second.wait("the session", |line| line.contains("resumed on"));
    second.say("moved");
    second.until("the move to be told", || hook.has(told("Ben: the traffic has moved to 10%")));
    let mut third = Seat::take(&["join", &log, "--plain", "--as", "Cleo"]);
    third.wait("a seat", |line| line.contains("Ben"));
    second.kill();
    third.wait("the session", |line| line.contains("Cleo took over"));
    third.say("rollback it looks odd");
    third.until("the rollback to be told", || hook.has(|body| body["occasion"] == "rollback" && body["by"] == "Cleo"));
    assert_eq!(third.end(), Some(3));

    let mut moments: Vec<String> =
        hook.bodies().iter().map(|body| format!("{} {}", body["at_millis"], body["event"])).collect();
    let count = moments.len();
    moments.sort();
    moments.dedup();
    assert_eq!(moments.len(), count, "{moments:#?}");
}

fn get(address: &str, path: &str) -> Option<(String, String)> {
    let mut stream = TcpStream::connect(address).ok()?;
    write!(stream, "GET {path} HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n").ok()?;
    let mut text = String::new();
    stream.read_to_string(&mut text).ok()?;
    text.split_once("\r\n\r\n").map(|(head, body)| (head.to_owned(), body.to_owned()))
}

#[test]
fn its_own_metrics_are_read_by_our_strict_reader_and_by_prometheus() {
    let folder = tempfile::tempdir().expect("a folder");
    let hook = Target::start(0);
    let bindings = format!("[notify.hook]\nkind = \"webhook\"\nurl = \"{}\"\n", hook.server.url());
    let mut seat = take(folder.path(), &bindings, &["--listen", "0"]);
    let line = seat.wait("where it listens", |line| line.starts_with("metrics"));
    let address = line.split("http://").nth(1).and_then(|rest| rest.strip_suffix("/metrics")).expect("an address");
    seat.wait_verdict("GO");
    seat.say("start 10%");
    seat.until("the hook to be told", || hook.has(|body| body["occasion"] == "stage"));

    let exposed = || {
        let (head, body) = get(address, "/metrics").expect("an answer");
        assert!(head.starts_with("HTTP/1.1 200 OK"), "{head}");
        exposition::read(body.as_bytes(), exposition::Format::Text).unwrap_or_else(|error| panic!("{error}\n{body}"))
    };
    let is = |name: &str, labels: &[(&str, &str)], value: f64| {
        exposed().iter().any(|sample| {
            let has = |&(name, value): &(&str, &str)| sample.labels.contains(&(name.to_owned(), value.to_owned()));
            sample.name == name && (sample.value - value).abs() < f64::EPSILON && labels.iter().all(has)
        })
    };
    seat.until("the metrics", || {
        is("warroom_verdict", &[("state", "HOLD")], 1.0)
            && is("warroom_verdict", &[("state", "GO")], 0.0)
            && is("warroom_stage", &[("stage", "10%"), ("number", "1"), ("state", "shifting")], 1.0)
            && is("warroom_reasons", &[("code", "shifting")], 1.0)
    });
    assert!(exposed().iter().any(|sample| sample.name == "warroom_notifications_total" && sample.value >= 1.0));
    assert!(get(address, "/").is_some_and(|(head, _)| head.starts_with("HTTP/1.1 404")));
    // Callers that say nothing keep nobody else waiting for ever, and the night not at all.
    let _silent: Vec<_> = (0..8).map(|_| TcpStream::connect(address).expect("a connection")).collect();
    assert!(get(address, "/metrics").is_some());

    if let Some(prometheus) = Prometheus::start(&[address.to_owned()], Duration::from_millis(200)) {
        let host = prometheus.url().replace("http://", "");
        let asked = "/api/v1/query?query=warroom_verdict%7Bstate%3D%22HOLD%22%7D%20%3D%3D%201";
        seat.until("Prometheus to have it", || {
            get(&host, asked).is_some_and(|(_, body)| body.contains("\"__name__\":\"warroom_verdict\""))
        });
    }
    assert_eq!(seat.end(), Some(4));
}

#[test]
fn other_hosts_read_nothing_unless_that_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    assert_eq!(take(folder.path(), "", &["--listen", "0.0.0.0:0"]).end(), Some(2));
    assert!(!folder.path().join("night.jsonl").exists(), "no session is begun for it");
    let mut seat = take(folder.path(), "", &["--listen", "127.0.0.1:0", "--listen-beyond"]);
    seat.wait("where it listens", |line| line.starts_with("metrics"));
    assert_eq!(seat.end(), Some(4));
}
