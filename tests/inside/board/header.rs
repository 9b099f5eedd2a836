//! The first row: how the sources are, and that it stands still.

use crate::board::dump::{frame, rows, text};
use crate::board::keys::Desk;
use crate::board::looks::COLOUR;
use crate::board::night::Night;
use warroom::judge::Why;
use warroom::tui::views::Page;

fn header(night: &Night) -> String {
    let desk = Desk::at(night);
    rows(&frame(&desk.scene, &desk.view, COLOUR, (120, 36))).swap_remove(0)
}

#[test]
fn nothing_moves_where_an_age_gets_a_second_digit() {
    let [young, old] = [0, 1].map(|seconds| header(&Night::soaking().waits(seconds)));
    assert!(young.contains("✓  5s") && old.contains("✓ 10s"), "{young}\n{old}");
    for part in ["● REC", "acting", "health"] {
        assert_eq!(young.find(part), old.find(part), "{part}\n{young}\n{old}");
    }
}

#[test]
fn a_source_that_never_answered_says_what_it_says_instead() {
    for (detail, short) in [
        ("HTTP 500 Internal Server Error", "✗ HTTP 500"),
        ("not Prometheus: HTTP 502 with text/html", "✗ HTTP 502"),
        ("connection refused", "✗ connection refused"),
        ("127.0.0.1:9090: no answer within 2s, and 1 more", "✗ no answer within 2s "),
    ] {
        let missed = |night: Night, metric| night.misses(metric, Why::SourceDown, detail);
        let night = ["error rate", "latency p95", "cache hit"].into_iter().fold(Night::new(), missed).runs(10);
        assert!(header(&night).contains(short), "{}", header(&night));
        let mut desk = Desk::at(&night);
        desk.view.open(Page::Info);
        let shown = text(&frame(&desk.scene, &desk.view, COLOUR, (120, 60)));
        assert!(shown.contains(&format!("✗ no answer yet: {detail}")), "{shown}");
    }
}
