//! What remains: a recorded night becomes a page that somebody reads who was asleep.
//!
//! Pure: a state, its chronicle and the header come in, text goes out. Everything that a page says
//! is gathered once, in an [`Account`]; a format only sets it down, and escapes what it is given.
//!
//! - [`account`]: what there is to tell, and the part of the night it is told of.
//! - [`markdown`], [`html`], [`json`], [`csv`]: the formats, one file each.
//! - [`checklist`]: the team's own file, completed.
//! - [`chart`]: a gate over the night, as a drawing that needs no script.
//! - [`escape`]: what outside text may not do to a page.

pub mod account;
pub mod chart;
pub mod checklist;
pub mod csv;
pub mod escape;
pub mod html;
pub mod json;
pub mod markdown;

pub use account::Account;

use crate::session::log::Ending;
use crate::session::{Chronicle, Header, State};
use minijinja::UndefinedBehavior;
use minijinja::syntax::SyntaxConfig;

/// A recorded night, and what is known of its log.
#[derive(Clone, Copy, Debug)]
pub struct Night<'a> {
    pub header: &'a Header,
    pub state: &'a State,
    pub chronicle: &'a Chronicle,
    pub seal: Seal<'a>,
}

/// What proves a report: how many records it was made of, and the hash of the last.
#[derive(Clone, Copy, Debug)]
pub struct Seal<'a> {
    pub records: u64,
    pub head: &'a str,
    pub ending: &'a Ending,
    /// Why some of it is not told: a later version wrote it.
    pub not_understood: Option<&'a str>,
}

/// An environment in which a template's own lines leave no empty ones, and a member that is not there
/// is an error.
fn environment() -> Result<minijinja::Environment<'static>, minijinja::Error> {
    let mut environment = minijinja::Environment::new();
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    Ok(environment)
}

/// A report cannot be set down; a template that does not fit what it is given.
#[derive(Debug, thiserror::Error)]
#[error("the report's template fails: {0}")]
pub struct TemplateError(#[from] minijinja::Error);
