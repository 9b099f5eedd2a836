//! What tests lean on: services, sources and terminals of their own.

pub(crate) mod http;
pub(crate) mod misbehaving;
pub(crate) mod nginx;
pub(crate) mod plan;
pub(crate) mod prometheus;
pub(crate) mod seat;
pub(crate) mod service;
pub(crate) mod terminal;
pub(crate) mod traffic;
