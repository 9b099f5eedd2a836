//! Reading a log as far as it is whole, and saying what stopped it.
//!
//! Needs no lock and never writes. A reader keeps its place: at the end it can be asked again, so
//! the same type reads an old session, verifies one, and follows one that is being written.

use super::chain::{self, Break, LineHash, Place};
use super::error::{Error, Result};
use serde::Deserialize;
use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// No line is longer: a file without newlines must not fill the memory.
const LONGEST_LINE: u64 = 64 << 20;
const BUFFER: usize = 256 << 10;

/// Reads the whole records of a log, one after the other.
#[derive(Debug)]
pub struct Reader<R = File> {
    path: PathBuf,
    input: BufReader<R>,
    line: Vec<u8>,
    header: Header,
    place: Place,
    stop: Option<Stop>,
}

#[derive(Debug)]
struct Header {
    text: String,
    version: u32,
    whole: bool,
}

/// Why the last attempt to read on gave nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Stop {
    AtEnd,
    At(Break),
}

/// One event as it stands in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    pub seq: u64,
    /// The JSON object, `crc` and `prev` included.
    pub text: &'a str,
}

impl<'a> Line<'a> {
    /// The hash of the line before it, as this one names it.
    #[must_use]
    pub fn prev(&self) -> Option<&'a str> {
        chain::prev_of(self.text)
    }
}

/// What a log ends in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// A whole record.
    Clean,
    /// Bytes that never became a record: a write that a crash or a full disk cut off.
    Torn(Broken),
    /// A record that is not as it was written, or does not follow the one before it.
    Damaged(Broken),
}

/// The first place where a log is not whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// 1-based; the header is line 1.
    pub line: u64,
    /// Of the line's first byte.
    pub offset: u64,
    pub why: Break,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {} (at byte {}): {}", self.line, self.offset, self.why)
    }
}

/// What `verify` found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Format version of the header.
    pub version: u32,
    /// Whole events, the header not counted.
    pub records: u64,
    /// Bytes they and the header take.
    pub bytes: u64,
    /// The hash of the last whole line.
    pub head: LineHash,
    pub ending: Ending,
}

/// Reads a whole log and checks every line of it.
pub fn verify(path: &Path) -> Result<Report> {
    let mut reader = Reader::open(path)?;
    let ending = reader.ending()?;
    let Place { offset, seq, head } = *reader.place();
    Ok(Report { version: reader.version(), records: seq, bytes: offset, head, ending })
}

impl Reader {
    /// Opens a log for reading, whoever else reads or writes it.
    pub fn open(path: &Path) -> Result<Self> {
        // Looked at first, because opening a pipe would wait for its other end.
        let about = path.metadata().map_err(Error::io("read", path))?;
        if about.is_dir() {
            return Err(Error::IsADirectory { path: path.to_owned() });
        }
        if !about.is_file() {
            return Err(Error::NotASession { path: path.to_owned(), why: "it is not a regular file" });
        }
        Self::over(File::open(path).map_err(Error::io("read", path))?, path)
    }
}

impl<R: Read + Seek> Reader<R> {
    /// Reads a log from its beginning.
    pub(super) fn over(input: R, path: &Path) -> Result<Self> {
        let mut input = BufReader::with_capacity(BUFFER, input);
        let mut line = Vec::new();
        read_line(&mut input, &mut line).map_err(Error::io("read", path))?;
        let header = Header::parse(&line).map_err(|why| Error::NotASession { path: path.to_owned(), why })?;
        let place = Place::after_header(header.text.as_bytes());
        Ok(Self { path: path.to_owned(), input, line, header, place, stop: None })
    }

    /// The header's JSON object.
    #[must_use]
    pub fn header(&self) -> &str {
        &self.header.text
    }

    /// The header's format version.
    #[must_use]
    pub fn version(&self) -> u32 {
        self.header.version
    }

    /// The end of the last whole record that was read.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Why the last attempt to read on gave nothing, where there was something to read.
    #[must_use]
    pub(super) fn stopped_at(&self) -> Option<&Break> {
        match &self.stop {
            Some(Stop::At(why)) => Some(why),
            Some(Stop::AtEnd) | None => None,
        }
    }

    /// Goes on reading from a place that was read before.
    pub fn go_to(&mut self, place: Place) -> Result<()> {
        self.seek(place.offset)?;
        (self.place, self.stop) = (place, None);
        Ok(())
    }

    /// Reads the next whole record; none where there is no further one, for now.
    pub fn next_line(&mut self) -> Result<Option<Line<'_>>> {
        Ok(self.next_record()?.map(|(line, _)| line))
    }

    /// The same, with the place behind it.
    pub(super) fn next_record(&mut self) -> Result<Option<(Line<'_>, Place)>> {
        if !self.header.whole {
            return Ok(None);
        }
        if self.stop.is_some() {
            self.seek(self.place.offset)?;
        }
        self.stop = Some(Stop::AtEnd);
        if self.read_line()? == 0 {
            return Ok(None);
        }
        match chain::follow(&self.line, &self.place) {
            Ok(text) => {
                self.stop = None;
                self.place = self.place.after(text.as_bytes());
                Ok(Some((Line { seq: self.place.seq, text }, self.place)))
            }
            Err(why) => {
                self.stop = Some(Stop::At(why));
                Ok(None)
            }
        }
    }

    /// Reads on to the end and says what is there.
    ///
    /// A tail is torn only where nothing in it is an event: whatever follows a bad line and still
    /// is one was on the disk before, so that line was whole once.
    pub fn ending(&mut self) -> Result<Ending> {
        if !self.header.whole {
            return Ok(Ending::Damaged(Broken { line: 1, offset: 0, why: Break::Altered }));
        }
        while self.next_line()?.is_some() {}
        let Some(Stop::At(why)) = self.stop.clone() else { return Ok(Ending::Clean) };
        let broken = Broken { line: self.place.seq + 2, offset: self.place.offset, why };
        loop {
            if chain::is_event(&self.line) {
                return Ok(Ending::Damaged(broken));
            }
            if self.read_line()? == 0 {
                return Ok(Ending::Torn(broken));
            }
        }
    }

    fn read_line(&mut self) -> Result<usize> {
        read_line(&mut self.input, &mut self.line).map_err(Error::io("read", &self.path))
    }

    fn seek(&mut self, offset: u64) -> Result<()> {
        self.input.seek(SeekFrom::Start(offset)).map(drop).map_err(Error::io("read", &self.path))
    }
}

fn read_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<usize> {
    line.clear();
    input.take(LONGEST_LINE).read_until(b'\n', line)
}

impl Header {
    fn parse(line: &[u8]) -> std::result::Result<Self, &'static str> {
        #[derive(Deserialize)]
        struct Version {
            warroom: u32,
        }
        let Some(line) = line.strip_suffix(b"\n") else {
            return Err(if line.is_empty() { "it is empty" } else { "its first line does not end" });
        };
        let text = str::from_utf8(line).map_err(|_| "its first line is not text")?;
        let Version { warroom: version } =
            serde_json::from_str(text).map_err(|_| "its first line is not a session's header")?;
        if version == 0 {
            return Err("its format version is 0");
        }
        Ok(Self { text: text.to_owned(), version, whole: chain::header_is_whole(line) })
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::sample;
    use super::*;
    use std::io::Cursor;

    fn read(bytes: &[u8]) -> Result<(u64, Ending)> {
        let mut reader = Reader::over(Cursor::new(bytes), Path::new("log"))?;
        let ending = reader.ending()?;
        Ok((reader.place().seq, ending))
    }

    /// How many whole events the first `cut` bytes hold; none where not even the header is whole.
    fn whole(bytes: &[u8], cut: usize) -> Option<u64> {
        (bytes[..cut].split_inclusive(|&byte| byte == b'\n').filter(|line| line.ends_with(b"\n")).count() as u64)
            .checked_sub(1)
    }

    const TAILS: [&[u8]; 4] = [b"", &[0; 3], b"\0\n\0\n", b"\xff{\"seq\":1\n}\n"];

    fn keeps_what_is_whole(bytes: &[u8], cut: usize, tail: &[u8]) {
        let torn = [&bytes[..cut], tail].concat();
        let Some(events) = whole(bytes, cut) else {
            assert!(matches!(read(&torn), Err(Error::NotASession { .. })), "{cut} {tail:?}");
            return;
        };
        let (seq, ending) = read(&torn).unwrap();
        assert_eq!(seq, events, "{cut} {tail:?}");
        let clean = tail.is_empty() && bytes[..cut].ends_with(b"\n");
        assert_eq!(matches!(ending, Ending::Clean), clean, "{cut} {tail:?}");
        assert!(!matches!(ending, Ending::Damaged(_)), "{cut} {tail:?}: {ending:?}");
    }

    #[test]
    fn a_log_cut_at_any_byte_keeps_every_whole_record_before_the_cut() {
        let bytes = sample(25);
        for cut in 0..=bytes.len() {
            for tail in TAILS {
                keeps_what_is_whole(&bytes, cut, tail);
            }
        }
    }

    #[test]
    #[ignore = "two hundred thousand cuts of a thousand records: with --release, before a release"]
    fn a_long_log_cut_at_any_byte_keeps_every_whole_record_before_the_cut() {
        let bytes = sample(1_000);
        for cut in 0..=bytes.len() {
            keeps_what_is_whole(&bytes, cut, TAILS[cut % TAILS.len()]);
        }
    }

    #[test]
    fn every_flipped_byte_is_found() {
        let bytes = sample(6);
        for at in 0..bytes.len() {
            for flip in [1, 2, 0x20, 0x80, 0xff] {
                let mut flipped = bytes.clone();
                flipped[at] ^= flip;
                assert!(!matches!(read(&flipped), Ok((_, Ending::Clean))), "byte {at} ^ {flip:#x}");
            }
        }
    }

    #[test]
    fn damage_before_the_tail_is_not_a_torn_tail() {
        let bytes = sample(6);
        let third = bytes.split_inclusive(|&byte| byte == b'\n').take(3).map(<[u8]>::len).sum::<usize>();
        for flip in [1, 0xff] {
            let mut damaged = bytes.clone();
            damaged[third] ^= flip;
            let (seq, ending) = read(&damaged).unwrap();
            let Ending::Damaged(broken) = ending else { panic!("{ending:?}") };
            assert_eq!((seq, broken.line, broken.offset), (2, 4, third as u64));
        }
    }

    #[test]
    fn a_last_record_that_was_altered_is_damage() {
        let mut bytes = sample(3);
        let at = bytes.len() - 100;
        bytes[at] = if bytes[at] == b'x' { b'y' } else { b'x' };
        let (seq, ending) = read(&bytes).unwrap();
        assert_eq!(seq, 2);
        assert!(matches!(ending, Ending::Damaged(Broken { line: 4, why: Break::Altered, .. })), "{ending:?}");
    }

    #[test]
    fn a_reader_goes_on_where_it_stopped() {
        let bytes = sample(4);
        let path = tempfile::NamedTempFile::new().unwrap();
        for (cut, events) in [(bytes.len() - 10, 3), (bytes.len(), 4)] {
            std::fs::write(path.path(), &bytes[..cut]).unwrap();
            assert_eq!(verify(path.path()).unwrap().records, events);
        }
        std::fs::write(path.path(), &bytes[..bytes.len() - 10]).unwrap();
        let mut reader = Reader::open(path.path()).unwrap();
        while reader.next_line().unwrap().is_some() {}
        assert_eq!(reader.next_line().unwrap(), None);
        assert!(matches!(reader.ending().unwrap(), Ending::Torn(Broken { line: 5, .. })));
        std::fs::write(path.path(), &bytes).unwrap();
        assert_eq!(reader.next_line().unwrap().unwrap().seq, 4);
        assert_eq!(reader.ending().unwrap(), Ending::Clean);
    }

    #[test]
    fn what_is_no_session_is_told_why() {
        for (bytes, want) in [
            (&b""[..], "it is empty"),
            (b"{\"warroom\":1}", "its first line does not end"),
            (b"# Checklist\n", "its first line is not a session's header"),
            (b"{\"warroom\":0}\n", "its format version is 0"),
            (b"\x7fELF\xff\n", "its first line is not text"),
        ] {
            let Err(Error::NotASession { why, .. }) = read(bytes) else { panic!("{want}") };
            assert_eq!(why, want);
        }
        let directory = Reader::open(Path::new("/")).unwrap_err();
        assert_eq!(directory.to_string(), "/ is a directory, not a session");
        let device = Reader::open(Path::new("/dev/full")).unwrap_err();
        assert_eq!(device.to_string(), "/dev/full is not a session: it is not a regular file");
        let missing = Reader::open(Path::new("/nowhere/to/be.found")).unwrap_err();
        assert_eq!(missing.to_string(), "/nowhere/to/be.found does not exist");
    }
}
