//! An event as its line in the log: `seq`, `at`, `mono`, `by`, `kind`, then the fact's own members.
//!
//! A long night is read in one go: a line is gone through once, from left to right, and what stands behind
//! `kind` is read as what it is. (`#[serde(tag)]` would put it all aside first, and have each type of a plan
//! read in a second way.)

use super::{Event, Fact};
use crate::text::Millis;
use chrono::DateTime;
use serde::de::value::{EnumAccessDeserializer, MapAccessDeserializer};
use serde::de::{
    DeserializeSeed, EnumAccess, Error as _, IgnoredAny, IntoDeserializer, MapAccess, Unexpected, VariantAccess,
    Visitor,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;

/// The members every event has beside its fact, as they are written.
#[derive(Serialize)]
struct Envelope<'a> {
    seq: u64,
    #[serde(serialize_with = "write_time")]
    at: i64,
    mono: Millis,
    #[serde(skip_serializing_if = "str::is_empty")]
    by: &'a str,
}

impl Event {
    /// The event as JSON object text. The log adds what chains it.
    ///
    /// # Panics
    /// Never: every member is text, a number or a list of these.
    #[must_use]
    pub fn to_json(&self) -> String {
        let envelope = Envelope { seq: self.seq, at: self.at, mono: self.mono, by: &self.by };
        let mut text = serde_json::to_string(&envelope).expect("numbers and text are JSON");
        let fact = self.fact.written();
        let (kind, members) = parts(&fact);
        text.pop();
        text.push_str(",\"kind\":\"");
        text.push_str(kind);
        text.push_str(if members == "{}" { "\"" } else { "\"," });
        text.push_str(members.strip_prefix('{').unwrap_or(members));
        text
    }

    /// Reads an event back; members it does not know are passed over.
    ///
    /// # Errors
    /// What serde says of a line that is no event this version knows.
    pub fn from_json(line: &str) -> serde_json::Result<Self> {
        serde_json::from_str(line)
    }
}

impl Fact {
    /// Its `kind`.
    ///
    /// # Panics
    /// Never: see [`Event::to_json`].
    #[must_use]
    pub fn kind(&self) -> String {
        parts(&self.written()).0.to_owned()
    }

    /// `{"noted":{"text":"…"}}`, and `"hold_released"` where a kind has no members.
    fn written(&self) -> String {
        serde_json::to_string(self).expect("numbers and text are JSON")
    }
}

/// The kind of a written fact, and its members as JSON object text.
fn parts(fact: &str) -> (&str, &str) {
    let inside = fact.strip_prefix('{').and_then(|inside| inside.strip_suffix('}')).unwrap_or(fact);
    let (kind, members) = inside.split_once(':').unwrap_or((inside, "{}"));
    (kind.trim_matches('"'), members)
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EventVisitor)
    }
}

struct EventVisitor;

impl<'de> Visitor<'de> for EventVisitor {
    type Value = Event;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an event")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Event, A::Error> {
        let mut read = Read::default();
        while let Some(Name(name)) = map.next_key()? {
            if name != "kind" {
                if !read.take(&name, &mut map)? {
                    map.next_value::<IgnoredAny>()?;
                }
                continue;
            }
            let Name(kind) = map.next_value()?;
            let rest = Rest { read: &mut read, kind, map };
            let fact = Fact::deserialize(EnumAccessDeserializer::new(rest))?;
            return read.with(fact);
        }
        Err(A::Error::missing_field("kind"))
    }
}

/// A name, in place where the line spells it plainly.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// A time, unix milliseconds.
#[derive(Deserialize)]
struct Time(#[serde(deserialize_with = "read_time")] i64);

/// The members beside the fact, as far as they have come.
#[derive(Default)]
struct Read {
    seq: Option<u64>,
    at: Option<i64>,
    mono: Option<Millis>,
    by: String,
}

impl Read {
    /// Takes a member's value where it is one of these.
    fn take<'de, A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<bool, A::Error> {
        match name {
            "seq" => self.seq = Some(map.next_value()?),
            "at" => self.at = Some(map.next_value::<Time>()?.0),
            "mono" => self.mono = Some(map.next_value()?),
            "by" => self.by = map.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn with<E: serde::de::Error>(self, fact: Fact) -> Result<Event, E> {
        let Self { seq, at, mono, by } = self;
        let seq = seq.ok_or_else(|| E::missing_field("seq"))?;
        let at = at.ok_or_else(|| E::missing_field("at"))?;
        let mono = mono.ok_or_else(|| E::missing_field("mono"))?;
        Ok(Event { seq, at, mono, by, fact })
    }
}

/// A line from its `kind` on: the kind, then the members; those that are not the fact's are kept back.
struct Rest<'r, 'de, A> {
    read: &'r mut Read,
    kind: Cow<'de, str>,
    map: A,
}

impl<'de, A: MapAccess<'de>> EnumAccess<'de> for Rest<'_, 'de, A> {
    type Error = A::Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(mut self, seed: V) -> Result<(V::Value, Self), A::Error> {
        let kind = std::mem::take(&mut self.kind);
        Ok((seed.deserialize(kind.into_deserializer())?, self))
    }
}

impl<'de, A: MapAccess<'de>> VariantAccess<'de> for Rest<'_, 'de, A> {
    type Error = A::Error;

    fn unit_variant(mut self) -> Result<(), A::Error> {
        while self.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, A::Error> {
        seed.deserialize(MapAccessDeserializer::new(self))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, A::Error> {
        // Members have names, so no fact is one.
        Err(A::Error::invalid_type(Unexpected::Map, &visitor))
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, A::Error> {
        visitor.visit_map(self)
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Rest<'_, 'de, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        while let Some(Name(name)) = self.map.next_key()? {
            if name == "kind" {
                // A line says one thing, whoever reads it.
                return Err(A::Error::duplicate_field("kind"));
            }
            if !self.read.take(&name, &mut self.map)? {
                return seed.deserialize(name.into_deserializer()).map(Some);
            }
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
pub(in crate::session) fn write_time<S: Serializer>(at: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&super::show_time(*at))
}

pub(in crate::session) fn read_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let Name(text) = Name::deserialize(deserializer)?;
    DateTime::parse_from_rfc3339(&text).map(|time| time.timestamp_millis()).map_err(D::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::ItemId;

    fn event(fact: Fact) -> Event {
        Event { seq: 7, at: 1_795_243_315_822, mono: Millis(41), by: "Ana".to_owned(), fact }
    }

    #[test]
    fn a_line_is_the_envelope_then_the_fact() {
        let ticked = event(Fact::ItemTicked { item: ItemId(3), evidence: None });
        let line = ticked.to_json();
        assert_eq!(
            line,
            r#"{"seq":7,"at":"2026-11-21T06:41:55.822Z","mono":41,"by":"Ana","kind":"item_ticked","item":3}"#
        );
        assert_eq!(Event::from_json(&line).expect("an event"), ticked);

        let released = event(Fact::HoldReleased);
        let line = released.to_json();
        assert!(line.ends_with(r#","kind":"hold_released"}"#), "{line}");
        assert_eq!(Event::from_json(&line).expect("an event"), released);
        assert_eq!((ticked.fact.kind(), released.fact.kind()), ("item_ticked".to_owned(), "hold_released".to_owned()));
    }

    #[test]
    fn a_later_version_may_add_members() {
        let line =
            r#"{"seq":1,"at":"2026-11-21T06:41:55.822Z","mono":0,"kind":"hold_released","why":"later","prev":"00"}"#;
        assert_eq!(Event::from_json(line).expect("an event").fact, Fact::HoldReleased);
    }

    #[test]
    fn the_order_of_the_members_is_the_writers_and_names_may_be_escaped() {
        let line = r#"{"seq":1,"at":"2026-11-21T06:41:55.822Z","mono":0,"later":[1],"kind":"hold\u005fset","reason":"w\u0061it","by":"\u0041na"}"#;
        let event = Event::from_json(line).expect("an event");
        assert_eq!((event.by.as_str(), event.fact), ("Ana", Fact::HoldSet { reason: "wait".to_owned() }));
    }

    #[test]
    fn a_line_says_one_thing() {
        let line = r#"{"seq":1,"at":"2026-11-21T06:41:55.822Z","mono":0,"kind":"hold_released","kind":"polled"}"#;
        let error = Event::from_json(line).expect_err("two kinds").to_string();
        assert!(error.contains("duplicate field `kind`"), "{error}");
    }

    #[test]
    fn what_is_missing_is_named() {
        let at = r#""at":"2026-11-21T06:41:55.822Z""#;
        for (line, missing) in [
            (format!(r#"{{"seq":1,{at},"mono":0}}"#), "kind"),
            (format!(r#"{{"seq":1,{at},"kind":"polled"}}"#), "mono"),
            (r#"{"seq":1,"mono":0,"kind":"hold_released"}"#.to_owned(), "at"),
            (format!(r#"{{{at},"mono":0,"kind":"polled"}}"#), "seq"),
            (format!(r#"{{"seq":1,{at},"mono":0,"kind":"hold_set"}}"#), "reason"),
        ] {
            let error = Event::from_json(&line).expect_err("no event").to_string();
            assert!(error.contains(&format!("missing field `{missing}`")), "{line}: {error}");
        }
    }
}
