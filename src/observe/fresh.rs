//! How old the data behind a value is, selector by selector, by the server's clock.
//!
//! The time in an instant vector is that of the evaluation: a series that died four minutes ago
//! still answers as if it were alive. So each selector is asked about beside the value: when was its
//! newest sample written, had it samples in the window, and which targets have gone silent since.

use super::backend::{Series, show_labels};
use super::cadence::Cadence;
use super::prometheus::millis;
use super::question::Parts;
use crate::promql::Selector;
use crate::text::Millis;

/// The window of a selector that is read as it is now: as far back as Prometheus looks for it.
pub(super) const LOOKBACK: Millis = Millis::from_mins(5);

/// So many silent targets are named.
const MOST_SILENT: usize = 20;

/// What is known of the data of several selectors at one moment.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Freshness {
    /// Unix milliseconds by the source's clock.
    pub(super) at: i64,
    /// How far that clock is ahead of ours, where they differ.
    pub(super) skew: Option<i64>,
    pub(super) selectors: Vec<Data>,
}

/// What is known of the data of one selector.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Data {
    pub(super) selector: String,
    pub(super) window: Millis,
    pub(super) state: State,
    /// The newest sample that is known of, now or in the window: unix milliseconds.
    pub(super) newest: i64,
    /// The scrape interval as measured.
    pub(super) interval: Option<Millis>,
    /// Targets that were there in the window and are silent now, as labels.
    pub(super) silent: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// It returns something now.
    Live,
    /// It returns nothing now and had samples in the window.
    Gone,
    /// It had no samples in the window either.
    Never,
}

/// The queries that ask about selectors, each with the name of its part.
pub(super) fn parts(selectors: &[Selector]) -> Vec<(String, String)> {
    let mut parts = vec![("now".to_owned(), "vector(time())".to_owned())];
    for (at, selector) in selectors.iter().enumerate() {
        let (text, window) = (&selector.text, window(selector).0);
        let silent = format!("count by (job, instance) (count_over_time({text}[{window}ms]) unless {text})");
        parts.push((format!("{at} newest"), format!("max(timestamp({text}))")));
        parts.push((format!("{at} samples"), format!("max(count_over_time({text}[{window}ms]))")));
        parts.push((format!("{at} silent"), format!("topk({MOST_SILENT}, {silent})")));
    }
    parts
}

fn window(selector: &Selector) -> Millis {
    selector.window.unwrap_or(LOOKBACK)
}

/// Reads what has answered them; none where nothing tells the time, so that nothing can be said.
pub(super) fn read(parts: &Parts, selectors: &[Selector], cadences: &mut [Cadence]) -> Option<Freshness> {
    let value = |name: &str| parts.get(name).and_then(|series| series.first()).map(|series| series.value);
    let at = millis(value("now")?);
    let describe = |(number, (selector, cadence)): (usize, (&Selector, &mut Cadence))| {
        let window = window(selector);
        let newest = value(&format!("{number} newest")).map(millis);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count; a cast saturates")]
        let samples = value(&format!("{number} samples")).unwrap_or(0.0) as u64;
        let state = match (newest, samples) {
            (Some(_), _) => State::Live,
            (None, 1..) => State::Gone,
            (None, 0) => State::Never,
        };
        if let Some(newest) = newest {
            cadence.note(newest);
        }
        let oldest = at.saturating_sub_unsigned(window.0);
        let silent = parts.get(format!("{number} silent").as_str()).filter(|_| state == State::Live);
        Data {
            selector: selector.text.clone(),
            window,
            state,
            newest: newest.or_else(|| cadence.newest().filter(|last| *last >= oldest)).unwrap_or(oldest),
            interval: cadence.interval(window, samples),
            silent: silent.map_or_else(Vec::new, |series| name_all(series, selector)),
        }
    };
    let selectors = selectors.iter().zip(cadences).enumerate().map(describe).collect();
    Some(Freshness { at, skew: None, selectors })
}

fn name_all(series: &[Series], selector: &Selector) -> Vec<String> {
    let mut names: Vec<String> = series.iter().map(|series| name(series, selector)).collect();
    names.sort_unstable();
    names
}

/// The labels of a silent target; the selector where its series have neither job nor instance.
fn name(series: &Series, selector: &Selector) -> String {
    if series.labels.is_empty() { selector.text.clone() } else { show_labels(&series.labels) }
}

/// Two clocks that differ by less are one.
const SKEWED: i64 = 1_000;

impl Freshness {
    /// Holds the source's clock against ours: it was asked at one moment and had answered at another.
    pub(super) fn measured_between(self, asked: i64, answered: i64) -> Self {
        let (ahead, behind) = (self.at.saturating_sub(answered), self.at.saturating_sub(asked));
        let skew = if ahead > SKEWED { Some(ahead) } else { Some(behind).filter(|behind| *behind < -SKEWED) };
        Self { skew, ..self }
    }
}

impl Data {
    /// How old the newest sample was at a moment; negative where it is from the future.
    pub(super) const fn age(&self, at: i64) -> i64 {
        at.saturating_sub(self.newest)
    }

    /// How old it may be by itself: three scrape intervals, at least 15 s.
    pub(super) fn allowed(&self) -> Millis {
        (self.interval.unwrap_or_default() * 3).max(Millis::from_secs(15))
    }

    /// By how much it is older than it may be; negative where it is fresh.
    pub(super) fn excess(&self, at: i64) -> i64 {
        self.age(at).saturating_sub_unsigned(self.allowed().0)
    }

    pub(super) fn is_fresh(&self, at: i64) -> bool {
        self.state == State::Live && self.excess(at) <= 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::promql;

    const NOW: i64 = 1_700_000_000_000;

    fn selectors() -> Vec<Selector> {
        promql::inspect(r#"sum(rate(errors_total{status=~"5.."}[1m])) / sum(up)"#).unwrap().selectors
    }

    /// The name of a part, labels, and a value.
    type Element<'a> = (&'a str, &'a [(&'a str, &'a str)], f64);

    fn told(parts: &[Element<'_>]) -> Parts {
        let mut told = Parts::new();
        for (part, labels, value) in parts {
            let labels = labels.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
            told.entry((*part).to_owned()).or_default().push(Series { labels, value: *value });
        }
        told
    }

    fn ask(parts: &[Element<'_>]) -> Option<Vec<Data>> {
        read(&told(parts), &selectors(), &mut [Cadence::default(), Cadence::default()]).map(|all| all.selectors)
    }

    #[test]
    fn what_is_asked_is_promql() {
        let asked = parts(&selectors());
        assert!(asked.iter().all(|(name, query)| promql::inspect(query).is_ok_and(|_| !name.is_empty())), "{asked:?}");
        let has = |text: &str| asked.iter().any(|(_, query)| query == text);
        assert!(has(r#"max(timestamp(errors_total{status=~"5.."}))"#), "{asked:?}");
        assert!(has("max(count_over_time(up[300000ms]))"), "{asked:?}");
    }

    #[test]
    fn a_selector_is_live_gone_or_never_was() {
        let data = ask(&[
            ("now", &[], 1_700_000_000.0),
            ("0 samples", &[], 4.0),
            ("0 silent", &[("instance", "a")], 9.0),
            ("1 newest", &[], 1_699_999_993.5),
            ("1 samples", &[], 20.0),
            ("1 silent", &[("instance", "b:1"), ("job", "api")], 2.0),
            ("1 silent", &[], 1.0),
        ]);
        let data = data.unwrap();
        assert_eq!((data[0].state, data[0].silent.len(), data[0].age(NOW)), (State::Gone, 0, 60_000));
        assert_eq!((data[1].state, data[1].age(NOW)), (State::Live, 6_500));
        assert_eq!(data[1].silent, [r#"instance="b:1", job="api""#, "up"]);
        assert_eq!(data[1].interval, Some(Millis::from_secs(15)));
        let nothing = ask(&[("now", &[], 1_700_000_000.0)]).unwrap();
        assert!(nothing.iter().all(|data| data.state == State::Never && !data.is_fresh(NOW)));
    }

    #[test]
    fn a_clock_is_wrong_only_by_what_the_time_of_asking_does_not_explain() {
        let at = |at: i64| Freshness { at, skew: None, selectors: vec![] }.measured_between(NOW, NOW + 4_000).skew;
        assert_eq!([at(NOW - 1_000), at(NOW), at(NOW + 5_000)], [None; 3]);
        assert_eq!(at(NOW - 3_600_000), Some(-3_600_000));
        assert_eq!(at(NOW + 64_000), Some(60_000));
    }

    #[test]
    fn without_a_time_nothing_is_said() {
        assert_eq!(ask(&[]), None);
        assert_eq!(ask(&[("0 newest", &[], 1_700_000_000.0)]), None);
    }

    #[test]
    fn what_is_gone_is_as_old_as_its_last_sample_seen() {
        let mut cadences = [Cadence::default(), Cadence::default()];
        cadences[0].note(NOW - 12_000);
        let told = told(&[("now", &[], 1_700_000_000.0), ("0 samples", &[], 4.0)]);
        let all = read(&told, &selectors(), &mut cadences).unwrap();
        assert_eq!(all.selectors[0].age(all.at), 12_000);
    }
}
