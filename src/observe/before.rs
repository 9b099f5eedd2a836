//! What was measured before the ramp: the baselines that relative limits are held against.
//!
//! A source with a memory is asked for the last hour; of one without, what has been read meanwhile is
//! kept here. Of each series the median counts: an outlier of last hour is no baseline.

use super::past;
use super::span::{Row, Span};
use crate::clock::Clock;
use crate::judge::{Baseline, Captured, Miss, Point, Sample, Why};
use crate::plan::{Plan, Probe, ProbeId, SourceKind};
use crate::promql::Query;
use crate::text::Millis;
use std::collections::VecDeque;

/// How far back is asked, and in which steps.
const BACK: Millis = Millis::from_mins(60);
const STEP: Millis = Millis::from_secs(10);

/// How often it is asked again: the judge takes what came before the ramp.
pub(super) const EVERY: Millis = Millis::from_secs(20);

/// Fewer values are no baseline.
const LEAST: usize = 3;

/// The probes whose past a source is asked for.
pub(super) fn compared(plan: &Plan) -> Vec<ProbeId> {
    let ids = (0..plan.probes.len()).map(ProbeId::at).filter(|id| needs_past(plan, *id));
    ids.filter(|id| !is_scraped(plan, *id)).collect()
}

/// Whether a probe is held against what it read before the ramp: it is compared, and no query measures
/// the old version beside it.
fn needs_past(plan: &Plan, id: ProbeId) -> bool {
    plan.compares(id) && !plan.probe(id).measures_old_version()
}

/// Whether nobody keeps the past of a probe's source but this program.
fn is_scraped(plan: &Plan, id: ProbeId) -> bool {
    matches!(plan.source(plan.probe(id).source).kind, SourceKind::Scrape { .. })
}

/// Asks for the past of a probe.
pub(super) async fn capture(plan: &Plan, id: ProbeId, clock: Clock) -> Captured {
    let probe = plan.probe(id);
    let baseline = look_back(plan, probe, clock).await.unwrap_or_else(Baseline::Unknown);
    Captured { probe: id, baseline }
}

async fn look_back(plan: &Plan, probe: &Probe, clock: Clock) -> Result<Baseline, Miss> {
    let now = clock.now().at;
    let span = Span::new(now.saturating_sub_unsigned(BACK.0), now, STEP);
    let queries: Vec<&Query> = probe.values().collect();
    let in_regions = queries.len() > 1;
    let (mut medians, mut cells) = (Vec::new(), Vec::new());
    for (at, query) in queries.into_iter().enumerate() {
        let rows = past::values(plan.source(probe.source), &query.text, span, clock).await?;
        let of_query: Vec<f64> = rows.iter().filter_map(median_of).collect();
        let highest = of_query.iter().copied().reduce(f64::max);
        let region = probe.regions.get(at).filter(|_| in_regions);
        cells.extend(region.zip(highest).map(|(region, value)| Point { value, labels: region.name.clone() }));
        medians.extend(of_query);
    }
    ends(medians, cells).ok_or_else(|| no_data("the last hour holds no three values to compare with"))
}

fn median_of(row: &Row) -> Option<f64> {
    let finite: Vec<f64> = row.points.iter().map(|(_, value)| *value).filter(|value| value.is_finite()).collect();
    (finite.len() >= LEAST).then(|| median(finite))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn ends(medians: Vec<f64>, cells: Vec<Point>) -> Option<Baseline> {
    let (lowest, highest) = (medians.iter().copied().reduce(f64::min)?, medians.into_iter().reduce(f64::max)?);
    Some(Baseline::Measured { lowest, highest, cells })
}

fn no_data(detail: &str) -> Miss {
    Miss { why: Why::NoData, detail: detail.to_owned() }
}

/// What has been read of a probe whose source has no memory.
#[derive(Debug)]
pub(super) struct Kept {
    probe: ProbeId,
    lowest: VecDeque<f64>,
    highest: VecDeque<f64>,
    readings: usize,
}

impl Kept {
    /// So many readings are kept: an hour at one every five seconds.
    const MOST: usize = 720;
    /// After so many it is told again.
    const TOLD: usize = 12;

    /// The memory of a probe; none where nothing is compared with it, or the source has its own.
    pub(super) fn of(plan: &Plan, probe: ProbeId) -> Option<Self> {
        let is_wanted = needs_past(plan, probe) && is_scraped(plan, probe);
        is_wanted.then(|| Self { probe, lowest: VecDeque::new(), highest: VecDeque::new(), readings: 0 })
    }

    /// Keeps a sample; now and then what the baseline is.
    pub(super) fn keep(&mut self, sample: &Sample) -> Option<Captured> {
        if self.highest.len() == Self::MOST {
            self.lowest.pop_front();
            self.highest.pop_front();
        }
        self.lowest.push_back(sample.lowest.as_ref().map_or(sample.value, |lowest| lowest.value));
        self.highest.push_back(sample.value);
        self.readings += 1;
        let of = |values: &VecDeque<f64>| median(values.iter().copied().collect());
        let is_due = self.highest.len() == LEAST || self.readings.is_multiple_of(Self::TOLD);
        (is_due && self.highest.len() >= LEAST).then(|| {
            let (lowest, highest) = (of(&self.lowest), of(&self.highest));
            Captured { probe: self.probe, baseline: Baseline::Measured { lowest, highest, cells: Vec::new() } }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn an_outlier_is_no_baseline_and_neither_are_two_values() {
        let row = |values: &[f64]| Row {
            labels: BTreeMap::new(),
            points: (0..).zip(values).map(|(at, value)| (at, *value)).collect(),
        };
        assert_eq!(median_of(&row(&[0.1, 9.0, 0.1, f64::NAN, 0.2])), Some(0.2));
        assert_eq!(median_of(&row(&[0.1, f64::NAN, 0.1])), None);
    }

    #[test]
    fn what_was_read_here_is_told_after_three_readings_and_every_twelfth() {
        let mut kept = Kept { probe: ProbeId(0), lowest: VecDeque::new(), highest: VecDeque::new(), readings: 0 };
        let mut sample = Sample { value: 2.0, ..Sample::default() };
        let told: Vec<usize> = (1..=24).filter(|_| kept.keep(&sample).is_some()).collect();
        assert_eq!(told, [3, 12, 24]);
        sample.value = 900.0;
        for _ in 0..11 {
            assert_eq!(kept.keep(&sample), None);
        }
        let captured = kept.keep(&sample).expect("a baseline");
        assert_eq!(captured.baseline, Baseline::Measured { lowest: 2.0, highest: 2.0, cells: Vec::new() });
    }
}
