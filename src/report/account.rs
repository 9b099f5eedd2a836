//! What there is to tell of a night, gathered once for every format.
//!
//! An [`Account`] is plain data: its members are the members of the JSON report, and what the
//! templates of the pages read. Times stand in it for machines and for people.

mod decisions;
mod gates;
mod left;
mod papers;
mod people;
mod shown;
mod spans;
mod stages;
mod timeline;

pub use decisions::{Decision, Verdict};
pub use gates::{GateLine, Worst};
pub use left::{Left, OpenItem};
pub use papers::{Paper, Papers};
pub use people::Person;
pub use shown::{Lasted, Time};
pub use spans::{Alert, Breach, Calls, Down, HoldReason};
pub use stages::{Planned, StageRun};
pub use timeline::Entry;

use super::Night;
use crate::judge::Moment;
use crate::session::chronicle::Instant;
use crate::session::header::Mode;
use crate::session::log::Ending;
use serde::Serialize;

/// The version of the JSON report. Members are only ever added to one.
pub const VERSION: u32 = 1;

/// Which part of a night is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    pub from: Moment,
    pub until: Moment,
    /// Not the whole night: a hand-over.
    pub is_part: bool,
}

impl Part {
    /// Whether a moment belongs to it.
    #[must_use]
    pub fn holds(&self, moment: Moment) -> bool {
        self.from <= moment && moment <= self.until
    }

    /// Whether a span touches it; one without an end goes on.
    #[must_use]
    pub fn touches(&self, from: Moment, until: Option<Moment>) -> bool {
        from <= self.until && until.is_none_or(|until| until >= self.from)
    }
}

/// A night, told.
#[derive(Clone, Debug, Serialize)]
pub struct Account {
    pub report: u32,
    pub title: String,
    /// `live` or `rehearsal`.
    pub mode: Mode,
    pub host: String,
    pub program: String,
    pub checklist: String,
    /// Since when it is told; none for the whole night.
    pub since: Option<Time>,
    pub began: Time,
    /// Of the last event.
    pub ended: Time,
    pub lasted: Lasted,
    pub outcome: Option<Outcome>,
    /// The last verdict.
    pub verdict: Verdict,
    pub people: Vec<Person>,
    pub planned: Vec<Planned>,
    pub stages: Vec<StageRun>,
    pub gates: Vec<GateLine>,
    pub calls: Calls,
    pub breaches: Vec<Breach>,
    pub alerts: Vec<Alert>,
    pub endpoints: Vec<Down>,
    pub decisions: Vec<Decision>,
    /// Those of the decisions that went against the verdict.
    pub overrides: Vec<Decision>,
    pub waivers: Vec<Decision>,
    pub notes: Vec<Entry>,
    pub starred: Vec<Entry>,
    /// From what first called for it to the last entry; empty where nothing did.
    pub rollback: Vec<Entry>,
    pub left: Left,
    pub papers: Papers,
    pub timeline: Vec<Entry>,
    pub seal: SealShown,
}

/// How a session was closed.
#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    pub word: &'static str,
    /// What its closer said.
    pub said: &'static str,
    /// What it had earned.
    pub earned: &'static str,
    pub by: String,
}

/// What proves the report.
#[derive(Clone, Debug, Serialize)]
pub struct SealShown {
    pub records: u64,
    pub head: String,
    /// What is wrong with the log's end; none where it is whole.
    pub broken: Option<String>,
}

impl Account {
    /// Tells a night: all of it, or what happened since a moment.
    #[must_use]
    pub fn of(night: Night<'_>, since: Option<Moment>) -> Self {
        let Night { header, state, .. } = night;
        let until = state.ramp.now;
        let part = Part { from: since.unwrap_or_default().min(until), until, is_part: since.is_some() };
        let telling = Telling { night, part };
        let decisions = telling.decisions();
        let timeline = telling.timeline();
        let ended = Instant { moment: until, at: state.at };
        Self {
            report: VERSION,
            title: header.plan.title.clone(),
            mode: header.mode,
            host: header.host.clone(),
            program: header.program.clone(),
            checklist: header.checklist.name.clone(),
            since: since.map(|_| telling.time_of(part.from)),
            began: Time::of(Instant { moment: Moment::default(), at: header.began_at }),
            ended: Time::of(ended),
            lasted: Lasted::from(until.since(part.from)),
            outcome: telling.outcome(),
            verdict: Verdict::of(&state.verdict()),
            people: telling.people(),
            planned: telling.planned(),
            stages: telling.stage_runs(),
            gates: telling.gate_lines(),
            calls: telling.calls(),
            breaches: telling.breaches(),
            alerts: telling.alerts(),
            endpoints: telling.endpoints(),
            overrides: decisions.iter().filter(|decision| decision.overrides.is_some()).cloned().collect(),
            waivers: decisions.iter().filter(|decision| decision.kind == "waived").cloned().collect(),
            decisions,
            notes: timeline.iter().filter(|entry| entry.kind.starts_with("note")).cloned().collect(),
            starred: timeline.iter().filter(|entry| entry.is_starred).cloned().collect(),
            rollback: timeline::rollback(&timeline),
            left: telling.left(),
            papers: telling.papers(),
            timeline,
            seal: telling.seal(),
        }
    }
}

/// A night on its way to being told.
#[derive(Clone, Copy, Debug)]
struct Telling<'a> {
    night: Night<'a>,
    part: Part,
}

impl Telling<'_> {
    /// A moment that is no event's: the wall clock as it was then.
    fn time_of(&self, moment: Moment) -> Time {
        let Night { header, chronicle, .. } = self.night;
        let known = chronicle.polls.partition_point(|poll| poll.moment <= moment).checked_sub(1);
        let before = known.map_or(Instant { moment: Moment::default(), at: header.began_at }, |at| chronicle.polls[at]);
        let ahead = i64::try_from(moment.since(before.moment).0).unwrap_or(0);
        Time::of(Instant { moment, at: before.at.saturating_add(ahead) })
    }

    /// A time of the wall clock, with the moment of the session that it was.
    fn time_at(&self, at: i64) -> Time {
        let since = at.saturating_sub(self.night.header.began_at);
        Time::of(Instant { moment: Moment(u64::try_from(since).unwrap_or(0)), at })
    }

    fn outcome(&self) -> Option<Outcome> {
        let mut closings = self.night.state.timeline.iter().rev();
        closings.find_map(|event| match event.fact {
            crate::session::Fact::SessionFinished { outcome, said, earned } => {
                Some(Outcome { word: outcome.word(), said: said.word(), earned: earned.word(), by: event.by.clone() })
            }
            _ => None,
        })
    }

    fn seal(&self) -> SealShown {
        let seal = self.night.seal;
        let broken = match seal.ending {
            Ending::Damaged(broken) => Some(format!("the log is damaged: {broken}; what stood behind is not told")),
            _ if seal.not_understood.is_some() => {
                seal.not_understood.map(|why| format!("a later version wrote this session: {why}; it is not told"))
            }
            Ending::Clean => None,
            Ending::Torn(broken) => Some(format!("a last write was cut off, and never acknowledged: {broken}")),
        };
        SealShown { records: seal.records, head: seal.head.to_owned(), broken }
    }
}
