//! Entries of the timeline that the report is to show first: `star last`, `star #12`.

use super::{Name, Paper};
use crate::plan::Plan;
use crate::session::command::Word;
use crate::session::command::word::By;
use crate::session::decide::{Case, Refusal, not_now};
use crate::session::event::{Event, Fact};
use crate::session::state::State;
use serde::{Deserialize, Serialize};

pub static STAR: Word =
    Word::said("star ENTRY", "star an entry of the timeline for the report: #12, or last", By::Anybody, star);
pub static UNSTAR: Word = Word::said("unstar ENTRY", "take its star away again", By::Anybody, unstar);

/// An entry was starred.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EntryStarred {
    /// The number of its event.
    pub entry: u64,
}

/// A star was taken away.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EntryUnstarred {
    pub entry: u64,
}

fn star(case: &Case<'_>, text: &str) -> Result<Vec<Fact>, Refusal> {
    let entry = entry(case.state, text)?;
    if case.state.record.stars.contains(&entry) {
        return not_now(format!("#{entry} is starred"));
    }
    Ok(vec![Fact::EntryStarred(EntryStarred { entry })])
}

fn unstar(case: &Case<'_>, text: &str) -> Result<Vec<Fact>, Refusal> {
    let entry = entry(case.state, text)?;
    if !case.state.record.stars.contains(&entry) {
        return not_now(format!("#{entry} has no star"));
    }
    Ok(vec![Fact::EntryUnstarred(EntryUnstarred { entry })])
}

/// The number of the entry that is meant. Of stars themselves the last one is never meant.
fn entry(state: &State, text: &str) -> Result<u64, Refusal> {
    let is_star = |event: &Event| matches!(event.fact, Fact::EntryStarred(_) | Fact::EntryUnstarred(_));
    if text == "last" {
        let last = state.timeline.iter().rev().find(|event| !is_star(event));
        return last.map_or_else(|| not_now("nothing has happened yet"), |event| Ok(event.seq));
    }
    let number = text.trim_start_matches('#').parse::<u64>();
    let known = |seq: &u64| state.timeline.binary_search_by_key(seq, |event| event.seq).is_ok();
    match number.ok().filter(known) {
        Some(seq) => Ok(seq),
        None => not_now(format!("the timeline has no entry \"{text}\": say its number, #12, or last")),
    }
}

impl Paper for EntryStarred {
    fn names(&self) -> Vec<Name> {
        Vec::new()
    }

    fn fold(&self, state: &mut State, _: &Event) {
        state.record.stars.insert(self.entry);
    }

    fn tell(&self, _: &Plan) -> String {
        format!("starred #{}", self.entry)
    }
}

impl Paper for EntryUnstarred {
    fn names(&self) -> Vec<Name> {
        Vec::new()
    }

    fn fold(&self, state: &mut State, _: &Event) {
        state.record.stars.remove(&self.entry);
    }

    fn tell(&self, _: &Plan) -> String {
        format!("took the star off #{}", self.entry)
    }
}
