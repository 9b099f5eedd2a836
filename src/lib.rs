//! `warroom`: the one screen an on-call team looks at while it moves live traffic onto a new
//! version.
//!
//! It observes, judges and records; it never moves traffic. This page is the house: what each room
//! is for, and what may stand on what.
//!
//! # Data flows one way
//!
//! ```text
//!  checklist + bindings ──▶ plan ─────────────┐
//!                                             ▼
//!  Prometheus, endpoints ─▶ observe ─▶ room ─▶ session ─▶ log
//!                                       ▲        │ fold
//!                       people ─ intents┘        ▼
//!                                              State ─▶ judge ─▶ verdict ─▶ every screen, line, report
//! ```
//!
//! What happens is an event; the log is events; the state is a pure fold over them, and the verdict
//! a pure function of the state. A night that is live, resumed, replayed next week or rehearsed
//! before it happens goes through the same code: there is no second implementation to disagree.
//!
//! # Rooms, from the ground up
//!
//! | room | its one verb |
//! |---|---|
//! | [`text`] | reads and shows figures, spans, units; makes outside text safe |
//! | [`clock`] | tells the time and waits: the only clock, real or N times faster |
//! | [`cores`] | does long work on several cores at once |
//! | [`order`] | puts a few things of any type in order |
//! | [`demo`] | runs a small world to practise in; knows nobody |
//! | [`promql`] | reads queries: what they read, over which window |
//! | [`plan`] | compiles Markdown and TOML to what was intended |
//! | [`judge`] | turns readings into a verdict; pure, no clock |
//! | [`observe`] | asks sources and endpoints: every answer, or the reason why there is none |
//! | [`session`] | decides intents, records facts, folds them to a state |
//! | [`room`] | runs a cutover: observations and intents in, what is live out |
//! | [`notify`] | tells webhooks, dashboards and scrapers what happens; never waited for |
//! | [`rehearse`] | runs nights that have not happened through session and judge |
//! | [`backtest`] | holds nights that are over against the plan's limits and soaks |
//! | [`report`] | tells a recorded night: pages and tables |
//! | [`tui`] | draws the board; turns keys into intents |
//! | [`cli`] | one file a subcommand, thin |
//!
//! A room imports only from rooms above it in this table; a test holds the house to that. The pure
//! rooms (`text`, `order`, `promql`, `plan`, `judge`, `rehearse`, `backtest`, `report`) touch no clock, no
//! file, no network and no hash map's order.
//!
//! # Where new things go
//!
//! A new reason to hold is a [`judge::Code`] and the place that finds it. A new thing people can do
//! is a file of [`session::record`] with its words, its facts and their fold, a line in the table of
//! [`session::command::WORDS`], and one each in [`session::Fact`]. A new kind
//! of source is a file in [`observe`]. A new screen is a function of [`room::Live`].

pub mod backtest;
pub mod cli;
pub mod clock;
pub mod cores;
pub mod demo;
pub mod judge;
pub mod notify;
pub mod observe;
pub mod order;
pub mod plan;
pub mod promql;
pub mod rehearse;
pub mod report;
pub mod room;
pub mod session;
pub mod text;
pub mod tui;
