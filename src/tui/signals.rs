//! What the system says to a sitting, and how it stops itself.

use rustix::process::{Signal as Kill, getpgrp, getpid, getsid, kill_current_process_group, kill_process};
use std::io;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// What was heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// A signal with this number that ends it.
    End(u8),
    /// Somebody wants it to stop for a while.
    Stop,
    /// It was stopped, and goes on.
    Continued,
    Resized,
}

/// The signals that a sitting listens to. From now on the system leaves what they mean to it.
#[derive(Debug)]
pub(super) struct Signals {
    ends: [(u8, Signal); 4],
    stop: Signal,
    continued: Signal,
    resized: Signal,
}

impl Signals {
    pub(super) fn listen() -> io::Result<Self> {
        Ok(Self {
            ends: [
                (1, signal(SignalKind::hangup())?),
                (15, signal(SignalKind::terminate())?),
                (2, signal(SignalKind::interrupt())?),
                (3, signal(SignalKind::quit())?),
            ],
            stop: signal(SignalKind::from_raw(Kill::TSTP.as_raw()))?,
            continued: signal(SignalKind::from_raw(Kill::CONT.as_raw()))?,
            resized: signal(SignalKind::window_change())?,
        })
    }

    pub(super) async fn next(&mut self) -> Heard {
        let [hangup, terminate, interrupt, quit] = &mut self.ends;
        tokio::select! {
            biased;
            _ = hangup.1.recv() => Heard::End(hangup.0),
            _ = terminate.1.recv() => Heard::End(terminate.0),
            _ = interrupt.1.recv() => Heard::End(interrupt.0),
            _ = quit.1.recv() => Heard::End(quit.0),
            _ = self.stop.recv() => Heard::Stop,
            _ = self.continued.recv() => Heard::Continued,
            _ = self.resized.recv() => Heard::Resized,
        }
    }
}

/// Whether there is a shell that would go on with this program after it was stopped. One that leads
/// its session, as in a pane of its own, has none and would stand still for ever.
pub(super) fn has_shell() -> bool {
    getsid(None).is_ok_and(|session| session != getpgrp())
}

/// Stops this program and what runs with it, such as the script that started it, until somebody goes
/// on with them.
pub(super) fn stop_all() {
    // Not the signal of Ctrl-Z: that one is listened to here, and would be heard again afterwards.
    let _ = kill_current_process_group(Kill::STOP);
}

/// Stops this program until somebody goes on with it.
pub(super) fn stop_alone() {
    let _ = kill_process(getpid(), Kill::STOP);
}
