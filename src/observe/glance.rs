//! One look at all that a plan measures, for those who do not stay.

use super::{alerts, before, health, source};
use crate::clock::Clock;
use crate::judge::Batch;
use crate::plan::{Plan, ProbeId};
use futures_util::future::join_all;
use std::sync::Arc;

/// What one look found.
#[derive(Clone, Debug, Default)]
pub struct Glance {
    pub batch: Batch,
    /// How many series each query gave; a probe that gave no answer is not in it.
    pub series: Vec<(ProbeId, usize)>,
}

impl Glance {
    /// How many series a probe's query gave.
    #[must_use]
    pub fn series_of(&self, probe: ProbeId) -> Option<usize> {
        self.series.iter().find(|(known, _)| *known == probe).map(|(_, count)| *count)
    }
}

/// Looks at all that a plan measures once, at the same time.
pub async fn glance(plan: &Plan, clock: Clock) -> Glance {
    let plan = Arc::new(plan.clone());
    let (mut watches, endpoints) = (source::watches(&plan, clock), health::endpoints(&plan, clock));
    let readings = join_all(watches.iter_mut().map(|watch| watch.look(0)));
    let health = join_all(endpoints.iter().map(health::Endpoint::look));
    let watch = alerts::watch(&plan, clock);
    let alerts = async {
        match &watch {
            Some(watch) => Some(watch.look().await),
            None => None,
        }
    };
    let compared = before::compared(&plan);
    let captured = join_all(compared.into_iter().map(|probe| before::capture(&plan, probe, clock)));
    let (readings, health, alerts, captured) = tokio::join!(readings, health, alerts, captured);
    let counted = join_all(watches.iter().map(|watch| watch.series(0))).await;
    Glance { batch: Batch { readings, health, alerts, captured }, series: counted.into_iter().flatten().collect() }
}

/// The same without the counts.
pub async fn once(plan: &Plan, clock: Clock) -> Batch {
    glance(plan, clock).await.batch
}
