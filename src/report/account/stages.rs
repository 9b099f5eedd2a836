//! The stages: what was planned, and each time one was run.

use super::{Lasted, Telling, Time};
use crate::session::chronicle::Run;
use crate::text::{Millis, number};
use serde::Serialize;

/// A stage of the plan, and where it stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Planned {
    pub name: String,
    /// Percent of the traffic.
    pub share: Option<String>,
    pub soak: Option<Lasted>,
    pub status: &'static str,
}

/// One run of a stage.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StageRun {
    pub name: String,
    pub status: &'static str,
    pub started: Time,
    pub moved: Option<Time>,
    pub ended: Option<Time>,
    /// From the decision until the traffic had moved.
    pub shifting: Option<Lasted>,
    /// Clean time that the plan asks for.
    pub planned: Option<Lasted>,
    /// From when the traffic had moved to the end, or until now.
    pub taken: Option<Lasted>,
    /// How much longer than planned it took.
    pub over: Option<Lasted>,
    /// Clean time that was earned.
    pub earned: Lasted,
    pub resets: u32,
}

impl Telling<'_> {
    pub(super) fn planned(&self) -> Vec<Planned> {
        let state = self.night.state;
        let stages = state.plan().stages.iter().zip(&state.ramp.stages);
        stages
            .map(|(stage, track)| Planned {
                name: stage.name.clone(),
                share: stage.share.map(|share| format!("{} %", number::show(share))),
                soak: stage.soak.map(Lasted::from),
                status: track.status.word(),
            })
            .collect()
    }

    pub(super) fn stage_runs(&self) -> Vec<StageRun> {
        let runs = self.night.chronicle.runs.iter();
        let told = runs.filter(|run| self.part.touches(run.started.moment, run.ended.map(|ended| ended.moment)));
        told.map(|run| self.stage_run(run)).collect()
    }

    fn stage_run(&self, run: &Run) -> StageRun {
        let end = run.ended.map_or(self.part.until, |ended| ended.moment);
        let taken = run.moved.map(|moved| end.since(moved.moment));
        let over = taken.zip(run.planned).map(|(taken, planned)| taken - planned);
        StageRun {
            name: run.name.clone(),
            status: run.status.word(),
            started: Time::of(run.started),
            moved: run.moved.map(Time::of),
            ended: run.ended.map(Time::of),
            shifting: run.moved.map(|moved| Lasted::from(moved.moment.since(run.started.moment))),
            planned: run.planned.map(Lasted::from),
            taken: taken.map(Lasted::from),
            over: over.filter(|over| *over > Millis::ZERO).map(Lasted::from),
            earned: Lasted::from(run.earned),
            resets: run.resets,
        }
    }
}
