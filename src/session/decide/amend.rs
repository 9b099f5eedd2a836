//! A plan that is read again.

use super::{Case, Refusal, not_now};
use crate::judge::ramp::Course;
use crate::session::amend::{Amendment, Lost, lost};
use crate::session::event::Fact;
use std::sync::Arc;

impl Case<'_> {
    pub(super) fn reload(&self, reason: &str, amendment: Option<&Amendment>) -> Result<Vec<Fact>, Refusal> {
        self.named("amending the plan")?;
        if reason.trim().is_empty() {
            return Err(Refusal::NoReason { what: "amending the plan" });
        }
        let Some(Amendment { checklist, bindings, plan }) = amendment else {
            return not_now("the plan's files were not read again");
        };
        if self.state.ramp.course == Course::Finished {
            return not_now("the session is closed");
        }
        if **plan == *self.plan {
            return not_now("nothing has changed in the plan");
        }
        match lost(self.state, plan) {
            Some(Lost::Stage(stage)) => {
                return not_now(format!("the new plan has no stage {}, and it runs", self.plan.stage(stage).name));
            }
            Some(Lost::Tripped(trigger)) => {
                let text = &self.plan.trigger(trigger).text;
                return not_now(format!("the new plan has no trigger \"{text}\", and it is tripped: dismiss it first"));
            }
            None => {}
        }
        let (checklist, bindings, plan) = (checklist.clone(), bindings.clone(), Arc::clone(plan));
        Ok(vec![Fact::PlanAmended { reason: reason.to_owned(), checklist, bindings, plan }])
    }
}
