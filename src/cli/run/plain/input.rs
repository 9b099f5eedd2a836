//! Lines of standard input, read on a thread of their own: a terminal that is silent stops nothing.

use std::io::BufRead;
use tokio::sync::mpsc;

/// So many lines are read ahead; a longer script waits.
const AHEAD: usize = 64;

pub(super) struct Input {
    lines: mpsc::Receiver<String>,
}

impl Input {
    pub(super) fn start() -> Self {
        let (sender, lines) = mpsc::channel(AHEAD);
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            let mut input = std::io::stdin().lock();
            while matches!(input.read_until(b'\n', &mut bytes), Ok(read) if read > 0) {
                let line = String::from_utf8_lossy(&bytes).trim().to_owned();
                bytes.clear();
                if sender.blocking_send(line).is_err() {
                    break;
                }
            }
        });
        Self { lines }
    }

    /// The next line; none at the end of the input.
    pub(super) async fn next(&mut self) -> Option<String> {
        self.lines.recv().await
    }
}
