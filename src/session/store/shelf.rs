//! The folder of the sessions: what is in it, and which of them a few signs mean.

use crate::judge::Outcome;
use crate::order;
use crate::session::event::Event;
use crate::session::header::{Header, Mode};
use crate::session::log::{LineHash, Presence, Reader};
use serde::Deserialize;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// Ids are shown with at least so many digits.
const LEAST_DIGITS: usize = 4;
/// The end of a log is searched for its close record in pieces of this size.
const PIECE: u64 = 1 << 20;
/// What a close record is found by. A note that says so has its quotes escaped.
const CLOSE: &[u8] = br#""kind":"session_finished""#;

/// A folder of sessions.
#[derive(Clone, Debug)]
pub struct Shelf {
    folder: PathBuf,
}

/// One session, as far as its first and last lines tell.
#[derive(Clone, Debug)]
pub struct Entry {
    pub path: PathBuf,
    /// The fewest digits that mean this session and no other of its folder.
    pub id: String,
    pub title: String,
    pub mode: Mode,
    /// Its plan came with the program, and what it measured has ended with it.
    pub is_demo: bool,
    /// The wall clock, unix milliseconds.
    pub began_at: i64,
    /// Of the last whole line.
    pub last_at: i64,
    pub standing: Standing,
    pub bytes: u64,
    digest: String,
}

/// Where a session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// A process holds it.
    Live,
    /// Nobody holds it and nobody has closed it: it can be resumed.
    Left,
    Closed(Outcome),
}

impl Standing {
    /// The word of the list.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Left => "left open",
            Self::Closed(outcome) => outcome.word(),
        }
    }
}

/// Why a name means no session.
#[derive(Debug, thiserror::Error)]
pub enum NotFound {
    #[error("no session is called \"{name}\" in {}; \"warroom sessions\" lists them", .folder.display())]
    Unknown { name: String, folder: PathBuf },
    #[error("\"{name}\" may be any of these sessions: {}", .candidates.join(", "))]
    Ambiguous { name: String, candidates: Vec<String> },
}

/// A file of the folder that is not a session that can be listed.
#[derive(Debug)]
pub struct Stranger {
    pub path: PathBuf,
    pub why: String,
}

impl Shelf {
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The sessions, live ones first, then the newest first; and what else lies there.
    ///
    /// # Errors
    /// Where the folder is there and cannot be read.
    pub fn list(&self) -> io::Result<(Vec<Entry>, Vec<Stranger>)> {
        let files = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((Vec::new(), Vec::new())),
            files => files?,
        };
        let (mut entries, mut strangers) = (Vec::new(), Vec::new());
        for path in files.filter_map(|file| file.ok().map(|file| file.path())) {
            if path.extension().is_none_or(|extension| extension != "jsonl") {
                continue;
            }
            match read(&path) {
                Ok(entry) => entries.push(entry),
                Err(why) => strangers.push(Stranger { path, why }),
            }
        }
        give_ids(&mut entries);
        order::by_key(&mut entries, |entry| (entry.standing != Standing::Live, std::cmp::Reverse(entry.began_at)));
        order::by(&mut strangers, |left, right| left.path.cmp(&right.path));
        Ok((entries, strangers))
    }

    /// The session that a name means: a path, an id or its beginning, a piece of a file's name, or
    /// `last`.
    ///
    /// # Errors
    /// What else it may have meant.
    pub fn find(&self, name: &str) -> Result<PathBuf, NotFound> {
        let is_path = Path::new(name).exists() || name.contains('/');
        if is_path {
            return Ok(PathBuf::from(name));
        }
        let unknown = || NotFound::Unknown { name: name.to_owned(), folder: self.folder.clone() };
        let (entries, _) = self.list().map_err(|_| unknown())?;
        if name == "last" {
            let newest = entries.iter().max_by_key(|entry| entry.began_at);
            return newest.map(|entry| entry.path.clone()).ok_or_else(unknown);
        }
        let wanted = name.to_lowercase();
        let by_id: Vec<&Entry> = entries.iter().filter(|entry| entry.digest.starts_with(&wanted)).collect();
        let by_name = || entries.iter().filter(|entry| file_name(&entry.path).contains(&wanted)).collect();
        let found: Vec<&Entry> = if by_id.is_empty() { by_name() } else { by_id };
        match found.as_slice() {
            [] => Err(unknown()),
            [only] => Ok(only.path.clone()),
            several => {
                let candidates = several.iter().map(|entry| format!("{} ({})", entry.id, file_name(&entry.path)));
                Err(NotFound::Ambiguous { name: name.to_owned(), candidates: candidates.collect() })
            }
        }
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.id, self.standing.word(), self.title)
    }
}

fn file_name(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().to_lowercase()).unwrap_or_default()
}

/// The id of a session, in full: the hash of its first line, which never changes.
fn digest(header: &str) -> String {
    LineHash::of(header.as_bytes()).to_string()
}

fn give_ids(entries: &mut [Entry]) {
    let mut digests: Vec<String> = entries.iter().map(|entry| entry.digest.clone()).collect();
    digests.sort_unstable();
    for entry in entries {
        let at = digests.partition_point(|other| *other < entry.digest);
        let beside = [at.checked_sub(1), Some(at + 1)].into_iter().flatten().filter_map(|at| digests.get(at));
        let shared = beside.map(|other| shared_digits(other, &entry.digest)).max().unwrap_or(0);
        entry.id = entry.digest.chars().take((shared + 1).max(LEAST_DIGITS)).collect();
    }
}

fn shared_digits(left: &str, right: &str) -> usize {
    left.bytes().zip(right.bytes()).take_while(|(left, right)| left == right).count()
}

fn read(path: &Path) -> Result<Entry, String> {
    let reader = Reader::open(path).map_err(|error| error.to_string())?;
    let header: Header = serde_json::from_str(reader.header()).map_err(|error| error.to_string())?;
    let tail = Tail::read(path).map_err(|error| error.to_string())?;
    let standing = match (Presence::of(path), tail.outcome) {
        (Presence::Held, _) => Standing::Live,
        (Presence::Free, Some(outcome)) => Standing::Closed(outcome),
        (Presence::Free, None) => Standing::Left,
    };
    Ok(Entry {
        path: path.to_owned(),
        id: String::new(),
        title: header.plan.title,
        mode: header.mode,
        is_demo: header.mode == Mode::Rehearsal && header.checklist.path.is_none(),
        began_at: header.began_at,
        last_at: tail.last_at.unwrap_or(header.began_at),
        standing,
        bytes: tail.bytes,
        digest: digest(reader.header()),
    })
}

/// What the end of a log says, without reading the night before it.
struct Tail {
    bytes: u64,
    last_at: Option<i64>,
    outcome: Option<Outcome>,
}

impl Tail {
    fn read(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let bytes = file.metadata()?.len();
        let (mut outcome, mut last_at) = (None, None);
        let mut end = bytes;
        // What a line at the border of two pieces begins with is carried to the piece before.
        let mut carried = Vec::new();
        while end > 0 && outcome.is_none() {
            let start = end.saturating_sub(PIECE);
            let mut piece = vec![0; usize::try_from(end - start).unwrap_or(0)];
            file.seek(SeekFrom::Start(start))?;
            file.read_exact(&mut piece)?;
            piece.extend_from_slice(&carried);
            let whole_from = if start == 0 {
                0
            } else {
                piece.iter().position(|byte| *byte == b'\n').map_or(piece.len(), |at| at + 1)
            };
            let (first, lines) = piece.split_at(whole_from);
            for line in lines.rsplit(|byte| *byte == b'\n').filter_map(|line| str::from_utf8(line).ok()) {
                last_at = last_at.or_else(|| time_of(line));
                if outcome.is_none() && memory_holds(line.as_bytes(), CLOSE) {
                    outcome = outcome_of(line);
                }
            }
            carried = first.to_vec();
            end = start;
        }
        Ok(Self { bytes, last_at, outcome })
    }
}

fn memory_holds(line: &[u8], wanted: &[u8]) -> bool {
    line.windows(wanted.len()).take(1_024).any(|part| part == wanted)
}

fn outcome_of(line: &str) -> Option<Outcome> {
    #[derive(Deserialize)]
    struct Close {
        outcome: Outcome,
    }
    serde_json::from_str(line).ok().map(|Close { outcome }| outcome)
}

fn time_of(line: &str) -> Option<i64> {
    (!line.is_empty()).then(|| Event::from_json(line).ok().map(|event| event.at)).flatten()
}
