//! Where the socket of a session is, and who may open it.
//!
//! It lies beside the log, and whoever may write the log may open it: nobody but this user, unless
//! the log's owner has given it to a group (`chgrp oncall night.jsonl; chmod 660 night.jsonl`).

use crate::session::log::LineHash;
use std::fs::{self, File, Permissions};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use tokio::net::{UnixListener, UnixStream};

/// The name of a socket is no longer, in bytes: what the system has room for, less its end.
const LONGEST: usize = 107;

/// So much of a name is left where its directory is named by a handle.
const LONGEST_NAME: usize = 80;

/// The name of a session's socket.
#[must_use]
pub fn of(log: &Path) -> PathBuf {
    let name = log.file_name().unwrap_or_default().to_string_lossy();
    let socket = format!("{name}.sock");
    if socket.len() <= LONGEST_NAME {
        return log.with_file_name(socket);
    }
    let hash = LineHash::of(name.as_bytes());
    log.with_file_name(format!("warroom-{}.sock", hash.as_str().get(..16).unwrap_or_default()))
}

/// A name that the system has room for, with what must stay open while it is used.
struct Reach {
    path: PathBuf,
    _directory: Option<File>,
}

/// Names a socket. A long path is reached through a handle on its directory.
fn reach(socket: &Path) -> io::Result<Reach> {
    if socket.as_os_str().len() <= LONGEST {
        return Ok(Reach { path: socket.to_owned(), _directory: None });
    }
    let directory = File::open(socket.parent().unwrap_or(Path::new("/")))?;
    let handle = format!("/proc/self/fd/{}", directory.as_raw_fd());
    let path = Path::new(&handle).join(socket.file_name().unwrap_or_default());
    Ok(Reach { path, _directory: Some(directory) })
}

/// Listens beside a log that this process holds. What an earlier holder left behind is removed.
///
/// # Errors
/// Where there is no room for a socket, or the directory takes none.
pub fn listen(log: &Path) -> io::Result<UnixListener> {
    let socket = of(log);
    // The log is held: nobody alive listens here.
    match fs::remove_file(&socket) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let reach = reach(&socket)?;
    // Nobody's from the first moment on; then whose the log is.
    let before = rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o177));
    let listener = UnixListener::bind(&reach.path);
    rustix::process::umask(before);
    let listener = listener?;
    give_to_owners(&socket, log)?;
    Ok(listener)
}

fn give_to_owners(socket: &Path, log: &Path) -> io::Result<()> {
    let about = fs::metadata(log)?;
    let shared = about.mode() & 0o060 == 0o060;
    if shared && fs::metadata(socket)?.gid() != about.gid() {
        chown(socket, None, Some(about.gid()))?;
    }
    fs::set_permissions(socket, Permissions::from_mode(if shared { 0o660 } else { 0o600 }))
}

/// Calls whoever holds a log.
///
/// # Errors
/// `NotFound` and `ConnectionRefused` where nobody does.
pub async fn call(log: &Path) -> io::Result<UnixStream> {
    let reach = reach(&of(log))?;
    UnixStream::connect(&reach.path).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_lies_beside_its_log_under_a_name_that_fits() {
        assert_eq!(of(Path::new("/s/night.jsonl")), Path::new("/s/night.jsonl.sock"));
        let long = format!("/s/{}.jsonl", "x".repeat(200));
        let name = of(Path::new(&long)).file_name().unwrap().to_string_lossy().into_owned();
        assert!(name.starts_with("warroom-") && name.len() < LONGEST_NAME, "{name}");
    }

    #[tokio::test]
    async fn a_log_in_a_deep_directory_is_reached_all_the_same() {
        let place = tempfile::tempdir().unwrap();
        let deep = place.path().join("d".repeat(90)).join("e".repeat(90));
        fs::create_dir_all(&deep).unwrap();
        let log = deep.join("night.jsonl");
        fs::write(&log, "").unwrap();
        let _listener = listen(&log).unwrap();
        call(&log).await.unwrap();
    }

    #[tokio::test]
    async fn a_socket_is_open_to_those_whose_the_log_is() {
        let place = tempfile::tempdir().unwrap();
        let log = place.path().join("night.jsonl");
        fs::write(&log, "").unwrap();
        for (of_log, want) in [(0o600, 0o600), (0o640, 0o600), (0o660, 0o660), (0o666, 0o660)] {
            fs::set_permissions(&log, Permissions::from_mode(of_log)).unwrap();
            let _listener = listen(&log).unwrap();
            let mode = fs::metadata(of(&log)).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, want, "{of_log:o}");
        }
    }
}
