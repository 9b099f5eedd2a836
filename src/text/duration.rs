//! Spans of time: read as people write them, shown as people say them.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Sub, SubAssign};
use std::time::Duration;

/// A span of time in whole milliseconds; a plain number in the log.
///
/// Subtraction saturates at zero: a span is never negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Millis(pub u64);

impl Millis {
    pub const ZERO: Self = Self(0);
    pub const MAX: Self = Self(u64::MAX);

    #[must_use]
    pub const fn from_secs(seconds: u64) -> Self {
        Self(seconds.saturating_mul(1_000))
    }

    #[must_use]
    pub const fn from_mins(minutes: u64) -> Self {
        Self(minutes.saturating_mul(60_000))
    }

    #[must_use]
    pub const fn as_secs(self) -> u64 {
        self.0 / 1_000
    }

    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Shows the span as a clock: `06:12`, or `1:06:12` from an hour on. Part seconds round up,
    /// so that a countdown shows `00:00` only when it is over.
    #[must_use]
    pub fn clock(self) -> String {
        let seconds = self.0.div_ceil(1_000);
        let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
        if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes:02}:{seconds:02}") }
    }
}

impl From<Duration> for Millis {
    fn from(duration: Duration) -> Self {
        Self(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
    }
}

impl From<Millis> for Duration {
    fn from(span: Millis) -> Self {
        Self::from_millis(span.0)
    }
}

impl Add for Millis {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Millis {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Millis {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl SubAssign for Millis {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl Mul<u64> for Millis {
    type Output = Self;
    fn mul(self, factor: u64) -> Self {
        Self(self.0.saturating_mul(factor))
    }
}

impl Sum for Millis {
    fn sum<I: Iterator<Item = Self>>(spans: I) -> Self {
        spans.fold(Self::ZERO, Add::add)
    }
}

/// Shows a span in its two largest parts that matter: `350ms`, `6s`, `2m05s`, `1h30m`, `2d4h`.
impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0 / 1_000;
        let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
        match (days, hours, minutes, seconds % 60) {
            (0, 0, 0, 0) if self.0 > 0 => write!(f, "{}ms", self.0),
            (0, 0, 0, s) => write!(f, "{s}s"),
            (0, 0, m, 0) => write!(f, "{m}m"),
            (0, 0, m, s) => write!(f, "{m}m{s:02}s"),
            (0, h, 0, _) => write!(f, "{h}h"),
            (0, h, m, _) => write!(f, "{h}h{m:02}m"),
            (d, 0, _, _) => write!(f, "{d}d"),
            (d, h, _, _) => write!(f, "{d}d{h}h"),
        }
    }
}

/// How many milliseconds one of a unit word is, in the words people use: `s`, `min`, `hours`, …
#[must_use]
pub fn unit_millis(word: &str) -> Option<f64> {
    Some(match word.to_ascii_lowercase().as_str() {
        "ms" | "msec" | "millis" | "millisecond" | "milliseconds" => 1.0,
        "s" | "sec" | "secs" | "second" | "seconds" => 1_000.0,
        "m" | "min" | "mins" | "minute" | "minutes" => 60_000.0,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3_600_000.0,
        "d" | "day" | "days" => 86_400_000.0,
        "w" | "week" | "weeks" => 604_800_000.0,
        "y" => 31_536_000_000.0,
        _ => return None,
    })
}

/// Reads a span as bindings, scenarios and PromQL write it: `5s`, `1m30s`, `1.5h`, `10 minutes`.
///
/// # Errors
/// A fragment that says what was expected, when the text is anything else.
pub fn parse(text: &str) -> Result<Millis, String> {
    let expected = || format!("expected a duration such as \"30s\", \"10m\" or \"1h30m\", got \"{text}\"");
    let mut rest = text.trim();
    let mut total = 0.0_f64;
    if rest.is_empty() {
        return Err(expected());
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').ok_or_else(expected)?;
        let (number, tail) = rest.split_at(digits);
        let tail = tail.trim_start();
        let letters = tail.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(tail.len());
        let (word, tail) = tail.split_at(letters);
        let number: f64 = number.parse().map_err(|_| expected())?;
        total += number * unit_millis(word).ok_or_else(expected)?;
        rest = tail.trim_start();
    }
    // Nine thousand years are enough for a soak, and far inside what u64 holds.
    if !(0.0..=3.0e14).contains(&total) {
        return Err(format!("\"{text}\" is longer than any night"));
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded just above")]
    Ok(Millis(total.round() as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_spans_as_they_are_written() {
        for (text, want) in
            [("5s", 5_000), ("1m30s", 90_000), ("1.5h", 5_400_000), ("10 minutes", 600_000), ("250ms", 250), ("0s", 0)]
        {
            assert_eq!(parse(text), Ok(Millis(want)), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_span() {
        for text in ["", "5", "s", "5 parsecs", "-5s", "1..5s", "1e99h", "99999999999999999999w"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn shows_the_two_parts_that_matter() {
        for (ms, want) in [
            (0, "0s"),
            (350, "350ms"),
            (6_000, "6s"),
            (125_000, "2m05s"),
            (600_000, "10m"),
            (5_400_000, "1h30m"),
            (187_200_000, "2d4h"),
        ] {
            assert_eq!(Millis(ms).to_string(), want);
        }
    }

    #[test]
    fn a_countdown_ends_only_at_zero() {
        assert_eq!(Millis(1).clock(), "00:01");
        assert_eq!(Millis(372_000).clock(), "06:12");
        assert_eq!(Millis(3_972_000).clock(), "1:06:12");
    }
}
