//! warroom.

pub mod cli;
pub mod clock;
pub mod demo;
pub mod judge;
pub mod observe;
pub mod plan;
pub mod promql;
pub mod text;
