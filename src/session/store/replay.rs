//! The fold of a log's lines, one after the other, with what is noticed on the way.

use super::{Result, StoreError};
use crate::judge::{Outcome, Verdict};
use crate::session::core::Core;
use crate::session::event::{Event, Fact};
use crate::session::fits::misfit;
use crate::session::header::Header;
use crate::session::history::History;
use crate::session::log::{FORMAT, Line};
use serde::Deserialize;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A log as far as it was read.
#[derive(Clone, Debug)]
pub struct Replay {
    path: PathBuf,
    pub header: Arc<Header>,
    pub core: Core,
    pub history: Arc<History>,
    /// Events that this version does not know: they are passed over, and the fold is not to be
    /// trusted from there on.
    pub passed_over: Vec<PassedOver>,
    /// Places where the fold does not give the verdict that was recorded as shown.
    pub strays: Vec<Stray>,
    closing: Option<Closing>,
}

/// A verdict that was recorded as shown, and another one that the fold gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stray {
    pub seq: u64,
    pub shown: String,
    pub folded: String,
}

/// An event that this version does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassedOver {
    pub seq: u64,
    pub kind: String,
    /// What this version says of it.
    pub why: String,
}

impl fmt::Display for PassedOver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seq, kind, why } = self;
        write!(f, "event {seq} (line {}), a \"{kind}\", is none that this version knows: {why}", seq + 1)
    }
}

/// The close record of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closing {
    /// Its own number.
    pub seq: u64,
    pub outcome: Outcome,
    pub records: u64,
    /// The hash of the last event before it.
    pub head: String,
}

/// A line as far as it can be understood without those before it.
#[derive(Clone, Debug)]
pub struct Record {
    seq: u64,
    event: std::result::Result<Event, PassedOver>,
    /// Whether a close record closes on the hash that the chain names.
    closes_on_chain: bool,
}

impl Record {
    #[must_use]
    pub fn parse(line: &Line<'_>) -> Self {
        let passed_over =
            |error: serde_json::Error| PassedOver { seq: line.seq, kind: kind_of(line.text), why: error.to_string() };
        let event = Event::from_json(line.text).map_err(passed_over);
        let closes_on_chain = match &event {
            Ok(Event { fact: Fact::SessionClosed { head, .. }, .. }) => line.prev().is_some_and(|prev| prev == head),
            _ => true,
        };
        Self { seq: line.seq, event, closes_on_chain }
    }

    /// When it happened, by the wall clock; none for one of a kind that is not known.
    #[must_use]
    pub fn at(&self) -> Option<i64> {
        self.event.as_ref().ok().map(|event| event.at)
    }
}

impl Replay {
    /// Begins with a header's JSON object.
    pub fn new(path: &Path, header: &str) -> Result<Self> {
        let header: Header =
            serde_json::from_str(header).map_err(|source| StoreError::Header { path: path.to_owned(), source })?;
        header.plan.check_ids().map_err(|unsound| StoreError::Plan { path: path.to_owned(), unsound })?;
        let plan = Arc::new(header.plan.clone());
        let history = Arc::new(History::new(&plan));
        let core = Core::new(plan, header.began_at);
        let (passed_over, strays) = (Vec::new(), Vec::new());
        Ok(Self { path: path.to_owned(), header: Arc::new(header), core, history, passed_over, strays, closing: None })
    }

    /// Forgets all of it: the log has other lines now.
    pub fn begin_again(&mut self, header: &str) -> Result<()> {
        *self = Self::new(&self.path, header)?;
        Ok(())
    }

    /// Takes the next line, as [`Replay::fold`] does.
    ///
    /// # Errors
    /// An event that cannot be.
    pub fn take(&mut self, line: &Line<'_>) -> Result<Option<Event>> {
        self.fold(Record::parse(line))
    }

    /// Folds the next record and gives its event; none for one of a kind that is not known.
    ///
    /// # Errors
    /// An event that cannot be: it names what its plan does not have, or counts what is not there.
    pub fn fold(&mut self, record: Record) -> Result<Option<Event>> {
        let Record { seq, event, closes_on_chain } = record;
        let event = match event {
            Ok(event) => event,
            Err(passed_over) => {
                self.passed_over.push(passed_over);
                return Ok(None);
            }
        };
        let misfit = misfit(self.core.plan(), &event.fact);
        if let Some(why) = misfit.or_else(|| self.false_close(&event, seq, closes_on_chain)) {
            return Err(StoreError::Misfit { path: self.path.clone(), seq, line: seq + 1, why });
        }
        self.hold_against_shown(&event);
        self.core.replay(&event);
        Arc::make_mut(&mut self.history).record(&event, self.core.state().ramp.now);
        Ok(Some(event))
    }

    /// Why this version cannot judge the session: a later one writes it, in words that it does not
    /// know.
    #[must_use]
    pub fn not_understood(&self) -> Option<String> {
        let format = self.header.warroom;
        if format > FORMAT {
            return Some(format!("its format is {format}, and this version knows {FORMAT}"));
        }
        self.passed_over.first().map(ToString::to_string)
    }

    /// The close record, where the log ends in it after so many records.
    #[must_use]
    pub fn closing(&self, records: u64) -> Option<Closing> {
        self.closing.clone().filter(|closing| closing.seq == records)
    }

    /// A close record says what stands before it.
    fn false_close(&mut self, event: &Event, seq: u64, closes_on_chain: bool) -> Option<String> {
        let Fact::SessionClosed { outcome, records, head } = &event.fact else { return None };
        let (outcome, records) = (*outcome, *records);
        self.closing = Some(Closing { seq: event.seq, outcome, records, head: head.clone() });
        if records + 1 != seq {
            return Some(format!("it closes {records} events, and {} stand before it", seq - 1));
        }
        (!closes_on_chain).then(|| "the head it closes on is not that of the event before it".to_owned())
    }

    fn hold_against_shown(&mut self, event: &Event) {
        let Fact::VerdictChanged { call, reasons } = &event.fact else { return };
        let folded = self.core.verdict();
        if folded.call != *call || folded.reasons != *reasons {
            let shown = Verdict { call: *call, reasons: reasons.clone(), earliest: None };
            self.strays.push(Stray { seq: event.seq, shown: say(&shown), folded: say(&folded) });
        }
    }
}

fn say(verdict: &Verdict) -> String {
    let reasons: Vec<_> = verdict.reasons.iter().map(ToString::to_string).collect();
    format!("{} [{}]", verdict.call, reasons.join("; "))
}

fn kind_of(line: &str) -> String {
    #[derive(Deserialize)]
    struct Kind {
        #[serde(default)]
        kind: String,
    }
    serde_json::from_str(line).map(|Kind { kind }| kind).unwrap_or_default()
}
