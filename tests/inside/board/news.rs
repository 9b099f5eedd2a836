//! What is drawn at once, and what waits until the clock on the screen turns over.

use crate::board::night::Night;
use std::sync::Arc;
use warroom::judge::HealthGot;
use warroom::room::{Disk, Live};
use warroom::tui::news::is_news;

/// Half a minute into a soak: nothing but figures will change for a while.
fn quiet() -> Night {
    Night::soaking().wobbles("error rate", 0.000_6).runs(30)
}

/// What is shown before and after something happens.
fn around(happens: impl Fn(Night) -> Night) -> (Arc<Live>, Arc<Live>) {
    let night = quiet();
    let before = night.live();
    (before, happens(night).live())
}

#[test]
fn figures_that_move_at_every_poll_wait() {
    let (before, after) = around(|night| night.runs(30));
    assert!(before.state.seq < after.state.seq);
    assert!(!is_news(&before, &after));
}

#[test]
fn whatever_somebody_must_see_does_not() {
    type Happens = fn(Night) -> Night;
    let all: [(&str, Happens); 6] = [
        ("a breach", |night| night.reads("error rate", 0.02).runs(5)),
        ("a trigger that begins to count down", |night| night.reads("latency p95", 0.62).runs(5)),
        ("an endpoint", |night| night.health(HealthGot::Down { why: "HTTP 503".to_owned() }).runs(5)),
        ("a note", |night| night.does("as Ben: note the bank calls")),
        ("a tick", |night| night.does("as Ben: tick No critical alerts")),
        ("a hold", |night| night.does("as Ben: hold the bank calls")),
    ];
    for (what, happens) in all {
        let (before, after) = around(happens);
        assert!(is_news(&before, &after), "{what}");
    }
}

#[test]
fn neither_does_the_disk() {
    let (quiet, said) = around(|night| night.does("as Ben: note the bank calls"));
    let slow = Live { disk: Disk::Slow, ..Live::clone(&quiet) };
    assert!(is_news(&quiet, &slow));
    let saving = Live { saved: said.state.seq - 1, ..Live::clone(&said) };
    assert!(is_news(&saving, &said), "what was said is on disk now");
}

/// Before the start no gate stands against anything, and the first values are news all the same.
#[test]
fn a_gate_that_is_read_for_the_first_time_is_news() {
    let night = Night::new().runs(5);
    let before = night.live();
    let after = night.reads_well().runs(5).live();
    assert_eq!(before.state.timeline.len(), after.state.timeline.len());
    assert!(is_news(&before, &after));
}
