//! What stands on top of every view: where we are, what the verdict is, and the names of the views.
//!
//! It turns as a whole when the verdict is ROLLBACK.

use super::layout::Layout;
use super::paint;
use super::pane;
use super::region::{checklist, header, ramp, tonight, triggers, verdict};
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
    let (line, _) = fitting(scene, view, skin, layout);
    let notice = tonight::notices(scene).into_iter().next();
    let notice = notice.map(|(tone, text)| Line::from(paint::span(skin, tone, format!(" {text} "))));
    let beside = |notice: &Line<'_>| paint::line_width(&line) + paint::line_width(notice) <= layout.tabs.width;
    match notice.filter(beside) {
        Some(notice) => paint::ends(frame, layout.tabs, &line, &notice),
        None => paint::row(frame, layout.tabs, &line),
    }
}

/// The view whose name stands in a column of the row of views.
#[must_use]
pub fn tab_at(scene: &Scene, view: &View, layout: &Layout, x: u16) -> Option<Page> {
    let (_, starts) = fitting(scene, view, Skin::default(), layout);
    let column = x.checked_sub(layout.tabs.x)?;
    starts.into_iter().rev().find(|(_, start)| *start <= column).map(|(page, _)| page)
}

/// The row with as much detail as fits, with room for what the night has to say if that can be,
/// and where each view begins in it.
fn fitting(scene: &Scene, view: &View, skin: Skin, layout: &Layout) -> (Line<'static>, Vec<(Page, u16)>) {
    let notice = tonight::notices(scene).into_iter().next().map_or(0, |(_, text)| paint::width(&text) + 2);
    let mut rows = [Detail::Full, Detail::Names, Detail::Keys].map(|detail| tabs(scene, view, skin, detail)).to_vec();
    let fits = |beside: u16| rows.iter().position(|(line, _)| paint::line_width(line) + beside <= layout.tabs.width);
    let chosen = fits(notice).or_else(|| fits(0)).unwrap_or(rows.len() - 1);
    rows.swap_remove(chosen)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Detail {
    Full,
    Names,
    Keys,
}

fn tabs(scene: &Scene, view: &View, skin: Skin, detail: Detail) -> (Line<'static>, Vec<(Page, u16)>) {
    let mut line = Line::from("");
    let mut starts = Vec::new();
    for (number, page) in (1..).zip(Page::ALL) {
        starts.push((page, paint::line_width(&line)));
        let is_open = page == view.page;
        let style = skin.style(if is_open { Tone::Accent } else { Tone::Muted });
        let style = if is_open { style.add_modifier(Modifier::REVERSED) } else { style };
        let word = page.kind().word;
        let name =
            if detail == Detail::Keys && !is_open { format!(" {number} ") } else { format!(" {number} {word} ") };
        line.push_span(Span::styled(name, style));
        let about = if detail == Detail::Full { about(scene, page) } else { None };
        if let Some((text, tone)) = about {
            line.push_span(paint::span(skin, tone, format!(" {text} ")));
        }
        line.push_span(if detail == Detail::Full { "  " } else { " " });
    }
    (line, starts)
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
