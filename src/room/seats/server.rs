//! The holder's side of the socket: every connection is a guest with a task of its own.
//!
//! A guest can say so much at a time and no more: a few commands under way, a few a second, a
//! bounded line. One that takes nothing is let go of. None of them keeps the room open: they stand
//! at its [`Door`].

use super::address;
use super::book::{Book, Entry};
use super::wire::{self, Asked, Disk, Messages, Told, Welcome, validate};
use crate::clock::Clock;
use crate::room::company::People;
use crate::room::status::Status;
use crate::room::{Door, Live};
use crate::session::log::DiskState;
use crate::session::{Command, Intent, Refusal};
use crate::text::Millis;
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use tokio::io::BufReader;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{oneshot, watch};
use tokio::task::{AbortHandle, JoinSet};

/// So many guests at a time.
pub const GUESTS: usize = 32;

/// So many commands of one guest are under way at a time.
const UNDER_WAY: usize = 8;

/// A guest may say so much at once, and then something every so often.
const AT_ONCE: u32 = 40;
const EVERY: Millis = Millis(50);

/// A guest that takes nothing for so long is let go of.
const PATIENCE: Millis = Millis::from_secs(5);

/// Whoever has said nothing for so long has come to watch.
const SILENCE: Millis = Millis::from_secs(1);

/// The holder's socket; it is gone when this is dropped, and every guest with it.
#[derive(Debug)]
pub struct Reception {
    socket: PathBuf,
    accepts: AbortHandle,
}

/// What every guest's task holds.
#[derive(Clone, Debug)]
struct Host {
    door: Door,
    book: Book,
    /// The session's clock.
    clock: Clock,
    /// The clock of patience.
    real: Clock,
    disk: watch::Receiver<DiskState>,
}

impl Reception {
    /// Opens the socket beside a log that this process holds. `disk` says where the log is by then:
    /// it may have to move.
    ///
    /// # Errors
    /// Where there can be no socket.
    pub fn open(
        log: &Path,
        door: Door,
        book: Book,
        clock: Clock,
        disk: watch::Receiver<DiskState>,
    ) -> io::Result<Self> {
        let listener = address::listen(log)?;
        let host = Host { door, book, clock, real: Clock::real(), disk };
        let accepts = tokio::spawn(accept(listener, host)).abort_handle();
        Ok(Self { socket: address::of(log), accepts })
    }
}

impl Drop for Reception {
    fn drop(&mut self) {
        self.accepts.abort();
        // The log is still held: the socket is nobody else's.
        let _gone = fs::remove_file(&self.socket);
    }
}

async fn accept(listener: UnixListener, host: Host) {
    let mut guests = JoinSet::new();
    loop {
        tokio::select! {
            Some(_) = guests.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) if guests.len() < GUESTS => {
                    guests.spawn(Guest::new(stream, host.clone()).serve());
                }
                Ok((stream, _)) => turn_away(&stream),
                // Too many files are open, for instance: that passes.
                Err(_) => host.real.sleep(PATIENCE).await,
            },
        }
    }
}

fn turn_away(stream: &UnixStream) {
    let mut line = serde_json::to_vec(&Told::Sorry { why: format!("{GUESTS} seats are taken") }).unwrap_or_default();
    line.push(b'\n');
    // Never waited for: it fits into what the system keeps for a new connection.
    let _taken = stream.try_write(&line);
}

/// The answer to a command.
type Answer = (u64, Result<u64, Refusal>);

/// One connection.
struct Guest {
    asks: Messages<BufReader<OwnedReadHalf>>,
    output: OwnedWriteHalf,
    host: Host,
    answers: FuturesUnordered<BoxFuture<'static, Answer>>,
    budget: Budget,
    entry: Option<Entry>,
    /// What was told last.
    disk: Option<Disk>,
}

impl Guest {
    fn new(stream: UnixStream, host: Host) -> Self {
        let (input, output) = stream.into_split();
        let asks = Messages::of(BufReader::new(input));
        let budget = Budget::new(host.real);
        Self { asks, output, host, answers: FuturesUnordered::new(), budget, entry: None, disk: None }
    }

    /// Serves until the other side has gone, or is let go of.
    async fn serve(mut self) {
        if let Err(error) = self.converse().await
            && error.kind() == io::ErrorKind::InvalidData
        {
            // Whoever cannot take it has gone.
            let _gone = self.tell(&Told::Sorry { why: error.to_string() }).await;
        }
    }

    async fn converse(&mut self) -> io::Result<()> {
        let (mut live, mut people) = (self.host.door.live.clone(), self.host.book.people());
        self.welcome().await?;
        let (first_people, first_live) = (people.borrow_and_update().clone(), live.borrow_and_update().clone());
        self.tell_people(&first_people).await?;
        self.tell_disk(&first_live).await?;
        let silence = self.host.real.now().mono + SILENCE;
        loop {
            let may_ask = self.answers.len() < UNDER_WAY;
            tokio::select! {
                Some((id, answer)) = self.answers.next() => {
                    let told = match answer {
                        Ok(seq) => Told::Decided { id, seq },
                        Err(refusal) => Told::Refused { id, why: refusal.into() },
                    };
                    self.tell(&told).await?;
                }
                changed = live.changed() => {
                    if changed.is_err() {
                        return Ok(());
                    }
                    let now = live.borrow_and_update().clone();
                    self.tell_disk(&now).await?;
                }
                Ok(()) = people.changed() => {
                    let now = people.borrow_and_update().clone();
                    self.tell_people(&now).await?;
                }
                asked = next(&mut self.asks, &mut self.budget), if may_ask => match asked? {
                    Some(asked) => self.hear(asked).await?,
                    None => return Ok(()),
                },
                () = self.host.real.sleep_until(silence), if self.entry.is_none() => {
                    self.entry = Some(self.host.book.enter());
                }
            }
        }
    }

    async fn hear(&mut self, asked: Asked) -> io::Result<()> {
        validate(&asked).map_err(|why| io::Error::new(io::ErrorKind::InvalidData, why))?;
        match asked {
            Asked::Hello { name, .. } => {
                self.entry.get_or_insert_with(|| self.host.book.enter()).name(&name);
                Ok(())
            }
            Asked::Status => {
                let status = Status::of(&self.host.door.live.borrow(), self.host.clock.now());
                self.tell(&Told::Status(Box::new(status))).await
            }
            Asked::Command { id, line, by, seen } => {
                if let Some(entry) = &self.entry {
                    entry.name(&by);
                }
                let command = match Command::parse(&line) {
                    Ok(command) => command,
                    Err(error) => {
                        let why = wire::Refused::Other { text: error.to_string() };
                        return self.tell(&Told::Refused { id, why }).await;
                    }
                };
                let (door, intent) = (self.host.door.clone(), Intent { command, by, seen });
                self.answers.push(Box::pin(async move { (id, decide(door, intent).await) }));
                Ok(())
            }
        }
    }

    async fn welcome(&mut self) -> io::Result<()> {
        let program = format!("warroom {}", env!("CARGO_PKG_VERSION"));
        let clock = self.host.clock;
        let welcome = Welcome { version: wire::VERSION, program, at: clock.now().at, speed: clock.speed() };
        self.tell(&Told::Welcome(welcome)).await
    }

    async fn tell_people(&mut self, people: &People) -> io::Result<()> {
        self.tell(&Told::People(people.clone())).await
    }

    /// Says how far the log is, where that is news.
    async fn tell_disk(&mut self, live: &Live) -> io::Result<()> {
        let failing = match &live.disk {
            crate::room::Disk::Failing { why, unsaved } => Some((why.clone(), *unsaved)),
            crate::room::Disk::Fine | crate::room::Disk::Slow => None,
        };
        let path = self.host.disk.borrow().path.display().to_string();
        let disk = Disk { path, saved: live.saved, failing };
        if self.disk.as_ref() == Some(&disk) {
            return Ok(());
        }
        self.disk = Some(disk.clone());
        self.tell(&Told::Disk(disk)).await
    }

    async fn tell(&mut self, told: &Told) -> io::Result<()> {
        let sent = self.host.real.within(PATIENCE, wire::send(&mut self.output, told)).await;
        sent.unwrap_or_else(|| Err(io::ErrorKind::TimedOut.into()))
    }
}

/// Gives an intent to the room, as a seat of its own would.
async fn decide(door: Door, intent: Intent) -> Result<u64, Refusal> {
    let closed = || Refusal::NotNow("the session is being left by its holder".to_owned());
    let requests = door.requests.upgrade().ok_or_else(closed)?;
    let (answer, decided) = oneshot::channel();
    requests.send((intent, answer)).await.map_err(|_| closed())?;
    drop(requests);
    decided.await.map_err(|_| closed())?
}

async fn next(asks: &mut Messages<BufReader<OwnedReadHalf>>, budget: &mut Budget) -> io::Result<Option<Asked>> {
    budget.wait().await;
    let asked = asks.next().await?;
    budget.spend();
    Ok(asked)
}

/// How much a guest may still say.
#[derive(Debug)]
struct Budget {
    clock: Clock,
    left: u32,
    /// When there was so much left.
    at: Millis,
}

impl Budget {
    fn new(clock: Clock) -> Self {
        Self { clock, left: AT_ONCE, at: clock.now().mono }
    }

    /// Waits until something may be said.
    async fn wait(&mut self) {
        self.refill();
        if self.left == 0 {
            self.clock.sleep_until(self.at + EVERY).await;
            self.refill();
        }
    }

    fn refill(&mut self) {
        let earned = (self.clock.now().mono - self.at).0 / EVERY.0;
        self.at += EVERY * earned;
        self.left = u32::try_from(earned).unwrap_or(AT_ONCE).saturating_add(self.left).min(AT_ONCE);
    }

    fn spend(&mut self) {
        self.left = self.left.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_guest_may_say_so_much_at_once_and_then_something_every_so_often() {
        let clock = Clock::real();
        let mut budget = Budget::new(clock);
        for _ in 0..AT_ONCE {
            budget.wait().await;
            budget.spend();
        }
        assert_eq!(clock.now().mono, Millis::ZERO, "at once");
        for _ in 0..10 {
            budget.wait().await;
            budget.spend();
        }
        assert_eq!(clock.now().mono, EVERY * 10);
    }
}
