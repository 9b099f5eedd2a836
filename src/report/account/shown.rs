//! Times and spans, for machines and for people.

use crate::session::chronicle::Instant;
use crate::session::event::{show_clock, show_time};
use crate::text::Millis;
use serde::Serialize;

/// When something was.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Time {
    /// RFC 3339, UTC.
    pub utc: String,
    /// `02:14:07Z`.
    pub clock: String,
    /// `14 March 2026`.
    pub day: String,
    /// Session time, seconds since it began.
    pub t: f64,
}

impl Time {
    pub(super) fn of(instant: Instant) -> Self {
        let day = chrono::DateTime::<chrono::Utc>::from_timestamp_millis(instant.at);
        Self {
            utc: show_time(instant.at),
            clock: show_clock(instant.at),
            day: day.map(|day| day.format("%-d %B %Y").to_string()).unwrap_or_default(),
            t: seconds(Millis(instant.moment.0)),
        }
    }
}

/// How long something was.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Lasted {
    pub seconds: f64,
    /// `12m05s`.
    pub text: String,
}

impl From<Millis> for Lasted {
    fn from(span: Millis) -> Self {
        Self { seconds: seconds(span), text: span.to_string() }
    }
}

#[expect(clippy::cast_precision_loss, reason = "no night has 2^53 milliseconds")]
fn seconds(span: Millis) -> f64 {
    span.0 as f64 / 1_000.0
}
