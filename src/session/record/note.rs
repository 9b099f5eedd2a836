//! Notes on what happened before they were written: `note at 02:10: the deploy was stopped`.
//!
//! When something happened is what its writer says; when it was recorded nobody can change.

use super::{Name, Paper};
use crate::plan::Plan;
use crate::session::decide::{Refusal, not_now};
use crate::session::event::{Event, Fact, read_time, show_clock, write_time};
use crate::session::state::State;
use chrono::{DateTime, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

/// A note on something that happened earlier.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoteBackdated {
    /// The wall clock, unix milliseconds; RFC 3339 in the file.
    #[serde(serialize_with = "write_time", deserialize_with = "read_time")]
    pub happened_at: i64,
    pub text: String,
}

/// What a note says: of now, or of a time of day before now.
///
/// # Errors
/// Where nothing stands behind the time.
pub fn noted(state: &State, text: &str) -> Result<Fact, Refusal> {
    let Some((time, said)) = backdated(text) else { return Ok(Fact::Noted { text: text.to_owned() }) };
    if said.is_empty() {
        return not_now(format!("expected a text behind \"at {time}:\""));
    }
    let happened_at = last_before(state.at, time);
    Ok(Fact::NoteBackdated(NoteBackdated { happened_at, text: said.to_owned() }))
}

/// `at 02:10: TEXT`, `at 02:10:30: TEXT`, with or without the Z that the screens show. Anything else
/// that begins with "at" is a note of now.
fn backdated(text: &str) -> Option<(NaiveTime, &str)> {
    let rest = text.strip_prefix("at ")?;
    let (time, said) = rest.split_once(": ").or_else(|| Some((rest.strip_suffix(':')?, "")))?;
    Some((time_of_day(time)?, said.trim()))
}

/// Reads `02:10` and `02:10:30`, with or without a Z.
#[must_use]
pub fn time_of_day(text: &str) -> Option<NaiveTime> {
    let text = text.trim().trim_end_matches(['Z', 'z']);
    ["%H:%M:%S", "%H:%M"].iter().find_map(|form| NaiveTime::parse_from_str(text, form).ok())
}

/// The last time that the clock showed this, up to a moment.
fn last_before(at: i64, time: NaiveTime) -> i64 {
    const DAY: i64 = 86_400_000;
    let now = DateTime::<Utc>::from_timestamp_millis(at).unwrap_or_default();
    let today = now.date_naive().and_time(time).and_utc().timestamp_millis();
    if today <= at { today } else { today - DAY }
}

impl Paper for NoteBackdated {
    fn names(&self) -> Vec<Name> {
        Vec::new()
    }

    fn fold(&self, _: &mut State, _: &Event) {}

    fn tell(&self, _: &Plan) -> String {
        format!("noted, of {}: {}", show_clock(self.happened_at), self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    /// 2026-03-14T02:30:00Z.
    const NOW: i64 = 1_773_455_400_000;

    fn happened(text: &str) -> Option<String> {
        let state = State::new(Arc::new(Plan::default()), NOW);
        match noted(&state, text).expect("a note") {
            Fact::NoteBackdated(note) => {
                Some(format!("{} {}", crate::session::event::show_time(note.happened_at), note.text))
            }
            _ => None,
        }
    }

    #[test]
    fn a_note_may_say_when_it_happened() {
        assert_eq!(happened("at 02:10: stopped").as_deref(), Some("2026-03-14T02:10:00.000Z stopped"));
        assert_eq!(happened("at 02:10:30Z: stopped").as_deref(), Some("2026-03-14T02:10:30.000Z stopped"));
        assert_eq!(happened("at 23:50: the call began").as_deref(), Some("2026-03-13T23:50:00.000Z the call began"));
        assert_eq!(happened("at last: it moves"), None);
        assert_eq!(happened("02:10: stopped"), None);
    }

    #[test]
    fn a_time_alone_is_no_note() {
        let state = State::new(Arc::new(Plan::default()), NOW);
        assert!(noted(&state, "at 02:10:").is_err());
    }
}
