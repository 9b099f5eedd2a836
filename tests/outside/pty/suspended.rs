//! Suspended and continued, by the key and from outside, under a shell that controls jobs.

use crate::support::terminal::{LOOK, RUN, Terminal, WARROOM, folder, until};
use rustix::process::{Pid, Signal, kill_process};
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// Starts the board as a job, says when it has stopped, and brings it back when a line comes.
const SHELL: &str = r#"set -m
"$0" "$@" & echo $! > pid
fg > /dev/null
echo "it has stopped"
read -r line
fg > /dev/null
echo "it has ended: $?""#;

fn job(folder: &Path) -> Terminal {
    let arguments = [&["-c", SHELL, WARROOM][..], &RUN].concat();
    let terminal = Terminal::open().start("bash", &arguments, folder);
    terminal.wait_for_board();
    terminal
}

/// The board itself, which is not the one that leads the session.
fn pid(folder: &Path) -> Pid {
    let text = fs::read_to_string(folder.join("pid")).expect("the shell has said it");
    Pid::from_raw(text.trim().parse().expect("a number")).expect("an id")
}

fn comes_back(mut terminal: Terminal) {
    terminal.wait("the shell's word", |screen| {
        screen.contents().contains("it has stopped") && !screen.alternate_screen() && !screen.hide_cursor()
    });
    terminal.press("\n");
    terminal.wait("the board", |screen| screen.alternate_screen() && screen.contents().contains(" REC "));
    // It takes keys again, and leaves a terminal that a shell can use.
    terminal.decide("q", "Leave?", "Leave");
    terminal.wait_for_text("it has ended: 4");
    assert_eq!(terminal.ends(), 0);
    terminal.wait_until_given_back();
}

#[test]
fn the_key_goes_to_the_shell_and_back() {
    let folder = folder();
    let mut terminal = job(folder.path());
    terminal.press("\x1a");
    comes_back(terminal);
}

#[test]
fn a_stop_from_outside_gives_the_terminal_back_too() {
    let folder = folder();
    let terminal = job(folder.path());
    kill_process(pid(folder.path()), Signal::TSTP).expect("it runs");
    comes_back(terminal);
}

#[test]
fn where_there_is_no_shell_it_does_not_stop() {
    let folder = folder();
    let mut terminal = Terminal::board(&RUN, folder.path());
    terminal.press("\x1a");
    terminal.wait_for_text("no shell");
    terminal.signal(Signal::TSTP);
    terminal.press("?");
    terminal.wait_for_text("can be done now");
}

#[test]
fn stopped_hard_and_continued_it_draws_everything_again() {
    let folder = folder();
    let terminal = Terminal::board(&RUN, folder.path());
    terminal.signal(Signal::STOP);
    let state = format!("/proc/{}/stat", terminal.pid().as_raw_nonzero());
    until("the stop", || fs::read_to_string(&state).is_ok_and(|stat| stat.contains(") T ")));
    let before = terminal.count();
    terminal.signal(Signal::CONT);
    terminal.wait("a whole frame", |screen| screen.contents().contains(" REC "));
    until("a whole frame", || terminal.count() > before + 1_000);
}

/// So often a board is continued at most.
const MOST: usize = 5_000;

#[test]
fn continued_again_and_again_a_question_is_asked_and_answered_as_ever() {
    let folder = folder();
    let mut terminal = Terminal::board(&RUN, folder.path());
    let (pid, done) = (terminal.pid(), AtomicBool::new(false));
    thread::scope(|scope| {
        scope.spawn(|| {
            // Not for ever: where the other one fails it says so.
            for _ in (0..MOST).take_while(|_| !done.load(Ordering::Relaxed)) {
                kill_process(pid, Signal::CONT).expect("it is not waited for yet");
                thread::sleep(LOOK);
            }
        });
        terminal.decide("q", "Leave?", "Leave");
        done.store(true, Ordering::Relaxed);
    });
    assert_eq!(terminal.ends(), 4);
    terminal.wait_until_given_back();
}
