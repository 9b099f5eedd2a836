//! The rounds of a source: who needs which answer, and that nothing is asked twice.

use super::backend::{Answer, Backend, Series};
use super::cadence::Cadence;
use super::fresh::{self, Data, Freshness};
use super::guarded;
use super::reading::{Asked, Beside, Memory, reading, reading_of};
use super::regions;
use super::scrape;
use crate::clock::{Beat, Clock};
use crate::judge::{Got, Miss, Reading, Why};
use crate::plan::{Plan, ProbeId, SourceId};
use crate::promql::{self, Query, Selector};
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
    questions: Vec<Question>,
    freshness: Vec<FreshnessQuestion>,
}

/// A query that some probes want the value of.
#[derive(Debug)]
struct Question {
    text: String,
    /// What tells whether its value is the least that it can be.
    ceiling: Option<String>,
    /// Where the freshness of its selectors is asked: which question, and which of its selectors.
    reads: Vec<(usize, usize)>,
    last: Last<Arc<Asked>>,
}

/// Selectors whose freshness is asked in one request.
#[derive(Debug)]
struct FreshnessQuestion {
    text: String,
    selectors: Vec<Selector>,
    cadences: Mutex<Vec<Cadence>>,
    last: Last<Result<Arc<Freshness>, Miss>>,
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
    let mut asking = Asking { backend, clock, questions: Vec::new(), freshness: Vec::new() };
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
        if let Some(known) = self.questions.iter().position(|question| question.text == query.text) {
            return known;
        }
        let new: Vec<Selector> =
            query.selectors.iter().filter(|selector| self.reads(selector).is_none()).cloned().collect();
        if !new.is_empty() {
            let cadences = Mutex::const_new(vec![Cadence::default(); new.len()]);
            let text = fresh::question(&new);
            self.freshness.push(FreshnessQuestion { text, selectors: new, cadences, last: Last::new() });
        }
        let reads = query.selectors.iter().filter_map(|selector| self.reads(selector)).collect();
        let ceiling = promql::ceiling(&query.text);
        self.questions.push(Question { text: query.text.clone(), ceiling, reads, last: Last::new() });
        self.questions.len() - 1
    }

    fn reads(&self, selector: &Selector) -> Option<(usize, usize)> {
        let within = |asked: &FreshnessQuestion| asked.selectors.iter().position(|known| known == selector);
        self.freshness.iter().enumerate().find_map(|(at, asked)| Some((at, within(asked)?)))
    }

    async fn answer(&self, question: usize, round: u64) -> Arc<Asked> {
        let question = &self.questions[question];
        question.last.of_round(round, async { Arc::new(self.ask(question, round).await) }).await
    }

    async fn answers(&self, questions: &[usize], round: u64) -> Vec<Arc<Asked>> {
        join_all(questions.iter().map(|question| self.answer(*question, round))).await
    }

    /// Asks how fresh the data is, then for the value at that very moment, so that no sample can
    /// come between the two.
    async fn ask(&self, question: &Question, round: u64) -> Asked {
        let mut needed: Vec<usize> = question.reads.iter().map(|(asked, _)| *asked).collect();
        needed.dedup();
        let fresh = join_all(needed.iter().map(|asked| self.freshness(*asked, round))).await;
        let fresh: Vec<Arc<Freshness>> = fresh.into_iter().collect::<Result<_, _>>()?;
        let at = fresh.iter().map(|fresh| fresh.at).min();
        let mut answer = self.backend.instant(&question.text, at).await?;
        if let Some(ceiling) = question.ceiling.as_ref().filter(|_| !answer.series.is_empty()) {
            answer.topped = topped(&answer, &self.backend.instant(ceiling, at).await?);
        }
        let data = |(asked, selector): &(usize, usize)| -> Option<Data> {
            let place = needed.iter().position(|needed| needed == asked)?;
            fresh[place].selectors.get(*selector).cloned()
        };
        let selectors = question.reads.iter().filter_map(data).collect();
        let skew = fresh.iter().find_map(|fresh| fresh.skew);
        Ok((Freshness { at: at.or(answer.at).unwrap_or_default(), skew, selectors }, answer))
    }

    async fn freshness(&self, asked: usize, round: u64) -> Result<Arc<Freshness>, Miss> {
        let asked = &self.freshness[asked];
        asked.last.of_round(round, async { self.ask_freshness(asked).await.map(Arc::new) }).await
    }

    async fn ask_freshness(&self, asked: &FreshnessQuestion) -> Result<Freshness, Miss> {
        let sent = self.clock.now().at;
        let answer: Answer = self.backend.instant(&asked.text, None).await?;
        let received = self.clock.now().at;
        let mut cadences = asked.cadences.lock().await;
        fresh::read(&answer, &asked.selectors, &mut cadences)
            .map(|fresh| if self.backend.is_live() { fresh.measured_between(sent, received) } else { fresh })
            .ok_or_else(|| Miss { why: Why::SourceDown, detail: "it does not say how old its data is".to_owned() })
    }
}

/// The least of the values that are as high as they can be told.
fn topped(answer: &Answer, ceiling: &Answer) -> Option<Series> {
    let is_topped = |series: &&Series| ceiling.series.contains(series);
    let topped = answer.series.iter().filter(|series| series.value.is_finite()).filter(is_topped);
    topped.min_by(|one, other| one.value.total_cmp(&other.value)).cloned()
}
