//! A gate: a condition that must hold for its stage to go on.

use super::base::{self, InForce};
use super::breach::{Breach, Standing};
use super::evidence::{Known, Rule};
use super::silence::Silence;
use super::{Code, Moment, Unknown, Weighed};
use crate::plan::{Gate, Limit};

/// What a gate stands at.
#[derive(Clone, Debug, PartialEq)]
pub enum GateState {
    Pass(Weighed),
    /// Over the limit, not confirmed.
    Breaching(Weighed),
    /// Over the limit, confirmed.
    Failing(Weighed),
    Unknown(Unknown),
}

impl GateState {
    /// The word of scenario files and screens.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Pass(_) => "pass",
            Self::Breaching(_) => "breaching",
            Self::Failing(_) => "failing",
            Self::Unknown(_) => "unknown",
        }
    }

    /// The value it was judged on, where there is one.
    #[must_use]
    pub const fn weighed(&self) -> Option<&Weighed> {
        match self {
            Self::Pass(weighed) | Self::Breaching(weighed) | Self::Failing(weighed) => Some(weighed),
            Self::Unknown(_) => None,
        }
    }
}

/// A gate set aside by a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    pub by: String,
    pub reason: String,
    /// It ends with its stage, or at this moment.
    pub until: Option<Moment>,
}

/// A gate over time.
#[derive(Clone, Debug, PartialEq)]
pub struct GateTrack {
    pub state: GateState,
    pub breach: Breach,
    /// The limit as it was when it was last judged.
    pub in_force: Option<InForce>,
    /// Over the hard limit, on evidence that is fresh now.
    pub hard: bool,
    /// It was failing when it was last seen, and cannot be seen now.
    pub last_known_failing: bool,
    /// It has passed on fresh data since the stage became active.
    pub proven: bool,
    pub waiver: Option<Waiver>,
    silence: Silence,
}

/// A gate's limits as they are now.
#[derive(Clone, Copy, Debug)]
struct Limits {
    pass: Limit,
    hard: Option<Limit>,
}

impl Default for GateTrack {
    fn default() -> Self {
        Self {
            state: GateState::Unknown(Unknown { code: Code::NoData, detail: "not read yet".to_owned() }),
            breach: Breach::default(),
            in_force: None,
            hard: false,
            last_known_failing: false,
            proven: false,
            waiver: None,
            silence: Silence::default(),
        }
    }
}

impl GateTrack {
    /// Judges the gate on what is known at a moment. In warm-up a value over the limit is shown
    /// and never confirmed: its window still holds the stage before.
    pub fn judge(&mut self, gate: &Gate, known: Known<'_>, warming: bool) {
        if self.waiver.as_ref().is_some_and(|waiver| waiver.until.is_some_and(|until| known.now >= until)) {
            self.waiver = None;
        }
        self.state = match self.weigh(gate, known) {
            Ok((limits, weighed)) => {
                let ambiguous = base::ambiguous(&limits.pass, &weighed, known);
                let ambiguous = ambiguous.filter(|_| gate.pass.relative.is_none());
                let state = self.stand(gate, limits, weighed, warming, known.now);
                match ambiguous {
                    Some(unknown) if !self.hard => {
                        // What both versions share confirms nothing against the new one.
                        self.breach.forget();
                        GateState::Unknown(unknown)
                    }
                    _ => state,
                }
            }
            Err(unknown) => {
                self.hard = false;
                self.breach.blind();
                self.last_known_failing |= matches!(self.state, GateState::Failing(_));
                GateState::Unknown(unknown)
            }
        };
    }

    fn weigh(&mut self, gate: &Gate, known: Known<'_>) -> Result<(Limits, Weighed), Unknown> {
        let in_force = base::in_force(gate.pass, known)?;
        let limit = in_force.limit;
        self.in_force = Some(in_force);
        // Whether there is a disaster must be known, too.
        let hard = gate.hard.map(|hard| base::in_force(hard, known)).transpose()?;
        if let Some(sample) = known.sample() {
            self.silence.learn(Rule::Pass(&limit), sample);
        }
        let weighed = known.weigh(Rule::Pass(&limit), &self.silence)?;
        Ok((Limits { pass: limit, hard: hard.map(|hard| hard.limit) }, weighed))
    }

    fn stand(&mut self, gate: &Gate, limits: Limits, weighed: Weighed, warming: bool, now: Moment) -> GateState {
        self.last_known_failing = false;
        self.hard = limits.hard.is_some_and(|hard| hard.holds(weighed.value));
        let over = !limits.pass.holds(weighed.value);
        match self.breach.observe(&weighed, over, gate.hold, now) {
            Standing::Within => GateState::Pass(weighed),
            Standing::Confirmed if !warming || self.hard => GateState::Failing(weighed),
            _ if self.hard => GateState::Failing(weighed),
            _ => GateState::Breaching(weighed),
        }
    }

    /// Says, once a breach, that it is confirmed. One that outlives its waiver is news again.
    pub fn take_confirmed(&mut self, warming: bool) -> bool {
        if self.waiver.is_some() && !self.hard {
            self.breach.untell();
            return false;
        }
        matches!(self.state, GateState::Failing(_)) && !warming && self.breach.tell()
    }

    /// Forgets the stage before: readings from before the traffic moved do not count.
    pub fn enter_stage(&mut self) {
        self.breach.forget();
        self.proven = false;
        self.last_known_failing = false;
        if let GateState::Failing(weighed) = &self.state {
            self.state = GateState::Breaching(weighed.clone());
        }
    }

    /// Whether the gate stands in nobody's way: it passes, or is waived and no disaster.
    #[must_use]
    pub const fn is_clean(&self, gate: &Gate) -> bool {
        match self.state {
            GateState::Pass(_) => true,
            GateState::Breaching(_) | GateState::Failing(_) => self.waiver.is_some() && !self.hard,
            GateState::Unknown(_) => !self.is_unknown(gate),
        }
    }

    /// Whether its state is not known and must be. A waiver sets the gate aside, not its hard
    /// limit: what cannot be seen may be a disaster. What both versions share has been seen, and is none.
    #[must_use]
    pub const fn is_unknown(&self, gate: &Gate) -> bool {
        match &self.state {
            GateState::Unknown(unknown) => {
                let may_be_hard = gate.hard.is_some() && !matches!(unknown.code, Code::Ambiguous);
                self.waiver.is_none() || may_be_hard
            }
            GateState::Pass(_) | GateState::Breaching(_) | GateState::Failing(_) => false,
        }
    }

    /// The word of scenario files and screens, waivers included.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        if self.waiver.is_some() { "waived" } else { self.state.word() }
    }
}
