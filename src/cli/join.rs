//! `warroom join`: a seat at a session that another process of this host holds.

use super::listen::Listen;
use super::night::{self, Front};
use super::out::Out;
use super::session;
use crate::room::follow::Comes;
use clap::Args;

/// Joins a live session from another terminal: the same board, with a cursor and a name of one's own.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct JoinArguments {
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
  warroom join --as Ben
  warroom join payments --as Ben

When whoever holds the session is gone, this seat goes on with it: it polls, judges and records.

Exit codes: as for \"warroom run\".";

/// Runs the subcommand and returns its exit code.
#[must_use]
pub fn run(arguments: &JoinArguments, out: &Out) -> u8 {
    night::block_on(out, async {
        let joined = async {
            arguments.front.look_for_a_terminal(out)?;
            let path = session::find(arguments.session.as_deref(), out).await?;
            let name = arguments.front.actor().to_owned();
            let scraped = arguments.listen.bind(out)?;
            Ok(night::join(&path, Comes::ToAct(name), &arguments.front, scraped, out).await)
        };
        joined.await.unwrap_or_else(|code| code)
    })
}
