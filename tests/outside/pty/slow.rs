//! A source that never answers, and a disk that takes five seconds: keys are answered all the same.

use crate::support::http::Server;
use crate::support::terminal::{RUN, Terminal, folder};
use std::fs;
use std::io::Write;
use std::process::Command;
use std::thread;

#[test]
fn a_source_that_never_answers_delays_no_key() {
    let folder = folder();
    let silent = Server::start(|_, _| {
        loop {
            thread::park();
        }
    });
    let bindings = format!(
        "checklist = \"go-live.md\"\n[source.prod]\nkind = \"prometheus\"\nurl = \"{}\"\ntimeout = \"60s\"\n\
         [metric.\"error rate\"]\nquery = \"errors\"\nunit = \"ratio\"\n\
         [[gate]]\nmetric = \"error rate\"\nlimit = \"< 1%\"\nstages = \"ramp\"\n\
         [health.api]\nurl = \"{}/health\"\ntimeout = \"60s\"\n",
        silent.url(),
        silent.url()
    );
    fs::write(folder.path().join("go-live.toml"), bindings).expect("bindings");
    let arguments = ["run", "go-live.toml", "--as", "Ana", "--session", "night.jsonl"];
    let mut terminal = Terminal::board(&arguments, folder.path());
    for _ in 0..10 {
        terminal.look_at_help();
    }
    terminal.note("still here");
    terminal.wait_for_text("still here");
    terminal.decide("q", "Leave?", "Leave");
    assert_eq!(terminal.ends(), 4);
    terminal.wait_until_given_back();
}

#[test]
fn a_sync_of_five_seconds_is_shown_and_delays_no_key() {
    if Command::new("strace").arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "strace is missing: apt-get install strace");
        let _ = writeln!(std::io::stderr(), "skipped, strace is missing: apt-get install strace");
        return;
    }
    let folder = folder();
    // Every sync of the log's data is held for five seconds, in the kernel's name.
    let held = "inject=fdatasync:delay_enter=5000000";
    let arguments =
        [&["-f", "-o", "trace", "-e", "trace=fdatasync", "-e", held, crate::support::terminal::WARROOM][..], &RUN];
    let mut terminal = Terminal::open().start("strace", &arguments.concat(), folder.path());
    terminal.wait_for_board();
    terminal.note("written slowly");
    terminal.wait_for_text("saving…");
    let is_saved = |terminal: &Terminal| !terminal.screen().contains("saving…");
    let mut answered = 0;
    while !is_saved(&terminal) {
        terminal.look_at_help();
        answered += usize::from(!is_saved(&terminal));
    }
    assert!(answered >= 3, "answered {answered} times while it was being saved");
    terminal.wait_for_text(" REC ");
    let log = fs::read_to_string(folder.path().join("night.jsonl")).expect("a log");
    assert!(log.contains("written slowly"));
}
