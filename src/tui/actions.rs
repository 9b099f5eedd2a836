//! The one list of what can be done here: footer, help and palette are made from it.
//!
//! Every entry says when it can be done, and if not now, why not. What it does is a line of the
//! command language, or something that concerns only this view.

mod decide;
mod look;
mod record;

use super::scene::Scene;
use super::view::{Effect, View};
use crate::text::Millis;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use std::fmt;

/// One thing that can be done.
pub struct Action {
    pub keys: &'static [Key],
    /// Its word in the palette.
    pub name: &'static str,
    pub what: &'static str,
    pub group: Group,
    /// Whether the footer names it while it can be done.
    pub hint: bool,
    /// Whether a key held down may do it again and again.
    pub steady: bool,
    /// Why it cannot be done now, as a fragment.
    pub enabled: fn(&View, &Scene) -> Result<(), String>,
    pub run: fn(&mut View, &Scene, Millis) -> Vec<Effect>,
}

impl fmt::Debug for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// How help is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    Decide,
    Record,
    Look,
    Move,
}

impl Group {
    pub const ALL: [Self; 4] = [Self::Decide, Self::Record, Self::Look, Self::Move];

    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Decide => "Decide: asked twice, recorded with name and verdict",
            Self::Record => "Record: never refused",
            Self::Look => "Look",
            Self::Move => "Move",
        }
    }
}

/// A key, alone or with Ctrl.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    code: KeyCode,
    ctrl: bool,
}

impl Key {
    const fn new(code: KeyCode) -> Self {
        Self { code, ctrl: false }
    }

    const fn char(sign: char) -> Self {
        Self::new(KeyCode::Char(sign))
    }

    const fn ctrl(sign: char) -> Self {
        Self { code: KeyCode::Char(sign), ctrl: true }
    }

    fn is(self, key: KeyEvent) -> bool {
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        self.code == key.code && self.ctrl == ctrl && !key.modifiers.contains(KeyModifiers::ALT)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            KeyCode::Char(' ') => f.write_str("space"),
            KeyCode::Char(sign) if self.ctrl => write!(f, "Ctrl-{}", sign.to_ascii_uppercase()),
            KeyCode::Char(sign) => write!(f, "{sign}"),
            KeyCode::BackTab => f.write_str("Shift-Tab"),
            KeyCode::PageUp => f.write_str("PgUp"),
            KeyCode::PageDown => f.write_str("PgDn"),
            KeyCode::Up => f.write_str("↑"),
            KeyCode::Down => f.write_str("↓"),
            KeyCode::Left => f.write_str("←"),
            KeyCode::Right => f.write_str("→"),
            other => write!(f, "{other:?}"),
        }
    }
}

/// What a key does.
#[must_use]
pub fn by_key(key: KeyEvent) -> Option<&'static Action> {
    ACTIONS.iter().find(|action| action.keys.iter().any(|known| known.is(key)))
}

/// The action of a word of the palette.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static Action> {
    ACTIONS.iter().find(|action| action.name == name.trim())
}

const fn act(
    keys: &'static [Key],
    name: &'static str,
    what: &'static str,
    group: Group,
    enabled: fn(&View, &Scene) -> Result<(), String>,
    run: fn(&mut View, &Scene, Millis) -> Vec<Effect>,
) -> Action {
    Action { keys, name, what, group, hint: false, steady: false, enabled, run }
}

impl Action {
    const fn hinted(self) -> Self {
        Self { hint: true, ..self }
    }

    const fn steady(self) -> Self {
        Self { steady: true, ..self }
    }
}

#[expect(clippy::unnecessary_wraps, reason = "it stands in the place of those that may say no")]
fn always(_: &View, _: &Scene) -> Result<(), String> {
    Ok(())
}

use Group::{Decide, Look, Move, Record};

/// Everything that can be done, the most urgent first.
pub static ACTIONS: &[Action] = &[
    act(&[Key::char('s')], "start", "start the first stage", Decide, decide::can_start, decide::start).hinted(),
    act(&[Key::char('m')], "moved", "say that the traffic has moved", Decide, decide::can_move, decide::moved).hinted(),
    act(
        &[Key::char('P')],
        "promote",
        "pass the stage and begin the next",
        Decide,
        decide::can_promote,
        decide::promote,
    )
    .hinted(),
    act(&[Key::char('R')], "rollback", "record the decision to go back", Decide, decide::is_open, decide::rollback)
        .hinted(),
    act(&[Key::char(' ')], "tick", "tick the selected line, or open it again", Record, record::can_tick, record::tick)
        .hinted(),
    act(
        &[Key::char('T')],
        "tick-passing",
        "tick every line whose gate passes",
        Record,
        record::can_tick_passing,
        record::tick_passing,
    )
    .hinted(),
    act(&[Key::char('n')], "note", "write a note", Record, always, record::note).hinted(),
    act(&[Key::char('H')], "hold", "hold the ramp, or end the hold", Decide, decide::is_running, decide::hold).hinted(),
    act(&[Key::char('A')], "approve", "approve leaving this stage", Decide, decide::can_approve, decide::approve),
    act(&[Key::char('w')], "waive", "set the selected gate aside", Decide, decide::can_waive, decide::waive),
    act(&[Key::char('t')], "trip", "declare the selected trigger", Decide, decide::can_trip, decide::trip),
    act(&[Key::char('d')], "dismiss", "arm the selected trigger again", Decide, decide::can_dismiss, decide::dismiss),
    act(&[Key::char('F')], "finish", "close the session", Decide, decide::is_open, decide::finish),
    act(
        &[Key::char('x')],
        "na",
        "mark the selected line as not applicable",
        Record,
        record::can_leave_out,
        record::leave_out,
    ),
    act(
        &[Key::char('c')],
        "commands",
        "show the commands of the stage, to copy",
        Look,
        look::has_commands,
        look::commands,
    )
    .hinted(),
    act(&[Key::char('y')], "copy", "copy the commands of the stage", Look, look::has_commands, look::copy),
    act(
        &[Key::new(KeyCode::Tab), Key::new(KeyCode::Right), Key::char('l')],
        "pane",
        "next pane",
        Look,
        always,
        look::next_pane,
    )
    .hinted()
    .steady(),
    act(&[Key::char('/')], "find", "find in the checklist", Look, always, look::find).hinted(),
    act(&[Key::char(':')], "palette", "type a command", Look, always, look::palette).hinted(),
    act(&[Key::char('?')], "help", "what can be done now", Look, always, look::help).hinted(),
    act(&[Key::char('v')], "verdict", "every reason of the verdict", Look, always, look::verdict),
    act(&[Key::new(KeyCode::Enter)], "details", "details of the selected line, or fold", Look, always, look::details),
    act(&[Key::char('z')], "zoom", "one pane, or all of them", Look, always, look::zoom).hinted(),
    act(&[Key::char('f')], "freeze", "hold the panes still; the verdict goes on", Look, always, look::freeze),
    act(&[Key::char('u')], "actor", "say who acts", Look, always, look::actor).hinted(),
    act(&[Key::char('1')], "gates", "the gates", Look, always, look::gates),
    act(&[Key::char('2')], "triggers", "the rollback triggers", Look, always, look::triggers),
    act(&[Key::char('3')], "checklist", "the checklist", Look, always, look::checklist),
    act(&[Key::char('4')], "timeline", "the timeline", Look, always, look::timeline),
    act(&[Key::ctrl('l')], "repaint", "draw the screen afresh", Look, always, look::repaint),
    act(&[Key::ctrl('z')], "suspend", "go to the shell: nothing is polled meanwhile", Look, always, look::suspend),
    act(&[Key::char('q')], "quit", "leave; the session can be resumed", Look, always, look::quit).hinted(),
    act(&[Key::new(KeyCode::Down), Key::char('j')], "down", "next row", Move, always, look::down).steady(),
    act(&[Key::new(KeyCode::Up), Key::char('k')], "up", "row before", Move, always, look::up).steady(),
    act(&[Key::new(KeyCode::PageDown), Key::ctrl('d')], "page-down", "a page on", Move, always, look::page_down)
        .steady(),
    act(&[Key::new(KeyCode::PageUp), Key::ctrl('u')], "page-up", "a page back", Move, always, look::page_up).steady(),
    act(&[Key::char('g'), Key::new(KeyCode::Home)], "first", "first row", Move, always, look::first).steady(),
    act(&[Key::char('G'), Key::new(KeyCode::End)], "last", "last row", Move, always, look::last).steady(),
    act(
        &[Key::new(KeyCode::BackTab), Key::new(KeyCode::Left), Key::char('h')],
        "pane-back",
        "pane before",
        Move,
        always,
        look::previous_pane,
    )
    .steady(),
    act(&[Key::new(KeyCode::Esc)], "back", "back to the live view of all panes", Move, always, look::back),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_and_no_word_means_two_things() {
        let keys: Vec<Key> = ACTIONS.iter().flat_map(|action| action.keys).copied().collect();
        for (at, key) in keys.iter().enumerate() {
            assert!(!keys[..at].contains(key), "{key}");
        }
        let mut names: Vec<_> = ACTIONS.iter().map(|action| action.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ACTIONS.len());
    }

    #[test]
    fn what_decides_is_never_repeated_by_a_held_key() {
        for action in ACTIONS.iter().filter(|action| matches!(action.group, Decide | Record)) {
            assert!(!action.steady, "{}", action.name);
        }
    }
}
