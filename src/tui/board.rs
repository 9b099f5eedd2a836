//! The whole screen as a pure function: what is live and what one looks at become a frame.

use super::ascii;
use super::crown;
use super::layout::Layout;
use super::paint::{self, split_bottom};
use super::region::{footer, verdict};
use super::review::bar;
use super::scene::Scene;
use super::skin::Skin;
use super::view::View;
use super::views;
use crate::text::Millis;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Draws everything into an empty frame.
pub fn draw(scene: &Scene, view: &View, skin: Skin, frame: &mut Buffer) {
    let area = frame.area;
    if area.is_empty() {
        return;
    }
    match &view.review {
        None => draw_board(scene, view, skin, frame),
        Some(review) => {
            let (above, below) = split_bottom(area, bar::rows(review, area.height));
            let mut board = Buffer::empty(above);
            draw_board(scene, view, skin, &mut board);
            frame.merge(&board);
            bar::draw(scene, review, skin, below, frame);
        }
    }
    paint::settle(frame);
    if skin.ascii {
        ascii::flatten(frame);
    }
}

fn draw_board(scene: &Scene, view: &View, skin: Skin, frame: &mut Buffer) {
    let area = frame.area;
    let layout = layout(scene, view, area);
    crown::draw(scene, view, skin, &layout, frame);
    draw_view(scene, view, skin, &layout, frame);
    footer::draw(scene, view, skin, layout.footer, frame);
    for layer in &view.layers {
        layer.draw(skin, layout.free, frame);
    }
    footer::draw_chords(view, skin, layout.free, frame);
    footer::draw_toast(view, skin, area, layout.footer, frame);
}

/// Where everything stands on a screen.
#[must_use]
pub fn layout(scene: &Scene, view: &View, area: Rect) -> Layout {
    Layout::of(area, view, verdict::wanted(scene, area))
}

/// A view that is frozen shows what was live then; the crown above it goes on.
fn draw_view(scene: &Scene, view: &View, skin: Skin, layout: &Layout, frame: &mut Buffer) {
    let frozen = view.frozen.as_ref().map(|live| Scene::of(live, live.now, Millis::MAX));
    let shown = frozen.as_ref().unwrap_or(scene);
    crown::draw_tabs(shown, view, skin, layout, frame);
    if !layout.body.is_empty() {
        views::draw(shown, view, skin, layout.body, frame);
    }
}
