//! The morning after, in a terminal: the night is wound to and fro, and changes nothing.

use crate::support::terminal::{RUN, Terminal, WARROOM, folder};
use std::fs;
use std::process::Command;

const NOTE: &str = "Ana noted: the database is moved";

#[test]
fn a_night_is_wound_to_and_fro_and_told() {
    let folder = folder();
    let mut night = Terminal::board(&RUN, folder.path());
    night.note("the database is moved");
    night.wait_for_text(NOTE);
    night.decide("q", "Leave?", "Leave");
    night.ends();
    let log = folder.path().join("night.jsonl");
    let recorded = fs::read(&log).expect("a log");

    let mut review = Terminal::open().start(WARROOM, &["review", "./night.jsonl"], folder.path());
    review.wait_for_text("of 00:0");
    review.insist("F", |screen| screen.contains(NOTE));
    review.insist("A", |screen| !screen.contains(NOTE));
    review.insist("n", |screen| screen.contains(NOTE));
    review.insist("p", |screen| !screen.contains(NOTE));
    // Somewhere else in the night, by what was said there.
    review.press("/");
    review.wait_for_text("find in notes and events");
    review.press("database\r");
    review.wait_for_text(NOTE);
    // What would record says why it does not.
    review.press("H");
    review.wait_for_text("a review changes nothing");
    review.resize(40, 10);
    review.wait("a small board", |screen| screen.contents().contains("HOLD"));
    review.press("q");
    assert_eq!(review.ends(), 0);
    review.wait_until_given_back();
    assert_eq!(fs::read(&log).expect("a log"), recorded, "a review writes nothing");

    let told = Command::new(WARROOM).args(["report", "./night.jsonl"]).current_dir(folder.path()).output();
    let told = told.expect("warroom runs");
    assert!(told.status.success(), "{told:?}");
    assert!(String::from_utf8_lossy(&told.stdout).contains("the database is moved"), "{told:?}");
}
