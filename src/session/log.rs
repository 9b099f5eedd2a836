//! The log: what happened, one line after the other, in one file that is only ever appended to.
//!
//! Three promises, each kept by one file here:
//!
//! - What was acknowledged is on the disk. [`Writer`] acknowledges after the sync and not before;
//!   a handle that has failed once is never believed again (`tail`, `disk`).
//! - What is on the disk is what was written. Every line names the one before it and checks itself
//!   ([`chain`]), so that [`verify`] finds any changed byte, and `sha256sum` finds most.
//! - A crash costs nothing but what was never acknowledged. A tail that was cut off is set aside
//!   (`torn`) and the log goes on; a log that is damaged further up is read as far as it is whole
//!   and never touched ([`Reader`]).
//!
//! One process holds a log (`lock`), any number read along. The log knows lines, their numbers and
//! their hashes; what the lines say is the session's.

mod ahead;
pub mod chain;
mod disk;
mod error;
mod files;
mod follow;
mod keeper;
mod lock;
mod reader;
mod tail;
#[cfg(test)]
mod testing;
mod torn;
mod writer;

pub use chain::{Break, LineHash, Place};
pub use error::Error;
pub use follow::{Follower, Look};
pub use lock::{Owner, Presence};
pub use reader::{Broken, Ending, Line, Reader, Report, verify};
pub use torn::SetAside;
pub use writer::{Closed, DiskState, Durability, Health, SLOW, Settings, Unsaved, Writer};

use disk::{Disk, Site};
use error::Result;
use lock::Lock;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The format this program writes, and the newest it appends to.
pub const FORMAT: u32 = 1;

/// A log that is held, whole, and ready to be appended to.
#[derive(Debug)]
pub struct Log {
    site: Site,
    place: Place,
}

impl Log {
    /// Creates a log with its header, a JSON object whose `warroom` is the format version.
    ///
    /// The directories above it are created, nothing that exists is overwritten, and both the file
    /// and its name are on the disk when this returns.
    pub fn create(path: &Path, header: &str, owner: Owner) -> Result<Self> {
        files::create_directories(files::directory_of(path)).map_err(Error::io("create the directory of", path))?;
        let file = files::create(path).map_err(Error::io("create", path))?;
        let begun = Lock::take(file, path, &owner).and_then(|lock| begin(lock, path, header, owner));
        if begun.is_err() {
            // It is ours and says nothing yet: left behind, it would only stand in the way.
            let _left = fs::remove_file(path);
        }
        begun
    }

    /// Removes a log that nobody holds, with its torn ends beside it.
    pub fn remove(path: &Path, owner: &Owner) -> Result<()> {
        let file = fs::File::open(path).map_err(Error::io("remove", path))?;
        // Held until it is gone: nobody resumes what is being thrown away.
        let _lock = Lock::take(file, path, owner)?;
        torn::beside(path)
            .and_then(|torn| torn.iter().try_for_each(fs::remove_file))
            .map_err(Error::io("remove", path))?;
        fs::remove_file(path).map_err(Error::io("remove", path))
    }

    /// Takes hold of an existing log, to read it through and then append to it.
    pub fn open(path: &Path, owner: Owner) -> Result<Opening> {
        let found = Reader::open(path)?.version();
        if found > FORMAT {
            return Err(Error::TooNew { path: path.to_owned(), found });
        }
        let file = files::open(path).map_err(Error::io("append to", path))?;
        let lock = Lock::take(file, path, &owner)?;
        // From the beginning again: before the lock was ours, another holder may have written.
        let reader = Reader::over(lock.file.try_clone().map_err(Error::io("read", path))?, path)?;
        Ok(Opening { path: path.to_owned(), owner, lock, reader })
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        self.site.path()
    }

    /// The end of its last record.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }
}

fn begin(lock: Lock, path: &Path, header: &str, owner: Owner) -> Result<Log> {
    let line = chain::seal_header(header);
    (&lock.file)
        .write_all(&line)
        .and_then(|()| lock.file.sync_all())
        .and_then(|()| files::sync_name(path))
        .map_err(Error::io("write the header of", path))?;
    let place = *Reader::open(path)?.place();
    let site = Site::new(path, lock, owner).map_err(Error::io("open", path))?;
    Ok(Log { site, place })
}

/// A held log on its way to being opened: its lines are read once, checked and handed out.
#[derive(Debug)]
pub struct Opening {
    path: PathBuf,
    owner: Owner,
    lock: Lock,
    reader: Reader,
}

/// An opened log, with what had to be set aside to make it whole.
#[derive(Debug)]
pub struct Opened {
    pub log: Log,
    pub torn: Option<SetAside>,
}

impl Opening {
    /// The header's JSON object.
    #[must_use]
    pub fn header(&self) -> &str {
        self.reader.header()
    }

    /// Hands on every whole record, as [`Reader::each`] does.
    ///
    /// # Errors
    /// The log's, or those of whoever takes them.
    pub fn each<T: Send, E: From<Error>>(
        &mut self,
        parse: impl Fn(&Line<'_>) -> T + Sync,
        take: impl FnMut(T, Place) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        self.reader.each(parse, take)
    }

    /// Checks what has not been read yet and sets a torn tail aside.
    ///
    /// # Errors
    /// [`Error::Damaged`] where a record is not as it was written; the file is left as it is.
    pub fn finish(mut self) -> Result<Opened> {
        let torn = match self.reader.ending()? {
            Ending::Clean => None,
            Ending::Torn(broken) => Some(torn::set_aside(&self.lock.file, &self.path, broken.offset)?),
            Ending::Damaged(broken) => return Err(Error::Damaged { path: self.path, broken }),
        };
        let place = *self.reader.place();
        let site = Site::new(&self.path, self.lock, self.owner).map_err(Error::io("open", &self.path))?;
        Ok(Opened { log: Log { site, place }, torn })
    }
}
