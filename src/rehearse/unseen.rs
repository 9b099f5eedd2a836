//! What the sources would have said while the process was away: they remember it.

use crate::judge::{Batch, Look};
use crate::text::Millis;

/// The polls that nobody made.
#[derive(Clone, Debug, Default)]
pub(super) struct Unseen {
    /// The last poll before.
    from: Millis,
    next: Millis,
    to: Millis,
    looks: Vec<Look>,
}

impl Unseen {
    /// From the last poll to the first one behind.
    pub(super) fn between(from: Millis, to: Millis) -> Self {
        Self { from, next: from, to, looks: Vec::new() }
    }

    /// The next moment at which nobody asked, before a moment of the night.
    pub(super) fn next_before(&self, t: Millis) -> Option<Millis> {
        Some(self.next).filter(|next| *next < t && *next < self.to)
    }

    /// Keeps what a source said at a moment. Of endpoints and alerts nobody keeps it.
    pub(super) fn keep(&mut self, at: Millis, poll: Millis, batch: Batch) {
        self.next = at + poll;
        if at > self.from {
            let batch = Batch { readings: batch.readings, ..Batch::default() };
            self.looks.push(Look { after: at - self.from, batch });
        }
    }

    /// All of it.
    pub(super) fn take(&mut self) -> Vec<Look> {
        std::mem::take(&mut self.looks)
    }
}
