//! Limits that contradict each other: gates that can never pass together, and triggers that are true
//! while a gate passes.

use crate::order;
use crate::plan::checklist::Checklist;
use crate::plan::complaints::Complaints;
use crate::plan::diagnostic::Severity;
use crate::plan::limit::Limit;
use crate::plan::{Gate, ProbeId, Scope, StageId, Trigger};
use std::collections::{BTreeMap, BTreeSet};

/// Complains of each gate that an earlier one in its stage, or a trigger, contradicts.
pub(super) fn find(gates: &[Gate], triggers: &[Trigger], list: &Checklist, complaints: &mut Complaints<'_>) {
    let tripping = Tripping::of(triggers);
    let mut earlier = Earlier::default();
    let mut told = Told { list, complaints, messages: BTreeSet::new() };
    for (at, gate) in gates.iter().enumerate().filter(|(_, gate)| !gate.advisory && gate.pass.relative.is_none()) {
        if let Some(other) = earlier.opposed_to(gate).map(|at| &gates[at]) {
            let message = format!(
                "{} {} contradicts {} in the same stage: no value passes both",
                gate.name, gate.pass, other.pass
            );
            told.tell(gate.line.or(other.line), Severity::Error, message);
        }
        earlier.add(at, gate);
        if let Some((trigger, bad)) = tripping.while_passing(gate) {
            let message = format!("the trigger {} {bad} can be true while the gate {} passes", trigger.name, gate.pass);
            told.tell(Some(trigger.line), Severity::Warning, message);
        }
    }
}

/// The gates so far. What is opposed to any of them is opposed to one of the two that leave the
/// least room: however many limits a stage has, a gate is held against those.
#[derive(Default)]
struct Earlier {
    strictest: BTreeMap<(ProbeId, StageId), Strictest>,
}

#[derive(Clone, Copy)]
struct Strictest {
    /// The gate that begins to pass highest up, by its place.
    from: (usize, Limit),
    /// The gate that ceases to pass furthest down.
    to: (usize, Limit),
}

impl Earlier {
    /// The first gate that shares a stage with this one, and no value with it.
    fn opposed_to(&self, gate: &Gate) -> Option<usize> {
        let known = stages(gate).filter_map(|stage| self.strictest.get(&(gate.probe, stage)));
        known
            .flat_map(|known| [known.from, known.to])
            .filter(|(_, limit)| !limit.meets(&gate.pass))
            .map(|(at, _)| at)
            .min()
    }

    fn add(&mut self, at: usize, gate: &Gate) {
        let own = (at, gate.pass);
        for stage in stages(gate) {
            let known = self.strictest.entry((gate.probe, stage)).or_insert(Strictest { from: own, to: own });
            if gate.pass.by_start(&known.from.1).is_gt() {
                known.from = own;
            }
            if gate.pass.by_end(&known.to.1).is_lt() {
                known.to = own;
            }
        }
    }
}

fn stages(gate: &Gate) -> impl Iterator<Item = StageId> {
    let stages: &[StageId] = match &gate.scope {
        Scope::Stages(stages) => stages,
        Scope::Nowhere => &[],
    };
    stages.iter().copied()
}

/// The measured triggers by what they measure.
struct Tripping<'t> {
    of: BTreeMap<ProbeId, Vec<Reach<'t>>>,
}

/// A trigger in the order in which they begin to be true, and which of those up to it lasts longest.
struct Reach<'t> {
    bad: Limit,
    longest: (&'t Trigger, Limit),
}

impl<'t> Tripping<'t> {
    fn of(triggers: &'t [Trigger]) -> Self {
        let mut of: BTreeMap<ProbeId, Vec<(&Trigger, Limit)>> = BTreeMap::new();
        for (trigger, watch) in triggers.iter().filter_map(|trigger| Some((trigger, trigger.watch.as_ref()?))) {
            of.entry(watch.probe).or_default().push((trigger, watch.bad));
        }
        Self { of: order::map(of.into_iter().map(|(probe, triggers)| (probe, Reach::of(triggers)))) }
    }

    /// A trigger that can be true while a gate passes.
    fn while_passing(&self, gate: &Gate) -> Option<(&'t Trigger, Limit)> {
        let known = self.of.get(&gate.probe)?;
        let begun = known.partition_point(|reach| !reach.bad.is_above(&gate.pass));
        let longest = known.get(begun.checked_sub(1)?)?.longest;
        longest.1.meets(&gate.pass).then_some(longest)
    }
}

impl<'t> Reach<'t> {
    fn of(mut triggers: Vec<(&'t Trigger, Limit)>) -> Vec<Self> {
        // What is relative is not known before the night, and meets nothing.
        triggers.retain(|(_, bad)| bad.relative.is_none());
        order::by(&mut triggers, |(_, a), (_, b)| a.by_start(b));
        let mut longest: Option<(&Trigger, Limit)> = None;
        let reach = triggers.into_iter().map(|own| {
            let longest = *longest.insert(longest.filter(|known| known.1.by_end(&own.1).is_ge()).unwrap_or(own));
            Self { bad: own.1, longest }
        });
        reach.collect()
    }
}

/// What has been said, each once.
struct Told<'a, 'c, 'l> {
    list: &'a Checklist,
    complaints: &'c mut Complaints<'l>,
    messages: BTreeSet<String>,
}

impl Told<'_, '_, '_> {
    fn tell(&mut self, line: Option<u32>, severity: Severity, message: String) {
        let entries = &self.list.entries;
        let place = |line: u32| entries.get(entries.partition_point(|entry| entry.line < line));
        match line.and_then(place) {
            Some(entry) => {
                if self.messages.insert(message.clone()) {
                    self.complaints.checklist(severity, entry, message, None);
                }
            }
            None => self.complaints.bindings(severity, &(0..0), message, None),
        }
    }
}
