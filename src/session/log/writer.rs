//! The writer: a thread of its own, so that a slow disk never stops a key from being answered.
//!
//! Records are handed over without waiting and come back as numbers: how far the log is written,
//! and how far it is safe. What is handed over together is written and synced together.

use super::Log;
use super::chain::{LineHash, Place, Sealed};
use super::disk::Disk;
use super::keeper::{Keeper, Record};
use signal_hook::consts::SIGXFSZ;
use std::collections::VecDeque;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Once};
use std::thread;
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// A sync that takes longer than this is worth a word on the screen.
pub const SLOW: Duration = Duration::from_millis(100);

/// A sync under way for longer than this is no sync to count on.
const STUCK: Duration = Duration::from_secs(6);

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
        self.slow(super::keeper::now()).is_some()
    }

    /// Whether the disk has kept the writer waiting for so long that it may never answer.
    #[must_use]
    pub fn is_stuck(&self) -> bool {
        let since = self.busy_since.map(|since| super::keeper::now().saturating_duration_since(since));
        since.is_some_and(|span| span > STUCK)
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
    /// Behind the last record that was handed over.
    end: Place,
    unsaved: VecDeque<Unsaved>,
    durable: Arc<AtomicU64>,
    state: watch::Receiver<DiskState>,
    /// Never says anything; its other end is gone when the thread is.
    ended: Receiver<()>,
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
        let (keeper, state) = Keeper::new(disk, end, records, durable.clone(), settings);
        thread::Builder::new().name("log".to_owned()).spawn(move || {
            keeper.run();
            drop(running);
        })?;
        Ok(Self { inbox, end, unsaved: VecDeque::new(), durable, state, ended })
    }

    /// Hands a record over; never waits. Numbers follow one another, and are the body's first member.
    pub fn append(&mut self, seq: u64, body: impl Into<Arc<str>>, durability: Durability) {
        let body = body.into();
        debug_assert_eq!(seq, self.end.seq + 1, "events follow one another");
        debug_assert!(body.starts_with(&format!(r#"{{"seq":{seq}"#)), "an event's number comes first: {body}");
        debug_assert!(body.ends_with('}') && !body.contains('\n'), "an event is an object on one line: {body}");
        let sealed = Sealed::event(&body, &self.end);
        self.end = sealed.end;
        self.forget_saved();
        self.unsaved.push_back(Unsaved { seq, body });
        // Fails only after the thread has ended, which it has then said itself.
        let _ended = self.inbox.send(Record { sealed, durability });
    }

    /// The hash of the last record that was handed over, safe or not: what the next one names.
    #[must_use]
    pub const fn head(&self) -> LineHash {
        self.end.head
    }

    /// How far the log is, and word of every change.
    #[must_use]
    pub fn state(&self) -> watch::Receiver<DiskState> {
        self.state.clone()
    }

    /// How many records are not safe yet.
    #[must_use]
    pub fn unsaved(&self) -> u64 {
        self.end.seq.saturating_sub(self.durable.load(Ordering::Acquire))
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

/// Makes a write beyond `ulimit -f` an error like any other, where it would end the process.
fn survive_file_size_limits() -> io::Result<()> {
    static ONCE: Once = Once::new();
    let mut caught = Ok(());
    ONCE.call_once(|| caught = signal_hook::flag::register(SIGXFSZ, Arc::default()).map(drop));
    caught
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Fault, Model, body, sample, start};
    use super::*;

    const NEVER: Fault = Fault { from: 0, count: 0 };
    const LONG: Duration = Duration::from_secs(60);

    fn hasty() -> Settings {
        Settings {
            flush: Duration::from_millis(5),
            retry: Duration::from_millis(1),
            patience: LONG,
            refuges: Vec::new(),
        }
    }

    fn writer(model: &Model, settings: Settings) -> Writer {
        Writer::over(model.clone(), start(), settings).unwrap()
    }

    async fn wait_for(writer: &Writer, met: impl FnMut(&DiskState) -> bool) -> DiskState {
        let mut state = writer.state();
        let met = tokio::time::timeout(LONG, state.wait_for(met)).await;
        met.expect("the disk got there").expect("the writer lives").clone()
    }

    #[tokio::test]
    async fn a_decision_is_acknowledged_with_everything_before_it() {
        let model = Model::new(NEVER);
        let mut writer = writer(&model, Settings { flush: LONG, ..hasty() });
        writer.append(1, body(1), Durability::Flush);
        assert_eq!(wait_for(&writer, |disk| disk.written == 1).await.durable, 0);
        writer.append(2, body(2), Durability::Sync);
        let disk = wait_for(&writer, |disk| disk.durable == 2).await;
        assert_eq!(model.0.lock().unwrap().stable, sample(2));
        assert_eq!((disk.health, writer.unsaved()), (Health::Fine, 0));
    }

    #[tokio::test]
    async fn readings_are_safe_after_a_while_though_nobody_asks() {
        let model = Model::new(NEVER);
        let mut writer = writer(&model, hasty());
        for seq in 1..=3 {
            writer.append(seq, body(seq), Durability::Flush);
        }
        wait_for(&writer, |disk| disk.durable == 3).await;
        assert_eq!(model.0.lock().unwrap().stable, sample(3));
    }

    #[tokio::test]
    async fn a_stalled_disk_keeps_nobody_waiting_and_catches_up_in_two_strides() {
        let model = Model::new(NEVER);
        let mut writer = writer(&model, hasty());
        let stall = model.0.lock().unwrap();
        for seq in 1..=500 {
            writer.append(seq, body(seq), Durability::Sync);
        }
        assert_eq!(writer.unsaved(), 500);
        let state = writer.state();
        while state.borrow().busy_since.is_none() {
            thread::yield_now();
        }
        let began = state.borrow().busy_since.unwrap();
        assert_eq!(state.borrow().slow(began), None);
        assert_eq!(state.borrow().slow(began + 2 * SLOW), Some(2 * SLOW));
        drop(stall);
        wait_for(&writer, |disk| disk.durable == 500).await;
        let platter = model.0.lock().unwrap();
        assert_eq!(platter.stable, sample(500));
        assert!(platter.calls <= 4, "{} calls for what was queued behind one", platter.calls);
    }

    #[test]
    fn leaving_a_stalled_disk_takes_no_longer_than_one_is_ready_to_wait() {
        let model = Model::new(NEVER);
        let mut writer = writer(&model, hasty());
        let stall = model.0.lock().unwrap();
        for seq in 1..=3 {
            writer.append(seq, body(seq), Durability::Sync);
        }
        let closed = writer.close(Duration::ZERO);
        assert_eq!(closed.unsaved.iter().map(|record| &*record.body).collect::<Vec<_>>(), [body(1), body(2), body(3)]);
        drop(stall);
    }

    #[tokio::test]
    async fn a_failing_disk_is_tried_until_it_is_back() {
        let model = Model::new(Fault { from: 3, count: usize::MAX });
        let mut writer = writer(&model, hasty());
        for seq in 1..=2 {
            writer.append(seq, body(seq), Durability::Sync);
            wait_for(&writer, |disk| disk.durable == seq || disk.health != Health::Fine).await;
        }
        let disk = wait_for(&writer, |disk| disk.health != Health::Fine).await;
        assert!(matches!(disk.health, Health::Failing { .. }));
        assert_eq!((disk.durable, writer.unsaved()), (1, 1));
        model.0.lock().unwrap().fault = NEVER;
        let disk = wait_for(&writer, |disk| disk.durable == 2).await;
        assert_eq!(disk.health, Health::Fine);
        assert_eq!(model.0.lock().unwrap().stable, sample(2));
    }

    #[test]
    fn what_could_not_be_saved_is_given_back() {
        let model = Model::new(Fault { from: 1, count: usize::MAX });
        let mut writer = writer(&model, hasty());
        writer.append(1, body(1), Durability::Sync);
        writer.append(2, body(2), Durability::Flush);
        let closed = writer.close(LONG);
        assert_eq!(closed.unsaved.len(), 2);
        assert_eq!((closed.disk.durable, closed.disk.head), (0, start().head));
        assert!(matches!(closed.disk.health, Health::Failing { .. }));
    }
}
