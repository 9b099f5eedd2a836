//! What became of one limit over the past.

use crate::judge::{Code, GateState};
use crate::plan::{GateId, Limit};
use crate::text::Millis;
use std::collections::BTreeMap;

/// A limit held against every moment in which it counted.
#[derive(Clone, Debug)]
pub struct Tally {
    pub gate: GateId,
    pub values: Values,
    /// Confirmed breaches, each once however long.
    pub breaches: Vec<Breach>,
    /// How long the value was over the limit, confirmed or not.
    pub over: Millis,
    /// How long it could be judged.
    pub known: Millis,
    /// How long it could not, and why.
    pub unknown: BTreeMap<Code, Millis>,
    is_failing: bool,
}

/// A confirmed breach.
#[derive(Clone, Debug, PartialEq)]
pub struct Breach {
    /// When it was confirmed, unix milliseconds.
    pub at: i64,
    pub lasted: Millis,
    /// Its worst value, in the query's unit.
    pub worst: f64,
}

impl Tally {
    #[must_use]
    pub fn new(gate: GateId) -> Self {
        Self {
            gate,
            values: Values::default(),
            breaches: Vec::new(),
            over: Millis::ZERO,
            known: Millis::ZERO,
            unknown: BTreeMap::new(),
            is_failing: false,
        }
    }

    /// Takes in what the gate stands at from a moment on, for a step.
    pub(super) fn take(&mut self, at: i64, step: Millis, limit: &Limit, state: &GateState) {
        let Some(weighed) = state.weighed() else {
            if let GateState::Unknown(unknown) = state {
                *self.unknown.entry(unknown.code).or_default() += step;
            }
            return;
        };
        self.known += step;
        self.values.push(weighed.value);
        if !limit.holds(weighed.value) {
            self.over += step;
        }
        let was_failing = std::mem::replace(&mut self.is_failing, matches!(state, GateState::Failing(_)));
        match self.breaches.last_mut().filter(|_| was_failing && self.is_failing) {
            Some(breach) => {
                breach.lasted += step;
                if limit.badness(weighed.value) > limit.badness(breach.worst) {
                    breach.worst = weighed.value;
                }
            }
            None if self.is_failing => self.breaches.push(Breach { at, lasted: step, worst: weighed.value }),
            None => {}
        }
    }

    /// The share of the time it could be judged in which the value was over the limit.
    #[must_use]
    pub fn share_over(&self) -> Option<f64> {
        share(self.over, self.known)
    }

    /// The worst value that was seen.
    #[must_use]
    pub fn worst(&self, limit: &Limit) -> Option<f64> {
        self.values.0.iter().copied().max_by(|one, other| limit.badness(*one).total_cmp(&limit.badness(*other)))
    }

    /// The value that was as good or better for so large a share of the time.
    #[must_use]
    pub fn within(&self, share: f64, limit: &Limit) -> Option<f64> {
        let mut values = self.values.0.clone();
        values.sort_by(|one, other| limit.badness(*one).total_cmp(&limit.badness(*other)));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a place"
        )]
        let place = ((values.len() as f64 * share).ceil() as usize).saturating_sub(1);
        values.get(place.min(values.len().saturating_sub(1))).copied()
    }
}

/// One share of another span; none of nothing.
#[must_use]
pub fn share(part: Millis, whole: Millis) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "no past has 2^53 milliseconds")]
    let share = part.0 as f64 / whole.0 as f64;
    (!whole.is_zero()).then_some(share)
}

/// The values that a limit was held against, in the query's unit and in their order.
#[derive(Clone, Debug, Default)]
pub struct Values(Vec<f64>);

impl Values {
    fn push(&mut self, value: f64) {
        self.0.push(value);
    }

    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }
}
