//! A whole log, walked from its first line to its last.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use warroom::judge::ramp::Course;
use warroom::judge::{Batch, Call, Code, Got, Traffic};
use warroom::plan::ProbeId;
use warroom::session::{Event, Fact, State, store};

/// A session as its log tells it, event by event.
pub(crate) struct Walk {
    state: State,
    events: Vec<Event>,
    /// The reasons of every verdict that was recorded, each once.
    pub(crate) reasons: Vec<(Code, String)>,
}

impl Walk {
    /// Reads a log whose every verdict is the one that it folds to.
    pub(crate) fn of(log: &Path) -> Self {
        let recorded = store::read(log).expect("a session");
        assert_eq!(recorded.strays, [], "it folds to the verdicts that were shown");
        let state = State::new(Arc::clone(recorded.core.plan()), recorded.core.state().began_at);
        let text = fs::read_to_string(log).expect("a log");
        let events: Vec<Event> = text.lines().skip(1).map(|line| Event::from_json(line).expect("an event")).collect();
        let mut reasons: Vec<(Code, String)> = Vec::new();
        for event in &events {
            let Fact::VerdictChanged { reasons: found, .. } = &event.fact else { continue };
            reasons.extend(found.iter().map(|reason| (reason.code, reason.subject.clone())));
        }
        reasons.sort();
        reasons.dedup();
        Self { state, events, reasons }
    }

    pub(crate) fn has(&self, code: Code, subject: &str) -> bool {
        self.reasons.iter().any(|(known, about)| *known == code && about == subject)
    }

    /// Goes through every moment at which the log's verdict is GO while a stage runs; gives how many.
    pub(crate) fn each_go(mut self, look: impl Fn(&Go<'_>)) -> usize {
        let (mut count, mut last) = (0, None);
        for event in &self.events {
            self.state.apply(event);
            if let Fact::Polled(batch) = &event.fact {
                last = Some((event.at, batch));
            }
            let (Course::Running, Call::Go, Some((polled_at, batch))) =
                (&self.state.ramp.course, self.state.verdict().call, last)
            else {
                continue;
            };
            look(&Go { at: event.at, polled_at, batch, state: &self.state });
            count += 1;
        }
        count
    }
}

/// A moment at which the log says GO.
pub(crate) struct Go<'a> {
    /// Unix milliseconds.
    pub(crate) at: i64,
    polled_at: i64,
    batch: &'a Batch,
    state: &'a State,
}

impl Go<'_> {
    /// How old the data of a metric is that this GO rests on; for a zero that nothing has counted,
    /// how long ago its traffic was proven.
    pub(crate) fn age_of(&self, metric: &str) -> i64 {
        let plan = self.state.plan();
        let probe = plan.probes.iter().position(|probe| probe.name == metric).map(ProbeId::at).expect("a metric");
        let reading = self.batch.readings.iter().find(|reading| reading.probe == probe).expect("the last poll read it");
        match (&reading.got, &reading.traffic) {
            (Got::Sample(sample), _) => self.at - sample.data_at,
            (Got::Miss(_), Some(Traffic::Rate(rate))) if *rate >= 5.0 => self.at - self.polled_at,
            (got, traffic) => panic!("GO at {} on {metric} with {got:?} and {traffic:?}", self.at),
        }
    }
}
