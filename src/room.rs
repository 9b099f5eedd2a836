//! The running cutover: what is observed and what people intend goes into the session, what is
//! live comes out.
//!
//! The room is a task of its own. A terminal that has stopped reading does not stop it, a source
//! that hangs does not, and neither does a slow disk: it never waits for any of them. What it
//! decides is queued for the log at once and published at once; until the log has it on disk it is
//! published as not saved yet.
//!
//! - [`live`]: what is published.
//! - [`eyes`]: what observes for it.
//! - [`backfill`]: gaps that are looked into afterwards.
//! - [`gather`]: what came in since the last poll was recorded.

pub mod backfill;
pub mod eyes;
pub mod gather;
pub mod live;

pub use live::{Disk, Live};

use crate::clock::{Clock, Stamp};
use crate::judge::{Batch, Call};
use crate::observe::Found;
use crate::plan::Plan;
use crate::session::log::{self, DiskState, Durability, Health, Settings, Writer};
use crate::session::store::Held;
use crate::session::{Command, Core, Event, Fact, Header, History, Intent, Refusal, When};
use backfill::Backfill;
use eyes::Eyes;
use gather::Gather;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot, watch};

/// An intent with where its answer goes: the number of the event that carries it out, which is
/// acknowledged once [`Live::saved`] has reached it, or why it is refused.
pub type Request = (Intent, oneshot::Sender<Result<u64, Refusal>>);

/// What a seat at the screen holds of the room.
#[derive(Clone, Debug)]
pub struct Seat {
    pub live: watch::Receiver<Arc<Live>>,
    pub requests: mpsc::Sender<Request>,
}

impl Seat {
    /// Gives an intent to the room and waits until it is decided, and if it is carried out until
    /// it is on disk or known not to be.
    ///
    /// # Errors
    /// Why it is refused.
    pub async fn intend(&self, intent: Intent) -> Result<Saved, Refusal> {
        let closed = || Refusal::NotNow("the session is being closed".to_owned());
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

/// Whether what was decided is on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    OnDisk,
    /// Kept in memory; written as soon as the log can be.
    NotYet,
}

/// How a room was left.
#[derive(Debug)]
pub struct Left {
    pub live: Arc<Live>,
    pub log: log::Closed,
}

/// The room.
#[derive(Debug)]
pub struct Room {
    core: Core,
    header: Arc<Header>,
    history: Arc<History>,
    clock: Clock,
    eyes: Eyes,
    requests: mpsc::Receiver<Request>,
    writer: Writer,
    disk: watch::Receiver<DiskState>,
    live: watch::Sender<Arc<Live>>,
    gather: Gather,
    backfill: Backfill,
}

/// So many intents wait at most: more than a person types while one is decided.
const REQUESTS: usize = 64;

/// How long leaving waits for a disk that takes nothing.
const PATIENCE: Duration = Duration::from_secs(2);

impl Room {
    /// Opens the room of a held session. What the log says of its past is recorded at once.
    ///
    /// `observe` starts what observes a plan, and ends what observed the one before.
    ///
    /// # Errors
    /// Where the system gives no thread for the log.
    pub fn open(
        held: Held,
        clock: Clock,
        observe: impl FnMut(&Plan) -> mpsc::Receiver<Found> + Send + 'static,
        opening: Vec<Fact>,
        settings: Settings,
    ) -> io::Result<(Self, Seat)> {
        let Held { header, core, history, log, .. } = held;
        let (requests, incoming) = mpsc::channel(REQUESTS);
        let writer = Writer::start(log, settings)?;
        let disk = writer.state();
        let gather = Gather::new(core.plan(), clock);
        let eyes = Eyes::open(core.plan(), Box::new(observe));
        let history = Arc::new(history);
        let first = publish(&header, &core, &history, &disk.borrow(), clock.now());
        let (live, watching) = watch::channel(first);
        let mut room = Self {
            core,
            header,
            history,
            clock,
            eyes,
            requests: incoming,
            writer,
            disk,
            live,
            gather,
            backfill: Backfill::new(clock),
        };
        let events = room.core.record(when(room.clock.now()), "", opening);
        room.keep(events);
        Ok((room, Seat { live: watching, requests }))
    }

    /// Runs until every seat is left, then closes the log.
    pub async fn run(mut self) -> Left {
        loop {
            tokio::select! {
                biased;
                request = self.requests.recv() => match request {
                    Some((intent, answer)) => self.decide(&intent, answer),
                    None => break,
                },
                found = self.eyes.see() => self.gather.take(found),
                looks = self.backfill.looked() => {
                    let events = self.core.backfill(when(self.clock.now()), looks);
                    self.keep(events);
                }
                () = self.gather.due() => {
                    let batch = self.gather.finish();
                    self.poll(batch);
                }
                // A log whose thread is gone stays failing; judging goes on.
                Ok(()) = self.disk.changed(), if self.disk.has_changed().is_ok() => self.publish(),
            }
        }
        self.close()
    }

    fn decide(&mut self, intent: &Intent, answer: oneshot::Sender<Result<u64, Refusal>>) {
        let now = when(self.clock.now());
        let decided = self.refuse_unrecorded(intent, now).and_then(|()| self.core.intend(now, intent));
        let answered = decided.map(|events| {
            // The verdict that may follow is nobody's decision: the acknowledgement is for the last that is.
            let decided = events.iter().rev().find(|event| event.fact.is_human()).map_or(0, |event| event.seq);
            self.keep(events);
            decided
        });
        // Whoever asked may have gone; what was decided stands all the same.
        let _gone = answer.send(answered);
    }

    /// GO is HOLD while nothing can be recorded: what moves the cutover on waits, or overrides.
    fn refuse_unrecorded(&self, intent: &Intent, now: When) -> Result<(), Refusal> {
        let moves_on = matches!(intent.command, Command::Start { .. } | Command::Promote);
        let earned = if moves_on { self.core.state_at(now).verdict() } else { return Ok(()) };
        let verdict = live::overlay(earned.clone(), &self.disk_now());
        if verdict.call != Call::Hold || earned.call != Call::Go {
            return Ok(());
        }
        let reasons = verdict.reasons.iter().map(|reason| reason.text.clone()).collect();
        Err(Refusal::NotGo { call: verdict.call, reasons, instead: "say it with \"!\" to go against that" })
    }

    fn poll(&mut self, batch: Batch) {
        let events = self.core.poll(when(self.clock.now()), batch);
        self.keep(events);
    }

    /// Queues events for the log and publishes what they led to.
    fn keep(&mut self, events: Vec<Event>) {
        for event in events {
            if let Fact::PlanAmended { plan, .. } = &event.fact {
                self.eyes.look_at(plan);
                self.gather = Gather::new(plan, self.clock);
            }
            Arc::make_mut(&mut self.history).record(&event, self.core.state().ramp.now);
            let durability = if event.fact.is_human() { Durability::Sync } else { Durability::Flush };
            self.writer.append(event.seq, event.to_json(), durability);
        }
        self.backfill.ask(self.core.plan(), self.core.state());
        self.publish();
    }

    fn publish(&self) {
        let live = publish(&self.header, &self.core, &self.history, &self.disk.borrow(), self.clock.now());
        self.live.send_replace(live);
    }

    fn disk_now(&self) -> Disk {
        disk_now(&self.disk.borrow(), self.core.state().seq)
    }

    fn close(self) -> Left {
        let log = self.writer.close(PATIENCE);
        let live = Arc::clone(&self.live.borrow());
        Left { live, log }
    }
}

fn when(stamp: Stamp) -> When {
    When { at: stamp.at, mono: stamp.mono }
}

fn publish(header: &Arc<Header>, core: &Core, history: &Arc<History>, disk: &DiskState, now: Stamp) -> Arc<Live> {
    let health = disk_now(disk, core.state().seq);
    Arc::new(Live {
        header: Arc::clone(header),
        plan: Arc::clone(core.plan()),
        state: Arc::clone(core.state()),
        history: Arc::clone(history),
        verdict: live::overlay(core.verdict(), &health),
        saved: disk.durable,
        disk: health,
        now,
    })
}

fn disk_now(disk: &DiskState, last: u64) -> Disk {
    match &disk.health {
        Health::Failing { why } => Disk::Failing { why: why.clone(), unsaved: last.saturating_sub(disk.durable) },
        Health::Fine if disk.is_stuck() => {
            let why = "the disk does not answer".to_owned();
            Disk::Failing { why, unsaved: last.saturating_sub(disk.durable) }
        }
        Health::Fine if disk.is_slow() => Disk::Slow,
        Health::Fine => Disk::Fine,
    }
}
