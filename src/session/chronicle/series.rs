//! Every reading of each metric, in columns.

use super::PollIndex;
use crate::judge::{Batch, Got, Why};
use crate::plan::{Plan, Probe, ProbeId};
use crate::text::Unit;
use std::collections::BTreeMap;

/// What a reading found in place of a value, one byte each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    Value,
    Nothing(Why),
}

/// All readings of one metric as one query gave them.
#[derive(Clone, Debug)]
pub struct Series {
    pub name: String,
    pub query: String,
    /// Of its values.
    pub unit: Unit,
    /// Its source's name.
    pub source: String,
    pub polls: Vec<PollIndex>,
    /// The largest value; not a number where there was none.
    pub highest: Vec<f64>,
    /// The smallest, where there were several series; else the same.
    pub lowest: Vec<f64>,
    pub found: Vec<Found>,
    labels: Vec<u32>,
}

/// One reading of a series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row<'a> {
    pub poll: PollIndex,
    pub highest: f64,
    pub lowest: f64,
    pub found: Found,
    /// Of the series with the largest value.
    pub labels: &'a str,
}

/// The series of a night. A metric whose query changed has one for each query.
#[derive(Clone, Debug, Default)]
pub struct AllSeries {
    pub list: Vec<Series>,
    /// Of each probe of the plan in force.
    current: Vec<usize>,
    labels: Interned,
}

impl Series {
    fn of(plan: &Plan, probe: &Probe) -> Self {
        Self {
            name: probe.name.clone(),
            query: probe.query.text.clone(),
            unit: probe.unit,
            source: plan.source(probe.source).name.clone(),
            polls: Vec::new(),
            highest: Vec::new(),
            lowest: Vec::new(),
            found: Vec::new(),
            labels: Vec::new(),
        }
    }

    fn is_of(&self, probe: &Probe) -> bool {
        self.name == probe.name && self.query == probe.query.text
    }
}

impl AllSeries {
    /// Goes on with the metrics of a plan.
    pub(super) fn adopt(&mut self, plan: &Plan) {
        self.current.clear();
        for probe in &plan.probes {
            let known = self.list.iter().position(|series| series.is_of(probe));
            self.current.push(known.unwrap_or(self.list.len()));
            if known.is_none() {
                self.list.push(Series::of(plan, probe));
            }
        }
    }

    pub(super) fn record(&mut self, poll: PollIndex, batch: &Batch) {
        for reading in &batch.readings {
            let Some(series) = self.current.get(reading.probe.index()).and_then(|at| self.list.get_mut(*at)) else {
                continue;
            };
            let (highest, lowest, found, labels) = match &reading.got {
                Got::Sample(sample) => {
                    let lowest = sample.lowest.as_ref().map_or(sample.value, |point| point.value);
                    (sample.value, lowest, Found::Value, self.labels.number(&sample.labels))
                }
                Got::Miss(miss) => (f64::NAN, f64::NAN, Found::Nothing(miss.why), 0),
            };
            series.polls.push(poll);
            series.highest.push(highest);
            series.lowest.push(lowest);
            series.found.push(found);
            series.labels.push(labels);
        }
    }

    /// The readings of a probe of the plan that is in force at the end.
    #[must_use]
    pub fn of(&self, probe: ProbeId) -> Option<&Series> {
        self.list.get(*self.current.get(probe.index())?)
    }

    /// The readings of a series, oldest first.
    #[must_use]
    pub fn rows<'a>(&'a self, series: &'a Series) -> impl ExactSizeIterator<Item = Row<'a>> {
        (0..series.polls.len()).map(|at| Row {
            poll: series.polls[at],
            highest: series.highest[at],
            lowest: series.lowest[at],
            found: series.found[at],
            labels: self.labels.text(series.labels[at]),
        })
    }
}

/// Texts that are the same again and again, each kept once. Number 0 is the empty one.
#[derive(Clone, Debug, Default)]
struct Interned {
    numbers: BTreeMap<String, u32>,
    texts: Vec<String>,
}

impl Interned {
    fn number(&mut self, text: &str) -> u32 {
        if text.is_empty() {
            return 0;
        }
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        self.texts.push(text.to_owned());
        let number = u32::try_from(self.texts.len()).unwrap_or(0);
        self.numbers.insert(text.to_owned(), number);
        number
    }

    fn text(&self, number: u32) -> &str {
        let at = (number as usize).checked_sub(1);
        at.and_then(|at| self.texts.get(at)).map_or("", String::as_str)
    }
}
