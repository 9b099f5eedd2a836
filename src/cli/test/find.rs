//! Which files are scenarios.

use crate::order;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// The files that were named, and those that the named directories hold.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) scenarios: Vec<PathBuf>,
    /// TOML files of the directories that are no scenarios: bindings, for instance.
    pub(super) passed_over: Vec<PathBuf>,
}

/// Why there is nothing to run.
#[derive(Debug, Error)]
pub(super) enum NotFound {
    #[error("cannot read {}: {error}", path.display())]
    Unreadable { path: PathBuf, error: io::Error },
    #[error("there is no scenario in {}", path.display())]
    NoScenario { path: PathBuf },
}

/// Finds the scenarios, in the order in which they are named and, in a directory, of their names.
pub(super) fn scenarios(paths: &[PathBuf]) -> Result<Found, NotFound> {
    let mut found = Found::default();
    for path in paths {
        let unreadable = |error| NotFound::Unreadable { path: path.clone(), error };
        if fs::metadata(path).map_err(unreadable)?.is_dir() {
            let before = found.scenarios.len();
            within(path, &mut found)?;
            if found.scenarios.len() == before {
                return Err(NotFound::NoScenario { path: path.clone() });
            }
        } else {
            found.scenarios.push(path.clone());
        }
    }
    Ok(found)
}

/// Hidden directories are not entered, nor directories that are links: they could lead in a circle.
fn within(directory: &Path, found: &mut Found) -> Result<(), NotFound> {
    let unreadable = |error| NotFound::Unreadable { path: directory.to_owned(), error };
    let entries: Result<Vec<_>, _> = fs::read_dir(directory).map_err(unreadable)?.collect();
    let mut entries = entries.map_err(unreadable)?;
    order::by_key(&mut entries, fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let is_hidden = entry.file_name().to_string_lossy().starts_with('.');
        let is_toml = path.extension().is_some_and(|extension| extension == "toml");
        if is_hidden {
            continue;
        }
        if entry.file_type().map_err(unreadable)?.is_dir() {
            within(&path, found)?;
        } else if is_toml && !path.is_dir() {
            let list = if is_other(&path) { &mut found.passed_over } else { &mut found.scenarios };
            list.push(path);
        }
    }
    Ok(())
}

/// Whether a file is sound TOML with none of a scenario's keys. What cannot be read is run, so that
/// it is not passed over in silence.
fn is_other(path: &Path) -> bool {
    let table = fs::read_to_string(path).ok().and_then(|text| text.parse::<toml::Table>().ok());
    table.is_some_and(|table| !["about", "plan", "at"].iter().any(|key| table.contains_key(*key)))
}
