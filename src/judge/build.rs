//! The build that runs: one that changes under our feet is not the one that was judged.

use super::evidence::{self, Known};
use super::{Code, Got, Unknown};
use crate::plan::Build;

/// The build over time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BuildTrack {
    /// What ran when the ramp began, or was first seen after that.
    before: Option<Vec<String>>,
    state: Option<BuildState>,
    /// What has set the soak to zero for not being the build that was expected.
    counted: Option<Vec<String>>,
}

/// What the build stands at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BuildState {
    /// It runs as expected.
    Same {
        running: Vec<String>,
    },
    /// Another one runs, or another one beside it.
    Other {
        running: Vec<String>,
        expected: Vec<String>,
    },
    Unknown(Unknown),
}

impl BuildTrack {
    /// Judges what is known of it; before the start whatever runs is what will be expected, unless
    /// the plan says more.
    pub fn judge(&mut self, build: &Build, known: Known<'_>, started: bool) {
        self.state = Some(match running(known) {
            Err(unknown) => BuildState::Unknown(unknown),
            Ok(running) => {
                if !started || self.before.is_none() {
                    self.before = Some(running.clone());
                }
                let expected = build.expected.clone().map(|version| vec![version]).or_else(|| self.before.clone());
                match expected {
                    Some(expected) if expected != running => BuildState::Other { running, expected },
                    _ => BuildState::Same { running },
                }
            }
        });
        if matches!(self.state, Some(BuildState::Same { .. })) {
            self.counted = None;
        }
    }

    /// Says, once a build, that it is not the one that was expected.
    pub fn take_confirmed(&mut self) -> bool {
        match &self.state {
            Some(BuildState::Other { running, .. }) if self.counted.as_ref() != Some(running) => {
                self.counted = Some(running.clone());
                true
            }
            _ => false,
        }
    }

    /// What it stands at; none where the plan watches none.
    #[must_use]
    pub const fn state(&self) -> Option<&BuildState> {
        self.state.as_ref()
    }
}

fn running(known: Known<'_>) -> Result<Vec<String>, Unknown> {
    let Some(seen) = known.seen else {
        return Err(Unknown { code: Code::NoData, detail: "not read yet".to_owned() });
    };
    match &seen.reading.got {
        Got::Miss(miss) => Err(Unknown::from(miss)),
        Got::Sample(sample) => {
            evidence::fresh(known.probe, seen, sample, known.now, || sample.texts.join(", "))?;
            Ok(sample.texts.clone())
        }
    }
}
