//! Where a session is kept: what a room and its seats need of it, and no more.
//!
//! There is one way today: a file, the lock on it and a socket beside it, all on one host
//! ([`OnHost`]). A store that several hosts share is another implementation of these.

use super::nudge::Nudge;
use super::seats::Line;
use super::seats::wire::{Asked, Told, Welcome};
use crate::clock::Clock;
use crate::session::event::show_time;
use crate::session::log::{self, Closed, DiskState, Durability, Follower, LineHash, Look, Owner, Writer};
use crate::session::store::{self, Held, StoreError};
use std::fmt::Debug;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::sync::watch;

/// The log, for the one who writes it.
pub trait Journal: Debug + Send {
    /// Hands an event over; never waits.
    fn append(&mut self, seq: u64, body: String, durability: Durability);

    /// The hash of the last event that was handed over.
    fn head(&self) -> LineHash;

    /// How far the log is, and word of every change.
    fn state(&self) -> watch::Receiver<DiskState>;

    /// Saves everything and lets go; leaves what cannot be saved within `patience`.
    fn close(self: Box<Self>, patience: Duration) -> Closed;
}

impl Journal for Writer {
    fn append(&mut self, seq: u64, body: String, durability: Durability) {
        Self::append(self, seq, body, durability);
    }

    fn head(&self) -> LineHash {
        Self::head(self)
    }

    fn state(&self) -> watch::Receiver<DiskState> {
        Self::state(self)
    }

    fn close(self: Box<Self>, patience: Duration) -> Closed {
        Self::close(*self, patience)
    }
}

/// A session, for those who do not hold it.
pub trait Keeping: Debug + Send + 'static {
    type Tail: Tail;
    type Channel: Channel;

    /// Begins to follow the log at its beginning.
    fn follow(&self) -> Result<Self::Tail, StoreError>;

    /// Calls whoever holds the session.
    fn call(&self) -> impl Future<Output = io::Result<Self::Channel>> + Send;

    /// Takes hold of the session, where nobody does.
    fn claim(&self) -> impl Future<Output = Result<Held, StoreError>> + Send;

    /// Takes notice of a log that has moved.
    fn moved(&mut self, path: &Path);
}

/// The log, for those who follow it.
pub trait Tail: Debug + Send {
    /// The header's JSON object.
    fn header(&self) -> &str;

    /// Reads the next whole record; none where there is none yet.
    fn next_line(&mut self) -> Result<Option<log::Line<'_>>, log::Error>;

    /// Looks whether what was read is still what is there; `path` where the log may be elsewhere.
    fn look_again(&mut self, path: Option<&Path>) -> Result<Look, log::Error>;

    /// Waits until there may be more. Dropping the wait loses nothing.
    fn changed(&mut self) -> impl Future<Output = ()> + Send;
}

/// What goes between a seat and the holder.
pub trait Channel: Debug + Send {
    fn welcome(&self) -> &Welcome;

    /// Sends something; never waits.
    fn ask(&self, asked: Asked) -> io::Result<()>;

    /// What the holder says next. Dropping the wait loses nothing.
    fn hear(&mut self) -> impl Future<Output = io::Result<Told>> + Send;
}

impl Channel for Line {
    fn welcome(&self) -> &Welcome {
        &self.welcome
    }

    fn ask(&self, asked: Asked) -> io::Result<()> {
        Self::ask(self, asked)
    }

    fn hear(&mut self) -> impl Future<Output = io::Result<Told>> + Send {
        Self::hear(self)
    }
}

/// A session in a file of this host.
#[derive(Clone, Debug)]
pub struct OnHost {
    path: PathBuf,
    clock: Clock,
}

impl OnHost {
    #[must_use]
    pub const fn new(path: PathBuf, clock: Clock) -> Self {
        Self { path, clock }
    }
}

impl Keeping for OnHost {
    type Tail = Followed;
    type Channel = Line;

    fn follow(&self) -> Result<Followed, StoreError> {
        // It is listened to before it is read: nothing that comes in between is missed.
        let nudge = Nudge::on(&self.path);
        Ok(Followed { follower: Follower::open(&self.path)?, nudge })
    }

    fn call(&self) -> impl Future<Output = io::Result<Line>> + Send {
        Line::call(&self.path)
    }

    async fn claim(&self) -> Result<Held, StoreError> {
        let (path, owner) = (self.path.clone(), Owner::here(show_time(self.clock.now().at)));
        let claimed = tokio::task::spawn_blocking(move || store::resume(&path, owner)).await;
        claimed.unwrap_or_else(|error| {
            let source = io::Error::other(error);
            Err(log::Error::Io { doing: "go on with", path: self.path.clone(), source }.into())
        })
    }

    fn moved(&mut self, path: &Path) {
        path.clone_into(&mut self.path);
    }
}

/// A log that is followed, with word of its changes.
#[derive(Debug)]
pub struct Followed {
    follower: Follower,
    nudge: Nudge,
}

impl Tail for Followed {
    fn header(&self) -> &str {
        self.follower.header()
    }

    fn next_line(&mut self) -> Result<Option<log::Line<'_>>, log::Error> {
        self.follower.next_line()
    }

    fn look_again(&mut self, path: Option<&Path>) -> Result<Look, log::Error> {
        let look = match path {
            Some(path) => self.follower.follow_to(path),
            None => self.follower.look_again(),
        }?;
        if look == Look::Moved {
            self.nudge = Nudge::on(self.follower.path());
        }
        Ok(look)
    }

    fn changed(&mut self) -> impl Future<Output = ()> + Send {
        self.nudge.wait()
    }
}
