//! What a log needs of a file system: names that last, files of one's own, and knowing one again.

use std::fs::{DirBuilder, File, Metadata, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Which file it is, whatever its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    device: u64,
    inode: u64,
}

impl Identity {
    pub(super) fn of(about: &Metadata) -> Self {
        Self { device: about.dev(), inode: about.ino() }
    }
}

/// Creates a file only this user may read, where there is none.
pub(super) fn create(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).append(true).create_new(true).mode(0o600).open(path)
}

/// Creates a file only this user may read, or empties the one that is there.
pub(super) fn replace(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)
}

/// Opens a file to read it and to append to it.
pub(super) fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).append(true).open(path)
}

/// Creates a directory with those above it, for this user only, so that they survive a power cut.
pub(super) fn create_directories(directory: &Path) -> io::Result<()> {
    let missing: Vec<_> = directory.ancestors().take_while(|place| !named(place).exists()).collect();
    let created = DirBuilder::new().recursive(true).mode(0o700).create(named(directory));
    created.map_err(|error| match error.kind() {
        // What is there is something else: nobody is to look for another name of the file.
        io::ErrorKind::AlreadyExists => io::ErrorKind::NotADirectory.into(),
        _ => error,
    })?;
    missing.into_iter().try_for_each(sync_name)
}

/// Makes the name of a file survive a power cut: names are kept by the directory, not the file.
pub(super) fn sync_name(path: &Path) -> io::Result<()> {
    File::open(directory_of(path))?.sync_all()
}

/// The directory a path's last name is in.
pub(super) fn directory_of(path: &Path) -> &Path {
    path.parent().map_or(path, named)
}

/// The current directory has no name in a path such as `night.log`.
fn named(directory: &Path) -> &Path {
    if directory.as_os_str().is_empty() { Path::new(".") } else { directory }
}

/// Creates the first file of a row of names that is not taken.
pub(super) fn create_first(names: impl IntoIterator<Item = PathBuf>) -> io::Result<(PathBuf, File)> {
    let mut last = io::ErrorKind::AlreadyExists.into();
    for path in names {
        match create(&path) {
            Ok(file) => return Ok((path, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => last = error,
            Err(error) => return Err(error),
        }
    }
    Err(last)
}
