//! The whole checklist.

use super::{Kind, only, plain};
use crate::tui::pane::Pane;

pub(super) const KIND: Kind =
    Kind { word: "Checklist", panes: &[Pane::Checklist], actions: &[], places: only, draw: plain };
