//! What is watched beside the gates, with the lines of the checklist that it is the evidence of.

use super::sources::{self, Asked};
use crate::plan::bindings::{At, Bindings};
use crate::plan::checklist::Checklist;
use crate::plan::complaints::Complaints;
use crate::plan::{Alerts, ItemId, words};

pub(super) fn alerts(list: &Checklist, bindings: &Bindings, complaints: &mut Complaints<'_>) -> Option<Alerts> {
    let binding = bindings.alerts.as_ref()?;
    let place = At { value: "[alerts]".to_owned(), span: binding.span.clone() };
    let source = sources::pick(bindings, binding.source.as_ref(), &place, Asked::Alerts, complaints);
    let items = items(list, &binding.phrases);
    if let (true, Some(phrase)) = (items.is_empty(), binding.phrases.first()) {
        complaints.warning(phrase, "the phrases of [alerts] stand nowhere in the checklist", None);
    }
    Some(Alerts { source: source?, labels: binding.labels.clone(), items })
}

/// The boxes that say one of some phrases.
fn items(list: &Checklist, phrases: &[At<String>]) -> Vec<ItemId> {
    let phrases: Vec<_> =
        phrases.iter().map(|phrase| words::key(&phrase.value)).filter(|key| !key.is_empty()).collect();
    let boxes = list.lines().filter(|(_, entry)| entry.ticked().is_some());
    let says = boxes.filter(|(_, entry)| phrases.iter().any(|phrase| words::key(&entry.text).contains(phrase)));
    says.filter_map(|(at, _)| list.item(at)).collect()
}
