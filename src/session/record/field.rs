//! Blanks filled in, and choices made: `fill Version: v2.1.0`, `fill Status: Success`.

use super::{Entry, Name, Paper};
use crate::plan::{Field, FieldId, Plan};
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
    Ok(vec![Fact::FieldFilled(FieldFilled { field, value })])
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
