//! `reload`: the plan's files are read again here, and the session takes what they say.

use super::load::{self, Loaded, PlanError};
use crate::plan::changes::{Change, difference};
use crate::room::{Live, Request, Seat};
use crate::session::{Amendment, Command, Refusal, Text};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::mpsc;

/// So many requests wait at most before the room's own queue.
const WAITING: usize = 16;

/// A seat whose `reload`s take along what the files say. Everything else goes by while they are read:
/// nobody's rollback waits for a disk that hangs.
#[must_use]
pub fn attend(seat: Seat) -> Seat {
    let (requests, mut incoming) = mpsc::channel(WAITING);
    let live = seat.live.clone();
    tokio::spawn(async move {
        while let Some(request) = incoming.recv().await {
            if is_without_files(&request) {
                tokio::spawn(fill(seat.clone(), request));
            } else if seat.requests.send(request).await.is_err() {
                return;
            }
        }
    });
    Seat { live, requests }
}

fn is_without_files((intent, _): &Request) -> bool {
    matches!(intent.command, Command::Reload { amendment: None, .. })
}

async fn fill(seat: Seat, (mut intent, answer): Request) {
    let read = read(&seat).await;
    match (&mut intent.command, read) {
        (Command::Reload { amendment, .. }, Ok(read)) => *amendment = Some(Arc::new(read)),
        (_, Err(refusal)) => {
            // Whoever asked may have gone.
            let _gone = answer.send(Err(refusal));
            return;
        }
        _ => {}
    }
    let _closed = seat.requests.send((intent, answer)).await;
}

/// Says what a `reload` would change.
///
/// # Errors
/// Why the files cannot be taken.
pub async fn preview(seat: Seat) -> Result<Vec<Change>, Refusal> {
    let amendment = read(&seat).await?;
    let plan = Arc::clone(&seat.live.borrow().plan);
    Ok(difference(&plan, &amendment.plan))
}

/// Reads the files of the plan in force, on a thread of its own.
async fn read(seat: &Seat) -> Result<Amendment, Refusal> {
    let (checklist, bindings) = paths(&seat.live.borrow())?;
    let reading = tokio::task::spawn_blocking(move || load::plan(&checklist, bindings.as_deref()));
    match reading.await {
        Ok(Ok(loaded)) => Ok(amendment(loaded)),
        Ok(Err(error)) => Err(refusal(&error)),
        Err(error) => Err(Refusal::NotNow(format!("the plan's files could not be read: {error}"))),
    }
}

fn paths(live: &Live) -> Result<(PathBuf, Option<PathBuf>), Refusal> {
    let path = |text: &Text| {
        let path = text.path.as_ref().map(PathBuf::from);
        path.ok_or_else(|| Refusal::NotNow(format!("{} is no file that could be read again", text.name)))
    };
    Ok((path(live.checklist())?, live.bindings().map(path).transpose()?))
}

fn refusal(error: &PlanError) -> Refusal {
    let why = match error {
        PlanError::Load(error) => error.to_string(),
        PlanError::Invalid(problems) => problems.brief(),
    };
    Refusal::NotNow(format!("the plan stays as it is: {why}"))
}

fn amendment(loaded: Loaded) -> Amendment {
    Amendment {
        checklist: loaded.checklist.recorded(),
        bindings: loaded.bindings.as_ref().map(|bindings| bindings.recorded()),
        plan: Arc::new(loaded.compiled.plan),
    }
}
