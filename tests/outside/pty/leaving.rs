//! Leaving: the terminal is given back, the exit code says how it ended, and the last words are there.

use crate::support::terminal::{RUN, Terminal, folder};
use rustix::process::Signal;

#[test]
fn quitting_asks_first_and_says_where_everything_is() {
    let folder = folder();
    let mut terminal = Terminal::board(&RUN, folder.path());
    terminal.press("q");
    terminal.wait_for_text("Leave?");
    terminal.press("\x1b");
    terminal.wait("an answer to Esc", |screen| !screen.contents().contains("Leave?"));
    terminal.decide("q", "Leave?", "Leave");
    assert_eq!(terminal.ends(), 4, "left before the end");
    terminal.wait_until_given_back();
    terminal.wait_for_text("warroom run --resume night.jsonl");
}

#[test]
fn control_c_twice_leaves_as_the_signal_would() {
    let folder = folder();
    let mut terminal = Terminal::board(&RUN, folder.path());
    terminal.press("\x03");
    terminal.wait_for_text("Ctrl-C once more");
    terminal.press("\x03");
    assert_eq!(terminal.ends(), 130);
    terminal.wait_until_given_back();
}

#[test]
fn every_signal_that_ends_it_gives_the_terminal_back() {
    for (signal, number) in [(Signal::TERM, 15), (Signal::INT, 2), (Signal::HUP, 1), (Signal::QUIT, 3)] {
        let folder = folder();
        let mut terminal = Terminal::board(&RUN, folder.path());
        terminal.signal(signal);
        assert_eq!(terminal.ends(), 128 + number, "{signal:?}");
        terminal.wait_until_given_back();
        terminal.wait_for_text("--resume");
    }
}

#[test]
fn what_was_typed_before_the_first_frame_presses_nothing() {
    let folder = folder();
    let mut terminal = Terminal::open();
    // Quits, rolls back, ticks: all of it was meant for a shell.
    terminal.press("qR \r");
    let mut terminal = terminal.start(crate::support::terminal::WARROOM, &RUN, folder.path());
    terminal.wait_for_board();
    terminal.press("?");
    terminal.wait("the help alone", |screen| {
        let text = screen.contents();
        text.contains("can be done now") && !text.contains("Leave?") && !text.contains("ROLL BACK")
    });
}
