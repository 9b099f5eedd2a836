//! What the library promises, asked of the library: nothing is started, nothing is listened to beyond
//! the loopback, and each test stands for itself.

mod board;
mod completed;
mod demo;
mod docs;
mod docs_sources;
mod engine;
mod log;
mod properties;
mod report;
mod review;
mod rooms;
mod scenarios;
mod scrape;
