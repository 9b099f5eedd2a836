//! The reasons that come from what is watched beside the gates.

use super::Reasons;
use crate::judge::alerts::AlertsState;
use crate::judge::{Alert, Class, Code};

/// What the reasons of unknown alerts are about.
const ALERTS: &str = "alerts";

impl Reasons<'_> {
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
