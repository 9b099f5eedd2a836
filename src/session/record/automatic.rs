//! What the night fills in by itself: start, end and total time of a phase, how it ended, who
//! deployed what. A person's own word in a blank always comes first.

use super::laps::Lap;
use crate::judge::{Outcome, Status};
use crate::plan::{Duty, Field, FieldId, Plan, SectionId, StageId, StageKind};
use crate::session::event::{show_minute, show_span};
use crate::session::state::State;

/// What stands in a blank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    pub value: String,
    /// Who wrote it, and when; none where the night itself did.
    pub by: Option<(String, i64)>,
}

impl State {
    /// What stands in a blank or a choice: what somebody wrote, else what the night knows itself.
    #[must_use]
    pub fn filled(&self, field: FieldId) -> Option<Filled> {
        if let Some(entry) = &self.record.fields[field.index()] {
            return Some(Filled { value: entry.value.clone(), by: Some((entry.by.clone(), entry.at)) });
        }
        let plan = self.plan();
        self.known(plan, plan.field(field)).map(|value| Filled { value, by: None })
    }

    fn known(&self, plan: &Plan, field: &Field) -> Option<String> {
        let label = field.label.to_lowercase();
        let has = |words: &[&str]| words.iter().any(|word| label.contains(word));
        let section = plan.section_at(field.line);
        if !field.choices.is_empty() {
            return self.chosen(plan, field, section);
        }
        let is_way_back =
            plan.sections_around(section).any(|id| plan.cutover.way_back.contains(&id)) || has(&["rollback"]);
        if is_way_back {
            return self.of_way_back(&label);
        }
        let lap = section.and_then(|section| self.lap_of(plan, section));
        if has(&["start time", "started at"]) {
            lap?.began.map(show_minute)
        } else if has(&["end time", "complete time", "completed at", "finish time"]) {
            lap?.ended.map(show_minute)
        } else if has(&["total deployment time", "total time", "total duration"]) || label == "duration" {
            // Among the lines of a phase it is the phase's, in the record of the night the night's.
            let phase = section.filter(|section| is_phase(plan, *section) && !label.contains("deployment"));
            let lap = phase.map_or(Some(self.record.whole.lap), |section| self.lap_of(plan, section));
            lap?.took().map(show_span)
        } else if has(&["deployment date", "date/time"]) && self.signature_of(plan, field).is_none() {
            self.record.whole.lap.began.map(show_minute)
        } else if has(&["deployed by"]) {
            Some(self.record.whole.by.clone()).filter(|by| !by.is_empty())
        } else if has(&["deployment id"]) {
            self.record.whole.lap.began.map(|at| format!("night-{at}"))
        } else {
            self.signature_of(plan, field)
        }
    }

    /// Name, signature and date under the role that they belong to.
    fn signature_of(&self, plan: &Plan, field: &Field) -> Option<String> {
        let section = plan.section_at(field.line)?;
        let label = field.label.to_lowercase();
        let is_its = |line: u32| line == field.line || plan.sections[section.index()].line == line;
        let at = plan.sign_offs.iter().position(|sign_off| is_its(sign_off.line))?;
        let entry = self.record.sign_offs[at].as_ref()?;
        if label.contains("date") || label.contains("time") {
            Some(show_minute(entry.at))
        } else if label.contains("signature") || label == "signed" {
            Some(format!("signed by {} in the session's log", entry.by))
        } else {
            Some(entry.by.clone())
        }
    }

    fn of_way_back(&self, label: &str) -> Option<String> {
        let way_back = &self.record.way_back;
        let decided = way_back.decided.as_ref()?;
        if label.contains("decision by") || label.contains("decided by") {
            Some(decided.by.clone()).filter(|by| !by.is_empty())
        } else if label.contains("start") {
            Some(show_minute(decided.at))
        } else if label.contains("complete") || label.contains("end time") {
            way_back.completed.as_ref().map(|entry| show_minute(entry.at))
        } else if label.contains("reason") {
            Some(decided.value.clone())
        } else {
            None
        }
    }

    /// The choice that says how it went.
    fn chosen(&self, plan: &Plan, field: &Field, section: Option<SectionId>) -> Option<String> {
        let label = field.label.to_lowercase();
        let choice = |words: &[&str]| {
            let is_it = |choice: &&String| {
                let plain: String = choice.chars().filter(|c| c.is_alphanumeric() || *c == ' ').collect();
                words.contains(&plain.trim().to_lowercase().as_str())
            };
            field.choices.iter().find(is_it).cloned()
        };
        if label.contains("final status") || label.contains("deployment status") {
            return match self.outcome? {
                Outcome::Succeeded => choice(&["success", "successful", "succeeded"]),
                Outcome::Partial | Outcome::Inconclusive => choice(&["partial success", "partial"]),
                Outcome::Failed => choice(&["failed", "failure", "fail"]),
                Outcome::RolledBack => choice(&["rolled back", "rollback"]),
            };
        }
        let stages = stages_in(plan, section?);
        let status = |id: &StageId| self.ramp.stages[id.index()].status;
        if stages.is_empty() {
            return None;
        }
        if stages.iter().any(|id| status(id) == Status::RolledBack) {
            return choice(&["rolled back", "fail", "failed"]);
        }
        let track = |id: &StageId| &self.ramp.stages[id.index()];
        let failed = stages.iter().any(|id| track(id).failed);
        let watches = stages.iter().all(|id| plan.stage(*id).kind == StageKind::Observe);
        let has_run_out = |id: &StageId| {
            watches && status(id) == Status::Active && track(id).soak_left(plan.stage(*id), self.ramp.now).is_zero()
        };
        let is_over = stages.iter().all(|id| matches!(status(id), Status::Passed | Status::Skipped) || has_run_out(id));
        match (is_over, watches, failed) {
            (true, true, true) => choice(&["fail", "failed"]),
            (true, _, _) => choice(&["pass", "success", "passed", "successful"]),
            (false, ..) => None,
        }
    }

    /// When the work of a section began and ended: its stages', else that of its lines.
    #[must_use]
    pub fn lap_of(&self, plan: &Plan, section: SectionId) -> Option<Lap> {
        let stages = stages_in(plan, section);
        if !stages.is_empty() {
            let laps = stages.iter().map(|id| self.record.laps[id.index()]);
            let began = laps.clone().filter_map(|lap| lap.began).min();
            let all_ended = laps.clone().all(|lap| lap.ended.is_some() || lap.began.is_none());
            let ended = laps.filter_map(|lap| lap.ended).max();
            return Some(Lap { began, ended: ended.filter(|_| all_ended) });
        }
        let inside = plan
            .items
            .iter()
            .enumerate()
            .filter(|(_, item)| plan.sections_around(item.section).any(|id| id == section));
        let mut lap = Lap::default();
        let mut is_done = true;
        for (at, _) in inside {
            let record = &self.items[at];
            is_done &= self.ramp.done[at];
            if record.seq > 0 {
                lap.began = Some(lap.began.map_or(record.at, |began| began.min(record.at)));
                lap.ended = Some(lap.ended.map_or(record.at, |ended| ended.max(record.at)));
            }
        }
        lap.ended = lap.ended.filter(|_| is_done);
        Some(lap)
    }
}

/// Whether a section is a step of the night: its own lines, not only those of the sections in it, are work.
fn is_phase(plan: &Plan, section: SectionId) -> bool {
    let is_own = |line: u32| plan.section_at(line) == Some(section);
    plan.items.iter().any(|item| item.section == Some(section) && item.duty != Duty::None)
        || plan.stages.iter().any(|stage| stage.line > 0 && is_own(stage.line))
}

/// The stages that stand in a section.
fn stages_in(plan: &Plan, section: SectionId) -> Vec<StageId> {
    let inside = |line: u32| plan.sections_around(plan.section_at(line)).any(|id| id == section);
    let stages = plan.stages.iter().enumerate().filter(|(_, stage)| stage.line > 0 && inside(stage.line));
    stages.map(|(at, _)| StageId::at(at)).collect()
}
