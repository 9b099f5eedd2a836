//! A terminal that takes nothing any more, as behind a dead connection or after Ctrl-S: polling,
//! recording and leaving do not wait for it.

use crate::support::terminal::{Terminal, polls, until};
use rustix::process::Signal;
use rustix::termios::{Action, tcflow};
use std::fs::{self, OpenOptions};
use std::path::Path;

/// A night sixty times faster than real polls twelve times a second.
fn demo(folder: &Path) -> Terminal {
    Terminal::board(&["demo", "--speed", "60", "--as", "Ana", "--session", "night.jsonl"], folder)
}

/// The log has grown by so many polls since.
fn goes_on(log: &Path, more: usize) {
    let before = polls(log);
    until("more polls", || polls(log) >= before + more);
}

#[test]
fn a_terminal_that_is_held_stops_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("night.jsonl");
    let mut terminal = demo(folder.path());
    let held = OpenOptions::new().read(true).write(true).open(terminal.path()).expect("the terminal");
    tcflow(&held, Action::OOff).expect("output is held");
    // What was on its way arrives.
    goes_on(&log, 12);
    let before = terminal.count();
    goes_on(&log, 60);
    assert_eq!(terminal.count(), before, "it was held all the time");
    // Keys are heard all the same: blind, in the order in which they are always pressed.
    terminal.press("n");
    terminal.press("nobody sees this");
    let is_noted = || fs::read_to_string(&log).is_ok_and(|log| log.contains("nobody sees this"));
    terminal.insist("\r", |_| is_noted());
    tcflow(&held, Action::OOn).expect("output flows");
    terminal.wait_for_text("nobody sees this");
    tcflow(&held, Action::OOff).expect("output is held");
    goes_on(&log, 12);
    terminal.signal(Signal::TERM);
    assert_eq!(terminal.ends(), 143);
    terminal.wait_until_given_back();
}

#[test]
fn a_terminal_that_nobody_reads_can_be_left() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("night.jsonl");
    let mut terminal = demo(folder.path());
    terminal.stall();
    // Some hundred frames are more than any terminal keeps.
    goes_on(&log, 300);
    terminal.press("\x03");
    terminal.press("\x03");
    assert_eq!(terminal.ends(), 130);
    terminal.read_on();
    terminal.wait_until_given_back();
}
