//! Everything that happened, in the sentences of every screen.

use super::{Telling, Time};
use crate::judge::Call;
use crate::session::chronicle::Instant;
use crate::session::event::{Event, Fact};
use crate::session::tell;
use serde::Serialize;

/// An entry of the timeline.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Entry {
    pub seq: u64,
    pub when: Time,
    /// Empty for what nobody did.
    pub by: String,
    /// The kind of its event: `item_ticked`, `noted`, `verdict_changed`, …
    pub kind: String,
    pub what: String,
    pub is_starred: bool,
    /// When it happened, where its writer says that it was earlier.
    pub happened: Option<Time>,
    /// The verdict's word, where the entry is one.
    pub call: Option<&'static str>,
}

impl Telling<'_> {
    /// The events that are told, with when they came.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&Event, Instant)> {
        let timeline = self.night.state.timeline.iter().map(AsRef::as_ref);
        let told = timeline.zip(self.night.chronicle.entries.iter().copied());
        told.filter(|(_, when)| self.part.holds(when.moment))
    }

    pub(super) fn timeline(&self) -> Vec<Entry> {
        self.entries().map(|(event, when)| self.entry(event, when)).collect()
    }

    fn entry(&self, event: &Event, when: Instant) -> Entry {
        Entry {
            seq: event.seq,
            when: Time::of(when),
            by: event.by.clone(),
            kind: event.fact.kind(),
            what: tell::tell(self.night.state, event).unwrap_or_default(),
            is_starred: self.night.state.record.stars.contains(&event.seq),
            happened: match &event.fact {
                Fact::NoteBackdated(note) => Some(self.time_at(note.happened_at)),
                _ => None,
            },
            call: match event.fact {
                Fact::VerdictChanged { call, .. } => Some(call.word()),
                _ => None,
            },
        }
    }
}

/// From the first ROLLBACK before the decision, or the decision itself, to the end.
pub(super) fn rollback(timeline: &[Entry]) -> Vec<Entry> {
    let is_rollback = |entry: &&Entry| entry.kind == "rolled_back";
    let Some(decided) = timeline.iter().find(is_rollback) else { return Vec::new() };
    let before = timeline.iter().filter(|entry| entry.seq < decided.seq && entry.call.is_some());
    let calls: Vec<_> = before.collect();
    let called = calls.iter().rev().take_while(|entry| entry.call == Some(Call::Rollback.word())).last();
    let from = called.map_or(decided.seq, |entry| entry.seq);
    let is_star = |entry: &&Entry| entry.kind.starts_with("entry_");
    timeline.iter().filter(|entry| entry.seq >= from && !is_star(entry)).cloned().collect()
}
