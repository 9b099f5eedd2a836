//! Setting a torn tail aside: copied and synced first, cut off second, so that nothing is thrown away.

use super::chain::LineHash;
use super::error::{Error, Result};
use super::files;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// The bytes that were cut off the end of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    /// Where they began in the log.
    pub offset: u64,
    pub length: u64,
    pub sha256: LineHash,
    /// Where they are now.
    pub path: PathBuf,
}

/// Copies everything from an offset on to a file beside the log, then cuts the log there.
pub(super) fn set_aside(log: &File, path: &Path, offset: u64) -> Result<SetAside> {
    let (aside, copy) =
        files::create_first(names(path, offset)).map_err(Error::io("set the torn tail aside of", path))?;
    let (length, sha256) = copy_tail(log, offset, copy).map_err(Error::io("copy the torn tail to", &aside))?;
    files::sync_name(&aside).map_err(Error::io("sync", &aside))?;
    log.set_len(offset).and_then(|()| log.sync_all()).map_err(Error::io("cut the torn tail off", path))?;
    Ok(SetAside { offset, length, sha256, path: aside })
}

/// `night.log.torn-1234`, and numbered from the second one at the same offset on.
fn names(path: &Path, offset: u64) -> impl Iterator<Item = PathBuf> {
    (1..100).map(move |count| {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".torn-{offset}"));
        if count > 1 {
            name.push(format!("-{count}"));
        }
        name.into()
    })
}

/// The tails that were set aside from a log.
pub(super) fn beside(path: &Path) -> io::Result<Vec<PathBuf>> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned() + ".torn-";
    let is_tail = |other: &PathBuf| other.file_name().is_some_and(|other| other.to_string_lossy().starts_with(&name));
    let files = files::directory_of(path).read_dir()?.filter_map(|file| file.ok().map(|file| file.path()));
    Ok(files.filter(is_tail).collect())
}

fn copy_tail(mut log: &File, offset: u64, copy: File) -> io::Result<(u64, LineHash)> {
    log.seek(SeekFrom::Start(offset))?;
    let mut copy = Hashing { copy, digest: Sha256::new() };
    let length = io::copy(&mut log, &mut copy)?;
    copy.copy.sync_all()?;
    Ok((length, LineHash::from_digest(&copy.digest.finalize())))
}

/// Hashes what passes through to a file.
struct Hashing {
    copy: File,
    digest: Sha256,
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = self.copy.write(bytes)?;
        self.digest.update(bytes.get(..taken).unwrap_or_default());
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.copy.flush()
    }
}
