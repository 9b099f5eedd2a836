//! The last words, five lines: where the session is, how long it was, how it stands, how to go on with it,
//! how to look back.

use super::exit;
use super::out::Out;
use super::plain::How;
use crate::judge::{Call, Outcome};
use crate::notify::Untold;
use crate::room::{Left, Live};

/// Says how the session was left and returns the exit code.
#[must_use]
pub fn say(left: &Left, untold: &Untold, how: How, out: &Out) -> u8 {
    let live = &left.live;
    let lasted = live.state.ramp.now.since(crate::judge::Moment::default());
    let path = left.log.disk.path.display();
    out.line("");
    out.line(&format!("session   {path}"));
    out.line(&format!("lasted    {lasted}, {} events, head {}", live.state.seq, left.log.disk.head));
    match live.state.outcome {
        Some(outcome) => {
            out.line(&format!("outcome   {}", outcome.word()));
            out.line(&format!("verify    warroom verify {path} --head {}", left.log.disk.head));
        }
        None => {
            out.line(&format!("verdict   {} when it was left, before the end", live.verdict.call));
            out.line(&format!("go on     warroom run --resume {path}"));
        }
    }
    out.line(&format!("look back warroom report {path}"));
    for (target, count) in untold {
        out.error(&format!("[notify.{target}] was not told of {count} moments"));
    }
    for unsaved in &left.log.unsaved {
        out.error(&format!("NOT SAVED: {}", unsaved.body));
    }
    code(live.state.outcome, live.verdict.call, how, left.log.unsaved.is_empty())
}

/// Says how a seat was left whose session another process holds, or nobody; returns the exit code.
#[must_use]
pub fn say_left(live: &Live, how: How, out: &Out) -> u8 {
    out.line("");
    match live.state.outcome {
        Some(outcome) => out.line(&format!("outcome   {}", outcome.word())),
        None => out.line(&format!("verdict   {} when this seat was left", live.verdict.call)),
    }
    code(live.state.outcome, live.verdict.call, how, true)
}

fn code(outcome: Option<Outcome>, call: Call, how: How, saved: bool) -> u8 {
    match (how, outcome) {
        (How::Signal(number), _) => exit::SIGNAL.saturating_add(number),
        (How::NoTerminal, _) => exit::USAGE,
        _ if !saved => exit::INTERNAL,
        (_, Some(Outcome::Succeeded | Outcome::Partial)) => exit::OK,
        (_, Some(Outcome::Failed | Outcome::RolledBack)) => exit::ROLLBACK,
        (_, None) if call == Call::Rollback => exit::ROLLBACK,
        (_, Some(Outcome::Inconclusive) | None) => exit::HOLD,
    }
}
