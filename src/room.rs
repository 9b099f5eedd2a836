//! The running cutover: what is observed and what people intend goes into the session, what is
//! live comes out.
//!
//! The room is a task of its own. A terminal that has stopped reading does not stop it, a source
//! that hangs does not, and neither does a slow disk: it never waits for any of them. What it
//! decides is queued for the log at once and published at once; until the log has it on disk it is
//! published as not saved yet.
//!
//! One process holds a session; others take part in it.
//!
//! - [`live`]: what is published.
//! - [`table`]: where seats and the room meet.
//! - [`eyes`]: what observes for it.
//! - [`backfill`]: gaps that are looked into afterwards.
//! - [`gather`]: what came in since the last poll was recorded.
//! - [`keeping`]: what it needs of the place where the session is kept.
//! - [`seats`]: the socket, for other processes.
//! - [`follow`]: a seat in another process, that may take over.
//! - [`company`]: who is here.
//! - [`silence`]: what is too old to be GO.
//! - [`status`]: where the session stands, in a line.
//! - [`player`]: a seat at a night that has been.

pub mod backfill;
pub mod company;
pub mod eyes;
pub mod follow;
pub mod gather;
pub mod keeping;
pub mod live;
mod nudge;
pub mod player;
pub mod seats;
pub mod silence;
pub mod status;
pub mod table;

pub use live::{Disk, Live};
pub use table::{Door, Request, Saved, Seat, Table};

use crate::clock::{Clock, Stamp};
use crate::judge::{Batch, Call};
use crate::observe::Found;
use crate::plan::Plan;
use crate::session::log::{self, DiskState, Durability, Health, Settings, Writer};
use crate::session::store::Held;
use crate::session::{Command, Core, Event, Fact, Header, History, Intent, Refusal, When};
use backfill::Backfill;
use company::{Company, People, Post};
use eyes::{Eyes, Observe};
use gather::Gather;
use keeping::Journal;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot, watch};

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
    table: Table,
    journal: Box<dyn Journal>,
    disk: watch::Receiver<DiskState>,
    people: watch::Receiver<People>,
    /// What others have to say of this session.
    slips: mpsc::Receiver<Fact>,
    gather: Gather,
    backfill: Backfill,
}

/// How long leaving waits for a disk that takes nothing.
const PATIENCE: Duration = Duration::from_secs(2);

impl Room {
    /// Opens the room of a held session, with one seat and nobody beside. What the log says of its
    /// past is recorded at once.
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
        let (table, seat) = Table::lay(first(&held, clock));
        let journal = Box::new(Writer::start(held.log, settings)?);
        let held = Taken { header: held.header, core: held.core, history: held.history, journal };
        let room = Self::at(table, held, clock, Box::new(observe), watch::channel(People::default()).1);
        Ok((room.recording("", opening), seat))
    }

    /// Opens the room of a held session at a table that is laid. `people` says who is here.
    #[must_use]
    pub fn at(table: Table, held: Taken, clock: Clock, observe: Observe, people: watch::Receiver<People>) -> Self {
        let Taken { header, core, history, journal } = held;
        let disk = journal.state();
        let gather = Gather::new(core.plan(), clock);
        let eyes = if core.is_finished() { Eyes::closed() } else { Eyes::open(core.plan(), observe) };
        let backfill = Backfill::new(clock);
        let slips = mpsc::channel(1).1;
        Self { core, header, history, clock, eyes, table, journal, disk, people, slips, gather, backfill }
    }

    /// Records what comes in here, as long as the session is not finished.
    #[must_use]
    pub fn hearing(self, slips: mpsc::Receiver<Fact>) -> Self {
        Self { slips, ..self }
    }

    /// Records how it came that this room goes on with the session.
    #[must_use]
    pub fn recording(mut self, by: &str, opening: Vec<Fact>) -> Self {
        let events = self.core.record(when(self.clock.now()), by, opening);
        self.keep(events);
        self
    }

    /// Runs until every seat is left, then closes the log.
    pub async fn run(mut self) -> Left {
        self.sit().await;
        self.close()
    }

    /// Runs until every seat is left.
    pub async fn sit(&mut self) {
        loop {
            tokio::select! {
                biased;
                request = self.table.next() => match request {
                    Some((intent, answer)) => self.decide(&intent, answer),
                    None => return,
                },
                found = self.eyes.see() => self.gather.take(found),
                looks = self.backfill.looked(), if !self.core.is_finished() => {
                    let events = self.core.backfill(when(self.clock.now()), looks);
                    self.keep(events);
                }
                Some(fact) = self.slips.recv(), if !self.core.is_finished() => {
                    let events = self.core.record(when(self.clock.now()), "", vec![fact]);
                    self.keep(events);
                }
                // A session that is finished is closed behind its last word: nothing is polled any more.
                () = self.gather.due(), if !self.core.is_finished() => {
                    let batch = self.gather.finish();
                    self.poll(batch);
                }
                // A log whose thread is gone stays failing; judging goes on.
                Ok(()) = self.disk.changed(), if self.disk.has_changed().is_ok() => self.publish(),
                Ok(()) = self.people.changed(), if self.people.has_changed().is_ok() => self.publish(),
            }
        }
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
            self.journal.append(event.seq, event.to_json(), durability);
        }
        self.backfill.ask(self.core.plan(), self.core.state());
        self.close_log();
        self.publish();
    }

    /// A finished session ends in a record of what it is; follow-ups are closed behind again.
    fn close_log(&mut self) {
        let head = self.journal.head();
        if let Some(event) = self.core.close(when(self.clock.now()), head.as_str()) {
            self.eyes.close();
            self.journal.append(event.seq, event.to_json(), Durability::Sync);
        }
    }

    fn publish(&mut self) {
        let live = Arc::new(self.live());
        self.table.live.send_replace(live);
    }

    fn live(&mut self) -> Live {
        let company = Company { post: Post::Holds, people: self.people.borrow_and_update().clone() };
        let state = self.core.state();
        let last = Stamp { at: state.at, mono: state.mono() };
        let disk = self.disk_now();
        let live = Live::of(&self.header, &self.core, &self.history, last);
        let verdict = live::overlay(live.verdict, &disk);
        let saved = self.disk.borrow().durable;
        Live { verdict, disk, saved, company, now: self.clock.now(), ..live }
    }

    fn disk_now(&self) -> Disk {
        disk_now(&self.disk.borrow(), self.core.state().seq)
    }

    /// Closes the log; the lock on it is free then.
    #[must_use]
    pub fn close(self) -> Left {
        let log = self.journal.close(PATIENCE);
        let live = Arc::clone(&self.table.live.borrow());
        Left { live, log }
    }
}

/// A held session whose log is being written.
#[derive(Debug)]
pub struct Taken {
    pub header: Arc<Header>,
    pub core: Core,
    pub history: Arc<History>,
    pub journal: Box<dyn Journal>,
}

/// What is live of a session before its room is open.
#[must_use]
pub fn first(held: &Held, clock: Clock) -> Arc<Live> {
    Arc::new(Live::of(&held.header, &held.core, &held.history, clock.now()))
}

fn when(stamp: Stamp) -> When {
    When { at: stamp.at, mono: stamp.mono }
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
