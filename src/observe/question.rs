//! What is asked in one request: the value of a query, and how old the data behind it is.
//!
//! Both are of one moment, so no sample can come between them, and whoever cannot answer the one cannot
//! pretend to the other. The parts are joined with `or`, and a label tells them apart:
//!
//! ```promql
//! label_replace(QUERY, "warroom", "value", "", "") or label_replace(vector(time()), "warroom", "now", "", "") or …
//! ```

use super::backend::{Answer, Series};
use super::cadence::Cadence;
use super::fresh::{self, Freshness};
use super::http::brief;
use crate::judge::{Miss, Why};
use crate::promql::{self, Query, Selector};
use std::collections::BTreeMap;

/// The label that says which part of the question a series answers.
const PART: &str = "warroom";

const VALUE: &str = "value";
const CEILING: &str = "ceiling";

/// A query that returns more series than this is no measure of anything.
const MOST_SERIES: usize = 5_000;

/// The series that answer each part; a part that nothing answers is not among them.
pub(super) type Parts = BTreeMap<String, Vec<Series>>;

/// A question, and how often data has come so far.
#[derive(Debug)]
pub(super) struct Question {
    /// As it is sent.
    pub(super) text: String,
    selectors: Vec<Selector>,
    cadences: Vec<Cadence>,
}

impl Question {
    pub(super) fn new(query: &Query) -> Self {
        let mut parts = vec![part(VALUE, &as_series(&query.text))];
        parts.extend(promql::ceiling(&query.text).map(|ceiling| part(CEILING, &as_series(&ceiling))));
        parts.extend(fresh::parts(&query.selectors).iter().map(|(name, asked)| part(name, asked)));
        Self {
            text: parts.join(" or "),
            selectors: query.selectors.clone(),
            cadences: vec![Cadence::default(); query.selectors.len()],
        }
    }

    /// Reads what has answered it.
    ///
    /// # Errors
    /// Why it is no answer: it does not say how old it is, or gives more than anybody can judge.
    pub(super) fn read(&mut self, series: Vec<Series>) -> Result<(Freshness, Answer), Miss> {
        let mute = || Miss { why: Why::SourceDown, detail: "it does not say how old its data is".to_owned() };
        let mut parts = split(series).ok_or_else(mute)?;
        let series = parts.remove(VALUE).unwrap_or_default();
        if series.len() > MOST_SERIES {
            let detail = format!("the query returns {} series; it must aggregate them", series.len());
            return Err(Miss { why: Why::Config, detail });
        }
        let topped = topped(&series, &parts.remove(CEILING).unwrap_or_default());
        let freshness = fresh::read(&parts, &self.selectors, &mut self.cadences).ok_or_else(mute)?;
        Ok((freshness, Answer { series, topped }))
    }
}

fn part(name: &str, query: &str) -> String {
    format!(r#"label_replace({query}, "{PART}", "{name}", "", "")"#)
}

/// A query as something with labels, on lines of its own: it may end in a comment.
fn as_series(query: &str) -> String {
    if promql::is_scalar(query) { format!("vector(\n{query}\n)") } else { format!("\n{query}\n") }
}

/// The series by their part; none where one belongs to no part, so that it answers something else.
fn split(series: Vec<Series>) -> Option<Parts> {
    let mut parts = Parts::new();
    for mut series in series {
        parts.entry(series.labels.remove(PART)?).or_default().push(series);
    }
    Some(parts)
}

/// The least of the values that are as high as they can be told.
fn topped(values: &[Series], ceiling: &[Series]) -> Option<Series> {
    let topped = values.iter().filter(|series| series.value.is_finite() && ceiling.contains(series));
    topped.min_by(|one, other| one.value.total_cmp(&other.value)).cloned()
}

/// What a source says against a question, as if it had been asked for the query alone: the query begins
/// on the second line of the question.
pub(super) fn of_the_query(miss: Miss) -> Miss {
    let moved = || {
        let (before, after) = miss.detail.split_once(": parse error")?;
        let (before, column) = before.rsplit_once(':')?;
        let from = before.rfind(|letter: char| !letter.is_ascii_digit()).map_or(0, |at| at + 1);
        let (before, line) = before.split_at_checked(from)?;
        let line = line.parse::<usize>().ok()?.checked_sub(1).filter(|line| *line > 0)?;
        Some(format!("{before}{line}:{column}: parse error{after}"))
    };
    match moved() {
        Some(detail) => Miss { detail: brief(&detail), ..miss },
        None => miss,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: f64 = 1_700_000_000.0;

    fn question(text: &str) -> Question {
        Question::new(&promql::inspect(text).unwrap())
    }

    fn series(part: &str, labels: &[(&str, &str)], value: f64) -> Series {
        let labels = labels.iter().copied().chain([(PART, part)]).map(|(k, v)| (k.to_owned(), v.to_owned()));
        Series { labels: labels.collect(), value }
    }

    #[test]
    fn the_question_is_promql_whatever_the_query_is() {
        for text in [
            r#"sum(rate(errors_total{status=~"5.."}[1m])) / sum(up)"#,
            "sum(up) # all of them",
            "scalar(sum(up))",
            "1 + 1",
            "max by (le) (up) > 3 or vector(0)",
            "histogram_quantile(0.99, sum by (le) (rate(took_bucket[5m])))",
        ] {
            let query = promql::inspect(text).unwrap();
            let asked = promql::inspect(&Question::new(&query).text).expect(text);
            assert_eq!(asked.selectors.len(), query.selectors.len(), "{text}");
        }
    }

    #[test]
    fn a_value_is_told_from_the_age_of_its_data() {
        let region = [("region", "eu")];
        let told = vec![series("value", &region, 0.5), series("now", &[], NOW), series("0 newest", &[], NOW - 2.0)];
        let (fresh, answer) = question("max by (region) (x)").read(told).unwrap();
        assert_eq!((answer.series.len(), answer.series[0].value, answer.series[0].labels.len()), (1, 0.5, 1));
        assert_eq!((fresh.at, fresh.selectors[0].age(fresh.at)), (1_700_000_000_000, 2_000));
    }

    #[test]
    fn the_least_of_the_values_at_the_ceiling_is_named() {
        let (eu, us, ap) = ([("region", "eu")], [("region", "us")], [("region", "ap")]);
        let values = [(eu, 10.0), (us, 7.0), (ap, 1.0)].map(|(region, value)| series("value", &region, value));
        let ceilings = [(eu, 10.0), (us, 7.0), (ap, 7.0)].map(|(region, value)| series("ceiling", &region, value));
        let told = values.into_iter().chain(ceilings).chain([series("now", &[], NOW)]).collect();
        let query = "histogram_quantile(0.99, sum by (le, region) (rate(took_bucket[5m])))";
        let (_, answer) = question(query).read(told).unwrap();
        assert_eq!(answer.topped.map(|series| series.value), Some(7.0));
    }

    #[test]
    fn an_answer_to_another_question_says_nothing() {
        let stranger = Series { labels: BTreeMap::new(), value: 1.0 };
        for told in [vec![], vec![stranger.clone()], vec![series("now", &[], NOW), stranger]] {
            let miss = question("sum(x)").read(told).unwrap_err();
            assert_eq!((miss.why, miss.detail.contains("how old")), (Why::SourceDown, true));
        }
    }

    #[test]
    fn a_place_in_the_question_becomes_one_in_the_query() {
        let at = |detail: &str| of_the_query(Miss { why: Why::Config, detail: detail.to_owned() }).detail;
        let told = r#"HTTP 400: invalid parameter "query": 2:7: parse error: unknown function with name "foo""#;
        assert_eq!(at(told), told.replace("2:7", "1:7"));
        for untold in ["parse error: no place", "1:7: parse error: x", "HTTP 422: many-to-many", ": parse error"] {
            assert_eq!(at(untold), untold);
        }
    }
}
