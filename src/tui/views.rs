//! The six views, one file each: what stands below the crown, and the keys that mean something only
//! there.
//!
//! A view is a [`Kind`]: a word, the panes that Tab goes through, where they stand in an area, how
//! they are drawn, and actions of its own. The crown above it (header, ramp, verdict with the worst
//! reason) and the footer below it are the same on each, so a view that is added cannot hide a red.

mod board;
mod checklist;
mod gates;
mod info;
mod rollback;
mod timeline;

use super::actions::Action;
use super::pane::{self, Pane};
use super::scene::Scene;
use super::skin::Skin;
use super::view::View;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// One of the views.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Page {
    #[default]
    Board,
    Gates,
    Checklist,
    Timeline,
    Rollback,
    Info,
}

/// What makes a view.
pub struct Kind {
    pub word: &'static str,
    /// In the order of Tab; the first has the keys when it is opened for the first time.
    pub panes: &'static [Pane],
    /// What can be done only here, beside everything that can be done everywhere.
    pub actions: &'static [Action],
    /// Where its panes stand in an area; those that do not fit are left out.
    pub places: fn(&Scene, &View, Rect) -> Vec<(Pane, Rect)>,
    /// Draws one of its panes into its place.
    pub draw: fn(&Scene, &View, Skin, Pane, Rect, &mut Buffer),
}

impl Page {
    /// In the order of their keys, from 1.
    pub const ALL: [Self; 6] = [Self::Board, Self::Gates, Self::Checklist, Self::Timeline, Self::Rollback, Self::Info];

    #[must_use]
    pub const fn kind(self) -> &'static Kind {
        match self {
            Self::Board => &board::KIND,
            Self::Gates => &gates::KIND,
            Self::Checklist => &checklist::KIND,
            Self::Timeline => &timeline::KIND,
            Self::Rollback => &rollback::KIND,
            Self::Info => &info::KIND,
        }
    }

    /// The pane so many steps on from another.
    #[must_use]
    pub fn step(self, from: Pane, by: usize) -> Pane {
        let panes = self.kind().panes;
        let at = panes.iter().position(|pane| *pane == from).unwrap_or(0);
        panes[(at + by) % panes.len()]
    }
}

impl std::fmt::Debug for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word)
    }
}

/// Draws the panes of the view that is open.
pub fn draw(scene: &Scene, view: &View, skin: Skin, area: Rect, frame: &mut Buffer) {
    let kind = view.page.kind();
    for (pane, place) in (kind.places)(scene, view, area) {
        (kind.draw)(scene, view, skin, pane, place, frame);
    }
}

/// The pane that has the keys, over the whole area: what a view shows where nothing more fits.
fn only(_: &Scene, view: &View, area: Rect) -> Vec<(Pane, Rect)> {
    vec![(view.focus, area)]
}

/// A pane as every view draws it that has nothing of its own to say of it.
fn plain(scene: &Scene, view: &View, skin: Skin, pane: Pane, area: Rect, frame: &mut Buffer) {
    pane::draw(scene, view, skin, pane, area, frame);
}
