//! What was scraped, kept as long as a query can look back: a ring of samples for each series.
//!
//! A series ends as it does in Prometheus. When a scrape no longer shows it, or fails, a mark says so
//! at that time, and from there on a query finds nothing instead of the last figure. Series to which
//! the target gives times of its own are the exception: nobody but the target knows their end.
//!
//! Every target adds the labels `job` and `instance`, and the series `up`: 1 after a scrape, 0 after
//! one that failed.

mod labels;
mod series;

pub use labels::Labels;
pub use series::Series;

use super::exposition;
use crate::text::Millis;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How much a ring keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Samples older than this are dropped: the widest window of the queries, and some slack.
    pub keep: Millis,
    /// Samples of one series; the oldest are dropped.
    pub samples: usize,
    /// A scrape that would bring more series than this is refused whole.
    pub series: usize,
}

impl Bounds {
    /// Enough for queries that read so far back, of targets scraped so often.
    #[must_use]
    pub fn reaching(back: Millis, every: Millis) -> Self {
        let keep = back.max(super::engine::LOOK_BACK) + Millis::from_mins(1);
        // A scrape adds one sample to a series or one mark; twice that leaves room for haste.
        let samples = usize::try_from(keep.0 / every.0.max(1)).unwrap_or(usize::MAX).saturating_mul(2);
        Self { keep, samples: samples.saturating_add(16), series: 200_000 }
    }
}

/// Whom a scrape asked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Target {
    /// The name of the source.
    pub job: String,
    /// Host and port.
    pub instance: String,
}

/// A scrape that brought more series than are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the scrape brought the number of series to {got}, more than {most}")]
pub struct TooManySeries {
    pub got: usize,
    pub most: usize,
}

/// The samples of all series, each in the order of time.
#[derive(Clone, Debug)]
pub struct Ring {
    bounds: Bounds,
    /// By metric name, since nearly every selector gives one.
    names: BTreeMap<String, BTreeMap<Labels, Series>>,
    /// What the newest scrape of each target showed, by identity.
    shown: BTreeMap<Target, Shown>,
    /// The texts of all labels: series share most of theirs.
    pool: BTreeSet<Arc<str>>,
}

type Shown = BTreeMap<usize, Labels>;

impl Ring {
    #[must_use]
    pub const fn new(bounds: Bounds) -> Self {
        Self { bounds, names: BTreeMap::new(), shown: BTreeMap::new(), pool: BTreeSet::new() }
    }

    /// For how long samples are kept.
    #[must_use]
    pub const fn keep(&self) -> Millis {
        self.bounds.keep
    }

    /// Takes in what a target showed at a time, unix milliseconds.
    ///
    /// # Errors
    /// Too many series; then the scrape counts as failed.
    pub fn scraped(&mut self, target: &Target, at: i64, samples: Vec<exposition::Sample>) -> Result<(), TooManySeries> {
        let mut shown = Shown::new();
        let (mut points, mut fresh) = (Vec::with_capacity(samples.len()), BTreeSet::new());
        for sample in samples {
            let labels = Labels::scraped(target, &sample.name, sample.labels);
            let labels = match self.known(&labels) {
                Some(known) => known,
                None => {
                    let labels = labels.pooled(&mut self.pool);
                    fresh.insert(labels.clone());
                    labels
                }
            };
            if sample.timestamp_ms.is_none() {
                shown.insert(labels.id(), labels.clone());
            }
            points.push((labels, sample.timestamp_ms.unwrap_or(at), sample.value));
        }
        self.check_room(target, fresh.len()).inspect_err(|_| self.failed(target, at))?;
        self.end_all_but(target, at, &shown);
        for (labels, at, value) in points {
            self.push(labels, at, value);
        }
        self.shown.insert(target.clone(), shown);
        self.finish(target, at, 1.0);
        Ok(())
    }

    /// Takes in that a target did not answer, or not with samples.
    pub fn failed(&mut self, target: &Target, at: i64) {
        self.end_all_but(target, at, &Shown::new());
        self.shown.remove(target);
        self.finish(target, at, 0.0);
    }

    /// The series of one name, or of all.
    pub fn series(&self, name: Option<&str>) -> impl Iterator<Item = (&Labels, &Series)> {
        let one = name.and_then(|name| self.names.get(name));
        let all = name.is_none().then(|| self.names.values().flatten());
        one.into_iter().flatten().chain(all.into_iter().flatten())
    }

    /// How many series there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.names.values().map(BTreeMap::len).sum()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The same labels as they are kept already.
    fn known(&self, labels: &Labels) -> Option<Labels> {
        self.names.get(labels.name())?.get_key_value(labels).map(|(known, _)| known.clone())
    }

    /// Adds one sample, if it is newer than the last of its series.
    fn push(&mut self, labels: Labels, at: i64, value: f64) {
        let of_name = match self.names.get_mut(labels.name()) {
            Some(known) => known,
            None => self.names.entry(labels.name().to_owned()).or_default(),
        };
        of_name.entry(labels).or_default().push(at, Some(value), self.bounds.samples);
    }

    fn check_room(&self, target: &Target, fresh: usize) -> Result<(), TooManySeries> {
        let up = usize::from(!self.shown.contains_key(target));
        let (got, most) = (self.len() + up + fresh, self.bounds.series);
        if got > most { Err(TooManySeries { got, most }) } else { Ok(()) }
    }

    /// Marks the end of the series that a target showed before and does not show now.
    fn end_all_but(&mut self, target: &Target, at: i64, shown: &Shown) {
        let before = self.shown.get(target).into_iter().flatten();
        for (_, labels) in before.filter(|(id, _)| !shown.contains_key(id)) {
            if let Some(series) = self.names.get_mut(labels.name()).and_then(|series| series.get_mut(labels)) {
                series.push(at, None, self.bounds.samples);
            }
        }
    }

    fn finish(&mut self, target: &Target, at: i64, up: f64) {
        let labels = Labels::scraped(target, "up", Vec::new());
        self.push(self.known(&labels).unwrap_or(labels), at, up);
        let (oldest, before) = (at.saturating_sub_unsigned(self.bounds.keep.0), self.len());
        self.names.retain(|_, series| {
            series.retain(|_, series| series.drop_before(oldest));
            !series.is_empty()
        });
        if self.len() < before {
            self.pool.retain(|text| Arc::strong_count(text) > 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::promql::exposition::{Format, read};

    const MINUTE: i64 = 60_000;

    fn ring() -> Ring {
        Ring::new(Bounds { keep: Millis::from_mins(10), samples: 5, series: 6 })
    }

    fn target(instance: &str) -> Target {
        Target { job: "shop".to_owned(), instance: instance.to_owned() }
    }

    fn scrape(ring: &mut Ring, instance: &str, at: i64, body: &str) -> Result<(), TooManySeries> {
        ring.scraped(&target(instance), at, read(body.as_bytes(), Format::Text).unwrap())
    }

    /// Every series with its newest sample at a time.
    fn newest(ring: &Ring, at: i64) -> Vec<String> {
        let found = ring.series(None).filter_map(|(labels, series)| {
            series.newest(at - 5 * MINUTE, at).map(|(_, value)| format!("{}{{{labels}}} {value}", labels.name()))
        });
        found.collect()
    }

    #[test]
    fn a_target_adds_its_labels_and_whether_it_is_up() {
        let mut ring = ring();
        scrape(&mut ring, "a:1", 0, "x{instance=\"own\",job=\"own\",zone=\"\"} 7\n").unwrap();
        let labels = r#"exported_instance="own", exported_job="own", instance="a:1", job="shop""#;
        assert_eq!(newest(&ring, 0), [r#"up{instance="a:1", job="shop"} 1"#.to_owned(), format!("x{{{labels}}} 7")]);
    }

    #[test]
    fn a_series_ends_when_a_scrape_does_not_show_it_or_fails() {
        let mut ring = ring();
        scrape(&mut ring, "a:1", 0, "x 1\ny 2\n").unwrap();
        scrape(&mut ring, "b:1", 0, "x 3\n").unwrap();
        scrape(&mut ring, "a:1", 1_000, "y 2\n").unwrap();
        assert_eq!(newest(&ring, 999).len(), 5);
        assert_eq!(newest(&ring, 1_000).len(), 4);
        ring.failed(&target("a:1"), 2_000);
        let b = r#"instance="b:1", job="shop""#;
        let up = [r#"up{instance="a:1", job="shop"} 0"#.to_owned(), format!("up{{{b}}} 1"), format!("x{{{b}}} 3")];
        assert_eq!(newest(&ring, 2_000), up);
        scrape(&mut ring, "a:1", 3_000, "x 5\n").unwrap();
        assert_eq!(newest(&ring, 3_000).len(), 4);
    }

    #[test]
    fn a_series_with_times_of_its_own_does_not_end() {
        let mut ring = ring();
        scrape(&mut ring, "a:1", 5_000, "x 1 4000\n").unwrap();
        ring.failed(&target("a:1"), 6_000);
        assert_eq!(newest(&ring, 6_000).len(), 2);
        assert_eq!(newest(&ring, 3_999).len(), 0);
    }

    #[test]
    fn it_is_bounded_by_time_by_samples_and_by_series() {
        let mut ring = ring();
        for at in 0..20 {
            scrape(&mut ring, "a:1", at * 1_000, "x 1\n").unwrap();
        }
        let x = |ring: &Ring| ring.series(Some("x")).map(|(_, series)| series.within(0, MINUTE).count()).sum::<usize>();
        assert_eq!(x(&ring), 5);
        scrape(&mut ring, "b:1", 11 * MINUTE, "y 1\n").unwrap();
        assert_eq!((x(&ring), ring.len()), (0, 2));
        let many = "a 1\nb 1\nc 1\nd 1\ne 1\n";
        let refused = scrape(&mut ring, "b:1", 12 * MINUTE, many).unwrap_err();
        assert_eq!(refused, TooManySeries { got: 7, most: 6 });
        assert_eq!(newest(&ring, 12 * MINUTE), [r#"up{instance="b:1", job="shop"} 0"#]);
    }

    #[test]
    fn what_comes_late_is_not_taken_for_new() {
        let mut ring = ring();
        scrape(&mut ring, "a:1", 2_000, "x 2\n").unwrap();
        scrape(&mut ring, "a:1", 1_000, "x 1\n").unwrap();
        scrape(&mut ring, "a:1", 2_000, "x 3\n").unwrap();
        assert!(newest(&ring, 3_000).contains(&r#"x{instance="a:1", job="shop"} 2"#.to_owned()));
    }
}
