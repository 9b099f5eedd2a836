//! What is live: the newest state, with what cannot be in the log laid over it.

use super::company::Company;
use crate::clock::Stamp;
use crate::judge::{Call, Class, Code, Moment, Reason, Verdict};
use crate::plan::Plan;
use crate::session::{Core, Event, Fact, Header, History, State, Text};
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
    /// Who is here, and what this seat is to the session.
    pub company: Company,
    /// When this was published; of a log that is followed, when its last event came.
    pub now: Stamp,
    /// When the last event came, by the clock of this process.
    pub last: Stamp,
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
    /// What a session stands at by its events alone, all of them saved; the last came at `last`.
    #[must_use]
    pub fn of(header: &Arc<Header>, core: &Core, history: &Arc<History>, last: Stamp) -> Self {
        Self {
            header: Arc::clone(header),
            plan: Arc::clone(core.plan()),
            state: Arc::clone(core.state()),
            history: Arc::clone(history),
            verdict: core.verdict(),
            saved: core.state().seq,
            disk: Disk::Fine,
            company: Company::default(),
            now: last,
            last,
        }
    }

    /// The moment of the session at a time of this process's clock.
    #[must_use]
    pub fn moment(&self, now: Stamp) -> Moment {
        let nothing = Event { seq: 0, at: now.at, mono: now.mono, by: String::new(), fact: Fact::HoldReleased };
        self.state.ramp.now + nothing.elapsed_since(self.last.at, self.last.mono)
    }

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
pub fn overlay(verdict: Verdict, disk: &Disk) -> Verdict {
    let Disk::Failing { why, unsaved } = disk else { return verdict };
    let kept = if *unsaved == 1 { "1 event is".to_owned() } else { format!("{unsaved} events are") };
    let text = format!("the session log cannot be written: {why}; {kept} NOT SAVED");
    hold(verdict, Code::LogUnwritable, text)
}

/// Lays over a verdict that this version does not know all of its events.
#[must_use]
pub fn not_understood(verdict: Verdict, why: &str) -> Verdict {
    hold(verdict, Code::Config, format!("a newer warroom writes this session: {why}"))
}

/// Adds a reason of not knowing.
fn hold(mut verdict: Verdict, code: Code, text: String) -> Verdict {
    let (class, subject, source) = (Class::NotKnowing, String::new(), String::new());
    let place = verdict.reasons.partition_point(|known| known.class <= class);
    verdict.reasons.insert(place, Reason { code, class, subject, source, text });
    if verdict.call == Call::Go {
        verdict.call = Call::Hold;
    }
    verdict.earliest = None;
    verdict
}
