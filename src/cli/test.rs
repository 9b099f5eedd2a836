//! `warroom test`: nights that have not happened yet, judged before they do.

mod find;
mod json;
mod junit;
mod text;

use super::exit;
use crate::rehearse::{self, Invalid, Night, Scenario};
use clap::{Args, ValueEnum};
use find::{Found, NotFound};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Runs scenario files: says what the judgement of each night would be, and where it is not what
/// the file expects.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct TestArguments {
    /// Scenario files (.toml), or directories that hold some, however deep
    #[arg(value_name = "FILE", required = true)]
    paths: Vec<PathBuf>,
    /// How to print what was found
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Print only what does not hold
    #[arg(short, long, conflicts_with = "verbose")]
    quiet: bool,
    /// Print the timeline of every night
    #[arg(short, long)]
    verbose: bool,
}

const EXAMPLES: &str = "\
Examples:
  warroom test nights/
  warroom test nights/blind.toml --verbose
  warroom test nights/ --format junit > nights.xml

Exit codes: 0 every night is judged as it says, 2 there is no such file or no scenario in it, 3 some
are judged otherwise, 5 a scenario, its plan or its bindings cannot be run.";

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// For people: a line a file, and the whole story of what does not hold
    #[default]
    Text,
    /// One document for programs; docs/scenarios.md says what is in it
    Json,
    /// For CI
    Junit,
}

/// How much the text says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Detail {
    Quiet,
    Usual,
    Verbose,
}

/// One file that was run.
#[derive(Debug)]
struct Case {
    path: PathBuf,
    /// Its story in one sentence; empty where it could not be read.
    about: String,
    result: Result<Night, Unrunnable>,
}

/// Why a file was not run.
#[derive(Debug)]
enum Unrunnable {
    /// It cannot be read.
    Unreadable(String),
    Invalid(Invalid),
}

/// How many files came to what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Totals {
    passed: usize,
    failed: usize,
    invalid: usize,
}

impl TestArguments {
    /// Runs the files and prints what was found; returns the exit code.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn run(&self, out: &mut dyn Write, err: &mut dyn Write) -> io::Result<u8> {
        let Found { scenarios, passed_over } = match find::scenarios(&self.paths) {
            Ok(found) => found,
            Err(error) => return refuse(&error, err),
        };
        let cases: Vec<Case> = scenarios.into_iter().map(Case::run).collect();
        let totals = Totals::of(&cases);
        match self.format {
            Format::Text => text::write(&cases, &passed_over, totals, self.detail(), out)?,
            Format::Json => json::write(&cases, &passed_over, totals, out)?,
            Format::Junit => junit::write(&cases, totals, out)?,
        }
        Ok(totals.code())
    }

    const fn detail(&self) -> Detail {
        match (self.quiet, self.verbose) {
            (true, _) => Detail::Quiet,
            (_, true) => Detail::Verbose,
            _ => Detail::Usual,
        }
    }
}

fn refuse(error: &NotFound, err: &mut dyn Write) -> io::Result<u8> {
    writeln!(err, "error: {error}")?;
    Ok(exit::USAGE)
}

impl Case {
    fn run(path: PathBuf) -> Self {
        let mut about = String::new();
        let result = rehearse(&path, &mut about);
        Self { path, about, result }
    }

    /// The path as messages show it.
    fn name(&self) -> String {
        self.path.display().to_string()
    }
}

/// Runs the night of a file; the plan and the bindings that it names are seen from where it stands.
fn rehearse(path: &Path, about: &mut String) -> Result<Night, Unrunnable> {
    let read =
        |path: &Path| fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()));
    let text = read(path).map_err(Unrunnable::Unreadable)?;
    let beside = |name: &str| read(&path.with_file_name(name));
    let scenario = Scenario::parse(&text, &beside).map_err(Unrunnable::Invalid)?;
    about.clone_from(&scenario.about);
    rehearse::run(&scenario).map_err(Unrunnable::Invalid)
}

impl Totals {
    fn of(cases: &[Case]) -> Self {
        let mut totals = Self::default();
        for case in cases {
            match &case.result {
                Ok(night) if night.failures.is_empty() => totals.passed += 1,
                Ok(_) => totals.failed += 1,
                Err(_) => totals.invalid += 1,
            }
        }
        totals
    }

    const fn all(self) -> usize {
        self.passed + self.failed + self.invalid
    }

    const fn code(self) -> u8 {
        match self {
            Self { invalid: 1.., .. } => exit::PLAN_INVALID,
            Self { failed: 1.., .. } => exit::ROLLBACK,
            _ => exit::OK,
        }
    }
}
