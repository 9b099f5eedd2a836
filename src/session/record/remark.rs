//! Notes of a kind: `issue TEXT`, `lesson TEXT`, `improvement TEXT`.

use super::{Entry, Name, Paper};
use crate::plan::Plan;
use crate::session::command::Word;
use crate::session::command::word::By;
use crate::session::decide::{Case, Refusal};
use crate::session::event::{Event, Fact};
use crate::session::state::State;
use serde::{Deserialize, Serialize};

pub static ISSUE: Word = Word::said("issue TEXT", "note an issue that was met", By::Anybody, issue);
pub static LESSON: Word = Word::said("lesson TEXT", "note what was learned", By::Anybody, lesson);
pub static IMPROVEMENT: Word =
    Word::said("improvement TEXT", "note what to do better next time", By::Anybody, improvement);

/// What a remark is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    Issue,
    Lesson,
    Improvement,
}

impl About {
    pub const ALL: [Self; 3] = [Self::Issue, Self::Lesson, Self::Improvement];

    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Issue => "issue",
            Self::Lesson => "lesson",
            Self::Improvement => "improvement",
        }
    }
}

/// An issue, a lesson or an improvement was noted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remarked {
    pub about: About,
    pub text: String,
}

#[expect(clippy::unnecessary_wraps, reason = "a rule may refuse")]
fn remark(about: About, text: &str) -> Result<Vec<Fact>, Refusal> {
    Ok(vec![Fact::Remarked(Remarked { about, text: text.to_owned() })])
}

fn issue(_: &Case<'_>, text: &str) -> Result<Vec<Fact>, Refusal> {
    remark(About::Issue, text)
}

fn lesson(_: &Case<'_>, text: &str) -> Result<Vec<Fact>, Refusal> {
    remark(About::Lesson, text)
}

fn improvement(_: &Case<'_>, text: &str) -> Result<Vec<Fact>, Refusal> {
    remark(About::Improvement, text)
}

impl Paper for Remarked {
    fn names(&self) -> Vec<Name> {
        Vec::new()
    }

    fn fold(&self, state: &mut State, event: &Event) {
        state.record.remarks.push(Entry::new(self.clone(), event));
    }

    fn tell(&self, _: &Plan) -> String {
        let article = if self.about == About::Lesson { "a" } else { "an" };
        format!("noted {article} {}: {}", self.about.word(), self.text)
    }
}
