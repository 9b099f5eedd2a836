//! The writer's thread: waits for records, saves them, reports how far it got, and does not give up.

use super::chain::{Place, Sealed};
use super::disk::{self, Disk};
use super::tail::Tail;
use super::writer::{DiskState, Durability, Health, Settings};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// A record on its way to the disk.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) sealed: Sealed,
    pub(super) durability: Durability,
}

/// What the thread keeps.
#[derive(Debug)]
pub(super) struct Keeper<D> {
    tail: Tail<D>,
    records: Receiver<Record>,
    durable: Arc<AtomicU64>,
    state: watch::Sender<DiskState>,
    settings: Settings,
    /// Since when there have been records that are written and not safe.
    unsynced_since: Option<Instant>,
    trouble: Option<Trouble>,
}

#[derive(Clone, Copy, Debug)]
struct Trouble {
    /// It began, or a refuge was last looked for.
    since: Instant,
    tried: Instant,
}

/// What there is to do, the most urgent last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Call {
    Write,
    Sync,
    Close,
}

impl<D: Disk> Keeper<D> {
    /// A keeper for a log that ends here, and where it reports to besides `durable`.
    pub(super) fn new(
        disk: D,
        end: Place,
        records: Receiver<Record>,
        durable: Arc<AtomicU64>,
        settings: Settings,
    ) -> (Self, watch::Receiver<DiskState>) {
        let (state, reports) = watch::channel(DiskState {
            path: disk.path().to_owned(),
            written: end.seq,
            durable: end.seq,
            head: end.head,
            health: Health::Fine,
            busy_since: None,
            took: Duration::ZERO,
        });
        let tail = Tail::new(disk, end);
        (Self { tail, records, durable, state, settings, unsynced_since: None, trouble: None }, reports)
    }

    /// Saves what it hears of until nobody is there to say more.
    pub(super) fn run(mut self) {
        loop {
            let call = self.listen();
            self.save(call);
            if call == Call::Close {
                return;
            }
        }
    }

    /// Waits for records, or for the time to sync or to try again.
    fn listen(&mut self) -> Call {
        let heard = match self.deadline() {
            None => self.records.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(at) => self.records.recv_timeout(at.saturating_duration_since(now())),
        };
        let mut call = match heard {
            Ok(record) => self.take(&record),
            Err(RecvTimeoutError::Timeout) => return Call::Sync,
            Err(RecvTimeoutError::Disconnected) => return Call::Close,
        };
        while let Ok(record) = self.records.try_recv() {
            call = call.max(self.take(&record));
        }
        if self.deadline().is_some_and(|at| at <= now()) { Call::Sync } else { call }
    }

    fn take(&mut self, record: &Record) -> Call {
        self.tail.push(&record.sealed);
        match record.durability {
            Durability::Flush => Call::Write,
            Durability::Sync => Call::Sync,
        }
    }

    fn deadline(&self) -> Option<Instant> {
        match self.trouble {
            Some(trouble) => Some(trouble.tried + self.settings.retry),
            None => self.unsynced_since.map(|since| since + self.settings.flush),
        }
    }

    fn save(&mut self, call: Call) {
        let began = now();
        self.state.send_if_modified(|state| {
            state.busy_since = Some(began);
            false
        });
        let durability = if call == Call::Write { Durability::Flush } else { Durability::Sync };
        let saved = self.tail.save(durability).or_else(|error| self.rescue(error, call));
        let ended = now();
        self.unsynced_since = if self.tail.is_saved() { None } else { self.unsynced_since.or(Some(began)) };
        match (&saved, &mut self.trouble) {
            (Ok(()), trouble) => *trouble = None,
            (Err(_), Some(trouble)) => trouble.tried = ended,
            (Err(_), trouble) => *trouble = Some(Trouble { since: began, tried: ended }),
        }
        self.publish(saved.err(), ended.saturating_duration_since(began));
    }

    /// Leaves the file if it is gone, or nothing has got through for too long; else gives the error back.
    fn rescue(&mut self, error: io::Error, call: Call) -> io::Result<()> {
        let patience = self.settings.patience;
        let is_time = match &self.trouble {
            None => disk::is_gone(&error) || patience.is_zero(),
            Some(trouble) => now().saturating_duration_since(trouble.since) >= patience,
        };
        if !is_time && call != Call::Close {
            return Err(error);
        }
        if let Some(trouble) = &mut self.trouble {
            // It may copy the whole log: where there is no refuge, that is not tried all the time.
            trouble.since = now();
        }
        self.tail.flee().map_err(|_| error)
    }

    fn publish(&self, error: Option<io::Error>, took: Duration) {
        let Place { seq: durable, head, .. } = *self.tail.durable();
        self.durable.store(durable, Ordering::Release);
        let health = error.map_or(Health::Fine, |error| Health::Failing { why: error.to_string() });
        let written = self.tail.written();
        self.state.send_if_modified(|state| {
            let news = (state.written, state.durable) != (written, durable)
                || state.health != health
                || state.path != self.tail.disk().path();
            *state = DiskState {
                path: self.tail.disk().path().to_owned(),
                written,
                durable,
                head,
                health,
                busy_since: None,
                took,
            };
            news
        });
    }
}

impl<D> Drop for Keeper<D> {
    fn drop(&mut self) {
        if thread::panicking() {
            let why = "the log's writer has stopped".to_owned();
            self.state.send_modify(|state| state.health = Health::Failing { why });
        }
    }
}

/// The disk keeps real time, also in a demo whose clock runs faster.
pub(super) fn now() -> Instant {
    #[expect(clippy::disallowed_methods, reason = "paces a disk; nothing that is judged or recorded depends on it")]
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Fault, Model, sealed, start};
    use super::*;
    use std::sync::mpsc;

    #[test]
    fn readings_that_never_pause_are_synced_in_time_all_the_same() {
        let (inbox, records) = mpsc::channel();
        let model = Model::new(Fault { from: 0, count: 0 });
        let settings = Settings { flush: Duration::ZERO, ..Settings::default() };
        let (mut keeper, _reports) = Keeper::new(model, start(), records, Arc::default(), settings);
        let mut end = start();
        let calls = [1, 2, 3].map(|seq| {
            let sealed = sealed(seq, &end);
            end = sealed.end;
            inbox.send(Record { sealed, durability: Durability::Flush }).unwrap();
            let call = keeper.listen();
            keeper.save(call);
            call
        });
        assert_eq!(calls, [Call::Write, Call::Sync, Call::Write]);
    }
}
