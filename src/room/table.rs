//! Where seats and whoever decides meet: requests one way, what is live the other.
//!
//! A seat holds on to its end whoever sits at the other one: a room of this process, or a seat that
//! follows another process and later opens a room of its own at the same table.

use super::{Disk, Live};
use crate::session::{Intent, Refusal};
use std::collections::VecDeque;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot, watch};

/// An intent with where its answer goes: the number of the event that carries it out, which is
/// acknowledged once [`Live::saved`] has reached it, or why it is refused.
pub type Request = (Intent, oneshot::Sender<Result<u64, Refusal>>);

/// So many intents wait at most: more than a person types while one is decided.
const REQUESTS: usize = 64;

/// The end of whoever decides.
#[derive(Debug)]
pub struct Table {
    pub live: watch::Sender<Arc<Live>>,
    pub requests: mpsc::Receiver<Request>,
    /// What was said before there was anybody to decide it.
    pub waiting: VecDeque<Request>,
}

/// What a seat at the screen holds of the table.
#[derive(Clone, Debug)]
pub struct Seat {
    pub live: watch::Receiver<Arc<Live>>,
    pub requests: mpsc::Sender<Request>,
}

/// A place at a table that keeps nobody there: when the last seat is left, the table is cleared.
#[derive(Clone, Debug)]
pub struct Door {
    pub live: watch::Receiver<Arc<Live>>,
    pub requests: mpsc::WeakSender<Request>,
}

/// Whether what was decided is on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    OnDisk,
    /// Kept in memory; written as soon as the log can be.
    NotYet,
}

impl Table {
    /// A table with one seat at it.
    #[must_use]
    pub fn lay(first: Arc<Live>) -> (Self, Seat) {
        let (requests, incoming) = mpsc::channel(REQUESTS);
        let (live, watching) = watch::channel(first);
        let table = Self { live, requests: incoming, waiting: VecDeque::new() };
        (table, Seat { live: watching, requests })
    }

    /// The next request; none when every seat is left.
    pub async fn next(&mut self) -> Option<Request> {
        match self.waiting.pop_front() {
            Some(request) => Some(request),
            None => self.requests.recv().await,
        }
    }
}

impl Seat {
    #[must_use]
    pub fn door(&self) -> Door {
        Door { live: self.live.clone(), requests: self.requests.downgrade() }
    }

    /// Gives an intent to the room and waits until it is decided, and if it is carried out until
    /// it is on disk or known not to be.
    ///
    /// # Errors
    /// Why it is refused.
    pub async fn intend(&self, intent: Intent) -> Result<Saved, Refusal> {
        let closed = || Refusal::NotNow("nobody is there any more to do it".to_owned());
        let (answer, decided) = oneshot::channel();
        self.requests.send((intent, answer)).await.map_err(|_| closed())?;
        let seq = decided.await.map_err(|_| closed())??;
        let mut live = self.live.clone();
        let settled = |live: &Arc<Live>| live.is_saved(seq) || matches!(live.disk, Disk::Failing { .. });
        match live.wait_for(settled).await {
            Ok(live) if live.is_saved(seq) => Ok(Saved::OnDisk),
            _ => Ok(Saved::NotYet),
        }
    }
}
