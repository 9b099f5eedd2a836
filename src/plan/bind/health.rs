//! Health endpoints, each with the lines of the checklist that it is the evidence of.

use crate::plan::Health;
use crate::plan::bindings::{Bindings, HealthBinding};
use crate::plan::checklist::Checklist;
use crate::plan::complaints::Complaints;
use crate::plan::{ItemId, words};

pub(super) fn read(list: &Checklist, bindings: &Bindings, complaints: &mut Complaints<'_>) -> Vec<Health> {
    bindings.health.iter().map(|binding| endpoint(list, binding, complaints)).collect()
}

fn endpoint(list: &Checklist, binding: &HealthBinding, complaints: &mut Complaints<'_>) -> Health {
    let items = items(list, binding);
    if let (true, Some(phrase)) = (items.is_empty(), binding.phrases.first()) {
        let message = format!("the phrases of [health.{}] stand nowhere in the checklist", binding.name.value);
        complaints.warning(phrase, message, None);
    }
    Health {
        name: binding.name.value.clone(),
        url: binding.url.clone(),
        json: binding.json.clone(),
        failures: binding.failures,
        timeout: binding.timeout,
        items,
    }
}

fn items(list: &Checklist, binding: &HealthBinding) -> Vec<ItemId> {
    let phrases: Vec<_> =
        binding.phrases.iter().map(|phrase| words::key(&phrase.value)).filter(|key| !key.is_empty()).collect();
    let boxes = list.lines().filter(|(_, entry)| entry.ticked().is_some());
    boxes
        .filter(|(_, entry)| phrases.iter().any(|phrase| entry.key().contains(phrase.as_str())))
        .filter_map(|(at, _)| list.item(at))
        .collect()
}
