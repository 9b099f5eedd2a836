//! `warroom status`: where a session stands, in one line for a status bar, or as JSON.

use super::out::Out;
use super::{exit, night, session};
use crate::clock::Clock;
use crate::judge::{Call, Outcome};
use crate::room::follow::{Comes, Guest};
use crate::room::keeping::OnHost;
use crate::room::seats::Line;
use crate::room::seats::wire::{Asked, Told};
use crate::room::status::Status;
use crate::text::Millis;
use clap::{Args, ValueEnum};
use std::io;
use std::path::Path;

/// A holder that has not answered for so long hangs: a status bar does not wait.
const PATIENCE: Millis = Millis::from_secs(1);

/// Says where a session stands: one line, or JSON.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct StatusArguments {
    /// The session: a path, an id, or a piece of its name; the live one where it is not given
    #[arg(value_name = "SESSION")]
    session: Option<String>,
    /// How it is said
    #[arg(long, value_enum, default_value_t = Format::Line)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Line,
    Json,
}

const EXAMPLES: &str = "\
Examples:
  warroom status
  warroom status --format json | jq -r .verdict
  tmux set -g status-right '#(warroom status)'

Exit codes: 0 GO, or closed as succeeded or partial; 3 ROLLBACK, rolled back or failed; 4 HOLD, or
inconclusive; 2 no such session.";

/// Runs the subcommand and returns its exit code.
#[must_use]
pub fn run(arguments: &StatusArguments, out: &Out) -> u8 {
    night::block_on(out, async {
        let said = async {
            let path = session::find(arguments.session.as_deref(), out).await?;
            let status = status(&path).await.map_err(|error| {
                out.error(&error);
                exit::USAGE
            })?;
            match arguments.format {
                Format::Line => out.line(&status.to_string()),
                Format::Json => out.line(&serde_json::to_string(&status).unwrap_or_default()),
            }
            Ok(code(&status))
        };
        said.await.unwrap_or_else(|code| code)
    })
}

/// Asks whoever holds the session; reads it where nobody answers.
async fn status(path: &Path) -> Result<Status, String> {
    let asked = async {
        let mut line = Line::call(path).await?;
        line.ask(Asked::Status)?;
        loop {
            if let Told::Status(status) = line.hear().await? {
                return Ok::<_, io::Error>(*status);
            }
        }
    };
    if let Some(Ok(status)) = Clock::real().within(PATIENCE, asked).await {
        return Ok(status);
    }
    let keeping = OnHost::new(path.to_owned(), Clock::real());
    let seated = Guest::sit(keeping, path, Comes::ToWatch).await;
    let (_, seat, clock) = seated.map_err(|error| super::chain(&error))?;
    let live = seat.live.borrow().clone();
    Ok(Status::of(&live, clock.now()))
}

const fn code(status: &Status) -> u8 {
    match (status.outcome, status.verdict) {
        (Some(Outcome::Succeeded | Outcome::Partial), _) | (None, Call::Go) => exit::OK,
        (Some(Outcome::RolledBack | Outcome::Failed), _) | (None, Call::Rollback) => exit::ROLLBACK,
        (Some(Outcome::Inconclusive), _) | (None, Call::Hold) => exit::HOLD,
    }
}
