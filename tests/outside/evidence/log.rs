//! A whole log, walked from its first line to its last.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use warroom::judge::ramp::Course;
use warroom::judge::{Call, Code, Got, Reading, Traffic};
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
        let (mut count, mut last) = (0, Readings::new());
        for event in &self.events {
            self.state.apply(event);
            if let Fact::Polled(batch) = &event.fact {
                last.extend(batch.readings.iter().map(|reading| (reading.probe, (event.at, reading))));
            }
            if self.state.ramp.course == Course::Running && self.state.verdict().call == Call::Go {
                look(&Go { at: event.at, last: &last, state: &self.state });
                count += 1;
            }
        }
        count
    }
}

/// The last reading of each probe, and when it was polled.
type Readings<'a> = BTreeMap<ProbeId, (i64, &'a Reading)>;

/// A moment at which the log says GO.
pub(crate) struct Go<'a> {
    /// Unix milliseconds.
    pub(crate) at: i64,
    last: &'a Readings<'a>,
    state: &'a State,
}

impl Go<'_> {
    /// How old the data of a metric is that this GO rests on; for a zero that nothing has counted,
    /// how long ago its traffic was proven.
    pub(crate) fn age_of(&self, metric: &str) -> i64 {
        let plan = self.state.plan();
        let probe = plan.probes.iter().position(|probe| probe.name == metric).map(ProbeId::at).expect("a metric");
        let (polled_at, reading) = self.last.get(&probe).expect("it was read");
        match (&reading.got, &reading.traffic) {
            (Got::Sample(sample), _) => self.at - sample.data_at,
            (Got::Miss(_), Some(Traffic::Rate(rate))) if *rate >= 5.0 => self.at - polled_at,
            (got, traffic) => panic!("GO at {} on {metric} with {got:?} and {traffic:?}", self.at),
        }
    }
}
