//! A session as it was at a moment.

use super::{Record, Replay, Result};
use crate::session::core::Core;
use crate::session::header::Header;
use crate::session::history::History;
use crate::session::log::Reader;
use crate::text::Millis;
use std::path::Path;
use std::sync::Arc;

/// What was known after the last event that had happened by then.
#[derive(Debug)]
pub struct Then {
    pub header: Arc<Header>,
    pub core: Core,
    pub history: Arc<History>,
    /// The wall clock of that event, unix milliseconds, and the steady one of its process.
    pub at: i64,
    pub mono: Millis,
}

impl Then {
    /// Reads a session until a time of the wall clock; as far as it is whole where none is given.
    ///
    /// # Errors
    /// What cannot be read, or is no session.
    pub fn read(path: &Path, until: Option<i64>) -> Result<Self> {
        let mut reader = Reader::open(path)?;
        let mut replay = Replay::new(path, reader.header())?;
        let (mut at, mut mono) = (replay.header.began_at, Millis::ZERO);
        while let Some(line) = reader.next_line()? {
            let record = Record::parse(&line);
            if record.at().zip(until).is_some_and(|(at, until)| at > until) {
                break;
            }
            if let Some(event) = replay.fold(record)? {
                (at, mono) = (event.at, event.mono);
            }
        }
        let Replay { header, core, history, .. } = replay;
        Ok(Self { header, core, history, at, mono })
    }
}
