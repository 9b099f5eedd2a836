//! The shell's side: one file per subcommand, each thin. Errors become messages and exit codes here.

pub mod backtest;
pub mod check;
pub mod demo;
pub mod first;
pub mod info;
pub mod init;
pub mod join;
pub mod leave;
mod listen;
pub mod load;
pub mod night;
pub mod out;
pub mod place;
pub mod plain;
pub mod problems;
pub mod reload;
pub mod report;
pub mod review;
pub mod run;
pub mod say;
pub mod screenshot;
pub mod session;
pub mod sessions;
pub mod shell;
pub mod status;
mod surface;
pub mod test;
pub mod verify;
pub mod watch;

use crate::session::log;
use crate::session::store::StoreError;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use out::Out;
use std::error::Error;
use std::io::{self, Write};

/// Exit codes, the same for every subcommand.
pub mod exit {
    pub const OK: u8 = 0;
    pub const INTERNAL: u8 = 1;
    pub const USAGE: u8 = 2;
    /// ROLLBACK, rolled back or failed; a test that does not hold.
    pub const ROLLBACK: u8 = 3;
    /// HOLD, or left before the end.
    pub const HOLD: u8 = 4;
    pub const PLAN_INVALID: u8 = 5;
    /// Damaged, or written by a newer version.
    pub const SESSION_DAMAGED: u8 = 6;
    pub const SESSION_LOCKED: u8 = 7;
    /// Plus the signal's number.
    pub const SIGNAL: u8 = 128;
}

/// The one screen an on-call team looks at while it moves live traffic onto a new version.
#[derive(Debug, Parser)]
#[command(name = "warroom", version = VERSION, max_term_width = 100, after_help = HINT)]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

/// The version, and the commit it was made from.
pub const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (", env!("WARROOM_COMMIT"), ")");

const HINT: &str = "`warroom` alone says what can be done next. `warroom COMMAND --help` has examples.";

#[derive(Debug, Subcommand)]
enum Command {
    Backtest(backtest::BacktestArguments),
    Check(check::Check),
    Completions(shell::Completions),
    Init(init::Init),
    Demo(demo::DemoArguments),
    Info(info::InfoArguments),
    Man(shell::ManArguments),
    Join(join::JoinArguments),
    Note(say::NoteArguments),
    Report(report::ReportArguments),
    Review(review::ReviewArguments),
    Run(run::RunArguments),
    Screenshot(screenshot::ScreenshotArguments),
    Sessions(sessions::SessionsArguments),
    Status(status::StatusArguments),
    Test(test::TestArguments),
    Tick(say::TickArguments),
    Verify(verify::VerifyArguments),
    Watch(watch::WatchArguments),
}

/// Runs the program and returns its exit code.
#[must_use]
pub fn main() -> u8 {
    let matches = surface::finish(Arguments::command()).get_matches();
    let arguments = Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let out = Out::start();
    let Some(command) = &arguments.command else { return first::say(&out) };
    match command {
        Command::Backtest(arguments) => written(|out, err| arguments.run(out, err)),
        Command::Check(arguments) => written(|out, err| arguments.run(out, err)),
        Command::Completions(arguments) => written(|out, _| arguments.run(out)),
        Command::Init(arguments) => written(|out, err| arguments.run(out, err)),
        Command::Demo(arguments) => demo::run(arguments, &out),
        Command::Info(_) => info::run(&out),
        Command::Man(arguments) => written(|out, err| arguments.run(out, err)),
        Command::Join(arguments) => join::run(arguments, &out),
        Command::Note(arguments) => say::note(arguments, &out),
        Command::Report(arguments) => report::run(arguments, &out),
        Command::Review(arguments) => review::run(arguments, &out),
        Command::Run(arguments) => run::run(arguments, &out),
        Command::Screenshot(arguments) => screenshot::run(arguments, &out),
        Command::Sessions(arguments) => sessions::run(arguments, &out),
        Command::Status(arguments) => status::run(arguments, &out),
        Command::Test(arguments) => written(|out, err| arguments.run(out, err)),
        Command::Tick(arguments) => say::tick(arguments, &out),
        Command::Verify(arguments) => verify::run(arguments, &out),
        Command::Watch(arguments) => watch::run(arguments, &out),
    }
}

/// Runs a subcommand that writes what it finds and ends.
fn written(run: impl FnOnce(&mut dyn Write, &mut dyn Write) -> io::Result<u8>) -> u8 {
    let (mut out, mut err) = (io::BufWriter::new(io::stdout().lock()), io::BufWriter::new(io::stderr().lock()));
    let done = run(&mut out, &mut err).and_then(|code| out.flush().and_then(|()| err.flush()).map(|()| code));
    // A reader that has gone away (`| head`) is no error worth a word.
    done.unwrap_or(exit::INTERNAL)
}

/// An error with what caused it: `could not write X: no space left on device`.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let said = error.to_string();
        if !text.ends_with(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        cause = error.source();
    }
    text
}

/// Says why a session cannot be begun, gone on with or read, and returns the exit code.
fn say_store(error: &StoreError, out: &Out) -> u8 {
    out.error(&chain(error));
    store_code(error)
}

/// The exit code for a session that cannot be begun, gone on with or read.
fn store_code(error: &StoreError) -> u8 {
    match error {
        StoreError::Log(log::Error::Locked { .. }) => exit::SESSION_LOCKED,
        StoreError::Log(log::Error::Damaged { .. } | log::Error::TooNew { .. } | log::Error::NotASession { .. })
        | StoreError::Header { .. }
        | StoreError::Plan { .. }
        | StoreError::Misfit { .. }
        | StoreError::NotUnderstood { .. } => exit::SESSION_DAMAGED,
        StoreError::Log(
            log::Error::Missing { .. }
            | log::Error::IsADirectory { .. }
            | log::Error::NotADirectory { .. }
            | log::Error::Exists { .. },
        ) => exit::USAGE,
        StoreError::Log(_) => exit::INTERNAL,
    }
}
