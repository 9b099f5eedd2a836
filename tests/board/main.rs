//! The board: every state and popup as it looks, every size without a panic, every key as an intent.

mod any_size;
mod dump;
mod keys;
mod looks;
mod night;
mod pictures;
mod views;
