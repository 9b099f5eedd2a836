//! A night from its first poll to its last line, however it is driven.

use super::exit;
use super::leave;
use super::out::Out;
use super::plain::{self, How, Input};
use super::reload;
use crate::clock::Clock;
use crate::observe;
use crate::room::{Room, Seat};
use crate::session::log::{Owner, Settings};
use crate::session::store::Held;
use crate::session::{Fact, Header, Mode, Text};
use crate::tui::attention::Alerts;
use crate::tui::skin::{self, Skin, Theme};
use crate::tui::{Leave, Options};
use crate::{plan::Plan, session, tui};
use clap::Args;
use std::io::IsTerminal;
use tokio::sync::mpsc;

/// So many answers of sources wait at most: a thousand metrics answer at once and nothing is lost.
const FOUND: usize = 2_048;

/// How a night is looked at.
#[derive(Clone, Debug, Args)]
pub struct Front {
    /// Run by lines: what changes is printed, commands are read from standard input
    #[arg(long, env = "WARROOM_PLAIN")]
    pub plain: bool,
    /// The board's colours: dark, light, contrast, safe (for every kind of eye), mono, or a file of your own
    #[arg(long, value_name = "NAME", env = "WARROOM_THEME", value_parser = theme)]
    theme: Option<Theme>,
    /// Draw nothing but ASCII
    #[arg(long, env = "WARROOM_ASCII")]
    ascii: bool,
    /// How a change of the verdict is told: bell, osc9, osc777, title, tmux, or none; several with commas
    #[arg(long, value_name = "HOW", env = "WARROOM_ALERT", default_value = "bell,osc9,title")]
    alert: Alerts,
    /// Who acts, until somebody else says so
    #[arg(long = "as", value_name = "NAME", env = "WARROOM_AS")]
    actor: Option<String>,
}

/// The theme of a word, or of a file.
pub(super) fn theme(name: &str) -> Result<Theme, String> {
    if let Some(theme) = Theme::parse(name) {
        return Ok(theme);
    }
    if !name.contains(['.', '/']) {
        let known = Theme::ALL.map(|(word, _)| word).join(", ");
        return Err(format!("expected one of {known}, or a file such as mine.toml"));
    }
    let text = std::fs::read_to_string(name).map_err(|error| format!("cannot read {name}: {error}"))?;
    Theme::read(&text, skin::has_rgb(|name| std::env::var(name).ok()))
}

impl Front {
    /// Says so where there is nothing to draw on, before a session is begun for nobody.
    ///
    /// # Errors
    /// The exit code.
    pub fn look_for_a_terminal(&self, out: &Out) -> Result<(), u8> {
        if self.plain || (std::io::stdout().is_terminal() && std::io::stdin().is_terminal()) {
            return Ok(());
        }
        out.error("there is no terminal to draw on; --plain runs by lines");
        Err(exit::USAGE)
    }

    /// Sits at the screen, or reads and prints lines, until the seat is left.
    pub async fn sit(&self, seat: Seat, clock: Clock, out: &Out) -> How {
        let actor = self.actor.clone().unwrap_or_default();
        if self.plain {
            return plain::run(seat, actor, clock, Input::standard(), out).await;
        }
        let skin = Skin::choose(self.theme, self.ascii, |name| std::env::var(name).ok());
        match tui::run(seat, clock, Options { skin, actor, alerts: self.alert, about: about(skin) }).await {
            Ok(Leave::Quit | Leave::RoomGone) => How::Quit,
            Ok(Leave::Interrupted) => How::Signal(2),
            Ok(Leave::Signal(number)) => How::Signal(number),
            Ok(Leave::TerminalLost) => How::Signal(1),
            Err(error) => {
                out.error(&format!("there is no terminal to draw on: {error}; --plain runs by lines"));
                How::NoTerminal
            }
        }
    }
}

/// What is worth knowing of a terminal where something looks odd.
fn about(skin: Skin) -> Vec<(String, String)> {
    let env = |name: &str| std::env::var(name).unwrap_or_else(|_| "not set".to_owned());
    let inside = ["TMUX", "STY", "SSH_CONNECTION"].into_iter().filter(|name| std::env::var_os(name).is_some());
    let inside: Vec<&str> = inside
        .map(|name| match name {
            "TMUX" => "tmux",
            "STY" => "screen",
            _ => "ssh",
        })
        .collect();
    let colours = match skin.theme {
        Theme::Mono => "none",
        Theme::Own(_) => "true colours where the theme names them",
        _ => "sixteen",
    };
    let entry = |name: &str, text: String| (name.to_owned(), text);
    vec![
        entry("TERM", env("TERM")),
        entry("COLORTERM", env("COLORTERM")),
        entry("colours", colours.to_owned()),
        entry("signs", if skin.ascii { "ASCII" } else { "Unicode" }.to_owned()),
        entry("inside", if inside.is_empty() { "nothing".to_owned() } else { inside.join(" in ") }),
    ]
}

/// What a new session begins with.
#[must_use]
pub fn header(plan: Plan, mode: Mode, began_at: i64, checklist: Text, bindings: Option<Text>) -> Header {
    let host = Owner::here("").host;
    Header { warroom: session::log::FORMAT, program: program(), mode, host, began_at, checklist, bindings, plan }
}

/// Who holds a log from now on.
#[must_use]
pub fn owner(clock: Clock) -> Owner {
    Owner::here(session::event::show_time(clock.now().at))
}

fn program() -> String {
    format!("warroom {}", env!("CARGO_PKG_VERSION"))
}

/// Runs something to its exit code on the one thread on which everything waits. What computes for
/// long or blocks has its own.
pub fn block_on(out: &Out, something: impl Future<Output = u8>) -> u8 {
    match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => {
            let code = runtime.block_on(something);
            // A name that is still being looked up keeps nobody from leaving.
            runtime.shutdown_background();
            code
        }
        Err(error) => {
            out.error(&format!("could not start: {error}"));
            exit::INTERNAL
        }
    }
}

/// Opens the room of a held session, lets somebody drive it, and says how it was left.
pub async fn run(held: Held, clock: Clock, out: &Out, drive: impl AsyncFnOnce(Seat) -> How) -> u8 {
    let facts = opening_facts(&held);
    let mut observers = None;
    let observe = move |plan: &Plan| {
        let (found, incoming) = mpsc::channel(FOUND);
        drop(observers.replace(observe::start(plan, clock, found)));
        incoming
    };
    let (room, seat) = match Room::open(held, clock, observe, facts, Settings::default()) {
        Ok(opened) => opened,
        Err(error) => {
            out.error(&format!("could not start the log's thread: {error}"));
            return exit::INTERNAL;
        }
    };
    let room = tokio::spawn(room.run());
    let how = drive(reload::attend(seat)).await;
    match room.await {
        Ok(left) => leave::say(&left, how, out),
        Err(error) => {
            out.error(&format!("the room failed: {error}"));
            exit::INTERNAL
        }
    }
}

/// What a resumed log says of its own past: that another process goes on, and what was set aside.
fn opening_facts(held: &Held) -> Vec<Fact> {
    if held.core.state().seq == 0 && held.torn.is_none() {
        return Vec::new();
    }
    let mut facts = vec![Fact::SessionResumed { host: Owner::here("").host, program: program() }];
    facts.extend(held.torn.as_ref().map(|torn| Fact::LogRecovered {
        offset: torn.offset,
        bytes: torn.length,
        sha256: torn.sha256.to_string(),
    }));
    facts
}
