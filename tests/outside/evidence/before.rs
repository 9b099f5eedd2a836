//! What was there before the ramp, for limits that are relative to it.

use crate::evidence::log::Walk;
use crate::evidence::source;
use crate::evidence::watched::Watched;
use crate::evidence::world::{World, now};
use crate::support::prometheus::Prometheus;
use crate::support::terminal::until;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;
use warroom::judge::Code;

const CHECKLIST: &str = "# Ledger v3
## Ramp
- [ ] 10% traffic - monitor 10 minutes
  - [x] Queue length < 150% of baseline
  - [x] Cart age < 150% of baseline
";

const METRICS: &str = "
[metric.\"queue length\"]
query = 'max(queue_length)'
unit = \"count\"
[metric.\"cart age\"]
query = 'max(cart_age)'
unit = \"count\"
";

/// What a Prometheus says of a series now.
fn ask(prometheus: &Prometheus, series: &str) -> String {
    let url = prometheus.url();
    let mut stream = TcpStream::connect(url.trim_start_matches("http://")).expect("it listens");
    write!(stream, "GET /api/v1/query?query={series} HTTP/1.0\r\n\r\n").expect("it listens");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

#[test]
fn a_baseline_is_what_a_real_server_remembers_of_the_time_before() {
    // It was so minutes ago, and long enough.
    let world = World::start(&format!("queue_length 100 {}\n", now() - 200_000));
    let Some(prometheus) = Prometheus::start(&[world.service.target()], Duration::from_millis(250)) else { return };
    until("a past", || ask(&prometheus, "queue_length").contains("\"100\""));
    // It has grown just before the session begins: what is read meanwhile is not what was.
    world.say("queue_length 140\ncart_age 5\n");
    until("the rise", || ask(&prometheus, "queue_length").contains("\"140\""));
    let folder = tempfile::tempdir().expect("a folder");
    let mut night = Watched::begin(folder.path(), CHECKLIST, &(source(&prometheus.url()) + METRICS));
    night.sees(&["PASS", "queue length", "140"]);
    night.starts();

    // Nobody knows how old carts were before the ramp, and what is read now is no baseline.
    night.hears("no-baseline: cart age");
    night.sees(&["no-baseline", "cart age"]);
    night.seat.say("waive cart age: it is counted since today");
    night.is("GO");

    world.say("queue_length 160\ncart_age 5\n");
    night.hears("queue length 160 >= 150 (150 % of baseline, which is 100)");
    night.sees(&["queue length 160 >= 150"]);
    world.say("queue_length 140\ncart_age 5\n");
    night.is("GO");
    let log = night.log.clone();
    assert_eq!(night.seat.end(), Some(4));
    let walk = Walk::of(&log);
    assert!(walk.has(Code::NoBaseline, "cart age"), "{:?}", walk.reasons);
    assert!(walk.has(Code::Failing, "queue length") || walk.has(Code::Breaching, "queue length"), "{:?}", walk.reasons);
    assert!(walk.each_go(|_| ()) > 0);
}
