//! Targets without a Prometheus: scraped here, and asked through the embedded engine.
//!
//! Each target has a task of its own, so that one that hangs keeps no other from being scraped. What
//! they bring goes into one ring, and a query is evaluated over it at once. From there on a scraped
//! source is like any other: its freshness is asked in PromQL, too.
//!
//! ```text
//! rounds   0         5         10        15
//! scrapes  0   2.5       7.5       12.5         halfway between the rounds
//! ```

mod target;

use super::backend::{Series, Told};
use super::http::brief;
use crate::clock::Clock;
use crate::judge::{Miss, Why};
use crate::order;
use crate::plan::{Plan, Probe, Source, SourceId};
use crate::promql::engine::{self, Value};
use crate::promql::exposition::Sample;
use crate::promql::samples::{Bounds, Ring, Target};
use crate::text::Millis;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use target::Page;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// A rate takes two samples: so often each target is tried before the first answer.
const FIRST_TRIES: u64 = 2;

/// The scraped targets of one source. Scraping ends when it is dropped.
#[derive(Debug)]
pub(super) struct Scraper {
    clock: Clock,
    kept: Arc<Mutex<Kept>>,
    tries: Vec<watch::Receiver<u64>>,
    /// How long the first answer waits for samples.
    patience: Millis,
    _targets: JoinSet<()>,
}

/// What is known of the targets.
#[derive(Debug)]
struct Kept {
    ring: Ring,
    /// Why the last scrape of a target failed.
    troubles: BTreeMap<Target, String>,
}

impl Scraper {
    /// Begins to scrape the targets of a source.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub(super) fn new(source: &Source, targets: &[String], back: Millis, clock: Clock) -> Self {
        let ring = Ring::new(Bounds::reaching(back, source.every));
        let kept = Arc::new(Mutex::new(Kept { ring, troubles: BTreeMap::new() }));
        let (mut tasks, mut tries) = (JoinSet::new(), Vec::new());
        // A scrape that takes longer than the time between two is no use to anybody.
        let timeout = clock.patience(source.timeout.min(source.every));
        for (url, instance) in targets.iter().zip(target::instances(targets)) {
            let (tried, watch) = watch::channel(0);
            let target = Target { job: source.name.clone(), instance };
            let scrape =
                Scrape { target, page: Page::new(url, source, clock), kept: Arc::clone(&kept), clock, timeout };
            tasks.spawn(scrape.keep_on(source.every, tried));
            tries.push(watch);
        }
        Self { clock, kept, tries, patience: source.every + timeout, _targets: tasks }
    }

    /// Evaluates a query now.
    ///
    /// # Errors
    /// A query that the engine refuses.
    pub(super) async fn instant(&self, query: &str) -> Result<Told, Miss> {
        self.wait_for_samples().await;
        let at = self.clock.now().at;
        // Held over both: a target that is back a moment later was missing all the same.
        let kept = lock(&self.kept);
        let value = engine::evaluate(&kept.ring, query, at)
            .map_err(|error| Miss { why: Why::Config, detail: brief(&error.to_string()) })?;
        let trouble = kept.trouble().map(|detail| Miss { why: Why::SourceDown, detail });
        Ok(Told { series: all_series(value), trouble })
    }

    async fn wait_for_samples(&self) {
        let all = async {
            for tries in &self.tries {
                // A task that is gone tries no more.
                let _ = tries.clone().wait_for(|tries| *tries >= FIRST_TRIES).await;
            }
        };
        // Whoever is silent until then is in trouble, and that is an answer.
        let _ = self.clock.within(self.patience, all).await;
    }
}

/// How far back the queries on a source read, as far as they can be evaluated at all.
pub(super) fn reach(plan: &Plan, source: SourceId) -> Millis {
    let probes = plan.probes.iter().filter(|probe| probe.source == source);
    let queries = probes.flat_map(Probe::queries);
    queries.filter_map(|query| engine::check(&query.text).ok()).max().unwrap_or_default()
}

impl Kept {
    /// Takes in what a target has answered at a time, or why it has not.
    fn take_in(&mut self, target: Target, at: i64, got: Result<Vec<Sample>, String>) {
        let taken = match got {
            Ok(samples) => self.ring.scraped(&target, at, &samples).map_err(|error| error.to_string()),
            Err(why) => {
                self.ring.failed(&target, at);
                Err(why)
            }
        };
        match taken {
            Ok(()) => self.troubles.remove(&target),
            Err(why) => self.troubles.insert(target, why),
        };
    }

    /// Who is in trouble, and why.
    fn trouble(&self) -> Option<String> {
        let (target, why) = self.troubles.first_key_value()?;
        let more = match self.troubles.len() {
            1 => String::new(),
            all => format!(", and {} more", all - 1),
        };
        Some(brief(&format!("{}: {why}{more}", target.instance)))
    }
}

fn lock(kept: &Mutex<Kept>) -> MutexGuard<'_, Kept> {
    // A scrape that panicked has added a part of its samples, each of them whole.
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

fn all_series(value: Value<'_>) -> Vec<Series> {
    match value {
        Value::Scalar(value) => vec![Series { labels: BTreeMap::new(), value }],
        Value::Vector(vector) => vector
            .into_iter()
            .map(|element| {
                let labels = element.labels.iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
                Series { labels: order::map(labels), value: element.value }
            })
            .collect(),
    }
}

/// The scraping of one target.
#[derive(Debug)]
struct Scrape {
    target: Target,
    page: Page,
    kept: Arc<Mutex<Kept>>,
    clock: Clock,
    timeout: Millis,
}

impl Scrape {
    async fn keep_on(self, every: Millis, tried: watch::Sender<u64>) {
        self.once().await;
        tried.send_modify(|tries| *tries += 1);
        self.clock.sleep(Millis(every.0 / 2)).await;
        let mut beat = self.clock.every(every);
        loop {
            beat.next().await;
            self.once().await;
            tried.send_modify(|tries| *tries += 1);
        }
    }

    async fn once(&self) {
        let at = self.clock.now().at;
        let in_time = self.clock.within(self.timeout, self.page.samples());
        let got = match super::guarded(in_time).await {
            Ok(Some(got)) => got,
            Ok(None) => Err(format!("no answer within {}", self.timeout)),
            Err(panic) => Err(panic),
        };
        let (kept, target) = (Arc::clone(&self.kept), self.target.clone());
        // A hundred thousand series take a while to sort in, and others want this thread.
        let taking = tokio::task::spawn_blocking(move || lock(&kept).take_in(target, at, got));
        if let Err(panic) = taking.await {
            lock(&self.kept).troubles.insert(self.target.clone(), brief(&panic.to_string()));
        }
    }
}
