//! The way back: what calls for it, and the commands that go it.
//!
//! ```text
//! ┌ Rollback triggers ─────────┐┌ Rollback commands ─────────┐
//! │                            ││                            │
//! └────────────────────────────┘└────────────────────────────┘
//! ```

use super::{Kind, only, plain};
use crate::tui::paint::split_left;
use crate::tui::pane::Pane;
use crate::tui::scene::Scene;
use crate::tui::view::View;
use ratatui::layout::Rect;

const WIDE: u16 = 100;

pub(super) const KIND: Kind =
    Kind { word: "Rollback", panes: &[Pane::Triggers, Pane::Commands], actions: &[], places, draw: plain };

fn places(scene: &Scene, view: &View, area: Rect) -> Vec<(Pane, Rect)> {
    if area.width < WIDE || view.zoom {
        return only(scene, view, area);
    }
    let (triggers, commands) = split_left(area, area.width / 2);
    vec![(Pane::Triggers, triggers), (Pane::Commands, commands)]
}
