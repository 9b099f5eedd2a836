//! The rounds of a source: who needs which answer, and that nothing is asked twice.

use super::backend::Backend;
use super::guarded;
use super::question::{self, Question};
use super::reading::{Asked, Beside, Memory, reading, reading_of};
use super::regions;
use super::scrape;
use crate::clock::{Beat, Clock};
use crate::judge::{Got, Miss, Reading, Why};
use crate::plan::{Plan, ProbeId, SourceId};
use crate::promql::Query;
use futures_util::future::join_all;
use std::sync::Arc;
use tokio::sync::Mutex;

/// The watch over one probe.
#[derive(Debug)]
pub(super) struct Watch {
    pub(super) id: ProbeId,
    plan: Arc<Plan>,
    asking: Arc<Asking>,
    /// One, or one for each region.
    values: Vec<usize>,
    /// None, one, or one for each region.
    traffic: Vec<usize>,
    baseline: Vec<usize>,
    /// Beside the values.
    memories: Vec<Memory>,
    /// The same for all probes of a source, so that they can share answers.
    pub(super) beat: Beat,
}

/// All that is asked of one source.
#[derive(Debug)]
struct Asking {
    backend: Backend,
    clock: Clock,
    questions: Vec<Wanted>,
}

/// A question that some probes want the answer to.
#[derive(Debug)]
struct Wanted {
    query: String,
    question: Mutex<Question>,
    last: Last<Arc<Asked>>,
}

/// The newest answer, with its round. Whoever wants it waits for the one who is asking: of one
/// question there is never more than one request in flight.
#[derive(Debug)]
struct Last<T>(Mutex<Option<(u64, T)>>);

impl<T: Clone> Last<T> {
    const fn new() -> Self {
        Self(Mutex::const_new(None))
    }

    async fn of_round(&self, round: u64, ask: impl Future<Output = T>) -> T {
        let mut last = self.0.lock().await;
        match &*last {
            Some((known, answer)) if *known >= round => answer.clone(),
            _ => last.insert((round, ask.await)).1.clone(),
        }
    }
}

/// The watches over all probes of a plan.
pub(super) fn watches(plan: &Arc<Plan>, clock: Clock) -> Vec<Watch> {
    let backend = |id| Backend::new(plan.source(id), scrape::reach(plan, id), clock);
    watches_through(plan, clock, backend)
}

/// The same through other backends.
pub(super) fn watches_through(plan: &Arc<Plan>, clock: Clock, backend: impl Fn(SourceId) -> Backend) -> Vec<Watch> {
    let ids = (0..plan.sources.len()).map(SourceId::at);
    ids.flat_map(|id| watches_of(plan, id, clock, backend(id))).collect()
}

fn watches_of(plan: &Arc<Plan>, id: SourceId, clock: Clock, backend: Backend) -> Vec<Watch> {
    let source = plan.source(id);
    let mut asking = Asking { backend, clock, questions: Vec::new() };
    let mut wanted = Vec::new();
    for (at, probe) in plan.probes.iter().enumerate().filter(|(_, probe)| probe.source == id) {
        let values: Vec<usize> = probe.values().map(|query| asking.want(query)).collect();
        let traffic = probe.traffics().map(|query| asking.want(query)).collect();
        let baseline = probe.baselines().map(|query| asking.want(query)).collect();
        wanted.push((ProbeId::at(at), values, traffic, baseline));
    }
    let (asking, beat) = (Arc::new(asking), clock.every(source.every));
    let watch = |(id, values, traffic, baseline): (ProbeId, Vec<usize>, _, _)| Watch {
        id,
        plan: Arc::clone(plan),
        asking: Arc::clone(&asking),
        memories: vec![Memory::new(); values.len()],
        values,
        traffic,
        baseline,
        beat: beat.clone(),
    };
    wanted.into_iter().map(watch).collect()
}

impl Watch {
    /// Looks once. Looks of the same round share their answers.
    pub(super) async fn look(&mut self, round: u64) -> Reading {
        let id = self.id;
        guarded(self.read(round)).await.unwrap_or_else(|detail| {
            let got = Got::Miss(Miss { why: Why::SourceDown, detail });
            Reading { probe: id, got, traffic: None, baseline: None }
        })
    }

    /// How many series its queries gave in a round that was looked at; none where one gave no answer.
    pub(super) async fn series(&self, round: u64) -> Option<(ProbeId, usize)> {
        let answers = self.asking.answers(&self.values, round).await;
        let counts = answers.iter().map(|asked| asked.as_ref().as_ref().ok().map(|(_, answer)| answer.series.len()));
        Some((self.id, counts.sum::<Option<usize>>()?))
    }

    /// Whether its source failed last in a way that may be over in a moment.
    pub(super) fn fails_in_passing(&self) -> bool {
        self.asking.backend.fails_in_passing()
    }

    async fn read(&mut self, round: u64) -> Reading {
        let (values, traffic, baseline) = tokio::join!(
            self.asking.answers(&self.values, round),
            self.asking.answers(&self.traffic, round),
            self.asking.answers(&self.baseline, round),
        );
        let beside = Beside { traffic: &traffic, baseline: &baseline };
        let probe = self.plan.probe(self.id);
        match (values.as_slice(), self.memories.as_mut_slice()) {
            ([value], [memory]) if probe.regions.is_empty() => reading(self.id, probe, value, beside, memory),
            (values, memories) => {
                let answers: Vec<&Asked> = values.iter().map(AsRef::as_ref).collect();
                let got = regions::together(probe, &answers, memories);
                reading_of(self.id, probe, got.map_or_else(Got::Miss, Got::Sample), beside)
            }
        }
    }
}

impl Asking {
    /// The number of the question for a query, which is put on the list if it is new.
    fn want(&mut self, query: &Query) -> usize {
        if let Some(known) = self.questions.iter().position(|wanted| wanted.query == query.text) {
            return known;
        }
        let question = Mutex::const_new(Question::new(query));
        self.questions.push(Wanted { query: query.text.clone(), question, last: Last::new() });
        self.questions.len() - 1
    }

    async fn answer(&self, question: usize, round: u64) -> Arc<Asked> {
        let wanted = &self.questions[question];
        wanted.last.of_round(round, async { Arc::new(self.ask(&mut *wanted.question.lock().await).await) }).await
    }

    async fn answers(&self, questions: &[usize], round: u64) -> Vec<Arc<Asked>> {
        join_all(questions.iter().map(|question| self.answer(*question, round))).await
    }

    async fn ask(&self, question: &mut Question) -> Asked {
        let sent = self.clock.now().at;
        let told = self.backend.instant(&question.text).await.map_err(question::of_the_query)?;
        let received = self.clock.now().at;
        let (fresh, answer) = question.read(told.series)?;
        match told.trouble {
            Some(miss) if answer.series.is_empty() => return Err(miss),
            _ => {}
        }
        let fresh = if self.backend.is_live() { fresh.measured_between(sent, received) } else { fresh };
        Ok((fresh, answer))
    }
}
