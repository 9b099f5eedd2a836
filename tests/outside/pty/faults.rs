//! The board when a part of warroom itself fails: it says so, and the terminal is not lost with it.
//!
//! There is no such fault in the program, so this program plays it: it starts itself again, in a
//! terminal, as a board beside which something breaks.

use crate::support::terminal::{Terminal, folder, until};
use rustix::process::Signal;
use std::path::Path;
use std::sync::Arc;
use std::{env, fs, future, thread};
use tokio::sync::mpsc;
use warroom::clock::Clock;
use warroom::plan::{self, compile};
use warroom::room::{Live, Room, Seat};
use warroom::session::log::{Owner, Settings};
use warroom::session::{Fact, Header, Mode, Text, store};
use warroom::tui::{self, Leave, Options};

/// Names the fault of the board that is started.
const FAULT: &str = "WARROOM_TEST_FAULT";
const STARTED: &str = "a_board_beside_which_something_breaks";

fn start(fault: &str, folder: &Path) -> Terminal {
    let this = env::current_exe().expect("this program");
    let name = format!("pty::faults::{STARTED}");
    let fault = format!("{FAULT}={fault}");
    let arguments = [&fault, &*this.to_string_lossy(), "--exact", &name, "--ignored", "--nocapture"];
    let mut terminal = Terminal::open().start("env", &arguments, folder);
    terminal.wait_for_board();
    // A note is what the fault waits for.
    terminal.note("now");
    terminal
}

#[test]
fn a_thread_that_panics_is_told_on_the_board_and_afterwards() {
    let folder = folder();
    let mut terminal = start("thread", folder.path());
    terminal.wait("a word on the board", |screen| {
        screen.alternate_screen() && screen.contents().contains("a part of warroom failed")
    });
    terminal.decide("q", "Leave?", "Leave");
    terminal.ends();
    terminal.wait_until_given_back();
    terminal.wait_for_text("the poller has broken");
}

#[test]
fn a_panic_of_the_board_itself_gives_the_terminal_back() {
    let folder = folder();
    let mut terminal = start("board", folder.path());
    assert_eq!(terminal.ends(), 101);
    terminal.wait_until_given_back();
    terminal.wait_for_text("the board has broken");
}

#[test]
fn a_board_that_stands_still_lets_go_of_the_terminal_and_takes_it_again() {
    let folder = folder();
    let mut terminal = start("still", folder.path());
    terminal.wait_for_text("has stood still");
    terminal.wait_until_given_back();
    fs::write(folder.path().join("go on"), "").expect("a file");
    terminal.wait("the board", |screen| screen.alternate_screen() && screen.contents().contains("stood still"));
    terminal.decide("q", "Leave?", "Leave");
    terminal.ends();
    terminal.wait_until_given_back();
}

#[test]
fn a_board_that_stands_still_can_be_ended() {
    let folder = folder();
    let mut terminal = start("still", folder.path());
    terminal.wait_for_text("has stood still");
    // A signal is all that is left, and it is what Ctrl-C is again.
    terminal.press("\x03");
    terminal.ends();
    terminal.wait_until_given_back();
    assert!(!folder.path().join("left").exists(), "it never went on");
    let log = fs::read_to_string(folder.path().join("night.jsonl")).expect("a log");
    assert!(log.contains("now"), "what was acknowledged is saved");
}

#[test]
fn a_signal_while_it_goes_on_is_the_boards() {
    let folder = folder();
    let mut terminal = start("none", folder.path());
    terminal.signal(Signal::INT);
    until("its word", || folder.path().join("left").exists());
    terminal.ends();
    terminal.wait_until_given_back();
}

#[test]
#[ignore = "a board that is started in a terminal by the tests above"]
fn a_board_beside_which_something_breaks() {
    let fault = env::var(FAULT).expect("a fault");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let left = runtime.block_on(async {
        let clock = Clock::real();
        let seat = seat(clock);
        let breaks = breaks(&fault, seat.clone());
        let board = tui::run(seat, clock, Options { actor: "Ana".to_owned(), ..Options::default() });
        tokio::select! { left = board => left.expect("a terminal"), () = breaks => Leave::RoomGone }
    });
    fs::write("left", format!("{left:?}")).expect("a file");
}

/// A seat in the room of a new session in this folder.
fn seat(clock: Clock) -> Seat {
    let checklist = fs::read_to_string("go-live.md").expect("a checklist");
    let text = plan::Text { name: "go-live.md", text: &checklist };
    let header = Header {
        warroom: warroom::session::log::FORMAT,
        program: "test".to_owned(),
        mode: Mode::Rehearsal,
        host: "here".to_owned(),
        began_at: clock.now().at,
        checklist: Text::new("go-live.md", checklist.as_str()),
        bindings: None,
        plan: compile(plan::Input { checklist: text, bindings: None }).plan,
    };
    let held = store::begin(Path::new("night.jsonl"), header, Owner::here("02:00:00Z")).expect("a session");
    let mut silent = Vec::new();
    let observe = move |_: &plan::Plan| {
        let (found, incoming) = mpsc::channel(1);
        silent.push(found);
        incoming
    };
    let (room, seat) = Room::open(held, clock, observe, Vec::new(), Settings::default()).expect("a room");
    tokio::spawn(room.run());
    seat
}

/// Waits for a note that is saved, then breaks.
async fn breaks(fault: &str, mut seat: Seat) {
    let noted = |live: &Arc<Live>| {
        let note = live.state.timeline.iter().find(|event| matches!(event.fact, Fact::Noted { .. }));
        note.is_some_and(|note| live.is_saved(note.seq))
    };
    drop(seat.live.wait_for(noted).await);
    match fault {
        "thread" => drop(thread::spawn(|| panic!("the poller has broken")).join()),
        "board" => panic!("the board has broken"),
        "still" => until("the word to go on", || fs::exists("go on").unwrap_or_default()),
        _ => {}
    }
    future::pending::<()>().await;
}
