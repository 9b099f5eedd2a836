//! `warroom report`: what a night was, for those who were asleep.

use super::out::Out;
use super::{exit, place};
use crate::judge::Moment;
use crate::report::{self, Account, Night, Seal};
use crate::session::store::Archive;
use crate::text::{Millis, duration};
use clap::{Args, ValueEnum};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Tells a night: outcome, stages, decisions, gates, what was left open.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ReportArguments {
    /// A session: its file, its id, a piece of its name, or "last"
    #[arg(value_name = "SESSION", default_value = "last")]
    session: String,
    /// What to write; without it the ending of --out says so, else Markdown
    #[arg(short, long, value_name = "FORMAT", env = "WARROOM_REPORT_FORMAT")]
    format: Option<Format>,
    /// Where to write it; standard output where it is not given
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Only what happened in the last 30m, for a hand-over
    #[arg(long, value_name = "SPAN", value_parser = duration::parse)]
    since: Option<Millis>,
}

const EXAMPLES: &str = "\
Examples:
  warroom report                                  the newest session, as Markdown
  warroom report 7f3a --out night.html            one page with charts, for a browser or a printer
  warroom report 7f3a --since 30m                 what the next shift has to know
  warroom report 7f3a --format checklist --out done.md  your own checklist, completed
  warroom report 7f3a --format csv --out night.csv  every reading

Exit codes: 0 told, 2 usage, 6 damaged or too new: what is whole is told.";

/// What a night is told as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Markdown
    Md,
    /// One HTML page with charts
    Html,
    /// The same facts for programs
    Json,
    /// Every reading
    Csv,
    /// The team's own file: boxes ticked, blanks filled, who and when beside each
    Checklist,
}

impl Format {
    fn of(arguments: &ReportArguments) -> Self {
        let ending = arguments.out.as_deref().and_then(Path::extension).and_then(|ending| ending.to_str());
        let by_ending = || match ending {
            Some("html" | "htm") => Self::Html,
            Some("json") => Self::Json,
            Some("csv") => Self::Csv,
            _ => Self::Md,
        };
        arguments.format.unwrap_or_else(by_ending)
    }
}

/// Runs the subcommand and returns its exit code.
#[must_use]
pub fn run(arguments: &ReportArguments, out: &Out) -> u8 {
    let opened = place::find(&arguments.session, out)
        .and_then(|path| Archive::open(&path).map_err(|error| super::say_store(&error, out)));
    let archive = match opened {
        Ok(archive) => archive,
        Err(code) => return code,
    };
    let told = tell(&archive, Format::of(arguments), arguments.since);
    let written = told.and_then(|text| write(&text, arguments.out.as_deref(), &archive.path));
    match (written, archive.untold()) {
        (Err(error), _) => {
            out.error(&error);
            exit::INTERNAL
        }
        (Ok(()), Some(untold)) => {
            out.error(&untold);
            exit::SESSION_DAMAGED
        }
        (Ok(()), None) => exit::OK,
    }
}

fn tell(archive: &Archive, format: Format, since: Option<Millis>) -> Result<String, String> {
    let Archive { records, head, ending, .. } = archive;
    let not_understood = archive.not_understood.as_deref();
    let seal = Seal { records: *records, head, ending, not_understood };
    let night = Night { header: &archive.header, state: &archive.state, chronicle: &archive.chronicle, seal };
    let since = since.map(|span| Moment(archive.state.ramp.now.0.saturating_sub(span.0)));
    let account = || Account::of(night, since);
    match format {
        Format::Md => report::markdown::write(&account()).map_err(|error| super::chain(&error)),
        Format::Html => report::html::write(&account(), night, since).map_err(|error| super::chain(&error)),
        Format::Json => Ok(report::json::write(&account())),
        Format::Csv => Ok(report::csv::write(night, since)),
        Format::Checklist => Ok(completed(archive)),
    }
}

/// The checklist as it was in force at the end.
fn completed(archive: &Archive) -> String {
    let amended = archive.state.amended_texts().map(|(checklist, _)| checklist);
    let text = amended.unwrap_or(&archive.header.checklist);
    report::checklist::complete(&text.text, &archive.state).text()
}

/// Writes it whole or not at all: a page that was there stays until the new one is.
fn write(text: &str, place: Option<&Path>, session: &Path) -> Result<(), String> {
    let Some(place) = place else {
        let written = io::stdout().lock().write_all(text.as_bytes());
        // A reader that has gone away (`| head`) is no error worth a word.
        return written
            .or_else(|error| if error.kind() == io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) })
            .map_err(|error| format!("could not write the report: {error}"));
    };
    if place.canonicalize().is_ok_and(|place| session.canonicalize().is_ok_and(|session| session == place)) {
        return Err(format!("{} is the session itself: write the report elsewhere", place.display()));
    }
    let mut beside = place.as_os_str().to_owned();
    beside.push(".part");
    fs::write(&beside, text)
        .and_then(|()| fs::rename(&beside, place))
        .map_err(|error| format!("could not write {}: {error}", place.display()))
}
