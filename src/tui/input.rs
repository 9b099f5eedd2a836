//! Keys, pastes and answers from the room: what they do to the view, and what leaves it.

use super::actions::{self, Group, is_chord};
use super::layer::ask::{Ask, Field, Must, Place, Then, Weight};
use super::layer::{Layer, Sheet, Step, Wish};
use super::review;
use super::scene::Scene;
use super::skin::{Loud, Tone};
use super::view::{Effect, Prefix, Sent, View};
use crate::plan::ItemId;
use crate::session::command::Command;
use crate::session::event::Seen;
use crate::session::{Intent, Refusal};
use crate::text::Millis;
use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

/// A second Ctrl-C within this leaves.
const TWICE: Millis = Millis::from_secs(2);
/// A key that comes again sooner is one that is held down.
const HELD: Millis = Millis(120);

impl View {
    /// Takes a key that came at a time of the real clock.
    pub fn press(&mut self, scene: &Scene, key: KeyEvent, now: Millis) -> Vec<Effect> {
        if key.kind == KeyEventKind::Release {
            return Vec::new();
        }
        self.looked.touch(scene, now);
        let last = self.last_key.replace((key.code, now));
        let again = last.is_some_and(|(code, at)| code == key.code && now - at < HELD);
        let is_held = key.kind == KeyEventKind::Repeat || again;
        if key.code == KeyCode::Char('c') && key.modifiers.contains(KeyModifiers::CONTROL) {
            return self.interrupt(now);
        }
        if key.code == KeyCode::Enter && is_chord(key) {
            // Over tmux this is Esc, with Enter soon behind it: whoever backs out must not confirm.
            self.say_toast(Tone::Wait, "Enter came with Alt or right behind Esc: nothing was done", now);
            return Vec::new();
        }
        // Whatever lies over the board stays as it is.
        let is_everywhere = matches!(key.code, KeyCode::Char('l' | 'z')) && key.modifiers == KeyModifiers::CONTROL;
        if is_everywhere && let Some(action) = actions::by_key(self.page, None, key) {
            return if is_held { Vec::new() } else { self.run(scene, action, now) };
        }
        if let Some(mut top) = self.layers.pop() {
            // A key held down types and scrolls, and confirms nothing.
            if is_held && key.code == KeyCode::Enter {
                self.layers.push(top);
                return Vec::new();
            }
            let step = top.press(self, scene, key, now);
            if !matches!(step, Step::Pass) {
                return self.step(scene, top, step, now);
            }
        }
        let prefix = self.prefix.take().map(|prefix| prefix.sign);
        if prefix.is_none()
            && let Some(effects) = review::keys::press(self, scene, key, now)
        {
            return effects;
        }
        match (actions::by_key(self.page, prefix, key), prefix) {
            (Some(action), _) if is_held && !action.steady => Vec::new(),
            (Some(action), _) => self.run(scene, action, now),
            (None, Some(first)) => self.say_no_chord(first, key, now),
            (None, None) => self.begin_chord(key, now),
        }
    }

    /// The first of two keys waits for the second.
    fn begin_chord(&mut self, key: KeyEvent, now: Millis) -> Vec<Effect> {
        if let KeyCode::Char(sign) = key.code
            && !is_chord(key)
            && actions::after(self.page, sign).next().is_some()
        {
            self.prefix = Some(Prefix { sign, at: now, is_slow: false });
        }
        Vec::new()
    }

    fn say_no_chord(&mut self, first: char, key: KeyEvent, now: Millis) -> Vec<Effect> {
        if key.code != KeyCode::Esc {
            let known: Vec<String> = actions::after(self.page, first).map(|(sign, _)| sign.to_string()).collect();
            self.say_toast(Tone::Wait, format!("after {first} comes one of {}", known.join(" ")), now);
        }
        Vec::new()
    }

    /// Does what an action says, or says why it cannot be done now.
    pub fn run(&mut self, scene: &Scene, action: &actions::Action, now: Millis) -> Vec<Effect> {
        let may_be_done = match action.group {
            Group::Decide | Group::Record if self.review.is_some() => {
                Err("this night has been: a review changes nothing".to_owned())
            }
            _ => (action.enabled)(self, scene),
        };
        match may_be_done {
            Ok(()) => (action.run)(self, scene, now),
            Err(why) => {
                self.say_toast(Tone::Wait, format!("{}: {why}", action.name), now);
                Vec::new()
            }
        }
    }

    fn interrupt(&mut self, now: Millis) -> Vec<Effect> {
        let before = self.interrupted_at.replace(now);
        if before.is_some_and(|at| now - at < TWICE) {
            return vec![Effect::Leave { interrupted: true }];
        }
        self.say_toast(Tone::Wait, "Ctrl-C once more leaves; the session can be resumed", now);
        Vec::new()
    }

    /// Takes a pasted text: into a field, or nowhere.
    pub fn paste(&mut self, scene: &Scene, text: &str, now: Millis) -> Vec<Effect> {
        let Some(mut top) = self.layers.pop() else {
            self.say_toast(Tone::Wait, "a paste goes into a field only: n opens a note", now);
            return Vec::new();
        };
        if let Some(step) = top.paste(self, scene, text) {
            return self.step(scene, top, step, now);
        }
        self.layers.push(top);
        self.say_toast(Tone::Wait, "a paste goes into a field only", now);
        Vec::new()
    }

    fn step(&mut self, scene: &Scene, top: Layer, step: Step, now: Millis) -> Vec<Effect> {
        match step {
            Step::Stay => self.layers.push(top),
            Step::Close | Step::Pass => {}
            Step::Wish(wish) => return self.grant(scene, wish, now),
            Step::Meanwhile(wish) => {
                self.layers.push(top);
                return self.grant(scene, wish, now);
            }
        }
        Vec::new()
    }

    pub(super) fn grant(&mut self, scene: &Scene, wish: Wish, now: Millis) -> Vec<Effect> {
        match wish {
            Wish::Say { line, actor, seen } => self.say(scene, &line, actor, seen, now),
            Wish::Act { name, then } => {
                self.anonymous = name.is_empty();
                self.actor = name;
                then.map(|(line, seen)| self.say(scene, &line, None, seen, now)).unwrap_or_default()
            }
            Wish::Run(action) => self.run(scene, action, now),
            Wish::Select(pane, row) => {
                self.open_pane(pane);
                self.select(pane, scene, row);
                Vec::new()
            }
            Wish::Copy { text, about } => {
                let text_of_toast = format!("copied {about}; if nothing arrives, the terminal keeps OSC 52 off");
                self.say_toast(Tone::Good, text_of_toast, now);
                vec![Effect::Copy(text)]
            }
            Wish::Leave => vec![Effect::Leave { interrupted: false }],
        }
    }

    /// Sends a line of the command language to the room, asking first who acts where nobody does.
    pub fn say(&mut self, scene: &Scene, line: &str, by: Option<String>, seen: Seen, now: Millis) -> Vec<Effect> {
        let command = match Command::parse(line) {
            Ok(command) => command,
            Err(error) => {
                self.say_toast(Tone::Bad, error.to_string(), now);
                return Vec::new();
            }
        };
        if by.is_none() && is_a_signature(&command) {
            self.layers.push(Layer::Ask(signature(line, seen, now)));
            return Vec::new();
        }
        let by = by.unwrap_or_else(|| self.actor.clone());
        if by.is_empty() && (needs_name(&command) || !self.anonymous) {
            self.layers.push(Layer::Ask(who(line, needs_name(&command), seen, now)));
            return Vec::new();
        }
        self.tickets += 1;
        let item = item_of(scene, &command);
        self.sent.push(Sent { ticket: self.tickets, line: line.to_owned(), item, at: now });
        vec![Effect::Intend { ticket: self.tickets, intent: Intent { command, by, seen: Some(seen) } }]
    }

    /// Takes the room's answer to a command that was sent.
    pub fn answered(&mut self, ticket: u64, answer: Result<u64, Refusal>, now: Millis) {
        let Some(at) = self.sent.iter().position(|sent| sent.ticket == ticket) else { return };
        let sent = self.sent.remove(at);
        match answer {
            Ok(_) => {}
            Err(Refusal::NotGo { .. } | Refusal::Worse { .. }) if !self.layers.is_empty() => {
                self.say_toast(Tone::Bad, format!("refused: {}", sent.line), now);
            }
            Err(Refusal::Worse { news }) => {
                let mut sheet = Sheet::new(format!("Refused: {}", sent.line), Loud::Alarm);
                sheet = sheet.say(Tone::Strong, "The verdict has got worse since you looked:");
                self.layers.push(Layer::Sheet(reasons(sheet, &news)));
            }
            Err(Refusal::NotGo { call, reasons: against, instead }) => {
                let mut sheet = Sheet::new(format!("Refused: {}", sent.line), Loud::Alarm);
                sheet = sheet.say(Tone::Strong, format!("The verdict is {call}:"));
                let sheet = reasons(sheet, &against).say(Tone::Muted, instead);
                self.layers.push(Layer::Sheet(sheet));
            }
            Err(other) => self.say_toast(Tone::Bad, format!("refused: {other}"), now),
        }
    }

    /// The room has not answered a command, and never will.
    pub fn unanswered(&mut self, ticket: u64, now: Millis) {
        if let Some(at) = self.sent.iter().position(|sent| sent.ticket == ticket) {
            let sent = self.sent.remove(at);
            self.say_toast(Tone::Bad, format!("NOT DONE, nobody is there to do it: {}", sent.line), now);
        }
    }
}

fn reasons(mut sheet: Sheet, reasons: &[String]) -> Sheet {
    for reason in reasons {
        sheet = sheet.say(Tone::Bad, reason.clone());
    }
    sheet
}

/// Whether the room refuses the command when nobody acts.
fn needs_name(command: &Command) -> bool {
    if let Command::Said(said) = command {
        return said.needs_name();
    }
    !matches!(
        command,
        Command::Moved
            | Command::Hold { .. }
            | Command::Rollback { .. }
            | Command::Tick { .. }
            | Command::Untick { .. }
            | Command::NotApplicable { .. }
            | Command::Note { .. }
            | Command::Trip { .. }
    )
}

/// Whether it stands for one person by name, whoever sits at the keys.
fn is_a_signature(command: &Command) -> bool {
    match command {
        Command::Approve => true,
        Command::Said(said) => said.word.name() == "sign",
        _ => false,
    }
}

/// Asks whose signature it is: in a terminal that several share, the last name may be another's.
fn signature(line: &str, seen: Seen, now: Millis) -> Ask {
    Ask::new("Whose signature is it?", "Sign", Then::Say(line.to_owned()), seen, now)
        .weight(Weight::Light)
        .tell(Tone::Plain, format!(":{line}"))
        .tell(Tone::Muted, "Asked every time, whoever acted last.")
        .field(Field::text("name", Must::BeSomething, Place::Actor))
}

/// Asks who acts, and goes on with the command then.
fn who(line: &str, is_needed: bool, seen: Seen, now: Millis) -> Ask {
    let must = if is_needed { Must::BeSomething } else { Must::BeAnything };
    let told = if is_needed { "This needs a name." } else { "A name is recorded with it; empty goes on without." };
    Ask::new("Who acts?", "Go on", Then::Act(Some((line.to_owned(), seen.clone()))), seen, now)
        .weight(Weight::Light)
        .tell(Tone::Muted, told)
        .tell(Tone::Plain, format!(":{line}"))
        .field(Field::text("name", must, Place::Actor))
}

/// The item a command names by its line.
fn item_of(scene: &Scene, command: &Command) -> Option<ItemId> {
    let name = match command {
        Command::Tick { item } | Command::Untick { item } => item.as_str(),
        Command::NotApplicable { item_and_reason } => item_and_reason.split(':').next()?,
        _ => return None,
    };
    let line: u32 = name.strip_prefix('@')?.parse().ok()?;
    scene.plan().items.iter().position(|item| item.line == line).map(ItemId::at)
}
