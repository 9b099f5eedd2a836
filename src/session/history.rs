//! The recent past of each metric, for sparklines: beside the state, so that the state stays small.

use super::event::{Event, Fact};
use crate::judge::{Got, Moment};
use crate::plan::{Plan, ProbeId};
use std::collections::VecDeque;

/// So many readings of each metric are kept: an hour at a reading every five seconds.
const KEPT: usize = 720;

/// One reading: a value in the query's unit, or none where nothing was known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    pub at: Moment,
    pub value: Option<f64>,
}

/// The readings of each metric, oldest first.
#[derive(Clone, Debug, PartialEq)]
pub struct History {
    probes: Vec<VecDeque<Mark>>,
}

impl History {
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        Self { probes: vec![VecDeque::new(); plan.probes.len()] }
    }

    /// Takes in a poll that came at a moment of the session; passes over every other event.
    pub fn record(&mut self, event: &Event, at: Moment) {
        let Fact::Polled(batch) = &event.fact else { return };
        for reading in &batch.readings {
            let Some(marks) = self.probes.get_mut(reading.probe.index()) else { continue };
            if marks.len() == KEPT {
                marks.pop_front();
            }
            let value = match &reading.got {
                Got::Sample(sample) => Some(sample.value),
                Got::Miss(_) => None,
            };
            marks.push_back(Mark { at, value });
        }
    }

    /// The readings of a metric, oldest first.
    #[must_use]
    pub fn of(&self, probe: ProbeId) -> impl DoubleEndedIterator<Item = Mark> {
        self.probes.get(probe.index()).into_iter().flatten().copied()
    }
}
