//! What is watched beside the gates, with the lines of the checklist that it is the evidence of.

use super::metrics::complain_of;
use super::query;
use super::sources::{self, Asked};
use crate::plan::bindings::{At, Bindings};
use crate::plan::checklist::Checklist;
use crate::plan::complaints::Complaints;
use crate::plan::{Alerts, Build, Empty, ItemId, MissingSeries, Origin, Probe, ProbeId, Share, SourceId, words};
use crate::promql::{Query, returns};
use crate::text::Unit;
use std::ops::Range;

/// The names that readings have of it.
const TRAFFIC: &str = "traffic";
const BUILD: &str = "build";

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
    let says = boxes.filter(|(_, entry)| phrases.iter().any(|phrase| entry.key().contains(phrase.as_str())));
    says.filter_map(|(at, _)| list.item(at)).collect()
}

/// `[traffic]`; its probe is put behind the others.
pub(super) fn traffic(bindings: &Bindings, probes: &mut Vec<Probe>, complaints: &mut Complaints<'_>) -> Option<Share> {
    let binding = bindings.traffic.as_ref()?;
    let (source, query) = asked(TRAFFIC, bindings, binding.source.as_ref(), &binding.query, &binding.span, complaints);
    let traffic = match &binding.traffic {
        Some(traffic) => Some(fill(bindings, traffic, complaints)?),
        None => None,
    };
    if let (None, Some(_)) = (&traffic, binding.min_traffic) {
        let help = Some("give it: traffic = '…', a rate of what the share is computed from".to_owned());
        complaints.error(&binding.query, "`min_traffic` needs `traffic`", help);
    }
    let (source, query) = (source?, query?);
    let unit = binding.unit.as_ref().map_or(Unit::Percent, |unit| unit.value);
    if let Some(declared) = binding.unit.as_ref().filter(|unit| !unit.value.fits(Unit::Percent)) {
        complaints.error(declared, "a share of the traffic is a percent or a ratio", None);
        return None;
    }
    if binding.unit.is_none() && returns::unit(&query.text) == Some(Unit::Ratio) {
        let help = Some("multiply it by 100, or say unit = \"ratio\"".to_owned());
        complaints.error(&binding.query, "[traffic] is a percent, and this query returns a ratio", help);
    }
    let mut probe = probe(TRAFFIC, source, query, complaints.line(binding.span.start));
    (probe.unit, probe.traffic, probe.min_traffic) = (unit, traffic, binding.min_traffic);
    probe.max_age = binding.max_age;
    Some(Share { probe: put(probe, probes, &binding.span, complaints)?, tolerance: binding.tolerance })
}

/// `[build]`; its probe is put behind the others.
pub(super) fn build(bindings: &Bindings, probes: &mut Vec<Probe>, complaints: &mut Complaints<'_>) -> Option<Build> {
    let binding = bindings.build.as_ref()?;
    let (source, query) = asked(BUILD, bindings, binding.source.as_ref(), &binding.query, &binding.span, complaints);
    let mut probe = probe(BUILD, source?, query?, complaints.line(binding.span.start));
    (probe.label, probe.max_age) = (Some(binding.label.clone()), binding.max_age);
    let expected = bindings.vars.get("version").cloned();
    Some(Build { probe: put(probe, probes, &binding.span, complaints)?, expected })
}

fn asked(
    name: &str,
    bindings: &Bindings,
    source: Option<&At<String>>,
    text: &At<String>,
    span: &Range<usize>,
    complaints: &mut Complaints<'_>,
) -> (Option<SourceId>, Option<Query>) {
    let place = At { value: format!("[{name}]"), span: span.clone() };
    let source = sources::pick(bindings, source, &place, Asked::Queries, complaints);
    (source, fill(bindings, text, complaints))
}

fn fill(bindings: &Bindings, text: &At<String>, complaints: &mut Complaints<'_>) -> Option<Query> {
    let filled = query::fill(&text.value, &bindings.vars, None);
    filled.map_err(|refusal| complain_of(text, refusal, complaints)).ok()
}

fn probe(name: &str, source: SourceId, query: Query, line: u32) -> Probe {
    Probe {
        name: name.to_owned(),
        source,
        query,
        unit: Unit::Count,
        origin: Origin::Bindings { line },
        regions: Vec::new(),
        label: None,
        traffic: None,
        min_traffic: None,
        baseline: None,
        empty: Empty::NoData,
        max_age: None,
        missing_series: MissingSeries::Name,
    }
}

/// Readings go by their names: there must not be two of one.
fn put(probe: Probe, probes: &mut Vec<Probe>, span: &Range<usize>, complaints: &mut Complaints<'_>) -> Option<ProbeId> {
    if probes.iter().any(|known| known.name == probe.name) {
        let at = At { value: (), span: span.clone() };
        let help = Some(format!("give [metric.{0}] another name and aliases = [\"{0}\"]", probe.name));
        complaints.error(&at, format!("[metric.{0}] has the name of [{0}]", probe.name), help);
        return None;
    }
    probes.push(probe);
    Some(ProbeId::at(probes.len() - 1))
}
