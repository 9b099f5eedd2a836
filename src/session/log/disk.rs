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

    /// Moves to another file and has everything safe there; or stays, and leaves nothing behind.
    fn flee(&mut self, everything: &Contents) -> io::Result<()>;

    fn path(&self) -> &Path;
}

/// All that a log holds, on the disk and off it.
#[derive(Debug)]
pub(super) struct Contents<'a> {
    /// So many bytes of the file are as they should be.
    pub(super) durable: u64,
    /// What belongs behind them.
    pub(super) rest: &'a [u8],
    /// Where that ends.
    pub(super) end: &'a Place,
}

/// A log's file, held.
#[derive(Debug)]
pub(super) struct Site {
    /// Where it was opened.
    origin: PathBuf,
    /// Where it is.
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
        let (origin, path) = (path.to_owned(), path.to_owned());
        Ok(Self { origin, path, file, lock, owner, refuges: Vec::new(), left: Vec::new() })
    }

    pub(super) fn with_refuges(mut self, refuges: Vec<PathBuf>) -> Self {
        self.refuges = refuges;
        self
    }

    /// Writes the whole log to the first of these names that is free, and goes on there.
    fn move_to(&mut self, names: impl Iterator<Item = PathBuf>, everything: &Contents) -> io::Result<()> {
        let (path, file) = files::create_first(names)?;
        let lock = self
            .copy(&file, &path, everything)
            .and_then(|()| Lock::take(file.try_clone()?, &path, &self.owner).map_err(io::Error::other));
        let lock = lock.inspect_err(|_| {
            let _left = fs::remove_file(&path);
        })?;
        self.left.push(std::mem::replace(&mut self.lock, lock));
        self.file = file;
        self.path = path;
        Ok(())
    }

    /// Copies the durable part, adds the rest, and holds it all against the chain before it counts.
    fn copy(&self, mut to: &File, path: &Path, everything: &Contents) -> io::Result<()> {
        let mut from = &self.lock.file;
        from.rewind()?;
        io::copy(&mut from.take(everything.durable), &mut to)?;
        to.write_all(everything.rest)?;
        to.sync_all()?;
        files::sync_name(path)?;
        match Reader::open(path).and_then(|mut copy| copy.ending().map(|_| *copy.place())) {
            Ok(place) if place == *everything.end => Ok(()),
            Ok(_) => Err(changed("what was saved cannot be read any more")),
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

    fn flee(&mut self, everything: &Contents) -> io::Result<()> {
        let home = files::directory_of(&self.origin).to_owned();
        let mut last = io::Error::from(io::ErrorKind::NotFound);
        for directory in std::iter::once(home).chain(self.refuges.clone()) {
            let names = names(directory.clone(), &self.origin);
            match files::create_directories(&directory).and_then(|()| self.move_to(names, everything)) {
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
