//! Standard output and standard error, written by threads of their own: a terminal that is no
//! longer read stops nothing else, and a closed pipe ends nothing.

use crate::text::sanitize;
use std::io::Write;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

/// Where a subcommand's lines go. Everything is made safe to show on its way.
#[derive(Debug)]
pub struct Out {
    lines: Option<Sender<Line>>,
    /// Hangs up when every line is written.
    written: Receiver<()>,
}

/// How long leaving waits for a terminal that is no longer read.
const LAST_LINES: Duration = Duration::from_secs(1);

enum Line {
    Out(String),
    Error(String),
}

impl Out {
    #[must_use]
    pub fn start() -> Self {
        let (lines, incoming) = channel::<Line>();
        let (writing, written) = channel::<()>();
        std::thread::spawn(move || {
            let _until_all_is_written = writing;
            for line in incoming {
                // A pipe that was closed wants no more lines; the session goes on.
                let _closed = match line {
                    Line::Out(text) => writeln!(std::io::stdout(), "{text}"),
                    Line::Error(text) => writeln!(std::io::stderr(), "{text}"),
                };
            }
        });
        Self { lines: Some(lines), written }
    }

    /// Writes a line to standard output.
    pub fn line(&self, text: &str) {
        self.send(Line::Out(sanitize::line(text).into_owned()));
    }

    /// Writes a line to standard error, with the program's name before it.
    pub fn error(&self, text: &str) {
        self.send(Line::Error(format!("warroom: {}", sanitize::line(text))));
    }

    /// Writes text that is safe to show already to standard error, as it is; nothing where there is none.
    pub fn block(&self, text: &str) {
        if !text.trim_end().is_empty() {
            self.send(Line::Error(text.trim_end().to_owned()));
        }
    }

    fn send(&self, line: Line) {
        if let Some(lines) = &self.lines {
            let _gone = lines.send(line);
        }
    }
}

impl Drop for Out {
    /// Waits until every line is written, or nobody reads them.
    fn drop(&mut self) {
        self.lines = None;
        let _done_or_stalled = self.written.recv_timeout(LAST_LINES);
    }
}
