//! Lines of standard input, read on a thread of their own: a terminal that is silent stops nothing.

use std::io::{BufRead, IsTerminal, Read};
use tokio::sync::mpsc;

/// So many lines are read ahead; a longer script waits.
const AHEAD: usize = 64;

/// So much of a line is read, in bytes; a note is no novel.
const LONGEST: u64 = 16 << 10;

/// Lines to be read.
#[derive(Debug)]
pub struct Input {
    lines: Option<mpsc::Receiver<String>>,
    /// Somebody types: there is somebody to ask.
    is_typed: bool,
}

impl Input {
    /// Nobody types, and that is no reason to leave.
    #[must_use]
    pub const fn none() -> Self {
        Self { lines: None, is_typed: false }
    }

    /// The lines of standard input.
    #[must_use]
    pub fn standard() -> Self {
        let (sender, lines) = mpsc::channel(AHEAD);
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            let mut input = std::io::stdin().lock();
            while matches!(input.by_ref().take(LONGEST).read_until(b'\n', &mut bytes), Ok(read) if read > 0) {
                if bytes.len() as u64 == LONGEST && bytes.last() != Some(&b'\n') {
                    let _end = input.skip_until(b'\n');
                }
                let line = String::from_utf8_lossy(&bytes).trim().to_owned();
                bytes.clear();
                if sender.blocking_send(line).is_err() {
                    break;
                }
            }
        });
        Self { lines: Some(lines), is_typed: std::io::stdin().is_terminal() }
    }

    /// Whether somebody types, who can be asked.
    #[must_use]
    pub const fn is_typed(&self) -> bool {
        self.is_typed
    }

    /// The next line; none at the end of the input.
    pub async fn next(&mut self) -> Option<String> {
        match &mut self.lines {
            Some(lines) => lines.recv().await,
            None => std::future::pending().await,
        }
    }
}
