//! Two readings of a plan: what of the old one is still there, and what is different.
//!
//! Lines move when a checklist is edited, so nothing is known again by its line: an item by its text
//! and the headings or the stage it stands under, a stage by its name, a gate by its metric and where
//! it counts, a trigger by its sentence.

mod difference;
mod papers;

pub use difference::{Change, Kind, difference};
pub use papers::Papers;

use super::{
    Gate, GateId, Health, HealthId, Item, ItemId, Origin, Plan, Probe, ProbeId, Scope, SectionId, Source, StageId,
};
use super::{SourceId, Trigger, TriggerId};
use crate::text::Millis;
use std::collections::BTreeMap;

/// For each element of a new plan the one of the old plan that it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    pub items: Vec<Option<ItemId>>,
    pub stages: Vec<Option<StageId>>,
    pub gates: Vec<Option<GateId>>,
    pub triggers: Vec<Option<TriggerId>>,
    pub probes: Vec<Option<ProbeId>>,
    pub health: Vec<Option<HealthId>>,
}

impl Carried {
    /// Finds the elements of an old plan again in a new one.
    #[must_use]
    pub fn between(old: &Plan, new: &Plan) -> Self {
        let both = |keys: &dyn Fn(&Plan) -> Vec<Key>| again(&keys(old), &keys(new));
        Self {
            items: ids(both(&|plan| keys(&plan.items, |item| item_key(plan, item))), ItemId::at),
            stages: ids(both(&|plan| keys(&plan.stages, |stage| vec![stage.name.clone()])), StageId::at),
            gates: ids(both(&|plan| keys(&plan.gates, |gate| gate_key(plan, gate))), GateId::at),
            triggers: ids(both(&|plan| keys(&plan.triggers, |trigger| vec![trigger.text.clone()])), TriggerId::at),
            probes: ids(both(&|plan| keys(&plan.probes, |probe| vec![probe.name.clone()])), ProbeId::at),
            health: ids(both(&|plan| keys(&plan.health, |health| vec![health.name.clone()])), HealthId::at),
        }
    }

    /// For each item of the new plan the old one, where it is marked in the file as that was. What has been
    /// ticked or opened in the file is as the file says; the others are as people left them.
    #[must_use]
    pub fn as_marked(&self, old: &Plan, new: &Plan) -> Vec<Option<ItemId>> {
        let same = |was: &ItemId, is: &Item| old.item(*was).ticked == is.ticked;
        self.items.iter().zip(&new.items).map(|(was, is)| was.filter(|was| same(was, is))).collect()
    }

    /// The stage of the new plan that a stage of the old one has become.
    #[must_use]
    pub fn stage(&self, old: StageId) -> Option<StageId> {
        self.stages.iter().position(|from| *from == Some(old)).map(StageId::at)
    }
}

/// What something is known by.
type Key = Vec<String>;

fn keys<T>(list: &[T], key: impl Fn(&T) -> Key) -> Vec<Key> {
    list.iter().map(key).collect()
}

/// Where each new key stood before; of equal keys the first is the first, the second the second.
fn again(old: &[Key], new: &[Key]) -> Vec<Option<usize>> {
    let mut places: BTreeMap<&Key, Vec<usize>> = BTreeMap::new();
    for (at, key) in old.iter().enumerate().rev() {
        places.entry(key).or_default().push(at);
    }
    new.iter().map(|key| places.get_mut(key).and_then(Vec::pop)).collect()
}

fn ids<T>(places: Vec<Option<usize>>, id: impl Fn(usize) -> T) -> Vec<Option<T>> {
    places.into_iter().map(|place| place.map(&id)).collect()
}

fn item_key(plan: &Plan, item: &Item) -> Key {
    let mut key = match item.stage {
        Some(stage) => vec!["stage".to_owned(), plan.stage(stage).name.clone()],
        None => headings(plan, item.section),
    };
    key.push(item.text.clone());
    key
}

/// The titles of a section and of those around it, without the title of the whole checklist: a new
/// version's number in it makes no other checklist.
fn headings(plan: &Plan, section: Option<SectionId>) -> Key {
    let has_title = plan.sections.iter().skip(1).all(|section| section.parent.is_some());
    let is_title = |id: &SectionId| has_title && id.index() == 0 && plan.sections.len() > 1;
    let sections = std::iter::successors(section, |id| plan.sections[id.index()].parent).filter(|id| !is_title(id));
    sections.map(|id| plan.sections[id.index()].title.clone()).collect()
}

/// A gate of the checklist counts where its line stands; one of the bindings is known by its metric.
fn gate_key(plan: &Plan, gate: &Gate) -> Key {
    let mut key = vec![gate.name.clone()];
    if gate.line.is_some() {
        key.push("line".to_owned());
        key.extend(stages(plan, gate).map(str::to_owned));
    }
    key
}

/// The names of the stages in which a gate counts.
fn stages<'p>(plan: &'p Plan, gate: &'p Gate) -> impl Iterator<Item = &'p str> {
    let named = plan.stages.iter().enumerate().filter(|(at, _)| gate.scope.holds(StageId::at(*at)));
    named.map(|(_, stage)| stage.name.as_str())
}

/// What a probe asks of whom, without where it is written and how often it is asked.
fn asked(plan: &Plan, id: ProbeId) -> (Probe, Source) {
    let probe = plan.probe(id);
    let origin = Origin::Bindings { line: 0 };
    (Probe { source: SourceId(0), origin, ..probe.clone() }, answerer(plan, probe.source))
}

/// A source without how often it is asked.
fn answerer(plan: &Plan, id: SourceId) -> Source {
    Source { every: Millis::ZERO, timeout: Millis::ZERO, ..plan.source(id).clone() }
}

/// Whether two probes ask the same.
#[must_use]
pub fn asks_the_same(old: &Plan, was: ProbeId, new: &Plan, is: ProbeId) -> bool {
    asked(old, was) == asked(new, is)
}

/// Whether two gates are judged by the same rule on the same measurement, wherever they count.
#[must_use]
pub fn is_judged_the_same(old: &Plan, was: GateId, new: &Plan, is: GateId) -> bool {
    let rule = |gate: &Gate| Gate { probe: ProbeId(0), line: None, item: None, scope: Scope::Nowhere, ..gate.clone() };
    let (before, after) = (old.gate(was), new.gate(is));
    rule(before) == rule(after) && asks_the_same(old, before.probe, new, after.probe)
}

/// Whether two triggers watch the same, as it is measured.
#[must_use]
pub fn watches_the_same(old: &Plan, was: TriggerId, new: &Plan, is: TriggerId) -> bool {
    let rule = |trigger: &Trigger| trigger.watch.as_ref().map(|watch| (watch.bad, watch.hold));
    let (before, after) = (old.trigger(was), new.trigger(is));
    let same_query = match (&before.watch, &after.watch) {
        (Some(before), Some(after)) => asks_the_same(old, before.probe, new, after.probe),
        (None, None) => true,
        _ => false,
    };
    rule(before) == rule(after) && same_query
}

/// Whether an endpoint is asked for the same.
#[must_use]
pub fn is_the_same_endpoint(before: &Health, after: &Health) -> bool {
    let asked = |health: &Health| Health { items: Vec::new(), timeout: Millis::ZERO, ..health.clone() };
    asked(before) == asked(after)
}

/// Whether the same alerts of the same source are watched.
#[must_use]
pub fn watches_the_same_alerts(old: &Plan, new: &Plan) -> bool {
    let watched =
        |plan: &Plan| plan.alerts.as_ref().map(|alerts| (alerts.labels.clone(), answerer(plan, alerts.source)));
    watched(old) == watched(new)
}

/// Whether the share of the traffic is measured and judged the same.
#[must_use]
pub fn measures_the_same_share(old: &Plan, new: &Plan) -> bool {
    let measured = |plan: &Plan| plan.traffic.as_ref().map(|share| (share.tolerance, asked(plan, share.probe)));
    measured(old) == measured(new)
}

/// Whether the build is read and judged the same.
#[must_use]
pub fn reads_the_same_build(old: &Plan, new: &Plan) -> bool {
    let read = |plan: &Plan| plan.build.as_ref().map(|build| (build.expected.clone(), asked(plan, build.probe)));
    read(old) == read(new)
}

/// Whether a stage's gates, or what is watched beside them, are other ones than before, so that what its soak
/// has proven is no longer what it is to prove.
#[must_use]
pub fn judges_otherwise(old: &Plan, was: StageId, new: &Plan, is: StageId, carried: &Carried) -> bool {
    let same_beside =
        watches_the_same_alerts(old, new) && measures_the_same_share(old, new) && reads_the_same_build(old, new);
    let mut before: Vec<GateId> = old.counting(was).map(|(gate, _)| gate).collect();
    for (gate, _) in new.counting(is) {
        let from = carried.gates[gate.index()];
        let place = from.and_then(|from| before.iter().position(|known| *known == from));
        match (from, place) {
            (Some(from), Some(place)) if is_judged_the_same(old, from, new, gate) => drop(before.swap_remove(place)),
            _ => return true,
        }
    }
    let is_known = |(at, health): (usize, &Health)| {
        carried.health[at].is_some_and(|from| is_the_same_endpoint(&old.health[from.index()], health))
    };
    !same_beside
        || !before.is_empty()
        || old.health.len() != new.health.len()
        || !new.health.iter().enumerate().all(is_known)
}

#[cfg(test)]
mod tests;
