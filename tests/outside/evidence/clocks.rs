//! A server whose clock is not ours: that is measured and shown, and the data is judged by its own.

use crate::evidence::log::Walk;
use crate::evidence::source;
use crate::evidence::watched::Watched;
use crate::evidence::world::now;
use crate::support::http::{Request, Server, respond};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use warroom::judge::Code;

/// A server that has one series, and a clock and data as a test sets them.
struct Clockwork {
    /// How far its clock is ahead of ours, milliseconds.
    ahead: AtomicI64,
    /// How old its data is by that clock.
    age: AtomicI64,
}

impl Clockwork {
    fn set(&self, ahead: i64, age: i64) {
        self.ahead.store(ahead, Ordering::SeqCst);
        self.age.store(age, Ordering::SeqCst);
    }

    fn answer(&self, request: &Request, stream: &mut TcpStream) {
        let now = now() + self.ahead.load(Ordering::SeqCst);
        let newest = now - self.age.load(Ordering::SeqCst);
        let seconds = |at: i64| format!("{}.{:03}", at / 1_000, at % 1_000);
        let element =
            |labels: &str, value: &str| format!(r#"{{"metric":{{{labels}}},"value":[{},"{value}"]}}"#, seconds(now));
        let part = |name: &str, value: &str| element(&format!(r#""warroom":"{name}""#), value);
        let result = if request.path.contains("query_range") {
            String::new()
        } else {
            let (now, newest) = (part("now", &seconds(now)), part("0 newest", &seconds(newest)));
            [part("value", "0.0004"), now, newest, part("0 samples", "20")].join(",")
        };
        let kind = if request.path.contains("query_range") { "matrix" } else { "vector" };
        let body = format!(r#"{{"status":"success","data":{{"resultType":"{kind}","result":[{result}]}}}}"#);
        respond(stream, "200 OK", "application/json", body.as_bytes());
    }
}

const CHECKLIST: &str = "# Ledger v3\n## Ramp\n- [ ] 10% traffic - monitor 10 minutes\n  - [x] Error rate < 0.1%\n";

#[test]
fn a_clock_that_is_not_ours_is_measured_and_shown() {
    let clockwork = Arc::new(Clockwork { ahead: AtomicI64::new(95_000), age: AtomicI64::new(1_000) });
    let answering = Arc::clone(&clockwork);
    let server = Server::start(move |request, stream| answering.answer(request, stream));
    let bindings = source(&server.url()) + "[metric.\"error rate\"]\nquery = \"job:error_ratio\"\nunit = \"ratio\"\n";
    let folder = tempfile::tempdir().expect("a folder");
    let mut night = Watched::begin(folder.path(), CHECKLIST, &bindings);

    // The data is as old as its own clock says: it is fresh.
    night.starts();
    night.is("GO");
    night.sees(&["prod", "clock!"]);
    night.looks_at("6", &["prod", "its clock is 1m3", "ahead of ours"]);
    night.seat.say("status");
    night.hears("source prod: its clock is 1m3");

    // Old by its own clock, which is an hour behind: both are said.
    clockwork.set(-3_605_000, 60_000);
    night.is("HOLD");
    let stale = night.hears("stale: error rate");
    assert!(stale.contains("prod: its clock is 1h") && stale.contains("behind ours"), "{stale}");
    night.sees(&["stale", "error rate"]);
    night.sees(&["STALE", "error rate"]);
    clockwork.set(-3_605_000, 1_000);
    night.is("GO");

    // From the future of its own clock.
    clockwork.set(0, -30_000);
    night.is("HOLD");
    let skewed = night.hears("skew: error rate");
    assert!(!skewed.contains("ours"), "the clocks agree, the data does not: {skewed}");
    night.sees(&["skew", "error rate"]);
    night.sees(&["SKEW", "error rate"]);
    clockwork.set(0, 1_000);
    night.is("GO");
    night.sees_no("clock!");

    let log = night.log.clone();
    assert_eq!(night.seat.end(), Some(4));
    let walk = Walk::of(&log);
    assert!(walk.has(Code::Skew, "error rate") && walk.has(Code::Stale, "error rate"), "{:?}", walk.reasons);
    assert!(walk.each_go(|_| ()) > 0);
}
