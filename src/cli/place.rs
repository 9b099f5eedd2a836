//! Where a session is recorded when nobody says, and where one is that somebody names.

use super::exit;
use super::out::Out;
use crate::session::Header;
use crate::session::log::Owner;
use crate::session::store::{self, Held, Shelf};
use crate::text::sanitize;
use chrono::{DateTime, Utc};
use etcetera::base_strategy::{BaseStrategy, Xdg};
use std::path::PathBuf;

/// So much of a title is enough to tell two files apart.
const SLUG: usize = 40;

/// The files a session may be recorded in, in the folder of the sessions, named for the time and the plan:
/// `20260314-020000-payments-go-live.jsonl`, and with `-2` for the second that begins in one second.
fn names(shelf: &Shelf, header: &Header) -> impl Fn(u32) -> PathBuf + use<> {
    let time = DateTime::<Utc>::from_timestamp_millis(header.began_at).unwrap_or_default();
    let name = format!("{}-{}", time.format("%Y%m%d-%H%M%S"), slug(&header.plan.title));
    let folder = shelf.folder().to_owned();
    move |count| match count {
        1 => folder.join(format!("{name}.jsonl")),
        _ => folder.join(format!("{name}-{count}.jsonl")),
    }
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

/// Begins a session where somebody says, else in a new file of the state directory.
///
/// # Errors
/// The exit code, after saying why there is no place.
pub fn begin(named: Option<&PathBuf>, header: Header, owner: Owner, out: &Out) -> Result<Held, u8> {
    let begun = match named {
        Some(path) => store::begin(path, header, owner),
        None => {
            let shelf = shelf().map_err(|error| {
                out.error(&format!("no place for the session: {error}; name one with --session FILE"));
                exit::INTERNAL
            })?;
            let name = names(&shelf, &header);
            store::begin_first(name, header, &owner)
        }
    };
    begun.map_err(|error| super::say_store(&error, out))
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
    use crate::cli::night;
    use crate::plan::Plan;
    use crate::session::{Mode, Text};
    use std::path::Path;

    #[test]
    fn a_session_is_named_for_its_time_and_its_plan() {
        let title = "✅ Payments v2.1.0 — Go Live!";
        let plan = Plan { title: title.to_owned(), ..Plan::default() };
        let text = Text::new("go-live.md", "");
        let header = night::header(plan, Mode::Live, 1_773_453_600_000, text, None);
        let name = names(&Shelf::new(PathBuf::from("sessions")), &header);
        assert_eq!(name(1), Path::new("sessions/20260314-020000-payments-v2-1-0-go-live.jsonl"));
        assert_eq!(name(2), Path::new("sessions/20260314-020000-payments-v2-1-0-go-live-2.jsonl"));
        assert_eq!(slug("…"), "session");
    }
}
