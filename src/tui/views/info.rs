//! Whom to call, where to look, and what this screen is made of.

use super::{Kind, only, plain};
use crate::tui::pane::Pane;

pub(super) const KIND: Kind = Kind { word: "Info", panes: &[Pane::Info], actions: &[], places: only, draw: plain };
