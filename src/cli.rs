//! The shell's side: one file per subcommand, each thin. Errors become messages and exit codes here.

pub mod check;
pub mod load;
pub mod problems;

use clap::{Parser, Subcommand};
use std::io::{self, Write};

/// Exit codes, the same for every subcommand.
pub mod exit {
    pub const OK: u8 = 0;
    pub const INTERNAL: u8 = 1;
    pub const USAGE: u8 = 2;
    pub const ROLLBACK: u8 = 3;
    pub const HOLD: u8 = 4;
    pub const PLAN_INVALID: u8 = 5;
    pub const SESSION_DAMAGED: u8 = 6;
    pub const SESSION_LOCKED: u8 = 7;
}

/// The one screen an on-call team looks at while it moves live traffic onto a new version.
#[derive(Debug, Parser)]
#[command(name = "warroom", version, max_term_width = 100)]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Check(check::Check),
}

/// Runs the program and returns its exit code.
#[must_use]
pub fn main() -> u8 {
    let arguments = Arguments::parse();
    let (mut out, mut err) = (io::stdout().lock(), io::stderr().lock());
    let done = match arguments.command {
        None => Ok(exit::USAGE),
        Some(Command::Check(check)) => check.run(&mut out, &mut err),
    };
    // A reader that has gone away (`| head`) is no error worth a word.
    done.and_then(|code| out.flush().map(|()| code)).unwrap_or(exit::INTERNAL)
}
