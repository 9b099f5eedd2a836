//! A word that is too old: what nobody has judged lately is no GO.

use super::Live;
use crate::clock::Stamp;
use crate::judge::ramp::Course;
use crate::judge::{Call, Class, Code, Reason, Verdict};
use crate::text::Millis;

/// So many poll intervals without news are too long.
const POLLS: u64 = 2;

/// The room may be late by so much beside.
pub const GRACE: Millis = Millis::from_secs(1);

/// How long news may take, with so much grace.
#[must_use]
pub fn patience(live: &Live, grace: Millis) -> Millis {
    live.plan.poll * POLLS + grace
}

/// How long nothing has come from the room, where that is too long.
#[must_use]
pub fn of(live: &Live, now: Stamp, grace: Millis) -> Option<Millis> {
    let silence = now.mono - live.now.mono;
    let is_over = live.state.ramp.course == Course::Finished;
    (silence > patience(live, grace) && !is_over).then_some(silence)
}

/// A verdict with the silence since then laid over it.
#[must_use]
pub fn over(live: &Live, now: Stamp, verdict: Verdict) -> Verdict {
    overlay(verdict, "nobody", of(live, now, GRACE).map(|silence| format!("nobody has judged anything for {silence}")))
}

/// Whoever hears nothing cannot say GO.
#[must_use]
pub fn overlay(mut verdict: Verdict, subject: &str, why: Option<String>) -> Verdict {
    let Some(text) = why else { return verdict };
    let (code, class) = (Code::Stale, Class::NotKnowing);
    let reason = Reason { code, class, subject: subject.to_owned(), source: String::new(), text };
    let place = verdict.reasons.partition_point(|known| known.class < Class::NotKnowing);
    verdict.reasons.insert(place, reason);
    if verdict.call == Call::Go {
        verdict.call = Call::Hold;
    }
    verdict.earliest = None;
    verdict
}
