//! Which session somebody means who does not say, or says it shortly.

use super::out::Out;
use super::{exit, place};
use crate::order;
use crate::room::seats::address;
use std::path::{Path, PathBuf};

/// Finds the session that is meant: by a path, an id or a piece of its name; without one, the live one.
///
/// # Errors
/// The exit code, after saying what else may have been meant.
pub async fn find(named: Option<&str>, out: &Out) -> Result<PathBuf, u8> {
    let Some(name) = named else { return live(out).await };
    place::find(name, out)
}

/// The one session that somebody holds.
async fn live(out: &Out) -> Result<PathBuf, u8> {
    let shelf = place::shelf().map_err(|why| {
        out.error(&format!("no place for sessions: {why}"));
        exit::INTERNAL
    })?;
    let held = held(shelf.folder()).await;
    match held.as_slice() {
        [only] => Ok(only.clone()),
        [] => {
            let folder = shelf.folder().display();
            out.error(&format!("no session is live in {folder}: name one, \"warroom sessions\" lists them"));
            Err(exit::USAGE)
        }
        several => {
            let names: Vec<_> = several.iter().map(|path| format!("\n  {}", path.display())).collect();
            out.error(&format!("{} sessions are live, name one:{}", several.len(), names.concat()));
            Err(exit::USAGE)
        }
    }
}

/// The logs of a folder whose holder answers.
async fn held(folder: &Path) -> Vec<PathBuf> {
    let mut held = Vec::new();
    let Ok(files) = std::fs::read_dir(folder) else { return held };
    for path in files.flatten().map(|file| file.path()) {
        let is_log = path.extension().is_some_and(|extension| extension == "jsonl");
        if is_log && address::of(&path).exists() && address::call(&path).await.is_ok() {
            held.push(path);
        }
    }
    order::by(&mut held, Ord::cmp);
    held
}
