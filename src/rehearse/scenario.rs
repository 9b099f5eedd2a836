//! The scenario file: a plan, its bindings, and moments with readings, commands and expectations.

use super::expect::Expect;
use super::invalid::{Document, Invalid, Place, Problem};
use crate::order;
use crate::plan::position::Lines;
use crate::text::{Millis, duration};
use serde::{Deserialize, Deserializer, de::Error as _};
use std::collections::BTreeMap;
use std::sync::Arc;
use toml::Spanned;

/// One scenario file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// The story in one sentence.
    pub about: String,
    /// The checklist's text, or a file's name.
    #[serde(deserialize_with = "document")]
    pub plan: Document,
    /// The bindings' text, or a file's name.
    #[serde(default, deserialize_with = "optional_document")]
    pub bindings: Option<Document>,
    /// Overrides the sources' `every`.
    #[serde(default, deserialize_with = "optional_span")]
    pub poll: Option<Millis>,
    /// In the order of their times.
    #[serde(default, rename = "at")]
    pub moments: Vec<Spanned<At>>,
    /// The scenario as it was written.
    #[serde(skip)]
    pub(super) place: Place,
}

/// One moment of the night.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct At {
    /// Since the session began.
    #[serde(deserialize_with = "span")]
    pub t: Millis,
    /// What the metrics read from here on.
    #[serde(default)]
    pub readings: BTreeMap<String, Spec>,
    /// What the health endpoints say from here on.
    #[serde(default)]
    pub health: BTreeMap<String, HealthSpec>,
    /// Which alerts fire from here on.
    #[serde(default)]
    pub alerts: Option<AlertsSpec>,
    /// The process does not run for this long.
    #[serde(default, deserialize_with = "optional_span")]
    pub sleep: Option<Millis>,
    /// The process dies and is resumed from its log after this long.
    #[serde(default, deserialize_with = "optional_span")]
    pub crash: Option<Millis>,
    /// What the checklist's file says from here on; `reload` takes it.
    #[serde(default, deserialize_with = "optional_document")]
    pub plan: Option<Document>,
    /// What the bindings' file says from here on.
    #[serde(default, deserialize_with = "optional_document")]
    pub bindings: Option<Document>,
    /// Commands, in order.
    #[serde(default, rename = "do")]
    pub commands: Vec<String>,
    #[serde(default)]
    pub expect: Option<Expect>,
}

/// What a metric reads.
#[derive(Clone, Debug, PartialEq)]
pub struct Spec {
    pub value: ValueSpec,
    /// How old the data is at each poll, milliseconds; negative for data from the future.
    pub age: i64,
    /// The rate of what it was computed from.
    pub traffic: Option<f64>,
    /// What the old version reads beside it.
    pub baseline: Option<f64>,
}

/// A value, or why there is none.
#[derive(Clone, Debug, PartialEq)]
pub enum ValueSpec {
    Number(f64),
    Nan,
    Infinite,
    Empty,
    Down,
    Error(String),
    Warning(String),
    Series(BTreeMap<String, ValueSpec>),
    /// What a label says, where it is not a number that is read: `build = "v2.1.1"`.
    Text(String),
}

/// How a reading is written.
pub const READING: &str = "a reading is a number, \"nan\", \"inf\", \"-inf\", \"empty\", \"down\", \"error: TEXT\", \
                           \"warning: TEXT\" or a table";

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HealthSpec {
    Up,
    Slow,
    Down,
}

/// Which alerts fire: a list of names; or why nobody can tell, as a reading says it.
#[derive(Clone, Debug, PartialEq)]
pub enum AlertsSpec {
    Firing(Vec<String>),
    Unknown(ValueSpec),
}

impl<'de> Deserialize<'de> for AlertsSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let expected = "alerts are a list of names, \"down\", \"error: TEXT\" or \"warning: TEXT\"";
        match toml::Value::deserialize(deserializer)? {
            toml::Value::Array(names) => {
                let names = names.iter().map(|name| name.as_str().map(str::to_owned));
                names.collect::<Option<_>>().map(Self::Firing).ok_or_else(|| D::Error::custom(expected))
            }
            value => match ValueSpec::read(&value) {
                Ok(why @ (ValueSpec::Down | ValueSpec::Error(_) | ValueSpec::Warning(_))) => Ok(Self::Unknown(why)),
                _ => Err(D::Error::custom(expected)),
            },
        }
    }
}

impl Scenario {
    /// Reads a scenario; `read` gives the text of a file that it names.
    ///
    /// # Errors
    /// What is no scenario, by line and column, or what `read` says.
    pub fn parse(text: &str, read: &dyn Fn(&str) -> Result<String, String>) -> Result<Self, Invalid> {
        let place = Place { file: None, text: Arc::from(text) };
        let mut scenario: Self = toml::from_str(text)
            .map_err(|error| Problem::new(place.clone(), error.span(), error.message().replace('\n', ", ")))?;
        for document in scenario.documents() {
            document.fetch(read).map_err(|error| Problem::new(place.clone(), Some(document.value.clone()), error))?;
        }
        scenario.place = place;
        order::by_key(&mut scenario.moments, |at| at.get_ref().t);
        scenario.check()?;
        Ok(scenario)
    }

    /// Every text that may be a file's name.
    fn documents(&mut self) -> impl Iterator<Item = &mut Document> {
        let later = self.moments.iter_mut().map(Spanned::get_mut);
        let later = later.flat_map(|at| at.plan.iter_mut().chain(&mut at.bindings));
        std::iter::once(&mut self.plan).chain(&mut self.bindings).chain(later)
    }

    /// An expectation that no verdict could meet, or miss, is a slip.
    fn check(&self) -> Result<(), Invalid> {
        let slips = self.moments.iter().flat_map(|at| {
            let slips = at.get_ref().expect.iter().flat_map(Expect::slips);
            slips.map(|slip| self.problem_at(at, slip))
        });
        let problems: Vec<Problem> = slips.collect();
        if problems.is_empty() { Ok(()) } else { Err(Invalid { problems }) }
    }

    /// A problem of a moment.
    pub(super) fn problem_at(&self, at: &Spanned<At>, message: String) -> Problem {
        Problem::new(self.place.clone(), Some(at.span()), message)
    }

    /// The line that a moment begins in.
    pub(super) fn line_of(&self, at: &Spanned<At>) -> u32 {
        Lines::new(&self.place.text).line(at.span().start)
    }
}

impl Document {
    /// Puts the text of the file it names in its place; one line is a name unless it is a heading.
    fn fetch(&mut self, read: &dyn Fn(&str) -> Result<String, String>) -> Result<(), String> {
        let text = self.text.trim();
        if text.is_empty() || text.starts_with('#') || self.text.contains('\n') {
            return Ok(());
        }
        let text = read(text)?;
        self.file = Some(std::mem::replace(&mut self.text, text));
        Ok(())
    }
}

fn document<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Document, D::Error> {
    let value = Spanned::<String>::deserialize(deserializer)?;
    Ok(Document { value: value.span(), file: None, text: value.into_inner() })
}

fn optional_document<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Document>, D::Error> {
    document(deserializer).map(Some)
}

fn span<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Millis, D::Error> {
    duration::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
}

fn optional_span<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Millis>, D::Error> {
    span(deserializer).map(Some)
}

impl<'de> Deserialize<'de> for Spec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::read(toml::Value::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl Spec {
    fn read(value: toml::Value) -> Result<Self, String> {
        let toml::Value::Table(mut table) = value else {
            return Ok(Self { value: ValueSpec::read(&value)?, age: 0, traffic: None, baseline: None });
        };
        let age = table.remove("age").map(|age| signed_span(&age)).transpose()?.unwrap_or(0);
        let traffic = table.remove("traffic").map(|rate| number(&rate).ok_or("traffic is a number")).transpose()?;
        let baseline =
            table.remove("baseline").map(|value| number(&value).ok_or("a baseline is a number")).transpose()?;
        let value = match (table.remove("value"), table.remove("series")) {
            (Some(value), None) => ValueSpec::read(&value)?,
            (None, Some(toml::Value::Table(series))) => {
                let mut read = BTreeMap::new();
                for (name, value) in series {
                    read.insert(name, ValueSpec::read(&value)?);
                }
                ValueSpec::Series(read)
            }
            _ => return Err("a reading's table has either a value or a table of series".to_owned()),
        };
        match table.keys().next() {
            Some(unknown) => {
                Err(format!("a reading has no \"{unknown}\": expected value, series, age, traffic, baseline"))
            }
            None => Ok(Self { value, age, traffic, baseline }),
        }
    }
}

impl ValueSpec {
    fn read(value: &toml::Value) -> Result<Self, String> {
        if let Some(number) = number(value) {
            return Ok(if number.is_nan() {
                Self::Nan
            } else if number.is_infinite() {
                Self::Infinite
            } else {
                Self::Number(number)
            });
        }
        let text = value.as_str().ok_or(READING)?;
        Ok(match (text, text.split_once(':')) {
            ("nan", _) => Self::Nan,
            ("inf" | "+inf" | "-inf", _) => Self::Infinite,
            ("empty", _) => Self::Empty,
            ("down", _) => Self::Down,
            (_, Some(("error", detail))) => Self::Error(detail.trim().to_owned()),
            (_, Some(("warning", detail))) => Self::Warning(detail.trim().to_owned()),
            _ => Self::Text(text.to_owned()),
        })
    }
}

fn number(value: &toml::Value) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "a scenario's figures are far below 2^53")]
    value.as_float().or_else(|| value.as_integer().map(|integer| integer as f64))
}

fn signed_span(value: &toml::Value) -> Result<i64, String> {
    let text = value.as_str().ok_or("an age is a duration such as \"4m\"")?;
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let span = duration::parse(text)?;
    Ok(sign * i64::try_from(span.0).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(text: &str) -> Result<Spec, String> {
        #[derive(Deserialize)]
        struct File {
            spec: Spec,
        }
        toml::from_str::<File>(&format!("spec = {text}")).map(|file| file.spec).map_err(|error| error.to_string())
    }

    #[test]
    fn readings_are_written_in_many_ways() {
        let plain = |value| Spec { value, age: 0, traffic: None, baseline: None };
        assert_eq!(spec("3"), Ok(plain(ValueSpec::Number(3.0))));
        assert_eq!(spec("\"nan\""), Ok(plain(ValueSpec::Nan)));
        assert_eq!(spec("\"error: bad query\""), Ok(plain(ValueSpec::Error("bad query".to_owned()))));
        let old = Spec { value: ValueSpec::Number(0.02), age: 240_000, traffic: Some(12.0), baseline: Some(0.01) };
        assert_eq!(spec("{ value = 0.02, age = \"4m\", traffic = 12, baseline = 0.01 }"), Ok(old));
    }

    #[test]
    fn what_is_no_reading_is_refused_with_what_was_expected() {
        assert!(spec("true").expect_err("no reading").contains("\"empty\""));
        assert!(spec("{ value = 1, old = 2 }").expect_err("no reading").contains("no \"old\""));
    }
}
