//! What was intended: the team's own Markdown checklist and its bindings, compiled to a [`Plan`].
//!
//! Pure: text in, plan and diagnostics out. A plan is whole in itself, so that a session recorded
//! with it depends neither on the files nor on a later version's reading of them.

pub mod access;
mod answers;
mod beside;
mod bind;
pub mod bindings;
mod blanks;
mod calendar;
pub mod changes;
mod checklist;
mod commands;
pub mod compile;
mod complaints;
mod condition;
mod conditions;
mod cutover;
pub mod diagnostic;
mod durations;
mod gate;
mod items;
pub mod limit;
mod links;
mod markdown;
pub mod notify;
mod outline;
mod overrides;
mod papers;
mod people;
pub mod position;
mod probe;
mod questions;
mod regions;
mod scores;
mod signs;
pub mod sound;
mod stages;
mod suggest;
mod tables;
mod tokens;
mod triggers;
mod words;

pub use access::Access;
pub use answers::leads_to;
pub use beside::{Alerts, Build, Share};
pub use blanks::runs as blank_runs;
pub use calendar::{Clock, Due, Recurring};
pub use compile::{Compiled, Input, Text, compile};
pub use cutover::Cutover;
pub use diagnostic::{Diagnostic, File, Severity};
pub use durations::Duration;
pub use gate::{Gate, OnFail, Scope, Trigger, TriggerSeverity, Watch};
pub use limit::{Limit, Op, Relative};
pub use links::Link;
pub use probe::{Empty, MissingSeries, Origin, Probe, Region};
pub use questions::Question;
pub use scores::Score;

use crate::text::Millis;
use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u32);

        impl $name {
            /// The id of the element at this place of its list.
            ///
            /// # Panics
            /// Never for a list that fits a checklist: beyond four thousand million elements.
            #[must_use]
            pub fn at(index: usize) -> Self {
                Self(u32::try_from(index).unwrap_or(u32::MAX))
            }

            /// The place in its list.
            #[must_use]
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// A heading or bold label.
    SectionId
    /// A line to tick.
    ItemId
    /// A step of the ramp, or an observation period.
    StageId
    /// A bound metric: one query to ask.
    ProbeId
    /// A condition that is judged.
    GateId
    /// A condition that calls for rollback.
    TriggerId
    /// A health endpoint.
    HealthId
    /// A place that answers queries.
    SourceId
    /// Items of which one is chosen: success / failed.
    ChoiceId
    /// A blank to fill in, or a choice to make.
    FieldId
    /// A question between stages.
    DecisionId
    /// A role that signs.
    SignOffId
    /// A category of the readiness score.
    ScoreId
    /// What is looked at again and again.
    CheckId
    /// What the review has to answer.
    QuestionId
}

/// A compiled plan.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The first heading, repaired and sanitised; the file's name where there is none.
    pub title: String,
    pub sections: Vec<Section>,
    pub items: Vec<Item>,
    /// In the order they are run: the ramp, then the observation periods.
    pub stages: Vec<Stage>,
    /// Every condition that was recognised, bound or not.
    pub conditions: Vec<Condition>,
    pub triggers: Vec<Trigger>,
    pub decisions: Vec<Decision>,
    pub commands: Vec<Command>,
    pub fields: Vec<Field>,
    pub contacts: Vec<Contact>,
    /// Where people meet and look on the night.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    pub sign_offs: Vec<SignOff>,
    /// The categories of the readiness score.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scores: Vec<Score>,
    /// What the whole score is out of, where that is not what a category is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score_whole: Option<f64>,
    /// What the weighted score must reach.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_score: Option<f64>,
    /// Sections and lines that have their own time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clocks: Vec<Clock>,
    /// What is looked at again and again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recurring: Vec<Recurring>,
    /// How long phases are to take.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub durations: Vec<Duration>,
    /// What the review afterwards has to answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<Question>,
    pub sources: Vec<Source>,
    pub probes: Vec<Probe>,
    /// In the plan's order: by line, then those that only the bindings know.
    pub gates: Vec<Gate>,
    pub health: Vec<Health>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alerts: Option<Alerts>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traffic: Option<Share>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub build: Option<Build>,
    /// The regions of the cutover, which `$region` in a query stands for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<String>,
    /// Whom the session tells what happens.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notify: Vec<notify::Notify>,
    /// The sections whose lines are done once for each region.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regional: Vec<SectionId>,
    /// When the night is, how long, and what cannot be undone.
    #[serde(default, skip_serializing_if = "Cutover::is_unknown")]
    pub cutover: Cutover,
    /// Gaps are looked into afterwards, as far as the sources remember them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub backfill: bool,
    /// How often the sources are polled: the shortest `every` of them.
    pub poll: Millis,
}

/// A heading, or a bold paragraph that labels what follows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    pub title: String,
    pub line: u32,
    /// 1 for `#`; a label is one deeper than its heading.
    pub level: u8,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<SectionId>,
}

/// One line to tick.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Without list marker, box and emphasis; repaired and sanitised.
    pub text: String,
    pub line: u32,
    /// 0 at the outermost list.
    pub depth: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<SectionId>,
    /// The item it is nested in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<ItemId>,
    pub kind: ItemKind,
    /// `[x]` in the file: done before the session.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ticked: bool,
    /// The stage it stands in, required there or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<StageId>,
    pub duty: Duty,
    /// The exclusive choice it is one answer of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choice: Option<ChoiceId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// A box in the file.
    Task,
    /// A step heading that holds commands, in a checklist without boxes.
    Step,
}

/// When an item stands against GO while it is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Duty {
    /// Before the first stage may start.
    Start,
    /// While its stage runs.
    Stage,
    /// Ticked by saying that the traffic has moved.
    Moved,
    /// Ticked by the soak of its stage.
    Soak,
    /// Satisfied when all items nested in it are.
    Children,
    /// Never: optional, after the ramp, a watch list, a trigger, a rollback step.
    None,
}

/// A step of the ramp with a traffic share, or an observation period.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stage {
    /// Unique and short: `10%`, `Hour 1 Checklist`.
    pub name: String,
    /// The line it was made from.
    pub text: String,
    /// In the checklist, or 0 for a stage of the bindings.
    pub line: u32,
    pub kind: StageKind,
    /// The new version's share of the traffic, percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<f64>,
    /// Clean time before promotion; clock time for an observation period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub soak: Option<Millis>,
    /// The upper end of a soak given as a range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub soak_max: Option<Millis>,
    /// Not knowing for longer than this starts the soak again.
    pub max_gap: Millis,
    /// How many different people must approve its promotion.
    #[serde(default)]
    pub approvals: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StageKind {
    Ramp,
    Observe,
}

/// A recognised comparison of the checklist, bound or not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    pub line: u32,
    /// The sentence it was read from.
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemId>,
    /// Lower-case, without the quantile: `error rate`.
    pub metric: String,
    /// 0.95 for p95.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantile: Option<f64>,
    /// As printed, in the checklist's unit.
    pub limit: Limit,
    /// A second figure worth keeping, in the same unit: `(target: < 0.1%)`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<f64>,
    pub role: Role,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<StageId>,
    /// Of a relative figure: what it is relative to, in the line's own words; empty where it says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relative_to: Option<String>,
    /// For how long it must be true: `for 5 minutes`.
    #[serde(default, rename = "for", skip_serializing_if = "Option::is_none")]
    pub hold: Option<Millis>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probe: Option<ProbeId>,
    /// The query that measures it; without a probe there is no source yet that could be asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
}

/// Whether a condition is good or bad when it is true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Good when true.
    Gate,
    /// Bad when true.
    Trigger,
}

/// A question the checklist asks between stages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    pub line: u32,
    pub text: String,
    /// The stage it stands in: it is asked when that is ready.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<StageId>,
    /// The boxes that answer it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choice: Option<ChoiceId>,
}

/// A block of commands to copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    /// Of the opening fence.
    pub line: u32,
    pub end_line: u32,
    pub language: String,
    pub text: String,
    /// What a comment in it says to expect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expect: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<StageId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemId>,
    /// One of several ways to do it: 1, 2, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alternative: Option<u32>,
}

/// A blank to fill in, or a choice to make.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    pub line: u32,
    pub label: String,
    /// Empty for a blank.
    pub choices: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    pub line: u32,
    pub role: String,
    /// Whatever stands beside the role: name, phone, channel.
    pub details: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignOff {
    pub line: u32,
    pub role: String,
    /// It must be there before the ramp begins.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub before_start: bool,
}

/// A place that answers queries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    pub name: String,
    pub kind: SourceKind,
    pub every: Millis,
    /// Of one request: connecting, answering and reading the body.
    pub timeout: Millis,
    #[serde(default, skip_serializing_if = "Access::is_open")]
    pub access: Access,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum SourceKind {
    /// Anything that speaks the Prometheus HTTP API.
    Prometheus {
        /// The part before `/api/v1`, without user or password.
        url: String,
    },
    /// The alerts that an Alertmanager has; it answers no queries.
    Alertmanager {
        /// The part before `/api/v2`, without user or password.
        url: String,
    },
    /// Targets scraped by the embedded engine.
    Scrape { targets: Vec<String> },
}

/// A health endpoint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Health {
    pub name: String,
    pub url: String,
    /// JSON pointers into the body, with the value each must have.
    pub json: Vec<(String, serde_json::Value)>,
    /// This many failures in a row are a confirmed breach.
    pub failures: u32,
    pub timeout: Millis,
    /// The checklist items that this endpoint is the evidence of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<ItemId>,
}

impl Plan {
    #[must_use]
    pub fn item(&self, id: ItemId) -> &Item {
        &self.items[id.index()]
    }

    #[must_use]
    pub fn stage(&self, id: StageId) -> &Stage {
        &self.stages[id.index()]
    }

    #[must_use]
    pub fn probe(&self, id: ProbeId) -> &Probe {
        &self.probes[id.index()]
    }

    #[must_use]
    pub fn gate(&self, id: GateId) -> &Gate {
        &self.gates[id.index()]
    }

    #[must_use]
    pub fn source(&self, id: SourceId) -> &Source {
        &self.sources[id.index()]
    }

    #[must_use]
    pub fn trigger(&self, id: TriggerId) -> &Trigger {
        &self.triggers[id.index()]
    }

    /// Whether something is held against this probe's baseline.
    #[must_use]
    pub fn compares(&self, probe: ProbeId) -> bool {
        let gates = self.gates.iter().filter(|gate| gate.probe == probe).flat_map(|gate| [Some(gate.pass), gate.hard]);
        let watches = self.triggers.iter().filter_map(|trigger| trigger.watch.as_ref());
        let triggers = watches.filter(|watch| watch.probe == probe).map(|watch| Some(watch.bad));
        gates.chain(triggers).flatten().any(|limit| limit.relative.is_some())
    }

    /// The gates that count in a stage, in the plan's order.
    pub fn counting(&self, stage: StageId) -> impl Iterator<Item = (GateId, &Gate)> {
        self.gates
            .iter()
            .enumerate()
            .filter(move |(_, gate)| !gate.advisory && gate.scope.holds(stage))
            .map(|(at, gate)| (GateId::at(at), gate))
    }
}
