//! Moments as people write them.

use crate::text::duration;
use chrono::{DateTime, SecondsFormat};

/// Reads a moment: RFC 3339, a date and a time in UTC, `now`, or how long ago. Unix milliseconds.
///
/// # Errors
/// What was expected.
pub(super) fn parse(option: &str, text: &str, now: i64) -> Result<i64, String> {
    let text = text.trim();
    if text == "now" {
        return Ok(now);
    }
    let ago = text.strip_prefix('-').unwrap_or(text);
    if let Ok(ago) = duration::parse(ago.strip_suffix(" ago").unwrap_or(ago)) {
        return Ok(now.saturating_sub_unsigned(ago.0));
    }
    let forms = [text.to_owned(), format!("{text}Z"), format!("{text}:00Z"), format!("{text}T00:00:00Z")];
    let moment = forms.iter().find_map(|form| DateTime::parse_from_rfc3339(&form.replacen(' ', "T", 1)).ok());
    moment.map(|moment| moment.timestamp_millis()).ok_or_else(|| {
        format!("{option}: \"{text}\" is no time: write 2026-03-14T02:00:00Z, now, or how long ago, such as 24h")
    })
}

/// A moment as it is shown: `2026-03-14T02:00:00Z`.
pub(super) fn show(at: i64) -> String {
    DateTime::from_timestamp_millis(at)
        .map_or_else(|| at.to_string(), |moment| moment.to_rfc3339_opts(SecondsFormat::Secs, true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_in_every_usual_form() {
        let now = 1_773_453_600_000;
        for text in ["2026-03-14T02:00:00Z", "2026-03-14 02:00", "2026-03-14T03:00:00+01:00", "now", "0s"] {
            assert_eq!(parse("--from", text, now), Ok(now), "{text}");
        }
        assert_eq!(parse("--from", "2026-03-14", now), Ok(now - 2 * 3_600_000));
        for text in ["1h", "-1h", "60m ago"] {
            assert_eq!(parse("--from", text, now), Ok(now - 3_600_000), "{text}");
        }
        assert!(parse("--to", "tomorrow", now).unwrap_err().starts_with("--to: "));
        assert_eq!(show(now), "2026-03-14T02:00:00Z");
    }
}
