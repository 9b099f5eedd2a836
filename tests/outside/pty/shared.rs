//! Three people, each at a terminal of their own, and a script: one night.

use crate::support::terminal::{RUN, Terminal, WARROOM, folder};
use rustix::process::Signal;
use std::path::Path;
use std::process::Command;
use warroom::session::{Fact, store};

fn join(name: &str, folder: &Path) -> Terminal {
    Terminal::board(&["join", "./night.jsonl", "--as", name], folder)
}

#[test]
fn two_joined_terminals_and_a_script_that_ticks() {
    let folder = folder();
    let mut ana = Terminal::board(&RUN, folder.path());
    let (mut ben, cleo) = (join("Ben", folder.path()), join("Cleo", folder.path()));
    for terminal in [&ana, &ben, &cleo] {
        terminal.wait_for_text("Ben, Cleo");
    }
    ben.wait_for_text("joined");
    ben.note("Ben has the dashboards");
    let said = Command::new(WARROOM)
        .args(["tick", "./night.jsonl", "Backups", "--as", "ci"])
        .current_dir(folder.path())
        .output()
        .expect("warroom runs");
    assert!(said.status.success(), "{said:?}");
    for terminal in [&ana, &ben, &cleo] {
        terminal.wait_for_text("Ben noted: Ben has the dashboards");
        terminal.wait_for_text("ci ticked");
    }
    // The holder dies: one of the two goes on, and the other one with it.
    ana.signal(Signal::KILL);
    ana.ends();
    for terminal in [&ben, &cleo] {
        terminal.wait_for_text(" took over on ");
    }
    ben.note("the night goes on");
    for terminal in [&ben, &cleo] {
        terminal.wait_for_text("Ben noted: the night goes on");
    }
    let recorded = store::read(&folder.path().join("night.jsonl")).expect("a session that is whole");
    assert_eq!(recorded.strays, []);
    let timeline = &recorded.core.state().timeline;
    let resumed = timeline.iter().filter(|event| matches!(event.fact, Fact::SessionResumed { .. })).count();
    assert_eq!(resumed, 1, "one of them took over");
}
