//! A night from its first poll to its last line, however it is driven.

use super::exit;
use super::leave;
use super::listen;
use super::out::Out;
use super::plain::{self, How, Input};
use super::reload;
use crate::clock::Clock;
use crate::notify::{Deliveries, Notifier, Untold};
use crate::observe;
use crate::room::follow::{Comes, Followed, Guest, NoSeat};
use crate::room::keeping::OnHost;
use crate::room::seats::{Book, Reception};
use crate::room::{self, Door, Left, Live, Room, Seat, Table, Taken};
use crate::session::log::{Owner, Settings, Writer};
use crate::session::store::Held;
use crate::session::{Fact, Header, Mode, Text};
use crate::tui::attention::Alerts;
use crate::tui::review::Projector;
use crate::tui::skin::{self, Skin, Theme};
use crate::tui::{Leave, Options};
use crate::{plan::Plan, session, tui};
use clap::Args;
use std::io::{self, IsTerminal};
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
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
        if self.plain || (io::stdout().is_terminal() && io::stdin().is_terminal()) {
            return Ok(());
        }
        out.error("there is no terminal to draw on; --plain runs by lines");
        Err(exit::USAGE)
    }

    /// Who acts at first; empty for nobody yet.
    #[must_use]
    pub fn actor(&self) -> &str {
        self.actor.as_deref().unwrap_or_default()
    }

    /// Sits at the screen, or reads and prints lines, until the seat is left.
    pub async fn sit(&self, seat: Seat, clock: Clock, out: &Out) -> How {
        if self.plain {
            let actor = self.actor.clone().unwrap_or_default();
            return plain::run(seat, actor, clock, Input::standard(), out).await;
        }
        self.draw(seat, clock, None, out).await
    }

    /// Sits at the screen before a recorded night.
    pub async fn project(&self, seat: Seat, clock: Clock, projector: Projector, out: &Out) -> How {
        self.draw(seat, clock, Some(projector), out).await
    }

    async fn draw(&self, seat: Seat, clock: Clock, projector: Option<Projector>, out: &Out) -> How {
        let actor = self.actor.clone().unwrap_or_default();
        let skin = Skin::choose(self.theme, self.ascii, |name| std::env::var(name).ok());
        let options = Options { skin, actor, alerts: self.alert, about: about(skin), projector };
        match tui::run(seat, clock, options).await {
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

/// Opens the room of a held session, lets somebody drive it, and says how it was left. Its metrics are
/// served where they are asked for.
pub async fn run(
    held: Held,
    clock: Clock,
    actor: &str,
    scraped: Option<TcpListener>,
    out: &Out,
    drive: impl AsyncFnOnce(Seat) -> How,
) -> u8 {
    let (table, seat) = Table::lay(room::first(&held, clock));
    let (seat, book) = (reload::attend(seat), Book::open(actor));
    let (door, seat, outside) = (seat.door(), book.follow(seat), Outside::open());
    let _listener = listen::serve(scraped, door.live.clone(), &outside.deliveries, out);
    let holding = match Holding::begin(held, table, door, &book, clock, outside, "") {
        Ok(holding) => tokio::spawn(holding.telling(out).hold()),
        Err(error) => return no_thread(&error, out),
    };
    let how = drive(seat).await;
    match holding.await {
        Ok((left, untold)) => leave::say(&left, &untold, how, out),
        Err(error) => failed(&error, out),
    }
}

/// Takes a seat at a session that another process holds, or held; goes on with it when that one is
/// gone. Says how it was left.
pub async fn join(path: &Path, comes: Comes, front: &Front, scraped: Option<TcpListener>, out: &Out) -> u8 {
    let keeping = OnHost::new(path.to_owned(), Clock::real());
    let (guest, seat, clock) = match Guest::sit(keeping, path, comes).await {
        Ok(seated) => seated,
        Err(error) => return no_seat(path, &error, out),
    };
    let (seat, book) = (reload::attend(seat), Book::open(front.actor()));
    let (door, actor, seat) = (seat.door(), front.actor().to_owned(), book.follow(seat));
    let outside = Outside::open();
    let _listener = listen::serve(scraped, door.live.clone(), &outside.deliveries, out);
    let following = tokio::spawn(async move {
        Ok(match guest.run().await.map_err(|error| super::chain(&error))? {
            Followed::Left(live) => Ended::Left(live),
            Followed::TakenOver(held, table) => {
                let holding = Holding::begin(*held, table, door, &book, clock, outside, &actor);
                let holding = holding.map_err(|error| format!("could not start the log's thread: {error}"))?;
                Ended::Held(Box::new(holding.hold().await))
            }
        })
    });
    let how = front.sit(seat, clock, out).await;
    match following.await {
        Ok(Ok(Ended::Held(held))) => leave::say(&held.0, &held.1, how, out),
        Ok(Ok(Ended::Left(live))) => leave::say_left(&live, how, out),
        Ok(Err(error)) => {
            let error: String = error;
            out.error(&error);
            exit::INTERNAL
        }
        Err(error) => failed(&error, out),
    }
}

/// What becomes of what is told outside, and where the session hears of it.
struct Outside {
    deliveries: Deliveries,
    slips: mpsc::Receiver<Fact>,
}

impl Outside {
    fn open() -> Self {
        let (deliveries, slips) = Deliveries::none();
        Self { deliveries, slips }
    }
}

/// How a seat that came later ended.
enum Ended {
    /// Another process holds the session, or nobody does.
    Left(Arc<Live>),
    /// This one did in the end.
    Held(Box<(Left, Untold)>),
}

/// A session that this process holds, with its doors open.
struct Holding {
    room: Room,
    reception: io::Result<Reception>,
    notifier: Notifier,
}

impl Holding {
    /// Begins to hold it. How it came to that is recorded before anybody looks; `by` took it over.
    fn begin(
        held: Held,
        table: Table,
        door: Door,
        book: &Book,
        clock: Clock,
        outside: Outside,
        by: &str,
    ) -> io::Result<Self> {
        let (facts, told) = (opening_facts(&held), held.core.state().seq);
        let notifier = Notifier::start(table.live.subscribe(), told, outside.deliveries);
        let mut observers = None;
        let observe = move |plan: &Plan| {
            let (found, incoming) = mpsc::channel(FOUND);
            drop(observers.replace(observe::start(plan, clock, found)));
            incoming
        };
        let path = held.log.path().to_owned();
        let journal = Box::new(Writer::start(held.log, Settings::default())?);
        let disk = journal.state();
        let taken = Taken { header: held.header, core: held.core, history: held.history, journal };
        let room = Room::at(table, taken, clock, Box::new(observe), book.people());
        let room = room.hearing(outside.slips).recording(by, facts);
        // Without a socket nobody can join, and the night goes on all the same.
        let reception = Reception::open(&path, door, book.clone(), clock, disk);
        Ok(Self { room, reception, notifier })
    }

    /// Says so where others cannot take part.
    fn telling(self, out: &Out) -> Self {
        if let Err(error) = &self.reception {
            out.error(&format!("nobody can join this session: {error}"));
        }
        self
    }

    /// Holds the session until its last seat is left. The doors are shut before the log is let go of,
    /// and who is outside is told the last of it when it is on disk.
    async fn hold(mut self) -> (Left, Untold) {
        self.room.sit().await;
        drop(self.reception);
        let left = self.room.close();
        (left, self.notifier.finish().await)
    }
}

fn no_thread(error: &io::Error, out: &Out) -> u8 {
    out.error(&format!("could not start the log's thread: {error}"));
    exit::INTERNAL
}

fn failed(error: &tokio::task::JoinError, out: &Out) -> u8 {
    out.error(&format!("the room failed: {error}"));
    exit::INTERNAL
}

fn no_seat(path: &Path, error: &NoSeat, out: &Out) -> u8 {
    match error {
        NoSeat::Store(error) => super::say_store(error, out),
        NoSeat::Silent { .. } => {
            out.error(&format!("{error}; \"warroom watch {}\" looks at what it wrote", path.display()));
            exit::SESSION_LOCKED
        }
        NoSeat::Nobody { .. } => {
            out.error(&super::chain(error));
            let path = path.display();
            out.error(&format!(
                "\"warroom run --resume {path}\" goes on with it, \"warroom watch {path}\" looks at it"
            ));
            exit::USAGE
        }
    }
}

/// What a resumed log says of its own past: that another process goes on, and what was set aside.
#[must_use]
pub fn opening_facts(held: &Held) -> Vec<Fact> {
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
