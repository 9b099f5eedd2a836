//! Nights that are over: the same looks at what a source remembers of them.
//!
//! The watches are those of a live night, with their freshness, silent series and memory; only the
//! backend is another. It answers each instant query out of a range query over many moments.

use super::backend::{Backend, Series};
use super::prometheus::Prometheus;
use super::source::{self, Watch};
use super::span::{Row, Span};
use crate::clock::Clock;
use crate::judge::{Batch, Miss, Why};
use crate::plan::{Plan, Source, SourceKind};
use crate::text::Millis;
use futures_util::future::join_all;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tokio::sync::Mutex;

/// So many moments are asked about at once.
const AT_ONCE: u64 = 500;

/// Asks a source for the values of a query at every moment of a span.
///
/// # Errors
/// A miss, also where the source keeps nothing.
pub async fn values(source: &Source, query: &str, span: Span, clock: Clock) -> Result<Vec<Row>, Miss> {
    Backend::new(source, Millis::ZERO, clock).range(query, span).await
}

/// A walk through a span of the past, moment by moment.
#[derive(Debug)]
pub struct Past {
    watches: Vec<Watch>,
    span: Span,
    now: Arc<AtomicI64>,
    round: u64,
}

impl Past {
    /// Begins before the first moment of a span.
    #[must_use]
    pub fn new(plan: &Plan, span: Span, clock: Clock) -> Self {
        let (plan, now) = (Arc::new(plan.clone()), Arc::new(AtomicI64::new(span.from)));
        let backend = |id| {
            let source = plan.source(id);
            let recorded = match &source.kind {
                SourceKind::Prometheus { url } => Prometheus::new(url, source, clock),
                SourceKind::Scrape { .. } => Err("what is scraped here is not kept, it has no past".to_owned()),
                SourceKind::Alertmanager { .. } => Err("an Alertmanager answers no queries".to_owned()),
            };
            match recorded {
                Ok(prometheus) => {
                    Backend::Past(Recorded { prometheus, span, now: Arc::clone(&now), kept: Mutex::default() })
                }
                Err(detail) => Backend::Broken(Miss { why: Why::Config, detail }),
            }
        };
        Self { watches: source::watches_through(&plan, clock, backend), span, now, round: 0 }
    }

    /// Looks at the next moment; none behind the last one.
    pub async fn next(&mut self) -> Option<(i64, Batch)> {
        let step = if self.round == 0 { 0 } else { self.span.step.0 };
        let at = self.now.load(Ordering::Relaxed).checked_add_unsigned(step).filter(|at| *at <= self.span.to)?;
        self.now.store(at, Ordering::Relaxed);
        let readings = join_all(self.watches.iter_mut().map(|watch| watch.look(self.round))).await;
        self.round += 1;
        Some((at, Batch { readings, ..Batch::default() }))
    }
}

/// A source that is asked about moments of the past.
#[derive(Debug)]
pub(super) struct Recorded {
    prometheus: Prometheus,
    span: Span,
    now: Arc<AtomicI64>,
    /// The newest part of the past that each query was asked about.
    kept: Mutex<BTreeMap<String, Arc<Mutex<Option<Part>>>>>,
}

#[derive(Debug)]
struct Part {
    span: Span,
    rows: Result<Vec<Row>, Miss>,
}

impl Recorded {
    /// What a query gives at the moment that is looked at.
    pub(super) async fn instant(&self, query: &str) -> Result<Vec<Series>, Miss> {
        let at = self.now.load(Ordering::Relaxed);
        let part = Arc::clone(self.kept.lock().await.entry(query.to_owned()).or_default());
        let mut part = part.lock().await;
        let covers = |part: &Part| part.span.from <= at && at <= part.span.to;
        if !part.as_ref().is_some_and(covers) {
            let span = self.span.part(at, AT_ONCE);
            *part = Some(Part { span, rows: self.prometheus.range_at_once(query, span).await });
        }
        let Some(Part { rows, .. }) = &*part else { return Ok(Vec::new()) };
        let rows = rows.as_ref().map_err(Clone::clone)?;
        Ok(rows.iter().filter_map(|row| Some(Series { value: row.at(at)?, labels: row.labels.clone() })).collect())
    }
}
