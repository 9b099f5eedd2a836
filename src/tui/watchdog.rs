//! Watches that the board goes on, and gives the terminal back when it does not.
//!
//! While the screen is taken over, Ctrl-C is a key like others. A loop that never comes round (a
//! drawing that does not end, a disk that holds a call) would leave a dead picture, and nobody could
//! leave it. So a thread counts: when the loop has not come round for two seconds the terminal is given
//! back with a word on why, and signals end the program as they would any other.

use super::screen::Rescuer;
use signal_hook::SigId;
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::{flag, low_level};
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

/// It looks so often. Looks are counted, not time: a machine that sleeps, or a program that is stopped,
/// makes neither.
const LOOK: Duration = Duration::from_millis(500);
/// So many looks without a round are too many.
const LOOKS: u32 = 4;
const WORDS: &str = "the board has stood still for two seconds, which is a fault of warroom. The terminal is \
                     given back; it comes again by itself if the board goes on. Ctrl-C ends warroom; what was \
                     saved can be resumed.";

/// The watchdog; it goes when it is dropped.
#[derive(Debug)]
pub(super) struct Watchdog {
    rounds: Arc<AtomicU64>,
    has_acted: Arc<AtomicBool>,
    ends: Vec<SigId>,
    _leash: Sender<()>,
}

impl Watchdog {
    /// Watches from now on, with what gives the terminal back.
    ///
    /// # Errors
    /// Where the system gives no thread for it.
    pub(super) fn start(rescuer: Rescuer) -> io::Result<Self> {
        let (leash, held) = channel();
        let (rounds, has_acted) = (Arc::<AtomicU64>::default(), Arc::<AtomicBool>::default());
        let mut ends = Vec::new();
        for signal in [SIGHUP, SIGINT, SIGQUIT, SIGTERM] {
            // Nobody else would hear it then.
            ends.push(flag::register_conditional_default(signal, Arc::clone(&has_acted))?);
        }
        let (seen, acts) = (Arc::clone(&rounds), Arc::clone(&has_acted));
        let watch = move || watch(&held, &seen, || act(&rescuer, &acts));
        thread::Builder::new().name("watchdog".to_owned()).spawn(watch)?;
        Ok(Self { rounds, has_acted, ends, _leash: leash })
    }

    /// The loop has come round. Says whether the terminal was given back since the last time.
    pub(super) fn comes_round(&self) -> bool {
        self.rounds.fetch_add(1, Ordering::Relaxed);
        self.has_acted.swap(false, Ordering::SeqCst)
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        for id in self.ends.drain(..) {
            low_level::unregister(id);
        }
    }
}

fn act(rescuer: &Rescuer, has_acted: &AtomicBool) {
    rescuer.rescue();
    has_acted.store(true, Ordering::SeqCst);
    // Last: whoever reads that Ctrl-C ends it may press it at once.
    let _ = writeln!(io::stderr(), "warroom: {WORDS}");
}

/// The thread: acts once each time the rounds stand still.
fn watch(held: &Receiver<()>, rounds: &AtomicU64, act: impl Fn()) {
    let (mut last, mut still) = (0, 0);
    while held.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) {
        let now = rounds.load(Ordering::Relaxed);
        still = if now == last { still + 1 } else { 0 };
        last = now;
        if still == LOOKS {
            act();
        }
    }
}
