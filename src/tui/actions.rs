//! The one list of what can be done here: footer, help and palette are made from it.
//!
//! Every entry says when it can be done, and if not now, why not. What it does is a line of the
//! command language, or something that concerns only this view.

mod decide;
mod look;
mod paper;
mod record;

use super::scene::Scene;
use super::view::{Effect, View};
use super::views::Page;
use crate::text::Millis;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use std::fmt;

/// One thing that can be done.
pub struct Action {
    keys: &'static str,
    /// Its word in the palette.
    pub name: &'static str,
    pub what: &'static str,
    pub group: Group,
    /// When the footer names it, if it can be done.
    pub hint: Hint,
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

/// When the footer names an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    Never,
    Always,
    /// Not while it would go against the verdict.
    OnGo,
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

/// Whether it is a letter, a space or Enter with Ctrl or Alt, which is none: only a field knows some letters.
pub(super) fn is_chord(key: KeyEvent) -> bool {
    matches!(key.code, KeyCode::Char(_) | KeyCode::Enter)
        && key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT)
}

/// How a key is called in this list, in the footer and in help.
fn name_of(key: KeyEvent) -> String {
    match key.code {
        KeyCode::Char(' ') if !is_chord(key) => "space".to_owned(),
        KeyCode::Char(sign) if key.modifiers.contains(KeyModifiers::CONTROL) => {
            format!("Ctrl-{}", sign.to_ascii_uppercase())
        }
        KeyCode::Char(sign) if !key.modifiers.contains(KeyModifiers::ALT) => sign.to_string(),
        KeyCode::BackTab => "Shift-Tab".to_owned(),
        KeyCode::PageUp => "PgUp".to_owned(),
        KeyCode::PageDown => "PgDn".to_owned(),
        KeyCode::Up => "↑".to_owned(),
        KeyCode::Down => "↓".to_owned(),
        KeyCode::Left => "←".to_owned(),
        KeyCode::Right => "→".to_owned(),
        other => format!("{other:?}"),
    }
}

/// What can be done in a view: its own actions, then those of every view.
pub fn of(page: Page) -> impl Iterator<Item = &'static Action> {
    page.kind().actions.iter().chain(ACTIONS)
}

/// Everything that can be done anywhere.
pub fn all() -> impl Iterator<Item = &'static Action> {
    ACTIONS.iter().chain(Page::ALL.into_iter().flat_map(|page| page.kind().actions))
}

/// What a key does in a view.
#[must_use]
pub fn by_key(page: Page, prefix: Option<char>, key: KeyEvent) -> Option<&'static Action> {
    let name = name_of(key);
    let name = prefix.map(|prefix| format!("{prefix}{name}")).unwrap_or(name);
    of(page).find(|action| action.keys().any(|known| known == name))
}

/// What can follow a first key in a view: the second keys and what they do.
pub fn after(page: Page, prefix: char) -> impl Iterator<Item = (char, &'static Action)> {
    let second = move |action: &'static Action| {
        action.keys().find_map(|keys| {
            let mut signs = keys.chars();
            match (signs.next(), signs.next(), signs.next()) {
                (Some(first), Some(second), None) if first == prefix => Some((second, action)),
                _ => None,
            }
        })
    };
    of(page).filter_map(second)
}

/// The action of a word of the palette in a view.
#[must_use]
pub fn by_name(page: Page, name: &str) -> Option<&'static Action> {
    of(page).find(|action| action.name == name.trim())
}

/// An action that the footer does not name and that a held key does once.
pub(super) const fn act(
    keys: &'static str,
    name: &'static str,
    what: &'static str,
    group: Group,
    enabled: fn(&View, &Scene) -> Result<(), String>,
    run: fn(&mut View, &Scene, Millis) -> Vec<Effect>,
) -> Action {
    Action { keys, name, what, group, hint: Hint::Never, steady: false, enabled, run }
}

impl Action {
    /// Its keys, the usual one first; two signs are two keys, one after the other.
    pub fn keys(&self) -> impl Iterator<Item = &'static str> {
        self.keys.split(' ')
    }

    pub(super) const fn hinted(self) -> Self {
        Self { hint: Hint::Always, ..self }
    }

    pub(super) const fn hinted_on_go(self) -> Self {
        Self { hint: Hint::OnGo, ..self }
    }

    pub(super) const fn steady(self) -> Self {
        Self { steady: true, ..self }
    }
}

#[expect(clippy::unnecessary_wraps, reason = "it stands in the place of those that may say no")]
pub(super) fn always(_: &View, _: &Scene) -> Result<(), String> {
    Ok(())
}

use Group::{Decide, Look, Move, Record};
use decide::{approve, can_approve, can_dismiss, can_move, can_promote, can_start, can_trip, can_waive, dismiss};
use decide::{finish, hold, is_open, is_running, moved, promote, rollback, start, trip, waive};
use look::{
    actor, back, board, checklist, commands, copy, details, down, find, first, freeze, gates, has_commands, has_panes,
    help,
};
use look::{
    info, last, mouse, next_pane, page_down, page_up, palette, previous_pane, quit, repaint, suspend, timeline, up,
};
use look::{verdict, way_back, zoom};
use paper::restore;
use paper::{
    can_edit, can_leave_out_all, can_restore, edit, fold_all, leave_out_all, next_filter, next_open, previous_open,
};
use record::{can_leave_out, can_tick, can_tick_passing, leave_out, long_note, note, tick, tick_passing};

/// What can be done in every view, the most urgent first.
pub static ACTIONS: &[Action] = &[
    act("S", "start", "start the first stage", Decide, can_start, start).hinted_on_go(),
    act("M", "moved", "say that the traffic has moved", Decide, can_move, moved).hinted(),
    act("P", "promote", "pass the stage and begin the next", Decide, can_promote, promote).hinted_on_go(),
    act("R", "rollback", "record the decision to go back", Decide, is_open, rollback).hinted(),
    act("H", "hold", "hold the ramp, or end the hold", Decide, is_running, hold),
    act("A", "approve", "approve leaving this stage", Decide, can_approve, approve),
    act("W", "waive", "set the selected gate aside", Decide, can_waive, waive),
    act("T", "trip", "declare the selected trigger", Decide, can_trip, trip),
    act("D", "dismiss", "arm the selected trigger again", Decide, can_dismiss, dismiss),
    act("F", "finish", "close the session", Decide, is_open, finish),
    act("space", "tick", "tick the selected line, or open it again", Record, can_tick, tick).hinted(),
    act("a", "tick-passing", "tick every open line that passes now", Record, can_tick_passing, tick_passing).hinted(),
    act("n", "note", "write a note", Record, always, note).hinted(),
    act("N", "long-note", "write a note of several lines, or of something earlier", Record, always, long_note),
    act("x", "na", "mark the selected line as not applicable", Record, can_leave_out, leave_out),
    act("e", "edit", "fill in, choose, sign, answer or score the selected line", Record, can_edit, edit),
    act("X", "na-all", "mark a whole section as not applicable", Record, can_leave_out_all, leave_out_all),
    act("B", "back-again", "say that the rollback is complete", Decide, can_restore, restore),
    act("O", "filter", "show all lines, open ones, this stage's, red ones, mine", Look, always, next_filter),
    act("]", "next-open", "next open line of the checklist", Look, always, next_open).steady(),
    act("[", "previous-open", "open line before", Look, always, previous_open).steady(),
    act("E", "fold", "fold every section, or unfold them", Look, always, fold_all),
    act("c", "commands", "show the commands of the stage, to copy", Look, has_commands, commands).hinted(),
    act("y", "copy", "copy the commands of the stage", Look, has_commands, copy),
    act("Tab → l", "pane", "next pane", Look, has_panes, next_pane).hinted().steady(),
    act("Shift-Tab ← h", "pane-back", "pane before", Look, has_panes, previous_pane).steady(),
    act("/", "find", "find in the pane that has the keys", Look, always, find).hinted(),
    act(":", "palette", "type a command", Look, always, palette).hinted(),
    act("?", "help", "what can be done now", Look, always, help).hinted(),
    act("v", "verdict", "every reason of the verdict", Look, always, verdict),
    act("Enter", "details", "details of the selected line; folds a section", Look, always, details),
    act("z", "zoom", "one pane, or all of them", Look, always, zoom).hinted(),
    act("f", "freeze", "hold the panes still; the verdict goes on", Look, always, freeze),
    act("u", "actor", "say who acts", Look, always, actor).hinted(),
    act("1", "board", "everything at a glance", Look, always, board),
    act("2", "gates", "the gates as charts", Look, always, gates),
    act("3", "checklist", "the whole checklist", Look, always, checklist),
    act("4", "timeline", "all that happened", Look, always, timeline),
    act("5", "way-back", "rollback: triggers and commands", Look, always, way_back),
    act("6", "info", "contacts, links, sources, this terminal", Look, always, info),
    act("Esc", "back", "out of one thing: a freeze, a zoom", Look, always, back),
    act("m", "mouse", "let the mouse select and scroll, or leave it to the terminal", Look, always, mouse),
    act("Ctrl-L", "repaint", "draw the screen afresh", Look, always, repaint),
    act("Ctrl-Z", "suspend", "go to the shell: nothing is polled meanwhile", Look, always, suspend),
    act("q", "quit", "leave; the session can be resumed", Look, always, quit).hinted(),
    act("↓ j", "down", "next row", Move, always, down).steady(),
    act("↑ k", "up", "row before", Move, always, up).steady(),
    act("PgDn Ctrl-D", "page-down", "a page on", Move, always, page_down).steady(),
    act("PgUp Ctrl-U", "page-up", "a page back", Move, always, page_up).steady(),
    act("g Home", "first", "first row", Move, always, first).steady(),
    act("G End", "last", "last row", Move, always, last).steady(),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_and_no_word_means_two_things() {
        for page in Page::ALL {
            let keys: Vec<&str> = of(page).flat_map(Action::keys).collect();
            for (at, key) in keys.iter().enumerate() {
                assert!(!keys[..at].contains(key), "{page:?}: {key}");
            }
            let names: Vec<_> = of(page).map(|action| action.name).collect();
            for (at, name) in names.iter().enumerate() {
                assert!(!names[..at].contains(name), "{page:?}: {name}");
            }
        }
    }

    #[test]
    fn what_decides_is_a_capital_letter() {
        for action in all().filter(|action| action.group == Decide) {
            assert!(action.keys().all(|key| key.chars().all(char::is_uppercase)), "{}: {}", action.name, action.keys);
        }
    }

    #[test]
    fn what_decides_is_never_repeated_by_a_held_key() {
        for action in all().filter(|action| matches!(action.group, Decide | Record)) {
            assert!(!action.steady, "{}", action.name);
        }
    }
}
