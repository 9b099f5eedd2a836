//! What the checklist wants signed and scored before the ramp begins.

use super::ramp::Ramp;
use crate::plan::Plan;

/// What was signed and scored so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prepared {
    /// Beside the plan's sign-offs: whether somebody has signed.
    pub signed: Vec<bool>,
    /// The weighted score; none while a category has not been scored.
    pub score: Option<f64>,
    /// So many categories have been scored.
    pub scored: usize,
}

/// Weighted sums are this exact: eight out of ten in every category are eight out of ten.
const EXACT: f64 = 1e-9;

impl Ramp {
    /// The sign-offs that must be there before the start and are not. A ticked box is a signature.
    pub fn missing_sign_offs<'r>(&'r self, plan: &'r Plan) -> impl Iterator<Item = &'r crate::plan::SignOff> {
        let signed = |at: usize| self.prepared.signed.get(at).copied().unwrap_or_default();
        let ticked = |line: u32| plan.items.iter().zip(&self.done).any(|(item, done)| *done && item.line == line);
        let wanted = plan.sign_offs.iter().enumerate().filter(|(_, sign_off)| sign_off.before_start);
        wanted.filter(move |(at, sign_off)| !signed(*at) && !ticked(sign_off.line)).map(|(_, sign_off)| sign_off)
    }

    /// The score that must be reached before the start, where it is not.
    #[must_use]
    pub fn missing_score(&self, plan: &Plan) -> Option<f64> {
        let least = plan.minimum_score.filter(|_| !plan.scores.is_empty())?;
        let is_reached = self.prepared.score.is_some_and(|score| score + EXACT >= least);
        (!is_reached).then_some(least)
    }
}
