//! The one command language: what a key does, what is typed, what a script sends and what a
//! scenario says are the same words.
//!
//! - [`word`]: what a word of the language is.
//! - [`words`]: the table of all of them.

pub mod word;
pub mod words;

pub use word::{Said, Word};
pub use words::{AS, WORDS, usage};

use super::amend::Amendment;
use crate::judge::Outcome;
use std::fmt;
use std::sync::Arc;

/// A command as it was typed. Names are looked up when it is decided.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// `start STAGE`, or `start! STAGE: REASON` against the verdict.
    Start {
        stage: String,
    },
    StartAnyway {
        stage_and_reason: String,
    },
    /// `moved`: the traffic is where the stage wants it.
    Moved,
    /// `promote`, or `promote! REASON` against the verdict.
    Promote,
    PromoteAnyway {
        reason: String,
    },
    /// `hold REASON`.
    Hold {
        reason: String,
    },
    /// `resume`: ends a hold.
    Resume,
    /// `rollback REASON`.
    Rollback {
        reason: String,
    },
    /// `tick TEXT`.
    Tick {
        item: String,
    },
    /// `untick TEXT`.
    Untick {
        item: String,
    },
    /// `na TEXT: REASON`.
    NotApplicable {
        item_and_reason: String,
    },
    /// `attest SECTION: REASON`.
    Attest {
        section_and_reason: String,
    },
    /// `note TEXT`.
    Note {
        text: String,
    },
    /// `waive METRIC: REASON`, or `waive METRIC 30m: REASON`.
    Waive {
        gate_and_reason: String,
    },
    /// `approve`.
    Approve,
    /// `reject REASON`.
    Reject {
        reason: String,
    },
    /// `trip TRIGGER`, or `trip TRIGGER: REASON`.
    Trip {
        trigger_and_reason: String,
    },
    /// `dismiss TRIGGER: REASON`.
    Dismiss {
        trigger_and_reason: String,
    },
    /// `reload REASON`.
    Reload {
        reason: String,
        /// What the files say now; whoever gives the command reads them.
        amendment: Option<Arc<Amendment>>,
    },
    /// `finish OUTCOME`.
    Finish {
        outcome: Outcome,
    },
    /// A word of the paperwork: the file that knows it decides it.
    Said(Said),
}

/// A line that is no command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoCommand {
    /// What was wrong with it, and what was expected.
    pub message: String,
}

impl fmt::Display for NoCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for NoCommand {}

/// Takes `as NAME: ` off the front of a line: the name, if one is there, and the rest.
#[must_use]
pub fn split_actor(line: &str) -> (Option<&str>, &str) {
    let line = line.trim();
    let named = line.strip_prefix("as ").and_then(|rest| rest.split_once(':'));
    match named {
        Some((name, command)) if !name.trim().is_empty() => (Some(name.trim()), command.trim()),
        _ => (None, line),
    }
}

impl Command {
    /// Reads one command, without `as NAME: `.
    ///
    /// # Errors
    /// What was expected, with the nearest command where the word is unknown.
    pub fn parse(line: &str) -> Result<Self, NoCommand> {
        let line = line.trim();
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim();
        word::find(word).ok_or_else(|| unknown(word))?.read(rest)
    }
}

fn unknown(word: &str) -> NoCommand {
    let nearest =
        WORDS.iter().map(|known| known.name()).map(|known| (strsim::damerau_levenshtein(known, word), known)).min();
    let help = match nearest {
        Some((distance, known)) if distance <= 2 => format!("; did you mean \"{known}\"?"),
        _ => "; \"help\" lists the commands".to_owned(),
    };
    NoCommand { message: format!("there is no command \"{word}\"{help}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_may_say_who_acts() {
        assert_eq!(split_actor("as Ana: start 10%"), (Some("Ana"), "start 10%"));
        assert_eq!(split_actor("  as Ana Lú : note as usual: fine"), (Some("Ana Lú"), "note as usual: fine"));
        assert_eq!(split_actor("note as usual"), (None, "note as usual"));
    }

    #[test]
    fn a_slip_of_the_finger_is_named() {
        let error = Command::parse("promte").expect_err("no command");
        assert_eq!(error.message, "there is no command \"promte\"; did you mean \"promote\"?");
        assert_eq!(Command::parse("tick").expect_err("no item").message, "expected \"tick ITEM\"");
        assert_eq!(
            Command::parse("moved on").expect_err("too much").message,
            "\"moved\" takes nothing after it, got \"on\""
        );
        assert!(Command::parse("finish well").expect_err("no outcome").message.contains("succeeded, partial"));
    }
}
