//! Where everything stands, at any size.
//!
//! ```text
//! wide                                  narrow                 small          tiny
//! ┌ header ──────────────────────────┐  ┌ header ───────────┐  ┌ header ───┐  ┌ verdict, stage, reason ┐
//! │ ramp                             │  │ ramp              │  │ ramp      │
//! │ verdict and reasons              │  │ verdict           │  │ verdict   │
//! ├ gates ─────────┬ checklist ──────┤  ├ tabs ─────────────┤  │ reasons   │
//! │                │                 │  │ one pane          │  │           │
//! ├ triggers ──────┼ timeline ───────┤  │                   │  │           │
//! └ footer ────────┴─────────────────┘  └ footer ───────────┘  └ footer ───┘
//! ```
//!
//! Stage, verdict and the worst reason come first: panes, tabs, footer and header give way in this
//! order, and no popup ever covers them.

use super::paint::{split_bottom, split_left, split_top};
use super::view::{Pane, View};
use ratatui::layout::Rect;

const WIDE: u16 = 110;
/// A pane with fewer rows than this shows nothing worth its frame.
const LEAST_PANE: u16 = 5;

/// How many rows some regions would like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    pub verdict: u16,
    pub gates: u16,
    pub triggers: u16,
}

/// The places of one frame; those that do not fit are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// Everything in one row: nothing else fits.
    pub line: Rect,
    pub header: Rect,
    pub ramp: Rect,
    pub verdict: Rect,
    pub tabs: Rect,
    pub panes: Vec<(Pane, Rect)>,
    pub footer: Rect,
    /// Where popups may stand.
    pub free: Rect,
}

impl Layout {
    /// Places everything.
    #[must_use]
    pub fn of(area: Rect, view: &View, wanted: Wanted) -> Self {
        let has_layer = !view.layers.is_empty();
        if area.height < 3 || area.width < 20 || (has_layer && area.height < 16) {
            let (line, free) = split_top(area, 1);
            return Self { line, free, ..Self::default() };
        }
        let mut layout = Self::default();
        let mut rest = area;
        if area.height >= 6 {
            (layout.header, rest) = split_top(rest, 1);
        }
        if area.height >= 8 {
            (rest, layout.footer) = split_bottom(rest, 1);
        }
        (layout.ramp, rest) = split_top(rest, 1);
        let verdict = verdict_rows(area, rest.height, view, wanted.verdict);
        (layout.verdict, rest) = split_top(rest, verdict);
        layout.free = Rect { height: area.bottom() - rest.y, ..rest };
        layout.body(area, rest, view, wanted);
        layout
    }

    fn body(&mut self, area: Rect, rest: Rect, view: &View, wanted: Wanted) {
        if rest.height < LEAST_PANE {
            return;
        }
        let is_wide = area.width >= WIDE && rest.height >= 2 * LEAST_PANE;
        if is_wide && !view.zoom {
            self.panes = columns(rest, wanted);
        } else {
            let pane;
            (self.tabs, pane) = split_top(rest, 1);
            self.panes = vec![(view.focus, pane)];
        }
    }

    /// Where a pane stands; none where it is not shown.
    #[must_use]
    pub fn pane(&self, pane: Pane) -> Option<Rect> {
        self.panes.iter().find(|(shown, _)| *shown == pane).map(|(_, area)| *area)
    }
}

/// The verdict gets what it wants, up to a third of the screen; all of it where no pane fits.
fn verdict_rows(area: Rect, rest: u16, view: &View, wanted: u16) -> u16 {
    let share = (area.height / 3).max(4);
    if !view.layers.is_empty() {
        return wanted.min(share).min(rest.saturating_sub(12)).max(2);
    }
    let panes_fit = rest > share + LEAST_PANE && area.width >= 50;
    if view.zoom && rest > LEAST_PANE + 3 {
        return wanted.clamp(2, share.min(rest - LEAST_PANE - 1));
    }
    if panes_fit { wanted.clamp(2, share) } else { rest }
}

/// Two columns. On the left the gates and the triggers share what they do not need.
fn columns(area: Rect, wanted: Wanted) -> Vec<(Pane, Rect)> {
    let (left, right) = split_left(area, area.width / 2);
    let for_triggers = wanted.triggers.saturating_add(2).clamp(LEAST_PANE, (left.height * 2 / 5).max(LEAST_PANE));
    let for_gates = wanted.gates.saturating_add(2).clamp(LEAST_PANE, left.height - for_triggers);
    let (gates, triggers) = split_top(left, for_gates);
    let (checklist, timeline) = split_top(right, right.height - (right.height * 2 / 5).max(LEAST_PANE));
    vec![(Pane::Gates, gates), (Pane::Triggers, triggers), (Pane::Checklist, checklist), (Pane::Timeline, timeline)]
}
