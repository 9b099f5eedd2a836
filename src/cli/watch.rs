//! `warroom watch`: the board of a session, live or over, in a seat that sends nothing.

use super::listen::Listen;
use super::night::{self, Front};
use super::out::Out;
use super::session;
use crate::room::follow::Comes;
use clap::Args;

/// Looks on at a session, live or finished. Nothing is sent, and nothing is taken over.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct WatchArguments {
    /// The session: a path, an id, or a piece of its name; the live one where it is not given
    #[arg(value_name = "SESSION")]
    session: Option<String>,
    #[command(flatten)]
    front: Front,
    #[command(flatten)]
    listen: Listen,
}

const EXAMPLES: &str = "\
Examples:
  warroom watch
  warroom watch ~/.local/state/warroom/sessions/20260314-020000-payments.jsonl

Exit codes: as for \"warroom run\".";

/// Runs the subcommand and returns its exit code.
#[must_use]
pub fn run(arguments: &WatchArguments, out: &Out) -> u8 {
    night::block_on(out, async {
        let watched = async {
            arguments.front.look_for_a_terminal(out)?;
            let path = session::find(arguments.session.as_deref(), out).await?;
            let scraped = arguments.listen.bind(out)?;
            Ok(night::join(&path, Comes::ToWatch, &arguments.front, scraped, out).await)
        };
        watched.await.unwrap_or_else(|code| code)
    })
}
