//! All that happened.

use super::{Kind, only, plain};
use crate::tui::pane::Pane;

pub(super) const KIND: Kind =
    Kind { word: "Timeline", panes: &[Pane::Timeline], actions: &[], places: only, draw: plain };
