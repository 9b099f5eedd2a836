//! warroom.

pub mod cli;
pub mod clock;
pub mod judge;
pub mod plan;
pub mod promql;
pub mod rehearse;
pub mod room;
pub mod session;
pub mod text;
pub mod tui;
