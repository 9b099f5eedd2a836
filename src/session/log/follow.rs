//! Following a log that another process writes, wherever its name leads.
//!
//! The writer repairs a failed disk by cutting its file back and writing the same lines again, and
//! moves to another file when it must. A follower that has read further than what is there now, or
//! finds other lines than it has read, says so: what it folded is not what happened.

use super::chain::{Break, Place};
use super::error::{Error, Result};
use super::files::Identity;
use super::reader::{Line, Reader};
use std::fs;
use std::path::{Path, PathBuf};

/// Reads a log on and on.
#[derive(Debug)]
pub struct Follower {
    path: PathBuf,
    identity: Identity,
    reader: Reader,
}

/// What a second look at the file found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// What was read is there, and what follows it may be.
    Same,
    /// The same, in another file.
    Moved,
    /// It is not: everything is to be read again, from a new follower.
    Rewritten,
}

impl Follower {
    /// Opens a log at its beginning.
    pub fn open(path: &Path) -> Result<Self> {
        let about = fs::metadata(path).map_err(Error::io("read", path))?;
        Ok(Self { path: path.to_owned(), identity: Identity::of(&about), reader: Reader::open(path)? })
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The header's JSON object.
    #[must_use]
    pub fn header(&self) -> &str {
        self.reader.header()
    }

    /// The header's format version.
    #[must_use]
    pub fn version(&self) -> u32 {
        self.reader.version()
    }

    /// The end of the last record that was read.
    #[must_use]
    pub fn place(&self) -> &Place {
        self.reader.place()
    }

    /// Reads the next whole record; none where there is none yet.
    pub fn next_line(&mut self) -> Result<Option<Line<'_>>> {
        self.reader.next_line()
    }

    /// Looks whether the name still leads to what was read, and goes on in the file it leads to.
    pub fn look_again(&mut self) -> Result<Look> {
        let path = self.path.clone();
        self.follow_to(&path)
    }

    /// Goes on in another file, to which the writer has moved.
    pub fn follow_to(&mut self, path: &Path) -> Result<Look> {
        // Where the name is gone, the file that was opened is not.
        let Ok(about) = fs::metadata(path) else { return Ok(Look::Same) };
        let identity = Identity::of(&about);
        if identity == self.identity {
            let is_whole = about.len() >= self.place().offset && !self.is_beside_the_chain();
            return Ok(if is_whole { Look::Same } else { Look::Rewritten });
        }
        let mut reader = Reader::open(path)?;
        let read = *self.place();
        while reader.place().seq < read.seq && reader.next_line()?.is_some() {}
        if *reader.place() != read {
            return Ok(Look::Rewritten);
        }
        (self.path, self.identity, self.reader) = (path.to_owned(), identity, reader);
        Ok(Look::Moved)
    }

    /// Whether what stopped the reader is no line that is still being written.
    fn is_beside_the_chain(&self) -> bool {
        self.reader.stopped_at().is_some_and(|why| *why != Break::CutOff)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::sample;
    use super::*;
    use std::io::Write;

    fn read(follower: &mut Follower) -> u64 {
        while follower.next_line().unwrap().is_some() {}
        follower.place().seq
    }

    #[test]
    fn it_reads_on_as_lines_come_and_waits_for_the_end_of_one() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("night.jsonl");
        let bytes = sample(3);
        let (first, rest) = bytes.split_at(bytes.len() - 20);
        fs::write(&path, first).unwrap();
        let mut follower = Follower::open(&path).unwrap();
        assert_eq!((read(&mut follower), follower.look_again().unwrap()), (2, Look::Same));
        fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(rest).unwrap();
        assert_eq!((read(&mut follower), follower.look_again().unwrap()), (3, Look::Same));
    }

    #[test]
    fn it_follows_a_log_to_where_it_moved() {
        let place = tempfile::tempdir().unwrap();
        let (path, moved) = (place.path().join("night.jsonl"), place.path().join("night.moved-1.jsonl"));
        fs::write(&path, sample(2)).unwrap();
        let mut follower = Follower::open(&path).unwrap();
        read(&mut follower);
        fs::write(&moved, sample(4)).unwrap();
        assert_eq!(follower.follow_to(&moved).unwrap(), Look::Moved);
        assert_eq!((read(&mut follower), follower.path()), (4, moved.as_path()));
        fs::remove_file(&moved).unwrap();
        assert_eq!(follower.look_again().unwrap(), Look::Same, "what was opened is still there");
        fs::write(&moved, sample(5)).unwrap();
        assert_eq!((follower.look_again().unwrap(), read(&mut follower)), (Look::Moved, 5));
    }

    #[test]
    fn it_notices_that_what_it_read_is_not_there_any_more() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("night.jsonl");
        let bytes = sample(4);
        let line = bytes.iter().rposition(|&byte| byte == b':').unwrap();
        for cut_and_rest in [(bytes.len() - 200, ""), (bytes.len(), "{\"seq\":5}\n"), (line, "")] {
            fs::write(&path, &bytes).unwrap();
            let mut follower = Follower::open(&path).unwrap();
            read(&mut follower);
            let (cut, rest) = cut_and_rest;
            fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(cut as u64).unwrap();
            fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(rest.as_bytes()).unwrap();
            read(&mut follower);
            assert_eq!(follower.look_again().unwrap(), Look::Rewritten, "{cut_and_rest:?}");
        }
    }
}
