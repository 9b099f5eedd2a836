//! A seat that does not hold the session: it follows the log with the same fold, asks the holder for
//! what its person says, and takes over when the holder is gone.
//!
//! Nothing of this needs the holder to be well. One that hangs writes nothing, and the screen says
//! that it is old; one that dies lets go of the lock, and the first seat that takes it goes on.

use super::company::{Company, People, Post};
use super::keeping::{Channel, Keeping, Tail};
use super::live::{self, Disk, Live};
use super::seats::wire::{self, Asked, Told};
use super::{Request, Seat, Table};
use crate::clock::{Clock, Stamp};
use crate::session::Refusal;
use crate::session::log::{self, Look};
use crate::session::store::{Held, Replay, StoreError};
use crate::text::Millis;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::oneshot;

/// So many requests are kept for a holder that does not answer.
const WAITING: usize = 64;

/// How soon the holder is looked for again; longer and longer, up to half a poll interval.
const SOON: Millis = Millis(20);

/// What somebody comes for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Comes {
    /// To act, under this name; empty for none yet.
    ToAct(String),
    ToWatch,
}

/// How following ended.
#[derive(Debug)]
pub enum Followed {
    /// The seat was left.
    Left(Arc<Live>),
    /// The holder is gone, and the session is this seat's: to go on with at the same table.
    TakenOver(Box<Held>, Table),
}

/// A seat on its way: the log has been read, and the holder called.
#[derive(Debug)]
pub struct Guest<K: Keeping> {
    keeping: K,
    comes: Comes,
    clock: Clock,
    tail: K::Tail,
    replay: Replay,
    line: Option<K::Channel>,
    /// Why there is no line.
    why: String,
    disk: Option<wire::Disk>,
    people: People,
    table: Table,
    asked: BTreeMap<u64, oneshot::Sender<Result<u64, Refusal>>>,
    last_id: u64,
    wait: Millis,
}

/// Why a seat cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum NoSeat {
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Nobody is there to join.
    #[error("nobody holds {}: {source}", .path.display())]
    Nobody { path: PathBuf, source: io::Error },
    /// Somebody is, and hangs.
    #[error("whoever holds {} does not answer", .path.display())]
    Silent { path: PathBuf },
}

impl<K: Keeping> Guest<K> {
    /// Reads a session and takes a seat at it. `clock` is made of the holder's time, as far as it
    /// says so, and of how long ago the last event was.
    ///
    /// # Errors
    /// A session that cannot be read; nobody to join, for whoever comes to act.
    pub async fn sit(keeping: K, path: &Path, comes: Comes) -> Result<(Self, Seat, Clock), NoSeat> {
        let called = keeping.call().await;
        let (line, why) = match called {
            Ok(line) => (Some(line), String::new()),
            Err(source) if comes != Comes::ToWatch => {
                let path = path.to_owned();
                let hangs = source.kind() == io::ErrorKind::TimedOut;
                return Err(if hangs { NoSeat::Silent { path } } else { NoSeat::Nobody { path, source } });
            }
            Err(error) => (None, error.to_string()),
        };
        let mut tail = keeping.follow()?;
        let mut replay = Replay::new(path, tail.header())?;
        read_on(&mut tail, &mut replay)?;
        let clock = clock_of(line.as_ref(), &replay);
        let (table, seat) = Table::lay(first(&replay, clock));
        let (disk, people) = (None, People::default());
        let (asked, last_id, wait) = (BTreeMap::new(), 0, SOON);
        let mut guest =
            Self { keeping, comes, clock, tail, replay, line, why, disk, people, table, asked, last_id, wait };
        guest.greet();
        guest.publish();
        Ok((guest, seat, clock))
    }

    /// Follows until the seat is left, or the session is its own.
    ///
    /// # Errors
    /// A log that cannot be read any more.
    pub async fn run(mut self) -> Result<Followed, StoreError> {
        loop {
            tokio::select! {
                biased;
                request = self.table.requests.recv() => match request {
                    Some(request) => self.ask(request),
                    None => return Ok(Followed::Left(Arc::clone(&self.table.live.borrow()))),
                },
                told = hear(&mut self.line) => match told {
                    Ok(told) => self.take(told)?,
                    Err(error) => self.lose(&error.to_string()),
                },
                () = self.tail.changed() => self.read(None)?,
                () = self.clock.sleep(self.wait * u64::from(self.clock.speed())), if self.line.is_none() => {
                    if let Some(held) = self.look_for_holder().await {
                        return Ok(Followed::TakenOver(Box::new(held), self.table));
                    }
                }
            }
        }
    }

    /// Sends what the person here said; keeps it while there is nobody to send it to.
    fn ask(&mut self, request: Request) {
        if self.comes == Comes::ToWatch {
            return refuse(request, "this seat only watches: \"warroom join\" takes one that acts");
        }
        let Some(line) = &self.line else {
            if self.table.waiting.len() < WAITING {
                self.table.waiting.push_back(request);
            } else {
                refuse(request, "nobody answers, and too much is waiting already");
            }
            return;
        };
        let (intent, answer) = request;
        self.last_id += 1;
        let (id, text) = (self.last_id, intent.command.to_string());
        let asked = Asked::Command { id, line: text, by: intent.by, seen: intent.seen };
        if let Err(why) = wire::validate(&asked) {
            let _gone = answer.send(Err(Refusal::NotNow(why)));
        } else if line.ask(asked).is_ok() {
            self.asked.insert(id, answer);
        }
        // Else the answer is dropped, and the person told that nobody is there.
    }

    fn take(&mut self, told: Told) -> Result<(), StoreError> {
        match told {
            Told::Decided { id, seq } => self.answer(id, Ok(seq)),
            Told::Refused { id, why } => self.answer(id, Err(why.into())),
            Told::Disk(disk) => {
                let path = PathBuf::from(&disk.path);
                self.disk = Some(disk);
                self.keeping.moved(&path);
                self.read(Some(&path))?;
            }
            Told::People(people) => {
                self.people = people;
                self.publish();
            }
            Told::Sorry { why } => self.lose(&why),
            Told::Welcome(_) | Told::Status(_) => {}
        }
        Ok(())
    }

    fn answer(&mut self, id: u64, answer: Result<u64, Refusal>) {
        if let Some(asked) = self.asked.remove(&id) {
            // Whoever asked may have gone.
            let _gone = asked.send(answer);
        }
    }

    /// Reads on, in the same file or in the one that the log has moved to.
    fn read(&mut self, path: Option<&Path>) -> Result<(), StoreError> {
        read_on(&mut self.tail, &mut self.replay)?;
        match self.tail.look_again(path)? {
            Look::Same => {}
            Look::Moved => read_on(&mut self.tail, &mut self.replay)?,
            Look::Rewritten => {
                self.tail = self.keeping.follow()?;
                self.replay.begin_again(self.tail.header())?;
                read_on(&mut self.tail, &mut self.replay)?;
            }
        }
        self.publish();
        Ok(())
    }

    fn lose(&mut self, why: &str) {
        self.line = None;
        // What was asked and not answered may have been done: the timeline shows it.
        self.asked.clear();
        self.people = People::default();
        why.clone_into(&mut self.why);
        self.wait = SOON;
        self.publish();
    }

    /// Takes the session over where it is free; else finds whoever holds it now.
    async fn look_for_holder(&mut self) -> Option<Held> {
        self.wait = (self.wait * 2).min(Millis(self.replay.core.plan().poll.0 / 2).max(SOON));
        if self.may_claim() {
            match self.keeping.claim().await {
                Ok(held) => return Some(held),
                Err(StoreError::Log(log::Error::Locked { .. })) => {}
                Err(error) => {
                    self.why = error.to_string();
                    self.publish();
                }
            }
        }
        if let Ok(line) = self.keeping.call().await {
            self.line = Some(line);
            self.why.clear();
            self.greet();
            self.publish();
        }
        None
    }

    /// A session that is over is taken hold of for a follow-up, and not for nothing.
    fn may_claim(&self) -> bool {
        let is_over = self.replay.core.is_finished() && self.table.waiting.is_empty();
        self.comes != Comes::ToWatch && !is_over && self.replay.not_understood().is_none()
    }

    /// Says who has come, and what was kept meanwhile.
    fn greet(&mut self) {
        let (Some(line), Comes::ToAct(name)) = (&self.line, &self.comes) else { return };
        // One that is gone again is noticed when it is listened to.
        let _gone = line.ask(Asked::Hello { version: wire::VERSION, name: name.clone() });
        for request in std::mem::take(&mut self.table.waiting) {
            self.ask(request);
        }
    }

    fn publish(&mut self) {
        let post = match (&self.line, &self.comes) {
            (None, _) if self.replay.core.is_finished() => Post::Watches,
            (None, _) => Post::Alone { why: self.why.clone() },
            (Some(_), Comes::ToAct(_)) => Post::Joined,
            (Some(_), Comes::ToWatch) => Post::Watches,
        };
        let company = Company { post, people: self.people.clone() };
        // Without the holder's word, what is in the file is what is known to be saved.
        let saved = self.disk.as_ref().filter(|_| self.line.is_some());
        let failing = saved.and_then(|disk| disk.failing.clone());
        let disk = failing.map_or(Disk::Fine, |(why, unsaved)| Disk::Failing { why, unsaved });
        let saved = saved.map_or(u64::MAX, |disk| disk.saved);
        let live = Live { saved, disk, company, ..unpublished(&self.replay, self.clock.now()) };
        self.table.live.send_replace(Arc::new(Live { verdict: live::overlay(live.verdict, &live.disk), ..live }));
    }
}

fn refuse((_, answer): Request, why: &str) {
    // Whoever asked may have gone.
    let _gone = answer.send(Err(Refusal::NotNow(why.to_owned())));
}

async fn hear<C: Channel>(line: &mut Option<C>) -> io::Result<Told> {
    match line {
        Some(line) => line.hear().await,
        None => std::future::pending().await,
    }
}

fn read_on(tail: &mut impl Tail, replay: &mut Replay) -> Result<(), StoreError> {
    while let Some(line) = tail.next_line()? {
        replay.take(&line)?;
    }
    Ok(())
}

/// A clock that shows the session's time, and has run since its last event: so long is nothing new.
fn clock_of(line: Option<&impl Channel>, replay: &Replay) -> Clock {
    let real = Clock::real().now().at;
    let (at, speed) = line.map_or((real, 1), |line| (line.welcome().at, line.welcome().speed));
    Clock::joining(at, speed, age(at, replay))
}

/// How long ago the last event was.
fn age(at: i64, replay: &Replay) -> Millis {
    Millis(u64::try_from(at.saturating_sub(replay.core.state().at)).unwrap_or(0))
}

fn first(replay: &Replay, clock: Clock) -> Arc<Live> {
    Arc::new(unpublished(replay, clock.now()))
}

/// What is live by the log alone.
fn unpublished(replay: &Replay, now: Stamp) -> Live {
    let last = Stamp { at: replay.core.state().at, mono: now.mono - age(now.at, replay) };
    let live = Live::of(&replay.header, &replay.core, &replay.history, last);
    match replay.not_understood() {
        Some(why) => Live { verdict: live::not_understood(live.verdict, &why), ..live },
        None => live,
    }
}
