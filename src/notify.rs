//! What is told outside: webhooks, annotations, own metrics.
//!
//! Nothing here can hold up the night. What happened is read from what is live, each target has a
//! queue and a task of its own, and what cannot be delivered is recorded in the session, never waited
//! for. A process tells what happened while it held the session: what another one recorded before it
//! is that one's to tell, so nothing is told twice.
//!
//! - [`moment`]: what is worth telling.
//! - [`message`]: how it is said to each kind of target.
//! - [`target`]: delivering it, again if need be.
//! - [`page`], [`listen`]: the session's own metrics.

pub mod listen;
pub mod message;
pub mod moment;
pub mod page;
mod target;

use crate::clock::Clock;
use crate::order;
use crate::plan::notify::{Notify, Occasion};
use crate::room::{Disk, Live};
use crate::session::Fact;
use crate::text::Millis;
use moment::Moment;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

/// So many moments wait for one target: more than a night has.
const WAITING: usize = 256;

/// So long leaving waits for what is still on its way.
const PATIENCE: Millis = Millis::from_secs(2);

/// What has become of what a target was told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivery {
    /// So many moments were theirs to know.
    pub handed: u64,
    pub delivered: u64,
    pub lost: u64,
}

/// Of how many moments each target was not told, by its name.
pub type Untold = BTreeMap<String, u64>;

/// The deliveries of each target, by its name; and where the session records what was lost.
#[derive(Clone, Debug)]
pub struct Deliveries {
    counts: Arc<Mutex<BTreeMap<String, Delivery>>>,
    slips: mpsc::Sender<Fact>,
}

impl Deliveries {
    /// None yet. What the session is to record comes out of the other end.
    #[must_use]
    pub fn none() -> (Self, mpsc::Receiver<Fact>) {
        let (slips, incoming) = mpsc::channel(WAITING);
        (Self { counts: Arc::default(), slips }, incoming)
    }

    /// All of them, in the order of their names.
    #[must_use]
    pub fn all(&self) -> BTreeMap<String, Delivery> {
        self.open().clone()
    }

    fn open(&self) -> MutexGuard<'_, BTreeMap<String, Delivery>> {
        // Each change is whole.
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn untold(&self) -> Untold {
        let untold = self.all().into_iter().map(|(name, of)| (name, of.handed.saturating_sub(of.delivered)));
        order::map(untold.filter(|(_, count)| *count > 0))
    }

    fn count(&self, target: &str, change: impl FnOnce(&mut Delivery)) {
        change(self.open().entry(target.to_owned()).or_default());
    }

    fn delivered(&self, target: &str) {
        self.count(target, |delivery| delivery.delivered += 1);
    }

    fn lost(&self, target: &str, of: Occasion, why: String) {
        self.count(target, |delivery| delivery.lost += 1);
        self.slip(target, Some(of), why);
    }

    /// Says that a target cannot be told anything, before there is anything to tell.
    fn is_out_of_reach(&self, target: &str, why: String) {
        self.slip(target, None, why);
    }

    /// A session that takes no more of them has enough to read.
    fn slip(&self, target: &str, of: Option<Occasion>, why: String) {
        let _full = self.slips.try_send(Fact::NotificationLost { target: target.to_owned(), of, why });
    }
}

/// The telling of one session by the process that holds it.
#[derive(Debug)]
pub struct Notifier {
    reads: JoinHandle<Vec<JoinHandle<()>>>,
    ends: watch::Sender<bool>,
    deliveries: Deliveries,
}

impl Notifier {
    /// Begins to tell what happens behind an event: the last one that another process has told.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    #[must_use]
    pub fn start(live: watch::Receiver<Arc<Live>>, told: u64, deliveries: Deliveries) -> Self {
        let (ends, end) = watch::channel(false);
        Self { reads: tokio::spawn(read(live, end, told, deliveries.clone())), ends, deliveries }
    }

    /// Tells what is left to tell, for a while; returns who was not told of all.
    pub async fn finish(self) -> Untold {
        self.ends.send_replace(true);
        let mut targets = self.reads.await.unwrap_or_default();
        let told = async {
            for target in &mut targets {
                let _panicked = target.await;
            }
        };
        if Clock::real().within(PATIENCE, told).await.is_none() {
            targets.iter().for_each(JoinHandle::abort);
        }
        self.deliveries.untold()
    }
}

/// Reads what is live and hands what is worth telling to whoever wants it.
async fn read(
    mut live: watch::Receiver<Arc<Live>>,
    mut end: watch::Receiver<bool>,
    mut told: u64,
    deliveries: Deliveries,
) -> Vec<JoinHandle<()>> {
    let mut plan = Arc::clone(&live.borrow_and_update().plan);
    let mut targets = open(&plan.notify, &deliveries);
    loop {
        let goes_on = tokio::select! {
            changed = live.changed() => changed.is_ok(),
            _ = end.changed() => false,
        };
        let now = Arc::clone(&live.borrow_and_update());
        let until = if goes_on { recorded(&now) } else { now.state.seq };
        for moment in moment::between(&now, told, until).map(Arc::new) {
            for target in &targets {
                target.hand(&moment, &deliveries);
            }
        }
        told = told.max(until);
        if !goes_on {
            return targets.into_iter().map(|target| target.task).collect();
        }
        if now.plan.notify != plan.notify {
            // Those of before deliver what they have, and end.
            targets = open(&now.plan.notify, &deliveries);
        }
        plan = Arc::clone(&now.plan);
    }
}

/// The last event that may be told: one that is on disk, since what is lost with this process would be
/// told again by the next. While nothing can be written everything is told all the same.
fn recorded(live: &Live) -> u64 {
    match live.disk {
        Disk::Failing { .. } => live.state.seq,
        Disk::Fine | Disk::Slow => live.saved.min(live.state.seq),
    }
}

/// A target with what waits for it.
struct Target {
    notify: Notify,
    queue: mpsc::Sender<Arc<Moment>>,
    task: JoinHandle<()>,
}

impl Target {
    fn hand(&self, moment: &Arc<Moment>, deliveries: &Deliveries) {
        let Notify { name, on, .. } = &self.notify;
        if !on.contains(&moment.occasion) {
            return;
        }
        deliveries.count(name, |delivery| delivery.handed += 1);
        if self.queue.try_send(Arc::clone(moment)).is_err() {
            deliveries.lost(name, moment.occasion, format!("{WAITING} others wait to be told"));
        }
    }
}

fn open(targets: &[Notify], deliveries: &Deliveries) -> Vec<Target> {
    let open = |notify: &Notify| {
        let (queue, waiting) = mpsc::channel(WAITING);
        let task = tokio::spawn(target::deliver(notify.clone(), waiting, deliveries.clone()));
        Target { notify: notify.clone(), queue, task }
    };
    targets.iter().map(open).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::access::Access;
    use crate::plan::notify::{Address, NotifyKind};
    use crate::session::Mode;

    #[tokio::test]
    async fn whoever_takes_nothing_keeps_nobody_waiting() {
        let (deliveries, mut slips) = Deliveries::none();
        let (queue, _waiting) = mpsc::channel(WAITING);
        let notify = Notify {
            name: "ops".to_owned(),
            kind: NotifyKind::Webhook,
            address: Address::Plain { url: "http://127.0.0.1:9".to_owned() },
            on: vec![Occasion::Verdict],
            template: None,
            access: Access::default(),
        };
        let target = Target { notify, queue, task: tokio::spawn(std::future::pending()) };
        let moment = |occasion| {
            Arc::new(Moment {
                occasion,
                at: String::new(),
                at_millis: 0,
                title: String::new(),
                mode: Mode::Live,
                event: String::new(),
                by: String::new(),
                verdict: "GO",
                reasons: Vec::new(),
                stage: String::new(),
                outcome: "",
            })
        };
        target.hand(&moment(Occasion::Stage), &deliveries);
        for _ in 0..WAITING + 2 {
            target.hand(&moment(Occasion::Verdict), &deliveries);
        }
        assert_eq!(deliveries.untold(), Untold::from([("ops".to_owned(), 258)]), "it did not ask for stages");
        assert_eq!(deliveries.all()["ops"].lost, 2);
        let Some(Fact::NotificationLost { target, of, why }) = slips.recv().await else { panic!("it is recorded") };
        assert_eq!((target.as_str(), of, why.as_str()), ("ops", Some(Occasion::Verdict), "256 others wait to be told"));
    }
}
