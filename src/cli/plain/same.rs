//! Everything that the board can do can be done by lines: each of its actions with the line that does it.

use super::HERE;
use crate::session::command::usage;
use crate::tui::actions::{self, Group};

/// What concerns the screen alone: there is nothing like it where there is no screen.
const SCREEN: &[&str] = &[
    "pane",
    "pane-back",
    "zoom",
    "freeze",
    "fold",
    "back",
    "mouse",
    "repaint",
    "suspend",
    "palette",
    "down",
    "up",
    "page-down",
    "page-up",
    "first",
    "last",
    "closer",
    "wider",
    "earlier",
    "later",
    "now",
];

/// The words that do the rest; several where a key asks which is meant.
const WORDS: &[(&str, &[&str])] = &[
    ("start", &["start", "start!"]),
    ("moved", &["moved"]),
    ("promote", &["promote", "promote!"]),
    ("rollback", &["rollback"]),
    ("hold", &["hold", "resume"]),
    ("approve", &["approve", "reject"]),
    ("waive", &["waive"]),
    ("trip", &["trip"]),
    ("dismiss", &["dismiss"]),
    ("finish", &["finish"]),
    ("back-again", &["restored"]),
    ("tick", &["tick", "untick", "region", "unregion", "done"]),
    ("tick-passing", &["tick-passing"]),
    ("note", &["note"]),
    ("long-note", &["note"]),
    ("na", &["na"]),
    ("edit", &["fill", "clear", "decide", "sign", "unsign", "answer", "score"]),
    ("na-all", &["na-section"]),
    ("star", &["star", "unstar"]),
    ("filter", &["items", "find"]),
    ("next-open", &["items"]),
    ("previous-open", &["items"]),
    ("commands", &["commands"]),
    ("copy", &["commands"]),
    ("find", &["find"]),
    ("help", &["help"]),
    ("verdict", &["status"]),
    ("details", &["show"]),
    ("actor", &["who", "as"]),
    ("board", &["status"]),
    ("gates", &["status", "show"]),
    ("checklist", &["checklist"]),
    ("timeline", &["timeline"]),
    ("way-back", &["status", "commands"]),
    ("info", &["info"]),
    ("quit", &["quit"]),
    ("all", &["timeline"]),
    ("decisions", &["timeline"]),
    ("verdicts", &["timeline"]),
    ("notes", &["timeline"]),
    ("stars", &["timeline"]),
    ("ticks", &["timeline"]),
];

#[test]
fn whatever_the_board_can_do_can_be_done_by_lines() {
    let known: Vec<&str> = usage().chain(HERE).filter_map(|(usage, _)| usage.split(' ').next()).collect();
    for action in actions::all() {
        let words = WORDS.iter().find(|(name, _)| *name == action.name).map(|(_, words)| *words);
        let is_of_the_screen = SCREEN.contains(&action.name);
        assert!(words.is_some() != is_of_the_screen, "{} has no line, or two", action.name);
        assert!(!is_of_the_screen || !matches!(action.group, Group::Decide | Group::Record), "{}", action.name);
        for word in words.unwrap_or_default() {
            assert!(known.contains(word), "{}: there is no \"{word}\"", action.name);
        }
    }
    for (name, _) in WORDS {
        assert!(actions::all().any(|action| action.name == *name), "the board has no {name}");
    }
}
