//! One holder, many seats: how other processes of this host take part in a session.
//!
//! The process that holds a session's log listens on a socket beside it. A seat that has joined
//! follows the log with the same fold as everybody, and sends what its person says as lines of the
//! command language; the holder decides them through the same [`Seat`](super::Seat) as its own. A
//! script sends one line and leaves. A connection that says nothing watches.
//!
//! ```text
//!  joined seat ── {"say":"command","line":"tick Backups","by":"Ben", …} ──▶ holder ─▶ log
//!      ▲                                                                              │
//!      └───────────────────────── follows the same file ──────────────────────────────┘
//! ```
//!
//! - [`wire`]: what is said, and how much of it.
//! - [`address`]: where the socket is, and who may open it.
//! - [`book`]: who is here.
//! - [`server`]: the holder's side.
//! - [`line`]: the other side.

pub mod address;
pub mod book;
pub mod line;
pub mod server;
pub mod wire;

pub use book::Book;
pub use line::Line;
pub use server::Reception;
