//! Exposition text becomes samples: what a service says about itself at `/metrics`.
//!
//! A gate is worth what its numbers are worth, so two readers look at every body and a sample counts
//! only if they agree. The first, [`line`], knows the two grammars (text 0.0.4 and OpenMetrics) and
//! refuses what is malformed, with its line; [`family`] adds what OpenMetrics says about types,
//! groups and histograms. The second is the prometheus-parse crate: [`proof`] writes every sample
//! down in a form that crate reads rightly, and compares what it read, one by one.
//!
//! A body is taken whole or not at all. Where it was torn, its last figure may have lost digits.

mod cursor;
mod family;
mod histogram;
mod line;
mod proof;

use family::{OpenFamilies, TextFamilies};
use line::{Line, Written};
use std::collections::BTreeSet;

/// Samples.
const PROVEN_AT_ONCE: usize = 4_096;

/// Names and values of labels.
type Labels = Vec<(String, String)>;

/// One figure that a target exposed.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    pub name: String,
    /// Sorted by name, each name once, values unescaped. An empty value is kept as it was written.
    pub labels: Labels,
    pub value: f64,
    /// Unix milliseconds, where the target gave a time of its own. A time outside the calendar is
    /// kept as the calendar's end.
    pub timestamp_ms: Option<i64>,
}

/// The text format of a body, as its content type names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Prometheus text, version 0.0.4 or 1.0.0.
    Text,
    OpenMetrics,
}

/// A body that is not exposition text at all: HTML from a proxy, JSON from another endpoint.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected text/plain or application/openmetrics-text, got content type {0:?}")]
pub struct UnknownFormat(pub String);

/// The first thing in a body that is not as its format says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct Malformed {
    /// Counted from 1.
    pub line: usize,
    /// What was expected, and what stood there.
    pub problem: String,
}

impl Malformed {
    fn at(line: usize, problem: impl Into<String>) -> Self {
        Self { line, problem: problem.into() }
    }
}

impl Format {
    /// Tells the format from a `Content-Type` header. None is text, as Prometheus has always taken it.
    ///
    /// # Errors
    /// Any other media type, or a version of the text format that is not known.
    pub fn of(content_type: Option<&str>) -> Result<Self, UnknownFormat> {
        let Some(header) = content_type.map(str::trim).filter(|header| !header.is_empty()) else {
            return Ok(Self::Text);
        };
        let mut parts = header.split(';').map(str::trim);
        let media = parts.next().unwrap_or_default().to_ascii_lowercase();
        let version = parts.find_map(|part| part.strip_prefix("version="));
        match (media.as_str(), version) {
            ("text/plain", None | Some("0.0.4" | "1.0.0")) => Ok(Self::Text),
            ("application/openmetrics-text", _) => Ok(Self::OpenMetrics),
            _ => Err(UnknownFormat(header.to_owned())),
        }
    }
}

/// Reads a body whole: every sample in it, in its order.
///
/// # Errors
/// The first line that is malformed. No sample of such a body is to be believed.
pub fn read(body: &[u8], format: Format) -> Result<Vec<Sample>, Malformed> {
    let written = match format {
        Format::Text => read_text(utf8(body)?)?,
        Format::OpenMetrics => read_open_metrics(utf8(body)?)?,
    };
    refuse_duplicates(&written, format)?;
    // The second reader takes ten times the memory of a body; so much of it at once is enough.
    written.chunks(PROVEN_AT_ONCE).try_for_each(proof::agree)?;
    Ok(written.into_iter().map(|written| written.sample).collect())
}

fn utf8(body: &[u8]) -> Result<&str, Malformed> {
    str::from_utf8(body).map_err(|error| {
        let (good, _) = body.split_at(error.valid_up_to());
        let line = good.split(|&byte| byte == b'\n').count();
        Malformed::at(line, "expected UTF-8")
    })
}

fn read_text(body: &str) -> Result<Vec<Written<'_>>, Malformed> {
    let mut families = TextFamilies::default();
    let mut written = Vec::new();
    for (at, line) in body.split_inclusive('\n').enumerate() {
        let number = at + 1;
        let Some(line) = line.strip_suffix('\n') else {
            return Err(Malformed::at(number, "expected a newline at the end, the body is torn"));
        };
        match Line::read_text(number, line).map_err(|problem| Malformed::at(number, problem))? {
            Line::Sample(sample) => {
                families.sample(&sample)?;
                written.push(sample);
            }
            Line::Metadata(metadata) => families.metadata(number, &metadata)?,
            Line::Nothing | Line::End => {}
        }
    }
    Ok(written)
}

fn read_open_metrics(body: &str) -> Result<Vec<Written<'_>>, Malformed> {
    let mut families = OpenFamilies::default();
    let mut written = Vec::new();
    // The last piece stands behind the last newline: empty, or torn, or the end mark without one.
    let end = body.bytes().filter(|&byte| byte == b'\n').count();
    let mut lines = body.split('\n').enumerate();
    while let Some((at, line)) = lines.next().filter(|(at, line)| *at < end || !line.is_empty()) {
        let number = at + 1;
        match Line::read_open_metrics(number, line).map_err(|problem| Malformed::at(number, problem))? {
            Line::Sample(sample) => {
                families.sample(&sample)?;
                written.push(sample);
            }
            Line::Metadata(metadata) => families.metadata(number, &metadata)?,
            Line::Nothing => {}
            Line::End => {
                families.finish()?;
                return nothing_follows(lines).map(|()| written);
            }
        }
    }
    Err(Malformed::at(end + 1, "expected \"# EOF\" at the end, the body is torn"))
}

/// One newline may stand behind `# EOF`, and nothing behind that.
fn nothing_follows<'a>(mut lines: impl Iterator<Item = (usize, &'a str)>) -> Result<(), Malformed> {
    match (lines.next(), lines.next()) {
        (None | Some((_, "")), None) => Ok(()),
        (first, second) => {
            let line = first.or(second).map_or(0, |(at, _)| at + 1);
            Err(Malformed::at(line, "expected nothing behind \"# EOF\""))
        }
    }
}

/// Of two figures for one series nobody can say which is right.
///
/// OpenMetrics allows several points of a series that differ in time by less than it is kept with.
fn refuse_duplicates(written: &[Written<'_>], format: Format) -> Result<(), Malformed> {
    let mut seen = BTreeSet::new();
    for Written { sample, line, .. } in written {
        if format == Format::OpenMetrics && sample.timestamp_ms.is_some() {
            continue;
        }
        // A label with an empty value is a label that is not there.
        let labels: Vec<_> = sample.labels.iter().filter(|(_, value)| !value.is_empty()).collect();
        if !seen.insert((&sample.name, labels, sample.timestamp_ms)) {
            return Err(Malformed::at(*line, format!("expected each series once, got {} again", sample.name)));
        }
    }
    Ok(())
}
