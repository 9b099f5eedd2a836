//! What arrives at the terminal, byte by byte, and what never does.

use crate::support::terminal::{RUN, Terminal, WARROOM, folder, until};
use std::fs;

/// The numbers of every change of style.
fn styles(bytes: &[u8]) -> Vec<u16> {
    let text = String::from_utf8_lossy(bytes);
    let changes = text.split("\x1b[").skip(1).filter_map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != ';')?;
        rest.get(end..)?.starts_with('m').then(|| rest.get(..end)).flatten()
    });
    changes.flat_map(|numbers| numbers.split(';').filter_map(|number| number.parse().ok())).collect()
}

#[test]
fn without_colour_weight_carries_what_colour_did() {
    let folder = folder();
    let arguments = [&["NO_COLOR=1", WARROOM][..], &RUN].concat();
    let terminal = Terminal::open().start("env", &arguments, folder.path());
    terminal.wait_for_board();
    let styles = styles(&terminal.bytes());
    assert!(styles.contains(&1) && styles.contains(&7), "bold and reverse: {styles:?}");
    assert!(!styles.iter().any(|number| matches!(number, 30..=49 | 90..=107)), "no colour: {styles:?}");
}

#[test]
fn where_ascii_is_asked_for_nothing_else_comes() {
    let folder = folder();
    let terminal = Terminal::board(&[&RUN[..], &["--ascii"]].concat(), folder.path());
    let bytes = terminal.bytes();
    assert!(bytes.is_ascii(), "{}", String::from_utf8_lossy(&bytes));
}

#[test]
fn a_frame_is_one_piece() {
    let folder = folder();
    let terminal = Terminal::board(&RUN, folder.path());
    let text = String::from_utf8_lossy(&terminal.bytes()).into_owned();
    // The last one may be on its way.
    let (whole, _) = text.rsplit_once("\x1b[?2026h").expect("some frames");
    for frame in whole.split("\x1b[?2026h").skip(1) {
        let (inside, after) = frame.split_once("\x1b[?2026l").expect("it was written whole");
        assert!(!inside.contains("\x1b]"), "a title is no part of it");
        assert!(after.is_empty() || after.starts_with("\x1b]2;"), "nothing is drawn outside: {after:?}");
    }
}

#[test]
fn another_size_is_drawn_at_once_and_the_verdict_is_on_each() {
    let folder = folder();
    let terminal = Terminal::board(&RUN, folder.path());
    for (cols, rows) in [(80, 24), (40, 10), (20, 3), (200, 60), (120, 36)] {
        let before = terminal.count();
        terminal.resize(cols, rows);
        let is_cleared =
            || terminal.bytes().get(before..).is_some_and(|new| new.windows(4).any(|four| four == b"\x1b[2J"));
        until("a whole frame", is_cleared);
        terminal.wait(&format!("the verdict at {cols}x{rows}"), |screen| screen.contents().contains("HOLD"));
    }
    terminal.wait_for_text(" REC ");
}

#[test]
fn a_paste_into_a_list_presses_no_key() {
    let folder = folder();
    let mut terminal = Terminal::board(&RUN, folder.path());
    terminal.press("\x1b[200~R\r \r:finish succeeded\r\x1b[201~");
    terminal.wait_for_text("a paste goes into a field only");
    assert!(!terminal.screen().contains("ROLL BACK"));
    terminal.press("n");
    terminal.wait_for_text("Write it down");
    terminal.press("\x1b[200~from the channel:\nall is well\x1b[201~");
    terminal.answer("Write it down", "Write it down");
    terminal.wait_for_text("all is well");
}

#[test]
fn a_key_that_is_held_down_ticks_once() {
    let folder = folder();
    let mut terminal = Terminal::board(&RUN, folder.path());
    terminal.press("          ");
    terminal.wait_for_text("ticked \"Backups\"");
    terminal.look_at_help();
    let log = fs::read_to_string(folder.path().join("night.jsonl")).expect("a log");
    assert_eq!((log.matches("\"item_ticked\"").count(), log.matches("\"item_unticked\"").count()), (1, 0), "{log}");
}

#[test]
fn what_a_terminal_answers_presses_no_key() {
    let folder = folder();
    let mut terminal = Terminal::board(&RUN, folder.path());
    // Colours, versions, places, the clipboard; a click in a mode that another program left on.
    terminal.press(
        "\x1b]11;rgb:1e1e/1e1e/2e2e\x07\x1bP>|tmux 3.3a\x1b\\\x1b[24;80R\x1b[?62;4c\x1b]52;c;UlEg\x1b\\\x1b[M  !",
    );
    terminal.look_at_help();
    let screen = terminal.screen();
    assert!(!screen.contains("ticked") && !screen.contains("ROLL BACK") && !screen.contains("Leave?"), "{screen}");
}
