//! Sessions on disk: begun, gone on with, read.

use super::core::Core;
use super::event::{Event, Fact};
use super::header::Header;
use super::history::History;
use super::log::{self, Broken, Ending, Line, Log, Owner, Reader, SetAside};
use crate::judge::Verdict;
use crate::plan::sound::Unsound;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub mod archive;
pub mod shelf;

pub use archive::Archive;
pub use shelf::Shelf;

/// Why a session cannot be begun, gone on with or read.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error(transparent)]
    Log(#[from] log::Error),
    #[error("the header of {} cannot be read: {source}", .path.display())]
    Header { path: PathBuf, source: serde_json::Error },
    #[error("event {seq} of {} (line {line}) is none that this version knows: {source}", .path.display())]
    Event { path: PathBuf, seq: u64, line: u64, source: serde_json::Error },
    #[error("the plan in the header of {} is none: {unsound}", .path.display())]
    Plan { path: PathBuf, unsound: Unsound },
    #[error("event {seq} of {} (line {line}) names what its plan does not have: {what}", .path.display())]
    Stranger { path: PathBuf, seq: u64, line: u64, what: String },
    #[error("{} holds events of a later version of warroom: it can be read, and gone on with by that version only", .path.display())]
    Later { path: PathBuf },
}

type Result<T> = std::result::Result<T, StoreError>;

/// A session that is held and can go on.
#[derive(Debug)]
pub struct Held {
    pub header: Arc<Header>,
    pub core: Core,
    pub history: History,
    pub log: Log,
    /// What had to be set aside to go on with it.
    pub torn: Option<SetAside>,
}

/// Begins a session. Nothing that exists is overwritten.
pub fn begin(path: &Path, header: Header, owner: Owner) -> Result<Held> {
    let text = serde_json::to_string(&header).map_err(|source| StoreError::Header { path: path.to_owned(), source })?;
    let log = Log::create(path, &text, owner)?;
    let plan = Arc::new(header.plan.clone());
    let history = History::new(&plan);
    let core = Core::new(plan, header.began_at);
    Ok(Held { header: Arc::new(header), core, history, log, torn: None })
}

/// Goes on with a session: all of its events are folded again.
pub fn resume(path: &Path, owner: Owner) -> Result<Held> {
    let mut opening = Log::open(path, owner)?;
    let mut replay = Replay::new(path, opening.header())?;
    while let Some(line) = opening.next_line()? {
        replay.take(&line)?;
    }
    let opened = opening.finish()?;
    let Replay { header, core, history, later, .. } = replay;
    if later > 0 {
        return Err(StoreError::Later { path: path.to_owned() });
    }
    Ok(Held { header, core, history, log: opened.log, torn: opened.torn })
}

/// A session that was read, and not held: another process may be writing it.
#[derive(Debug)]
pub struct Recorded {
    pub header: Arc<Header>,
    pub core: Core,
    pub history: History,
    /// What the log's end, or its first break, looks like.
    pub ending: Ending,
    pub records: u64,
    /// The hash of its last whole line: quoted elsewhere, it proves that nothing was cut off.
    pub head: String,
    /// Places where the fold does not give the verdict that was recorded as shown.
    pub strays: Vec<Stray>,
    /// Events of a later version, which were passed over.
    pub later: u64,
}

/// A verdict that was recorded as shown, and another one that the fold gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stray {
    pub seq: u64,
    pub shown: String,
    pub folded: String,
}

/// Reads a session as far as it is whole, and holds the fold against the verdicts that were shown.
pub fn read(path: &Path) -> Result<Recorded> {
    let mut reader = Reader::open(path)?;
    let mut replay = Replay::new(path, reader.header())?;
    let mut records = 0;
    while let Some(line) = reader.next_line()? {
        replay.take(&line)?;
        records += 1;
    }
    let ending = reader.ending()?;
    let head = reader.place().head.to_string();
    let Replay { header, core, history, strays, later, .. } = replay;
    Ok(Recorded { header, core, history, ending, records, head, strays, later })
}

/// The fold of a log's lines, one after the other.
struct Replay<'p> {
    path: &'p Path,
    header: Arc<Header>,
    core: Core,
    history: History,
    strays: Vec<Stray>,
    later: u64,
}

impl<'p> Replay<'p> {
    fn new(path: &'p Path, header: &str) -> Result<Self> {
        let header: Header =
            serde_json::from_str(header).map_err(|source| StoreError::Header { path: path.to_owned(), source })?;
        header.plan.check_ids().map_err(|unsound| StoreError::Plan { path: path.to_owned(), unsound })?;
        let plan = Arc::new(header.plan.clone());
        let history = History::new(&plan);
        let core = Core::new(plan, header.began_at);
        Ok(Self { path, header: Arc::new(header), core, history, strays: Vec::new(), later: 0 })
    }

    fn take(&mut self, line: &Line<'_>) -> Result<Event> {
        let event = Event::from_json(line.text).map_err(|source| StoreError::Event {
            path: self.path.to_owned(),
            seq: line.seq,
            line: line.seq + 1,
            source,
        })?;
        if let Some(what) = event.fact.stranger(self.core.plan()) {
            let (path, seq) = (self.path.to_owned(), line.seq);
            return Err(StoreError::Stranger { path, seq, line: seq + 1, what });
        }
        self.later += u64::from(event.fact == Fact::Unknown);
        self.hold_against_shown(&event);
        self.core.replay(&event);
        self.history.record(&event, self.core.state().ramp.now);
        Ok(event)
    }

    fn hold_against_shown(&mut self, event: &Event) {
        let Fact::VerdictChanged { call, reasons } = &event.fact else { return };
        let folded = self.core.verdict();
        if folded.call != *call || folded.reasons != *reasons {
            let shown = Verdict { call: *call, reasons: reasons.clone(), earliest: None };
            self.strays.push(Stray { seq: event.seq, shown: say(&shown), folded: say(&folded) });
        }
    }
}

fn say(verdict: &Verdict) -> String {
    let reasons: Vec<_> = verdict.reasons.iter().map(ToString::to_string).collect();
    format!("{} [{}]", verdict.call, reasons.join("; "))
}

/// Whether a broken place is one that going on with the session would mend.
#[must_use]
pub const fn is_torn(ending: &Ending) -> Option<&Broken> {
    match ending {
        Ending::Torn(broken) => Some(broken),
        Ending::Clean | Ending::Damaged(_) => None,
    }
}
