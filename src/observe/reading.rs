//! From answers to a reading: the value, the age of its data, and what is missing from it.

use super::backend::{Answer, show_labels};
use super::fresh::{Data, Freshness, LOOKBACK, State};
use super::http::brief;
use crate::judge::{Baseline, Got, Miss, Point, Reading, Sample, Silent, Traffic, Why};
use crate::order;
use crate::plan::{Empty, Probe, ProbeId};
use crate::text::Millis;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// With more series than this it is not remembered which there were.
const MOST_SERIES: usize = 1_000;

/// So many silent series are named.
const MOST_SILENT: usize = 20;

/// A series is named as speaking in so many readings, counted from its first: whoever takes note of
/// it may miss some.
const NAMED: u8 = 12;

/// So many speaking series are named in one reading; the others in a later one.
const MOST_NAMED: usize = 200;

/// Series that a probe's query returned.
pub(super) type Memory = BTreeMap<String, Heard>;

/// What is remembered of a series.
#[derive(Clone, Copy, Debug)]
pub(super) struct Heard {
    /// Its last finite value.
    pub(super) last: f64,
    at: i64,
    /// In so many readings it has been named since it began to speak.
    named: u8,
}

/// What one question brought: the freshness of what it reads, then its answer.
pub(super) type Asked = Result<(Freshness, Answer), Miss>;

/// Puts a reading together.
pub(super) fn reading(id: ProbeId, probe: &Probe, value: &Asked, beside: Beside<'_>, memory: &mut Memory) -> Reading {
    let got = match value {
        Ok((fresh, answer)) => sample(probe, fresh, answer, memory).map_or_else(Got::Miss, Got::Sample),
        Err(miss) => Got::Miss(miss.clone()),
    };
    let may_be_zero = probe.empty == Empty::Zero && matches!(&got, Got::Miss(miss) if miss.why == Why::NoData);
    let doubt = value.as_ref().ok().filter(|_| may_be_zero).and_then(|(fresh, answer)| doubt_zero(fresh, answer));
    let traffic = beside.rate().map(|traffic| doubt.map_or(traffic, Traffic::Unknown));
    Reading { probe: id, got, traffic, baseline: beside.measured(probe) }
}

/// Puts a reading together whose value was found already.
pub(super) fn reading_of(id: ProbeId, probe: &Probe, got: Got, beside: Beside<'_>) -> Reading {
    Reading { probe: id, got, traffic: beside.rate(), baseline: beside.measured(probe) }
}

/// What was asked beside the value.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Beside<'a> {
    pub(super) traffic: &'a [Arc<Asked>],
    pub(super) baseline: &'a [Arc<Asked>],
}

impl Beside<'_> {
    /// The least of the traffics: none of the regions may lack proof.
    fn rate(self) -> Option<Traffic> {
        let rates = self.traffic.iter().map(|asked| rate(asked));
        rates.reduce(|one, other| match (one, other) {
            (Traffic::Rate(one), Traffic::Rate(other)) => Traffic::Rate(one.min(other)),
            (unknown @ Traffic::Unknown(_), _) | (_, unknown) => unknown,
        })
    }

    /// The old version's values, of each region too.
    fn measured(self, probe: &Probe) -> Option<Baseline> {
        let in_regions = self.baseline.len() > 1;
        let names = probe.regions.iter().map(|region| region.name.as_str()).filter(|_| in_regions);
        let all = self.baseline.iter().zip(names.map(Some).chain(std::iter::repeat(None)));
        all.map(|(asked, region)| measured(asked, region)).reduce(|one, other| match (one, other) {
            (
                Baseline::Measured { lowest, highest, cells },
                Baseline::Measured { lowest: other_lowest, highest: other_highest, cells: other_cells },
            ) => Baseline::Measured {
                lowest: lowest.min(other_lowest),
                highest: highest.max(other_highest),
                cells: cells.into_iter().chain(other_cells).collect(),
            },
            (unknown @ Baseline::Unknown(_), _) | (_, unknown) => unknown,
        })
    }
}

pub(super) fn sample(probe: &Probe, fresh: &Freshness, answer: &Answer, memory: &mut Memory) -> Result<Sample, Miss> {
    let never = fresh.selectors.iter().find(|data| data.state == State::Never);
    let known: Vec<&Data> = fresh.selectors.iter().filter(|data| data.state != State::Never).collect();
    if let Some(never) = never.filter(|_| probe.empty == Empty::NoData || known.is_empty()) {
        return Err(not_fresh(never, fresh.at));
    }
    if answer.series.is_empty() {
        return Err(no_data(&format!("the query returned nothing: {}", probe.query.text)));
    }
    let mut points = finite(answer)?;
    let window = probe.query.window.unwrap_or(LOOKBACK);
    let silent = missing_series(answer, fresh.at, window, memory);
    let speaking = speaking(&points, memory);
    let several = points.len() > 1;
    let Some(highest) = points.pop() else { return Err(no_data("the query returned NaN")) };
    let stalest = stalest(probe, &known, fresh.at);
    let data_at = stalest.map_or(fresh.at, |data| data.newest);
    Ok(Sample {
        value: highest.value,
        labels: highest.labels,
        lowest: several.then(|| points.swap_remove(0)),
        data_at,
        age: fresh.at.saturating_sub(data_at),
        skew: fresh.skew,
        interval: stalest.and_then(|data| data.interval),
        gone: known.iter().filter(|data| data.state == State::Gone).map(|data| data.selector.clone()).collect(),
        silent: with_targets(silent, &known),
        speaking,
        topped: answer.topped.as_ref().map(|series| Point { value: series.value, labels: show_labels(&series.labels) }),
        cells: Vec::new(),
        texts: probe.label.as_ref().map_or(Ok(Vec::new()), |label| texts(answer, label))?,
    })
}

/// The values of a label, each once and in order.
fn texts(answer: &Answer, label: &str) -> Result<Vec<String>, Miss> {
    let values = answer.series.iter().map(|series| series.labels.get(label).map(|value| brief(value)));
    let values: Option<BTreeSet<String>> = values.collect();
    let missing = || Miss { why: Why::Config, detail: brief(&format!("the query returns series without a {label}")) };
    values.map(|values| values.into_iter().collect()).ok_or_else(missing)
}

/// The finite values, smallest first. An infinite one cannot be left out: it may be the worst.
fn finite(answer: &Answer) -> Result<Vec<Point>, Miss> {
    if let Some(series) = answer.series.iter().find(|series| series.value.is_infinite()) {
        let labels = show_labels(&series.labels);
        let of = if labels.is_empty() { String::new() } else { format!(" for {labels}") };
        return Err(Miss { why: Why::NotFinite, detail: brief(&format!("the query returned infinity{of}")) });
    }
    let mut points: Vec<Point> = (answer.series.iter().filter(|series| !series.value.is_nan()))
        .map(|series| Point { value: series.value, labels: show_labels(&series.labels) })
        .collect();
    order::by(&mut points, |left, right| {
        left.value.total_cmp(&right.value).then_with(|| right.labels.cmp(&left.labels))
    });
    Ok(points)
}

/// The data that a value's age is the age of: the oldest; or, where each is measured by its own
/// interval, what is furthest beyond it.
fn stalest<'a>(probe: &Probe, known: &[&'a Data], at: i64) -> Option<&'a Data> {
    let late = known.iter().filter(|data| probe.max_age.is_none() && data.excess(at) > 0);
    late.max_by_key(|data| data.excess(at)).or_else(|| known.iter().min_by_key(|data| data.newest)).copied()
}

/// Names the series that are not a number now, or were returned within the window and are not now.
fn missing_series(answer: &Answer, at: i64, window: Millis, memory: &mut Memory) -> Vec<Silent> {
    let several = answer.series.len() > 1 || memory.len() > 1;
    let (mut seen, mut silent) = (BTreeSet::new(), Vec::new());
    for series in &answer.series {
        let labels = show_labels(&series.labels);
        if series.value.is_nan() {
            silent.push(Silent { last: memory.get(&labels).map(|heard| heard.last), labels: labels.clone() });
            memory.entry(labels.clone()).and_modify(|heard| heard.named = 0);
        } else {
            let named = memory.get(&labels).map_or(0, |heard| heard.named);
            memory.insert(labels.clone(), Heard { last: series.value, at, named });
        }
        seen.insert(labels);
    }
    let oldest = at.saturating_sub_unsigned(window.0);
    memory.retain(|labels, heard| heard.at >= oldest || seen.contains(labels));
    let gone = memory.iter_mut().filter(|(labels, _)| !seen.contains(*labels));
    silent.extend(gone.map(|(labels, heard)| {
        heard.named = 0;
        Silent { labels: labels.clone(), last: Some(heard.last) }
    }));
    if memory.len() > MOST_SERIES {
        memory.clear();
    }
    silent.retain(|silent| several && !silent.labels.is_empty());
    silent
}

/// Names the series that have begun to speak, of several.
fn speaking(points: &[Point], memory: &mut Memory) -> Vec<String> {
    let mut speaking = Vec::new();
    for Point { labels, .. } in points.iter().filter(|point| points.len() > 1 && !point.labels.is_empty()) {
        if speaking.len() < MOST_NAMED
            && let Some(heard) = memory.get_mut(labels).filter(|heard| heard.named < NAMED)
        {
            heard.named += 1;
            speaking.push(labels.clone());
        }
    }
    speaking
}

/// Adds the silent targets that no silent series speaks for, and cuts the list: of the series the
/// highest and lowest stay, since one of them may hold the gate.
fn with_targets(mut silent: Vec<Silent>, known: &[&Data]) -> Vec<Silent> {
    order::by(&mut silent, |left, right| {
        let value = |silent: &Silent| silent.last.unwrap_or(f64::NEG_INFINITY);
        value(right).total_cmp(&value(left)).then_with(|| left.labels.cmp(&right.labels))
    });
    let targets = order::set(known.iter().flat_map(|data| &data.silent));
    let unspoken = targets.into_iter().filter(|target| !silent.iter().any(|series| overlap(&series.labels, target)));
    let unspoken: Vec<Silent> =
        unspoken.take(MOST_SILENT).map(|target| Silent { labels: target.clone(), last: None }).collect();
    if silent.len() > MOST_SILENT {
        silent.drain(MOST_SILENT / 2..silent.len() - MOST_SILENT / 2);
    }
    silent.extend(unspoken);
    silent
}

/// Says whether one of two label sets holds the other.
fn overlap(one: &str, other: &str) -> bool {
    let within = |part: &str, whole: &str| part.split(", ").all(|label| whole.split(", ").any(|it| it == label));
    within(one, other) || within(other, one)
}

/// Why a query that gave nothing must not be taken for zero, if so: only a selector that never had
/// samples may be missing, and all others must be fresh.
fn doubt_zero(fresh: &Freshness, answer: &Answer) -> Option<Miss> {
    if let Some(series) = answer.series.iter().find(|series| series.value != 0.0) {
        return Some(no_data(&format!("the query returned {}", series.value)));
    }
    let stopped = fresh.selectors.iter().find(|data| data.state != State::Never && !data.is_fresh(fresh.at));
    if let Some(data) = stopped {
        return Some(not_fresh(data, fresh.at));
    }
    let counts = !fresh.selectors.iter().any(|data| data.state == State::Never);
    counts.then(|| no_data("what it reads has samples"))
}

fn not_fresh(data: &Data, at: i64) -> Miss {
    no_data(&match data.state {
        State::Live => {
            let age = Millis(u64::try_from(data.age(at)).unwrap_or(0));
            format!("the newest sample of {} is {age} old", data.selector)
        }
        State::Gone => format!("nothing is scraped any more for {}", data.selector),
        State::Never => format!("no samples of {} within {}", data.selector, data.window),
    })
}

/// The traffic, if it is fresh. Of several series the smallest: none of them may lack proof.
fn rate(asked: &Asked) -> Traffic {
    match fresh_points(asked, "the traffic query") {
        Ok(points) => Traffic::Rate(points.lowest),
        Err(miss) => Traffic::Unknown(miss),
    }
}

/// The old version's value, if it is fresh.
fn measured(asked: &Asked, region: Option<&str>) -> Baseline {
    match fresh_points(asked, "the baseline query") {
        Ok(Ends { lowest, highest }) => {
            let cells = region.map(|name| Point { value: highest, labels: name.to_owned() }).into_iter().collect();
            Baseline::Measured { lowest, highest, cells }
        }
        Err(miss) => Baseline::Unknown(miss),
    }
}

struct Ends {
    lowest: f64,
    highest: f64,
}

fn fresh_points(asked: &Asked, what: &str) -> Result<Ends, Miss> {
    let (fresh, answer) = asked.as_ref().map_err(Clone::clone)?;
    if let Some(data) = fresh.selectors.iter().find(|data| !data.is_fresh(fresh.at)) {
        return Err(not_fresh(data, fresh.at));
    }
    if answer.series.iter().any(|series| series.value.is_nan()) {
        return Err(no_data(&format!("{what} returned NaN")));
    }
    let points = finite(answer)?;
    let ends = points.first().zip(points.last());
    ends.map(|(lowest, highest)| Ends { lowest: lowest.value, highest: highest.value })
        .ok_or_else(|| no_data(&format!("{what} returned nothing")))
}

fn no_data(detail: &str) -> Miss {
    Miss { why: Why::NoData, detail: brief(detail) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observe::backend::Series;
    use crate::plan::{MissingSeries, Origin, SourceId};
    use crate::promql;
    use crate::text::Unit;

    const NOW: i64 = 1_700_000_000_000;

    fn probe() -> Probe {
        Probe {
            name: "error rate".to_owned(),
            source: SourceId(0),
            query: promql::inspect("max by (region) (rate(x[1m]))").unwrap(),
            unit: Unit::Ratio,
            origin: Origin::Bindings { line: 1 },
            label: None,
            regions: vec![],
            traffic: None,
            min_traffic: None,
            baseline: None,
            empty: Empty::NoData,
            max_age: None,
            missing_series: MissingSeries::Name,
        }
    }

    fn data(selector: &str, age: i64, interval: u64) -> Data {
        Data {
            selector: selector.to_owned(),
            window: Millis::from_secs(60),
            state: State::Live,
            newest: NOW - age * 1_000,
            interval: Some(Millis::from_secs(interval)),
            silent: vec![],
        }
    }

    fn series(labels: &[(&str, &str)], value: f64) -> Series {
        Series { labels: labels.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(), value }
    }

    fn look(at: i64, selectors: Vec<Data>, regions: &[(&str, f64)], memory: &mut Memory) -> Sample {
        let series = regions.iter().map(|(region, value)| series(&[("region", region)], *value)).collect();
        let asked = Ok((Freshness { at, skew: None, selectors }, Answer { series, topped: None }));
        match reading(ProbeId(0), &probe(), &asked, Beside::default(), memory).got {
            Got::Sample(sample) => sample,
            Got::Miss(miss) => panic!("{miss:?}"),
        }
    }

    fn names(sample: &Sample) -> Vec<(&str, Option<f64>)> {
        sample.silent.iter().map(|silent| (silent.labels.as_str(), silent.last)).collect()
    }

    #[test]
    fn a_series_that_was_there_is_silent_with_its_last_value_until_the_window_has_passed() {
        let mut memory = Memory::new();
        let first = look(NOW, vec![], &[("eu", 0.1), ("us", 0.9)], &mut memory);
        assert_eq!(names(&first), []);
        let second = look(NOW + 30_000, vec![], &[("eu", 0.2)], &mut memory);
        assert_eq!((second.value, second.lowest.is_none()), (0.2, true));
        assert_eq!(names(&second), [(r#"region="us""#, Some(0.9))]);
        let third = look(NOW + 61_000, vec![], &[("eu", 0.2)], &mut memory);
        assert_eq!(names(&third), []);
    }

    #[test]
    fn a_series_that_is_no_number_keeps_its_last_value() {
        let mut memory = Memory::new();
        look(NOW, vec![], &[("eu", 0.1), ("us", 0.9)], &mut memory);
        for later in [30_000, 61_000, 600_000] {
            let sample = look(NOW + later, vec![], &[("eu", 0.1), ("us", f64::NAN)], &mut memory);
            assert_eq!(names(&sample), [(r#"region="us""#, Some(0.9))]);
        }
    }

    #[test]
    fn the_highest_and_the_lowest_of_many_silent_series_are_named() {
        let regions: Vec<(String, f64)> = (0..100).map(|at| (format!("r{at:03}"), f64::from(at))).collect();
        let mut all: Vec<(&str, f64)> = regions.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        let mut memory = Memory::new();
        all.push(("z", 0.5));
        look(NOW, vec![], &all, &mut memory);
        let sample = look(NOW + 1_000, vec![], &[("z", 0.5)], &mut memory);
        assert_eq!(sample.silent.len(), MOST_SILENT);
        assert_eq!(names(&sample)[0], (r#"region="r099""#, Some(99.0)));
        assert_eq!(names(&sample)[MOST_SILENT - 1], (r#"region="r000""#, Some(0.0)));
    }

    #[test]
    fn silent_targets_are_named_unless_a_silent_series_speaks_for_them() {
        let mut memory = Memory::new();
        let targets = vec![r#"instance="a", job="api""#.to_owned(), r#"region="us""#.to_owned()];
        let selector = Data { silent: targets, ..data("x", 1, 5) };
        look(NOW, vec![], &[("eu", 0.1), ("us", 0.9)], &mut memory);
        let sample = look(NOW + 1_000, vec![selector], &[("eu", 0.1)], &mut memory);
        assert_eq!(names(&sample), [(r#"region="us""#, Some(0.9)), (r#"instance="a", job="api""#, None)]);
    }

    #[test]
    fn the_age_is_that_of_the_oldest_or_of_what_is_late_by_its_own_measure() {
        let age = |selectors: Vec<Data>| look(NOW, selectors, &[("eu", 1.0)], &mut Memory::new()).age;
        assert_eq!(age(vec![data("slow", 50, 60), data("quick", 4, 5)]), 50_000);
        assert_eq!(age(vec![data("slow", 50, 60), data("quick", 40, 5)]), 40_000);
        assert_eq!(age(vec![data("slow", 400, 60), data("quick", 40, 5)]), 400_000);
    }

    #[test]
    fn traffic_counts_only_while_it_is_fresh() {
        let asked = |age, series| {
            Ok((Freshness { at: NOW, skew: None, selectors: vec![data("x", age, 5)] }, Answer { series, topped: None }))
        };
        assert_eq!(rate(&asked(3, vec![series(&[], 12.0), series(&[("a", "b")], 3.0)])), Traffic::Rate(3.0));
        for asked in [asked(16, vec![series(&[], 12.0)]), asked(3, vec![]), asked(3, vec![series(&[], f64::NAN)])] {
            assert!(matches!(rate(&asked), Traffic::Unknown(_)));
        }
    }
}
