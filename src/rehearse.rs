//! Nights that have not happened yet: scenario files, run through session and judge.
//!
//! A scenario says what the sources would answer and what people would do, and what the judgement
//! must be at certain moments. Nothing is read and nobody waits: hours pass in milliseconds.
//!
//! - [`scenario`]: the file format.
//! - [`world`]: what the sources would answer at a poll.
//! - [`expect`]: what must be true at a moment.
//! - [`run`]: the night itself.
//! - `unseen`: what nobody was there to ask.
//! - [`night`]: how it went.
//! - [`invalid`]: why it cannot be run.

pub mod expect;
pub mod invalid;
pub mod night;
pub mod run;
pub mod scenario;
mod unseen;
pub mod world;

pub use invalid::{Invalid, Problem};
pub use night::{Failure, Night, Told};
pub use run::run;
pub use scenario::Scenario;
