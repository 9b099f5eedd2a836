//! Where a session stands, in one line or as data.

use super::company::People;
use super::live::Disk;
use super::{Live, silence};
use crate::clock::Stamp;
use crate::judge::{Call, Outcome};
use crate::session::Mode;
use crate::session::event::show_time;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A session at a moment. The names are those of `warroom status --format json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Status {
    pub title: String,
    pub mode: Mode,
    pub verdict: Call,
    pub reasons: Vec<Why>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// How it was closed; none while it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    pub items: Items,
    pub people: People,
    pub events: u64,
    /// Events up to this one are on disk.
    pub saved: u64,
    /// Why the log cannot be written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_saved: Option<String>,
    /// The last event, as the log writes times.
    pub at: String,
}

/// One reason of the verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Why {
    pub code: String,
    pub subject: String,
    pub text: String,
}

/// The current stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    pub name: String,
    pub status: String,
    /// The clean time it has earned, and the one it needs.
    pub clean_seconds: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub soak_seconds: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Items {
    pub done: usize,
    pub all: usize,
    /// Those that stand against GO now.
    pub open: usize,
}

impl Status {
    /// What is live, looked at now. A word that is too old is no GO.
    #[must_use]
    pub fn of(live: &Live, now: Stamp) -> Self {
        let ramp = &live.state.ramp;
        let verdict = silence::over(live, now, live.verdict.clone());
        let stage = ramp.current.map(|id| {
            let (stage, track) = (live.plan.stage(id), &ramp.stages[id.index()]);
            let left = track.soak_left(stage, ramp.now);
            Stage {
                name: stage.name.clone(),
                status: track.status.word().to_owned(),
                clean_seconds: stage.soak.map_or(0, |soak| (soak - left).as_secs()),
                soak_seconds: stage.soak.map(crate::text::Millis::as_secs),
            }
        });
        let why = |reason: &crate::judge::Reason| Why {
            code: reason.code.to_string(),
            subject: reason.subject.clone(),
            text: reason.text.clone(),
        };
        Self {
            title: live.plan.title.clone(),
            mode: live.header.mode,
            verdict: verdict.call,
            reasons: verdict.reasons.iter().map(why).collect(),
            stage,
            outcome: live.state.outcome,
            items: Items {
                done: ramp.done.iter().filter(|done| **done).count(),
                all: live.plan.items.len(),
                open: ramp.open_items(&live.plan).count(),
            },
            people: live.company.people.clone(),
            events: live.state.seq,
            saved: live.saved,
            not_saved: match &live.disk {
                Disk::Failing { why, .. } => Some(why.clone()),
                Disk::Fine | Disk::Slow => None,
            },
            at: show_time(live.state.at),
        }
    }
}

/// One line, for a status bar: `HOLD 25% 03:48/10:00 soaking: 06:12 left (+1) · Ana, Ben`.
impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.mode == Mode::Rehearsal {
            f.write_str("REHEARSAL ")?;
        }
        match self.outcome {
            Some(outcome) => write!(f, "CLOSED {}", outcome.word())?,
            None => f.write_str(self.verdict.word())?,
        }
        if self.not_saved.is_some() {
            f.write_str(" NOT SAVED")?;
        }
        if let Some(stage) = &self.stage {
            write!(f, " {}", stage.name)?;
            if let Some(soak) = stage.soak_seconds {
                write!(f, " {}/{}", clock(stage.clean_seconds), clock(soak))?;
            }
        }
        if let (Some(first), None) = (self.reasons.first(), self.outcome) {
            write!(f, " {}", first.text)?;
            if self.reasons.len() > 1 {
                write!(f, " (+{})", self.reasons.len() - 1)?;
            }
        }
        self.people.say().map_or(Ok(()), |people| write!(f, " · {people}"))
    }
}

fn clock(seconds: u64) -> String {
    crate::text::Millis::from_secs(seconds).clock()
}
