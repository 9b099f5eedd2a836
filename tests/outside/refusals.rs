//! What cannot be run, gone on with or believed is refused: a clear message, the documented exit
//! code, and nothing is overwritten.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use warroom::plan::{Input, Text, compile};
use warroom::session::{Header, Mode, log, store};

fn warroom(arguments: &[&str]) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_warroom")).args(arguments).stdin(Stdio::null()).output();
    output.expect("warroom runs")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Runs it and wants an exit code and words on standard error.
fn refused(arguments: &[&str], code: i32, words: &[&str]) {
    let output = warroom(arguments);
    let said = said(&output);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
    assert!(!said.contains("panicked"), "{said}");
    for word in words {
        assert!(said.contains(word), "{arguments:?}: expected \"{word}\" in: {said}");
    }
}

fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> String {
    let path = folder.join(name);
    fs::write(&path, bytes).expect("a file");
    path.display().to_string()
}

const CHECKLIST: &str = "# Night\n\n## Ramp\n- [ ] 10% traffic - monitor 10 minutes\n  - [ ] Error rate < 0.1%\n";

fn bindings(metric: &str) -> String {
    format!(
        "[source.prod]\nkind = \"prometheus\"\nurl = \"http://127.0.0.1:1\"\nevery = \"200ms\"\n[metric.\"error rate\"]\n{metric}\n"
    )
}

#[test]
fn a_plan_that_is_none_is_named_with_its_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let latin = write(folder, "latin.md", b"# Caf\xe9\n- [ ] a\n");
    let empty = write(folder, "empty.md", "");
    let session = folder.join("never.jsonl").display().to_string();
    for (plan, words) in [
        (latin.as_str(), ["latin.md is not UTF-8", "line 1"]),
        (empty.as_str(), ["empty.md is empty", ""]),
        (&folder.display().to_string(), ["is a directory", ""]),
        (&folder.join("none.md").display().to_string(), ["none.md", "cannot read"]),
    ] {
        refused(&["run", plan, "--plain", "--session", &session], 5, &words);
    }
    assert!(!Path::new(&session).exists(), "no session is begun for a plan that is none");
}

#[test]
fn bindings_that_could_mislead_are_refused_with_line_and_column() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let plan = write(folder, "night.md", CHECKLIST);
    let no_unit = write(folder, "unit.toml", bindings("query = 'errors_now'"));
    let no_source =
        write(folder, "source.toml", bindings("query = 'errors_now'\nunit = \"ratio\"\nsource = \"prood\""));
    refused(&["run", &plan, "-b", &no_unit, "--plain"], 5, &["unit.toml:", "unit", "not valid"]);
    refused(&["run", &plan, "-b", &no_source, "--plain"], 5, &["source.toml:", "prood", "prod"]);
}

#[test]
fn a_source_that_does_not_answer_is_a_hold_and_no_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let plan = write(folder, "night.md", CHECKLIST);
    let bindings = write(folder, "night.toml", bindings("query = 'errors_now'\nunit = \"ratio\""));
    let session = folder.join("night.jsonl").display().to_string();
    let mut child = Command::new(env!("CARGO_BIN_EXE_warroom"))
        .args(["run", &plan, "-b", &bindings, "--plain", "--as", "Ana", "--session", &session])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("warroom runs");
    let input = b"start 10%\nmoved\nwait GO 2s\nstatus\n";
    std::io::Write::write_all(child.stdin.as_mut().expect("its input"), input).expect("it listens");
    let output = child.wait_with_output().expect("it ends");
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(4), "{told}");
    assert!(told.contains("waited for GO in vain"), "{told}");
    assert!(told.contains("source-down: error rate:"), "{told}");
    assert!(told.contains("warroom run --resume"), "it says how to go on: {told}");
}

fn session(folder: &Path) -> PathBuf {
    let text = Text { name: "night.md", text: CHECKLIST };
    let header = Header {
        warroom: log::FORMAT,
        program: "warroom test".to_owned(),
        mode: Mode::Live,
        host: "here".to_owned(),
        began_at: 1_773_453_600_000,
        checklist: warroom::session::Text::new(text.name, text.text),
        bindings: None,
        plan: compile(Input { checklist: text, bindings: None }).plan,
    };
    let path = folder.join("night.jsonl");
    drop(store::begin(&path, header, log::Owner::here("now")).expect("a session"));
    path
}

#[test]
fn a_session_is_never_overwritten() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = session(folder.path());
    let plan = write(folder.path(), "night.md", CHECKLIST);
    let before = fs::read(&path).expect("a session");
    let name = path.display().to_string();
    refused(&["run", &plan, "--plain", "--session", &name], 2, &["exists already", "never overwritten"]);
    assert_eq!(fs::read(&path).expect("a session"), before);
}

#[test]
fn a_session_of_a_newer_format_is_not_gone_on_with() {
    let folder = tempfile::tempdir().expect("a folder");
    let newer = write(folder.path(), "newer.jsonl", "{\"warroom\":99,\"plan\":\"of the future\"}\n");
    let before = fs::read(&newer).expect("a session");
    refused(&["run", "--resume", &newer, "--plain"], 6, &["newer warroom", "format 99"]);
    refused(&["verify", &newer], 6, &["newer"]);
    assert_eq!(fs::read(&newer).expect("a session"), before);
}

#[test]
fn a_damaged_session_is_named_by_line_and_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = session(folder.path());
    let name = path.display().to_string();
    let damaged = fs::read_to_string(&path).expect("a session").replacen("Night", "Nught", 1);
    fs::write(&path, &damaged).expect("a file");
    refused(&["run", "--resume", &name, "--plain"], 6, &["night.jsonl"]);
    refused(&["verify", &name], 6, &["line 1"]);
    assert_eq!(fs::read_to_string(&path).expect("a session"), damaged);
}

/// Holds a session. A program that another test starts at this moment may have the lock for an
/// instant, until it has closed what it inherited.
fn hold(path: &Path) -> store::Held {
    loop {
        match store::resume(path, log::Owner::here("since two")) {
            Err(store::StoreError::Log(log::Error::Locked { owner: None, .. })) => std::thread::yield_now(),
            held => return held.expect("a session"),
        }
    }
}

#[test]
fn a_session_has_one_holder() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = session(folder.path());
    let _held = hold(&path);
    let name = path.display().to_string();
    refused(&["run", "--resume", &name, "--plain"], 7, &["is held by process", "since two"]);
}
