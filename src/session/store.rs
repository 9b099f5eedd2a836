//! Sessions on disk: begun, gone on with, read.
//!
//! - [`replay`]: the fold of a log's lines.
//! - [`archive`]: a whole night, to be told.
//! - [`reel`]: a night wound to and fro.
//! - [`what_if`]: a night under another limit.
//! - [`shelf`]: the folder, and which session a name means.

pub mod archive;
pub mod moment;
pub mod reel;
pub mod replay;
pub mod shelf;
pub mod what_if;

use super::core::Core;
use super::header::Header;
use super::history::History;
use super::log::{self, Broken, Ending, Log, Owner, Place, Reader, SetAside};
use crate::plan::sound::Unsound;
pub use archive::Archive;
pub use reel::{Reel, Target};
pub use replay::{Closing, PassedOver, Record, Replay, Stray};
pub use shelf::Shelf;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Why a session cannot be begun, gone on with or read.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error(transparent)]
    Log(#[from] log::Error),
    #[error("the header of {} cannot be read: {source}", .path.display())]
    Header { path: PathBuf, source: serde_json::Error },
    #[error("the plan in the header of {} is none: {unsound}", .path.display())]
    Plan { path: PathBuf, unsound: Unsound },
    /// A line as its writer wrote it, that says what cannot be.
    #[error("{} is damaged: event {seq} (line {line}): {why}", .path.display())]
    Misfit { path: PathBuf, seq: u64, line: u64, why: String },
    /// Readable as far as it is understood, and not to be appended to.
    #[error("{} cannot be gone on with: {first}", .path.display())]
    NotUnderstood { path: PathBuf, first: PassedOver },
}

pub(super) type Result<T> = std::result::Result<T, StoreError>;

/// A session that is held and can go on.
#[derive(Debug)]
pub struct Held {
    pub header: Arc<Header>,
    pub core: Core,
    pub history: Arc<History>,
    pub log: Log,
    /// What had to be set aside to go on with it.
    pub torn: Option<SetAside>,
}

/// So many sessions of one name begin in one folder; the next is told that the last name is taken.
const NAMESAKES: u32 = 1_000;

/// Begins a session. Nothing that exists is overwritten.
pub fn begin(path: &Path, header: Header, owner: Owner) -> Result<Held> {
    let log = Log::create(path, &text_of(&header, path)?, owner)?;
    Ok(held(log, header))
}

/// Begins a session in the first of the files named 1, 2, and so on that nobody else has, whoever else begins one
/// in the same instant.
pub fn begin_first(name: impl Fn(u32) -> PathBuf, header: Header, owner: &Owner) -> Result<Held> {
    let text = text_of(&header, &name(1))?;
    let mut count = 1;
    loop {
        match Log::create(&name(count), &text, owner.clone()) {
            Err(log::Error::Exists { .. }) if count < NAMESAKES => count += 1,
            log => return Ok(held(log?, header)),
        }
    }
}

fn text_of(header: &Header, path: &Path) -> Result<String> {
    serde_json::to_string(header).map_err(|source| StoreError::Header { path: path.to_owned(), source })
}

fn held(log: Log, header: Header) -> Held {
    let plan = Arc::new(header.plan.clone());
    let history = Arc::new(History::new(&plan));
    let core = Core::new(plan, header.began_at);
    Held { header: Arc::new(header), core, history, log, torn: None }
}

/// Goes on with a session: all of its events are folded again.
pub fn resume(path: &Path, owner: Owner) -> Result<Held> {
    let mut opening = Log::open(path, owner)?;
    let mut replay = Replay::new(path, opening.header())?;
    opening.each(Record::parse, |record, _| replay.fold(record).map(drop))?;
    if let Some(first) = replay.passed_over.into_iter().next() {
        return Err(StoreError::NotUnderstood { path: path.to_owned(), first });
    }
    let opened = opening.finish()?;
    let Replay { header, core, history, .. } = replay;
    Ok(Held { header, core, history, log: opened.log, torn: opened.torn })
}

/// A session that was read, and not held: another process may be writing it.
#[derive(Debug)]
pub struct Recorded {
    pub header: Arc<Header>,
    pub core: Core,
    pub history: Arc<History>,
    /// What the log's end, or its first break, looks like.
    pub ending: Ending,
    pub records: u64,
    /// The hash of its last whole line: quoted elsewhere, it proves that nothing was cut off.
    pub head: String,
    /// The close record it ends in; none where it goes on, or its tail was cut.
    pub closing: Option<Closing>,
    /// Events that a later version wrote and this one does not know.
    pub passed_over: Vec<PassedOver>,
    /// Why this version cannot judge it.
    pub not_understood: Option<String>,
    /// Places where the fold does not give the verdict that was recorded as shown.
    pub strays: Vec<Stray>,
}

/// Reads a session as far as it is whole and understood, and holds the fold against the verdicts
/// that were shown.
pub fn read(path: &Path) -> Result<Recorded> {
    let mut reader = Reader::open(path)?;
    let mut replay = Replay::new(path, reader.header())?;
    reader.each(Record::parse, |record, _| replay.fold(record).map(drop))?;
    let ending = reader.ending()?;
    let Place { seq: records, head, .. } = *reader.place();
    let head = head.to_string();
    let (closing, not_understood) = (replay.closing(records), replay.not_understood());
    let Replay { header, core, history, passed_over, strays, .. } = replay;
    Ok(Recorded { header, core, history, ending, records, head, closing, passed_over, not_understood, strays })
}

/// Whether a broken place is one that going on with the session would mend.
#[must_use]
pub const fn is_torn(ending: &Ending) -> Option<&Broken> {
    match ending {
        Ending::Torn(broken) => Some(broken),
        Ending::Clean | Ending::Damaged(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Plan;
    use crate::session::{Mode, Text};
    use std::collections::BTreeSet;
    use std::sync::Barrier;
    use std::thread;

    fn header() -> Header {
        Header {
            warroom: log::FORMAT,
            program: "warroom".to_owned(),
            mode: Mode::Live,
            host: "here".to_owned(),
            began_at: 0,
            checklist: Text::new("go-live.md", ""),
            bindings: None,
            plan: Plan::default(),
        }
    }

    #[test]
    fn where_a_file_stands_for_the_folder_no_other_name_is_looked_for() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("sessions");
        std::fs::write(&file, "").expect("a file");
        let asked = std::cell::Cell::new(0);
        let name = |count| {
            asked.set(count);
            file.join(format!("night-{count}.jsonl"))
        };
        let error = begin_first(name, header(), &Owner::here("now")).expect_err("no folder");
        assert!(matches!(error, StoreError::Log(log::Error::NotADirectory { .. })), "{error}");
        assert_eq!(asked.get(), 1);
    }

    #[test]
    fn nights_that_begin_in_one_instant_are_recorded_in_files_of_their_own() {
        const NIGHTS: usize = 8;
        let folder = tempfile::tempdir().expect("a folder");
        // The folder is not there yet either, as on a new machine.
        let name = |count| folder.path().join("sessions").join(format!("night-{count}.jsonl"));
        let header = header();
        let together = Barrier::new(NIGHTS);
        let begin = || {
            together.wait();
            begin_first(name, header.clone(), &Owner::here("now")).map(|held| held.log.path().to_owned())
        };
        let begun: BTreeSet<_> = thread::scope(|scope| {
            let nights: Vec<_> = (0..NIGHTS).map(|_| scope.spawn(begin)).collect();
            nights.into_iter().map(|night| night.join().expect("no panic").expect("a session")).collect()
        });
        assert_eq!(begun, (1..=u32::try_from(NIGHTS).expect("a few")).map(name).collect());
    }
}
