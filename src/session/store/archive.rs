//! A session read to be told: its last state, and the whole night beside it.

use super::{Record, Replay, Result, StoreError};
use crate::judge::Moment;
use crate::session::chronicle::{Chronicle, PollIndex};
use crate::session::core::Core;
use crate::session::header::Header;
use crate::session::log::{Ending, Place, Reader};
use crate::session::state::State;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A checkpoint every so many events, to begin with.
const STRIDE: u64 = 250;
/// With so many checkpoints every other one is dropped: a long night costs no more memory than this.
const MOST: usize = 256;

/// A recorded night. Another process may be writing its log on.
#[derive(Debug)]
pub struct Archive {
    pub path: PathBuf,
    pub header: Arc<Header>,
    pub state: Arc<State>,
    pub chronicle: Chronicle,
    /// What the log's end, or its first break, looks like.
    pub ending: Ending,
    /// Why this version does not understand all of it; none where it does.
    pub not_understood: Option<String>,
    pub records: u64,
    /// The hash of the last whole line.
    pub head: String,
    pub(super) checkpoints: Vec<Checkpoint>,
}

/// A state on the way, from which a replay can begin.
#[derive(Clone, Debug)]
pub(super) struct Checkpoint {
    pub(super) place: Place,
    pub(super) core: Core,
    /// How many polls came before it.
    pub(super) polls: PollIndex,
}

impl Checkpoint {
    pub(super) fn moment(&self) -> Moment {
        self.core.state().ramp.now
    }
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
        let mut checkpoints = Checkpoints::beginning(*reader.place(), &replay.core);
        reader.each(Record::parse, |record, end| {
            if let Some(event) = replay.fold(record)? {
                chronicle.record(&event, replay.core.state());
            }
            checkpoints.pass(end, &replay.core, &chronicle);
            Ok::<_, StoreError>(())
        })?;
        let ending = reader.ending()?;
        let (records, head) = (reader.place().seq, reader.place().head.to_string());
        let not_understood = replay.not_understood();
        let Replay { header, core, .. } = replay;
        let state = Arc::clone(core.state());
        let checkpoints = checkpoints.list;
        Ok(Self { path: path.to_owned(), header, state, chronicle, ending, not_understood, records, head, checkpoints })
    }

    /// What of the session is not told, in a sentence; none where all of it is.
    #[must_use]
    pub fn untold(&self) -> Option<String> {
        match (&self.ending, &self.not_understood) {
            (Ending::Damaged(broken), _) => {
                Some(format!("the log is damaged: {broken}; the {} events before are told", self.records))
            }
            (_, Some(why)) => Some(format!("it was written by {}: {why}", self.header.program)),
            (Ending::Clean | Ending::Torn(_), None) => None,
        }
    }
}

struct Checkpoints {
    list: Vec<Checkpoint>,
    stride: u64,
}

impl Checkpoints {
    fn beginning(place: Place, core: &Core) -> Self {
        let first = Checkpoint { place, core: core.clone(), polls: 0 };
        Self { list: vec![first], stride: STRIDE }
    }

    fn pass(&mut self, place: Place, core: &Core, chronicle: &Chronicle) {
        if !place.seq.is_multiple_of(self.stride) {
            return;
        }
        let polls = PollIndex::try_from(chronicle.polls.len()).unwrap_or(PollIndex::MAX);
        self.list.push(Checkpoint { place, core: core.clone(), polls });
        if self.list.len() > MOST {
            self.stride *= 2;
            let stride = self.stride;
            self.list.retain(|checkpoint| checkpoint.place.seq.is_multiple_of(stride));
        }
    }
}
