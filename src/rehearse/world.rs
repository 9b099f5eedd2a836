//! What the sources would answer at a poll: the readings that hold until a scenario says otherwise.

use super::scenario::{AlertsSpec, At, HealthSpec, READING, Spec, ValueSpec};
use crate::judge::{
    Alert, Alerts, Baseline, Batch, Captured, Got, HealthGot, HealthReading, Miss, Point, Reading, Sample, Silent,
    Traffic, Why,
};
use crate::order;
use crate::plan::{HealthId, Plan, Probe, ProbeId};
use crate::text::Millis;
use std::collections::BTreeMap;

/// The sources of a rehearsed night.
#[derive(Clone, Debug)]
pub struct World {
    readings: Vec<Spec>,
    health: Vec<HealthSpec>,
    alerts: AlertsSpec,
    /// The last value of each series of each probe.
    last: Vec<BTreeMap<String, f64>>,
}

impl World {
    /// A world in which no metric has data, every endpoint is up and no alert fires.
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        let nothing = Spec { value: ValueSpec::Empty, age: 0, traffic: None, baseline: None };
        Self {
            readings: vec![nothing; plan.probes.len()],
            health: vec![HealthSpec::Up; plan.health.len()],
            alerts: AlertsSpec::Firing(Vec::new()),
            last: vec![BTreeMap::new(); plan.probes.len()],
        }
    }

    /// Goes on with an amended plan: metrics and endpoints keep what they said, by name.
    pub fn amend(&mut self, old: &Plan, new: &Plan) {
        let before = std::mem::replace(self, Self::new(new));
        self.alerts = before.alerts;
        for (at, probe) in new.probes.iter().enumerate() {
            if let Some(was) = old.probes.iter().position(|old| old.name == probe.name) {
                self.readings[at] = before.readings[was].clone();
                self.last[at] = before.last[was].clone();
            }
        }
        for (at, health) in new.health.iter().enumerate() {
            if let Some(was) = old.health.iter().position(|old| old.name == health.name) {
                self.health[at] = before.health[was];
            }
        }
    }

    /// Takes in what changes at a moment.
    ///
    /// # Errors
    /// A name that the plan does not know, with those it knows.
    pub fn change(&mut self, plan: &Plan, at: &At) -> Result<(), String> {
        for (name, spec) in &at.readings {
            let probe = named("metric", name, plan.probes.iter().map(|probe| probe.name.as_str()))?;
            check(&plan.probes[probe], &spec.value)?;
            self.readings[probe] = spec.clone();
        }
        for (name, spec) in &at.health {
            let health = named("health endpoint", name, plan.health.iter().map(|health| health.name.as_str()))?;
            self.health[health] = *spec;
        }
        if let Some(alerts) = &at.alerts {
            if plan.alerts.is_none() {
                return Err("the plan watches no alerts: the bindings have no [alerts]".to_owned());
            }
            self.alerts = alerts.clone();
        }
        Ok(())
    }

    /// What a poll at a wall-clock time finds.
    pub fn poll(&mut self, plan: &Plan, poll: Millis, at: i64) -> Batch {
        let readings = (0..plan.probes.len()).map(|probe| self.reading(plan, ProbeId::at(probe), poll, at)).collect();
        let health = self.health.iter().enumerate().map(|(health, spec)| {
            let got = match spec {
                HealthSpec::Up => HealthGot::Up { took: Millis(20) },
                HealthSpec::Slow => HealthGot::Slow { took: Millis(2_000) },
                HealthSpec::Down => HealthGot::Down { why: "HTTP 503".to_owned() },
            };
            HealthReading { health: HealthId::at(health), got }
        });
        let alerts = plan.alerts.as_ref().map(|_| self.alerts());
        Batch { readings, health: health.collect(), alerts, captured: self.captured(plan) }
    }

    /// What is compared with a baseline has the one that the scenario gives it.
    fn captured(&self, plan: &Plan) -> Vec<Captured> {
        let compared = (0..plan.probes.len()).map(ProbeId::at).filter(|probe| plan.compares(*probe));
        let given = compared.filter_map(|probe| Some((probe, self.readings[probe.index()].baseline?)));
        given.map(|(probe, value)| Captured { probe, baseline: measured(value) }).collect()
    }

    fn alerts(&self) -> Alerts {
        match &self.alerts {
            AlertsSpec::Unknown(why) => Alerts::Miss(miss(why, "")),
            AlertsSpec::Firing(names) => {
                let named = |name: &String| Alert { name: name.clone(), labels: String::new() };
                let mut firing: Vec<Alert> = names.iter().map(named).collect();
                order::by(&mut firing, Ord::cmp);
                Alerts::Firing(firing)
            }
        }
    }

    fn reading(&mut self, plan: &Plan, id: ProbeId, poll: Millis, at: i64) -> Reading {
        let (probe, spec) = (plan.probe(id), self.readings[id.index()].clone());
        let traffic = probe.traffic.as_ref().and_then(|_| traffic(probe, &spec));
        let got = match self.sample(probe, id, &spec, poll, at) {
            Ok(sample) => Got::Sample(sample),
            Err(miss) => Got::Miss(miss),
        };
        let is_given = plan.compares(id) && spec.baseline.is_some();
        let baseline = (probe.baseline.is_some() || is_given).then(|| baseline(&spec, probe));
        Reading { probe: id, got, traffic, baseline }
    }

    fn sample(&mut self, probe: &Probe, id: ProbeId, spec: &Spec, poll: Millis, at: i64) -> Result<Sample, Miss> {
        let series = match &spec.value {
            ValueSpec::Series(series) => series.clone(),
            single => order::map([(String::new(), single.clone())]),
        };
        let mut points: Vec<Point> = Vec::new();
        let mut silent: Vec<Silent> = Vec::new();
        let mut texts: Vec<String> = Vec::new();
        for (labels, value) in series {
            match (value, labels.is_empty()) {
                (ValueSpec::Number(value), _) => {
                    self.last[id.index()].insert(labels.clone(), value);
                    points.push(Point { value, labels });
                }
                (ValueSpec::Text(text), _) => {
                    texts.push(text);
                    points.push(Point { value: 1.0, labels });
                }
                (ValueSpec::Nan | ValueSpec::Empty, false) => {
                    let last = self.last[id.index()].get(&labels).copied();
                    silent.push(Silent { labels, last });
                }
                (why, _) => return Err(miss(&why, &probe.query.text)),
            }
        }
        let in_series = matches!(spec.value, ValueSpec::Series(_));
        let mut speaking: Vec<String> = points.iter().map(|point| point.labels.clone()).collect();
        if in_series {
            let named: Vec<&String> = speaking.iter().chain(silent.iter().map(|silent| &silent.labels)).collect();
            let unnamed = self.unnamed(probe, id, &named);
            silent.extend(unnamed);
        } else {
            // A number says that all of them are fine, or none.
            speaking.extend(std::mem::take(&mut self.last[id.index()]).into_keys());
        }
        speaking.retain(|labels| !labels.is_empty());
        texts.sort_unstable();
        texts.dedup();
        order::by(&mut points, |left, right| left.value.total_cmp(&right.value));
        let cells = if probe.regions.is_empty() { Vec::new() } else { points.clone() };
        let several = points.len() > 1;
        let Some(highest) = points.pop() else { return Err(miss(&ValueSpec::Empty, &probe.query.text)) };
        Ok(Sample {
            value: highest.value,
            labels: highest.labels,
            lowest: several.then(|| points.swap_remove(0)),
            topped: None,
            data_at: at - spec.age,
            age: spec.age,
            interval: Some(poll),
            gone: Vec::new(),
            silent,
            speaking,
            skew: None,
            cells,
            texts,
        })
    }
}

impl World {
    /// What is silent because nobody names it any more: a series that was given before, a region.
    fn unnamed(&self, probe: &Probe, id: ProbeId, named: &[&String]) -> Vec<Silent> {
        let last = &self.last[id.index()];
        let regions = probe.regions.iter().map(|region| &region.name).filter(|region| !last.contains_key(*region));
        let known = last.keys().filter(|labels| !labels.is_empty()).chain(regions);
        let missing = known.filter(|labels| !named.contains(labels));
        missing.map(|labels| Silent { labels: labels.clone(), last: last.get(labels).copied() }).collect()
    }
}

/// The traffic a scenario gives, else enough for a value; an empty answer is not proven by silence.
fn traffic(probe: &Probe, spec: &Spec) -> Option<Traffic> {
    // NaN is not "never counted": as an observer does, the world withholds the proof.
    if spec.value == ValueSpec::Nan {
        return Some(Traffic::Unknown(miss(&spec.value, &probe.query.text)));
    }
    let unsaid = (spec.value != ValueSpec::Empty).then_some(probe.min_traffic.unwrap_or(1.0).max(1.0));
    spec.traffic.or(unsaid).map(Traffic::Rate)
}

/// The old version as a scenario gives it; never given, nobody knows of it.
fn baseline(spec: &Spec, probe: &Probe) -> Baseline {
    match spec.baseline {
        Some(value) => measured(value),
        None => Baseline::Unknown(miss(&ValueSpec::Empty, &probe.query.text)),
    }
}

fn measured(value: f64) -> Baseline {
    Baseline::Measured { lowest: value, highest: value, cells: Vec::new() }
}

/// A label is read as a text, everything else as a number.
fn check(probe: &Probe, value: &ValueSpec) -> Result<(), String> {
    match (value, &probe.label) {
        (ValueSpec::Series(series), _) => series.values().try_for_each(|value| check(probe, value)),
        (ValueSpec::Text(text), None) => Err(format!("{}: {READING}, got \"{text}\"", probe.name)),
        (ValueSpec::Number(number), Some(label)) => {
            Err(format!("{}: a {label} is a text in quotes, got {number}", probe.name))
        }
        _ => Ok(()),
    }
}

fn miss(value: &ValueSpec, query: &str) -> Miss {
    let (why, detail) = match value {
        ValueSpec::Nan => (Why::NoData, "the query returned NaN".to_owned()),
        ValueSpec::Infinite => (Why::NotFinite, "the query returned infinity".to_owned()),
        ValueSpec::Down => (Why::SourceDown, "connection refused".to_owned()),
        ValueSpec::Error(detail) => (Why::Config, detail.clone()),
        ValueSpec::Warning(detail) => (Why::Partial, detail.clone()),
        ValueSpec::Number(_) | ValueSpec::Text(_) | ValueSpec::Empty | ValueSpec::Series(_) => {
            (Why::NoData, format!("the query returned nothing: {query}"))
        }
    };
    Miss { why, detail }
}

fn named<'n>(what: &str, name: &str, known: impl Iterator<Item = &'n str>) -> Result<usize, String> {
    let wanted = name.to_lowercase();
    let known: Vec<&str> = known.collect();
    known
        .iter()
        .position(|known| known.to_lowercase() == wanted)
        .ok_or_else(|| format!("the plan binds no {what} \"{name}\"; it binds {}", known.join(", ")))
}
