//! A whole session on a disk that fails: every write and every sync in turn, and a disk that is full.

use crate::support::seat::Seat;
use crate::support::service::Service;
use crate::support::traffic::Traffic;
use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use tempfile::TempDir;
use warroom::session::log::Ending;
use warroom::session::store::{self, Recorded};
use warroom::session::{Event, Fact};

const WARROOM: &str = env!("CARGO_BIN_EXE_warroom");

/// So many notes are written while one call fails.
const NOTES: u64 = 10;

/// Which of the calls of a kind fails, from the first to this one.
const CALLS: usize = 8;

/// Says that a test steps aside, which it must not in CI.
fn step_aside(why: &str) {
    assert!(std::env::var_os("CI").is_none(), "{why}");
    let _ = writeln!(std::io::stderr(), "skipped, {why}");
}

fn read(log: &Path) -> Recorded {
    let recorded = store::read(log).expect("a session");
    assert!(matches!(recorded.ending, Ending::Clean), "{:?}", recorded.ending);
    assert_eq!(recorded.strays, [], "it folds to what was shown");
    recorded
}

fn notes(recorded: &Recorded) -> BTreeSet<u64> {
    let number = |event: &Event| match &event.fact {
        Fact::Noted { text } => text.strip_prefix("number ").and_then(|number| number.parse().ok()),
        _ => None,
    };
    recorded.core.state().timeline.iter().filter_map(|event| number(event)).collect()
}

/// One session whose calls on the log are traced, and one of them fails.
struct Traced {
    folder: TempDir,
    log: PathBuf,
}

impl Traced {
    fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        fs::write(folder.path().join("a.md"), "# A night\n- [ ] Backups\n").expect("a checklist");
        let log = folder.path().join("night.jsonl");
        Self { folder, log }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// Takes a seat under strace: of the calls on the log those fail that are asked for.
    fn sit(&self, inject: &str) -> Seat {
        let (log, trace, plan) = (self.log.display().to_string(), self.path("trace"), self.path("a.md"));
        let calls = "trace=write,fdatasync,fsync,openat";
        let traced = ["-f", "-o", &trace, "-P", &log, "-e", calls, "-e", inject];
        let run = [WARROOM, "run", &plan, "--plain", "--as", "Ana", "--session", &log];
        Seat::take_as("strace", &[&traced[..], &run].concat())
    }

    /// Every sync that failed was the last that its file descriptor was asked for.
    fn no_sync_is_retried(&self) {
        let trace = fs::read_to_string(self.path("trace")).expect("a trace");
        let mut failed: BTreeSet<String> = BTreeSet::new();
        for line in trace.lines() {
            if line.contains("openat(") {
                let opened = line.rsplit("= ").next().unwrap_or_default().trim().to_owned();
                failed.remove(&opened);
            }
            let sync = ["fdatasync(", "fsync("].iter().find_map(|call| line.split_once(call));
            let Some((_, rest)) = sync else { continue };
            let descriptor = rest.split(')').next().unwrap_or_default().to_owned();
            assert!(!failed.contains(&descriptor), "synced again after a failure: {line}\n{trace}");
            if rest.contains("= -1") {
                failed.insert(descriptor);
            }
        }
    }
}

/// Writes notes while a call fails, and finds all of them in the log.
fn notes_through(call: &str, error: &str, nth: usize) {
    let what = format!("{call} number {nth}: {error}");
    let traced = Traced::new();
    let mut seat = traced.sit(&format!("inject={call}:error={error}:when={nth}"));
    let begun = seat.wait("a word", |line| line.ends_with("Z  HOLD") || line.contains("Ana noted") || line.is_empty());
    assert!(!begun.is_empty(), "{what}");
    for number in 1..=NOTES {
        seat.say(&format!("note number {number}"));
        let noted = format!("Ana noted: number {number}");
        seat.wait(&format!("{what}, note {number}"), |line| line.ends_with(&noted));
    }
    seat.say("quit");
    assert_eq!(seat.end(), Some(4), "{what}: all of it is saved in the end");
    assert_eq!(notes(&read(&traced.log)), (1..=NOTES).collect(), "{what}");
    traced.no_sync_is_retried();
    let trace = fs::read_to_string(traced.path("trace")).expect("a trace");
    assert!(trace.contains("(INJECTED)"), "the fault never came: {what}");
}

fn has_strace() -> bool {
    Command::new("strace").arg("--version").stdout(Stdio::null()).status().is_ok_and(|status| status.success())
}

#[test]
fn whichever_write_or_sync_fails_once_every_note_is_there_afterwards() {
    if !has_strace() {
        return step_aside("strace is missing: apt-get install strace");
    }
    // The first write is the header's: without it there is no session.
    let faults: Vec<(&str, &str, usize)> =
        (1..=CALLS).flat_map(|nth| [("write", "ENOSPC", nth + 1), ("fdatasync", "EIO", nth)]).collect();
    thread::scope(|scope| {
        for half in faults.chunks(faults.len().div_ceil(2)) {
            scope.spawn(move || half.iter().for_each(|(call, error, nth)| notes_through(call, error, *nth)));
        }
    });
}

#[test]
fn a_session_whose_header_cannot_be_written_is_not_begun() {
    if !has_strace() {
        return step_aside("strace is missing: apt-get install strace");
    }
    for inject in ["inject=write:error=ENOSPC:when=1", "inject=fsync:error=EIO:when=1"] {
        let traced = Traced::new();
        assert_eq!(traced.sit(inject).end(), Some(1), "{inject}");
        assert!(!traced.log.exists(), "{inject}: nothing is left in the way");
    }
}

#[test]
fn a_file_that_takes_nothing_any_more_is_left_for_another() {
    if !has_strace() {
        return step_aside("strace is missing: apt-get install strace");
    }
    let traced = Traced::new();
    let mut seat = traced.sit("inject=write:error=EIO:when=3+");
    seat.wait_verdict("HOLD");
    // One after the other: two that wait for the disk together are one write.
    let told = [1, 2, 3].map(|number| {
        seat.say(&format!("note number {number}"));
        seat.wait("the note", |line| line.ends_with(&format!("Ana noted: number {number}")))
    });
    assert!(told.iter().any(|line| line.contains("NOT SAVED: ")), "{told:?}");
    seat.wait("its rescue", |line| line.contains("can be written again: all is saved"));
    seat.say("quit");
    let moved = traced.log.with_file_name("night.moved-1.jsonl");
    assert_eq!(seat.end(), Some(4));
    assert_eq!(notes(&read(&moved)), [1, 2, 3].into());
}

/// A small disk of its own, in memory.
struct SmallDisk(TempDir);

impl SmallDisk {
    /// None where this user may not mount one.
    fn mount() -> Option<Self> {
        let place = TempDir::new().expect("a folder");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=256k", "tmpfs"]).arg(place.path()).stderr(Stdio::null());
        mount.status().is_ok_and(|status| status.success()).then_some(Self(place))
    }

    /// Takes all the room there is.
    fn fill(&self) {
        let mut ballast = fs::File::create(self.0.path().join("ballast")).expect("a file");
        while ballast.write_all(&[1; 1_024]).is_ok() {}
    }

    fn free(&self) {
        fs::remove_file(self.0.path().join("ballast")).expect("a file");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        drop(Command::new("umount").arg("-l").arg(self.0.path()).stderr(Stdio::null()).status());
    }
}

const CHECKLIST: &str = "\
# Shop go-live

## Before
- [ ] Backups restored once

## Ramp
- [ ] 10% traffic to new version - Monitor 10 minutes
  - [ ] Error rate < 1%
  - [ ] No open pages
";

fn bindings(target: &str) -> String {
    format!(
        r#"
checklist = "shop.md"
[source.shop]
kind = "scrape"
targets = ["http://{target}/metrics"]
every = "500ms"
[metric."error rate"]
query = 'sum(rate(http_requests_total{{status=~"5.."}}[3s])) / sum(rate(http_requests_total[3s]))'
unit = "ratio"
empty = "zero"
traffic = 'sum(rate(http_requests_total[3s]))'
min_traffic = 1
[stage."10%"]
soak = "2s"
"#
    )
}

#[test]
fn on_a_full_disk_go_is_hold_and_nothing_that_was_said_is_lost() {
    let Some(disk) = SmallDisk::mount() else {
        let _ = writeln!(std::io::stderr(), "skipped, this user may not mount a disk");
        return;
    };
    let service = Service::start("");
    let traffic = Traffic::to(vec![service.speaker()]);
    let folder = TempDir::new().expect("a folder");
    let (plan, log) = (folder.path().join("shop.toml"), disk.0.path().join("night.jsonl"));
    fs::write(folder.path().join("shop.md"), CHECKLIST).expect("a checklist");
    fs::write(&plan, bindings(&service.target())).expect("bindings");
    let log_name = log.display().to_string();
    let mut seat = Seat::take(&["run", &plan.display().to_string(), "--plain", "--as", "Ana", "--session", &log_name]);
    seat.say("tick Backups");
    seat.wait_verdict("GO");
    disk.fill();
    seat.wait("the banner", |line| line.contains("THE SESSION LOG CANNOT BE WRITTEN") && line.contains("NOT SAVED"));
    seat.wait("no GO", |line| line.contains("log-unwritable"));
    seat.say("start 10%");
    seat.wait("a refusal", |line| line.contains("refused: the verdict is HOLD: the session log cannot be written"));
    for (said, told) in [
        ("note the disk is full", "NOT SAVED: Ana noted: the disk is full"),
        ("tick No open pages", "NOT SAVED: Ana ticked \"No open pages\""),
        ("hold until it is saved", "NOT SAVED: Ana said hold: until it is saved"),
        ("start! 10%: it must go on", "NOT SAVED: Ana started 10%, OVERRIDING HOLD"),
    ] {
        seat.say(said);
        seat.wait(said, |line| line.contains(told));
    }
    // Judging goes on: without traffic nothing is known any more.
    drop(traffic);
    service.expose("");
    seat.wait("a gate that is judged", |line| line.contains("gate error rate unknown"));
    seat.say("rollback nothing is measured");
    seat.wait("the rollback", |line| line.contains("NOT SAVED: Ana decided to roll back: nothing is measured"));
    disk.free();
    seat.wait("its rescue", |line| line.contains("can be written again: all is saved"));
    seat.say("note all is saved");
    seat.wait("a note that is", |line| line.ends_with("Z  Ana noted: all is saved"));
    seat.say("quit");
    assert_eq!(seat.end(), Some(3), "it was rolled back");
    let recorded = read(&log);
    let said =
        |wanted: fn(&Fact) -> bool| recorded.core.state().timeline.iter().filter(|event| wanted(&event.fact)).count();
    assert_eq!(said(|fact| matches!(fact, Fact::Noted { .. })), 2);
    assert_eq!(said(|fact| matches!(fact, Fact::ItemTicked { .. })), 2);
    assert_eq!(
        said(|fact| matches!(fact, Fact::HoldSet { .. } | Fact::StageStarted { .. } | Fact::RolledBack { .. })),
        3
    );
}
