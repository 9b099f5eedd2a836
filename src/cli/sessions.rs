//! `warroom sessions`: which nights are kept here, and the only place that throws one away.

use super::out::Out;
use super::{exit, place};
use crate::clock::Clock;
use crate::session::Mode;
use crate::session::event::show_time;
use crate::session::log::Log;
use crate::session::store::shelf::{Entry, Standing};
use crate::text::{Millis, duration};
use clap::{Args, ValueEnum};
use std::io::{self, IsTerminal, Write};

/// Lists the sessions of this machine, live ones first.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct SessionsArguments {
    /// How to list them
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// Remove sessions that are closed, or were left; never one that is live
    #[arg(long, requires = "older_than")]
    prune: bool,
    /// Which to remove: those whose last event is older than this
    #[arg(long, value_name = "SPAN", value_parser = duration::parse, requires = "prune")]
    older_than: Option<Millis>,
    /// Remove without asking
    #[arg(long, requires = "prune")]
    yes: bool,
}

const EXAMPLES: &str = "\
Examples:
  warroom sessions
  warroom run --resume 7f3a        go on with one by its id
  warroom review last              look at the newest
  warroom sessions --prune --older-than 30d";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Runs the subcommand and returns its exit code.
#[must_use]
pub fn run(arguments: &SessionsArguments, out: &Out) -> u8 {
    let shelf = match place::shelf() {
        Ok(shelf) => shelf,
        Err(error) => {
            out.error(&format!("no place for sessions: {error}"));
            return exit::INTERNAL;
        }
    };
    let (entries, strangers) = match shelf.list() {
        Ok(found) => found,
        Err(error) => {
            out.error(&format!("could not read {}: {error}", shelf.folder().display()));
            return exit::INTERNAL;
        }
    };
    if let Some(older_than) = arguments.older_than {
        return prune(&entries, older_than, arguments.yes, out);
    }
    match arguments.format {
        Format::Json => out.line(&json(&entries)),
        Format::Text if entries.is_empty() => out.line(&format!("no sessions in {}", shelf.folder().display())),
        Format::Text => table(&entries).iter().for_each(|line| out.line(line)),
    }
    for stranger in strangers {
        out.error(&format!("{} is passed over: {}", stranger.path.display(), stranger.why));
    }
    exit::OK
}

/// `7f3a  live        2026-03-14 02:00  41m    1.2 MB  Payments v2.1.0 go-live`, aligned.
fn table(entries: &[Entry]) -> Vec<String> {
    let rows: Vec<[String; 6]> = entries.iter().map(row).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..5).map(width).collect();
    let line = |row: &[String; 6]| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        cells.chain([row[5].clone()]).collect::<Vec<_>>().join("  ")
    };
    rows.iter().map(line).collect()
}

fn row(entry: &Entry) -> [String; 6] {
    let began: String = show_time(entry.began_at).replace('T', " ").chars().take(16).collect();
    let rehearsal = if entry.mode == Mode::Rehearsal { " (rehearsal)" } else { "" };
    [
        entry.id.clone(),
        entry.standing.word().to_owned(),
        format!("{began}Z"),
        lasted(entry).to_string(),
        size(entry.bytes),
        format!("{}{rehearsal}", entry.title),
    ]
}

fn lasted(entry: &Entry) -> Millis {
    Millis(u64::try_from(entry.last_at - entry.began_at).unwrap_or(0))
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}

fn json(entries: &[Entry]) -> String {
    let list = entries.iter().map(|entry| {
        serde_json::json!({
            "id": entry.id,
            "state": entry.standing.word(),
            "title": entry.title,
            "mode": entry.mode,
            "began_at": show_time(entry.began_at),
            "last_at": show_time(entry.last_at),
            "bytes": entry.bytes,
            "path": entry.path,
        })
    });
    serde_json::Value::Array(list.collect()).to_string()
}

/// Removes what is old, after asking. What is live stays, however old it is.
fn prune(entries: &[Entry], older_than: Millis, yes: bool, out: &Out) -> u8 {
    let clock = Clock::real();
    let now = clock.now().at;
    let is_old = |entry: &&Entry| {
        entry.standing != Standing::Live && Millis(u64::try_from(now - entry.last_at).unwrap_or(0)) >= older_than
    };
    let old: Vec<&Entry> = entries.iter().filter(is_old).collect();
    if old.is_empty() {
        out.line(&format!("nothing is older than {older_than}"));
        return exit::OK;
    }
    if !yes && !agreed(&old) {
        out.error("nothing was removed; --yes removes without asking");
        return exit::USAGE;
    }
    let (mut code, owner) = (exit::OK, super::night::owner(clock));
    for entry in old {
        match Log::remove(&entry.path, &owner) {
            Ok(()) => out.line(&format!("removed {}", entry.path.display())),
            Err(error) => {
                out.error(&format!("not removed: {error}"));
                code = exit::INTERNAL;
            }
        }
    }
    code
}

fn agreed(old: &[&Entry]) -> bool {
    if !io::stdin().is_terminal() {
        return false;
    }
    let entries: Vec<Entry> = old.iter().map(|entry| (*entry).clone()).collect();
    let mut err = io::stderr().lock();
    let asked = table(&entries).iter().try_for_each(|line| writeln!(err, "{}", crate::text::sanitize::line(line)));
    let asked =
        asked.and_then(|()| write!(err, "remove these {} for good? [y/N] ", old.len())).and_then(|()| err.flush());
    let mut answer = String::new();
    asked.and_then(|()| io::stdin().read_line(&mut answer)).is_ok_and(|_| matches!(answer.trim(), "y" | "Y" | "yes"))
}
