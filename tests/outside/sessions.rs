//! The sessions of a machine: listed, found by a few signs, and removed only when that is asked.

use crate::support::seat::Seat;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};
use tempfile::TempDir;

const CHECKLIST: &str = "# Shop go-live\n\n## Before\n- [ ] Backups restored once\n\n## Ramp\n- [ ] 10% traffic\n";

/// A state directory of its own.
struct Shelf(TempDir);

impl Shelf {
    fn new() -> Self {
        let shelf = Self(TempDir::new().expect("a folder"));
        fs::write(shelf.0.path().join("shop.md"), CHECKLIST).expect("a checklist");
        fs::create_dir_all(shelf.file("")).expect("a folder");
        shelf
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join("state/warroom/sessions").join(name)
    }

    /// Somebody begins a night.
    fn begins(&self, name: &str) -> Seat {
        let [plan, log] = [self.0.path().join("shop.md"), self.file(name)].map(|path| path.display().to_string());
        let mut seat = Seat::take(&["run", &plan, "--plain", "--as", "Ana", "--session", &log]);
        seat.wait("the first verdict", |line| line.ends_with("  GO") || line.contains("  HOLD"));
        seat
    }

    fn warroom(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_warroom"));
        command.args(arguments).env("XDG_STATE_HOME", self.0.path().join("state"));
        command.output().expect("warroom runs")
    }

    /// The list: the id and where each session stands.
    fn list(&self) -> Vec<(String, String)> {
        let listed = text(&self.warroom(&["sessions"]).stdout);
        let words = |line: &str| {
            let mut words = line.split("  ").map(str::trim).filter(|word| !word.is_empty());
            (words.next().unwrap_or_default().to_owned(), words.next().unwrap_or_default().to_owned())
        };
        listed.lines().map(words).collect()
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn live_ones_come_first_and_an_id_resumes_one() {
    let shelf = Shelf::new();
    let mut closed = shelf.begins("closed.jsonl");
    closed.insist("finish failed", "closed the session");
    closed.end();
    shelf.begins("left.jsonl").kill();
    let live = shelf.begins("live.jsonl");
    let listed = shelf.list();
    let standing: Vec<&str> = listed.iter().map(|(_, standing)| standing.as_str()).collect();
    assert_eq!(standing[0], "live", "{listed:?}");
    assert!(standing.contains(&"left open") && standing.contains(&"failed"), "{listed:?}");

    let (id, _) = listed.iter().find(|(_, standing)| standing == "left open").expect("it was left");
    assert!(id.len() >= 4);
    let resumed = text(&shelf.warroom(&["run", "--resume", id, "--plain", "--as", "Bo"]).stdout);
    assert!(resumed.contains("/left.jsonl"), "its last words name the one that was resumed: {resumed}");
    let (live_id, _) = &listed[0];
    let refused = shelf.warroom(&["run", "--resume", live_id, "--plain"]);
    assert!(text(&refused.stderr).contains("is held by process"), "{}", text(&refused.stderr));
    live.kill();
}

#[test]
fn nothing_is_removed_but_what_was_asked_for_and_nobody_holds() {
    let shelf = Shelf::new();
    shelf.begins("left.jsonl").kill();
    let live = shelf.begins("live.jsonl");
    for (name, bytes) in [("left.jsonl.torn-12", "half a li"), ("left.jsonl.bak", "mine"), ("notes.txt", "mine")] {
        fs::write(shelf.file(name), bytes).expect("a file");
    }

    let young = shelf.warroom(&["sessions", "--prune", "--older-than", "30d", "--yes"]);
    assert_eq!(text(&young.stdout).trim(), "nothing is older than 30d");
    let unasked = shelf.warroom(&["sessions", "--prune", "--older-than", "0s"]);
    assert_eq!(unasked.status.code(), Some(2));
    assert!(text(&unasked.stderr).contains("nothing was removed; --yes removes without asking"));
    assert_eq!(shelf.list().len(), 2);

    let pruned = shelf.warroom(&["sessions", "--prune", "--older-than", "0s", "--yes"]);
    assert_eq!(pruned.status.code(), Some(0), "{}", text(&pruned.stderr));
    assert!(text(&pruned.stdout).contains("left.jsonl"), "{}", text(&pruned.stdout));
    let is_there = |name: &str| shelf.file(name).exists();
    assert!(!is_there("left.jsonl") && !is_there("left.jsonl.torn-12"), "the log and its torn end are gone");
    assert!(is_there("live.jsonl") && is_there("left.jsonl.bak") && is_there("notes.txt"), "the rest stays");
    live.kill();
}
