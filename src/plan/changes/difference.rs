//! The difference between two plans, as people read it before they agree to it.

use super::{Carried, is_judged_the_same, is_the_same_endpoint, stages, watches_the_same};
use super::{measures_the_same_share, reads_the_same_build, watches_the_same_alerts};
use crate::plan::{Gate, GateId, ItemId, Plan, Stage, StageId, Trigger, TriggerId};
use crate::text::number;
use std::fmt;

/// One thing that is different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub kind: Kind,
    /// `gate error rate in 10%: limit < 0.1 %, was < 0.5 %`.
    pub what: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Added,
    Removed,
    Changed,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.kind {
            Kind::Added => '+',
            Kind::Removed => '-',
            Kind::Changed => '~',
        };
        write!(f, "{sign} {}", self.what)
    }
}

/// Lists what is different: stages, gates, triggers, health endpoints, what else is watched, who is told, items, in
/// this order, and in
/// each what is new or changed in the new plan's order, then what is gone in the old one's.
#[must_use]
pub fn difference(old: &Plan, new: &Plan) -> Vec<Change> {
    let carried = Carried::between(old, new);
    let mut list = Vec::new();
    compare(
        &mut list,
        &carried.stages,
        (&old.stages, &new.stages),
        |stage| format!("stage {}", stage.name),
        |was, is| facets(&stage_facets(&old.stages[was.index()]), &stage_facets(&new.stages[is])),
        StageId::index,
    );
    compare(
        &mut list,
        &carried.gates,
        (&old.gates, &new.gates),
        |gate| format!("gate {} {}", gate.name, gate.pass),
        |was, is| {
            let facets = facets(&gate_facets(old, was), &gate_facets(new, GateId::at(is)));
            let same = is_judged_the_same(old, was, new, GateId::at(is));
            facets.or_else(|| (!same).then(|| "it is measured or judged otherwise".to_owned()))
        },
        GateId::index,
    );
    compare(
        &mut list,
        &carried.triggers,
        (&old.triggers, &new.triggers),
        |trigger: &Trigger| format!("trigger \"{}\"", trigger.text),
        |was, is| {
            let facets = facets(&trigger_facets(old, was), &trigger_facets(new, TriggerId::at(is)));
            let same = watches_the_same(old, was, new, TriggerId::at(is));
            facets.or_else(|| (!same).then(|| "it is measured otherwise".to_owned()))
        },
        TriggerId::index,
    );
    compare(
        &mut list,
        &carried.health,
        (&old.health, &new.health),
        |health| format!("health {}", health.name),
        |was, is| {
            let same = is_the_same_endpoint(&old.health[was.index()], &new.health[is]);
            (!same).then(|| format!("it is asked otherwise, at {}", new.health[is].url))
        },
        crate::plan::HealthId::index,
    );
    beside(&mut list, old, new);
    outside(&mut list, old, new);
    let item = |item: &crate::plan::Item| format!("item \"{}\"", item.text);
    let marked = |was: ItemId, is: usize| match (old.item(was).ticked, new.items[is].ticked) {
        (false, true) => Some("ticked in the file".to_owned()),
        (true, false) => Some("opened in the file".to_owned()),
        _ => None,
    };
    compare(&mut list, &carried.items, (&old.items, &new.items), item, marked, ItemId::index);
    list
}

/// What is watched beside the gates: there once, or not at all.
fn beside(list: &mut Vec<Change>, old: &Plan, new: &Plan) {
    let (alerts, share, build) =
        (|plan: &Plan| plan.alerts.is_some(), |plan: &Plan| plan.traffic.is_some(), |plan: &Plan| plan.build.is_some());
    let watched = [
        ("the alerts", alerts(old), alerts(new), watches_the_same_alerts(old, new)),
        ("the measured share of the traffic", share(old), share(new), measures_the_same_share(old, new)),
        ("the build", build(old), build(new), reads_the_same_build(old, new)),
    ];
    for (what, was, is, same) in watched {
        let (kind, how) = match (was, is) {
            (true, false) => (Kind::Removed, ""),
            (false, true) => (Kind::Added, ""),
            _ if same => continue,
            _ => (Kind::Changed, ": judged otherwise"),
        };
        list.push(Change { kind, what: format!("{what}{how}") });
    }
}

/// Who is told what happens, by name.
fn outside(list: &mut Vec<Change>, old: &Plan, new: &Plan) {
    let mut say = |kind, name: &str, how: &str| list.push(Change { kind, what: format!("[notify.{name}]{how}") });
    for notify in &new.notify {
        match old.notify.iter().find(|known| known.name == notify.name) {
            None => say(Kind::Added, &notify.name, ""),
            Some(known) if known != notify => say(Kind::Changed, &notify.name, ": is told otherwise"),
            Some(_) => {}
        }
    }
    for gone in old.notify.iter().filter(|known| new.notify.iter().all(|notify| notify.name != known.name)) {
        say(Kind::Removed, &gone.name, "");
    }
}

/// Compares one kind of element.
fn compare<T, Id: Copy + PartialEq>(
    list: &mut Vec<Change>,
    carried: &[Option<Id>],
    (old, new): (&[T], &[T]),
    name: impl Fn(&T) -> String,
    changed: impl Fn(Id, usize) -> Option<String>,
    index: impl Fn(Id) -> usize,
) {
    for (at, element) in new.iter().enumerate() {
        match carried[at] {
            None => list.push(Change { kind: Kind::Added, what: name(element) }),
            Some(was) => list.extend(
                changed(was, at).map(|how| Change { kind: Kind::Changed, what: format!("{}: {how}", name(element)) }),
            ),
        }
    }
    let kept: Vec<usize> = carried.iter().flatten().map(|id| index(*id)).collect();
    let gone = old.iter().enumerate().filter(|(at, _)| !kept.contains(at));
    list.extend(gone.map(|(_, element)| Change { kind: Kind::Removed, what: name(element) }));
}

/// A name and how it is said.
type Facet = (&'static str, String);

/// Says which facets are different: `soak 15m, was 10m`.
fn facets(old: &[Facet], new: &[Facet]) -> Option<String> {
    let different = old.iter().zip(new).filter(|(was, is)| was != is);
    let said: Vec<_> = different.map(|((_, was), (name, is))| format!("{name} {is}, was {was}")).collect();
    (!said.is_empty()).then(|| said.join("; "))
}

fn or_none<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(|| "none".to_owned(), |value| value.to_string())
}

fn stage_facets(stage: &Stage) -> Vec<Facet> {
    vec![
        ("traffic", or_none(stage.share.map(|share| format!("{}%", number::show(share))))),
        ("soak", or_none(stage.soak)),
        ("approvals", stage.approvals.to_string()),
        ("longest gap", stage.max_gap.to_string()),
    ]
}

fn gate_facets(plan: &Plan, id: GateId) -> Vec<Facet> {
    let gate: &Gate = plan.gate(id);
    let on_fail = match gate.on_fail {
        crate::plan::OnFail::Hold => "hold",
        crate::plan::OnFail::Rollback => "rollback",
    };
    let names: Vec<_> = stages(plan, gate).collect();
    vec![
        ("limit", gate.pass.to_string()),
        ("for", or_none(gate.hold)),
        ("hard limit", or_none(gate.hard)),
        ("on failure", on_fail.to_owned()),
        ("stages", if names.is_empty() { "none".to_owned() } else { names.join(", ") }),
        ("counted", if gate.advisory { "no" } else { "yes" }.to_owned()),
        ("query", plan.probe(gate.probe).query.text.clone()),
    ]
}

fn trigger_facets(plan: &Plan, id: TriggerId) -> Vec<Facet> {
    let trigger = plan.trigger(id);
    let watch = trigger.watch.as_ref();
    vec![
        ("limit", or_none(watch.map(|watch| watch.bad))),
        ("for", or_none(watch.and_then(|watch| watch.hold))),
        ("dismissable", if trigger.dismissable { "yes" } else { "no" }.to_owned()),
        ("query", or_none(watch.map(|watch| plan.probe(watch.probe).query.text.clone()))),
    ]
}
