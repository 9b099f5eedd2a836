//! What is live: the newest state, with what cannot be in the log laid over it.

use crate::clock::Stamp;
use crate::judge::{Call, Class, Code, Reason, Verdict};
use crate::plan::Plan;
use crate::session::{Header, History, State, Text};
use std::sync::Arc;

/// What everybody in the room sees. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Live {
    pub header: Arc<Header>,
    pub plan: Arc<Plan>,
    pub state: Arc<State>,
    pub history: Arc<History>,
    /// Of the state, with the disk laid over it: GO becomes HOLD while nothing can be recorded.
    pub verdict: Verdict,
    /// Events up to this one are on disk; later ones are shown as "saving…".
    pub saved: u64,
    pub disk: Disk,
    /// When this was published.
    pub now: Stamp,
}

/// How the log is doing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Disk {
    #[default]
    Fine,
    /// A sync has been under way for long; nothing is lost.
    Slow,
    /// Nothing can be written: so many events are kept in memory, NOT SAVED.
    Failing { why: String, unsaved: u64 },
}

impl Live {
    /// The checklist as it is in force.
    #[must_use]
    pub fn checklist(&self) -> &Text {
        self.state.amended_texts().map_or(&self.header.checklist, |(checklist, _)| checklist)
    }

    /// The bindings as they are in force.
    #[must_use]
    pub fn bindings(&self) -> Option<&Text> {
        self.state.amended_texts().map_or(self.header.bindings.as_ref(), |(_, bindings)| bindings)
    }

    /// Whether an event is on disk.
    #[must_use]
    pub const fn is_saved(&self, seq: u64) -> bool {
        seq <= self.saved
    }
}

/// Lays the disk over a verdict: what cannot be recorded is no GO.
#[must_use]
pub fn overlay(mut verdict: Verdict, disk: &Disk) -> Verdict {
    let Disk::Failing { why, unsaved } = disk else { return verdict };
    let reason = Reason {
        code: Code::LogUnwritable,
        class: Class::NotKnowing,
        subject: String::new(),
        source: String::new(),
        text: format!("the session log cannot be written: {why}; {unsaved} events are NOT SAVED"),
    };
    let place = verdict.reasons.partition_point(|known| known.class <= Class::NotKnowing);
    verdict.reasons.insert(place, reason);
    if verdict.call == Call::Go {
        verdict.call = Call::Hold;
    }
    verdict.earliest = None;
    verdict
}
