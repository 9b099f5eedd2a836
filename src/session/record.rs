//! The paperwork of a night: what was filled in, decided, signed and scored. One file a construct:
//! its words, its fact, how the fact is folded and how it is told.
//!
//! - [`field`]: blanks filled in, choices made.
//! - [`decision`]: the questions a checklist asks between stages; `against`: those whose last word is no.
//! - [`sign_off`]: who has signed.
//! - [`score`]: how ready a team says it is.
//! - [`remark`]: issues, lessons, improvements.
//! - [`question`]: the questions of the review.
//! - [`check`]: what is looked at again and again.
//! - [`region`]: lines that are done once for each region.
//! - [`section`]: sections that do not apply.
//! - [`way_back`]: rollback as a phase.
//! - [`laps`]: when stages began and ended; [`automatic`]: what the night fills in by itself.
//! - [`calendar`]: when what is due, and until when it is safe to go on.
//! - [`star`]: entries that the report shows first.
//! - [`note`]: notes on what happened before.

mod against;
pub mod automatic;
pub mod calendar;
pub mod check;
pub mod decision;
pub mod field;
pub mod laps;
pub mod note;
pub mod question;
pub mod region;
pub mod remark;
pub mod score;
pub mod section;
pub mod sign_off;
pub mod star;
pub mod way_back;

use super::event::Event;
pub(super) use super::fits::Name;
use super::state::State;
use crate::plan::changes::{Carried, Papers};
use crate::plan::{ItemId, Plan};
use std::collections::{BTreeMap, BTreeSet};

/// A fact of the paperwork.
pub trait Paper: std::fmt::Debug {
    /// The places of the plan that it speaks of: it is not folded where one is missing.
    fn names(&self) -> Vec<Name>;

    /// Takes it into the state. Time has passed already.
    fn fold(&self, state: &mut State, event: &Event);

    /// What was done, behind who did it: `filled in "Version": v2`.
    fn tell(&self, plan: &Plan) -> String;
}

/// Something that somebody wrote down.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry<T> {
    pub value: T,
    pub by: String,
    /// The wall clock, unix milliseconds.
    pub at: i64,
    /// The event that wrote it.
    pub seq: u64,
}

impl<T> Entry<T> {
    pub(super) fn new(value: T, event: &Event) -> Self {
        Self { value, by: event.by.clone(), at: event.at, seq: event.seq }
    }
}

/// The paperwork as it stands, each list beside the plan's.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// What stands in each blank or choice now.
    pub fields: Vec<Option<Entry<String>>>,
    pub decisions: Vec<Option<Entry<decision::Answer>>>,
    pub sign_offs: Vec<Option<Entry<()>>>,
    pub scores: Vec<Option<Entry<f64>>>,
    pub answers: Vec<Option<Entry<String>>>,
    /// Every time each recurring check was made.
    pub checks: Vec<Vec<Entry<()>>>,
    /// Lines that are done by region, each with its regions.
    pub regions: BTreeMap<ItemId, Vec<Option<Entry<()>>>>,
    pub remarks: Vec<Entry<remark::Remarked>>,
    pub way_back: way_back::WayBack,
    /// When each stage began and ended.
    pub laps: Vec<laps::Lap>,
    pub whole: laps::Whole,
    /// The numbers of the entries that are starred.
    pub stars: BTreeSet<u64>,
}

impl Record {
    /// The paperwork of a plan before anything was written.
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        Self {
            fields: vec![None; plan.fields.len()],
            decisions: vec![None; plan.decisions.len()],
            sign_offs: vec![None; plan.sign_offs.len()],
            scores: vec![None; plan.scores.len()],
            answers: vec![None; plan.questions.len()],
            checks: vec![Vec::new(); plan.recurring.len()],
            laps: vec![laps::Lap::default(); plan.stages.len()],
            ..Self::default()
        }
    }

    /// Puts a new plan in force: what was written goes with the lines that are still there.
    pub(super) fn amend(&mut self, old: &Plan, new: &Plan, kept: &Carried) {
        let carried = Papers::between(old, new);
        self.answers = carry(&self.answers, &carried.questions);
        let checks = carried.checks.iter().map(|from| from.map(|from| self.checks[from].clone()));
        self.checks = checks.map(Option::unwrap_or_default).collect();
        let laps = kept.stages.iter().map(|from| from.map(|from| self.laps[from.index()]));
        self.laps = laps.map(Option::unwrap_or_default).collect();
        self.carry_regions(old, new, kept);
        self.fields = carry(&self.fields, &carried.fields);
        self.decisions = carry(&self.decisions, &carried.decisions);
        self.sign_offs = carry(&self.sign_offs, &carried.sign_offs);
        self.scores = carry(&self.scores, &carried.scores);
    }
}

impl Record {
    /// Each line's ticks by region, found again by the regions' names.
    fn carry_regions(&mut self, old: &Plan, new: &Plan, kept: &Carried) {
        let before = std::mem::take(&mut self.regions);
        for (at, from) in kept.items.iter().enumerate() {
            let Some(ticks) = from.and_then(|from| before.get(&from)) else { continue };
            let of = |name: &String| old.regions.iter().position(|known| known == name);
            let ticks = new.regions.iter().map(|name| of(name).and_then(|at| ticks.get(at).cloned().flatten()));
            self.regions.insert(ItemId::at(at), ticks.collect());
        }
    }
}

fn carry<T: Clone>(old: &[Option<T>], carried: &[Option<usize>]) -> Vec<Option<T>> {
    carried.iter().map(|from| from.and_then(|from| old[from].clone())).collect()
}
