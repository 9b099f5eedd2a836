//! Who has signed: `as Ana: sign Engineering Lead`.

use super::{Entry, Name, Paper};
use crate::plan::{ItemId, Plan, SignOffId};
use crate::session::command::Word;
use crate::session::command::word::By;
use crate::session::decide::{Case, Refusal, not_now};
use crate::session::event::{Event, Fact};
use crate::session::state::{Mark, State};
use serde::{Deserialize, Serialize};

pub static SIGN: Word = Word::said("sign ROLE", "sign off in a role, by name", By::Name, sign);
pub static UNSIGN: Word = Word::said("unsign ROLE", "take a signature back", By::Name, unsign);

/// Whoever made the event signed off in a role.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignedOff {
    pub sign_off: SignOffId,
}

/// A signature was taken back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignOffWithdrawn {
    pub sign_off: SignOffId,
}

fn sign(case: &Case<'_>, text: &str) -> Result<Vec<Fact>, Refusal> {
    let sign_off = case.names.sign_off(text)?;
    if let Some(entry) = &case.state.record.sign_offs[sign_off.index()] {
        return not_now(format!("{} has signed as {}", entry.by, case.plan.sign_off(sign_off).role));
    }
    Ok(vec![Fact::SignedOff(SignedOff { sign_off })])
}

fn unsign(case: &Case<'_>, text: &str) -> Result<Vec<Fact>, Refusal> {
    let sign_off = case.names.sign_off(text)?;
    if case.state.record.sign_offs[sign_off.index()].is_none() {
        return not_now(format!("nobody has signed as {}", case.plan.sign_off(sign_off).role));
    }
    Ok(vec![Fact::SignOffWithdrawn(SignOffWithdrawn { sign_off })])
}

/// The box that a signature ticks, where the role stands beside one.
fn its_box(plan: &Plan, sign_off: SignOffId) -> Option<ItemId> {
    let line = plan.sign_off(sign_off).line;
    plan.items.iter().position(|item| item.line == line).map(ItemId::at)
}

impl Paper for SignedOff {
    fn names(&self) -> Vec<Name> {
        vec![Name::SignOff(self.sign_off)]
    }

    fn fold(&self, state: &mut State, event: &Event) {
        state.record.sign_offs[self.sign_off.index()] = Some(Entry::new((), event));
        if let Some(item) = its_box(state.plan(), self.sign_off) {
            state.mark(event, item, true, Mark::Ticked { evidence: None });
        }
    }

    fn tell(&self, plan: &Plan) -> String {
        format!("signed as {}", plan.sign_off(self.sign_off).role)
    }
}

impl Paper for SignOffWithdrawn {
    fn names(&self) -> Vec<Name> {
        vec![Name::SignOff(self.sign_off)]
    }

    fn fold(&self, state: &mut State, event: &Event) {
        state.record.sign_offs[self.sign_off.index()] = None;
        if let Some(item) = its_box(state.plan(), self.sign_off) {
            state.mark(event, item, false, Mark::Unticked);
        }
    }

    fn tell(&self, plan: &Plan) -> String {
        format!("took back the signature as {}", plan.sign_off(self.sign_off).role)
    }
}
