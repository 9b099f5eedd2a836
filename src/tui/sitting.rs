//! Somebody sits at the board: the loop between the terminal and the room.
//!
//! Whatever wakes it becomes one [`Wake`]; one place makes something of it; then a frame is drawn if
//! one is owed and the terminal has taken the last. It waits for nobody: intents are sent and their
//! answers come back as wakes, and a terminal that takes nothing only makes it draw less.

use super::attention::{Alerts, Attention};
use super::board;
use super::keyboard::Keyboard;
use super::news;
use super::pace::Pace;
use super::painter::{self, Painter};
use super::panics;
use super::review::what_if::{self, Tried};
use super::review::{Projector, Review};
use super::scene::Scene;
use super::screen::{self, Screen};
use super::signals::{self, Heard, Signals};
use super::skin::{Skin, Tone};
use super::view::{Effect, View};
use super::watchdog::Watchdog;
use crate::clock::Clock;
use crate::room::player::Wind;
use crate::room::{Live, Request, Seat};
use crate::session::{Intent, Refusal};
use crate::text::Millis;
use crossterm::event::Event;
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use ratatui::layout::Size;
use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};

/// The room may be late by so much before the screen calls itself old.
const GRACE: Millis = Millis::from_secs(1);
/// The loop comes round at least so often, also when there is nothing to do and nowhere to draw.
const ROUND: Millis = Millis::from_secs(1);

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
    /// By what a change of the verdict is told.
    pub alerts: Alerts,
    /// What is worth knowing of the terminal.
    pub about: Vec<(String, String)>,
    /// The night is a recorded one, and this plays it.
    pub projector: Option<Projector>,
}

/// Sits at the board until somebody leaves it, or a signal, the room or the terminal ends it.
///
/// # Errors
/// Where there is no terminal to be taken over.
pub async fn run(seat: Seat, clock: Clock, options: Options) -> io::Result<Leave> {
    let signals = Signals::listen()?;
    let screen = Screen::take()?;
    let watchdog = Watchdog::start(screen.rescuer())?;
    let real = Clock::real();
    let mut view = View::new(&options.actor);
    view.about = options.about;
    let sitting = Sitting {
        view: view.at(options.projector.as_ref().map(review_of)),
        attention: Attention::new(options.alerts),
        winder: options.projector.map(|projector| projector.winder),
        skin: options.skin,
        painter: Painter::new(),
        pace: Pace::new(real.now().mono),
        size: screen::size(),
        answers: FuturesUnordered::new(),
        trials: FuturesUnordered::new(),
        keyboard: None,
        is_owed: true,
        drawn: None,
        panics: 0,
        seat,
        clock,
        real,
        screen,
        signals,
        watchdog,
    };
    Ok(sitting.run().await)
}

/// The answer to an intent under its ticket; none where nobody is left to give one.
type Answer = (u64, Option<Result<u64, Refusal>>);

/// What woke the loop.
enum Wake {
    Heard(Heard),
    Event(Event),
    Answer(Answer),
    Tried(Tried),
    Written,
    TerminalLost,
    Live,
    RoomGone,
    /// A second has passed, or a frame is due.
    Time,
    /// Nothing happened for long.
    Round,
}

struct Sitting {
    seat: Seat,
    /// The session's clock.
    clock: Clock,
    /// The clock of hands and eyes.
    real: Clock,
    view: View,
    /// Where winds go, in a review.
    winder: Option<mpsc::UnboundedSender<Wind>>,
    skin: Skin,
    screen: Screen,
    painter: Painter,
    pace: Pace,
    attention: Attention,
    size: Size,
    /// None until the first frame is seen: what was typed before was meant for a shell.
    keyboard: Option<Keyboard>,
    answers: FuturesUnordered<BoxFuture<'static, Answer>>,
    /// Other limits that a recorded night is folded with.
    trials: FuturesUnordered<BoxFuture<'static, Tried>>,
    signals: Signals,
    watchdog: Watchdog,
    /// Something may have changed since the last frame.
    is_owed: bool,
    /// What the last frame shows.
    drawn: Option<Arc<Live>>,
    /// How many panics the person was told of.
    panics: usize,
}

impl Sitting {
    async fn run(mut self) -> Leave {
        loop {
            self.draw();
            let wake = self.wait().await;
            if let ControlFlow::Break(leave) = self.go_round(wake) {
                return self.leave(leave);
            }
        }
    }

    fn go_round(&mut self, wake: Wake) -> ControlFlow<Leave> {
        if self.watchdog.comes_round() {
            self.screen.was_rescued();
            self.come_back()?;
            let text = "the board stood still for seconds; the terminal was given back meanwhile";
            self.view.say_toast(Tone::Bad, text, self.real.now().mono);
        }
        self.take(wake)
    }

    /// Waits for whatever comes first. Signals come first of all.
    async fn wait(&mut self) -> Wake {
        let second = next_second(self.clock.now().at);
        let due = self.pace.wait(self.real.now().mono);
        let is_due = self.is_owed && self.screen.is_idle();
        let notice = self.view.due().map(|at| at - self.real.now().mono);
        tokio::select! {
            biased;
            heard = self.signals.next() => Wake::Heard(heard),
            event = next_event(&mut self.keyboard) => event,
            Some(answer) = self.answers.next() => Wake::Answer(answer),
            Some(tried) = self.trials.next() => Wake::Tried(tried),
            is_there = self.screen.written() => if is_there { Wake::Written } else { Wake::TerminalLost },
            changed = self.seat.live.changed() => if changed.is_ok() { Wake::Live } else { Wake::RoomGone },
            () = self.real.sleep(due), if is_due => Wake::Time,
            () = self.real.sleep(notice.unwrap_or_default()), if notice.is_some() && !self.is_owed => Wake::Time,
            () = self.clock.sleep(second), if !self.is_owed => Wake::Time,
            () = self.real.sleep(ROUND) => Wake::Round,
        }
    }

    fn take(&mut self, wake: Wake) -> ControlFlow<Leave> {
        match wake {
            Wake::Heard(Heard::End(number)) => return ControlFlow::Break(Leave::Signal(number)),
            Wake::TerminalLost => return ControlFlow::Break(Leave::TerminalLost),
            Wake::RoomGone => return ControlFlow::Break(Leave::RoomGone),
            Wake::Written => {
                // Only what is owed already is drawn: a frame that was written changes nothing.
                return self.listen();
            }
            Wake::Round => return ControlFlow::Continue(()),
            Wake::Heard(Heard::Stop) => self.suspend(signals::stop_alone)?,
            Wake::Heard(Heard::Continued) => self.come_back()?,
            Wake::Heard(Heard::Resized) => self.look_afresh(),
            Wake::Event(event) => self.event(event)?,
            Wake::Answer((ticket, Some(answer))) => self.view.answered(ticket, answer, self.real.now().mono),
            Wake::Answer((ticket, None)) => self.view.unanswered(ticket, self.real.now().mono),
            Wake::Tried(tried) => self.tried(tried),
            Wake::Live if !self.is_news() => return ControlFlow::Continue(()),
            Wake::Live | Wake::Time => {}
        }
        self.is_owed = true;
        ControlFlow::Continue(())
    }

    /// Begins to listen to keys once a frame was seen.
    fn listen(&mut self) -> ControlFlow<Leave> {
        if self.keyboard.is_some() || !self.screen.is_idle() {
            return ControlFlow::Continue(());
        }
        self.screen.forget_typed();
        self.hear_keys()
    }

    /// What a keyboard that is there has read already is not lost.
    fn hear_keys(&mut self) -> ControlFlow<Leave> {
        if self.keyboard.is_some() {
            return ControlFlow::Continue(());
        }
        match Keyboard::listen() {
            Ok(keyboard) => self.keyboard = Some(keyboard),
            Err(_) => return ControlFlow::Break(Leave::TerminalLost),
        }
        ControlFlow::Continue(())
    }

    /// Whether what the room says now is worth a frame before the clock turns over. In a review it always is.
    fn is_news(&mut self) -> bool {
        let live = self.seat.live.borrow_and_update();
        self.view.review.is_some() || self.drawn.as_ref().is_none_or(|drawn| news::is_news(drawn, &live))
    }

    fn scene(&mut self) -> Scene {
        let live: Arc<Live> = Arc::clone(&self.seat.live.borrow_and_update());
        if self.view.review.is_some() {
            return Scene::of(&live, live.now, Millis::MAX);
        }
        Scene::of(&live, self.clock.now(), GRACE * u64::from(self.clock.speed()))
    }

    fn event(&mut self, event: Event) -> ControlFlow<Leave> {
        let now = self.real.now().mono;
        let scene = self.scene();
        let effects = match event {
            Event::Key(key) => self.view.press(&scene, key, now),
            Event::Paste(text) => self.view.paste(&scene, &text, now),
            Event::Mouse(mouse) => self.view.point(&scene, mouse, self.size, now),
            // Another size is heard of from the system, by whatever way keys come.
            Event::Resize(..) | Event::FocusGained | Event::FocusLost => Vec::new(),
        };
        effects.into_iter().try_for_each(|effect| self.effect(effect))
    }

    fn effect(&mut self, effect: Effect) -> ControlFlow<Leave> {
        match effect {
            Effect::Intend { ticket, intent } => {
                let requests = self.seat.requests.clone();
                self.answers.push(Box::pin(async move { (ticket, ask(requests, intent).await) }));
            }
            Effect::Wind(wind) => {
                // A player that has ended has said why, and this loop sees it.
                let _gone = self.winder.as_ref().map(|winder| winder.send(wind));
            }
            Effect::Try(trial) => {
                if let Some(review) = &self.view.review {
                    self.trials.push(Box::pin(what_if::fold(Arc::clone(&review.archive), trial)));
                }
            }
            Effect::Copy(text) => self.screen.send(self.attention.outward(painter::clipboard(&text))),
            Effect::Mouse(is_wanted) => self.screen.send(painter::mouse(is_wanted)),
            Effect::Repaint => self.look_afresh(),
            Effect::Suspend => return self.suspend(signals::stop_all),
            Effect::Leave { interrupted } => {
                return ControlFlow::Break(if interrupted { Leave::Interrupted } else { Leave::Quit });
            }
        }
        ControlFlow::Continue(())
    }

    fn tried(&mut self, tried: Tried) {
        let said = self.view.review.as_mut().and_then(|review| review.tried(tried));
        let now = self.real.now().mono;
        match said {
            Some(Ok(said)) => self.view.say_toast(Tone::Accent, said, now),
            Some(Err(why)) => self.view.say_toast(Tone::Bad, why, now),
            None => {}
        }
    }

    /// Gives the terminal back and stops, as the shell's Ctrl-Z would; goes on when it is continued.
    fn suspend(&mut self, stop: fn()) -> ControlFlow<Leave> {
        if !signals::has_shell() {
            self.view.say_toast(Tone::Wait, "there is no shell to go to", self.real.now().mono);
            return ControlFlow::Continue(());
        }
        // It holds standard input while it lives.
        self.keyboard = None;
        self.screen.leave();
        stop();
        self.come_back()?;
        let text = "nothing was polled while it was suspended";
        self.view.say_toast(Tone::Wait, text, self.real.now().mono);
        ControlFlow::Continue(())
    }

    /// Takes the terminal again.
    fn come_back(&mut self) -> ControlFlow<Leave> {
        if self.screen.enter().is_err() {
            return ControlFlow::Break(Leave::TerminalLost);
        }
        self.look_afresh();
        if self.view.mouse {
            self.screen.send(painter::mouse(true));
        }
        self.is_owed = true;
        self.hear_keys()
    }

    /// The terminal may be another size now and show anything, also where it has the size of the last frame: it may
    /// have been smaller in between.
    fn look_afresh(&mut self) {
        self.size = screen::size();
        self.painter.forget();
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
        self.drawn = Some(Arc::clone(&scene.live));
        let frame = self.painter.frame(self.size, |frame| board::draw(&scene, &self.view, self.skin, frame));
        let alert = self.attention.notice(&scene, now);
        let title = if self.attention.has_title() { self.painter.title(&scene) } else { None };
        // Into memory: it does not fail.
        if let Some(bytes) = frame.ok().flatten() {
            self.pace.drawn();
            self.screen.send(bytes);
        }
        for bytes in [title, alert].into_iter().flatten() {
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
        self.keyboard = None;
        if leave == Leave::TerminalLost {
            self.screen.lose();
        }
        self.screen.leave();
        leave
    }
}

fn review_of(projector: &Projector) -> Review {
    Review::new(Arc::clone(&projector.archive))
}

/// Sends an intent and waits for its answer; none where the room has ended.
async fn ask(requests: mpsc::Sender<Request>, intent: Intent) -> Option<Result<u64, Refusal>> {
    let (answer, decided) = oneshot::channel();
    requests.send((intent, answer)).await.ok()?;
    decided.await.ok()
}

async fn next_event(keyboard: &mut Option<Keyboard>) -> Wake {
    match keyboard {
        None => std::future::pending().await,
        Some(keyboard) => keyboard.next().await.map_or(Wake::TerminalLost, Wake::Event),
    }
}

/// How long it is until the wall clock shows its next second.
fn next_second(at: i64) -> Millis {
    Millis(1_000 - u64::try_from(at.rem_euclid(1_000)).unwrap_or(0))
}
