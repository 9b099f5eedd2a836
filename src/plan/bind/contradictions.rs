//! Limits that contradict each other: gates that can never pass together, and triggers that are true
//! while a gate passes.

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

/// The gates so far, one of each limit: a long checklist says the same in every phase.
#[derive(Default)]
struct Earlier {
    limits: BTreeMap<(ProbeId, StageId), Vec<(usize, Limit)>>,
}

impl Earlier {
    /// The first gate that shares a stage with this one, and no value with it.
    fn opposed_to(&self, gate: &Gate) -> Option<usize> {
        let known = stages(gate).filter_map(|stage| self.limits.get(&(gate.probe, stage)));
        known.flatten().filter(|(_, limit)| !limit.meets(&gate.pass)).map(|(at, _)| *at).min()
    }

    fn add(&mut self, at: usize, gate: &Gate) {
        for stage in stages(gate) {
            let known = self.limits.entry((gate.probe, stage)).or_default();
            if !known.iter().any(|(_, limit)| *limit == gate.pass) {
                known.push((at, gate.pass));
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

/// The measured triggers by what they measure, one of each limit.
struct Tripping<'t> {
    of: BTreeMap<ProbeId, Vec<(&'t Trigger, Limit)>>,
}

impl<'t> Tripping<'t> {
    fn of(triggers: &'t [Trigger]) -> Self {
        let mut of: BTreeMap<ProbeId, Vec<(&Trigger, Limit)>> = BTreeMap::new();
        for (trigger, watch) in triggers.iter().filter_map(|trigger| Some((trigger, trigger.watch.as_ref()?))) {
            let known = of.entry(watch.probe).or_default();
            if !known.iter().any(|(_, bad)| *bad == watch.bad) {
                known.push((trigger, watch.bad));
            }
        }
        Self { of }
    }

    /// The first trigger that can be true while a gate passes.
    fn while_passing(&self, gate: &Gate) -> Option<(&'t Trigger, Limit)> {
        self.of.get(&gate.probe)?.iter().find(|(_, bad)| bad.meets(&gate.pass)).copied()
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
