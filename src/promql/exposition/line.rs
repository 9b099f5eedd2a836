//! One line of a body, in either grammar.
//!
//! Text 0.0.4 takes blanks and tabs between tokens, a comma behind the last label, and comments.
//! OpenMetrics takes exactly one space where a space belongs and nothing that it does not know, and
//! has exemplars, units and times in seconds.

use super::cursor::{Cursor, StrayEscape, expected};
use super::{Format, Labels, Sample};
use chrono::{DateTime, Utc};

#[derive(Debug)]
pub(super) enum Line<'a> {
    /// Blank, or a comment.
    Nothing,
    Metadata(Metadata<'a>),
    Sample(Written<'a>),
    /// `# EOF`.
    End,
}

/// What a line says about a family of series.
#[derive(Debug)]
pub(super) struct Metadata<'a> {
    pub family: String,
    pub says: Says<'a>,
}

#[derive(Debug)]
pub(super) enum Says<'a> {
    Help,
    Type(Kind),
    Unit(&'a str),
}

/// The type of a family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Counter,
    Gauge,
    Histogram,
    GaugeHistogram,
    Summary,
    Info,
    StateSet,
    Unknown,
}

/// A sample with what the further checks need to know of its line.
#[derive(Debug)]
pub(super) struct Written<'a> {
    pub line: usize,
    pub sample: Sample,
    /// The value as it stands there.
    pub value: &'a str,
    pub exemplar: bool,
}

impl<'a> Line<'a> {
    pub(super) fn read_text(number: usize, line: &'a str) -> Result<Self, String> {
        let mut cursor = Cursor::new(line);
        cursor.skip_blanks();
        if cursor.is_done() {
            return Ok(Self::Nothing);
        }
        if cursor.eat("#") {
            return Ok(text_metadata(cursor)?.map_or(Self::Nothing, Self::Metadata));
        }
        text_sample(number, cursor).map(Self::Sample)
    }

    pub(super) fn read_open_metrics(number: usize, line: &'a str) -> Result<Self, String> {
        if line == "# EOF" {
            return Ok(Self::End);
        }
        let cursor = Cursor::new(line);
        if cursor.starts_with("#") {
            return open_metadata(cursor).map(Self::Metadata);
        }
        open_sample(number, cursor).map(Self::Sample)
    }
}

/// Reads what stands behind a `#`; none for a comment, which a keyword without its rest is, too.
fn text_metadata(mut cursor: Cursor<'_>) -> Result<Option<Metadata<'_>>, String> {
    cursor.skip_blanks();
    let keyword = cursor.word();
    cursor.skip_blanks();
    if !matches!(keyword, "HELP" | "TYPE") || cursor.is_done() {
        return Ok(None);
    }
    let family = family_name(&mut cursor, StrayEscape::Refused)?;
    if !cursor.is_done() && !cursor.starts_with(" ") && !cursor.starts_with("\t") {
        return Err(cursor.expected("a blank behind the metric name"));
    }
    cursor.skip_blanks();
    if keyword == "HELP" {
        return Ok(Some(Metadata { family, says: Says::Help }));
    }
    let kind = cursor.remainder().trim_end_matches([' ', '\t']);
    let kind = match kind {
        "" => return Ok(None),
        "counter" => Kind::Counter,
        "gauge" => Kind::Gauge,
        "histogram" => Kind::Histogram,
        "summary" => Kind::Summary,
        "untyped" => Kind::Unknown,
        other => return Err(expected("counter, gauge, histogram, summary or untyped", other)),
    };
    Ok(Some(Metadata { family, says: Says::Type(kind) }))
}

fn open_metadata(mut cursor: Cursor<'_>) -> Result<Metadata<'_>, String> {
    let line = cursor;
    if !cursor.eat("# ") {
        return Err(line.expected("# HELP, # TYPE, # UNIT or # EOF"));
    }
    let keyword = cursor.word();
    if !matches!(keyword, "HELP" | "TYPE" | "UNIT") {
        return Err(line.expected("# HELP, # TYPE, # UNIT or # EOF"));
    }
    one_space(&mut cursor)?;
    let family = family_name(&mut cursor, StrayEscape::Kept)?;
    one_space(&mut cursor)?;
    let rest = cursor.remainder();
    let says = match keyword {
        "HELP" => Says::Help,
        "UNIT" if rest.contains([' ', '\t']) => return Err(expected("a unit without blanks", rest)),
        "UNIT" => Says::Unit(rest),
        _ => Says::Type(open_kind(rest)?),
    };
    Ok(Metadata { family, says })
}

fn open_kind(word: &str) -> Result<Kind, String> {
    Ok(match word {
        "counter" => Kind::Counter,
        "gauge" => Kind::Gauge,
        "histogram" => Kind::Histogram,
        "gaugehistogram" => Kind::GaugeHistogram,
        "summary" => Kind::Summary,
        "info" => Kind::Info,
        "stateset" => Kind::StateSet,
        "unknown" => Kind::Unknown,
        other => return Err(expected("one of the OpenMetrics types", other)),
    })
}

fn family_name(cursor: &mut Cursor<'_>, stray: StrayEscape) -> Result<String, String> {
    if cursor.starts_with("\"") { cursor.quoted(stray) } else { cursor.metric_name().map(str::to_owned) }
}

fn text_sample(line: usize, mut cursor: Cursor<'_>) -> Result<Written<'_>, String> {
    let (name, labels) = series(&mut cursor, Format::Text)?;
    let value = cursor.word();
    let figure = number(value, "a number as the value")?;
    cursor.skip_blanks();
    let timestamp_ms = if cursor.is_done() { None } else { Some(whole_millis(cursor.word())?) };
    cursor.skip_blanks();
    if !cursor.is_done() {
        return Err(cursor.expected("the end of the line behind the timestamp"));
    }
    Ok(Written { line, sample: Sample { name, labels, value: figure, timestamp_ms }, value, exemplar: false })
}

fn open_sample(line: usize, mut cursor: Cursor<'_>) -> Result<Written<'_>, String> {
    let (name, labels) = series(&mut cursor, Format::OpenMetrics)?;
    let value = cursor.word();
    let figure = number(value, "a number as the value")?;
    let mut timestamp_ms = None;
    if !cursor.is_done() && !cursor.starts_with(" # ") {
        one_space(&mut cursor)?;
        timestamp_ms = Some(seconds(cursor.word())?);
    }
    let exemplar = cursor.eat(" # ");
    if exemplar {
        read_exemplar(&mut cursor)?;
    }
    if !cursor.is_done() {
        return Err(cursor.expected("the end of the line"));
    }
    Ok(Written { line, sample: Sample { name, labels, value: figure, timestamp_ms }, value, exemplar })
}

/// Reads an exemplar and forgets it: it says nothing about the sample.
fn read_exemplar(cursor: &mut Cursor<'_>) -> Result<(), String> {
    let (name, labels) = if cursor.eat("{") { braces(cursor, Format::OpenMetrics)? } else { (None, Vec::new()) };
    if name.is_some() {
        return Err("expected labels only in an exemplar, got a metric name".to_owned());
    }
    let length: usize = labels.iter().map(|(name, value)| name.chars().count() + value.chars().count()).sum();
    if length > 128 {
        return Err(format!("expected at most 128 characters of exemplar labels, got {length}"));
    }
    one_space(cursor)?;
    number(cursor.word(), "a number as the exemplar's value")?;
    if !cursor.is_done() {
        one_space(cursor)?;
        seconds(cursor.word())?;
    }
    Ok(())
}

/// Reads name and labels up to the value, in one of the forms `a`, `a{x="1"}` and `{"a.b",x="1"}`.
fn series(cursor: &mut Cursor<'_>, format: Format) -> Result<(String, Labels), String> {
    let before = if cursor.starts_with("{") { None } else { Some(cursor.metric_name()?.to_owned()) };
    let blank = blanks(cursor, format);
    let (within, labels) = if cursor.eat("{") {
        let braces = braces(cursor, format)?;
        match format {
            Format::Text => cursor.skip_blanks(),
            Format::OpenMetrics => one_space(cursor)?,
        }
        braces
    } else if format == Format::OpenMetrics {
        one_space(cursor)?;
        (None, Vec::new())
    } else if blank || cursor.is_done() {
        (None, Vec::new())
    } else {
        return Err(cursor.expected("a blank or \"{\" behind the metric name"));
    };
    match (before, within) {
        (Some(name), None) | (None, Some(name)) => Ok((name, labels)),
        (None, None) => Err("expected a metric name, got labels only".to_owned()),
        (Some(_), Some(name)) => Err(expected("\"=\" behind a label name", &name)),
    }
}

/// Reads what stands between `{` and `}`: labels, and a metric name if it stands there in quotes.
fn braces(cursor: &mut Cursor<'_>, format: Format) -> Result<(Option<String>, Labels), String> {
    let stray = if format == Format::Text { StrayEscape::Refused } else { StrayEscape::Kept };
    let (mut name, mut labels) = (None, Vec::new());
    blanks(cursor, format);
    let mut closed = cursor.eat("}");
    while !closed {
        let quoted = cursor.starts_with("\"");
        let key = if quoted { cursor.quoted(stray)? } else { cursor.label_name()?.to_owned() };
        blanks(cursor, format);
        if cursor.eat("=") {
            blanks(cursor, format);
            labels.push((key, cursor.quoted(stray)?));
        } else if quoted && name.is_none() && labels.is_empty() && !key.is_empty() {
            name = Some(key);
        } else {
            return Err(cursor.expected("\"=\" behind a label name"));
        }
        blanks(cursor, format);
        let comma = cursor.eat(",");
        blanks(cursor, format);
        closed = (!comma || format == Format::Text) && cursor.eat("}");
        if !comma && !closed {
            return Err(cursor.expected("\",\" or \"}\" behind a label"));
        }
    }
    labels.sort_unstable();
    check_names(&labels)?;
    Ok((name, labels))
}

fn check_names(labels: &[(String, String)]) -> Result<(), String> {
    if labels.iter().any(|(name, _)| name == "__name__" || name.is_empty()) {
        return Err("expected a label name of its own, \"__name__\" is the metric's".to_owned());
    }
    match labels.iter().zip(labels.iter().skip(1)).find(|((one, _), (other, _))| one == other) {
        Some(((name, _), _)) => Err(format!("expected each label once, got {name:?} twice")),
        None => Ok(()),
    }
}

/// Skips blanks where the format allows them, and says whether there were any.
fn blanks(cursor: &mut Cursor<'_>, format: Format) -> bool {
    let any = format == Format::Text && (cursor.starts_with(" ") || cursor.starts_with("\t"));
    if any {
        cursor.skip_blanks();
    }
    any
}

fn one_space(cursor: &mut Cursor<'_>) -> Result<(), String> {
    if cursor.eat(" ") { Ok(()) } else { Err(cursor.expected("one space")) }
}

/// Reads a figure as Go and OpenMetrics do: decimal, `NaN` or a signed `Inf`, in any case.
pub(super) fn number(text: &str, what: &str) -> Result<f64, String> {
    let value: f64 = text.parse().map_err(|_| expected(what, text))?;
    let unsigned = text.trim_start_matches(['+', '-']);
    let spelled = unsigned.starts_with(|first: char| first.is_ascii_alphabetic());
    if value.is_nan() && unsigned.len() < text.len() {
        return Err(expected(what, text));
    }
    if value.is_infinite() && !spelled {
        return Err(expected("a number that fits into 64 bits", text));
    }
    Ok(value)
}

fn whole_millis(text: &str) -> Result<i64, String> {
    text.parse().map(within_calendar).map_err(|_| expected("whole milliseconds as the timestamp", text))
}

fn seconds(text: &str) -> Result<i64, String> {
    let what = "seconds as the timestamp";
    let seconds = number(text, what)?;
    if !seconds.is_finite() {
        return Err(expected(what, text));
    }
    #[expect(clippy::cast_possible_truncation, reason = "a cast saturates, and so does the calendar")]
    Ok(within_calendar((seconds * 1_000.0).round() as i64))
}

fn within_calendar(millis: i64) -> i64 {
    millis.clamp(DateTime::<Utc>::MIN_UTC.timestamp_millis(), DateTime::<Utc>::MAX_UTC.timestamp_millis())
}
