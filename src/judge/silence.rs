//! Series that fell silent on the wrong side of a limit.
//!
//! A pod that was failing when it died has not recovered: it holds its gate until it speaks again,
//! however long ago that was and however often this program was restarted meanwhile.

use super::Sample;
use super::evidence::Rule;
use std::collections::BTreeMap;

/// The silent series of one condition whose last value was over its limit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Silence(BTreeMap<String, f64>);

impl Silence {
    /// Takes in who is silent in a sample, and who speaks again.
    pub fn learn(&mut self, rule: Rule<'_>, sample: &Sample) {
        let over = sample.silent.iter().filter_map(|silent| Some((&silent.labels, silent.last?)));
        for (labels, last) in over.filter(|(_, last)| rule.is_over(*last)) {
            self.0.insert(labels.clone(), last);
        }
        self.0.retain(|labels, _| !speaks(sample, labels));
    }

    /// Says who holds the condition, with the last value.
    #[must_use]
    pub fn first(&self) -> Option<(&str, f64)> {
        self.0.first_key_value().map(|(labels, last)| (labels.as_str(), *last))
    }
}

/// Whether a sample has a value of a series.
fn speaks(sample: &Sample, labels: &str) -> bool {
    let points = sample.lowest.iter().chain(&sample.cells).map(|point| point.labels.as_str());
    let named = sample.speaking.iter().map(String::as_str);
    points.chain(named).chain([sample.labels.as_str()]).any(|known| known == labels)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::Silent;
    use crate::plan::{Limit, Op};
    use crate::text::Unit;

    fn sample(silent: &[(&str, f64)], speaking: &[&str]) -> Sample {
        Sample {
            value: 0.1,
            labels: "eu".to_owned(),
            silent: silent.iter().map(|(at, last)| Silent { labels: (*at).to_owned(), last: Some(*last) }).collect(),
            speaking: speaking.iter().map(|labels| (*labels).to_owned()).collect(),
            ..Sample::default()
        }
    }

    #[test]
    fn a_bad_series_is_remembered_until_it_speaks_again_and_a_good_one_is_not() {
        let limit = Limit::new(Op::Below, 1.0, Unit::Percent);
        let (rule, mut silence) = (Rule::Pass(&limit), Silence::default());
        silence.learn(rule, &sample(&[("good", 0.2), ("us", 2.0)], &[]));
        assert_eq!(silence.first(), Some(("us", 2.0)));
        silence.learn(rule, &sample(&[], &["eu"]));
        assert_eq!(silence.first(), Some(("us", 2.0)), "forgotten by its window, not by the judge");
        silence.learn(rule, &sample(&[], &["eu", "us"]));
        assert_eq!(silence.first(), None);
    }

    #[test]
    fn the_worst_series_of_a_sample_speaks() {
        let limit = Limit::new(Op::Below, 1.0, Unit::Percent);
        let mut silence = Silence::default();
        silence.learn(Rule::Pass(&limit), &sample(&[("eu", 2.0)], &[]));
        assert_eq!(silence.first(), None);
    }
}
