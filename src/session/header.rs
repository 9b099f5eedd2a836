//! The first line of a log: all that a session needs to be understood next year.

use super::event::{read_time, write_time};
use crate::plan::Plan;
use serde::{Deserialize, Serialize};

/// The header: the plan as it was compiled and the texts it was compiled from. A session depends
/// neither on files that may change nor on a later version's reading of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// The format's version.
    pub warroom: u32,
    /// What wrote it: `warroom 0.1.0`.
    pub program: String,
    pub mode: Mode,
    pub host: String,
    /// The wall clock, unix milliseconds; RFC 3339 in the file.
    #[serde(serialize_with = "write_time", deserialize_with = "read_time")]
    pub began_at: i64,
    pub checklist: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bindings: Option<Text>,
    pub plan: Plan,
}

/// Whether the night was real.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    Live,
    Rehearsal,
}

/// A text as it was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    pub name: String,
    /// The whole path of its file, wherever a program that reads it again stands; none for a text
    /// that came with the program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    pub text: String,
}

impl Text {
    /// A text that is no file.
    #[must_use]
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), path: None, text: text.into() }
    }
}
