//! `check --live`: every query asked once, so that what cannot be measured is known before the night.
//!
//! What is found goes through the judge's own weighing: what it would not believe on the night is not
//! believed here.

mod json;
mod text;

pub(super) use json::document;
pub(super) use text::write;

use crate::clock::Clock;
use crate::judge::base::{self, InForce};
use crate::judge::build::{BuildState, BuildTrack};
use crate::judge::evidence::{Known, Rule, Seen};
use crate::judge::silence::Silence;
use crate::judge::{Alerts, Baseline, HealthGot, Moment, Sample, Unknown, Weighed};
use crate::observe::{self, Glance};
use crate::plan::{Limit, Op, Plan, ProbeId};
use crate::text::{Millis, Unit};

/// All that was found.
#[derive(Debug)]
pub(super) struct Live {
    /// When it was asked, unix milliseconds.
    pub(super) at: i64,
    pub(super) measured: Vec<Measured>,
    /// Which builds run, where the plan watches that.
    pub(super) build: Option<Result<Vec<String>, Unknown>>,
    pub(super) health: Vec<(String, HealthGot)>,
    pub(super) alerts: Option<Alerts>,
}

/// One line that is measured, and what it stands at.
#[derive(Debug)]
pub(super) struct Measured {
    pub(super) what: What,
    pub(super) name: String,
    /// In the checklist; none for what only the bindings know.
    pub(super) line: Option<u32>,
    pub(super) probe: ProbeId,
    /// As printed, which may be relative.
    pub(super) limit: Limit,
    /// What the limit is in the unit of the query now.
    pub(super) in_force: Option<InForce>,
    pub(super) found: Result<Weighed, Unknown>,
    /// What was read, believed or not.
    pub(super) sample: Option<Sample>,
    /// How many series the query gave.
    pub(super) series: Option<usize>,
}

/// What a measured line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Gate,
    Trigger,
    /// The measured share of the new version.
    Traffic,
}

impl Measured {
    /// Whether its comparison is true now; none while that is not known.
    pub(super) fn is_true(&self) -> Option<bool> {
        let (limit, weighed) = (self.in_force.as_ref()?.limit, self.found.as_ref().ok()?);
        Some(limit.holds(weighed.value))
    }
}

impl Live {
    /// Whether everything that the plan watches could be told.
    pub(super) fn is_whole(&self) -> bool {
        let alerts = !matches!(self.alerts, Some(Alerts::Miss(_)));
        let health = self.health.iter().all(|(_, got)| !matches!(got, HealthGot::Down { .. }));
        let build = !matches!(self.build, Some(Err(_)));
        alerts && health && build && self.measured.iter().all(|measured| measured.found.is_ok())
    }

    /// Whether the plan has nothing that could be asked.
    pub(super) const fn is_empty(&self) -> bool {
        self.measured.is_empty() && self.build.is_none() && self.health.is_empty() && self.alerts.is_none()
    }
}

/// Asks everything that a plan watches once.
///
/// # Errors
/// When the machine gives no means to ask anybody.
pub(super) fn ask(plan: &Plan) -> std::io::Result<Live> {
    let clock = Clock::real();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let glance = runtime.block_on(observe::glance(plan, clock));
    Ok(told(plan, &glance, clock.now().at))
}

fn told(plan: &Plan, glance: &Glance, at: i64) -> Live {
    let view = View { plan, glance };
    let gates = plan.gates.iter().map(|gate| view.measured(What::Gate, gate.line, gate.probe, gate.pass));
    let triggers = plan.triggers.iter().filter_map(|trigger| Some((trigger, trigger.watch.as_ref()?)));
    let triggers =
        triggers.map(|(trigger, watch)| view.measured(What::Trigger, Some(trigger.line), watch.probe, watch.bad));
    let traffic = plan.traffic.iter().map(|share| view.measured(What::Traffic, None, share.probe, any_share()));
    let named = |id: crate::plan::HealthId| plan.health[id.index()].name.clone();
    Live {
        at,
        measured: gates.chain(triggers).chain(traffic).collect(),
        build: plan.build.as_ref().map(|build| {
            let mut track = BuildTrack::default();
            view.known(build.probe, |known| track.judge(build, known, false));
            match track.state() {
                Some(BuildState::Same { running } | BuildState::Other { running, .. }) => Ok(running.clone()),
                Some(BuildState::Unknown(unknown)) => Err(unknown.clone()),
                None => Ok(Vec::new()),
            }
        }),
        health: glance.batch.health.iter().map(|reading| (named(reading.health), reading.got.clone())).collect(),
        alerts: glance.batch.alerts.clone(),
    }
}

/// Any share will do before the night.
fn any_share() -> Limit {
    Limit::new(Op::AtLeast, 0.0, Unit::Percent)
}

/// What was found, seen with the plan.
#[derive(Clone, Copy)]
struct View<'a> {
    plan: &'a Plan,
    glance: &'a Glance,
}

impl View<'_> {
    fn measured(self, what: What, line: Option<u32>, probe: ProbeId, limit: Limit) -> Measured {
        let unit = self.plan.probe(probe).unit;
        let against = limit.against(unit).unwrap_or(limit);
        let (in_force, found, sample) = self.known(probe, |known| match base::in_force(against, known) {
            Err(unknown) => (None, Err(unknown), known.sample().cloned()),
            Ok(in_force) => {
                let rule = if what == What::Trigger { Rule::Bad(&in_force.limit) } else { Rule::Pass(&in_force.limit) };
                let found = known.weigh(rule, &Silence::default());
                (Some(in_force), found, known.sample().cloned())
            }
        });
        let (name, series) = (self.plan.probe(probe).name.clone(), self.glance.series_of(probe));
        Measured { what, name, line, probe, limit: against, in_force, found, sample, series }
    }

    /// Says what is known of a probe, at the moment it was asked.
    fn known<T>(self, probe: ProbeId, judge: impl FnOnce(Known<'_>) -> T) -> T {
        let reading = self.glance.batch.readings.iter().find(|reading| reading.probe == probe);
        let seen = reading.map(|reading| Seen { reading: reading.clone(), at: Moment(0), holds: Millis::ZERO });
        let captured = self.glance.batch.captured.iter().find(|captured| captured.probe == probe);
        let captured: Option<&Baseline> = captured.map(|captured| &captured.baseline);
        judge(Known { probe: self.plan.probe(probe), seen: seen.as_ref(), captured, now: Moment(0) })
    }
}
