//! What a name means among the blanks, questions, roles and categories of a checklist.

use super::{Candidate, NameError, Names, Prefer, find, split};
use crate::plan::{CheckId, DecisionId, FieldId, ItemId, QuestionId, ScoreId, SectionId, SignOffId};
use crate::session::record::region::is_regional;

impl Names<'_> {
    /// A blank or a choice by its label, its section and label, or its line: `Version`,
    /// `Phase 1 / Assigned To`, `@14`. Of several the one where work goes on is meant first.
    pub fn field(&self, name: &str) -> Result<FieldId, NameError> {
        let candidates = self.plan.fields.iter().enumerate().map(|(at, field)| {
            let section = self.plan.section_at(field.line).map(|id| self.plan.sections[id.index()].title.as_str());
            let place = self.plan.place_of(FieldId::at(at));
            let label = format!("\"{}\" of \"{}\" ({place})", field.label, section.unwrap_or_default());
            let names = names(&field.label, place, section);
            let distance = u8::from(!self.is_here(field.line)) * 2 + u8::from(self.state.record.fields[at].is_some());
            Candidate { id: FieldId::at(at), names, label, distance }
        });
        find("blank", name, &candidates.collect::<Vec<_>>())
    }

    /// `LABEL: VALUE`.
    pub fn field_and_value(&self, text: &str) -> Result<(FieldId, String), NameError> {
        split("blank", text, |name| self.field(name))
    }

    /// A decision point by its text, its question or its line.
    pub fn decision(&self, name: &str) -> Result<DecisionId, NameError> {
        let candidates = self.plan.decisions.iter().enumerate().map(|(at, decision)| {
            let mut names = names(&decision.text, at_line(decision.line), None);
            names.extend(decision.text.split_once(':').map(|(_, question)| question.trim().to_owned()));
            let label = format!("\"{}\" (@{})", decision.text, decision.line);
            let answered = self.state.record.decisions[at].is_some();
            let distance = u8::from(!self.is_here(decision.line)) * 2 + u8::from(answered);
            Candidate { id: DecisionId::at(at), names, label, distance }
        });
        find("decision point", name, &candidates.collect::<Vec<_>>())
    }

    /// `QUESTION: ANSWER`.
    pub fn decision_and_answer(&self, text: &str) -> Result<(DecisionId, String), NameError> {
        split("decision point", text, |name| self.decision(name))
    }

    /// A role that signs, or its line.
    pub fn sign_off(&self, name: &str) -> Result<SignOffId, NameError> {
        let candidates = self.plan.sign_offs.iter().enumerate().map(|(at, sign_off)| Candidate {
            id: SignOffId::at(at),
            names: names(&sign_off.role, at_line(sign_off.line), None),
            label: format!("\"{}\" (@{})", sign_off.role, sign_off.line),
            distance: u8::from(self.state.record.sign_offs[at].is_some()),
        });
        find("role to sign in", name, &candidates.collect::<Vec<_>>())
    }

    /// `CATEGORY: N`.
    pub fn score_and_points(&self, text: &str) -> Result<(ScoreId, String), NameError> {
        let candidates = self.plan.scores.iter().enumerate().map(|(at, score)| Candidate {
            id: ScoreId::at(at),
            names: names(&score.category, at_line(score.line), None),
            label: format!("\"{}\" (@{})", score.category, score.line),
            distance: 0,
        });
        let candidates: Vec<_> = candidates.collect();
        split("category", text, |name| find("category", name, &candidates))
    }

    /// `QUESTION: ANSWER`, a question of the review.
    pub fn question_and_answer(&self, text: &str) -> Result<(QuestionId, String), NameError> {
        let candidates = self.plan.questions.iter().enumerate().map(|(at, question)| {
            let mut all = names(&question.text, at_line(question.line), None);
            all.push(question.text.trim_end_matches('?').to_owned());
            let label = format!("\"{}\" (@{})", question.text, question.line);
            let distance = u8::from(self.state.record.answers[at].is_some());
            Candidate { id: QuestionId::at(at), names: all, label, distance }
        });
        let candidates: Vec<_> = candidates.collect();
        split("question", text, |name| find("question", name, &candidates))
    }

    /// A recurring check by its text or its line; of several those that are not over.
    pub fn check(&self, name: &str) -> Result<CheckId, NameError> {
        let candidates = self.plan.recurring.iter().enumerate().map(|(at, check)| {
            let is_on = self
                .state
                .rhythm(CheckId::at(at))
                .is_some_and(|rhythm| rhythm.from <= self.state.at && rhythm.next.is_some());
            let label = format!("\"{}\" (@{})", check.text, check.line);
            Candidate {
                id: CheckId::at(at),
                names: names(&check.text, at_line(check.line), None),
                label,
                distance: u8::from(!is_on),
            }
        });
        find("recurring check", name, &candidates.collect::<Vec<_>>())
    }

    /// An item that is done by region.
    pub fn regional_item(&self, name: &str, prefer: Prefer) -> Result<ItemId, NameError> {
        let regional = self.plan.items.iter().enumerate().filter(|(at, _)| is_regional(self.plan, ItemId::at(*at)));
        let candidates = regional.map(|(at, item)| Candidate {
            id: ItemId::at(at),
            names: names(&item.text, at_line(item.line), None),
            label: format!("\"{}\" (@{})", item.text, item.line),
            distance: u8::from(self.state.ramp.done[at] != (prefer == Prefer::Done)),
        });
        find("item of a region", name, &candidates.collect::<Vec<_>>())
    }

    /// Whether a line stands in the section of the stage that runs.
    fn is_here(&self, line: u32) -> bool {
        let Some(current) = self.state.ramp.current else { return false };
        let root = |line| {
            let inner = self.plan.section_at(line);
            std::iter::successors(inner, |id: &SectionId| self.plan.sections[id.index()].parent).collect::<Vec<_>>()
        };
        let (stage, here) = (root(self.plan.stage(current).line), root(line));
        stage.first().is_some_and(|section| here.contains(section))
            || here.first().is_some_and(|section| stage.contains(section))
    }
}

fn at_line(line: u32) -> String {
    format!("@{line}")
}

fn names(name: &str, place: String, section: Option<&str>) -> Vec<String> {
    let mut names = vec![name.to_owned(), place];
    names.extend(section.map(|section| format!("{section} / {name}")));
    names
}
