//! What the shell sees of `warroom`: the first minute, help, manuals, and what a report of a fault needs.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Runs it in a folder, with a state directory of its own.
fn warroom(folder: &Path, arguments: &[&str], variables: &[(&str, &str)], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_warroom"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("WARROOM_") {
            command.env_remove(name);
        }
    }
    let mut child = command
        .args(arguments)
        .current_dir(folder)
        .env("XDG_STATE_HOME", folder.join("state"))
        .envs(variables.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("warroom runs");
    let mut stdin = child.stdin.take().expect("its input");
    // One that has ended already takes no input.
    drop(stdin.write_all(input.as_bytes()));
    drop(stdin);
    child.wait_with_output().expect("it ends")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

fn said(folder: &Path, arguments: &[&str]) -> String {
    let output = warroom(folder, arguments, &[], "");
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", text(&output.stderr));
    text(&output.stdout)
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

#[test]
fn alone_it_says_what_can_be_done_next() {
    let folder = folder();
    let output = warroom(folder.path(), &[], &[], "");
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stdout).contains("Begin with:\n  warroom demo "), "{}", text(&output.stdout));

    fs::write(folder.path().join("night.md"), "# Night\n\n- [ ] Backups\n").expect("a checklist");
    warroom(folder.path(), &["run", "night.md", "--plain"], &[], "quit\n");
    let output = text(&warroom(folder.path(), &[], &[], "").stdout);
    assert!(output.contains("Left open:\n  warroom run --resume "), "{output}");
    assert!(output.contains("Here:\n  warroom check night.md  "), "{output}");
    let id = output.split_once("--resume ").and_then(|(_, rest)| rest.split_whitespace().next()).expect("an id");
    let resumed = warroom(folder.path(), &["run", "--resume", id, "--plain"], &[], "quit\n");
    assert_eq!(resumed.status.code(), Some(4), "what it says can be done: {}", text(&resumed.stderr));
}

#[test]
fn what_follows_is_ticked_weeks_after_the_close() {
    let folder = folder();
    let list = "# Night\n\n- [ ] Backups\n\n## Within a week\n- [ ] Old servers off\n";
    fs::write(folder.path().join("night.md"), list).expect("a checklist");
    let night = "who Ana\ntick Backups\nfinish inconclusive\n";
    warroom(folder.path(), &["run", "night.md", "--plain"], &[], night);
    let listed = said(folder.path(), &["sessions"]);
    let id = listed.split_whitespace().next().expect("a session").to_owned();
    let run = |arguments: &[&str]| warroom(folder.path(), arguments, &[], "");
    let ticked = run(&["tick", &id, "Old servers off", "--as", "Ben"]);
    assert_eq!(ticked.status.code(), Some(0), "{}", text(&ticked.stderr));
    assert_eq!(run(&["note", &id, "the racks are empty", "--as", "Ben"]).status.code(), Some(0));
    assert_eq!(run(&["tick", &id, "No such line"]).status.code(), Some(2));
    assert_eq!(run(&["verify", &id]).status.code(), Some(0), "it is closed again behind what was ticked");
    let list = said(folder.path(), &["report", &id, "--format", "checklist"]);
    assert!(list.contains("- [x] Old servers off") && list.contains("Ben"), "{list}");
}

#[test]
fn a_demo_that_was_left_is_not_offered_again() {
    let folder = folder();
    let left = warroom(folder.path(), &["demo", "--plain"], &[], "quit\n");
    assert_eq!(left.status.code(), Some(4), "{}", text(&left.stderr));
    let listed = said(folder.path(), &["sessions"]);
    assert!(listed.contains("left open") && listed.contains("(rehearsal)"), "{listed}");
    let output = text(&warroom(folder.path(), &[], &[], "").stdout);
    assert!(!output.contains("--resume"), "what it measured has ended with it: {output}");
}

#[test]
fn help_is_short_or_long() {
    let folder = folder();
    for sub in ["check", "demo", "run", "test", "report", "sessions"] {
        let (short, long) = (said(folder.path(), &[sub, "-h"]), said(folder.path(), &[sub, "--help"]));
        assert!(short.len() < long.len(), "{sub}");
        assert!(!short.contains("Examples:"), "{sub}: {short}");
    }
    let long = said(folder.path(), &["run", "--help"]);
    assert!(
        long.contains("Examples:") && long.contains("Exit codes:") && long.contains("WARROOM_RUN_RESUME"),
        "{long}"
    );
    let version = said(folder.path(), &["--version"]);
    let commit = version.trim_end().strip_prefix(concat!("warroom ", env!("CARGO_PKG_VERSION"), " ("));
    let commit = commit.and_then(|rest| rest.strip_suffix(')')).unwrap_or_default();
    assert!(
        matches!(commit, "development" | "unknown") || (commit.len() >= 7 && commit.is_ascii()),
        "it names its commit: {version}"
    );
}

#[test]
fn a_variable_stands_for_a_flag() {
    let folder = folder();
    fs::write(folder.path().join("night.md"), "# Night\n\n- [ ] Backups\n").expect("a checklist");
    let variables = [("WARROOM_PLAIN", "1"), ("WARROOM_RUN_REHEARSAL", "yes"), ("WARROOM_SESSION", "kept.jsonl")];
    let output = warroom(folder.path(), &["run", "night.md"], &variables, "quit\n");
    assert_eq!(output.status.code(), Some(4), "{}", text(&output.stderr));
    let log = fs::read_to_string(folder.path().join("kept.jsonl")).expect("a session");
    assert!(log.contains("\"mode\":\"rehearsal\""), "{log}");
}

#[test]
fn sessions_lie_where_xdg_says() {
    let folder = folder();
    fs::write(folder.path().join("night.md"), "# Night\n\n- [ ] Backups\n").expect("a checklist");
    let home = folder.path().join("home").to_string_lossy().into_owned();
    let state = folder.path().join("elsewhere").to_string_lossy().into_owned();
    // A path that is not absolute counts for nothing, as the specification wants it.
    for (xdg, place) in [(state.as_str(), "elsewhere"), ("", "home/.local/state")] {
        let variables = [("HOME", home.as_str()), ("XDG_STATE_HOME", xdg)];
        warroom(folder.path(), &["run", "night.md", "--plain"], &variables, "quit\n");
        let place = folder.path().join(place).join("warroom/sessions");
        let sessions = fs::read_dir(&place).map_or(0, Iterator::count);
        assert!(sessions >= 1, "no session in {}", place.display());
    }
}

#[test]
fn the_last_words_are_five_lines_that_can_be_typed() {
    let folder = folder();
    fs::write(folder.path().join("night.md"), "# Night\n\n- [ ] Backups\n").expect("a checklist");
    let run = ["run", "night.md", "--plain", "--session", "night.jsonl"];
    let output = text(&warroom(folder.path(), &run, &[], "quit\n").stdout);
    let (_, last) = output.rsplit_once("\n\n").expect("a paragraph of its own");
    let words: Vec<&str> = last.lines().map(|line| line.get(..10).unwrap_or_default().trim()).collect();
    assert_eq!(words, ["session", "lasted", "verdict", "go on", "look back"], "{last}");
    for command in last.lines().filter_map(|line| line.get(10..)?.strip_prefix("warroom ")) {
        let mut arguments: Vec<&str> = command.split_whitespace().collect();
        if arguments.contains(&"--resume") {
            arguments.push("--plain");
        }
        let code = warroom(folder.path(), &arguments, &[], "quit\n").status.code();
        assert!(matches!(code, Some(0 | 4)), "{command}: {code:?}");
    }
}

#[test]
fn warnings_are_seen_before_the_screen_is_taken() {
    let folder = folder();
    let checklist = "# Night\n\n## Ramp\n- [ ] 10% traffic - Monitor 10 minutes\n  - [ ] Error rate < 1%\n";
    fs::write(folder.path().join("night.md"), checklist).expect("a checklist");
    fs::write(folder.path().join("night.toml"), "checklist = \"night.md\"\nevery = 5\n[sorce.prod]\n")
        .expect("bindings");
    let output = warroom(folder.path(), &["run", "night.toml", "--plain"], &[], "");
    assert_eq!(output.status.code(), Some(5));
    let all = text(&output.stderr);
    assert!(all.contains("night.toml:2:") && all.contains("night.toml:3:"), "all of them at once: {all}");
}

#[test]
fn shells_and_manuals_are_served() {
    let folder = folder();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = said(folder.path(), &["completions", shell]);
        assert!(script.contains("warroom") && script.contains("serve-only"), "{shell}");
    }
    assert!(said(folder.path(), &["man"]).contains(".TH warroom 1"));
    said(folder.path(), &["man", "--out", "man1"]);
    let pages = fs::read_dir(folder.path().join("man1")).expect("a folder").flatten();
    let pages: BTreeSet<String> = pages.map(|page| page.file_name().to_string_lossy().into_owned()).collect();
    for page in ["warroom.1", "warroom-run.1", "warroom-demo.1", "warroom-check.1"] {
        assert!(pages.contains(page), "{page}: {pages:?}");
    }
}

#[test]
fn a_report_of_a_fault_holds_no_secrets() {
    let folder = folder();
    let variables = [("WARROOM_AS", "hunter2"), ("TERM", "xterm\u{1b}]52;c;aGk=\u{7}")];
    let output = warroom(folder.path(), &["info"], &variables, "");
    let told = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0));
    assert!(told.contains("WARROOM_AS") && !told.contains("hunter2"), "{told}");
    assert!(told.contains("sessions") && told.contains("0 (0 live"), "{told}");
    assert!(!told.contains('\u{1b}'), "{told:?}");
}
