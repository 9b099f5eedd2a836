//! The recent past of each metric, for sparklines: beside the state, so that the state stays small.

use super::chronicle::series::Found;
use super::chronicle::{Chronicle, PollIndex, Series};
use super::event::{Event, Fact};
use crate::judge::{Got, Moment};
use crate::plan::{Plan, Probe, ProbeId};
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
    probes: Vec<Past>,
}

/// The past of one metric.
#[derive(Clone, Debug, Default, PartialEq)]
struct Past {
    name: String,
    query: String,
    marks: VecDeque<Mark>,
}

impl Past {
    fn of(probe: &Probe) -> Self {
        Self { name: probe.name.clone(), query: probe.query.text.clone(), marks: VecDeque::new() }
    }

    /// Whether it is the past of a probe: what another query said is another past.
    fn is_of(&self, probe: &Probe) -> bool {
        self.name == probe.name && self.query == probe.query.text
    }
}

impl Past {
    fn is_of_series(&self, series: &Series) -> bool {
        self.name == series.name && self.query == series.query
    }
}

impl History {
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        Self { probes: plan.probes.iter().map(Past::of).collect() }
    }

    /// The past as it was after so many polls of a recorded night, for the plan that was in force.
    #[must_use]
    pub fn after(plan: &Plan, chronicle: &Chronicle, polls: PollIndex) -> Self {
        let past = |probe: &Probe| {
            let mut past = Past::of(probe);
            let series = chronicle.series.list.iter().find(|series| past.is_of_series(series));
            let Some(series) = series else { return past };
            let until = series.polls.partition_point(|poll| *poll < polls);
            let mark = |at: usize| {
                let value = Some(series.highest[at]).filter(|_| series.found[at] == Found::Value);
                Mark { at: chronicle.poll_at(series.polls[at]).moment, value }
            };
            past.marks = (until.saturating_sub(KEPT)..until).map(mark).collect();
            past
        };
        Self { probes: plan.probes.iter().map(past).collect() }
    }

    /// Takes in a poll that came at a moment of the session, or a new plan; passes over every other
    /// event.
    pub fn record(&mut self, event: &Event, at: Moment) {
        let batch = match &event.fact {
            Fact::Polled(batch) => batch,
            Fact::PlanAmended { plan, .. } => return self.amend(plan),
            _ => return,
        };
        for reading in &batch.readings {
            let Some(Past { marks, .. }) = self.probes.get_mut(reading.probe.index()) else { continue };
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

    fn amend(&mut self, plan: &Plan) {
        let mut before = std::mem::take(&mut self.probes);
        let past = |probe| match before.iter().position(|past| past.is_of(probe)) {
            Some(at) => before.swap_remove(at),
            None => Past::of(probe),
        };
        self.probes = plan.probes.iter().map(past).collect();
    }

    /// The readings of a metric, oldest first.
    #[must_use]
    pub fn of(&self, probe: ProbeId) -> impl DoubleEndedIterator<Item = Mark> {
        self.probes.get(probe.index()).into_iter().flat_map(|past| &past.marks).copied()
    }
}
