//! The keyboard: bytes of the terminal, read by a thread of its own, as events.
//!
//! The thread sleeps until there are bytes or the terminal is gone, and says which: a terminal that
//! vanishes without a signal (a pane that was killed, a connection that broke) reports end of file for
//! ever, and a reader that takes that for silence spins. What was typed and not asked for stays with
//! the terminal. Dropping the keyboard leaves standard input to others.

mod decoder;
mod mouse;

use crate::text::Millis;
use crossterm::event::Event;
use decoder::Decoder;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsFd, OwnedFd};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;
use tokio::sync::mpsc;

/// So many events wait at most; more keys stay in the terminal.
const AHEAD: usize = 64;
/// A terminal that says so often that there is no more, and not that it has gone, has gone.
const ENDS: usize = 100;
/// How long dropping it waits for its thread, which has nothing left to wait for.
const PATIENCE: Duration = Duration::from_millis(100);

/// The keys of standard input, while it lives.
#[derive(Debug)]
pub(super) struct Keyboard {
    events: mpsc::Receiver<Event>,
    /// Its end is what the thread waits for beside the keys.
    rope: Option<OwnedFd>,
    ended: Receiver<()>,
}

impl Keyboard {
    /// Begins to read standard input.
    ///
    /// # Errors
    /// Where the system gives no thread or no pipe for it.
    pub(super) fn listen() -> io::Result<Self> {
        let terminal = File::from(io::stdin().as_fd().try_clone_to_owned()?);
        let (pulled, rope) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC)?;
        let (sender, events) = mpsc::channel(AHEAD);
        let (ends, ended) = sync_channel(1);
        let reader = Reader { terminal, pulled, events: sender, decoder: Decoder::default(), _ends: ends };
        thread::Builder::new().name("keyboard".to_owned()).spawn(move || reader.run())?;
        Ok(Self { events, rope: Some(rope), ended })
    }

    /// The next event; none where there is no terminal any more.
    pub(super) async fn next(&mut self) -> Option<Event> {
        self.events.recv().await
    }
}

impl Drop for Keyboard {
    fn drop(&mut self) {
        // Frees the thread from waiting for room, and from waiting for keys.
        self.events.close();
        self.rope = None;
        let ended = self.ended.recv_timeout(PATIENCE);
        debug_assert_ne!(ended, Err(RecvTimeoutError::Timeout), "nothing holds it");
    }
}

/// The thread's side.
#[derive(Debug)]
struct Reader {
    terminal: File,
    pulled: OwnedFd,
    events: mpsc::Sender<Event>,
    decoder: Decoder,
    /// Dropped when the thread has ended, which is the message.
    _ends: SyncSender<()>,
}

/// What the thread has waited for.
enum Woken {
    Bytes { is_gone: bool },
    Silence,
    Pulled,
}

impl Reader {
    /// Reads until nobody listens or there is no terminal any more.
    fn run(mut self) {
        let mut buffer = [0; 1024];
        let mut ends = 0;
        loop {
            let is_gone = match self.wait() {
                Ok(Woken::Bytes { is_gone }) => is_gone,
                Ok(Woken::Silence) => {
                    let event = self.decoder.silence();
                    if self.send(event).is_err() {
                        return;
                    }
                    continue;
                }
                Ok(Woken::Pulled) | Err(_) => return,
            };
            match self.terminal.read(&mut buffer) {
                Ok(0) => ends += 1,
                Ok(count) => {
                    ends = 0;
                    if buffer.iter().take(count).try_for_each(|byte| self.take(*byte)).is_err() {
                        return;
                    }
                    continue;
                }
                Err(error) if matches!(error.kind(), io::ErrorKind::Interrupted | io::ErrorKind::WouldBlock) => {}
                Err(_) => return,
            }
            if is_gone || ends >= ENDS {
                return;
            }
        }
    }

    fn take(&mut self, byte: u8) -> Result<(), ()> {
        let event = self.decoder.byte(byte);
        self.send(event)
    }

    fn send(&self, event: Option<Event>) -> Result<(), ()> {
        event.map_or(Ok(()), |event| self.events.blocking_send(event).map_err(drop))
    }

    fn wait(&self) -> Result<Woken, Errno> {
        let limit = self.decoder.patience().map(timespec);
        let mut both = [PollFd::new(&self.terminal, PollFlags::IN), PollFd::new(&self.pulled, PollFlags::IN)];
        loop {
            match poll(&mut both, limit.as_ref()) {
                Err(Errno::INTR) => {}
                Err(error) => return Err(error),
                Ok(0) => return Ok(Woken::Silence),
                Ok(_) if !both[1].revents().is_empty() => return Ok(Woken::Pulled),
                Ok(_) => {
                    let gone = PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL;
                    return Ok(Woken::Bytes { is_gone: both[0].revents().intersects(gone) });
                }
            }
        }
    }
}

fn timespec(span: Millis) -> Timespec {
    let span = Duration::from(span);
    Timespec { tv_sec: span.as_secs().try_into().unwrap_or(i64::MAX), tv_nsec: span.subsec_nanos().into() }
}
