//! A closed session that nobody holds: what is done in the weeks after is chained on behind its close
//! record, and closed again.

use super::Answer;
use crate::cli::out::Out;
use crate::cli::{night, say_store};
use crate::clock::Clock;
use crate::plan::Plan;
use crate::room::seats::wire::Refused;
use crate::room::{Room, Saved};
use crate::session::log::Settings;
use crate::session::store::{self, Held};
use crate::session::{Command, Intent};
use std::path::Path;
use tokio::sync::mpsc;

/// Whether a session was closed: the others are gone on with by somebody who runs them.
pub(super) fn is_closed(path: &Path) -> bool {
    store::read(path).is_ok_and(|recorded| recorded.core.state().outcome.is_some())
}

/// Takes hold of a closed session for one line of the command language, and lets go of it.
///
/// # Errors
/// The exit code, after saying why it cannot be held.
pub(super) async fn say(path: &Path, line: &str, by: String, out: &Out) -> Result<Answer, u8> {
    let clock = Clock::real();
    let command = match Command::parse(line) {
        Ok(command) => command,
        Err(error) => return Ok(Answer::Refused(Refused::Other { text: error.to_string() })),
    };
    let held = store::resume(path, night::owner(clock)).map_err(|error| say_store(&error, out))?;
    Ok(record(held, clock, Intent { command, by, seen: None }).await)
}

async fn record(held: Held, clock: Clock, intent: Intent) -> Answer {
    let opening = night::opening_facts(&held);
    // Nothing is measured any more.
    let observe = |_: &Plan| mpsc::channel(1).1;
    let (room, seat) = match Room::open(held, clock, observe, opening, Settings::default()) {
        Ok(opened) => opened,
        Err(error) => return Answer::NotSaved(error.to_string()),
    };
    let room = tokio::spawn(room.run());
    let said = seat.intend(intent).await;
    drop(seat);
    // The lock is free, and the close record written, once the room is left.
    let left = room.await;
    match said {
        Err(refusal) => Answer::Refused(refusal.into()),
        Ok(Saved::OnDisk) => Answer::Saved,
        Ok(Saved::NotYet) => Answer::NotSaved(
            left.map_or_else(|error| error.to_string(), |left| format!("{} events", left.log.unsaved.len())),
        ),
    }
}
