//! Blanks filled in, and choices made: `fill Version: v2.1.0`, `fill Status: Success`.

use super::region::is_regional;
use super::{Entry, Name, Paper};
use crate::plan::{Field, FieldId, ItemId, Plan};
use crate::session::command::Word;
use crate::session::command::word::By;
use crate::session::decide::{Case, Refusal, not_now};
use crate::session::event::{Event, Fact};
use crate::session::state::State;
use crate::text::sanitize;
use serde::{Deserialize, Serialize};

pub static FILL: Word = Word::said("fill LABEL: VALUE", "fill in a blank, or make a choice", By::Anybody, fill);
pub static CLEAR: Word = Word::said("clear LABEL", "empty a blank or a choice again", By::Anybody, clear);

/// A blank was filled in, or a choice made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldFilled {
    pub field: FieldId,
    pub value: String,
}

/// A blank was emptied, a choice withdrawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldCleared {
    pub field: FieldId,
}

fn fill(case: &Case<'_>, text: &str) -> Result<Vec<Fact>, Refusal> {
    let (field, value) = case.names.field_and_value(text)?;
    let value = match case.plan.field(field) {
        Field { choices, .. } if choices.is_empty() => sanitize::line(&value).into_owned(),
        chosen => choice(chosen, &value)?,
    };
    let mut facts = vec![Fact::FieldFilled(FieldFilled { field, value })];
    facts.extend(box_of(case, field).into_iter().flat_map(|item| case.tick(item)));
    Ok(facts)
}

/// The open box of the blank's line, when no other blank of it is empty. A box that says more than its
/// blanks do, a limit or a signature, is ticked by a person.
fn box_of(case: &Case<'_>, field: FieldId) -> Option<ItemId> {
    let plan = case.plan;
    let line = plan.field(field).line;
    let is_empty = |at: usize| at != field.index() && case.state.record.fields[at].is_none();
    let waits = plan.fields.iter().enumerate().any(|(at, other)| other.line == line && is_empty(at));
    let says_more = plan.conditions.iter().any(|condition| condition.line == line)
        || plan.triggers.iter().any(|trigger| trigger.line == line)
        || plan.sign_offs.iter().any(|sign_off| sign_off.line == line);
    let at = plan.items.iter().position(|item| item.line == line).filter(|_| !waits && !says_more)?;
    let id = ItemId::at(at);
    (!case.state.ramp.done[at] && !is_regional(plan, id)).then_some(id)
}

/// The choice that was meant: by its words without their signs, or by how they begin.
fn choice(field: &Field, said: &str) -> Result<String, Refusal> {
    let plain = |text: &str| text.chars().filter(|c| c.is_alphanumeric() || *c == ' ').collect::<String>();
    let key = |text: &str| plain(text).trim().to_lowercase();
    let said = key(said);
    let whole = field.choices.iter().find(|choice| key(choice) == said);
    let mut begun = field.choices.iter().filter(|choice| !said.is_empty() && key(choice).starts_with(&said));
    match (whole, begun.next(), begun.next()) {
        (Some(choice), ..) | (None, Some(choice), None) => Ok(choice.clone()),
        _ => not_now(format!("\"{}\" is one of: {}", field.label, field.choices.join("; "))),
    }
}

fn clear(case: &Case<'_>, text: &str) -> Result<Vec<Fact>, Refusal> {
    let field = case.names.field(text)?;
    if case.state.record.fields[field.index()].is_none() {
        return not_now(format!("\"{}\" is empty", case.plan.field(field).label));
    }
    Ok(vec![Fact::FieldCleared(FieldCleared { field })])
}

impl Paper for FieldFilled {
    fn names(&self) -> Vec<Name> {
        vec![Name::Field(self.field)]
    }

    fn fold(&self, state: &mut State, event: &Event) {
        state.record.fields[self.field.index()] = Some(Entry::new(self.value.clone(), event));
    }

    fn tell(&self, plan: &Plan) -> String {
        format!("filled in \"{}\": {}", plan.field(self.field).label, self.value)
    }
}

impl Paper for FieldCleared {
    fn names(&self) -> Vec<Name> {
        vec![Name::Field(self.field)]
    }

    fn fold(&self, state: &mut State, _: &Event) {
        state.record.fields[self.field.index()] = None;
    }

    fn tell(&self, plan: &Plan) -> String {
        format!("emptied \"{}\"", plan.field(self.field).label)
    }
}
