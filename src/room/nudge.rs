//! Word that a file has changed, so that following it costs nothing while nothing happens.
//!
//! On Linux the system says so. Where it does not, or has no room to, the file is looked at now and
//! then.

use crate::clock::Clock;
use crate::text::Millis;
use std::path::Path;

/// How often a file is looked at that nobody speaks for.
const GLANCE: Millis = Millis(250);

/// Waits for changes of one file.
#[derive(Debug)]
pub(super) struct Nudge {
    clock: Clock,
    word: Option<word::Word>,
}

impl Nudge {
    /// Begins to listen for changes of a file, its disappearance included.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    #[must_use]
    pub(super) fn on(path: &Path) -> Self {
        Self { clock: Clock::real(), word: word::Word::of(path) }
    }

    /// Waits until the file may have changed. Dropping the wait loses nothing.
    pub(super) async fn wait(&mut self) {
        match &mut self.word {
            Some(word) => word.wait(self.clock).await,
            None => self.clock.sleep(GLANCE).await,
        }
    }
}

#[cfg(target_os = "linux")]
mod word {
    use super::{Clock, GLANCE};
    use rustix::fs::inotify::{CreateFlags, WatchFlags, add_watch, init};
    use rustix::io::read;
    use std::os::fd::OwnedFd;
    use std::path::Path;
    use tokio::io::unix::AsyncFd;

    /// The system's word.
    #[derive(Debug)]
    pub(super) struct Word(AsyncFd<OwnedFd>);

    impl Word {
        /// None where the system has no room for another, or there is no file.
        pub(super) fn of(path: &Path) -> Option<Self> {
            let word = init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC).ok()?;
            let gone = WatchFlags::MOVE_SELF | WatchFlags::DELETE_SELF | WatchFlags::ATTRIB;
            add_watch(&word, path, WatchFlags::MODIFY | gone).ok()?;
            #[expect(deprecated, reason = "a descriptor that is owned is what the unsafe one asks for")]
            let word = AsyncFd::new(word);
            word.ok().map(Self)
        }

        pub(super) async fn wait(&mut self, clock: Clock) {
            match self.0.readable().await {
                Ok(mut ready) => {
                    // What changed does not matter: the file itself is looked at.
                    let mut bytes = [0; 4_096];
                    while matches!(read(self.0.get_ref(), &mut bytes), Ok(count) if count > 0) {}
                    ready.clear_ready();
                }
                Err(_) => clock.sleep(GLANCE).await,
            }
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod word {
    use super::Clock;
    use std::path::Path;

    /// There is none here.
    #[derive(Debug)]
    pub(super) enum Word {}

    impl Word {
        pub(super) fn of(_: &Path) -> Option<Self> {
            None
        }

        pub(super) async fn wait(&mut self, _: Clock) {
            match *self {}
        }
    }
}
