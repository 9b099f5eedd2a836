//! What stands on top of every view: where we are, what the verdict is, and the names of the views.
//!
//! It turns as a whole when the verdict is ROLLBACK.

use super::layout::Layout;
use super::paint;
use super::pane;
use super::region::{checklist, header, ramp, triggers, verdict};
use super::scene::Scene;
use super::skin::{Loud, Skin, Tone};
use super::view::View;
use super::views::Page;
use crate::judge::Call;
use ratatui::buffer::Buffer;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

/// Draws header, ramp and verdict, or the one line that is left of them.
pub fn draw(scene: &Scene, view: &View, skin: Skin, layout: &Layout, frame: &mut Buffer) {
    if !layout.line.is_empty() {
        return verdict::draw_line(scene, skin, layout.line, frame);
    }
    header::draw(scene, view, skin, layout.header, frame);
    ramp::draw(scene, skin, layout.ramp, frame);
    verdict::draw(scene, skin, layout.verdict, !layout.header.is_empty(), frame);
    if scene.verdict.call == Call::Rollback && !scene.is_closed() {
        let style = skin.loud(Loud::Call(Call::Rollback));
        for part in [layout.header, layout.ramp, layout.verdict] {
            for at in part.positions() {
                if let Some(cell) = frame.cell_mut(at) {
                    cell.modifier.remove(Modifier::DIM | Modifier::REVERSED);
                    cell.set_style(style);
                }
            }
        }
    }
}

/// Draws the views by key and name, each with the one thing worth knowing of it from elsewhere;
/// where that does not fit, with the names alone, then with the keys alone.
pub fn draw_tabs(scene: &Scene, view: &View, skin: Skin, layout: &Layout, frame: &mut Buffer) {
    let tabs = [Detail::Full, Detail::Names, Detail::Keys].map(|detail| tabs(scene, view, skin, detail));
    let fits = tabs.iter().find(|line| paint::line_width(line) <= layout.tabs.width);
    paint::row(frame, layout.tabs, fits.unwrap_or(&tabs[2]));
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Detail {
    Full,
    Names,
    Keys,
}

fn tabs(scene: &Scene, view: &View, skin: Skin, detail: Detail) -> Line<'static> {
    let mut line = Line::from("");
    for (number, page) in (1..).zip(Page::ALL) {
        let is_open = page == view.page;
        let style = skin.style(if is_open { Tone::Accent } else { Tone::Muted });
        let style = if is_open { style.add_modifier(Modifier::REVERSED) } else { style };
        let word = page.kind().word;
        let name =
            if detail == Detail::Keys && !is_open { format!(" {number} ") } else { format!(" {number} {word} ") };
        line.push_span(Span::styled(name, style));
        if let Some((text, tone)) = about(scene, page).filter(|_| detail == Detail::Full) {
            line.push_span(paint::span(skin, tone, format!(" {text} ")));
        }
        line.push_span(if detail == Detail::Full { "  " } else { " " });
    }
    line
}

/// What is worth knowing of a view that is not open.
fn about(scene: &Scene, page: Page) -> Option<(String, Tone)> {
    match page {
        Page::Gates => Some(pane::passing(scene)),
        Page::Checklist => {
            let (title, open) = checklist::titles(scene);
            let tone = if open.is_empty() { Tone::Muted } else { Tone::Strong };
            let count = title.rsplit(' ').next().unwrap_or_default().to_owned();
            Some((if open.is_empty() { count } else { format!("{count}, {open}") }, tone))
        }
        Page::Rollback => {
            let tripped = triggers::tripped(&triggers::rows(scene));
            (tripped > 0).then(|| (format!("{tripped} tripped"), Tone::Bad))
        }
        Page::Board | Page::Timeline | Page::Info => None,
    }
}
