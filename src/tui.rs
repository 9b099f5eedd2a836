//! What is shown: a state becomes a frame, a key becomes an intent.
//!
//! The board is a pure function of what is live and of what one person looks at. Nothing is drawn
//! from anywhere else, so live, joined and replayed sessions look the same, and a test can draw any
//! moment of any night.
//!
//! - [`scene`]: what is live, at the moment it is looked at.
//! - [`view`], [`input`], [`mouse`]: what one person looks at, and what keys and clicks do to it.
//! - [`attention`], [`looked`]: reaching somebody who looks elsewhere, and showing them what is new.
//! - [`actions`]: the one list of what can be done, with why it cannot be done now.
//! - [`board`], [`layout`], [`crown`]: the frame, and what stands on top of every view.
//! - [`views`], [`pane`], [`region`]: the views, one file each, and the parts they are made of.
//! - [`chart`]: one series in large.
//! - [`layer`], [`details`]: the popups over it.
//! - [`skin`], [`theme`], [`ascii`], [`paint`]: styles, and putting text into cells.
//! - [`review`]: a recorded night under the same board.
//! - [`sitting`]: the loop between the terminal and the room.
//! - [`screen`], [`painter`], [`pace`]: the terminal, what is written to it, and how often.
//! - [`keyboard`]: what is typed on it. [`signals`]: what the system says.
//! - [`watchdog`], [`panics`]: what happens when the board itself fails.

pub mod actions;
pub mod ascii;
pub mod attention;
pub mod board;
pub mod chart;
pub mod crown;
pub mod details;
pub mod edit;
mod input;
mod keyboard;
pub mod layer;
pub mod layout;
pub mod looked;
mod mouse;
pub mod news;
pub mod pace;
pub mod paint;
pub mod painter;
pub mod pane;
mod panics;
pub mod picture;
pub mod region;
pub mod review;
pub mod scene;
pub mod screen;
mod signals;
pub mod sitting;
pub mod skin;
pub mod theme;
pub mod view;
pub mod views;
mod watchdog;

pub use sitting::{Leave, Options, run};
