//! A session that one runs by lines while somebody else looks on at the board.

use crate::support::seat::Seat;
use crate::support::terminal::{Terminal, WARROOM};
use std::fs;
use std::path::{Path, PathBuf};

pub(crate) struct Watched {
    pub(crate) seat: Seat,
    board: Terminal,
    pub(crate) log: PathBuf,
}

impl Watched {
    /// Takes a seat at a night, waits until it may start, and has its board shown.
    pub(crate) fn begin(folder: &Path, checklist: &str, bindings: &str) -> Self {
        fs::write(folder.join("ledger.md"), checklist).expect("a checklist");
        let plan = folder.join("ledger.toml");
        fs::write(&plan, bindings).expect("bindings");
        let log = folder.join("night.jsonl");
        let (plan, place) = (plan.display().to_string(), log.display().to_string());
        let mut seat = Seat::take(&["run", &plan, "--plain", "--as", "Ana", "--session", &place]);
        seat.wait_verdict("GO");
        let board = Terminal::open().start(WARROOM, &["watch", &place], folder);
        board.wait_for_text("Gates");
        Self { seat, board, log }
    }

    pub(crate) fn starts(&mut self) {
        self.seat.say("start 10%");
        self.seat.say("moved");
    }

    /// Waits until one row of the board holds all these words.
    pub(crate) fn sees(&self, words: &[&str]) {
        let is_so = |screen: &str| screen.lines().any(|line| words.iter().all(|word| line.contains(word)));
        self.board.wait(&format!("a row with {words:?}"), |screen| is_so(&screen.contents()));
    }

    /// Waits until a text has gone from the board.
    pub(crate) fn sees_no(&self, text: &str) {
        self.board.wait(&format!("no {text:?}"), |screen| !screen.contents().contains(text));
    }

    /// Waits until a line that was not waited for yet holds a text, and gives it.
    pub(crate) fn hears(&mut self, text: &str) -> String {
        self.seat.wait(text, |line| line.contains(text))
    }

    /// Waits for a verdict, in the lines and in the title of the board.
    pub(crate) fn is(&mut self, call: &str) {
        self.seat.wait_verdict(call);
        self.board.wait_for_title(call);
    }

    /// Looks at another view of the board, and at what it says.
    pub(crate) fn looks_at(&mut self, key: &str, words: &[&str]) {
        self.board.press(key);
        self.sees(words);
        self.board.press("1");
    }
}
