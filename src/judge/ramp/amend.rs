//! A plan that is amended on the night.

use super::Ramp;
use crate::judge::evidence::Seen;
use crate::judge::{Moment, Reading};
use crate::plan::changes::{self, Carried};
use crate::plan::{GateId, Plan, ProbeId, TriggerId};

impl Ramp {
    /// Puts a new plan in force: what is known goes with what is still the same. The soak starts
    /// again where the current stage is judged otherwise.
    pub fn amend(&mut self, old: &Plan, new: &Plan, carried: &Carried, now: Moment) {
        self.pass_time(old, now);
        let current = self.current.and_then(|was| Some((was, carried.stage(was)?)));
        // What the gap holds is of another plan.
        self.unseen = None;
        self.stages = each(&carried.stages, |was, _| Some(self.stages[was.index()].clone()));
        let items = carried.as_marked(old, new).into_iter().zip(&new.items);
        self.done = items.map(|(was, is)| was.map_or(is.ticked, |was| self.done[was.index()])).collect();
        self.current = current.map(|(_, is)| is);
        self.amend_measured(old, new, carried);
        self.beside.amend(old, new);
        if let Some((was, is)) = current
            && changes::judges_otherwise(old, was, new, is, carried)
        {
            self.stages[is.index()].start_over();
        }
        self.judge(new);
        self.span = self.span_now(new);
    }

    /// What was seen through a query that has changed is not known any more.
    fn amend_measured(&mut self, old: &Plan, new: &Plan, carried: &Carried) {
        self.gates = each(&carried.gates, |was, is| {
            let same = changes::is_judged_the_same(old, was, new, GateId::at(is));
            same.then(|| self.gates[was.index()].clone())
        });
        self.triggers = each(&carried.triggers, |was, is| {
            let same = changes::watches_the_same(old, was, new, TriggerId::at(is));
            Some(self.triggers[was.index()].amended(same))
        });
        self.health = each(&carried.health, |was, is| {
            let same = changes::is_the_same_endpoint(&old.health[was.index()], &new.health[is]);
            same.then(|| self.health[was.index()].clone())
        });
        self.probes = each(&carried.probes, |was, is| {
            let same = changes::asks_the_same(old, was, new, ProbeId::at(is));
            let seen = self.probes[was.index()].clone().filter(|_| same)?;
            Some(Some(Seen { reading: Reading { probe: ProbeId::at(is), ..seen.reading }, ..seen }))
        });
        self.captured = each(&carried.probes, |was, is| {
            let same = changes::asks_the_same(old, was, new, ProbeId::at(is));
            same.then(|| self.captured[was.index()].clone())
        });
    }
}

/// What becomes of each element of a new plan: what is made of the old one, or a fresh start.
fn each<T: Default, Id: Copy>(carried: &[Option<Id>], keep: impl Fn(Id, usize) -> Option<T>) -> Vec<T> {
    let kept = |(at, from): (usize, &Option<Id>)| from.and_then(|from| keep(from, at)).unwrap_or_default();
    carried.iter().enumerate().map(kept).collect()
}
