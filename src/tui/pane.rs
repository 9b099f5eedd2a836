//! A pane: one list of things in a frame, the same in every view that shows it.

use super::paint;
use super::region::{self, checklist, commands, gates, info, timeline, triggers};
use super::scene::Scene;
use super::skin::{Loud, Skin, Tone};
use super::view::View;
use crate::session::event::show_clock;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// A pane with fewer rows than this is not worth its frame.
pub const LEAST: u16 = 5;

/// What a pane lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    Gates,
    Triggers,
    #[default]
    Checklist,
    Timeline,
    Commands,
    Info,
}

impl Pane {
    pub const COUNT: usize = 6;
}

/// Draws a pane: its frame where there is room for one, and what is in it.
pub fn draw(scene: &Scene, view: &View, skin: Skin, pane: Pane, area: Rect, frame: &mut Buffer) {
    let inner = draw_frame(scene, view, skin, pane, area, frame);
    let cursor = (view.focus == pane).then(|| view.cursor(pane, scene));
    match pane {
        Pane::Gates => gates::draw(scene, view, skin, cursor, inner, frame),
        Pane::Triggers => triggers::draw(scene, view, skin, cursor, inner, frame),
        Pane::Checklist => checklist::draw(scene, view, skin, cursor, inner, frame),
        Pane::Timeline => timeline::draw(scene, view, skin, cursor, inner, frame),
        Pane::Commands => {
            let selected = view.cursor(pane, scene);
            commands::draw(scene, skin, selected, cursor.is_some(), inner, frame);
        }
        Pane::Info => info::draw(scene, view, skin, cursor, inner, frame),
    }
}

/// What is inside the frame of a pane.
#[must_use]
pub fn inside(area: Rect) -> Rect {
    if area.height < LEAST || area.width < 2 {
        return area;
    }
    Rect { x: area.x + 1, y: area.y + 1, width: area.width - 2, height: area.height - 2 }
}

/// Draws the frame of a pane with its titles and gives what is inside; all of it where it is low.
pub fn draw_frame(scene: &Scene, view: &View, skin: Skin, pane: Pane, area: Rect, frame: &mut Buffer) -> Rect {
    if area.height < LEAST {
        return area;
    }
    let is_focus = view.focus == pane;
    let (title, right) = titles(scene, view, pane);
    let edge = skin.style(if is_focus { Tone::Accent } else { Tone::Muted });
    let tone = if is_focus { Tone::Accent } else { Tone::Strong };
    let mut title = Line::from(paint::span(skin, tone, format!(" {title} ")));
    if view.frozen.is_some() {
        let text = format!(" FROZEN {} ", show_clock(scene.at));
        title.push_span(Span::styled(text, skin.loud(Loud::Notice)));
    }
    let right = if right.0.is_empty() {
        Line::default()
    } else {
        Line::from(paint::span(skin, right.1, format!(" {} ", right.0)))
    };
    region::draw_frame(frame, area, &title, &right, edge)
}

/// A pane's name, and the one thing worth knowing without looking into it.
#[must_use]
pub fn titles(scene: &Scene, view: &View, pane: Pane) -> (String, (String, Tone)) {
    let nothing = || (String::new(), Tone::Muted);
    match pane {
        Pane::Gates => {
            let stage = scene.stage_in_view().map(|id| format!(" {}", scene.plan().stage(id).name));
            (format!("Gates{}", stage.unwrap_or_default()), passing(scene))
        }
        Pane::Triggers => {
            let tripped = triggers::tripped(&triggers::rows(scene));
            let right = if tripped > 0 { format!("{tripped} tripped") } else { String::new() };
            ("Rollback triggers".to_owned(), (right, Tone::Bad))
        }
        Pane::Checklist => {
            let (title, open) = checklist::titles(scene);
            (title, (open, Tone::Strong))
        }
        Pane::Timeline => ("Timeline".to_owned(), (view.shown().word().to_owned(), Tone::Strong)),
        Pane::Commands => ("Rollback commands".to_owned(), nothing()),
        Pane::Info => ("Info".to_owned(), nothing()),
    }
}

/// How many of the gates that count pass.
#[must_use]
pub fn passing(scene: &Scene) -> (String, Tone) {
    let (passing, counting) = gates::passing(scene);
    (format!("{passing} of {counting} pass"), if passing == counting { Tone::Good } else { Tone::Wait })
}
