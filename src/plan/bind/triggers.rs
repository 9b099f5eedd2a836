//! Triggers: measured where their condition is bound, declared by a person where it is not.

use super::metrics::Metrics;
use crate::plan::bindings::Bindings;
use crate::plan::checklist::Checklist;
use crate::plan::complaints::Complaints;
use crate::plan::conditions::{self, Found};
use crate::plan::words::{self, List};
use crate::plan::{Condition, Role, Trigger, Watch, suggest};
use crate::text::Millis;

/// `sustained` without a figure.
const SUSTAINED: Millis = Millis::from_secs(60);

pub(super) fn read(
    list: &Checklist,
    found: &[Found],
    metrics: &Metrics<'_>,
    complaints: &mut Complaints<'_>,
) -> Vec<Trigger> {
    let mut triggers = Vec::new();
    for (at, severity) in list.triggers.iter() {
        let entry = &list.entries[at];
        let sustained = entry.key().has(List::Sustained);
        let base = Trigger {
            text: entry.text.clone(),
            name: entry.text.clone(),
            line: entry.line,
            item: list.item(at),
            severity,
            sustained,
            watch: None,
            dismissable: true,
        };
        let conditions = conditions::of_entry(found, at).iter().filter(|found| found.condition.role == Role::Trigger);
        let measured: Vec<_> = conditions.filter_map(|found| watched(&base, &found.condition, metrics)).collect();
        if measured.is_empty() { triggers.push(base) } else { triggers.extend(measured) }
    }
    amend(&mut triggers, metrics.bindings(), complaints);
    triggers
}

fn watched(base: &Trigger, condition: &Condition, metrics: &Metrics<'_>) -> Option<Trigger> {
    let probe = condition.probe?;
    let hold = condition.hold.or(base.sustained.then_some(SUSTAINED));
    let watch = Some(Watch { probe, bad: condition.limit, hold });
    Some(Trigger { watch, name: metrics.get(probe).name.clone(), ..base.clone() })
}

/// Applies `[trigger.NAME]`.
fn amend(triggers: &mut [Trigger], bindings: &Bindings, complaints: &mut Complaints<'_>) {
    for binding in &bindings.triggers {
        let wanted = words::key(&binding.name.value);
        let names = |trigger: &Trigger| {
            words::key(&trigger.name) == wanted || words::key(&trigger.text).starts_with(wanted.as_str())
        };
        if !triggers.iter().any(names) {
            let known = triggers.iter().flat_map(|trigger| [trigger.name.as_str(), trigger.text.as_str()]);
            let help = suggest::did_you_mean(&binding.name.value, known);
            complaints.error(&binding.name, format!("unknown trigger \"{}\"", binding.name.value), help);
        }
        for trigger in triggers.iter_mut().filter(|trigger| names(trigger)) {
            trigger.severity = binding.severity.unwrap_or(trigger.severity);
            trigger.dismissable = binding.dismissable.unwrap_or(trigger.dismissable);
            if let (Some(watch), Some(hold)) = (&mut trigger.watch, binding.hold) {
                watch.hold = Some(hold);
            }
        }
    }
}
