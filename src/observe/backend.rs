//! Whoever answers queries: Prometheus, or the embedded engine.

use super::http::brief;
use super::past::Recorded;
use super::prometheus::Prometheus;
use super::scrape::Scraper;
use super::span::{Row, Span};
use crate::clock::Clock;
use crate::judge::{Miss, Why};
use crate::plan::{Source, SourceKind};
use crate::text::{Millis, sanitize};
use std::collections::BTreeMap;

/// The answer to a query.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    pub series: Vec<Series>,
    /// The least of the series that lie in the top bucket of their histogram: they are at least so
    /// much, and nobody knows how much.
    pub topped: Option<Series>,
}

/// One series of an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    pub labels: BTreeMap<String, String>,
    /// Perhaps not a number, or infinite.
    pub value: f64,
}

/// What a query gave at one moment.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) series: Vec<Series>,
    /// Why what is not among them may be there nevertheless, if so: of the same moment.
    pub(super) trouble: Option<Miss>,
}

impl From<Vec<Series>> for Told {
    fn from(series: Vec<Series>) -> Self {
        Self { series, trouble: None }
    }
}

/// A source as the observers see it: something that answers an instant query, or says why not.
#[derive(Debug)]
pub(super) enum Backend {
    Prometheus(Prometheus),
    Scraper(Scraper),
    /// What a source remembers of a night that is over.
    Past(Recorded),
    /// It cannot be asked at all: the reason is every answer.
    Broken(Miss),
}

impl Backend {
    /// The backend of a source whose queries read so far back.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub(super) fn new(source: &Source, back: Millis, clock: Clock) -> Self {
        match &source.kind {
            SourceKind::Prometheus { url } => match Prometheus::new(url, source, clock) {
                Ok(prometheus) => Self::Prometheus(prometheus),
                Err(detail) => Self::Broken(config(&detail)),
            },
            SourceKind::Alertmanager { .. } => Self::Broken(config("an Alertmanager answers no queries")),
            SourceKind::Scrape { targets } => Self::Scraper(Scraper::new(source, targets, back, clock)),
        }
    }

    /// Whether it answers of now, and not of a night that is over.
    pub(super) const fn is_live(&self) -> bool {
        !matches!(self, Self::Past(_))
    }

    /// Asks for the series that a query gives now, by the source's clock; a scalar is one without labels.
    ///
    /// # Errors
    /// The miss that stands in the reading.
    pub(super) async fn instant(&self, query: &str) -> Result<Told, Miss> {
        match self {
            Self::Prometheus(prometheus) => prometheus.instant(query).await.map(Told::from),
            Self::Scraper(scraper) => scraper.instant(query).await,
            Self::Past(recorded) => recorded.instant(query).await.map(Told::from),
            Self::Broken(miss) => Err(miss.clone()),
        }
    }

    /// Whether it failed last in a way that may be over in a moment.
    pub(super) fn fails_in_passing(&self) -> bool {
        matches!(self, Self::Prometheus(prometheus) if prometheus.fails_in_passing())
    }

    /// Asks for the values of a query at every moment of a span.
    ///
    /// # Errors
    /// A miss, also where a source remembers nothing.
    pub(super) async fn range(&self, query: &str, span: Span) -> Result<Vec<Row>, Miss> {
        match self {
            Self::Prometheus(prometheus) => prometheus.range(query, span).await,
            Self::Scraper(_) | Self::Past(_) => Err(config("what is scraped here is kept for minutes only")),
            Self::Broken(miss) => Err(miss.clone()),
        }
    }
}

fn config(detail: &str) -> Miss {
    Miss { why: Why::Config, detail: brief(detail) }
}

/// Shows labels without the metric's name: `region="eu", pod="a-1"`.
pub(super) fn show_labels(labels: &BTreeMap<String, String>) -> String {
    let parts = labels.iter().filter(|(name, _)| *name != "__name__");
    let shown: Vec<String> =
        parts.map(|(name, value)| format!("{}={}", brief(name), sanitize::quoted(value))).collect();
    shown.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_shown_so_that_nothing_in_them_acts_or_vanishes() {
        let labels = BTreeMap::from([
            ("__name__".to_owned(), "up".to_owned()),
            ("a".to_owned(), "\u{1b}]52;c;x\u{7}".to_owned()),
            ("b".to_owned(), "fail\u{202e}\"".to_owned()),
            ("c".to_owned(), "ｶﾞ".to_owned()),
        ]);
        assert_eq!(show_labels(&labels), r#"a="\u{1b}]52;c;x\u{7}", b="fail\u{202e}\"", c="ｶﾞ""#);
    }
}
