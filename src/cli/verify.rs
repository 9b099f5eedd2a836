//! `warroom verify`: is a session as it was written, and does it fold to what was shown?

use super::out::Out;
use super::{exit, place};
use crate::session::log::Ending;
use crate::session::store::{self, Recorded};
use clap::Args;

/// Checks a session: every line of its chain, and that it folds to the verdicts that were shown.
#[derive(Debug, Args)]
#[command(after_help = "Exit codes: 0 as it was written, 6 damaged, too new, or not what was shown.")]
pub struct VerifyArguments {
    /// A session: its file, its id, a piece of its name, or "last"
    #[arg(value_name = "SESSION")]
    session: String,
    /// The head that was printed when the session was left: proves that nothing was cut off since
    #[arg(long, value_name = "HASH")]
    head: Option<String>,
}

/// Runs the subcommand and returns its exit code.
#[must_use]
pub fn run(arguments: &VerifyArguments, out: &Out) -> u8 {
    let path = match place::find(&arguments.session, out) {
        Ok(path) => path,
        Err(code) => return code,
    };
    match store::read(&path) {
        Err(error) => super::say_store(&error, out),
        Ok(recorded) => {
            say_not_understood(&recorded, out);
            let sound = say_ending(&recorded, &path.display().to_string(), out)
                && say_head(&recorded, arguments.head.as_deref(), out)
                && say_strays(&recorded, out)
                && recorded.not_understood.is_none();
            if sound { exit::OK } else { exit::SESSION_DAMAGED }
        }
    }
}

fn say_ending(recorded: &Recorded, path: &str, out: &Out) -> bool {
    let state = recorded.core.state();
    let outcome = state.outcome.map_or("not closed", crate::judge::Outcome::word);
    match &recorded.ending {
        Ending::Clean | Ending::Torn(_) => {
            out.line(&format!("{path}: every line is as it was written: {} events, {outcome}", recorded.records));
            out.line(&format!("head {}", recorded.head));
            say_close(recorded, out);
            if let Ending::Torn(broken) = &recorded.ending {
                out.line(&format!("a last write was cut off, and never acknowledged: {broken}"));
            }
            true
        }
        Ending::Damaged(broken) => {
            out.error(&format!("{path} is damaged: {broken}; the {} events before it are whole", recorded.records));
            false
        }
    }
}

/// Holds the head against the one that somebody noted: a chain alone does not show a cut tail.
fn say_head(recorded: &Recorded, noted: Option<&str>, out: &Out) -> bool {
    let is_same = noted.is_none_or(|noted| noted.eq_ignore_ascii_case(&recorded.head));
    if !is_same {
        out.error("the head is another one than was noted: something was cut off, or written since");
    }
    is_same
}

/// A cut tail takes the close record with it.
fn say_close(recorded: &Recorded, out: &Out) {
    match (&recorded.closing, recorded.core.state().outcome) {
        (Some(closing), _) => out.line(&format!("closed behind {} events, on head {}", closing.records, closing.head)),
        (None, Some(_)) => {
            out.line("finished, with no close record at its end: it is being written, or something was cut off");
        }
        (None, None) => {}
    }
}

/// A later version's events are whole, and say nothing to this one.
fn say_not_understood(recorded: &Recorded, out: &Out) {
    if let Some(why) = &recorded.not_understood {
        let (program, count) = (&recorded.header.program, recorded.passed_over.len());
        out.error(&format!("it was written by {program}: {why}; {count} events were passed over"));
    }
}

fn say_strays(recorded: &Recorded, out: &Out) -> bool {
    for stray in &recorded.strays {
        out.error(&format!("event {}: shown was {}, the log folds to {}", stray.seq, stray.shown, stray.folded));
    }
    if recorded.strays.is_empty() {
        out.line("it folds to the verdicts that were shown");
    } else {
        out.error(&format!("it was written by {}", recorded.header.program));
    }
    recorded.strays.is_empty()
}
