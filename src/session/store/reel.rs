//! A night that is wound to and fro: the state as it was at any moment or after any event.
//!
//! Going on is a few events read and folded; going back is one checkpoint and a few events. The log
//! is read again where it is: a night of a day is not kept in memory.

use super::Result;
use super::archive::{Archive, Checkpoint};
use crate::judge::Moment;
use crate::session::chronicle::PollIndex;
use crate::session::core::Core;
use crate::session::event::{Event, Fact};
use crate::session::history::History;
use crate::session::log::{Place, Reader};
use crate::session::state::State;
use std::sync::Arc;

/// Where to wind to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Everything that had happened at a moment.
    Moment(Moment),
    /// Up to an event, by its number.
    Event(u64),
}

/// A recorded night at one of its moments.
#[derive(Debug)]
pub struct Reel {
    archive: Arc<Archive>,
    reader: Reader,
    core: Core,
    polls: PollIndex,
    /// Behind the last event that was folded.
    place: Place,
}

impl Reel {
    /// Opens a night at its beginning.
    ///
    /// # Errors
    /// Where its log cannot be read any more.
    pub fn open(archive: Arc<Archive>) -> Result<Self> {
        let reader = Reader::open(&archive.path)?;
        let Checkpoint { place, core, polls } = archive.checkpoints[0].clone();
        Ok(Self { archive, reader, core, polls, place })
    }

    #[must_use]
    pub fn archive(&self) -> &Arc<Archive> {
        &self.archive
    }

    #[must_use]
    pub fn state(&self) -> &Arc<State> {
        self.core.state()
    }

    #[must_use]
    pub fn core(&self) -> &Core {
        &self.core
    }

    /// The recent past of each metric, as it was then.
    #[must_use]
    pub fn history(&self) -> History {
        History::after(self.core.plan(), &self.archive.chronicle, self.polls)
    }

    /// Winds to a target; to the end of the archive where it lies behind that.
    ///
    /// # Errors
    /// Where the log cannot be read any more.
    pub fn wind(&mut self, target: Target) -> Result<()> {
        let nearest = self.nearest(target);
        let here = self.place.seq;
        if self.is_behind(target) || nearest.place.seq > here {
            let Checkpoint { place, core, polls } = nearest.clone();
            (self.place, self.core, self.polls) = (place, core, polls);
        }
        self.reader.go_to(self.place)?;
        while self.place.seq < self.archive.records {
            let Some(line) = self.reader.next_line()? else { break };
            // What a later version wrote is passed over here as it was when the night was read.
            let Ok(event) = Event::from_json(line.text) else {
                self.place = *self.reader.place();
                continue;
            };
            let is_next = match target {
                Target::Moment(moment) => self.core.state().moment_of(&event) <= moment,
                Target::Event(seq) => event.seq <= seq,
            };
            if !is_next {
                break;
            }
            self.core.replay(&event);
            self.polls += PollIndex::from(matches!(event.fact, Fact::Polled(_)));
            self.place = *self.reader.place();
        }
        Ok(())
    }

    /// Whether more has been folded than a target wants.
    fn is_behind(&self, target: Target) -> bool {
        match target {
            Target::Moment(moment) => self.core.state().ramp.now > moment,
            Target::Event(seq) => self.place.seq > seq,
        }
    }

    /// The last checkpoint that lies before a target.
    fn nearest(&self, target: Target) -> &Checkpoint {
        let list = &self.archive.checkpoints;
        let place = list.partition_point(|checkpoint| match target {
            Target::Moment(moment) => checkpoint.moment() <= moment,
            Target::Event(seq) => checkpoint.place.seq <= seq,
        });
        &list[place.max(1) - 1]
    }
}
