//! What was scraped, kept as long as a query can look back: a ring of samples for each series.
//!
//! A series ends as it does in Prometheus. When a scrape no longer shows it, or fails, a mark says so
//! at that time, and from there on a query finds nothing instead of the last figure. Series to which
//! the target gives times of its own are the exception: nobody but the target knows their end.
//!
//! A [`sheet`] keeps what one target has shown: its [`table`]s say which series there are, and
//! [`columns`] keep their samples, scrape beside scrape.
//!
//! Every target adds the labels `job` and `instance`, and the series `up`: 1 after a scrape, 0 after
//! one that failed.

#[cfg(test)]
mod against;
mod columns;
mod labels;
mod series;
mod sheet;
mod symbols;
mod table;

pub use labels::Labels;
pub(super) use labels::{NAME, hash_of};
pub(super) use sheet::{Place, Reach, Sheet};
pub(super) use symbols::Symbol;
pub(super) use table::Table;

use super::exposition;
use crate::text::Millis;
use std::collections::BTreeMap;

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
    sheets: BTreeMap<Target, Sheet>,
}

impl Ring {
    #[must_use]
    pub const fn new(bounds: Bounds) -> Self {
        Self { bounds, sheets: BTreeMap::new() }
    }

    /// For how long samples are kept.
    #[must_use]
    pub const fn keep(&self) -> Millis {
        self.bounds.keep
    }

    /// Takes in what a target showed at a time, unix milliseconds. What is not newer than its last
    /// scrape is left out.
    ///
    /// # Errors
    /// Too many series; then the scrape counts as failed.
    pub fn scraped(&mut self, target: &Target, at: i64, samples: &[exposition::Sample]) -> Result<(), TooManySeries> {
        let (all, most) = (self.len(), self.bounds.series);
        let sheet = self.sheet(target);
        let taken = sheet.scraped(at, samples, most.saturating_sub(all));
        if taken.is_err() {
            sheet.failed(at);
        }
        self.drop_old(at);
        taken.map_err(|fresh| TooManySeries { got: all + fresh, most })
    }

    /// Takes in that a target did not answer, or not with samples.
    pub fn failed(&mut self, target: &Target, at: i64) {
        self.sheet(target).failed(at);
        self.drop_old(at);
    }

    /// What each target has shown.
    pub(super) fn sheets(&self) -> impl Iterator<Item = &Sheet> {
        self.sheets.values()
    }

    /// How many series there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sheets.values().map(Sheet::len).sum()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn sheet(&mut self, target: &Target) -> &mut Sheet {
        self.sheets.entry(target.clone()).or_insert_with(|| Sheet::new(target.clone()))
    }

    fn drop_old(&mut self, now: i64) {
        let Bounds { keep, samples, .. } = self.bounds;
        let oldest = now.saturating_sub_unsigned(keep.0);
        self.sheets.values_mut().for_each(|sheet| sheet.drop_before(oldest, samples));
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
        ring.scraped(&target(instance), at, &read(body.as_bytes(), Format::Text).unwrap())
    }

    fn places<'r>(ring: &'r Ring, metric: Option<&'r str>) -> Vec<(&'r Sheet, Place)> {
        let tables = ring.sheets().flat_map(|sheet| sheet.tables(metric).map(move |table| (sheet, table)));
        let places = tables.flat_map(|(sheet, (table, lines))| {
            (0..lines.len()).map(move |line| (sheet, Place { table, line: u32::try_from(line).unwrap() }))
        });
        places.collect()
    }

    /// Every series with its newest sample at a time.
    fn newest(ring: &Ring, at: i64) -> Vec<String> {
        let found = places(ring, None).into_iter().filter_map(|(sheet, place)| {
            let labels = Labels::kept(sheet, place);
            let newest = sheet.newest(place, &sheet.reach(at - 5 * MINUTE, at));
            newest.map(|(_, value)| format!("{}{{{labels}}} {value}", labels.name()))
        });
        let mut found: Vec<String> = found.collect();
        found.sort();
        found
    }

    fn count(ring: &Ring, metric: &str) -> usize {
        let mut count = 0;
        for (sheet, place) in places(ring, Some(metric)) {
            sheet.each(place, &sheet.reach(0, MINUTE), |_, _| count += 1);
        }
        count
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
        assert_eq!(count(&ring, "x"), 5);
        scrape(&mut ring, "b:1", 11 * MINUTE, "y 1\n").unwrap();
        assert_eq!((count(&ring, "x"), ring.len()), (0, 2));
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
