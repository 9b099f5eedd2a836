//! What the sources would answer at a poll: the readings that hold until a scenario says otherwise.

use super::scenario::{AlertsSpec, At, HealthSpec, READING, Spec, ValueSpec};
use crate::judge::{
    Alert, Alerts, Baseline, Batch, Got, HealthGot, HealthReading, Miss, Point, Reading, Sample, Silent, Traffic, Why,
};
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
        Batch { readings, health: health.collect(), alerts: plan.alerts.as_ref().map(|_| self.alerts()) }
    }

    fn alerts(&self) -> Alerts {
        match &self.alerts {
            AlertsSpec::Unknown(why) => Alerts::Miss(miss(why, "")),
            AlertsSpec::Firing(names) => {
                let named = |name: &String| Alert { name: name.clone(), labels: String::new() };
                let mut firing: Vec<Alert> = names.iter().map(named).collect();
                firing.sort();
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
        let baseline = probe.baseline.as_ref().map(|_| baseline(&spec, probe));
        Reading { probe: id, got, traffic, baseline }
    }

    fn sample(&mut self, probe: &Probe, id: ProbeId, spec: &Spec, poll: Millis, at: i64) -> Result<Sample, Miss> {
        let series = match &spec.value {
            ValueSpec::Series(series) => series.clone(),
            single => BTreeMap::from([(String::new(), single.clone())]),
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
        let is_missing = |name: &&String| {
            !points.iter().any(|point| point.labels == **name) && !silent.iter().any(|silent| silent.labels == **name)
        };
        let in_regions = matches!(spec.value, ValueSpec::Series(_));
        let regions = probe.regions.iter().map(|region| &region.name).filter(|_| in_regions);
        let missing: Vec<Silent> =
            regions.filter(is_missing).map(|name| Silent { labels: name.clone(), last: None }).collect();
        silent.extend(missing);
        texts.sort_unstable();
        texts.dedup();
        points.sort_by(|left, right| left.value.total_cmp(&right.value));
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
            cells,
            texts,
        })
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
        Some(value) => Baseline::Measured { lowest: value, highest: value },
        None => Baseline::Unknown(miss(&ValueSpec::Empty, &probe.query.text)),
    }
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
