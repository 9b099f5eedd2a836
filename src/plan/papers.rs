//! The paperwork of a plan by its ids.

use super::{Decision, DecisionId, Field, FieldId, Plan, Score, ScoreId, SectionId, SignOff, SignOffId};

impl Plan {
    #[must_use]
    pub fn field(&self, id: FieldId) -> &Field {
        &self.fields[id.index()]
    }

    /// What names a blank to the digit: its line, and behind the first one of a line its place in it:
    /// `@14`, `@14.2`.
    #[must_use]
    pub fn place_of(&self, id: FieldId) -> String {
        let line = self.field(id).line;
        let before = self.fields.iter().take(id.index()).rev().take_while(|field| field.line == line).count();
        if before == 0 { format!("@{line}") } else { format!("@{line}.{}", before + 1) }
    }

    #[must_use]
    pub fn decision(&self, id: DecisionId) -> &Decision {
        &self.decisions[id.index()]
    }

    #[must_use]
    pub fn sign_off(&self, id: SignOffId) -> &SignOff {
        &self.sign_offs[id.index()]
    }

    #[must_use]
    pub fn score(&self, id: ScoreId) -> &Score {
        &self.scores[id.index()]
    }

    /// The innermost section that a line stands in.
    #[must_use]
    pub fn section_at(&self, line: u32) -> Option<SectionId> {
        let before = self.sections.partition_point(|section| section.line <= line);
        before.checked_sub(1).map(SectionId::at)
    }

    /// The section and all that it stands in, from the inside out.
    pub fn sections_around(&self, from: Option<SectionId>) -> impl Iterator<Item = SectionId> {
        std::iter::successors(from, |id| self.sections[id.index()].parent)
    }
}
