//! How far a stage reaches: from its line to the next stage, or to the end of what it stands in.

use super::{Start, is_elsewhere, is_watching, share};
use crate::order;
use crate::plan::StageId;
use crate::plan::markdown::{Entry, Kind};
use crate::plan::outline::{self, Outline};
use crate::plan::words;

/// The stage of every entry.
pub(super) fn of(entries: &[Entry], outline: &Outline, starts: &[Start]) -> Vec<Option<StageId>> {
    // Stages of one line, `5% → 25%`, are told apart by nothing behind it: the last one stands for all.
    let last = order::map(starts.iter().enumerate().map(|(at, start)| (start.entry, at)));
    let mut begins = last.into_iter().peekable();
    let mut open: Option<Open> = None;
    let mut of = Vec::with_capacity(entries.len());
    for at in 0..entries.len() {
        if let Some((_, start)) = begins.next_if(|(entry, _)| *entry == at) {
            open = Some(Open::at(entries, at, StageId::at(start), starts[start].share()));
        } else if open.as_mut().is_some_and(|stage| stage.ends(entries, at)) {
            open = None;
        }
        let stage = open.as_ref().filter(|_| !is_elsewhere(outline, at));
        of.push(stage.map(|stage| stage.id));
    }
    of
}

/// A stage whose lines are being read.
struct Open {
    id: StageId,
    share: Option<f64>,
    start: usize,
    /// A heading of this level or above ends it; without one, every heading does.
    level: Option<u8>,
    /// The numbered step it stands in: what is no longer in it ends the stage.
    step: Option<usize>,
    /// A line of an overview holds nothing but itself.
    is_line: bool,
    /// A row of arrows, and what is nested in it.
    is_listing: bool,
}

impl Open {
    fn at(entries: &[Entry], start: usize, id: StageId, share: Option<f64>) -> Self {
        let entry = &entries[start];
        let is_listing =
            entry.level().is_none() && share::named(&entry.text).len() > 1 && share::is_listing(&entry.text);
        // What is nested in a row of arrows is of its stages: `Ramp (5% → 25%)` with `Wait 1 h at each`.
        let is_alone = entry.ticked().is_none() && entries.get(start + 1).is_none_or(|next| next.under != Some(start));
        let is_line = matches!(entry.kind, Kind::Row(_)) || (is_listing && is_alone);
        Self { id, share, start, level: entry.level(), step: entry.under, is_line, is_listing }
    }

    fn ends(&mut self, entries: &[Entry], at: usize) -> bool {
        let entry = &entries[at];
        if self.is_line
            || (self.is_listing
                && entries[self.start].ticked().is_none()
                && !outline::is_under(entries, at, self.start))
        {
            return true;
        }
        if let Some(level) = entry.level() {
            let is_inside = self.level.is_some_and(|own| level > own);
            let is_watched = self.level.is_none_or(|own| level == own) && self.is_watched_by(entry);
            if is_watched {
                self.level = Some(level);
                self.step = None;
            }
            return !is_inside && !is_watched;
        }
        if entry.is_label() && words::is_after(entry.key()) {
            return true;
        }
        // Comments of one fence stay together; so do the lines of a numbered step.
        self.step.is_some_and(|step| !outline::is_under(entries, at, step))
            && !outline::is_under(entries, at, self.start)
    }

    /// A heading beside the stage's own that only watches it: `Monitor 25% (5 minutes)`.
    fn is_watched_by(&self, heading: &Entry) -> bool {
        let named = share::named(&heading.text);
        is_watching(heading) && self.share.is_some_and(|share| named.is_empty() || named.contains(&share))
    }
}
