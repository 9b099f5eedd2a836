//! `reload`: the plan's files are read again by whoever sits here; the session only takes what they
//! say.

use super::super::load::{self, Loaded, PlanError, Source};
use crate::plan::changes::{Change, difference};
use crate::room::{Live, Saved, Seat};
use crate::session::{Amendment, Command, Intent, Refusal, Text};
use std::path::PathBuf;
use std::sync::Arc;

/// What came of a command.
pub(super) enum Done {
    Decided(Saved),
    /// What a `reload` would change.
    Previewed(Vec<Change>),
}

/// Why nothing came of it.
pub(super) enum Denied {
    Refused(Refusal),
    /// The files are no plan that could be taken.
    NoPlan(PlanError),
}

/// Gives an intent to the session; a `reload` takes along what the files say.
pub(super) async fn intend(seat: Seat, mut intent: Intent) -> Result<Done, Denied> {
    if let Command::Reload { amendment, .. } = &mut intent.command {
        *amendment = Some(Arc::new(read(&seat).await.map_err(Denied::NoPlan)?));
    }
    seat.intend(intent).await.map(Done::Decided).map_err(Denied::Refused)
}

/// Says what a `reload` would change.
pub(super) async fn preview(seat: Seat) -> Result<Done, Denied> {
    let amendment = read(&seat).await.map_err(Denied::NoPlan)?;
    let plan = Arc::clone(&seat.live.borrow().plan);
    Ok(Done::Previewed(difference(&plan, &amendment.plan)))
}

/// Reads the files of the plan in force, on a thread of its own: a disk that hangs stops nobody.
async fn read(seat: &Seat) -> Result<Amendment, PlanError> {
    let (checklist, bindings) = names(&seat.live.borrow());
    let reading = tokio::task::spawn_blocking(move || load::plan(&checklist, bindings.as_deref()));
    let loaded = reading.await.map_err(|error| PlanError::Reading(error.to_string()))??;
    Ok(amendment(loaded))
}

fn names(live: &Live) -> (PathBuf, Option<PathBuf>) {
    (PathBuf::from(&live.checklist().name), live.bindings().map(|bindings| PathBuf::from(&bindings.name)))
}

fn amendment(loaded: Loaded) -> Amendment {
    let text = |source: Source| Text { name: source.name(), text: source.text };
    Amendment {
        checklist: text(loaded.checklist),
        bindings: loaded.bindings.map(text),
        plan: Arc::new(loaded.compiled.plan),
    }
}
