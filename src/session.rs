//! What happened: the session and its log.

pub mod log;
