//! Somebody sits at the board: the loop between the terminal and the room.
//!
//! Whatever wakes it becomes one [`Wake`]; one place makes something of it; then a frame is drawn if
//! one is owed and the terminal has taken the last. It waits for nobody: intents are sent and their
//! answers come back as wakes, and a terminal that takes nothing only makes it draw less.

use super::board;
use super::pace::Pace;
use super::painter::{self, Painter};
use super::panics;
use super::scene::Scene;
use super::screen::{self, Screen};
use super::skin::{Skin, Tone};
use super::view::{Effect, View};
use crate::clock::Clock;
use crate::room::{Live, Request, Seat};
use crate::session::{Intent, Refusal};
use crate::text::Millis;
use crossterm::event::{Event, EventStream};
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use ratatui::layout::Size;
use rustix::process::{Signal as Kill, kill_current_process_group};
use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{mpsc, oneshot};

/// The room may be late by so much before the screen calls itself old.
const GRACE: Millis = Millis::from_secs(1);

/// How the board was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    /// Somebody said so.
    Quit,
    /// Ctrl-C, twice.
    Interrupted,
    /// A signal with this number.
    Signal(u8),
    /// The room has ended.
    RoomGone,
    /// There is no terminal any more.
    TerminalLost,
}

/// What a board looks like, and who sits at it.
#[derive(Clone, Debug, Default)]
pub struct Options {
    pub skin: Skin,
    /// Who acts; empty for nobody yet.
    pub actor: String,
}

/// Sits at the board until somebody leaves it, or a signal, the room or the terminal ends it.
///
/// # Errors
/// Where there is no terminal to be taken over.
pub async fn run(seat: Seat, clock: Clock, options: Options) -> io::Result<Leave> {
    let signals = Signals::listen()?;
    let screen = Screen::take()?;
    let real = Clock::real();
    let sitting = Sitting {
        view: View::new(&options.actor),
        skin: options.skin,
        painter: Painter::new(),
        pace: Pace::new(real.now().mono),
        size: screen::size(),
        answers: FuturesUnordered::new(),
        events: None,
        is_owed: true,
        panics: 0,
        seat,
        clock,
        real,
        screen,
        signals,
    };
    Ok(sitting.run().await)
}

/// The answer to an intent under its ticket; none where nobody is left to give one.
type Answer = (u64, Option<Result<u64, Refusal>>);

/// What woke the loop.
enum Wake {
    Signal(u8),
    Continued,
    Event(Event),
    NoEvents,
    Answer(Answer),
    Written,
    TerminalLost,
    Live,
    RoomGone,
    /// A second has passed, or a frame is due.
    Time,
}

struct Sitting {
    seat: Seat,
    /// The session's clock.
    clock: Clock,
    /// The clock of hands and eyes.
    real: Clock,
    view: View,
    skin: Skin,
    screen: Screen,
    painter: Painter,
    pace: Pace,
    size: Size,
    /// None until the first frame is seen: what was typed before was meant for a shell.
    events: Option<EventStream>,
    answers: FuturesUnordered<BoxFuture<'static, Answer>>,
    signals: Signals,
    /// Something may have changed since the last frame.
    is_owed: bool,
    /// How many panics the person was told of.
    panics: usize,
}

impl Sitting {
    async fn run(mut self) -> Leave {
        loop {
            self.draw();
            let wake = self.wait().await;
            if let ControlFlow::Break(leave) = self.take(wake) {
                return self.leave(leave);
            }
        }
    }

    /// Waits for whatever comes first. Signals come first of all.
    async fn wait(&mut self) -> Wake {
        let second = next_second(self.clock.now().at);
        let due = self.pace.wait(self.real.now().mono);
        let is_due = self.is_owed && self.screen.is_idle();
        tokio::select! {
            biased;
            wake = self.signals.next() => wake,
            event = next_event(&mut self.events) => event,
            Some(answer) = self.answers.next() => Wake::Answer(answer),
            is_there = self.screen.written() => if is_there { Wake::Written } else { Wake::TerminalLost },
            changed = self.seat.live.changed() => if changed.is_ok() { Wake::Live } else { Wake::RoomGone },
            () = self.real.sleep(due), if is_due => Wake::Time,
            () = self.clock.sleep(second), if !self.is_owed => Wake::Time,
        }
    }

    fn take(&mut self, wake: Wake) -> ControlFlow<Leave> {
        match wake {
            Wake::Signal(number) => return ControlFlow::Break(Leave::Signal(number)),
            Wake::TerminalLost | Wake::NoEvents => return ControlFlow::Break(Leave::TerminalLost),
            Wake::RoomGone => return ControlFlow::Break(Leave::RoomGone),
            Wake::Written => {
                if self.events.is_none() && self.screen.is_idle() {
                    self.screen.forget_typed();
                    self.events = Some(EventStream::new());
                }
                // Only what is owed already is drawn: a frame that was written changes nothing.
                return ControlFlow::Continue(());
            }
            Wake::Continued => self.come_back()?,
            Wake::Event(event) => self.event(event)?,
            Wake::Answer((ticket, Some(answer))) => self.view.answered(ticket, answer, self.real.now().mono),
            Wake::Answer((ticket, None)) => self.view.unanswered(ticket, self.real.now().mono),
            Wake::Live | Wake::Time => {}
        }
        self.is_owed = true;
        ControlFlow::Continue(())
    }

    fn scene(&mut self) -> Scene {
        let live: Arc<Live> = Arc::clone(&self.seat.live.borrow_and_update());
        Scene::of(&live, self.clock.now(), GRACE * u64::from(self.clock.speed()))
    }

    fn event(&mut self, event: Event) -> ControlFlow<Leave> {
        let now = self.real.now().mono;
        let scene = self.scene();
        let effects = match event {
            Event::Key(key) => self.view.press(&scene, key, now),
            Event::Paste(text) => self.view.paste(&scene, &text, now),
            Event::Resize(width, height) => {
                self.size = Size::new(width, height);
                Vec::new()
            }
            Event::FocusGained | Event::FocusLost | Event::Mouse(_) => Vec::new(),
        };
        effects.into_iter().try_for_each(|effect| self.effect(effect))
    }

    fn effect(&mut self, effect: Effect) -> ControlFlow<Leave> {
        match effect {
            Effect::Intend { ticket, intent } => {
                let requests = self.seat.requests.clone();
                self.answers.push(Box::pin(async move { (ticket, ask(requests, intent).await) }));
            }
            Effect::Copy(text) => self.screen.send(painter::clipboard(&text)),
            Effect::Repaint => {
                self.size = screen::size();
                self.painter.forget();
            }
            Effect::Suspend => return self.suspend(),
            Effect::Leave { interrupted } => {
                return ControlFlow::Break(if interrupted { Leave::Interrupted } else { Leave::Quit });
            }
        }
        ControlFlow::Continue(())
    }

    /// Gives the terminal back and stops, as the shell's Ctrl-Z would; goes on when it is continued.
    fn suspend(&mut self) -> ControlFlow<Leave> {
        // It holds standard input while it lives.
        self.events = None;
        self.screen.leave();
        // Where the group cannot be stopped (no shell to come back from) this goes on at once.
        let _ = kill_current_process_group(Kill::TSTP);
        self.come_back()?;
        let text = "nothing was polled while it was suspended";
        self.view.say_toast(Tone::Wait, text, self.real.now().mono);
        ControlFlow::Continue(())
    }

    /// Takes the terminal again, which may be another size and show anything.
    fn come_back(&mut self) -> ControlFlow<Leave> {
        if self.screen.enter().is_err() {
            return ControlFlow::Break(Leave::TerminalLost);
        }
        self.size = screen::size();
        self.painter.forget();
        self.events = Some(EventStream::new());
        ControlFlow::Continue(())
    }

    fn draw(&mut self) {
        let now = self.real.now().mono;
        if !self.is_owed || !self.screen.is_idle() || !self.pace.wait(now).is_zero() {
            return;
        }
        self.is_owed = false;
        self.tell_panics(now);
        let scene = self.scene();
        self.view.notice(&scene, now);
        self.view.seen = scene.verdict.keys();
        let frame = self.painter.frame(self.size, |frame| board::draw(&scene, &self.view, self.skin, frame));
        let title = self.painter.title(&scene);
        // Into memory: it does not fail.
        if let Some(bytes) = frame.ok().flatten() {
            self.pace.drawn();
            self.screen.send(bytes);
        }
        if let Some(bytes) = title {
            self.screen.send(bytes);
        }
    }

    /// A part that failed does not take the board down, and not silently away either.
    fn tell_panics(&mut self, now: Millis) {
        if let Some((count, last)) = panics::last().filter(|(count, _)| *count > self.panics) {
            self.panics = count;
            self.view.say_toast(Tone::Bad, format!("a part of warroom failed: {last}"), now);
        }
    }

    fn leave(mut self, leave: Leave) -> Leave {
        // After a hangup it would report nothing, for ever and at full speed.
        self.events = None;
        if matches!(leave, Leave::TerminalLost | Leave::Signal(1)) {
            self.screen.lose();
        }
        self.screen.leave();
        leave
    }
}

/// Sends an intent and waits for its answer; none where the room has ended.
async fn ask(requests: mpsc::Sender<Request>, intent: Intent) -> Option<Result<u64, Refusal>> {
    let (answer, decided) = oneshot::channel();
    requests.send((intent, answer)).await.ok()?;
    decided.await.ok()
}

async fn next_event(events: &mut Option<EventStream>) -> Wake {
    match events {
        None => std::future::pending().await,
        Some(events) => match events.next().await {
            Some(Ok(event)) => Wake::Event(event),
            Some(Err(_)) | None => Wake::NoEvents,
        },
    }
}

/// How long it is until the wall clock shows its next second.
fn next_second(at: i64) -> Millis {
    Millis(1_000 - u64::try_from(at.rem_euclid(1_000)).unwrap_or(0))
}

/// The signals that end a sitting, and the one that it goes on after.
#[derive(Debug)]
struct Signals {
    hangup: Signal,
    interrupt: Signal,
    terminate: Signal,
    continued: Signal,
}

impl Signals {
    fn listen() -> io::Result<Self> {
        let continued = SignalKind::from_raw(Kill::CONT.as_raw());
        Ok(Self {
            hangup: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            continued: signal(continued)?,
        })
    }

    async fn next(&mut self) -> Wake {
        tokio::select! {
            _ = self.hangup.recv() => Wake::Signal(1),
            _ = self.terminate.recv() => Wake::Signal(15),
            _ = self.interrupt.recv() => Wake::Signal(2),
            _ = self.continued.recv() => Wake::Continued,
        }
    }
}
