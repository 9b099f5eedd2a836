//! The board: every state and popup as it looks, every size without a panic, every key as an intent.

mod any_size;
mod attention;
mod dump;
mod header;
mod keys;
mod looks;
mod manual;
mod news;
pub(crate) mod night;
mod one_of_each;
mod pictures;
mod states;
mod views;
