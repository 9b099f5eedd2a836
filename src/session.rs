//! What happened: an intent is decided, becomes facts, becomes events in a log, and the log folds
//! to the state that everybody sees.
//!
//! The log is the only truth. [`State`] is a pure fold over it, and the verdict a pure function of
//! the state: live, resumed and replayed sessions cannot disagree.
//!
//! - [`command`]: the one command language.
//! - [`decide`]: the one place where a command is allowed or refused.
//! - [`event`]: what happened, one JSON line each.
//! - [`state`]: the fold.
//! - [`core`]: the three together, without a log.

pub mod command;
pub mod core;
pub mod decide;
pub mod event;
pub mod names;
pub mod state;

pub use command::Command;
pub use core::{Core, When};
pub use decide::{Intent, Refusal};
pub use event::{Event, Fact};
pub use state::State;
