//! What has changed since somebody last looked: whoever touches no key for a while looks elsewhere.
//!
//! While they are away, and for a moment after their next key, what is different from their last key
//! is marked.

use super::region::{gates, triggers};
use super::scene::Scene;
use crate::text::Millis;

/// Without a key for so long, somebody looks elsewhere.
const AWAY: Millis = Millis::from_secs(60);
/// What is new stays marked for so long after they are back.
const STAYS: Millis = Millis::from_secs(30);

/// What was on the screen at a key.
#[derive(Clone, Debug, Default, PartialEq)]
struct Glance {
    at: Millis,
    seq: u64,
    gates: Vec<(gates::Of, String)>,
    triggers: Vec<(crate::plan::TriggerId, String)>,
}

impl Glance {
    fn of(scene: &Scene, at: Millis) -> Self {
        let gates = gates::rows(scene).into_iter().map(|row| (row.of, row.mark.word.into_owned()));
        let triggers = triggers::rows(scene).into_iter().map(|row| (row.id, row.mark.word.into_owned()));
        Self { at, seq: scene.state().seq, gates: gates.collect(), triggers: triggers.collect() }
    }
}

/// What somebody saw last, and what they have missed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Looked {
    /// At the last key.
    last: Option<Glance>,
    /// At the last key before they were away, and when they came back.
    missed: Option<(Glance, Millis)>,
    now: Millis,
}

impl Looked {
    /// Time has passed.
    pub fn pass(&mut self, now: Millis) {
        self.now = now;
        if self.missed.as_ref().is_some_and(|(_, back)| now - *back > STAYS) {
            self.missed = None;
        }
    }

    /// Somebody has touched a key.
    pub fn touch(&mut self, scene: &Scene, now: Millis) {
        self.pass(now);
        let last = self.last.replace(Glance::of(scene, now));
        if let Some(before) = last.filter(|last| now - last.at >= AWAY) {
            self.missed = Some((before, now));
        }
    }

    /// What was on the screen when they last looked, where that is not now.
    fn glance(&self) -> Option<&Glance> {
        let away = self.last.as_ref().filter(|last| self.now - last.at >= AWAY);
        away.or(self.missed.as_ref().map(|(glance, _)| glance))
    }

    /// Whether the state of a gate is another than it was.
    #[must_use]
    pub fn is_new_gate(&self, row: &gates::Row) -> bool {
        let known = self.glance().and_then(|glance| glance.gates.iter().find(|(of, _)| *of == row.of));
        known.is_some_and(|(_, word)| *word != row.mark.word)
    }

    /// Whether the state of a trigger is another than it was.
    #[must_use]
    pub fn is_new_trigger(&self, row: &triggers::Row) -> bool {
        let known = self.glance().and_then(|glance| glance.triggers.iter().find(|(id, _)| *id == row.id));
        known.is_some_and(|(_, word)| *word != row.mark.word)
    }

    /// The last event that was seen; none where somebody has looked all the time.
    #[must_use]
    pub fn last_seen(&self) -> Option<u64> {
        self.glance().map(|glance| glance.seq)
    }
}
