//! Range queries: what a query would have given, moment by moment.

use super::{Prometheus, config, millis, number, seconds};
use crate::judge::Miss;
use crate::observe::span::{Row, Span};
use crate::text::Millis;
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::collections::BTreeMap;

/// So many moments are asked about in one request; Prometheus refuses more than 11,000.
const MOST_MOMENTS: u64 = 1_000;

/// Looking back takes longer than looking, and nobody waits for it at the board.
const TIMEOUT: Millis = Millis::from_mins(1);

#[derive(Deserialize)]
#[serde(tag = "resultType", content = "result", rename_all = "lowercase")]
enum Data {
    Matrix(Vec<Element>),
    Vector(IgnoredAny),
    Scalar(IgnoredAny),
    String(IgnoredAny),
}

#[derive(Deserialize)]
struct Element {
    #[serde(default)]
    metric: BTreeMap<String, String>,
    #[serde(default)]
    values: Vec<(f64, String)>,
    histograms: Option<IgnoredAny>,
}

impl Prometheus {
    /// Asks for the values of a query at every moment of a span.
    ///
    /// # Errors
    /// The miss of the first part that could not be had.
    pub(in crate::observe) async fn range(&self, query: &str, span: Span) -> Result<Vec<Row>, Miss> {
        let mut rows: BTreeMap<BTreeMap<String, String>, Vec<(i64, f64)>> = BTreeMap::new();
        let mut part = span.part(span.from, MOST_MOMENTS);
        while !part.is_empty() {
            for row in self.range_at_once(query, part).await? {
                rows.entry(row.labels).or_default().extend(row.points);
            }
            part = span.part(part.from.saturating_add_unsigned(span.step.0 * MOST_MOMENTS), MOST_MOMENTS);
        }
        Ok(rows.into_iter().map(|(labels, points)| Row { labels, points }).collect())
    }

    /// The same in one request, for a span of few moments.
    pub(in crate::observe) async fn range_at_once(&self, query: &str, span: Span) -> Result<Vec<Row>, Miss> {
        let form = vec![
            ("query", query.to_owned()),
            ("start", seconds(span.from)),
            ("end", seconds(span.to)),
            ("step", format!("{}ms", span.step.0)),
        ];
        self.ask("/api/v1/query_range", form, self.timeout.max(TIMEOUT), rows).await
    }
}

fn rows(data: Data) -> Result<Vec<Row>, Miss> {
    let Data::Matrix(elements) = data else { return Err(config("the answer to a range query is no range")) };
    let row = |element: Element| {
        if element.histograms.is_some() && element.values.is_empty() {
            return Err(config("the query gives native histograms; histogram_quantile() makes a value"));
        }
        let point = |(at, value): &(f64, String)| Ok((millis(*at), number(value)?));
        Ok(Row { labels: element.metric, points: element.values.iter().map(point).collect::<Result<_, Miss>>()? })
    };
    elements.into_iter().map(row).collect()
}
