//! The gates in large.

use super::{Kind, only, plain};
use crate::tui::pane::Pane;

pub(super) const KIND: Kind = Kind { word: "Gates", panes: &[Pane::Gates], actions: &[], places: only, draw: plain };
