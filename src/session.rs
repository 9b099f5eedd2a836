//! What happened: an intent is decided, becomes facts, becomes events in a log, and the log folds
//! to the state that everybody sees.
//!
//! The log is the only truth. [`State`] is a pure fold over it, and the verdict a pure function of
//! the state: live, resumed and replayed sessions cannot disagree.
//!
//! - [`command`]: the one command language.
//! - [`decide`]: the one place where a command is allowed or refused.
//! - [`event`]: what happened, one JSON line each.
//! - [`fits`]: whether an event speaks of its plan.
//! - [`header`]: what a log begins with.
//! - [`spoken`]: a command as a line.
//! - [`state`]: the fold.
//! - [`record`]: the paperwork: what was filled in, decided, signed.
//! - [`amend`]: a plan that changes on the night.
//! - [`tell`]: events as sentences.
//! - [`history`]: the recent past of each metric.
//! - [`chronicle`]: the whole night beside the state, for review and report.
//! - [`core`]: the three together, without a log.
//! - [`log`]: one file that is only ever appended to.
//! - [`store`]: sessions on disk: begun, gone on with, read.

pub mod amend;
pub mod chronicle;
pub mod command;
pub mod core;
pub mod decide;
pub mod event;
mod fits;
pub mod header;
pub mod history;
pub mod log;
pub mod names;
pub mod record;
mod spoken;
pub mod state;
pub mod store;
pub mod tell;

pub use amend::Amendment;
pub use chronicle::Chronicle;
pub use command::Command;
pub use core::{Core, When};
pub use decide::{Intent, Refusal};
pub use event::{Event, Fact};
pub use header::{Header, Mode, Text};
pub use history::History;
pub use record::Record;
pub use state::State;
