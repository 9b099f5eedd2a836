//! A session read to be told: its last state, and the whole night beside it.

use super::{Replay, Result};
use crate::session::chronicle::Chronicle;
use crate::session::header::Header;
use crate::session::log::{Ending, Reader};
use crate::session::state::State;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A recorded night. Another process may be writing its log on.
#[derive(Debug)]
pub struct Archive {
    pub path: PathBuf,
    pub header: Arc<Header>,
    pub state: Arc<State>,
    pub chronicle: Chronicle,
    /// What the log's end, or its first break, looks like.
    pub ending: Ending,
    pub records: u64,
    /// The hash of the last whole line.
    pub head: String,
}

impl Archive {
    /// Reads a session as far as it is whole. Nothing is written and nobody is kept from it.
    ///
    /// # Errors
    /// What cannot be read, or is no session.
    pub fn open(path: &Path) -> Result<Self> {
        let mut reader = Reader::open(path)?;
        let mut replay = Replay::new(path, reader.header())?;
        let mut chronicle = Chronicle::new(replay.core.plan());
        let mut records = 0;
        while let Some(line) = reader.next_line()? {
            if let Some(event) = replay.take(&line)? {
                chronicle.record(&event, replay.core.state());
            }
            records += 1;
        }
        let ending = reader.ending()?;
        let head = reader.place().head.to_string();
        let Replay { header, core, .. } = replay;
        let state = Arc::clone(core.state());
        Ok(Self { path: path.to_owned(), header, state, chronicle, ending, records, head })
    }
}
