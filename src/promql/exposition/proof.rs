//! The second reader: every sample is written down again in a form that prometheus-parse reads
//! rightly, and what it read is held against what the first reader read.
//!
//! That crate splits labels at every comma and equals sign, ends them at the first brace, knows no
//! escapes and no names beyond `\w`. So whatever could mislead it is percent-encoded, a name it does
//! not know travels as a label, and no type is told: samples of a histogram would come back in
//! pieces. What is left is that it sees each sample as one, with the same labels, figure and time.

use super::line::Written;
use super::{Malformed, Sample};
use chrono::{DateTime, Utc};
use prometheus_parse::{Scrape, Value};
use std::fmt::Write;
use std::io;

/// The label a name travels in; no label of a body can have it.
const NAME: &str = "__name__";

/// What a name that had to travel as a label leaves in its place.
const ELSEWHERE: &str = "named_by_label";

/// Says that the second reader sees the same samples.
///
/// # Errors
/// The first sample on which the two differ: a fault of this program rather than of the body.
pub(super) fn agree(written: &[Written<'_>]) -> Result<(), Malformed> {
    let lines = written.iter().map(|written| io::Result::Ok(write_down(written)));
    let scrape = Scrape::parse_at(lines, DateTime::<Utc>::UNIX_EPOCH)
        .map_err(|error| Malformed::at(1, format!("expected the second reader to read this, got {error}")))?;
    let mut seen = scrape.samples.iter();
    for Written { sample, line, .. } in written {
        if !seen.next().is_some_and(|other| same(sample, other)) {
            return Err(Malformed::at(*line, format!("expected two readers to agree on {}", sample.name)));
        }
    }
    match (seen.next(), written.last()) {
        (Some(more), last) => {
            let line = last.map_or(1, |written| written.line);
            Err(Malformed::at(line, format!("expected no sample of {} from the second reader", more.metric)))
        }
        (None, _) => Ok(()),
    }
}

fn write_down(written: &Written<'_>) -> String {
    let Written { sample, value, .. } = written;
    let plain = is_plain(&sample.name);
    let mut line = String::with_capacity(128);
    line.push_str(if plain { &sample.name } else { ELSEWHERE });
    if !plain || !sample.labels.is_empty() {
        line.push('{');
        let name = (!plain).then_some((NAME, sample.name.as_str()));
        let labels = sample.labels.iter().map(|(key, value)| (key.as_str(), value.as_str()));
        for (at, (key, value)) in name.into_iter().chain(labels).enumerate() {
            line.push_str(if at == 0 { "" } else { "," });
            encode(key, &mut line);
            line.push_str("=\"");
            encode(value, &mut line);
            line.push('"');
        }
        line.push('}');
    }
    line.push(' ');
    line.push_str(value);
    if let Some(millis) = sample.timestamp_ms {
        // Writing to a string does not fail.
        let _ = write!(line, " {millis}");
    }
    line
}

fn same(ours: &Sample, theirs: &prometheus_parse::Sample) -> bool {
    let Value::Untyped(value) = theirs.value else { return false };
    let (name, labels) = if is_plain(&ours.name) {
        (theirs.metric == ours.name, theirs.labels.len())
    } else {
        (theirs.labels.get(NAME).is_some_and(|name| encoded(&ours.name) == name), theirs.labels.len().saturating_sub(1))
    };
    name && labels == ours.labels.len()
        && ours.labels.iter().all(|(key, value)| theirs.labels.get(&encoded(key)) == Some(&encoded(value)))
        && (value.to_bits() == ours.value.to_bits() || value.is_nan() && ours.value.is_nan())
        && theirs.timestamp.timestamp_millis() == ours.timestamp_ms.unwrap_or_default()
}

fn is_plain(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn encoded(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    encode(text, &mut line);
    line
}

/// Replaces what the second reader would stumble over; two texts never become the same.
fn encode(text: &str, line: &mut String) {
    for char in text.chars() {
        match char {
            ',' | '=' | '{' | '}' | '"' | '%' | '\\' => encode_byte(char as u8, line),
            char if char.is_ascii_control() => encode_byte(char as u8, line),
            char => line.push(char),
        }
    }
}

fn encode_byte(byte: u8, line: &mut String) {
    let _ = write!(line, "%{byte:02x}");
}
