//! The other side of the socket: a seat's line to whoever holds the session.

use super::address;
use super::wire::{self, Asked, Messages, Told, Welcome};
use crate::clock::Clock;
use crate::text::Millis;
use std::io;
use std::path::Path;
use tokio::io::BufReader;
use tokio::net::unix::OwnedReadHalf;
use tokio::sync::mpsc;

/// A holder that has not answered a call for so long hangs.
const PATIENCE: Millis = Millis::from_secs(2);

/// So much may wait to be sent; a holder that hangs takes no more.
const WAITING: usize = 64;

/// A line to the holder.
#[derive(Debug)]
pub struct Line {
    told: Messages<BufReader<OwnedReadHalf>>,
    asks: mpsc::Sender<Asked>,
    pub welcome: Welcome,
}

impl Line {
    /// Calls whoever holds a log, and waits for a welcome.
    ///
    /// # Errors
    /// Where nobody answers, or the holder says that it cannot be.
    pub async fn call(log: &Path) -> io::Result<Self> {
        let answered = Clock::real().within(PATIENCE, Self::connect(log)).await;
        answered.unwrap_or_else(|| Err(io::Error::new(io::ErrorKind::TimedOut, "the holder does not answer")))
    }

    async fn connect(log: &Path) -> io::Result<Self> {
        let (input, mut output) = address::call(log).await?.into_split();
        let mut told = Messages::of(BufReader::new(input));
        let welcome = match told.next().await? {
            Some(Told::Welcome(welcome)) => welcome,
            Some(Told::Sorry { why }) => return Err(io::Error::other(why)),
            _ => return Err(gone()),
        };
        let (asks, mut waiting) = mpsc::channel::<Asked>(WAITING);
        // A task of its own: a holder that takes nothing keeps no seat from drawing.
        tokio::spawn(async move {
            while let Some(asked) = waiting.recv().await {
                if wire::send(&mut output, &asked).await.is_err() {
                    return;
                }
            }
        });
        Ok(Self { told, asks, welcome })
    }

    /// Sends something; never waits.
    ///
    /// # Errors
    /// Where the holder has gone, or takes no more.
    pub fn ask(&self, asked: Asked) -> io::Result<()> {
        self.asks.try_send(asked).map_err(|_| gone())
    }

    /// What the holder says next. Dropping the wait loses nothing.
    ///
    /// # Errors
    /// Where it has gone.
    pub async fn hear(&mut self) -> io::Result<Told> {
        self.told.next().await?.ok_or_else(gone)
    }
}

fn gone() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionAborted, "the holder has gone")
}
