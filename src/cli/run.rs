//! `warroom run`: a cutover, from a plan or from the log of one that was interrupted.

mod leave;
mod place;
mod plain;

use super::exit;
use super::load::{self, PlanError, Source};
use super::out::Out;
use crate::clock::Clock;
use crate::observe;
use crate::room::Room;
use crate::session::log::{FORMAT, Owner, Settings};
use crate::session::store::{self, Held, StoreError};
use crate::session::{Fact, Header, Mode, Text};
use clap::Args;
use std::path::PathBuf;
use tokio::sync::mpsc;

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
    /// Go on with an interrupted session
    #[arg(long, value_name = "SESSION", conflicts_with = "plan")]
    resume: Option<PathBuf>,
    /// Who acts, until somebody else says so
    #[arg(long = "as", value_name = "NAME", env = "WARROOM_AS")]
    actor: Option<String>,
    /// Run by lines: what changes is printed, commands are read from standard input
    #[arg(long, env = "WARROOM_PLAIN")]
    plain: bool,
    /// A rehearsal: says so on every line and in the log
    #[arg(long)]
    rehearsal: bool,
}

const EXAMPLES: &str = "\
Examples:
  warroom run go-live.md -b cutover.toml --plain --as Ana
  warroom run cutover.toml --plain < commands.txt
  warroom run --resume ~/.local/state/warroom/sessions/20260314-020000-payments.jsonl --plain

Exit codes: 0 succeeded or partial, 3 rolled back, failed, or left on ROLLBACK, 4 inconclusive or left
before the end, 5 plan or bindings invalid, 6 session damaged or too new, 7 session locked.";

/// Runs the subcommand and returns its exit code.
pub fn run(arguments: &RunArguments, out: &Out) -> u8 {
    let clock = Clock::real();
    let held = match &arguments.resume {
        Some(path) => store::resume(path, owner(clock)).map_err(|error| fail(&error, out)),
        None => begin(arguments, clock, out),
    };
    match held {
        Ok(held) => run_held(held, arguments, clock, out),
        Err(code) => code,
    }
}

fn begin(arguments: &RunArguments, clock: Clock, out: &Out) -> Result<Held, u8> {
    let Some(path) = &arguments.plan else { return Err(exit::USAGE) };
    let loaded = load::plan(path, arguments.bindings.as_deref()).map_err(|error| {
        if let PlanError::Invalid(problems) = &error {
            out.block(&problems.to_string());
        }
        out.error(&super::chain(&error));
        exit::PLAN_INVALID
    })?;
    let began_at = clock.now().at;
    let mode = if arguments.rehearsal { Mode::Rehearsal } else { Mode::Live };
    let header = Header {
        warroom: FORMAT,
        program: program(),
        mode,
        host: host(),
        began_at,
        checklist: text(&loaded.checklist),
        bindings: loaded.bindings.as_ref().map(text),
        plan: loaded.compiled.plan,
    };
    let path = match &arguments.session {
        Some(path) => path.clone(),
        None => place::new_session(&header.plan.title, began_at).map_err(|error| {
            out.error(&format!("no place for the session: {error}; name one with --session FILE"));
            exit::INTERNAL
        })?,
    };
    store::begin(&path, header, owner(clock)).map_err(|error| fail(&error, out))
}

fn run_held(held: Held, arguments: &RunArguments, clock: Clock, out: &Out) -> u8 {
    let path = held.log.path().to_owned();
    let facts = opening_facts(&held);
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            out.error(&format!("could not start: {error}"));
            return exit::INTERNAL;
        }
    };
    runtime.block_on(async {
        let (found, incoming) = mpsc::channel(1_024);
        let observers = observe::start(held.core.plan(), clock, found);
        let (room, seat) = match Room::open(held, clock, incoming, facts, Settings::default()) {
            Ok(opened) => opened,
            Err(error) => {
                out.error(&format!("could not start the log's thread: {error}"));
                return exit::INTERNAL;
            }
        };
        let room = tokio::spawn(room.run());
        let actor = arguments.actor.clone().unwrap_or_default();
        let how = plain::run(seat, actor, clock, out).await;
        drop(observers);
        match room.await {
            Ok(left) => leave::say(&left, how, &path, out),
            Err(error) => {
                out.error(&format!("the room failed: {error}; the session is in {}", path.display()));
                exit::INTERNAL
            }
        }
    })
}

/// What a resumed log says of its own past: that another process goes on, and what was set aside.
fn opening_facts(held: &Held) -> Vec<Fact> {
    if held.core.state().seq == 0 && held.torn.is_none() {
        return Vec::new();
    }
    let mut facts = vec![Fact::SessionResumed { host: host(), program: program() }];
    facts.extend(held.torn.as_ref().map(|torn| Fact::LogRecovered {
        offset: torn.offset,
        bytes: torn.length,
        sha256: torn.sha256.to_string(),
    }));
    facts
}

fn text(source: &Source) -> Text {
    Text { name: source.name(), text: source.text.clone() }
}

fn fail(error: &StoreError, out: &Out) -> u8 {
    out.error(&super::chain(error));
    super::store_code(error)
}

fn owner(clock: Clock) -> Owner {
    Owner::here(crate::session::event::show_time(clock.now().at))
}

fn program() -> String {
    format!("warroom {}", env!("CARGO_PKG_VERSION"))
}

fn host() -> String {
    Owner::here("").host
}
