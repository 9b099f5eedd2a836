//! What a report says of a night, in every format, and what outside text cannot make of it.

mod escapes;
mod formats;
mod pictures;
mod screenshot;

use crate::board::night::{self, Night};
use std::sync::Arc;
use warroom::judge::{HealthGot, Moment, Why};
use warroom::report::{self, Account, Seal};
use warroom::session::log::Ending;
use warroom::session::{Chronicle, Header, State};

/// A night, folded again from its events as a log would be.
pub(crate) struct Told {
    header: Header,
    state: State,
    chronicle: Chronicle,
    records: u64,
}

impl Told {
    pub(crate) fn of(night: &Night) -> Self {
        // The first plan: what was amended comes with its event.
        let plan = Arc::clone(night.core.state().plan_at(0));
        let mut state = State::new(Arc::clone(&plan), night::BEGAN_AT);
        let mut chronicle = Chronicle::new(&plan);
        for event in &night.events {
            state.apply(event);
            chronicle.record(event, &state);
        }
        assert_eq!(state, **night.core.state(), "it folds to the same state");
        Self { header: night::header(night.mode, &plan), state, chronicle, records: night.events.len() as u64 }
    }

    pub(crate) fn night(&self) -> report::Night<'_> {
        let head = "6f1ed002ab5595859014ebf0951522d9c4f6dbd2e2c4a0e1d0b8d1a8e8a4b7c1";
        let seal = Seal { records: self.records, head, ending: &Ending::Clean, not_understood: None };
        report::Night { header: &self.header, state: &self.state, chronicle: &self.chronicle, seal }
    }

    pub(crate) fn account(&self, since: Option<Moment>) -> Account {
        Account::of(self.night(), since)
    }

    pub(crate) fn html(&self, since: Option<Moment>) -> String {
        report::html::write(&self.account(since), self.night(), since).expect("the template fits")
    }

    pub(crate) fn markdown(&self, since: Option<Moment>) -> String {
        report::markdown::write(&self.account(since)).expect("the template fits")
    }
}

/// A night with something of everything: a breach, an outage, a waiver, an override, notes, a star,
/// and the decision to go back.
pub(crate) fn eventful() -> Night {
    Night::healthy()
        .wobbles("error rate", 0.000_43)
        .wobbles("latency p95", 0.084)
        .wobbles("cache hit", 0.93)
        .runs(60)
        .does("tick Backups")
        .does("as Bo: tick On-call")
        .runs(10)
        .does("as Ana: start 10%")
        .runs(20)
        .does("moved")
        .runs(120)
        .wobbles("error rate", 0.0042)
        .runs(40)
        .does("as Bo: note spike while the caches filled; nobody was paged")
        .wobbles("error rate", 0.000_43)
        .runs(400)
        .ticks_stage()
        .does("as Ana: promote")
        .runs(30)
        .does("moved")
        .runs(90)
        .misses("latency p95", Why::SourceDown, "connection refused")
        .health(HealthGot::Down { why: "HTTP 503".to_owned() })
        .runs(45)
        .health(HealthGot::Up { took: warroom::text::Millis(20) })
        .wobbles("latency p95", 0.084)
        .runs(200)
        .does("as Ana: waive cache hit 30m: the cache is warming, agreed with Bo")
        .ticks_stage()
        .does("as Ana: promote! the window closes at three, Cy agrees")
        .runs(20)
        .does("moved")
        .runs(60)
        .wobbles("error rate", 0.031)
        .runs(60)
        .does("as Cy: note at 02:05: the call began")
        .does("as Cy: star last")
        .does("as Ana: rollback errors climb since 50%")
        .runs(60)
        .does("as Ana: finish rolled-back")
}
