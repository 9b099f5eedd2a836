//! `warroom info`: what a report of a fault needs, and nothing that is secret.

use super::out::Out;
use super::{VERSION, exit, place};
use crate::session::store::shelf::Standing;
use crate::tui::screen;
use crate::tui::skin::{Skin, Theme};
use clap::Args;
use std::env;
use std::io::{self, IsTerminal};

/// Prints paths and what the terminal can do, for a report of a fault.
#[derive(Debug, Args)]
#[command(after_help = "Values of WARROOM_* variables are left out: they may hold secrets.")]
pub struct InfoArguments {}

/// Runs the subcommand and returns its exit code.
#[must_use]
pub fn run(out: &Out) -> u8 {
    line(out, "warroom", VERSION);
    line(out, "system", &format!("{} on {}", env::consts::OS, env::consts::ARCH));
    sessions(out);
    terminal(out);
    let names: Vec<String> = env::vars_os().filter_map(|(name, _)| name.into_string().ok()).collect();
    let mut ours: Vec<&str> = names.iter().map(String::as_str).filter(|name| name.starts_with("WARROOM_")).collect();
    ours.sort_unstable();
    line(out, "variables", &if ours.is_empty() { "none of WARROOM_*".to_owned() } else { ours.join(", ") });
    exit::OK
}

fn sessions(out: &Out) {
    let shelf = match place::shelf() {
        Ok(shelf) => shelf,
        Err(error) => return line(out, "sessions", &format!("no place for them: {error}")),
    };
    let told = match shelf.list() {
        Ok((entries, strangers)) => {
            let count = |standing| entries.iter().filter(|entry| entry.standing == standing).count();
            let (live, left) = (count(Standing::Live), count(Standing::Left));
            format!("{} ({live} live, {left} left open), {} other files", entries.len(), strangers.len())
        }
        Err(error) => format!("cannot be read: {error}"),
    };
    line(out, "sessions", &format!("{}: {told}", shelf.folder().display()));
}

fn terminal(out: &Out) {
    let is = |is: bool| if is { "a terminal" } else { "no terminal" };
    let (input, output) = (io::stdin().is_terminal(), io::stdout().is_terminal());
    line(out, "stdin", is(input));
    line(out, "stdout", is(output));
    if output {
        let size = screen::size();
        line(out, "size", &format!("{}x{}", size.width, size.height));
    }
    for name in ["TERM", "COLORTERM", "TERM_PROGRAM", "NO_COLOR", "LANG", "LC_ALL", "LC_CTYPE"] {
        line(out, name, &env::var(name).unwrap_or_else(|_| "not set".to_owned()));
    }
    for (name, what) in [("TMUX", "tmux"), ("STY", "screen"), ("SSH_CONNECTION", "ssh")] {
        line(out, what, if env::var_os(name).is_some() { "yes" } else { "no" });
    }
    let skin = Skin::choose(None, false, |name| env::var(name).ok());
    let theme = Theme::ALL.iter().find(|(_, theme)| *theme == skin.theme).map_or("its own", |(word, _)| *word);
    line(out, "theme", &format!("{theme}{}", if skin.ascii { ", ASCII" } else { "" }));
}

fn line(out: &Out, name: &str, value: &str) {
    out.line(&format!("{name:<13} {value}"));
}
