//! Where a session is recorded when nobody says.

use super::exit;
use super::out::Out;
use crate::session::Header;
use crate::session::store::Shelf;
use crate::text::sanitize;
use chrono::{DateTime, Utc};
use etcetera::base_strategy::{BaseStrategy, Xdg};
use std::path::PathBuf;

/// So much of a title is enough to tell two files apart.
const SLUG: usize = 40;

/// A new file in the state directory, named for the time and the plan:
/// `20260314-020000-payments-go-live.jsonl`.
///
/// # Errors
/// Why there is no state directory.
fn new_session(title: &str, began_at: i64) -> Result<PathBuf, String> {
    let shelf = shelf()?;
    let time = DateTime::<Utc>::from_timestamp_millis(began_at).unwrap_or_default();
    let name = format!("{}-{}", time.format("%Y%m%d-%H%M%S"), slug(title));
    let folder = shelf.folder();
    // Two that begin in one second are two sessions.
    let more = (2..1_000).map(|count| folder.join(format!("{name}-{count}.jsonl")));
    let mut places = std::iter::once(folder.join(format!("{name}.jsonl"))).chain(more);
    places.find(|place| !place.exists()).ok_or_else(|| format!("{} is taken", folder.join(&name).display()))
}

/// The folder of the sessions, in the state directory.
///
/// # Errors
/// Why there is no state directory.
pub fn shelf() -> Result<Shelf, String> {
    let base = Xdg::new().map_err(|error| error.to_string())?;
    let state = base.state_dir().unwrap_or_else(|| base.data_dir());
    Ok(Shelf::new(state.join("warroom").join("sessions")))
}

/// The session that a name means: a file, an id, a piece of a file's name, or `last`.
///
/// # Errors
/// The exit code, after saying what else it may have meant.
pub fn find(name: &str, out: &Out) -> Result<PathBuf, u8> {
    let found = shelf().and_then(|shelf| shelf.find(name).map_err(|error| error.to_string()));
    found.map_err(|error| {
        out.error(&error);
        exit::USAGE
    })
}

/// Where a session is recorded: as somebody says, else in a new file.
///
/// # Errors
/// The exit code, after saying why there is no place.
pub fn session(named: Option<&PathBuf>, header: &Header, out: &Out) -> Result<PathBuf, u8> {
    match named {
        Some(path) => Ok(path.clone()),
        None => new_session(&header.plan.title, header.began_at).map_err(|error| {
            out.error(&format!("no place for the session: {error}; name one with --session FILE"));
            exit::INTERNAL
        }),
    }
}

fn slug(title: &str) -> String {
    let title = sanitize::line(title).to_lowercase();
    let words = title.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut slug = String::new();
    for word in words {
        if slug.len() + word.len() >= SLUG {
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.push_str(word);
    }
    if slug.is_empty() { "session".to_owned() } else { slug }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_named_for_its_time_and_its_plan() {
        let path = new_session("✅ Payments v2.1.0 — Go Live!", 1_773_453_600_000).expect("a home");
        assert!(path.ends_with("warroom/sessions/20260314-020000-payments-v2-1-0-go-live.jsonl"), "{}", path.display());
        assert_eq!(slug("…"), "session");
    }
}
