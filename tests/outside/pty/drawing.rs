//! What arrives at the terminal, byte by byte, and what never does.

use crate::support::terminal::{RUN, Terminal, WARROOM, folder, until};
use rustix::process::Signal;
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
    let mut pieces = whole.split("\x1b[?2026h").skip(1);
    let taking = pieces.next().expect("the terminal is taken over");
    assert!(taking.contains("\x1b[?1049h") && !taking.contains("\x1b[?2026l"), "the first frame ends it: {taking:?}");
    for frame in pieces {
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

/// The whole frames that came since, without their marks.
fn frames(terminal: &Terminal, since: usize) -> Vec<String> {
    let bytes = terminal.bytes();
    let new = String::from_utf8_lossy(bytes.get(since..).unwrap_or_default()).into_owned();
    let whole = new.split("\x1b[?2026h").skip(1).filter_map(|frame| frame.split_once("\x1b[?2026l"));
    whole.map(|(frame, _)| frame.to_owned()).collect()
}

#[test]
fn a_second_in_which_nothing_happens_costs_the_cells_of_the_clock() {
    let folder = folder();
    let terminal = Terminal::board(&RUN, folder.path());
    let since = terminal.count();
    until("some seconds", || frames(&terminal, since).len() >= 4);
    for frame in frames(&terminal, since) {
        assert!(frame.len() <= 80, "{} bytes: {frame:?}", frame.len());
    }
}

/// Waits for a frame since then that holds everything.
fn wait_for_a_whole_frame(terminal: &Terminal, since: usize) {
    let is_whole = |frame: &String| frame.contains("\x1b[2J") && frame.contains("Backups");
    until("a whole frame", || frames(terminal, since).iter().any(is_whole));
}

#[test]
fn ctrl_l_draws_everything_afresh() {
    let folder = folder();
    let mut terminal = Terminal::board(&RUN, folder.path());
    let since = terminal.count();
    terminal.press("\x0c");
    wait_for_a_whole_frame(&terminal, since);
}

/// One that was smaller for a moment has lost what it did not show then, and has the size of the last frame.
#[test]
fn a_terminal_that_has_its_size_again_is_drawn_afresh() {
    let folder = folder();
    let terminal = Terminal::board(&RUN, folder.path());
    let since = terminal.count();
    terminal.signal(Signal::WINCH);
    wait_for_a_whole_frame(&terminal, since);
}

#[test]
fn what_may_follow_a_key_is_shown_by_itself_after_a_pause() {
    let folder = folder();
    let mut terminal = Terminal::board(&RUN, folder.path());
    terminal.press("4o");
    terminal.wait_for_text(" o … ");
    terminal.press("n");
    terminal
        .wait("the notes", |screen| screen.contents().contains("only notes") && !screen.contents().contains(" o … "));
}

#[test]
fn the_mouse_is_the_terminals_until_it_is_asked_for() {
    let folder = folder();
    let mut terminal = Terminal::board(&RUN, folder.path());
    let is_asked_for = |terminal: &Terminal| String::from_utf8_lossy(&terminal.bytes()).contains("\x1b[?1006h");
    assert!(!is_asked_for(&terminal), "a terminal that is asked for the mouse cannot select and copy");
    terminal.press("m");
    until("the mouse", || is_asked_for(&terminal));
    // The name of the view "Gates" in the row of views.
    let row = terminal.screen().lines().position(|row| row.contains(" 2 Gates")).expect("the views") + 1;
    let column = terminal.screen().lines().find_map(|row| row.find(" 2 Gates")).expect("the views") + 3;
    terminal.press(&format!("\x1b[<0;{column};{row}M\x1b[<0;{column};{row}m"));
    // A word that is known in that view alone.
    terminal.press(":closer");
    terminal.wait_for_text("show less of the past");
    terminal.press("\x1b");
    terminal.wait("an answer to Esc", |screen| !screen.contents().contains("show less of the past"));
    terminal.decide("q", "Leave?", "Leave");
    terminal.ends();
    terminal.wait_until_given_back();
}

#[test]
fn nothing_from_outside_acts_on_the_terminal() {
    let folder = folder();
    let hostile = "\u{1b}]52;c;aGk=\u{7}\u{9b}31m\u{202e}evil\u{200b}⚠\u{fe0f}";
    let text = format!("# Night {hostile}\n\n## Before {hostile}\n- [ ] Backups {hostile}\n");
    fs::write(folder.path().join("go-live.md"), text).expect("a checklist");
    let terminal = Terminal::board(&RUN, folder.path());
    terminal.wait_for_text("<U+202E>evil");
    let shown = String::from_utf8_lossy(&terminal.bytes()).into_owned();
    for (raw, what) in [
        ("\u{1b}]52", "the clipboard"),
        ("\u{9b}", "a control of eight bits"),
        ("\u{202e}", "a line turned around"),
        ("\u{200b}", "nothing to be seen"),
        ("\u{fe0f}", "an emoji that drifts"),
    ] {
        assert!(!shown.contains(raw), "{what} reached the terminal");
    }
}

#[test]
fn true_colours_come_only_where_they_are_promised() {
    for (promise, is_promised) in [("COLORTERM=truecolor", true), ("COLORTERM=", false)] {
        let folder = folder();
        let arguments = [&[promise, "TERM=tmux-256color", WARROOM][..], &RUN].concat();
        let terminal = Terminal::open().start("env", &arguments, folder.path());
        terminal.wait_for_board();
        let has_rgb = styles(&terminal.bytes()).windows(2).any(|pair| pair == [38, 2]);
        assert_eq!(has_rgb, is_promised, "{promise}");
    }
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
