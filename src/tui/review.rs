//! A recorded night under the same board: a bar with the whole night on it, and keys to wind it.
//!
//! The board above the bar is drawn by the same function from the same kind of scene as a live one.
//! What is here only chooses the moment.
//!
//! - [`bar`]: the bar.
//! - [`keys`]: what keys do in a review.
//! - [`steps`]: where the next decision, note, breach or verdict is.
//! - [`what_if`]: the night with another limit.

pub mod bar;
pub mod keys;
pub mod steps;
pub mod what_if;

use crate::room::player::Wind;
use crate::session::store::Archive;
use std::sync::Arc;
use tokio::sync::mpsc;
use what_if::WhatIf;

/// How much faster than it was a night is played.
pub const SPEEDS: [u32; 8] = [1, 5, 10, 30, 60, 120, 300, 600];

/// What a review is made of: the night, and the way to its player.
#[derive(Clone, Debug)]
pub struct Projector {
    pub archive: Arc<Archive>,
    pub winder: mpsc::UnboundedSender<Wind>,
}

/// What one person looks at in a recorded night.
#[derive(Clone, Debug)]
pub struct Review {
    pub archive: Arc<Archive>,
    pub is_playing: bool,
    /// The place in [`SPEEDS`].
    pub speed: usize,
    /// What is being typed, where something is.
    pub prompt: Option<Prompt>,
    /// What was searched for last.
    pub wanted: String,
    /// Another limit that is held against the night.
    pub what_if: Option<WhatIf>,
}

/// Something that is typed into the bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prompt {
    pub asks: Asks,
    pub text: String,
}

/// What a prompt is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// A time to jump to.
    Time,
    /// A text to find in notes and events.
    Text,
    /// A gate with another limit.
    Limit,
}

impl Review {
    #[must_use]
    pub fn new(archive: Arc<Archive>) -> Self {
        Self { archive, is_playing: false, speed: 2, prompt: None, wanted: String::new(), what_if: None }
    }
}
