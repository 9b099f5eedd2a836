//! `warroom completions` and `warroom man`: what a shell and a reader of manuals ask for.

use super::{Arguments, exit, surface};
use clap::{Args, Command, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

/// Prints completions for a shell.
#[derive(Debug, Args)]
#[command(after_help = COMPLETIONS)]
pub struct Completions {
    /// Which shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

const COMPLETIONS: &str = "\
Examples:
  warroom completions bash > ~/.local/share/bash-completion/completions/warroom
  warroom completions zsh > ~/.zfunc/_warroom
  warroom completions fish > ~/.config/fish/completions/warroom.fish";

impl Completions {
    /// Prints them; returns the exit code.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn run(&self, out: &mut dyn Write) -> io::Result<u8> {
        let mut text = Vec::new();
        clap_complete::generate(self.shell, &mut command(), "warroom", &mut text);
        out.write_all(&text)?;
        Ok(exit::OK)
    }
}

/// Prints the manual page, or writes all of them.
#[derive(Debug, Args)]
#[command(after_help = MAN)]
pub struct ManArguments {
    /// A directory for a page of each subcommand; only the first page is printed where it is not given
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

const MAN: &str = "\
Examples:
  warroom man | man -l -
  warroom man --out ~/.local/share/man/man1";

impl ManArguments {
    /// Prints or writes them; returns the exit code.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn run(&self, out: &mut dyn Write, err: &mut dyn Write) -> io::Result<u8> {
        let Some(folder) = &self.out else {
            Man::new(command()).render(out)?;
            return Ok(exit::OK);
        };
        let written = fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(command(), folder));
        if let Err(error) = written {
            writeln!(err, "warroom: cannot write manual pages to {}: {error}", folder.display())?;
            return Ok(exit::INTERNAL);
        }
        Ok(exit::OK)
    }
}

fn command() -> Command {
    surface::finish(Arguments::command())
}
