//! What it means: a plan and readings become a verdict.

pub mod reading;

pub use reading::{Batch, Got, HealthGot, HealthReading, Miss, Point, Reading, Sample, Silent, Traffic, Why};
