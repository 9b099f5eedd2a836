//! warroom.

pub mod cli;
pub mod judge;
pub mod plan;
pub mod promql;
pub mod session;
pub mod text;
