//! How ready a team says it is: `score Security: 8`, and what that adds up to.

use super::{Entry, Name, Paper, Record};
use crate::plan::{Plan, ScoreId};
use crate::session::command::Word;
use crate::session::command::word::By;
use crate::session::decide::{Case, Refusal, not_now};
use crate::session::event::{Event, Fact};
use crate::session::state::State;
use crate::text::number;
use serde::{Deserialize, Serialize};

pub static SCORE: Word = Word::said("score CATEGORY: N", "say how ready a category is", By::Name, score);

/// A category was scored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scored {
    pub score: ScoreId,
    pub points: f64,
}

fn score(case: &Case<'_>, text: &str) -> Result<Vec<Fact>, Refusal> {
    let (score, said) = case.names.score_and_points(text)?;
    let most = case.plan.score(score).most;
    let given = said.split('/').next().unwrap_or_default().trim().parse::<f64>();
    match given {
        Ok(points) if (0.0..=most).contains(&points) => Ok(vec![Fact::Scored(Scored { score, points })]),
        _ => not_now(format!("expected a figure from 0 to {}, got \"{said}\"", number::show(most))),
    }
}

/// What the scores add up to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Readiness {
    /// Of `most`, by weights or as the sum of points; none while a category has not been scored.
    pub total: Option<f64>,
    /// So many categories have been scored.
    pub scored: usize,
    pub most: f64,
    /// Below this a team does not begin.
    pub minimum: Option<f64>,
}

impl Record {
    /// What the readiness scores add up to; none in a plan that has no scores.
    #[must_use]
    pub fn readiness(&self, plan: &Plan) -> Option<Readiness> {
        let most = plan.score_whole.unwrap_or(plan.scores.first()?.most);
        let weights: f64 = plan.scores.iter().map(|score| score.weight).sum();
        let given = plan.scores.iter().zip(&self.scores);
        let weighted =
            given.map(|(score, entry)| entry.as_ref().map(|entry| entry.value * most / score.most * score.weight));
        let total = weighted.sum::<Option<f64>>().map(|sum| sum / weights);
        let scored = self.scores.iter().flatten().count();
        Some(Readiness { total: total.filter(|total| total.is_finite()), scored, most, minimum: plan.minimum_score })
    }
}

impl Paper for Scored {
    fn names(&self) -> Vec<Name> {
        vec![Name::Score(self.score)]
    }

    fn fold(&self, state: &mut State, event: &Event) {
        state.record.scores[self.score.index()] = Some(Entry::new(self.points, event));
    }

    fn tell(&self, plan: &Plan) -> String {
        let score = plan.score(self.score);
        format!("scored {} {}/{}", score.category, number::show(self.points), number::show(score.most))
    }
}
