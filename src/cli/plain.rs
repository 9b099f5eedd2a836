//! A cutover by lines, for scripts, CI, screen readers and dumb terminals.
//!
//! What changes is a line. Commands come from standard input in the one command language; a few
//! more words concern this seat alone: what can be looked at, `who NAME`, `wait GO 15m`, `quit`. Where
//! somebody types, what a command still needs is asked for.

mod asking;
mod company;
mod input;
mod look;
#[cfg(test)]
mod same;
mod status;
mod telling;

use super::out::Out;
use super::reload;
use crate::clock::Clock;
use crate::judge::Call;
use crate::plan::changes::Change;
use crate::room::{Live, Saved, Seat};
use crate::session::command::{Command, split_actor, usage};
use crate::session::event::show_clock;
use crate::session::{Intent, Refusal};
use crate::text::{Millis, duration};
use crate::tui::scene::Scene;
use asking::{Answer, Question, Said};
pub use input::Input;
use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::Arc;
use telling::Telling;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::task::JoinHandle;

/// The room may be late by so much before what it said is old.
const GRACE: Millis = Millis::from_secs(1);

/// How a seat was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// The session was closed.
    Finished,
    /// `quit`, or the end of the input.
    Quit,
    /// A signal with this number.
    Signal(u8),
    /// There was no terminal to draw on.
    NoTerminal,
}

/// Runs the seat until the session is closed, the input ends or a signal comes.
pub async fn run(seat: Seat, actor: String, clock: Clock, mut input: Input, out: &Out) -> How {
    let telling = Telling::begin(&seat.live.borrow(), out);
    let company = company::Told::default();
    let asking = Asking { is_allowed: input.is_typed(), ..Asking::default() };
    let next = VecDeque::new();
    let mut plain = Plain { seat, actor, clock, out, telling, company, busy: Busy::Free, asking, next };
    let mut signals = Signals::listen();
    plain.changed();
    loop {
        if plain.telling.has_told_the_end() {
            return How::Finished;
        }
        if plain.busy.is_free()
            && plain.asking.question.is_none()
            && let Some(line) = plain.next.pop_front()
        {
            plain.command(None, &line);
        }
        tokio::select! {
            biased;
            number = signals.next() => return How::Signal(number),
            changed = plain.seat.live.changed() => match changed {
                Ok(()) => plain.changed(),
                Err(_) => return How::Quit,
            },
            () = plain.busy.done() => plain.free(),
            line = input.next(), if plain.busy.is_free() => match line {
                Some(line) => if plain.line(&line).is_break() { return How::Quit },
                None => return How::Quit,
            },
        }
    }
}

/// What came of a line.
enum Done {
    Decided(Saved),
    /// What a `reload` would change.
    Previewed(Vec<Change>),
}

/// What the next line has to wait for.
enum Busy {
    Free,
    /// A command that is being decided and saved.
    Deciding(JoinHandle<Result<Done, Refusal>>, Option<Result<Done, Refusal>>),
    /// `wait`.
    Waiting {
        call: Call,
        until: Option<(Millis, Clock)>,
    },
}

impl Busy {
    const fn is_free(&self) -> bool {
        matches!(self, Self::Free)
    }

    /// Waits until what it waits for has happened; for ever where it is something that is shown.
    async fn done(&mut self) {
        match self {
            Self::Deciding(task, decided) => {
                let result = task.await;
                *decided = Some(result.unwrap_or_else(|error| Err(Refusal::NotNow(error.to_string()))));
            }
            Self::Waiting { until: Some((until, clock)), .. } => clock.sleep_until(*until).await,
            Self::Free | Self::Waiting { until: None, .. } => std::future::pending().await,
        }
    }
}

struct Plain<'o> {
    seat: Seat,
    actor: String,
    clock: Clock,
    out: &'o Out,
    telling: Telling,
    company: company::Told,
    busy: Busy,
    asking: Asking,
    /// Commands that one line stands for.
    next: VecDeque<String>,
}

/// What somebody who types was asked.
#[derive(Debug, Default)]
struct Asking {
    is_allowed: bool,
    /// What is being decided, for a question if it is refused.
    said: Option<Said>,
    question: Option<Question>,
}

impl Plain<'_> {
    fn changed(&mut self) {
        let live = Arc::clone(&self.seat.live.borrow_and_update());
        self.company.tell(&live, self.out);
        self.telling.tell(&live, self.out);
        if matches!(&self.busy, Busy::Waiting { call, .. } if *call == live.verdict.call) {
            self.busy = Busy::Free;
        }
    }

    fn free(&mut self) {
        match std::mem::replace(&mut self.busy, Busy::Free) {
            Busy::Deciding(_, Some(done)) => self.answer(done),
            Busy::Waiting { call, .. } => self.say(&format!("waited for {call} in vain")),
            _ => {}
        }
    }

    fn answer(&mut self, done: Result<Done, Refusal>) {
        let said = self.asking.said.take();
        match done {
            Ok(Done::Decided(Saved::OnDisk)) => {}
            Ok(Done::Decided(Saved::NotYet)) => {
                self.say("NOT SAVED yet: the session log cannot be written; it is kept and written when it can be");
            }
            Ok(Done::Previewed(changes)) if changes.is_empty() => self.say("the files say what the plan says"),
            Ok(Done::Previewed(changes)) => {
                self.say("the files have changed; \"reload REASON\" takes them:");
                for change in changes {
                    self.say(&format!("  {change}"));
                }
            }
            Err(refusal) => {
                self.say(&format!("refused: {refusal}"));
                self.ask(said.and_then(|said| Question::after(&said, &refusal)));
            }
        }
    }

    fn ask(&mut self, question: Option<Question>) {
        let Some(question) = question.filter(|_| self.asking.is_allowed) else { return };
        self.say(&question.text);
        self.asking.question = Some(question);
    }

    fn answered(&mut self, answer: Answer) -> ControlFlow<()> {
        match answer {
            Answer::Leave => return ControlFlow::Break(()),
            Answer::Nothing => self.say("left as it is"),
            Answer::Say(said) => self.command(Some(&said.by), &said.words),
            Answer::Act(said) => {
                self.who(&said.by);
                self.command(Some(&said.by), &said.words);
            }
        }
        ControlFlow::Continue(())
    }

    fn line(&mut self, line: &str) -> ControlFlow<()> {
        if let Some(question) = self.asking.question.take() {
            return self.answered(question.answer(line));
        }
        let (by, words) = split_actor(line);
        let (word, rest) = words.split_once(char::is_whitespace).unwrap_or((words, ""));
        match word {
            "" => {}
            "quit" | "exit" if self.asking.is_allowed && self.live().state.outcome.is_none() => {
                self.ask(Some(Question::whether_to_leave()));
            }
            "quit" | "exit" => return ControlFlow::Break(()),
            "help" | "?" => self.help(),
            "status" => status::say(&self.live(), self.out),
            "items" => status::items(&self.live(), self.out),
            "checklist" => look::checklist(&self.live(), self.out),
            "show" => look::show(&self.scene(), rest.trim(), self.out),
            "info" => look::info(&self.scene(), self.out),
            "find" => look::find(&self.live(), rest.trim(), self.out),
            "timeline" => look::timeline(&self.live(), rest.trim(), self.out),
            "commands" => look::commands(&self.live(), self.out),
            "tick-passing" => self.tick_passing(),
            "who" => self.who(rest.trim()),
            "wait" => self.wait(rest.trim()),
            "reload" if rest.trim().is_empty() => {
                let preview = reload::preview(self.seat.clone());
                self.busy = Busy::Deciding(tokio::spawn(async { preview.await.map(Done::Previewed) }), None);
            }
            _ if line.trim_start().starts_with('#') => {}
            _ => self.command(by, words),
        }
        ControlFlow::Continue(())
    }

    fn tick_passing(&mut self) {
        self.next.extend(look::passing(&self.live()));
        if self.next.is_empty() {
            self.say("nothing that passes now has its line open");
        }
    }

    fn command(&mut self, by: Option<&str>, words: &str) {
        let command = match Command::parse(words) {
            Ok(command) => command,
            Err(error) => return self.say(&format!("refused: {error}")),
        };
        let by = by.unwrap_or(&self.actor).to_owned();
        self.asking.said = Some(Said { by: by.clone(), words: words.to_owned() });
        let intent = Intent { command, by, seen: Some(self.telling.seen()) };
        let seat = self.seat.clone();
        self.busy = Busy::Deciding(tokio::spawn(async move { seat.intend(intent).await.map(Done::Decided) }), None);
    }

    fn who(&mut self, name: &str) {
        if name.is_empty() {
            let who = if self.actor.is_empty() { "nobody".to_owned() } else { self.actor.clone() };
            self.say(&format!("acting: {who}"));
        } else {
            name.clone_into(&mut self.actor);
            self.say(&format!("acting: {name}"));
        }
    }

    /// `wait GO`, or `wait GO 15m`: the next command waits for the verdict.
    fn wait(&mut self, rest: &str) {
        let (word, limit) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let call =
            [Call::Go, Call::Hold, Call::Rollback].into_iter().find(|call| call.word().eq_ignore_ascii_case(word));
        let limit = if limit.is_empty() { Ok(None) } else { duration::parse(limit).map(Some) };
        match (call, limit) {
            (Some(call), _) if self.live().verdict.call == call => {}
            (Some(call), Ok(limit)) => {
                let until = limit.map(|limit| (self.clock.now().mono + limit, self.clock));
                self.busy = Busy::Waiting { call, until };
            }
            (None, _) => {
                self.say("refused: expected \"wait GO\", \"wait HOLD\" or \"wait ROLLBACK\", and a limit such as 15m");
            }
            (_, Err(error)) => self.say(&format!("refused: {error}")),
        }
    }

    fn help(&self) {
        for (usage, what) in usage().chain(HERE) {
            self.out.line(&format!("  {usage:<28} {what}"));
        }
    }

    fn live(&self) -> Arc<Live> {
        Arc::clone(&self.seat.live.borrow())
    }

    fn scene(&self) -> Scene {
        Scene::of(&self.live(), self.clock.now(), GRACE * u64::from(self.clock.speed()))
    }

    fn say(&self, text: &str) {
        self.out.line(&format!("{}  {text}", show_clock(self.clock.now().at)));
    }
}

/// The words that concern this seat alone.
const HERE: [(&str, &str); 14] = [
    ("status", "say where we are and what is measured"),
    ("items", "list the items that stand against GO"),
    ("checklist", "list every line of the checklist"),
    ("find TEXT", "list the lines of the checklist that hold a text"),
    ("show NAME", "tell all that is known of a gate, a trigger, a line (@12) or an entry (#7)"),
    ("timeline [notes] [20]", "tell what happened last, or only what a word names"),
    ("info", "show contacts, links, sources and the session"),
    ("commands", "show the commands of the stage, or of the way back"),
    ("tick-passing", "tick every open line that passes now"),
    ("who NAME", "say who acts from here on"),
    ("wait GO [15m]", "wait for a verdict before the next command"),
    ("reload", "say what the plan's files would change"),
    ("help", "list the commands"),
    ("quit", "leave; the session can be resumed"),
];

/// The signals that end a night.
#[derive(Debug)]
pub struct Signals {
    all: Vec<(u8, Signal)>,
}

impl Signals {
    #[must_use]
    pub fn listen() -> Self {
        let kinds = [(1, SignalKind::hangup()), (2, SignalKind::interrupt()), (15, SignalKind::terminate())];
        Self { all: kinds.into_iter().filter_map(|(number, kind)| Some((number, signal(kind).ok()?))).collect() }
    }

    /// The number of the next one.
    pub async fn next(&mut self) -> u8 {
        let waits = self.all.iter_mut().map(|(number, signal)| {
            let number = *number;
            Box::pin(async move {
                signal.recv().await;
                number
            })
        });
        if waits.len() == 0 {
            return std::future::pending().await;
        }
        futures_util::future::select_all(waits).await.0
    }
}
