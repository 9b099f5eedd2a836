//! The reasons that come from what is watched beside the gates.

use super::Reasons;
use crate::judge::alerts::AlertsState;
use crate::judge::build::BuildState;
use crate::judge::share::{self, ShareState};
use crate::judge::{Alert, Class, Code, Unknown};
use crate::plan::{Probe, ProbeId};
use crate::text::number;

/// What the reasons of unknown alerts are about.
const ALERTS: &str = "alerts";

impl Reasons<'_> {
    pub(super) fn beside(&mut self) {
        self.build();
        self.share();
        self.alerts();
    }

    fn build(&mut self) {
        let (ramp, plan) = (self.ramp, self.plan);
        let Some((build, state)) = plan.build.as_ref().zip(ramp.beside.build.state()) else { return };
        match state {
            BuildState::Same { .. } => {}
            BuildState::Other { running, expected } => {
                let by = if build.expected.is_some() { "as the bindings say" } else { "as when the ramp began" };
                let text = format!("the build is {}, not {} {by}", running.join(", "), expected.join(", "));
                self.about(build.probe, Code::Config, text);
            }
            BuildState::Unknown(why) => self.not_known(build.probe, why),
        }
    }

    fn share(&mut self) {
        let (ramp, plan) = (self.ramp, self.plan);
        let Some((traffic, state)) = plan.traffic.as_ref().zip(ramp.beside.share.state()) else { return };
        match state {
            ShareState::Agrees(_) => {}
            ShareState::Differs(weighed) => {
                let wanted = number::show_exact(ramp.share_wanted(plan).unwrap_or_default());
                let tolerance = number::show_exact(traffic.tolerance);
                let got = share::show(weighed.value, plan.probe(traffic.probe));
                let text = format!("traffic {got} ≠ {wanted} % ± {tolerance}{}", self.seen(traffic.probe, weighed));
                self.about(traffic.probe, Code::TrafficMismatch, text);
            }
            ShareState::Unknown(why) => self.not_known(traffic.probe, why),
        }
    }

    /// What is known of the share while the traffic is on its way: `, measured 10 %`.
    pub(super) fn measured_so_far(&self) -> String {
        let Some(traffic) = &self.plan.traffic else { return String::new() };
        match self.ramp.beside.share.state() {
            Some(ShareState::Agrees(weighed) | ShareState::Differs(weighed)) => {
                format!(", measured {}", share::show(weighed.value, self.plan.probe(traffic.probe)))
            }
            Some(ShareState::Unknown(why)) => format!(", which cannot be measured ({}: {})", why.code, why.detail),
            None => String::new(),
        }
    }

    fn not_known(&mut self, probe: ProbeId, why: &Unknown) {
        let text = self.unknown(&self.plan.probe(probe).name, why, None);
        self.about(probe, why.code, text);
    }

    fn about(&mut self, probe: ProbeId, code: Code, text: String) {
        let Probe { name, source, .. } = self.plan.probe(probe);
        self.push(code, Class::NotKnowing, name, &self.plan.source(*source).name, text);
    }

    /// One reason an alert's name, however many of its kind fire.
    pub(super) fn alerts(&mut self) {
        let (ramp, plan) = (self.ramp, self.plan);
        let Some((alerts, state)) = plan.alerts.as_ref().zip(ramp.alerts_state(plan)) else { return };
        let source = plan.source(alerts.source).name.as_str();
        match state {
            AlertsState::Known { new, .. } => {
                for kind in new.chunk_by(|one, other| one.name == other.name) {
                    if let Some(first) = kind.first() {
                        self.push(Code::AlertFiring, Class::NotGood, &first.name, source, firing(first, kind.len()));
                    }
                }
            }
            AlertsState::Unknown { why, last_new } => {
                let last_known = last_new.first().map(|alert| format!("{} firing", alert.name));
                let text = self.unknown(ALERTS, &why, last_known.as_deref());
                self.push(why.code, Class::NotKnowing, ALERTS, source, text);
            }
        }
    }
}

/// `the alert HighErrorRate {pod="a"} is firing, 3 of its kind`.
fn firing(alert: &Alert, count: usize) -> String {
    let many = if count > 1 { format!(", {count} of its kind") } else { String::new() };
    format!("the alert {alert} has begun to fire{many}")
}
