//! Which lines of a long checklist are shown.

use super::Row;
use crate::judge::GateState;
use crate::plan::{ItemId, Plan, SectionId};
use crate::tui::scene::Scene;
use crate::tui::view::View;
use std::collections::BTreeSet;

/// What is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Filter {
    #[default]
    All,
    /// What nobody has done.
    Open,
    /// What the one who acts has done, or is named in.
    Mine,
    /// What stands in the stage that runs.
    Stage,
    /// What a gate or an endpoint says no to.
    Red,
}

impl Filter {
    const ORDER: [Self; 5] = [Self::All, Self::Open, Self::Stage, Self::Red, Self::Mine];

    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Open => "open",
            Self::Mine => "mine",
            Self::Stage => "this stage",
            Self::Red => "red",
        }
    }

    #[must_use]
    pub fn next(self) -> Self {
        let at = Self::ORDER.iter().position(|known| *known == self).unwrap_or(0);
        Self::ORDER[(at + 1) % Self::ORDER.len()]
    }

    fn holds(self, scene: &Scene, view: &View, row: Row) -> bool {
        match (self, row) {
            (Self::All, _) => true,
            (_, Row::Section(_)) | (Self::Red, Row::Paper(_)) => false,
            (Self::Open, Row::Item(id)) => !scene.ramp.done[id.index()],
            (Self::Open, Row::Paper(paper)) => paper.is_open(scene),
            (Self::Mine, row) => is_mine(scene, view, row),
            (Self::Stage, Row::Item(id)) => {
                let stage = scene.stage_in_view();
                stage.is_some() && scene.plan().item(id).stage == stage
            }
            (Self::Stage, Row::Paper(_)) => is_in_stage(scene, row),
            (Self::Red, Row::Item(id)) => is_red(scene, id),
        }
    }
}

fn is_mine(scene: &Scene, view: &View, row: Row) -> bool {
    if view.actor.is_empty() {
        return false;
    }
    let did = match row {
        Row::Item(id) => scene.state().items[id.index()].by.eq_ignore_ascii_case(&view.actor),
        _ => false,
    };
    // "Assigned To: Ana" makes the whole section hers.
    let plan = scene.plan();
    let section = plan.section_at(row.line(plan));
    let is_assigned = |line: u32| plan.section_at(line) == section || line == row.line(plan);
    let fields = plan.fields.iter().zip(&scene.state().record.fields);
    let named = fields.filter_map(|(field, entry)| Some((field.line, entry.as_ref()?)));
    did || named.filter(|(line, _)| is_assigned(*line)).any(|(_, entry)| entry.value.eq_ignore_ascii_case(&view.actor))
}

/// Whether a row stands in the section of the stage that runs.
fn is_in_stage(scene: &Scene, row: Row) -> bool {
    let plan = scene.plan();
    let Some(stage) = scene.stage_in_view() else { return false };
    let section = plan.section_at(plan.stage(stage).line);
    section.is_some() && plan.section_at(row.line(plan)) == section
}

fn is_red(scene: &Scene, item: ItemId) -> bool {
    let plan = scene.plan();
    let gates = plan.gates.iter().enumerate().filter(|(_, gate)| gate.item == Some(item));
    let failing = gates.map(|(at, _)| &scene.ramp.gates[at].state).any(|state| !matches!(state, GateState::Pass(_)));
    let health = plan.health.iter().zip(scene.ramp.health_states(plan));
    let is_measured = scene.ramp.current.is_some() && plan.item(item).stage == scene.ramp.current;
    (failing && is_measured)
        || health.filter(|(health, _)| health.items.contains(&item)).any(|(_, state)| !state.is_up())
}

/// The rows that a filter leaves, with the sections they stand in.
pub(super) fn apply(scene: &Scene, view: &View, rows: Vec<Row>) -> Vec<Row> {
    if view.lines == Filter::All {
        return rows;
    }
    let plan: &Plan = scene.plan();
    let kept: Vec<bool> = rows.iter().map(|row| view.lines.holds(scene, view, *row)).collect();
    let mut needed: BTreeSet<SectionId> = BTreeSet::new();
    for (row, _) in rows.iter().zip(&kept).filter(|(_, kept)| **kept) {
        let section = match row {
            Row::Item(id) => plan.item(*id).section,
            _ => plan.section_at(row.line(plan)),
        };
        needed.extend(plan.sections_around(section));
    }
    let stays = |(row, kept): (Row, bool)| match row {
        Row::Section(id) => needed.contains(&id).then_some(row),
        _ => kept.then_some(row),
    };
    rows.into_iter().zip(kept).filter_map(stays).collect()
}
