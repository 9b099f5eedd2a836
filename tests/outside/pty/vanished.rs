//! A terminal that is gone without a word: no signal comes, and reading says end of file for ever.

use crate::support::terminal::{RUN, Terminal, WARROOM, folder, until};
use std::fs::OpenOptions;
use std::process::{Command, Stdio};
use warroom::session::store;

#[test]
fn the_board_ends_with_its_terminal() {
    let folder = folder();
    let terminal = Terminal::open();
    let side = || Stdio::from(OpenOptions::new().read(true).write(true).open(terminal.path()).expect("the terminal"));
    // Not the session of that terminal, as under `setsid`, `sudo` or a supervisor: nobody is told.
    let mut board = Command::new(WARROOM)
        .args(RUN)
        .current_dir(folder.path())
        .env("TERM", "xterm-256color")
        .stdin(side())
        .stdout(side())
        .stderr(side())
        .spawn()
        .expect("the program starts");
    terminal.wait_for_text(" REC ");
    terminal.vanish();
    let mut ended = None;
    until("its end", || {
        ended = board.try_wait().expect("it can be asked");
        ended.is_some()
    });
    assert_eq!(ended.and_then(|status| status.code()), Some(129), "as after a hangup");
    let recorded = store::read(&folder.path().join("night.jsonl")).expect("a session that is whole");
    assert_eq!(recorded.strays, []);
}
