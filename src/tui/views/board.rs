//! Everything at a glance.
//!
//! ```text
//! ┌ Gates ─────────┐┌ Checklist ─────┐
//! │                ││                │
//! ├ Triggers ──────┤├ Timeline ──────┤
//! └────────────────┘└────────────────┘
//! ```
//!
//! Where there is no room for four, or one is zoomed, only the one that has the keys is shown.

use super::{Kind, only, plain};
use crate::tui::paint::{split_left, split_top};
use crate::tui::pane::{LEAST, Pane};
use crate::tui::region::gates;
use crate::tui::scene::Scene;
use crate::tui::view::View;
use ratatui::layout::Rect;

const WIDE: u16 = 110;

pub(super) const KIND: Kind = Kind {
    word: "Board",
    panes: &[Pane::Checklist, Pane::Timeline, Pane::Gates, Pane::Triggers],
    actions: &[],
    places,
    draw: plain,
};

fn places(scene: &Scene, view: &View, area: Rect) -> Vec<(Pane, Rect)> {
    if area.width < WIDE || area.height < 2 * LEAST || view.zoom {
        return only(scene, view, area);
    }
    let rows = |count: usize| u16::try_from(count).unwrap_or(u16::MAX).saturating_add(2);
    let (left, right) = split_left(area, area.width / 2);
    // On the left the gates and the triggers share what they do not need.
    let most = (left.height * 2 / 5).max(LEAST);
    let for_triggers = rows(scene.plan().triggers.len()).clamp(LEAST, most);
    let for_gates = rows(gates::places(scene).len()).clamp(LEAST, left.height - for_triggers);
    let (gates, triggers) = split_top(left, for_gates);
    let (checklist, timeline) = split_top(right, right.height - (right.height * 2 / 5).max(LEAST));
    vec![(Pane::Gates, gates), (Pane::Triggers, triggers), (Pane::Checklist, checklist), (Pane::Timeline, timeline)]
}
