//! Rows of the checklist that are no lines to tick: blanks and choices, decision points, signatures,
//! scores, questions and recurring checks that have no box.

use super::Row;
use crate::plan::{CheckId, DecisionId, FieldId, Plan, QuestionId, ScoreId, SignOffId, blank_runs};
use crate::session::event::show_clock;
use crate::session::record::Entry;
use crate::text::number;
use crate::tui::paint;
use crate::tui::scene::Scene;
use crate::tui::skin::{Skin, Tone};
use ratatui::text::{Line, Span};

/// Something to write down, sign or answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    Field(FieldId),
    Decision(DecisionId),
    SignOff(SignOffId),
    Score(ScoreId),
    Question(QuestionId),
    Check(CheckId),
}

impl Paper {
    #[must_use]
    pub fn line(self, plan: &Plan) -> u32 {
        match self {
            Self::Field(id) => plan.field(id).line,
            Self::Decision(id) => plan.decision(id).line,
            Self::SignOff(id) => plan.sign_off(id).line,
            Self::Score(id) => plan.score(id).line,
            Self::Question(id) => plan.questions[id.index()].line,
            Self::Check(id) => plan.recurring[id.index()].line,
        }
    }

    /// What it is called.
    #[must_use]
    pub fn label(self, plan: &Plan) -> String {
        match self {
            Self::Field(id) => plan.field(id).label.clone(),
            Self::Decision(id) => plan.decision(id).text.clone(),
            Self::SignOff(id) => format!("sign-off: {}", plan.sign_off(id).role),
            Self::Score(id) => plan.score(id).category.clone(),
            Self::Question(id) => plan.questions[id.index()].text.clone(),
            Self::Check(id) => plan.recurring[id.index()].text.clone(),
        }
    }

    /// Whether it waits for somebody.
    #[must_use]
    pub fn is_open(self, scene: &Scene) -> bool {
        let record = &scene.state().record;
        match self {
            Self::Field(id) => scene.state().filled(id).is_none(),
            Self::Decision(id) => record.decisions[id.index()].is_none(),
            Self::SignOff(id) => record.sign_offs[id.index()].is_none(),
            Self::Score(id) => record.scores[id.index()].is_none(),
            Self::Question(id) => record.answers[id.index()].is_none(),
            Self::Check(id) => scene.state().rhythm(id).is_none_or(|rhythm| rhythm.next.is_some()),
        }
    }
}

/// What stands on a line, that of an item included: what `e` edits. Of several blanks the first that is
/// open.
#[must_use]
pub fn at_line(scene: &Scene, line: u32) -> Option<Paper> {
    let plan = scene.plan();
    let here: Vec<Paper> = all(plan).into_iter().filter(|paper| paper.line(plan) == line).collect();
    let first = here.first().copied()?;
    let open = here.into_iter().find(|paper| paper.is_open(scene)).filter(|_| matches!(first, Paper::Field(_)));
    open.or(Some(first))
}

/// A text of a line with what was written into its blanks.
#[must_use]
pub fn filled_in(scene: &Scene, line: u32, text: &str) -> String {
    let plan = scene.plan();
    let fields = plan.fields.iter().enumerate().filter(|(_, field)| field.line == line && field.choices.is_empty());
    let values = fields.map(|(at, _)| scene.state().filled(FieldId::at(at)).map(|filled| filled.value));
    let blanks = blank_runs(text).zip(values).filter_map(|(blank, value)| Some((blank, value?)));
    let (mut shown, mut end) = (String::new(), 0);
    for (blank, value) in blanks {
        shown.push_str(text.get(end..blank.start).unwrap_or_default());
        shown.push_str(&value);
        end = blank.end;
    }
    shown + text.get(end..).unwrap_or_default()
}

/// Everything to write down, in the order of what is meant first on a line.
fn all(plan: &Plan) -> Vec<Paper> {
    let signs = (0..plan.sign_offs.len()).map(SignOffId::at).map(Paper::SignOff);
    let decisions = (0..plan.decisions.len()).map(DecisionId::at).map(Paper::Decision);
    let scores = (0..plan.scores.len()).map(ScoreId::at).map(Paper::Score);
    let questions = (0..plan.questions.len()).map(QuestionId::at).map(Paper::Question);
    let checks = (0..plan.recurring.len()).map(CheckId::at).map(Paper::Check);
    let fields = (0..plan.fields.len()).map(FieldId::at).map(Paper::Field);
    signs.chain(decisions).chain(scores).chain(questions).chain(checks).chain(fields).collect()
}

/// The rows of their own: without what stands on the line of an item, or belongs to a signature.
#[must_use]
pub fn rows(plan: &Plan) -> Vec<Paper> {
    let mut lines: Vec<u32> = plan.items.iter().map(|item| item.line).collect();
    let mut rows = Vec::new();
    for paper in all(plan) {
        let line = paper.line(plan);
        let is_part = matches!(paper, Paper::Field(_)) && is_of_signature(plan, line);
        let is_field = |paper: &Paper| matches!(paper, Paper::Field(_)) && paper.line(plan) == line;
        let goes_on = is_field(&paper) && rows.last().is_some_and(is_field);
        if !is_part && (goes_on || !lines.contains(&line)) {
            lines.push(line);
            rows.push(paper);
        }
    }
    rows
}

/// Name, signature and date under a role that signs.
fn is_of_signature(plan: &Plan, line: u32) -> bool {
    let section = plan.section_at(line).map(|id| plan.sections[id.index()].line);
    plan.sign_offs.iter().any(|sign_off| Some(sign_off.line) == section)
}

/// The row itself, and what stands in it.
pub(super) fn draw(scene: &Scene, skin: Skin, paper: Paper) -> (Line<'static>, Line<'static>) {
    let plan = scene.plan();
    let is_open = paper.is_open(scene);
    let glyph = if is_open { "_" } else { "✓" };
    let tone = if is_open { Tone::Muted } else { Tone::Good };
    let level = plan.section_at(paper.line(plan)).map_or(0, |id| usize::from(plan.sections[id.index()].level.min(6)));
    let left = Line::from(vec![
        paint::span(skin, tone, format!(" {}{glyph} ", " ".repeat(level))),
        paint::span(skin, Tone::Plain, paper.label(plan)),
    ]);
    let right = says(scene, paper);
    (
        left,
        Line::from(
            right
                .map(|(tone, text)| paint::span(skin, tone, format!("{text} ")))
                .into_iter()
                .collect::<Vec<Span<'_>>>(),
        ),
    )
}

/// What stands in it, or what it waits for.
#[must_use]
pub fn says(scene: &Scene, paper: Paper) -> Option<(Tone, String)> {
    let (plan, state) = (scene.plan(), scene.state());
    let record = &state.record;
    let written = |text: String, by: &str, at: i64| {
        Some((
            Tone::Muted,
            format!(
                "{}  {} {}",
                paint::cut(&text, 40),
                show_clock(at).chars().take(5).collect::<String>(),
                paint::cut(by, 12)
            ),
        ))
    };
    match paper {
        Paper::Field(id) => match state.filled(id) {
            Some(filled) => match filled.by {
                Some((by, at)) => written(filled.value, &by, at),
                None => Some((Tone::Muted, format!("{} by itself", filled.value))),
            },
            None if plan.field(id).choices.is_empty() => None,
            None => Some((Tone::Muted, plan.field(id).choices.join(" / "))),
        },
        Paper::Decision(id) => match &record.decisions[id.index()] {
            Some(entry) => written(entry.value.text.clone(), &entry.by, entry.at),
            None if state.asked().any(|asked| asked == id) => Some((Tone::Strong, "asked now".to_owned())),
            None => None,
        },
        Paper::SignOff(id) => {
            record.sign_offs[id.index()].as_ref().and_then(|entry| written("signed".to_owned(), &entry.by, entry.at))
        }
        Paper::Score(id) => {
            let most = number::show(plan.score(id).most);
            let entry: Option<&Entry<f64>> = record.scores[id.index()].as_ref();
            entry.and_then(|entry| written(format!("{}/{most}", number::show(entry.value)), &entry.by, entry.at))
        }
        Paper::Question(id) => {
            record.answers[id.index()].as_ref().and_then(|entry| written(entry.value.clone(), &entry.by, entry.at))
        }
        Paper::Check(id) => check(scene, id),
    }
}

/// When a recurring check is due next.
#[must_use]
pub fn check(scene: &Scene, id: CheckId) -> Option<(Tone, String)> {
    let rhythm = scene.state().rhythm(id)?;
    let clock = |at: i64| show_clock(at).chars().take(5).collect::<String>();
    Some(match rhythm.next {
        None => (Tone::Good, format!("over, made {} times", rhythm.times)),
        Some(next) if scene.live.now.at > next => {
            (Tone::Bad, format!("OVERDUE since {}, made {} times", clock(next), rhythm.times))
        }
        Some(next) => (Tone::Muted, format!("next at {}, made {} times", clock(next), rhythm.times)),
    })
}

impl Row {
    /// The line of the checklist's file that a row stands for.
    #[must_use]
    pub fn line(self, plan: &Plan) -> u32 {
        match self {
            Self::Section(id) => plan.sections[id.index()].line,
            Self::Item(id) => plan.item(id).line,
            Self::Paper(paper) => paper.line(plan),
        }
    }

    /// Its words.
    #[must_use]
    pub fn text(self, plan: &Plan) -> String {
        match self {
            Self::Section(id) => plan.sections[id.index()].title.clone(),
            Self::Item(id) => plan.item(id).text.clone(),
            Self::Paper(paper) => paper.label(plan),
        }
    }
}
