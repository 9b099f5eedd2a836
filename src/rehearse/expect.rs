//! What must be true at a moment, and how it is said when it is not.

mod paper;

use crate::judge::{Call, Code, Outcome, Reason, Verdict};
use crate::plan::{Plan, TriggerId};
use crate::session::State;
use crate::text::{Millis, duration, number};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The `expect` table of a moment.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    pub verdict: Option<String>,
    /// Each must be among the reasons.
    #[serde(default)]
    pub reasons: Vec<String>,
    /// None may be among them.
    #[serde(default)]
    pub no_reasons: Vec<String>,
    /// The whole list, in order.
    pub only_reasons: Option<Vec<String>>,
    pub soak_left: Option<String>,
    pub resets: Option<u32>,
    pub stage: Option<String>,
    #[serde(default)]
    pub gates: BTreeMap<String, String>,
    #[serde(default)]
    pub triggers: BTreeMap<String, String>,
    pub outcome: Option<String>,
    /// Lines that are done, and lines that are open.
    #[serde(default)]
    pub done: Vec<String>,
    #[serde(default)]
    pub open: Vec<String>,
    /// What stands in blanks and choices; empty text for nothing.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// How decision points were answered.
    #[serde(default)]
    pub decided: BTreeMap<String, String>,
    /// Who has signed in which role.
    #[serde(default)]
    pub signed: BTreeMap<String, String>,
    /// The weighted readiness score, to two digits.
    pub score: Option<f64>,
}

/// What a gate and a trigger may stand at.
const GATE_WORDS: [&str; 5] = ["pass", "breaching", "failing", "unknown", "waived"];
const TRIGGER_WORDS: [&str; 5] = ["idle", "armed", "pending", "tripped", "blind"];

impl Expect {
    /// Says which words of it mean nothing: such an expectation would always hold, or never.
    pub(super) fn slips(&self) -> Vec<String> {
        let calls = [Call::Go, Call::Hold, Call::Rollback].map(Call::word);
        let codes: Vec<_> = Code::ALL.iter().map(|code| code.word()).collect();
        let outcomes: Vec<_> = Outcome::ALL.iter().map(|outcome| outcome.word()).chain(["none"]).collect();
        let reasons = self.reasons.iter().chain(&self.no_reasons).chain(self.only_reasons.iter().flatten());
        let code = |reason: &'_ String| reason.split(' ').next().unwrap_or_default().to_owned();
        let mut slips: Vec<_> = self.verdict.iter().filter_map(|word| slip("verdict", word, &calls)).collect();
        slips.extend(reasons.map(code).filter_map(|code| slip("reason", &code, &codes)));
        slips.extend(self.gates.values().filter_map(|word| slip("state of a gate", word, &GATE_WORDS)));
        slips.extend(self.triggers.values().filter_map(|word| slip("state of a trigger", word, &TRIGGER_WORDS)));
        slips.extend(self.outcome.iter().filter_map(|word| slip("outcome", word, &outcomes)));
        slips.extend(self.soak_left.iter().filter_map(|text| duration::parse(text).err()));
        slips
    }

    /// Says what does not hold, a sentence each; nothing where all of it does.
    #[must_use]
    pub fn misses(&self, plan: &Plan, state: &State, verdict: &Verdict, poll: Millis) -> Vec<String> {
        let mut misses = Vec::new();
        if let Some(want) = self.verdict.as_ref().filter(|want| want.as_str() != verdict.call.word()) {
            misses.push(format!("verdict: expected {want}, got {}", verdict.call));
        }
        self.reasons(verdict, &mut misses);
        self.stage(plan, state, poll, &mut misses);
        self.states(plan, state, &mut misses);
        self.papers(plan, state, &mut misses);
        misses
    }

    fn reasons(&self, verdict: &Verdict, misses: &mut Vec<String>) {
        for want in &self.reasons {
            if !verdict.reasons.iter().any(|reason| fits(want, reason)) {
                misses.push(format!("reasons: expected \"{want}\""));
            }
        }
        for unwanted in &self.no_reasons {
            if verdict.reasons.iter().any(|reason| fits(unwanted, reason)) {
                misses.push(format!("reasons: did not expect \"{unwanted}\""));
            }
        }
        if let Some(only) = &self.only_reasons {
            let same = only.len() == verdict.reasons.len()
                && only.iter().zip(&verdict.reasons).all(|(want, reason)| fits(want, reason));
            if !same {
                misses.push(format!("reasons: expected only [{}]", only.join(", ")));
            }
        }
    }

    fn stage(&self, plan: &Plan, state: &State, poll: Millis, misses: &mut Vec<String>) {
        let current = state.ramp.current.map(|stage| (plan.stage(stage), &state.ramp.stages[stage.index()]));
        if let Some(want) = &self.stage {
            let got = current.map_or("", |(stage, _)| stage.name.as_str());
            let share = current.and_then(|(stage, _)| stage.share).map(|share| format!("{}%", number::show(share)));
            if !got.eq_ignore_ascii_case(want) && share.as_deref() != Some(want) {
                misses.push(format!("stage: expected \"{want}\", got \"{got}\""));
            }
        }
        if let Some(want) = self.resets {
            let got = current.map_or(0, |(_, track)| track.resets);
            if got != want {
                misses.push(format!("resets: expected {want}, got {got}"));
            }
        }
        if let Some(text) = &self.soak_left {
            let got = current.map_or(Millis::ZERO, |(stage, track)| track.soak_left(stage, state.ramp.now));
            match duration::parse(text) {
                Ok(want) if want.0.abs_diff(got.0) <= poll.0 => {}
                Ok(want) => misses.push(format!("soak_left: expected {want}, got {got}")),
                Err(error) => misses.push(format!("soak_left: {error}")),
            }
        }
        if let Some(want) = &self.outcome {
            let got = state.outcome.map_or("none", Outcome::word);
            if got != want {
                misses.push(format!("outcome: expected {want}, got {got}"));
            }
        }
    }

    fn states(&self, plan: &Plan, state: &State, misses: &mut Vec<String>) {
        for (name, want) in &self.gates {
            let got = gate_word(plan, state, name);
            if got != Some(want) {
                misses.push(format!("gate {name}: expected {want}, got {}", got.unwrap_or("no such gate")));
            }
        }
        for (name, want) in &self.triggers {
            let names = crate::session::names::Names { plan, state };
            let word = |id: TriggerId| state.ramp.trigger_state(plan, id).word();
            match names.triggers(name).map(|ids| ids.into_iter().map(word).collect::<Vec<_>>()) {
                Ok(got) if got.iter().any(|got| got == want) => {}
                Ok(got) => misses.push(format!("trigger {name}: expected {want}, got {}", got.join(", "))),
                Err(error) => misses.push(format!("trigger {name}: {error}")),
            }
        }
    }
}

/// The state of a gate by its name: of the current stage's where it has one, else of any.
fn gate_word<'s>(plan: &Plan, state: &'s State, name: &str) -> Option<&'s str> {
    let is_named = |at: usize| plan.gates[at].name.eq_ignore_ascii_case(name);
    let here = state.ramp.counting_gates(plan).map(crate::plan::GateId::index).find(|at| is_named(*at));
    let at = here.or_else(|| (0..plan.gates.len()).find(|at| is_named(*at)))?;
    Some(state.ramp.gates[at].word())
}

fn slip(what: &str, word: &str, known: &[&str]) -> Option<String> {
    let nearest = || known.iter().copied().max_by(|a, b| likeness(a, word).total_cmp(&likeness(b, word)));
    let unknown = !known.contains(&word);
    unknown.then(|| format!("\"{word}\" is no {what}; did you mean \"{}\"?", nearest().unwrap_or_default()))
}

fn likeness(known: &str, word: &str) -> f64 {
    strsim::jaro_winkler(&known.to_lowercase(), &word.to_lowercase())
}

/// `CODE`, or `CODE NAME` where the name is the start of the reason's subject or source.
fn fits(want: &str, reason: &Reason) -> bool {
    let (code, name) = want.split_once(' ').unwrap_or((want, ""));
    let name = name.trim().to_lowercase();
    let named = |known: &str| known.to_lowercase().starts_with(&name);
    Code::parse(code) == Some(reason.code) && (named(&reason.subject) || named(&reason.source))
}
