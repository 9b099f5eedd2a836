//! What each gate stood at where it counted: the value it was judged on, and its breaches.

use super::{Instant, PollIndex};
use crate::judge::GateState;
use crate::plan::{Gate, GateId, Limit, Plan, StageId};
use crate::session::state::State;

/// What a gate stood at, one byte each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Pass,
    Breaching,
    Failing,
    Unknown,
}

impl Standing {
    const fn of(state: &GateState) -> Self {
        match state {
            GateState::Pass(_) => Self::Pass,
            GateState::Breaching(_) => Self::Breaching,
            GateState::Failing(_) => Self::Failing,
            GateState::Unknown(_) => Self::Unknown,
        }
    }

    const fn is_over(self) -> bool {
        matches!(self, Self::Breaching | Self::Failing)
    }
}

/// One gate under one limit, poll by poll, in the stages in which it counts.
#[derive(Clone, Debug)]
pub struct Judged {
    pub name: String,
    pub limit: Limit,
    pub polls: Vec<PollIndex>,
    /// Which run of a stage it was in, counted from the first.
    pub runs: Vec<u32>,
    /// The value it was judged on; not a number where nothing was known.
    pub values: Vec<f64>,
    pub standings: Vec<Standing>,
}

/// A gate on the wrong side of its limit, from one poll to the one that found it well again.
#[derive(Clone, Debug, PartialEq)]
pub struct Breach {
    /// The place of its gate in [`AllJudged::list`].
    pub gate: usize,
    pub stage: StageId,
    pub from: Instant,
    /// None while it goes on.
    pub until: Option<Instant>,
    pub worst: f64,
    /// The labels of the worst series.
    pub labels: String,
    /// It lasted long enough to be believed.
    pub is_confirmed: bool,
}

/// The gates of a night. One whose limit changed has an entry for each limit.
#[derive(Clone, Debug, Default)]
pub struct AllJudged {
    pub list: Vec<Judged>,
    pub breaches: Vec<Breach>,
    /// Of each gate of the plan in force.
    current: Vec<usize>,
    /// The breach that each entry of the list is in.
    open: Vec<Option<usize>>,
    runs: u32,
    stage: Option<(StageId, Option<crate::judge::Moment>)>,
}

impl Judged {
    fn is_of(&self, gate: &Gate) -> bool {
        self.name == gate.name && self.limit == gate.pass
    }
}

impl AllJudged {
    pub(super) fn adopt(&mut self, plan: &Plan) {
        self.current.clear();
        for gate in &plan.gates {
            let known = self.list.iter().position(|judged| judged.is_of(gate));
            self.current.push(known.unwrap_or(self.list.len()));
            if known.is_none() {
                let (name, limit) = (gate.name.clone(), gate.pass);
                let (polls, runs, values, standings) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
                self.list.push(Judged { name, limit, polls, runs, values, standings });
                self.open.push(None);
            }
        }
    }

    pub(super) fn record(&mut self, poll: PollIndex, now: Instant, state: &State) {
        let ramp = &state.ramp;
        let Some(stage) = ramp.current else { return };
        let here = Some((stage, ramp.stages[stage.index()].started_at));
        if self.stage != here {
            self.stage = here;
            self.runs += 1;
            self.end_all(now);
        }
        for gate in ramp.counting_gates(state.plan()) {
            self.take(gate, &ramp.gates[gate.index()].state, poll, now, stage);
        }
    }

    fn take(&mut self, gate: GateId, state: &GateState, poll: PollIndex, now: Instant, stage: StageId) {
        let Some(at) = self.current.get(gate.index()).copied() else { return };
        let standing = Standing::of(state);
        let judged = &mut self.list[at];
        let value = state.weighed().map_or(f64::NAN, |weighed| weighed.value);
        judged.polls.push(poll);
        judged.runs.push(self.runs.saturating_sub(1));
        judged.values.push(value);
        judged.standings.push(standing);
        match (self.open[at], state.weighed()) {
            (None, Some(weighed)) if standing.is_over() => {
                self.open[at] = Some(self.breaches.len());
                self.breaches.push(Breach {
                    gate: at,
                    stage,
                    from: now,
                    until: None,
                    worst: value,
                    labels: weighed.labels.clone(),
                    is_confirmed: standing == Standing::Failing,
                });
            }
            (Some(open), Some(weighed)) if standing.is_over() => {
                let breach = &mut self.breaches[open];
                breach.is_confirmed |= standing == Standing::Failing;
                if judged.limit.badness(value) > judged.limit.badness(breach.worst) {
                    breach.worst = value;
                    breach.labels.clone_from(&weighed.labels);
                }
            }
            // Not knowing ends no breach: only a good value does.
            (Some(open), Some(_)) => {
                self.breaches[open].until = Some(now);
                self.open[at] = None;
            }
            _ => {}
        }
    }

    fn end_all(&mut self, now: Instant) {
        for open in self.open.iter_mut().filter_map(Option::take) {
            self.breaches[open].until = Some(now);
        }
    }
}
