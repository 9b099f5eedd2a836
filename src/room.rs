//! The running cutover: what is observed and what people intend goes into the session, what is
//! live comes out.
//!
//! The room is a task of its own. A terminal that has stopped reading does not stop it, a source
//! that hangs does not, and neither does a slow disk: it never waits for any of them.

pub mod live;

pub use live::{Disk, Live};
