//! The gates: the worst value that each was judged on, in each stage in which it counted.

use super::{Telling, Time};
use crate::session::chronicle::Judged;
use serde::Serialize;

/// A gate, told.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GateLine {
    pub name: String,
    /// `< 0.1 %`.
    pub limit: String,
    /// The worst of each run of a stage.
    pub stages: Vec<Worst>,
    /// The worst of all.
    pub worst: Option<Worst>,
    /// Readings on which it was judged, and those on which nothing was known.
    pub readings: usize,
    pub unknown: usize,
}

/// The worst value of a gate in one run of a stage.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Worst {
    pub stage: String,
    /// In the limit's unit: `0.043 %`.
    pub text: String,
    /// In the query's unit.
    pub value: f64,
    pub when: Time,
    /// Whether it was on the right side of the limit.
    pub holds: bool,
}

impl Telling<'_> {
    pub(super) fn gate_lines(&self) -> Vec<GateLine> {
        self.night.chronicle.judged.list.iter().map(|judged| self.gate_line(judged)).collect()
    }

    fn gate_line(&self, judged: &Judged) -> GateLine {
        let chronicle = self.night.chronicle;
        let told = |at: &usize| self.part.holds(chronicle.poll_at(judged.polls[*at]).moment);
        let places: Vec<usize> = (0..judged.polls.len()).filter(told).collect();
        let known = || places.iter().copied().filter(|at| judged.values[*at].is_finite());
        let worst_of = |places: &mut dyn Iterator<Item = usize>| {
            let badness = |at: usize| judged.limit.badness(judged.values[at]);
            // The first of those that are equally bad.
            let worst = places.reduce(|worst, at| if badness(at) > badness(worst) { at } else { worst });
            worst.map(|at| self.worst(judged, at))
        };
        let mut stages = Vec::new();
        for run in 0..u32::try_from(chronicle.runs.len()).unwrap_or(0) {
            stages.extend(worst_of(&mut known().filter(|at| judged.runs[*at] == run)));
        }
        GateLine {
            name: judged.name.clone(),
            limit: judged.limit.to_string(),
            stages,
            worst: worst_of(&mut known()),
            readings: known().count(),
            unknown: places.len() - known().count(),
        }
    }

    fn worst(&self, judged: &Judged, at: usize) -> Worst {
        let value = judged.values[at];
        let run = self.night.chronicle.runs.get(judged.runs[at] as usize);
        Worst {
            stage: run.map(|run| run.name.clone()).unwrap_or_default(),
            text: judged.limit.show(value),
            value,
            when: Time::of(self.night.chronicle.poll_at(judged.polls[at])),
            holds: judged.limit.holds(value),
        }
    }
}
