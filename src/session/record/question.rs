//! The questions of the review afterwards: `answer What happened?: the cache was cold`.

use super::{Entry, Name, Paper};
use crate::plan::{Plan, QuestionId};
use crate::session::command::Word;
use crate::session::command::word::By;
use crate::session::decide::{Case, Refusal};
use crate::session::event::{Event, Fact};
use crate::session::state::State;
use serde::{Deserialize, Serialize};

pub static ANSWER: Word = Word::said("answer QUESTION: TEXT", "answer a question of the review", By::Anybody, answer);

/// A question of the review was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionAnswered {
    pub question: QuestionId,
    pub answer: String,
}

fn answer(case: &Case<'_>, text: &str) -> Result<Vec<Fact>, Refusal> {
    let (question, answer) = case.names.question_and_answer(text)?;
    Ok(vec![Fact::QuestionAnswered(QuestionAnswered { question, answer })])
}

impl Paper for QuestionAnswered {
    fn names(&self) -> Vec<Name> {
        vec![Name::Question(self.question)]
    }

    fn fold(&self, state: &mut State, event: &Event) {
        state.record.answers[self.question.index()] = Some(Entry::new(self.answer.clone(), event));
    }

    fn tell(&self, plan: &Plan) -> String {
        format!("answered \"{}\": {}", plan.questions[self.question.index()].text, self.answer)
    }
}
