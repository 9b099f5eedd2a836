//! The terminal: taken over, written to by a thread of its own, and given back exactly once.
//!
//! A terminal that is not read any more (a stalled connection, a pager holding a pane) stops that
//! thread and nothing else. It is given back after every kind of end: quitting, an error, a panic,
//! a signal, also while it is stalled.

use super::panics;
use crossterm::event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste};
use crossterm::terminal::{
    self, BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode,
    enable_raw_mode,
};
use crossterm::{cursor, queue, style};
use ratatui::layout::Size;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::termios::{Action, QueueSelector, isatty, tcflow, tcflush};
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::thread;
use std::time::Duration;
use tokio::sync::watch;

/// How long leaving waits for a terminal that is read; one that is not is emptied then.
const PATIENCE: Duration = Duration::from_millis(100);
/// So often a stalled terminal is emptied before it is left as it is.
const TRIES: usize = 4;

/// A terminal that was taken over. Dropping it gives it back.
#[derive(Debug)]
pub struct Screen {
    jobs: Sender<Job>,
    sent: u64,
    written: watch::Receiver<Written>,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Ours,
    GivenBack,
    /// There is no terminal any more.
    Lost,
}

/// What the writing thread has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Written {
    count: u64,
    is_lost: bool,
}

#[derive(Debug)]
enum Job {
    Write(Vec<u8>),
    /// Bytes that somebody waits for.
    Last(Vec<u8>, SyncSender<()>),
}

impl Screen {
    /// Takes the terminal over.
    ///
    /// # Errors
    /// Where standard output is none, or does not let itself be taken.
    pub fn take() -> io::Result<Self> {
        let out = io::stdout();
        if !isatty(&out) || !isatty(io::stdin()) {
            return Err(io::Error::other("standard input or output is not a terminal"));
        }
        let terminal = File::from(out.as_fd().try_clone_to_owned()?);
        let (jobs, todo) = mpsc::channel();
        let (done, written) = watch::channel(Written::default());
        thread::Builder::new().name("terminal".to_owned()).spawn(move || write_all(terminal, &todo, &done))?;
        let mut screen = Self { jobs, sent: 0, written, state: State::GivenBack };
        screen.enter()?;
        Ok(screen)
    }

    /// Takes it over again after it was given back, or after somebody else may have changed it.
    ///
    /// # Errors
    /// Where the terminal does not let itself be taken.
    pub fn enter(&mut self) -> io::Result<()> {
        // Once more even if it is raw as far as is known: a shell may have set it back meanwhile.
        disable_raw_mode()?;
        enable_raw_mode()?;
        panics::keep();
        let mut bytes = Vec::new();
        if self.state != State::Ours {
            // The terminal keeps its title until it is asked for again.
            bytes.extend(b"\x1b[22;2t");
        }
        self.state = State::Ours;
        // The other screen is empty at first: nobody sees it before the frame that comes next has ended.
        queue!(bytes, BeginSynchronizedUpdate, EnterAlternateScreen, EnableBracketedPaste, cursor::Hide)?;
        self.send(bytes);
        Ok(())
    }

    /// Queues bytes for the terminal; never waits.
    pub fn send(&mut self, bytes: Vec<u8>) {
        // A thread that has ended has said that the terminal is lost.
        if self.jobs.send(Job::Write(bytes)).is_ok() {
            self.sent += 1;
        }
    }

    /// Whether everything that was sent is written.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.written.borrow().count >= self.sent
    }

    /// Waits until more is written; says whether the terminal is still there.
    pub async fn written(&mut self) -> bool {
        let has_thread = self.written.changed().await.is_ok();
        let is_there = has_thread && !self.written.borrow_and_update().is_lost;
        if !is_there {
            self.state = State::Lost;
        }
        is_there
    }

    /// What gives the terminal back when the one who holds it cannot.
    pub(super) fn rescuer(&self) -> Rescuer {
        Rescuer { jobs: self.jobs.clone() }
    }

    /// A [`Rescuer`] has given it back; [`Screen::enter`] takes it over again.
    pub(super) fn was_rescued(&mut self) {
        self.state = State::GivenBack;
    }

    /// Throws away what was typed and not read.
    pub fn forget_typed(&self) {
        // Where it does not work the keys come through: no harm that a question would not catch.
        let _ = tcflush(io::stdin(), QueueSelector::IFlush);
    }

    /// The terminal is gone: nobody is there to give it back to.
    pub fn lose(&mut self) {
        self.state = State::Lost;
    }

    /// Gives the terminal back, once; after a second time nothing is different.
    pub fn leave(&mut self) {
        if self.state == State::Ours {
            self.give_back();
            self.state = State::GivenBack;
        }
        // What the kernel knows of a terminal outlives the one that hung up.
        let _ = disable_raw_mode();
        for message in panics::release() {
            let _ = writeln!(io::stderr(), "warroom: {message}");
        }
    }

    fn give_back(&mut self) {
        let (done, waiting) = mpsc::sync_channel(1);
        if self.jobs.send(Job::Last(farewell(), done)).is_err() {
            return;
        }
        self.sent += 1;
        for _ in 0..TRIES {
            match waiting.recv_timeout(PATIENCE) {
                Ok(()) | Err(mpsc::RecvTimeoutError::Disconnected) => return,
                Err(mpsc::RecvTimeoutError::Timeout) => make_room(),
            }
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.leave();
    }
}

/// Gives the terminal back from another thread.
#[derive(Debug)]
pub(super) struct Rescuer {
    jobs: Sender<Job>,
}

impl Rescuer {
    /// The screen does not know of it until it is told by [`Screen::was_rescued`].
    pub(super) fn rescue(&self) {
        let (done, waiting) = mpsc::sync_channel(1);
        if self.jobs.send(Job::Last(farewell(), done)).is_ok() {
            let _ = waiting.recv_timeout(PATIENCE);
        }
        let _ = disable_raw_mode();
    }
}

/// How large the terminal is.
#[must_use]
pub fn size() -> Size {
    // A terminal that does not know is taken for the usual one.
    terminal::size().map_or(Size::new(80, 24), |(width, height)| Size::new(width, height))
}

/// Everything set back, in the order it must be: also in the middle of a frame that was cut off.
fn farewell() -> Vec<u8> {
    let mut bytes = Vec::new();
    // Ends a sequence that was begun and never finished.
    bytes.extend(b"\x18\x1b\\");
    // Queueing into memory cannot fail.
    let _ = queue!(
        bytes,
        style::ResetColor,
        style::SetAttribute(style::Attribute::Reset),
        EndSynchronizedUpdate,
        DisableMouseCapture,
        DisableBracketedPaste,
        LeaveAlternateScreen,
        cursor::Show
    );
    bytes.extend(b"\x1b[23;2t");
    bytes
}

/// Throws away what a stalled terminal has not taken, and wakes whoever waits for room in it.
fn make_room() {
    let out = io::stdout();
    // Each may fail on what is no terminal any more; then there is nobody to wake.
    let _ = tcflush(&out, QueueSelector::OFlush);
    let _ = tcflow(&out, Action::OOff);
    let _ = tcflow(&out, Action::OOn);
}

/// The thread that writes.
fn write_all(mut terminal: File, todo: &Receiver<Job>, done: &watch::Sender<Written>) {
    for job in todo {
        let (bytes, waiting) = match job {
            Job::Write(bytes) => (bytes, None),
            Job::Last(bytes, waiting) => (bytes, Some(waiting)),
        };
        let is_lost = write(&mut terminal, &bytes).is_err();
        done.send_modify(|written| *written = Written { count: written.count + 1, is_lost });
        if let Some(waiting) = waiting {
            // Whoever waited may have lost patience.
            let _ = waiting.try_send(());
        }
        if is_lost {
            return;
        }
    }
}

/// Writes everything, also to a terminal that somebody else has made non-blocking.
fn write(terminal: &mut File, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match terminal.write(bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                poll(&mut [PollFd::new(terminal, PollFlags::OUT)], None)?;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
