//! Where everything stands, at any size.
//!
//! ```text
//! usual                                 small          tiny
//! ┌ header ──────────────────────────┐  ┌ header ───┐  ┌ verdict, stage, reason ┐
//! │ ramp                             │  │ ramp      │
//! │ verdict and reasons              │  │ verdict   │
//! ├ tabs ────────────────────────────┤  │ reasons   │
//! │ body: the view that is open      │  │           │
//! └ footer ──────────────────────────┘  └ footer ───┘
//! ```
//!
//! Stage, verdict and the worst reason come first: body, tabs, footer and header give way in this
//! order, and no popup ever covers them.

use super::paint::{split_bottom, split_top};
use super::pane::LEAST;
use super::view::View;
use super::views::Page;
use ratatui::layout::Rect;

/// A list of fewer rows than this shows nothing.
const LEAST_BODY: u16 = 3;

/// The places of one frame; those that do not fit are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// Everything in one row: nothing else fits.
    pub line: Rect,
    pub header: Rect,
    pub ramp: Rect,
    pub verdict: Rect,
    pub tabs: Rect,
    /// For the view that is open.
    pub body: Rect,
    pub footer: Rect,
    /// Where popups may stand.
    pub free: Rect,
}

impl Layout {
    /// Places everything; `wanted` is how many rows the verdict would like.
    #[must_use]
    pub fn of(area: Rect, view: &View, wanted: u16) -> Self {
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
        let verdict = verdict_rows(area, rest.height, view, wanted);
        (layout.verdict, rest) = split_top(rest, verdict);
        layout.free = Rect { height: area.bottom() - rest.y, ..rest };
        layout.place_body(rest, view);
        layout
    }

    fn place_body(&mut self, rest: Rect, view: &View) {
        if rest.height > LEAST {
            (self.tabs, self.body) = split_top(rest, 1);
        } else if rest.height >= LEAST || (view.page != Page::Board && rest.height >= LEAST_BODY) {
            self.body = rest;
        }
    }
}

/// The verdict gets what it wants, up to a third of the screen. Where no pane fits the board is all
/// verdict; another view was asked for, and leaves it the word and the worst reason.
fn verdict_rows(area: Rect, rest: u16, view: &View, wanted: u16) -> u16 {
    let share = (area.height / 3).max(4);
    if !view.layers.is_empty() {
        return wanted.min(share).min(rest.saturating_sub(12)).max(2);
    }
    if rest > share + LEAST && area.width >= 50 {
        return wanted.clamp(2, share);
    }
    if view.page == Page::Board && !view.zoom {
        return rest;
    }
    let left = rest.saturating_sub(LEAST);
    if left < 2 { rest } else { wanted.clamp(2, left.min(share).max(2)) }
}
