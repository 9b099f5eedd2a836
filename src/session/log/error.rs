//! Why a log could not be created, opened or read.

use super::lock::Owner;
use super::{Broken, FORMAT};
use std::io;
use std::path::{Path, PathBuf};

pub(super) type Result<T> = std::result::Result<T, Error>;

/// Why a log could not be created, opened or read; says which file, and what was being done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{} exists already, and a session is never overwritten", .path.display())]
    Exists { path: PathBuf },
    #[error("{} does not exist", .path.display())]
    Missing { path: PathBuf },
    #[error("no permission to {doing} {}", .path.display())]
    Forbidden { doing: &'static str, path: PathBuf },
    #[error("{} is a directory, not a session", .path.display())]
    IsADirectory { path: PathBuf },
    #[error("what the folder of {} would be is a file", .path.display())]
    NotADirectory { path: PathBuf },
    #[error("{} is not a session: {why}", .path.display())]
    NotASession { path: PathBuf, why: &'static str },
    #[error("{} is held by {}", .path.display(), .owner.as_ref().map_or("another process".to_owned(), Owner::to_string))]
    Locked { path: PathBuf, owner: Option<Owner> },
    /// Readable, but not to be appended to.
    #[error("{} was written by a newer warroom (format {found}, this one writes {FORMAT})", .path.display())]
    TooNew { path: PathBuf, found: u32 },
    /// Readable up to there, never appended to, never cut.
    #[error("{} is damaged: {broken}", .path.display())]
    Damaged { path: PathBuf, broken: Broken },
    #[error("could not {doing} {}", .path.display())]
    Io { doing: &'static str, path: PathBuf, source: io::Error },
}

impl Error {
    /// Gives an error of the system the file and the deed it belongs to.
    pub(super) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| match source.kind() {
            io::ErrorKind::AlreadyExists => Self::Exists { path },
            io::ErrorKind::NotFound => Self::Missing { path },
            io::ErrorKind::PermissionDenied => Self::Forbidden { doing, path },
            io::ErrorKind::IsADirectory => Self::IsADirectory { path },
            io::ErrorKind::NotADirectory => Self::NotADirectory { path },
            _ => Self::Io { doing, path, source },
        }
    }
}
