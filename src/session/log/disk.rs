//! Where the bytes go: one file under one name, and what to do when it can no longer be had.

use super::chain::Place;
use super::error::Error;
use super::files::{self, Identity};
use super::lock::{Lock, Owner};
use super::reader::Reader;
use std::fmt::Debug;
use std::fs::{self, File};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

/// What the writer asks of a disk. Any of it may fail at any time.
pub(super) trait Disk: Debug + Send + 'static {
    /// Appends whole lines, in one write where the system takes them in one.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Makes what was appended survive a power cut, in a file of `length` bytes that still has its name.
    fn sync(&mut self, length: u64) -> io::Result<()>;

    /// Gives up the handle for a new one on the same file, cut back to its first `length` bytes.
    fn renew(&mut self, length: u64) -> io::Result<()>;

    /// Moves to another file that begins with the same durable bytes.
    fn flee(&mut self, durable: &Place) -> io::Result<()>;

    fn path(&self) -> &Path;
}

/// A log's file, held.
#[derive(Debug)]
pub(super) struct Site {
    path: PathBuf,
    file: File,
    lock: Lock,
    owner: Owner,
    /// Directories to go to when the file's own takes nothing any more, in this order.
    refuges: Vec<PathBuf>,
    /// Files that were fled from stay held: nobody is to go on with them while this goes on.
    left: Vec<Lock>,
}

impl Site {
    pub(super) fn new(path: &Path, lock: Lock, owner: Owner) -> io::Result<Self> {
        let file = lock.file.try_clone()?;
        Ok(Self { path: path.to_owned(), file, lock, owner, refuges: Vec::new(), left: Vec::new() })
    }

    pub(super) fn with_refuges(mut self, refuges: Vec<PathBuf>) -> Self {
        self.refuges = refuges;
        self
    }

    /// Writes a copy of the durable part and goes on there.
    fn move_to(&mut self, names: impl Iterator<Item = PathBuf>, durable: &Place) -> io::Result<()> {
        let (path, file) = files::create_first(names)?;
        let moved = self
            .copy(&file, &path, durable)
            .and_then(|()| Lock::take(file.try_clone()?, &path, &self.owner).map_err(io::Error::other));
        match moved {
            Ok(lock) => {
                self.left.push(std::mem::replace(&mut self.lock, lock));
                self.file = file;
                self.path = path;
                Ok(())
            }
            Err(error) => {
                let _left = fs::remove_file(&path);
                Err(error)
            }
        }
    }

    /// Copies the durable part, and holds the copy against the chain before it counts.
    fn copy(&self, mut to: &File, path: &Path, durable: &Place) -> io::Result<()> {
        let mut from = &self.lock.file;
        from.rewind()?;
        io::copy(&mut from.take(durable.offset), &mut to)?;
        to.sync_all()?;
        files::sync_name(path)?;
        match Reader::open(path).and_then(|mut copy| copy.ending().map(|_| *copy.place())) {
            Ok(place) if place == *durable => Ok(()),
            Ok(_) => Err(io::Error::new(io::ErrorKind::InvalidData, "what was saved cannot be read any more")),
            Err(Error::Io { source, .. }) => Err(source),
            Err(error) => Err(io::Error::other(error)),
        }
    }
}

impl Disk for Site {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)
    }

    fn sync(&mut self, length: u64) -> io::Result<()> {
        self.file.sync_data()?;
        // A sync of a file that was deleted or replaced succeeds, and saves nothing.
        let about = fs::metadata(&self.path)?;
        same(self.lock.identity, Identity::of(&about))?;
        if about.len() == length { Ok(()) } else { Err(changed("another program has changed its length")) }
    }

    fn renew(&mut self, length: u64) -> io::Result<()> {
        let file = files::open(&self.path)?;
        let about = file.metadata()?;
        same(self.lock.identity, Identity::of(&about))?;
        if about.len() < length {
            return Err(changed("another program has cut it short"));
        }
        file.set_len(length)?;
        self.file = file;
        Ok(())
    }

    fn flee(&mut self, durable: &Place) -> io::Result<()> {
        let directories = std::iter::once(files::directory_of(&self.path).to_owned()).chain(self.refuges.clone());
        let mut last = io::Error::from(io::ErrorKind::NotFound);
        for directory in directories {
            let names = names(directory.clone(), &self.path);
            match files::create_directories(&directory).and_then(|()| self.move_to(names, durable)) {
                Ok(()) => return Ok(()),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    fn path(&self) -> &Path {
        &self.path
    }
}

/// Says whether an error means that waiting will not bring the file back.
pub(super) fn is_gone(error: &io::Error) -> bool {
    use io::ErrorKind::{NotADirectory, NotFound, ReadOnlyFilesystem, StaleNetworkFileHandle};
    matches!(error.kind(), NotFound | NotADirectory | ReadOnlyFilesystem | StaleNetworkFileHandle)
}

/// The log's own name, then `night.moved-1.jsonl` and so on.
fn names(directory: PathBuf, path: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let part = |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
    let (name, stem, extension) = (part(path.file_name()), part(path.file_stem()), part(path.extension()));
    let moved = (1..100).map(move |count| format!("{stem}.moved-{count}.{extension}").trim_end_matches('.').to_owned());
    std::iter::once(name).chain(moved).map(move |name| directory.join(name))
}

fn same(held: Identity, found: Identity) -> io::Result<()> {
    if held == found {
        return Ok(());
    }
    Err(io::Error::new(io::ErrorKind::NotFound, "another file has taken its name"))
}

fn changed(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}
