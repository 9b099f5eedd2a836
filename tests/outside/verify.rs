//! Whether a log is as it was written: `warroom verify`, and the few shell lines of its page.

use crate::support::seat::Seat;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

const PAGE: &str = include_str!("../../docs/session.md");
const MARK: &str = "<!-- tests/outside/verify.rs runs this -->\n```sh\n";

/// The shell lines of the page.
fn script() -> &'static str {
    let (_, rest) = PAGE.split_once(MARK).expect("the page has them");
    rest.split_once("```").expect("they end").0
}

/// A session of a few lines, closed.
fn night() -> (TempDir, PathBuf) {
    let folder = TempDir::new().expect("a folder");
    let (plan, log) = (folder.path().join("a.md"), folder.path().join("night.jsonl"));
    fs::write(&plan, "# A night\n- [ ] Backups\n").expect("a checklist");
    let mut seat = Seat::take(&[
        "run",
        &plan.display().to_string(),
        "--plain",
        "--as",
        "Ana",
        "--session",
        &log.display().to_string(),
    ]);
    seat.wait_verdict("HOLD");
    for line in ["note it's 100% \\ ready: \"yes\"", "tick Backups", "note é – ü", "finish inconclusive"] {
        seat.say(line);
    }
    assert_eq!(seat.end(), Some(4));
    (folder, log)
}

fn verify(log: &Path) -> (Option<i32>, String) {
    said(Command::new(env!("CARGO_BIN_EXE_warroom")).arg("verify").arg(log).output())
}

fn by_shell(log: &Path) -> (Option<i32>, String) {
    let check = log.with_file_name("check.sh");
    fs::write(&check, script()).expect("a script");
    said(Command::new("sh").arg(check).arg(log).output())
}

fn said(output: std::io::Result<Output>) -> (Option<i32>, String) {
    let output = output.expect("it runs");
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(text).expect("text"))
}

/// What is done to the lines of a log.
type Change<'c> = &'c dyn Fn(&mut Vec<String>);

/// The lines of a log, to be changed.
fn lines(log: &Path) -> Vec<String> {
    fs::read_to_string(log).expect("a log").lines().map(str::to_owned).collect()
}

fn write(log: &Path, lines: &[String]) {
    fs::write(log, lines.join("\n") + "\n").expect("a log");
}

#[test]
fn a_session_that_was_left_alone_is_as_it_was_written() {
    let (_folder, log) = night();
    let (code, told) = verify(&log);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("every line is as it was written") && told.contains("closed behind "), "{told}");
    let head = told.lines().find_map(|line| line.strip_prefix("head ")).expect("a head");
    assert_eq!(by_shell(&log), (Some(0), format!("head {head}\n")));
}

#[test]
fn the_first_line_that_is_not_as_it_was_written_is_named_with_what_is_wrong_with_it() {
    let alter = |lines: &mut Vec<String>| lines[2] = lines[2].replacen("\"at\":\"2", "\"at\":\"3", 1);
    let drop_one = |lines: &mut Vec<String>| drop(lines.remove(2));
    let swap = |lines: &mut Vec<String>| lines.swap(2, 3);
    let garbage = |lines: &mut Vec<String>| lines[2] = "hello".to_owned();
    let repeat = |lines: &mut Vec<String>| lines.insert(2, lines[1].clone());
    // The shell sees a change in the line after it, which does not name it any more.
    let cases: [(Change<'_>, &str, &str); 5] = [
        (&alter, "line 3 (at byte", "the line was altered: its checksum does not fit"),
        (&drop_one, "line 3 (at byte", "event 2 is missing: the line is event 3"),
        (&swap, "line 3 (at byte", "event 2 is missing: the line is event 3"),
        (&garbage, "line 3 (at byte", "the line is not an event"),
        (&repeat, "line 3 (at byte", "event 2 is missing: the line is event 1"),
    ];
    for (change, at, what) in cases {
        let (_folder, log) = night();
        let mut changed = lines(&log);
        change(&mut changed);
        write(&log, &changed);
        let (code, told) = verify(&log);
        assert_eq!(code, Some(6), "{what}: {told}");
        assert!(told.contains(at) && told.contains(what), "{told}");
        let (code, told) = by_shell(&log);
        assert_eq!(code, Some(1), "{what}: {told}");
        assert!(told.starts_with("line 3 ") || told.starts_with("line 4 "), "{what}: {told}");
    }
}

#[test]
fn an_end_that_was_cut_off_is_seen_by_the_close_record_and_by_the_head() {
    let (_folder, log) = night();
    let head = verify(&log).1.lines().find_map(|line| line.strip_prefix("head ").map(str::to_owned)).expect("a head");
    let mut cut = lines(&log);
    cut.pop();
    write(&log, &cut);
    let (code, told) = verify(&log);
    assert_eq!(code, Some(0), "the chain alone does not show it: {told}");
    assert!(told.contains("finished, with no close record at its end"), "{told}");
    let mut with_head = Command::new(env!("CARGO_BIN_EXE_warroom"));
    let (code, told) = said(with_head.arg("verify").arg(&log).args(["--head", &head]).output());
    assert_eq!(code, Some(6), "{told}");
    assert!(told.contains("the head is another one than was noted"), "{told}");
}
