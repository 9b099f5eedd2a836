//! A ring against a plain list of every sample: whatever a night of scrapes shows, both tell the same.

use super::*;
use crate::promql::exposition::Sample;
use proptest::prelude::*;

/// What happens at one moment, a second or more after the one before.
#[derive(Clone, Debug)]
struct Step {
    later: i64,
    target: usize,
    /// The series it shows, in this order; none where it does not answer.
    shows: Option<Vec<(usize, Time)>>,
}

/// Whose time a sample has.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Time {
    Scrape,
    Own,
}

fn step() -> impl Strategy<Value = Step> {
    // Nearly all scrapes show nearly all series in their order; some leave out many, or mix them.
    let whole = Just((0..24).collect::<Vec<usize>>());
    let part = proptest::sample::subsequence((0..24).collect::<Vec<usize>>(), 0..24);
    let mixed = part.clone().prop_shuffle();
    let order = prop_oneof![4 => whole, 3 => part, 1 => mixed];
    let shows = (order, 0..64_u8).prop_map(|(order, own)| {
        let time = |series| if own < 3 && series % 8 == 3 { Time::Own } else { Time::Scrape };
        order.into_iter().map(|series| (series, time(series))).collect()
    });
    let later = prop_oneof![9 => 1_000..5_000_i64, 1 => 100_000..700_000_i64];
    let shows = prop_oneof![9 => shows.prop_map(Some), 1 => Just(None)];
    (later, 0..2_usize, shows).prop_map(|(later, target, shows)| Step { later, target, shows })
}

/// A series, with a name, labels or a spelling that make it a case of its own.
fn sample(series: usize, value: f64, timestamp_ms: Option<i64>) -> Sample {
    let label = |name: &str, value: String| (name.to_owned(), value);
    let labels = match series % 4 {
        0 => vec![],
        1 => vec![label("path", format!("/{series}")), label("zone", String::new())],
        2 => vec![label("instance", format!("own {series}")), label("job", "own".to_owned())],
        _ => vec![label("path", format!("/{series}"))],
    };
    let name = if series.is_multiple_of(4) { format!("alone_{series}") } else { format!("metric_{}", series % 3) };
    Sample { name, labels, value, timestamp_ms }
}

/// Every sample and every end, by target and series, as Prometheus would append them.
#[derive(Default)]
struct List(BTreeMap<Key, Vec<(i64, Option<f64>)>>);

/// A target and a series of it.
type Key = (usize, usize);

impl List {
    fn add(&mut self, key: Key, at: i64, value: Option<f64>) {
        let samples = self.0.entry(key).or_default();
        if samples.last().is_none_or(|(last, _)| *last < at) {
            samples.push((at, value));
        }
    }

    fn newest(&self, from: i64, to: i64) -> BTreeMap<Key, (i64, f64)> {
        let newest = |samples: &Vec<(i64, Option<f64>)>| {
            let (at, value) = *samples.iter().rev().find(|(at, _)| *at <= to)?;
            value.filter(|_| at >= from).map(|value| (at, value))
        };
        self.0.iter().filter_map(|(key, samples)| newest(samples).map(|found| (*key, found))).collect()
    }

    fn within(&self, from: i64, to: i64) -> BTreeMap<Key, Vec<(i64, f64)>> {
        let within = |samples: &Vec<(i64, Option<f64>)>| {
            let found = samples.iter().filter(|(at, _)| (from..=to).contains(at));
            found.filter_map(|(at, value)| value.map(|value| (*at, value))).collect::<Vec<_>>()
        };
        let all = self.0.iter().map(|(key, samples)| (*key, within(samples)));
        all.filter(|(_, samples)| !samples.is_empty()).collect()
    }
}

fn target(number: usize) -> Target {
    Target { job: "shop".to_owned(), instance: format!("{number}:80") }
}

/// Which series of which target these labels are.
fn key(labels: &Labels<'_>) -> Option<Key> {
    let own = |label: &str| labels.get(label).strip_prefix(['/']).or(labels.get(label).strip_prefix("own "));
    let name = labels.name().strip_prefix("alone_");
    let series = own("path").or(own("exported_instance")).or(name)?.parse().ok()?;
    Some((labels.get("instance").strip_suffix(":80")?.parse().ok()?, series))
}

/// What a ring tells of each series.
fn told<T>(ring: &Ring, read: impl Fn(&Sheet, Place) -> Option<T>) -> BTreeMap<Key, T> {
    let mut told = BTreeMap::new();
    for sheet in ring.sheets() {
        for (table, lines) in sheet.tables(None) {
            for line in 0..lines.len() {
                let place = Place { table, line: u32::try_from(line).unwrap() };
                if let Some((key, found)) = key(&Labels::kept(sheet, place)).zip(read(sheet, place)) {
                    assert!(told.insert(key, found).is_none(), "one series is there twice");
                }
            }
        }
    }
    told
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_ring_tells_what_was_shown(steps in proptest::collection::vec(step(), 1..40)) {
        let keep = Millis::from_mins(5);
        let mut ring = Ring::new(Bounds { keep, samples: 1_000, series: 1_000 });
        let (mut list, mut at) = (List::default(), 1_000_000);
        let mut shown: BTreeMap<Key, Time> = BTreeMap::new();
        let mut scraped = [at; 2];
        for (number, Step { later, target: whose, shows }) in steps.iter().enumerate() {
            // What was shown so long ago is forgotten, and with it that it was shown.
            shown.retain(|(target, _), _| scraped[*target] >= at - 300_000);
            at += later;
            scraped[*whose] = at;
            let before = std::mem::take(&mut shown);
            let (theirs, others): (Vec<_>, Vec<_>) = before.into_iter().partition(|((target, _), _)| target == whose);
            shown.extend(others);
            if let Some(shows) = shows {
                let value = |series: usize| f64::from(u32::try_from(number * 100 + series).unwrap());
                let own = |time| (time == Time::Own).then_some(at - 500);
                let samples: Vec<Sample> =
                    shows.iter().map(|(series, time)| sample(*series, value(*series), own(*time))).collect();
                ring.scraped(&target(*whose), at, &samples).unwrap();
                for (series, time) in shows {
                    list.add((*whose, *series), own(*time).unwrap_or(at), Some(value(*series)));
                    shown.insert((*whose, *series), *time);
                }
            } else {
                ring.failed(&target(*whose), at);
            }
            for (key, time) in theirs {
                if time == Time::Scrape && shown.get(&key) != Some(&Time::Scrape) {
                    list.add(key, at, None);
                }
            }
            for to in [at, at - 1, at - 7_000] {
                let from = to - 60_000;
                let newest = told(&ring, |sheet, place| sheet.newest(place, &sheet.reach(from, to)));
                prop_assert_eq!(&newest, &list.newest(from, to));
                let within = told(&ring, |sheet, place| {
                    let mut samples = Vec::new();
                    sheet.each(place, &sheet.reach(from, to), |at, value| samples.push((at, value)));
                    Some(samples).filter(|samples| !samples.is_empty())
                });
                prop_assert_eq!(&within, &list.within(from, to));
            }
        }
    }
}
