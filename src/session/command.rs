//! The one command language: what a key does, what is typed, what a script sends and what a
//! scenario says are the same words.

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
}

/// How each command is written, for help and for errors.
pub const USAGE: [(&str, &str); 21] = [
    ("start STAGE", "begin a stage of the ramp"),
    ("start! STAGE: REASON", "begin it against the verdict"),
    ("moved", "say that the traffic has moved"),
    ("promote", "pass the stage and begin the next one"),
    ("promote! REASON", "promote against the verdict"),
    ("hold REASON", "hold the ramp"),
    ("resume", "end a hold"),
    ("rollback REASON", "record the decision to go back"),
    ("tick ITEM", "tick an item, with the evidence of this second"),
    ("untick ITEM", "open it again"),
    ("na ITEM: REASON", "mark an item as not applicable"),
    ("attest SECTION: REASON", "say that a section was done before"),
    ("note TEXT", "write a note"),
    ("waive METRIC [30m]: REASON", "set a gate aside"),
    ("approve", "approve leaving this stage"),
    ("reject REASON", "reject leaving this stage"),
    ("trip TRIGGER[: REASON]", "declare a rollback trigger"),
    ("dismiss TRIGGER: REASON", "arm a tripped trigger again"),
    ("reload REASON", "take the plan and its bindings as their files are now"),
    ("finish OUTCOME", "close the session: succeeded, partial, inconclusive, failed, rolled-back"),
    ("as NAME: COMMAND", "do it under a name"),
];

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
        let text = || rest.to_owned();
        let command = match word {
            "start" => Self::Start { stage: wanted(word, rest)? },
            "start!" => Self::StartAnyway { stage_and_reason: wanted(word, rest)? },
            "moved" => Self::Moved,
            "promote" => Self::Promote,
            "promote!" => Self::PromoteAnyway { reason: wanted(word, rest)? },
            "hold" => Self::Hold { reason: text() },
            "resume" => Self::Resume,
            "rollback" => Self::Rollback { reason: text() },
            "tick" => Self::Tick { item: wanted(word, rest)? },
            "untick" => Self::Untick { item: wanted(word, rest)? },
            "na" => Self::NotApplicable { item_and_reason: wanted(word, rest)? },
            "attest" => Self::Attest { section_and_reason: wanted(word, rest)? },
            "note" => Self::Note { text: wanted(word, rest)? },
            "waive" => Self::Waive { gate_and_reason: wanted(word, rest)? },
            "approve" => Self::Approve,
            "reject" => Self::Reject { reason: wanted(word, rest)? },
            "trip" => Self::Trip { trigger_and_reason: wanted(word, rest)? },
            "dismiss" => Self::Dismiss { trigger_and_reason: wanted(word, rest)? },
            "reload" => Self::Reload { reason: wanted(word, rest)?, amendment: None },
            "finish" => Self::Finish { outcome: outcome(rest)? },
            _ => return Err(unknown(word)),
        };
        let takes_nothing = matches!(command, Self::Moved | Self::Promote | Self::Resume | Self::Approve);
        if takes_nothing && !rest.is_empty() {
            return Err(NoCommand { message: format!("\"{word}\" takes nothing after it, got \"{rest}\"") });
        }
        Ok(command)
    }
}

fn wanted(word: &str, rest: &str) -> Result<String, NoCommand> {
    if !rest.is_empty() {
        return Ok(rest.to_owned());
    }
    let usage = USAGE.iter().find(|(usage, _)| usage.split_whitespace().next() == Some(word));
    Err(NoCommand { message: format!("expected \"{}\"", usage.map_or(word, |(usage, _)| usage)) })
}

fn outcome(word: &str) -> Result<Outcome, NoCommand> {
    Outcome::parse(word).ok_or_else(|| {
        let words: Vec<_> = Outcome::ALL.iter().map(|outcome| outcome.word()).collect();
        NoCommand { message: format!("expected \"finish\" with one of {}, got \"{word}\"", words.join(", ")) }
    })
}

fn unknown(word: &str) -> NoCommand {
    let words = USAGE.iter().filter_map(|(usage, _)| usage.split_whitespace().next());
    let nearest = words.map(|known| (strsim::damerau_levenshtein(known, word), known)).min();
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
