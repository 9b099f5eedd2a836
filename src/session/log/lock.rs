//! One holder: the lock that lets a single process append, and the record that says which.
//!
//! The lock is on the log itself, so it follows the file through a rename and falls free when its
//! holder dies, however it dies. The owner's record lies beside it and is only ever a name to put
//! into a message: it is believed while the lock is held, and never stands in anybody's way.

use super::error::{Error, Result};
use super::files::{self, Identity};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

/// How often a lock is tried before somebody is said to hold it, and the pause between: 100 ms in all.
const TRIES: u32 = 10;
const PAUSE: Duration = Duration::from_millis(10);

/// Who holds a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    pub pid: u32,
    pub host: String,
    /// When it took hold, as the holder's clock says it.
    pub since: String,
}

impl Owner {
    /// This process, on this host.
    #[must_use]
    pub fn here(since: impl Into<String>) -> Self {
        let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
        Self { pid: std::process::id(), host, since: since.into() }
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "process {} on {} since {}", self.pid, self.host, self.since)
    }
}

/// A held lock, with the handle it is on; free again when it is dropped.
///
/// The handle is read from, never written to: a failed write or sync elsewhere costs no lock.
#[derive(Debug)]
pub(super) struct Lock {
    pub(super) file: File,
    pub(super) identity: Identity,
    record: PathBuf,
}

impl Lock {
    /// Takes the lock of a log that is open. Waits for nobody who holds it, only a moment for somebody
    /// who looked at it, or whose child has not yet let go of it.
    pub(super) fn take(file: File, path: &Path, owner: &Owner) -> Result<Self> {
        let record = record_of(path);
        let mut tries = 0;
        while let Err(error) = file.try_lock() {
            tries += 1;
            match error {
                TryLockError::WouldBlock if tries < TRIES => thread::sleep(PAUSE),
                TryLockError::WouldBlock => {
                    return Err(Error::Locked { path: path.to_owned(), owner: read_record(&record) });
                }
                TryLockError::Error(error) => return Err(Error::io("lock", path)(error)),
            }
        }
        let identity = Identity::of(&file.metadata().map_err(Error::io("lock", path))?);
        // Only a courtesy: a disk too full for it does not keep anybody from the log.
        let _unwritten = write_record(&record, owner);
        Ok(Self { file, identity, record })
    }
}

/// Whether somebody holds a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    Held,
    Free,
}

impl Presence {
    /// Looks whether a log is held. Never keeps anybody from it for longer than the look.
    #[must_use]
    pub fn of(path: &Path) -> Self {
        let is_held = |file: File| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock));
        if File::open(path).is_ok_and(is_held) { Self::Held } else { Self::Free }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // While the lock is still held, so that the next holder's record is never the one removed.
        let _left = fs::remove_file(&self.record);
    }
}

fn record_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".owner");
    name.into()
}

fn read_record(record: &Path) -> Option<Owner> {
    serde_json::from_slice(&fs::read(record).ok()?).ok()
}

fn write_record(record: &Path, owner: &Owner) -> io::Result<()> {
    let text = serde_json::to_vec(owner)?;
    files::replace(record)?.write_all(&text)
}
