//! The table of the command language: a new word is a line here, and a file that knows it.

use super::{Command, NoCommand, Word};
use crate::judge::Outcome;
use crate::session::record::{decision, field, score, sign_off, star};

/// `as NAME: COMMAND` is no command, but stands before any: how it is written, and what it does.
pub const AS: (&str, &str) = ("as NAME: COMMAND", "do it under a name");

/// Every word, in the order in which help lists them.
pub static WORDS: &[&Word] = &[
    &Word::typed("start STAGE", "begin a stage of the ramp", |word, rest| {
        Ok(Command::Start { stage: word.wanted(rest)? })
    }),
    &Word::typed("start! STAGE: REASON", "begin it against the verdict", |word, rest| {
        Ok(Command::StartAnyway { stage_and_reason: word.wanted(rest)? })
    }),
    &Word::typed("moved", "say that the traffic has moved", |word, rest| word.nothing(rest).map(|()| Command::Moved)),
    &Word::typed("promote", "pass the stage and begin the next one", |word, rest| {
        word.nothing(rest).map(|()| Command::Promote)
    }),
    &Word::typed("promote! REASON", "promote against the verdict", |word, rest| {
        Ok(Command::PromoteAnyway { reason: word.wanted(rest)? })
    }),
    &Word::typed("hold REASON", "hold the ramp", |_, rest| Ok(Command::Hold { reason: rest.to_owned() })),
    &Word::typed("resume", "end a hold", |word, rest| word.nothing(rest).map(|()| Command::Resume)),
    &Word::typed("rollback REASON", "record the decision to go back", |_, rest| {
        Ok(Command::Rollback { reason: rest.to_owned() })
    }),
    &Word::typed("tick ITEM", "tick an item, with the evidence of this second", |word, rest| {
        Ok(Command::Tick { item: word.wanted(rest)? })
    }),
    &Word::typed("untick ITEM", "open it again", |word, rest| Ok(Command::Untick { item: word.wanted(rest)? })),
    &Word::typed("na ITEM: REASON", "mark an item as not applicable", |word, rest| {
        Ok(Command::NotApplicable { item_and_reason: word.wanted(rest)? })
    }),
    &Word::typed("attest SECTION: REASON", "say that a section was done before", |word, rest| {
        Ok(Command::Attest { section_and_reason: word.wanted(rest)? })
    }),
    &Word::typed("note [at 02:10:] TEXT", "write a note, of now or of an earlier time", |word, rest| {
        Ok(Command::Note { text: word.wanted(rest)? })
    }),
    &star::STAR,
    &star::UNSTAR,
    &field::FILL,
    &field::CLEAR,
    &decision::DECIDE,
    &sign_off::SIGN,
    &sign_off::UNSIGN,
    &score::SCORE,
    &Word::typed("waive METRIC [30m]: REASON", "set a gate aside", |word, rest| {
        Ok(Command::Waive { gate_and_reason: word.wanted(rest)? })
    }),
    &Word::typed("approve", "approve leaving this stage", |word, rest| word.nothing(rest).map(|()| Command::Approve)),
    &Word::typed("reject REASON", "reject leaving this stage", |word, rest| {
        Ok(Command::Reject { reason: word.wanted(rest)? })
    }),
    &Word::typed("trip TRIGGER[: REASON]", "declare a rollback trigger", |word, rest| {
        Ok(Command::Trip { trigger_and_reason: word.wanted(rest)? })
    }),
    &Word::typed("dismiss TRIGGER: REASON", "arm a tripped trigger again", |word, rest| {
        Ok(Command::Dismiss { trigger_and_reason: word.wanted(rest)? })
    }),
    &Word::typed("reload REASON", "take the plan and its bindings as their files are now", |word, rest| {
        Ok(Command::Reload { reason: word.wanted(rest)?, amendment: None })
    }),
    &Word::typed(
        "finish OUTCOME",
        "close the session: succeeded, partial, inconclusive, failed, rolled-back",
        |_, rest| outcome(rest),
    ),
];

fn outcome(word: &str) -> Result<Command, NoCommand> {
    let outcome = Outcome::parse(word).ok_or_else(|| {
        let words: Vec<_> = Outcome::ALL.iter().map(|outcome| outcome.word()).collect();
        NoCommand { message: format!("expected \"finish\" with one of {}, got \"{word}\"", words.join(", ")) }
    })?;
    Ok(Command::Finish { outcome })
}

/// How everything is written that may be said, with what it does.
pub fn usage() -> impl Iterator<Item = (&'static str, &'static str)> {
    WORDS.iter().map(|word| (word.usage, word.what)).chain([AS])
}
