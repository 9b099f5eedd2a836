//! `warroom run`: a cutover, from a plan or from the log of one that was interrupted.

use super::listen::Listen;
use super::load::{self, PlanError};
use super::night::{self, Front};
use super::out::Out;
use super::problems::Problems;
use super::{exit, place};
use crate::clock::Clock;
use crate::session::Mode;
use crate::session::store::{self, Held};
use clap::Args;
use std::net::TcpListener;
use std::path::PathBuf;

/// Runs a cutover: polls, judges, records.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct RunArguments {
    /// The checklist (.md), or bindings (.toml) that name it
    #[arg(value_name = "PLAN", required_unless_present = "resume")]
    plan: Option<PathBuf>,
    /// Bindings for the checklist
    #[arg(short, long, value_name = "FILE", env = "WARROOM_BINDINGS")]
    bindings: Option<PathBuf>,
    /// Where to record the session; a new file in the state directory where it is not given
    #[arg(long, value_name = "FILE", env = "WARROOM_SESSION", conflicts_with = "resume")]
    session: Option<PathBuf>,
    /// Go on with an interrupted session: its file, its id, or "last"
    #[arg(long, value_name = "SESSION", conflicts_with = "plan")]
    resume: Option<String>,
    #[command(flatten)]
    front: Front,
    #[command(flatten)]
    listen: Listen,
    /// A rehearsal: says so on the screen and in the log
    #[arg(long)]
    rehearsal: bool,
}

const EXAMPLES: &str = "\
Examples:
  warroom run go-live.md -b cutover.toml --as Ana
  warroom run cutover.toml --plain < commands.txt
  warroom run --resume last

Exit codes: 0 succeeded or partial, 3 rolled back, failed, or left on ROLLBACK, 4 inconclusive or left
before the end, 5 plan or bindings invalid, 6 session damaged or too new, 7 session locked.";

/// Runs the subcommand and returns its exit code.
#[must_use]
pub fn run(arguments: &RunArguments, out: &Out) -> u8 {
    let clock = Clock::real();
    let held = match &arguments.resume {
        Some(name) => resume(name, arguments, clock, out),
        None => begin(arguments, clock, out),
    };
    let driven = held.map(|(held, scraped)| {
        let drive = async |seat| arguments.front.sit(seat, clock, out).await;
        night::block_on(out, night::run(held, clock, arguments.front.actor(), scraped, out, drive))
    });
    driven.unwrap_or_else(|code| code)
}

/// A session that is held, and where its metrics are asked for.
type Begun = (Held, Option<TcpListener>);

fn resume(name: &str, arguments: &RunArguments, clock: Clock, out: &Out) -> Result<Begun, u8> {
    arguments.front.look_for_a_terminal(out)?;
    let (path, scraped) = (place::find(name, out)?, arguments.listen.bind(out)?);
    let held = store::resume(&path, night::owner(clock)).map_err(|error| super::say_store(&error, out))?;
    Ok((held, scraped))
}

fn begin(arguments: &RunArguments, clock: Clock, out: &Out) -> Result<Begun, u8> {
    let Some(path) = &arguments.plan else { return Err(exit::USAGE) };
    let loaded = load::plan(path, arguments.bindings.as_deref()).map_err(|error| {
        if let PlanError::Invalid(problems) = &error {
            out.block(&problems.to_string());
        }
        out.error(&super::chain(&error));
        exit::PLAN_INVALID
    })?;
    // Before the screen is taken: nobody reads it behind a board.
    out.block(&Problems::of(&loaded).to_string());
    arguments.front.look_for_a_terminal(out)?;
    let scraped = arguments.listen.bind(out)?;
    let mode = if arguments.rehearsal { Mode::Rehearsal } else { Mode::Live };
    let (checklist, bindings) =
        (loaded.checklist.recorded(), loaded.bindings.as_ref().map(|bindings| bindings.recorded()));
    let header = night::header(loaded.compiled.plan, mode, clock.now().at, checklist, bindings);
    let held = place::begin(arguments.session.as_ref(), header, night::owner(clock), out)?;
    Ok((held, scraped))
}
