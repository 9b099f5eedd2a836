//! A rehearsed night, as it went.

use crate::judge::Verdict;
use crate::session::Event;
use crate::text::Millis;
use std::fmt;

/// What happened, and what of it should not have.
#[derive(Debug, Default)]
pub struct Night {
    /// What was judged and done, for people.
    pub timeline: Vec<Told>,
    /// What did not hold; empty where everything did.
    pub failures: Vec<Failure>,
    /// The log it would have left.
    pub events: Vec<Event>,
}

/// One entry of the timeline: what was done, or the verdict from here on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub t: Millis,
    pub what: String,
    /// The verdict's reasons, worst first.
    pub reasons: Vec<String>,
}

/// Something that did not hold at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub t: Millis,
    /// The line of the scenario that its moment begins in; 0 where it is about the whole night.
    pub line: u32,
    /// What was expected and what it was, a sentence each.
    pub misses: Vec<String>,
    /// The verdict that was found instead; none where it is not about one.
    pub was: Option<Verdict>,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:>8}  {}", self.t.to_string(), self.what)?;
        self.reasons.iter().try_for_each(|reason| write!(f, "\n{:>8}    {reason}", ""))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at {}", self.t)?;
        if self.line > 0 {
            write!(f, " (line {})", self.line)?;
        }
        self.misses.iter().try_for_each(|miss| write!(f, "\n  {miss}"))?;
        let Some(was) = &self.was else { return Ok(()) };
        write!(f, "\n  it was {}{}", was.call, if was.reasons.is_empty() { ", with no reasons" } else { ":" })?;
        was.reasons.iter().try_for_each(|reason| write!(f, "\n    {reason}"))
    }
}
