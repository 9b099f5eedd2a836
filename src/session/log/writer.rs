//! The writer: a thread of its own, so that a slow disk never stops a key from being answered.
//!
//! Records are handed over without waiting and come back as numbers: how far the log is written,
//! and how far it is safe. What is handed over together is written and synced together.

use super::chain::LineHash;
use super::disk::{self, Disk};
use super::tail::Tail;
use super::{Log, Place};
use signal_hook::consts::SIGXFSZ;
use std::collections::VecDeque;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Once};
use std::thread;
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// A sync that takes longer than this is worth a word on the screen.
pub const SLOW: Duration = Duration::from_millis(100);

/// How soon a record has to be safe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Now: somebody is waiting to see it saved.
    Sync,
    /// Written now, safe within [`Settings::flush`].
    Flush,
}

/// How a writer paces itself, and where it may go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Written records are safe after this long.
    pub flush: Duration,
    /// A disk that failed is tried again after this long, and whenever there is more to write.
    pub retry: Duration,
    /// A disk that has failed for this long is left for a refuge.
    pub patience: Duration,
    /// Directories to go on in when the log's own takes nothing any more, in this order.
    pub refuges: Vec<PathBuf>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            flush: Duration::from_secs(1),
            retry: Duration::from_millis(500),
            patience: Duration::from_secs(10),
            refuges: Vec::new(),
        }
    }
}

/// How far the log is, as its writer last knew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiskState {
    /// Where the log is; another path than at the start if it had to move.
    pub path: PathBuf,
    /// The number of the last record in the file.
    pub written: u64,
    /// The number of the last record that is safe.
    pub durable: u64,
    /// The hash of that record's line.
    pub head: LineHash,
    pub health: Health,
    /// Since when a write or sync has been under way. Worth a look, never announced.
    pub busy_since: Option<Instant>,
    /// How long the last one took. Never announced either.
    pub took: Duration,
}

impl DiskState {
    /// Whether the disk keeps the writer waiting for long.
    #[must_use]
    pub fn is_slow(&self) -> bool {
        self.slow(now()).is_some()
    }

    /// How long the disk has kept the writer waiting, if that is long.
    #[must_use]
    pub fn slow(&self, now: Instant) -> Option<Duration> {
        let busy = self.busy_since.map_or(self.took, |since| now.saturating_duration_since(since).max(self.took));
        (busy > SLOW).then_some(busy)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Health {
    Fine,
    /// Nothing gets through, and it goes on trying; what was handed over is kept in memory.
    Failing {
        /// What the system said to the last attempt.
        why: String,
    },
}

/// A record that is not safe, or not known to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsaved {
    pub seq: u64,
    /// Its JSON object, as it was handed over.
    pub body: Arc<str>,
}

/// How a log was left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    pub disk: DiskState,
    /// What could not be saved, to be shown to somebody who can.
    pub unsaved: Vec<Unsaved>,
}

/// Appends to a log from a thread of its own. Dropped without `close`, it still saves what it has.
#[derive(Debug)]
pub struct Writer {
    inbox: Sender<Record>,
    last: u64,
    unsaved: VecDeque<Unsaved>,
    durable: Arc<AtomicU64>,
    state: watch::Receiver<DiskState>,
    /// Never says anything; its other end is gone when the thread is.
    ended: Receiver<()>,
}

#[derive(Debug)]
struct Record {
    body: Arc<str>,
    durability: Durability,
}

impl Writer {
    /// Starts the thread.
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub fn start(log: Log, settings: Settings) -> io::Result<Self> {
        survive_file_size_limits()?;
        Self::over(log.site.with_refuges(settings.refuges.clone()), log.place, settings)
    }

    pub(super) fn over<D: Disk>(disk: D, end: Place, settings: Settings) -> io::Result<Self> {
        let (inbox, records) = mpsc::channel();
        let (running, ended) = mpsc::channel::<()>();
        let durable = Arc::new(AtomicU64::new(end.seq));
        let (sender, state) = watch::channel(DiskState {
            path: disk.path().to_owned(),
            written: end.seq,
            durable: end.seq,
            head: end.head,
            health: Health::Fine,
            busy_since: None,
            took: Duration::ZERO,
        });
        let keeper = Keeper {
            tail: Tail::new(disk, end),
            records,
            durable: durable.clone(),
            state: sender,
            settings,
            unsynced_since: None,
            trouble: None,
        };
        thread::Builder::new().name("log".to_owned()).spawn(move || {
            keeper.run();
            drop(running);
        })?;
        Ok(Self { inbox, last: end.seq, unsaved: VecDeque::new(), durable, state, ended })
    }

    /// Hands a record over; never waits. Numbers follow one another, and are the body's first member.
    pub fn append(&mut self, seq: u64, body: impl Into<Arc<str>>, durability: Durability) {
        let body = body.into();
        debug_assert_eq!(seq, self.last + 1, "events follow one another");
        debug_assert!(body.starts_with(&format!(r#"{{"seq":{seq}"#)), "an event's number comes first: {body}");
        debug_assert!(body.ends_with('}') && !body.contains('\n'), "an event is an object on one line: {body}");
        self.last = seq;
        self.forget_saved();
        self.unsaved.push_back(Unsaved { seq, body: body.clone() });
        // Fails only after the thread has ended, which it has then said itself.
        let _ended = self.inbox.send(Record { body, durability });
    }

    /// How far the log is, and word of every change.
    #[must_use]
    pub fn state(&self) -> watch::Receiver<DiskState> {
        self.state.clone()
    }

    /// How many records are not safe yet.
    #[must_use]
    pub fn unsaved(&self) -> u64 {
        self.last.saturating_sub(self.durable.load(Ordering::Acquire))
    }

    /// Saves everything and lets go of the log; leaves what cannot be saved within `patience`.
    #[must_use]
    pub fn close(mut self, patience: Duration) -> Closed {
        drop(self.inbox);
        let _ended_or_late = self.ended.recv_timeout(patience);
        let durable = self.durable.load(Ordering::Acquire);
        self.unsaved.retain(|record| record.seq > durable);
        let disk = self.state.borrow().clone();
        Closed { disk, unsaved: self.unsaved.into() }
    }

    fn forget_saved(&mut self) {
        let durable = self.durable.load(Ordering::Acquire);
        while self.unsaved.front().is_some_and(|record| record.seq <= durable) {
            self.unsaved.pop_front();
        }
    }
}

/// The thread's side.
#[derive(Debug)]
struct Keeper<D> {
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
    fn run(mut self) {
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
        self.tail.push(&record.body);
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
        let saved = self.tail.save(durability).or_else(|error| {
            if self.is_time_to_flee(&error, call) { self.tail.flee().map_err(|_| error) } else { Err(error) }
        });
        let ended = now();
        self.unsynced_since = if self.tail.is_saved() { None } else { self.unsynced_since.or(Some(began)) };
        self.trouble = saved
            .is_err()
            .then(|| Trouble { since: self.trouble.map_or(began, |trouble| trouble.since), tried: ended });
        self.publish(saved.err(), ended.saturating_duration_since(began));
    }

    fn is_time_to_flee(&self, error: &io::Error, call: Call) -> bool {
        let failing_for = self.trouble.map_or(Duration::ZERO, |trouble| now().saturating_duration_since(trouble.since));
        call == Call::Close || disk::is_gone(error) || failing_for >= self.settings.patience
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
fn now() -> Instant {
    #[expect(clippy::disallowed_methods, reason = "paces a disk; nothing that is judged or recorded depends on it")]
    Instant::now()
}

/// Makes a write beyond `ulimit -f` an error like any other, where it would end the process.
fn survive_file_size_limits() -> io::Result<()> {
    static ONCE: Once = Once::new();
    let mut caught = Ok(());
    ONCE.call_once(|| caught = signal_hook::flag::register(SIGXFSZ, Arc::default()).map(drop));
    caught
}
