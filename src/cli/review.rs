//! `warroom review`: the same board at any moment of a recorded night.

use super::night::{self, Front};
use super::out::Out;
use super::plain::How;
use super::{exit, place};
use crate::clock::Clock;
use crate::room::player::Player;
use crate::session::event::show_clock;
use crate::session::store::{Archive, StoreError, what_if};
use crate::session::tell;
use crate::tui::review::Projector;
use clap::Args;
use std::sync::Arc;

/// Shows the board at any moment of a recorded night.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ReviewArguments {
    /// A session: its file, its id, a piece of its name, or "last"
    #[arg(value_name = "SESSION", default_value = "last")]
    session: String,
    /// Say when the verdicts would have differed with another limit, and end
    #[arg(long, value_name = "GATE LIMIT")]
    what_if: Option<String>,
    #[command(flatten)]
    front: Front,
}

const EXAMPLES: &str = "\
Examples:
  warroom review                                   the newest session
  warroom review 7f3a --what-if \"error rate < 1 %\"
  warroom review 7f3a --plain                      what happened, line by line

Keys: space plays, x is its speed, n p the next and previous event, d D decision, t T verdict, b B
breach, s S star, [ ] a minute, @ a time, / a text, w another limit and i I where it differs, q leaves. All others look as on the live board.";

/// Runs the subcommand and returns its exit code.
#[must_use]
pub fn run(arguments: &ReviewArguments, out: &Out) -> u8 {
    let opened = place::find(&arguments.session, out)
        .and_then(|path| Archive::open(&path).map_err(|error| super::say_store(&error, out)));
    let archive = match opened {
        Ok(archive) => Arc::new(archive),
        Err(code) => return code,
    };
    if let Some(text) = &arguments.what_if {
        return try_limit(&archive, text, out);
    }
    if arguments.front.plain {
        tell_all(&archive, out);
        let Some(untold) = archive.untold() else { return exit::OK };
        out.error(&untold);
        return exit::SESSION_DAMAGED;
    }
    if let Err(code) = arguments.front.look_for_a_terminal(out) {
        return code;
    }
    night::block_on(out, show(&archive, &arguments.front, out))
}

async fn show(archive: &Arc<Archive>, front: &Front, out: &Out) -> u8 {
    let (player, seat, winder) = match Player::open(Arc::clone(archive)) {
        Ok(opened) => opened,
        Err(error) => return super::say_store(&error, out),
    };
    let player = tokio::spawn(player.run());
    let projector = Projector { archive: Arc::clone(archive), winder };
    let how = front.project(seat, Clock::real(), projector, out).await;
    let played: Result<(), StoreError> = player.await.unwrap_or(Ok(()));
    match (played, how) {
        (Err(error), _) => super::say_store(&error, out),
        (Ok(()), How::Signal(number)) => exit::SIGNAL.saturating_add(number),
        (Ok(()), How::NoTerminal) => exit::USAGE,
        (Ok(()), How::Quit | How::Finished) => exit::OK,
    }
}

fn tell_all(archive: &Archive, out: &Out) {
    for event in &archive.state.timeline {
        let told = tell::tell(&archive.state, event).unwrap_or_default();
        let star = if archive.state.record.stars.contains(&event.seq) { "★ " } else { "" };
        out.line(&format!("{}  {star}{told}", show_clock(event.at)));
    }
}

fn try_limit(archive: &Archive, text: &str, out: &Out) -> u8 {
    let trial = match what_if::Trial::read(archive.state.plan(), text) {
        Ok(trial) => trial,
        Err(error) => {
            out.error(&error.to_string());
            return exit::USAGE;
        }
    };
    let differences = match what_if::differences(archive, &trial) {
        Ok(differences) => differences,
        Err(error) => return super::say_store(&error, out),
    };
    if differences.is_empty() {
        out.line(&format!("with {} {} every verdict would have been the same", trial.gate, trial.limit));
    }
    for difference in differences {
        let from = show_clock(difference.from.at);
        let until = difference.until.map_or_else(|| "the end".to_owned(), |until| show_clock(until.at));
        out.line(&format!("{from} – {until}  {} instead of {}", difference.would, difference.was));
        difference.reasons.iter().for_each(|reason| out.line(&format!("    {reason}")));
    }
    exit::OK
}
