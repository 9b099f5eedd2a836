//! The paperwork: what was filled in, decided, signed and scored.

use super::{Telling, Time};
use crate::session::record::Entry;
use crate::text::number;
use serde::Serialize;

/// The paperwork of a night.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Papers {
    pub fields: Vec<Paper>,
    /// The questions that the checklist asks between stages.
    pub questions: Vec<Paper>,
    /// The questions that it asks of the night afterwards.
    pub review: Vec<Paper>,
    pub sign_offs: Vec<Paper>,
    pub scores: Vec<Paper>,
    /// What the scores add up to, where they all are given.
    pub readiness: Option<String>,
}

/// A line of the paperwork; without an answer it was left blank.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Paper {
    pub label: String,
    pub line: u32,
    pub answer: Option<String>,
    pub by: Option<String>,
    pub when: Option<Time>,
}

impl Telling<'_> {
    pub(super) fn papers(&self) -> Papers {
        let state = self.night.state;
        let (plan, record) = (state.plan(), &state.record);
        let fields = plan.fields.iter().zip(&record.fields);
        let questions = plan.decisions.iter().zip(&record.decisions);
        let review = plan.questions.iter().zip(&record.answers);
        let sign_offs = plan.sign_offs.iter().zip(&record.sign_offs);
        let scores = plan.scores.iter().zip(&record.scores);
        let readiness = record.readiness(plan).and_then(|readiness| {
            Some(format!("{} of {}", number::show(readiness.total?), number::show(readiness.most)))
        });
        Papers {
            fields: fields
                .map(|(field, entry)| self.paper(&field.label, field.line, entry.as_ref(), String::clone))
                .collect(),
            questions: questions
                .map(|(asked, entry)| self.paper(&asked.text, asked.line, entry.as_ref(), |answer| answer.text.clone()))
                .collect(),
            review: review
                .map(|(question, entry)| self.paper(&question.text, question.line, entry.as_ref(), String::clone))
                .collect(),
            sign_offs: sign_offs
                .map(|(role, entry)| self.paper(&role.role, role.line, entry.as_ref(), |()| "signed".to_owned()))
                .collect(),
            scores: scores
                .map(|(score, entry)| {
                    self.paper(&score.category, score.line, entry.as_ref(), |points| number::show(*points))
                })
                .collect(),
            readiness,
        }
    }

    fn paper<T>(&self, label: &str, line: u32, entry: Option<&Entry<T>>, show: impl Fn(&T) -> String) -> Paper {
        Paper {
            label: label.to_owned(),
            line,
            answer: entry.map(|entry| show(&entry.value)),
            by: entry.map(|entry| entry.by.clone()),
            when: entry.map(|entry| self.time_at(entry.at)),
        }
    }
}
