//! The paperwork of a night: what was filled in, decided, signed and scored. One file a construct:
//! its words, its fact, how the fact is folded and how it is told.
//!
//! - [`field`]: blanks filled in, choices made.
//! - [`decision`]: the questions a checklist asks between stages.
//! - [`sign_off`]: who has signed.
//! - [`score`]: how ready a team says it is.
//! - [`star`]: entries that the report shows first.
//! - [`note`]: notes on what happened before.

pub mod decision;
pub mod field;
pub mod note;
pub mod score;
pub mod sign_off;
pub mod star;

use super::event::Event;
use super::state::State;
use crate::plan::Plan;
use crate::plan::changes::Papers;
use std::collections::BTreeSet;

/// A fact of the paperwork.
pub trait Paper: std::fmt::Debug {
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
    fn new(value: T, event: &Event) -> Self {
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
            stars: BTreeSet::new(),
        }
    }

    /// Puts a new plan in force: what was written goes with the lines that are still there.
    pub(super) fn amend(&mut self, old: &Plan, new: &Plan) {
        let carried = Papers::between(old, new);
        self.fields = carry(&self.fields, &carried.fields);
        self.decisions = carry(&self.decisions, &carried.decisions);
        self.sign_offs = carry(&self.sign_offs, &carried.sign_offs);
        self.scores = carry(&self.scores, &carried.scores);
    }
}

fn carry<T: Clone>(old: &[Option<T>], carried: &[Option<usize>]) -> Vec<Option<T>> {
    carried.iter().map(|from| from.and_then(|from| old[from].clone())).collect()
}
