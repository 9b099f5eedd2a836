//! `--plain` where somebody types: what a command still needs is asked for on the line.

use crate::support::terminal::{Terminal, WARROOM, folder};
use std::fs;

#[test]
fn questions_are_asked_on_the_line_and_the_night_goes_on_meanwhile() {
    let folder = folder();
    let arguments = ["run", "go-live.md", "--plain", "--as", "Ana", "--session", "night.jsonl"];
    let mut terminal = Terminal::open().start(WARROOM, &arguments, folder.path());
    terminal.wait_for_text("HOLD");
    terminal.press("start 10%\n");
    terminal.wait_for_text("Start 10% against HOLD?");
    terminal.press("\n");
    terminal.wait_for_text("left as it is");
    terminal.press("start 10%\n");
    terminal.wait("the question again", |screen| screen.contents().matches("Start 10% against HOLD?").count() == 2);
    terminal.press("backups are known to be good\n");
    terminal.wait_for_text("Ana started 10%");
    terminal.press("find backups\n");
    terminal.wait_for_text("[ ] @4 Backups");
    terminal.press("show @4\n");
    terminal.wait_for_text("  section: Before");
    terminal.press("timeline notes\n");
    terminal.press("timeline everything\n");
    terminal.wait_for_text("decisions, verdicts, notes, ticks, stars");
    terminal.press("info\n");
    terminal.wait_for_text("  checklist: go-live.md");
    terminal.press("quit\n");
    terminal.wait_for_text("Leave?");
    terminal.press("yes\n");
    assert_eq!(terminal.ends(), 4);
    let log = fs::read_to_string(folder.path().join("night.jsonl")).expect("a log");
    assert!(log.contains("backups are known to be good"));
}
