//! What a name means among the blanks, questions, roles and categories of a checklist.

use super::{Candidate, NameError, Names, find, split};
use crate::plan::{DecisionId, FieldId, ScoreId, SectionId, SignOffId};

impl Names<'_> {
    /// A blank or a choice by its label, its section and label, or its line: `Version`,
    /// `Phase 1 / Assigned To`, `@14`. Of several the one where work goes on is meant first.
    pub fn field(&self, name: &str) -> Result<FieldId, NameError> {
        let candidates = self.plan.fields.iter().enumerate().map(|(at, field)| {
            let section = self.plan.section_at(field.line).map(|id| self.plan.sections[id.index()].title.as_str());
            let names = names(&field.label, field.line, section);
            let label = format!("\"{}\" of \"{}\" (@{})", field.label, section.unwrap_or_default(), field.line);
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
            let mut names = names(&decision.text, decision.line, None);
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
            names: names(&sign_off.role, sign_off.line, None),
            label: format!("\"{}\" (@{})", sign_off.role, sign_off.line),
            distance: u8::from(self.state.record.sign_offs[at].is_some()),
        });
        find("role to sign in", name, &candidates.collect::<Vec<_>>())
    }

    /// `CATEGORY: N`.
    pub fn score_and_points(&self, text: &str) -> Result<(ScoreId, String), NameError> {
        let candidates = self.plan.scores.iter().enumerate().map(|(at, score)| Candidate {
            id: ScoreId::at(at),
            names: names(&score.category, score.line, None),
            label: format!("\"{}\" (@{})", score.category, score.line),
            distance: 0,
        });
        let candidates: Vec<_> = candidates.collect();
        split("category", text, |name| find("category", name, &candidates))
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

fn names(name: &str, line: u32, section: Option<&str>) -> Vec<String> {
    let mut names = vec![name.to_owned(), format!("@{line}")];
    names.extend(section.map(|section| format!("{section} / {name}")));
    names
}
