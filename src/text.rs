//! Words and figures: what every other room needs and nothing that knows any of them.
//!
//! Pure functions and small value types. Whatever enters from outside (a checklist, a label, a
//! health body, a note) passes [`sanitize`] before a person sees it; whatever is compared passes
//! [`unit`] first, so that seconds are never judged as milliseconds.

pub mod cells;
pub mod duration;
pub mod mojibake;
pub mod number;
pub mod sanitize;
pub mod unit;

pub use duration::Millis;
pub use unit::Unit;
