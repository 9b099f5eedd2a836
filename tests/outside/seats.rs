//! One session, several people: seats that join, scripts that say a line, a holder that dies or
//! hangs, and whatever else comes over the socket.

#![expect(clippy::disallowed_methods, reason = "a test's patience is not the program's clock")]

use crate::support::seat::Seat;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use warroom::session::store::{self, Recorded};
use warroom::session::{Event, Fact};

const CHECKLIST: &str = "\
# Shop go-live

## Before
- [ ] Backups restored once

## Ramp
- [ ] 10% traffic to new version - Monitor 10 minutes
  - [ ] Error rate < 1%
";

/// Polled twice a second; nobody answers there.
const BINDINGS: &str = "\
checklist = \"shop.md\"
[source.prod]
kind = \"prometheus\"
url = \"http://127.0.0.1:9\"
every = \"500ms\"
[metric.\"error rate\"]
query = 'errors'
unit = \"ratio\"
";

/// A state directory with a plan beside it.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(TempDir::new().expect("a folder"));
        fs::write(place.0.path().join("shop.md"), CHECKLIST).expect("a checklist");
        fs::write(place.0.path().join("shop.toml"), BINDINGS).expect("bindings");
        fs::create_dir_all(place.sessions()).expect("a folder");
        place
    }

    fn sessions(&self) -> PathBuf {
        self.0.path().join("state/warroom/sessions")
    }

    fn log(&self, name: &str) -> String {
        self.sessions().join(name).display().to_string()
    }

    /// Somebody who holds a new session.
    fn holder(&self, name: &str, log: &str) -> Seat {
        let plan = self.0.path().join("shop.toml").display().to_string();
        let mut seat = Seat::take(&["run", &plan, "--plain", "--as", name, "--session", log]);
        seat.wait_verdict("HOLD");
        seat
    }

    /// What a script says, in a shell of its own.
    fn script(&self, arguments: &[&str]) -> Output {
        let mut script = Command::new(env!("CARGO_BIN_EXE_warroom"));
        script.args(arguments).env("XDG_STATE_HOME", self.0.path().join("state"));
        script.output().expect("warroom runs")
    }
}

fn join(name: &str, log: &str) -> Seat {
    let mut seat = Seat::take(&["join", log, "--plain", "--as", name]);
    seat.wait_verdict("HOLD");
    seat
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A log that is whole, and folds to what was shown.
fn read(log: &str) -> Recorded {
    let recorded = store::read(Path::new(log)).expect("a session");
    assert_eq!(recorded.strays, []);
    recorded
}

fn events(recorded: &Recorded) -> Vec<&Event> {
    recorded.core.state().timeline.iter().map(AsRef::as_ref).collect()
}

/// The status as data, as soon as it is so.
fn status(place: &Place, log: &str, is_so: impl Fn(&Value) -> bool) -> Value {
    let until = Instant::now() + Duration::from_secs(90);
    loop {
        let said = place.script(&["status", log, "--format", "json"]);
        let status: Value = serde_json::from_slice(&said.stdout).unwrap_or_else(|_| panic!("{}", text(&said.stderr)));
        if is_so(&status) {
            return status;
        }
        assert!(Instant::now() < until, "it never came: {status}");
    }
}

#[test]
fn two_seats_and_a_script_share_one_night() {
    let place = Place::new();
    let log = place.log("night.jsonl");
    let mut ana = place.holder("Ana", &log);
    let mut ben = join("Ben", &log);
    ana.say("note the dashboards are open");
    ben.wait("Ana's note", |line| line.ends_with("Ana noted: the dashboards are open"));
    ben.say("tick Backups");
    for seat in [&mut ana, &mut ben] {
        seat.wait("Ben's tick", |line| line.ends_with("Ben ticked \"Backups restored once\""));
    }
    let said = place.script(&["note", "the canary is up", "--as", "ci"]);
    assert!(said.status.success(), "{}", text(&said.stderr));
    assert!(text(&said.stdout).ends_with("  recorded\n"), "{}", text(&said.stdout));
    for seat in [&mut ana, &mut ben] {
        seat.wait("the script's note", |line| line.ends_with("ci noted: the canary is up"));
    }
    let both = |status: &Value| status["people"]["here"] == json!(["Ana", "Ben"]);
    let said = status(&place, &log, both);
    assert_eq!((&said["verdict"], &said["items"]["done"]), (&json!("GO"), &json!(1)));
    let line = place.script(&["status"]);
    assert_eq!(line.status.code(), Some(0), "GO");
    let line = text(&line.stdout);
    assert_eq!(line, "GO · Ana, Ben\n");
    let second = Seat::take(&["run", "--resume", &log, "--plain"]).end();
    assert_eq!(second, Some(7), "one process writes");
    // A seat that is left is nobody's loss.
    ben.say("quit");
    assert_eq!(ben.end(), Some(4));
    status(&place, &log, |status| status["people"]["here"] == json!(["Ana"]));
    ana.say("quit");
    assert_eq!(ana.end(), Some(4));
    assert!(!Path::new(&format!("{log}.sock")).exists(), "the socket is gone with its holder");
    read(&log);
}

#[test]
fn what_a_script_says_wrong_is_told_to_it() {
    let place = Place::new();
    let log = place.log("night.jsonl");
    let _ana = place.holder("Ana", &log);
    let said = place.script(&["tick", "Bakups"]);
    assert_eq!(said.status.code(), Some(2));
    let told = text(&said.stderr);
    assert!(told.contains("refused: no item is called \"Bakups\""), "{told}");
    let said = place.script(&["note", &log, ""]);
    assert!(text(&said.stderr).contains("expected \"note "), "{}", text(&said.stderr));
}

#[test]
fn without_a_name_the_live_session_is_meant_or_the_candidates_are_told() {
    let place = Place::new();
    let said = place.script(&["note", "hello"]);
    assert_eq!(said.status.code(), Some(2));
    assert!(text(&said.stderr).contains("no session is live"), "{}", text(&said.stderr));
    let (first, second) = (place.log("first.jsonl"), place.log("second.jsonl"));
    let _ana = place.holder("Ana", &first);
    let ben = place.holder("Ben", &second);
    let told = text(&place.script(&["note", "hello"]).stderr);
    assert!(told.contains("2 sessions are live") && told.contains(&first) && told.contains(&second), "{told}");
    assert!(place.script(&["note", "second", "hello"]).status.success(), "a piece of its name is enough");
    ben.kill();
    assert!(place.script(&["note", "one is left"]).status.success());
    let told = text(&place.script(&["note", &second, "hello"]).stderr);
    assert!(told.contains("nobody holds") && told.contains("--resume"), "{told}");
}

#[test]
fn when_the_holder_dies_another_seat_goes_on_and_the_gap_is_in_the_log() {
    let place = Place::new();
    let log = place.log("night.jsonl");
    let ana = place.holder("Ana", &log);
    let (mut ben, mut cleo) = (join("Ben", &log), join("Cleo", &log));
    let mut watches = Seat::take(&["watch", &log, "--plain"]);
    watches.wait_verdict("HOLD");
    ana.kill();
    let took_over = |line: &str| line.contains(" took over on ");
    for seat in [&mut ben, &mut cleo, &mut watches] {
        seat.wait("the new holder", took_over);
    }
    ben.say("note Ben is still here");
    cleo.say("note Cleo is still here");
    for seat in [&mut ben, &mut cleo, &mut watches] {
        seat.wait("a note", |line| line.contains("is still here"));
        seat.wait("the other note", |line| line.contains("is still here"));
    }
    status(&place, &log, |status| status["people"]["here"].as_array().is_some_and(|here| here.len() == 2));
    let recorded = read(&log);
    let resumed: Vec<_> =
        events(&recorded).into_iter().filter(|event| matches!(event.fact, Fact::SessionResumed { .. })).collect();
    let [resumed] = resumed.as_slice() else { panic!("one takes over: {resumed:?}") };
    assert!(["Ben", "Cleo"].contains(&resumed.by.as_str()), "{resumed:?}");
    let lines = fs::read_to_string(&log).expect("a log");
    let times = lines.lines().skip(1).map(|line| Event::from_json(line).expect("an event"));
    let before = times.take_while(|event| event.seq < resumed.seq).last().expect("a poll");
    let gap = resumed.at - before.at;
    assert!(gap <= 2 * 500 + 500, "two poll intervals, and the one that the holder died in: {gap} ms");
}

#[test]
fn a_holder_that_hangs_is_not_replaced_and_nobody_is_told_go() {
    let place = Place::new();
    let log = place.log("night.jsonl");
    let ana = place.holder("Ana", &log);
    let mut ben = join("Ben", &log);
    let pid = Pid::from_raw(ana.id().try_into().expect("an id")).expect("an id");
    kill_process(pid, Signal::STOP).expect("it runs");
    let is_old = |status: &Value| status["reasons"][0]["text"].to_string().contains("nobody has judged anything for");
    let said = status(&place, &log, is_old);
    assert_eq!(said["verdict"], "HOLD");
    ben.say("note said to nobody");
    let refused = Seat::take(&["join", &log, "--plain"]).end();
    assert_eq!(refused, Some(7), "nobody answers a third one");
    kill_process(pid, Signal::CONT).expect("it is there");
    ben.wait("the note", |line| line.ends_with("Ben noted: said to nobody"));
    read(&log);
}

#[test]
fn a_finished_session_can_be_watched_and_is_not_taken_over() {
    let place = Place::new();
    let log = place.log("night.jsonl");
    let mut ana = place.holder("Ana", &log);
    ana.insist("finish inconclusive", "Ana closed the session");
    assert_eq!(ana.end(), Some(4));
    let before = fs::read(&log).expect("a log");
    let mut watches = Seat::take(&["watch", &log, "--plain"]);
    watches.wait("the close", |line| line.contains("Ana closed the session: inconclusive"));
    assert_eq!(watches.end(), Some(4));
    assert_eq!(place.script(&["status", &log]).status.code(), Some(4));
    assert_eq!(Seat::take(&["join", &log, "--plain"]).end(), Some(2), "there is nobody to join");
    assert_eq!(fs::read(&log).expect("a log"), before, "nothing was written");
}

/// A connection as anybody may open it.
struct Raw {
    input: BufReader<UnixStream>,
    output: UnixStream,
}

impl Raw {
    fn open(log: &str) -> Self {
        let output = UnixStream::connect(format!("{log}.sock")).expect("a socket");
        output.set_read_timeout(Some(Duration::from_secs(90))).expect("a patience");
        Self { input: BufReader::new(output.try_clone().expect("a handle")), output }
    }

    fn say(&mut self, bytes: &[u8]) {
        // A holder that has had enough closes it in the middle.
        let _closed = self.output.write_all(bytes).and_then(|()| self.output.write_all(b"\n"));
    }

    /// The next message of a kind; none where the holder has closed the connection.
    fn hear(&mut self, kind: &str) -> Option<Value> {
        let mut line = String::new();
        while self.input.read_line(&mut line).is_ok_and(|read| read > 0) {
            let message: Value = serde_json::from_str(&line).expect("the holder says what can be read");
            if message["say"] == kind {
                return Some(message);
            }
            line.clear();
        }
        None
    }
}

#[test]
fn a_decision_on_a_verdict_that_got_worse_is_refused_and_explained() {
    let place = Place::new();
    let log = place.log("night.jsonl");
    let _ana = place.holder("Ana", &log);
    let mut ben = Raw::open(&log);
    ben.say(br#"{"say":"hello","version":1,"name":"Ben"}"#);
    // On Ben's screen nothing stood against it.
    ben.say(br#"{"say":"command","id":7,"line":"start 10%","by":"Ben","seen":[]}"#);
    let refused = ben.hear("refused").expect("an answer");
    assert_eq!((&refused["id"], &refused["why"]["for"]), (&json!(7), &json!("worse")));
    let news = refused["why"]["news"].to_string();
    assert!(news.contains("Backups restored once"), "{news}");
    // With all of it seen, it is the verdict that stands against it.
    ben.say(br#"{"say":"command","id":8,"line":"start 10%","by":"Ben"}"#);
    assert_eq!(ben.hear("refused").expect("an answer")["why"]["for"], "not_go");
    let recorded = read(&log);
    assert!(!events(&recorded).iter().any(|event| matches!(event.fact, Fact::StageStarted { .. })));
}

/// Bytes as nobody would send them, the same at every run.
fn noise(seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let good = br#"{"say":"command","id":1,"line":"note x","by":"Eve","seen":[["stale","y"]]}"#;
    let length = usize::try_from(next() % 300).expect("small");
    if seed.is_multiple_of(2) {
        return (0..length)
            .map(|_| u8::try_from(next() & 0xff).expect("a byte"))
            .filter(|byte| *byte != b'\n')
            .collect();
    }
    // A message with a few bytes changed, or cut.
    let mut bytes = good.to_vec();
    for _ in 0..=next() % 4 {
        let at = usize::try_from(next()).expect("64 bits") % bytes.len();
        bytes[at] = b"\"{}[]:,\\x0\x00\x1b\xff"[usize::try_from(next() % 13).expect("small")];
    }
    bytes.truncate(bytes.len().min(length + 20));
    bytes
}

#[test]
fn whatever_comes_over_the_socket_the_holder_goes_on() {
    let place = Place::new();
    let log = place.log("night.jsonl");
    let mut ana = place.holder("Ana", &log);
    for seed in 0..400 {
        let mut raw = Raw::open(&log);
        raw.say(&noise(seed));
        // Whatever it made of that, it comes to an end with whoever says no more.
        let _closed = raw.output.shutdown(Shutdown::Write);
        while raw.hear("nothing").is_some() {}
    }
    let long = format!(r#"{{"say":"command","id":1,"line":"note {}"}}"#, "x".repeat(300 << 10));
    let too_much = format!(r#"{{"say":"command","id":1,"line":"note {}"}}"#, "x".repeat(20 << 10));
    let deep = format!(r#"{{"say":"command","id":1,"line":{}"#, "[".repeat(100_000));
    for (bytes, want) in [
        (long.as_bytes(), "is too long"),
        (too_much.as_bytes(), "is too long"),
        (deep.as_bytes(), "no message"),
        (br#"{"say":"shutdown"}"#, "unknown variant"),
        (br#"{"say":"hello","version":1,"name":"Eve","root":true}"#, "unknown field"),
        (b"{\"say\":\"hello\",\"version\":1,\"name\":\"E\\u001b[31mve\"}", "no control characters"),
        (br#"{"say":"hello","version":99,"name":"Eve"}"#, "the holder speaks version 1"),
    ] {
        let mut raw = Raw::open(&log);
        raw.say(bytes);
        let sorry = raw.hear("sorry").unwrap_or_else(|| panic!("{want}: no word"));
        assert!(sorry["why"].to_string().contains(want), "{sorry}");
        assert_eq!(raw.hear("sorry"), None, "the connection is closed");
    }
    ana.say("note undisturbed");
    ana.wait("Ana's note", |line| line.ends_with("Ana noted: undisturbed"));
    read(&log);
}

#[test]
fn a_flood_is_slowed_down_and_too_many_guests_are_turned_away() {
    let place = Place::new();
    let log = place.log("night.jsonl");
    let mut ana = place.holder("Ana", &log);
    let mut flood = Raw::open(&log);
    let began = Instant::now();
    let mut lines = flood.output.try_clone().expect("a handle");
    let floods = std::thread::spawn(move || {
        for id in 0..200 {
            let line = format!("{{\"say\":\"command\",\"id\":{id},\"line\":\"note flood\",\"by\":\"Eve\"}}\n");
            if lines.write_all(line.as_bytes()).is_err() {
                return;
            }
        }
    });
    // Nobody's word waits for the flood to pass.
    ana.say("note in between");
    ana.wait("Ana's note", |line| line.ends_with("Ana noted: in between"));
    for _ in 0..200 {
        flood.hear("decided").expect("an answer");
    }
    floods.join().expect("it is said");
    assert!(began.elapsed() > Duration::from_secs(7), "twenty a second behind the first forty");
    drop(flood);
    let mut guests: Vec<Raw> = Vec::new();
    let turned_away = (0..40).find_map(|_| {
        let mut raw = Raw::open(&log);
        let mut line = String::new();
        raw.input.read_line(&mut line).expect("a word");
        let first: Value = serde_json::from_str(&line).expect("a message");
        guests.push(raw);
        (first["say"] == "sorry").then_some(first)
    });
    let why = turned_away.expect("there is an end to it")["why"].to_string();
    assert!(why.contains("32 seats are taken") && guests.len() > 30, "{why}, {} guests", guests.len());
    ana.say("note still here");
    ana.wait("Ana's note", |line| line.ends_with("Ana noted: still here"));
}
