//! The team's own checklist, completed: boxes ticked, blanks and choices filled in, and who, when and
//! on which evidence beside each line.
//!
//! What is written is a list of [`Edit`]s on the text as it was: everything else is byte for byte the
//! original, and [`Completed::original`] takes the edits out again.
//!
//! - [`boxes`]: lines to tick.
//! - [`blanks`]: blanks, choices, signatures, decisions, answers.
//! - [`tables`]: scores and signatures in tables.
//! - [`notes`]: what people wrote down, in the blocks that wait for it.

mod blanks;
mod boxes;
mod edits;
mod notes;
mod tables;

pub use edits::{Completed, Edit};

use super::escape;
use crate::plan::Plan;
use crate::plan::position::Lines;
use crate::session::State;
use crate::session::event::show_minute;
use edits::Draft;

/// Completes a checklist with what a session knows. The text is the one the plan was compiled from.
#[must_use]
pub fn complete<'t>(text: &'t str, state: &State) -> Completed<'t> {
    let plan: &Plan = state.plan();
    let lines = Lines::new(text);
    let mut draft = Draft::new(text, &lines);
    blanks::fill(plan, state, &mut draft);
    tables::fill(plan, state, &mut draft);
    boxes::tick(plan, state, &mut draft);
    notes::write(plan, state, &mut draft);
    draft.finish()
}

/// Who and when, as it stands behind a line.
fn who(by: &str, at: i64) -> String {
    let by = if by.is_empty() { "somebody".to_owned() } else { escape::markdown(by) };
    format!("{by}, {}", show_minute(at))
}
