//! The whole screen as a pure function: what is live and what one looks at become a frame.

use super::ascii;
use super::layout::{Layout, Wanted};
use super::paint;
use super::region::{self, checklist, footer, gates, header, ramp, timeline, triggers, verdict};
use super::scene::Scene;
use super::skin::{Loud, Skin, Tone};
use super::view::{Pane, View};
use crate::clock::Stamp;
use crate::judge::Call;
use crate::session::event::show_clock;
use crate::text::Millis;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::Line;

/// Draws everything into an empty frame.
pub fn draw(scene: &Scene, view: &View, skin: Skin, frame: &mut Buffer) {
    let area = frame.area;
    if area.is_empty() {
        return;
    }
    let rows = |count: usize| u16::try_from(count).unwrap_or(u16::MAX);
    let wanted = Wanted {
        verdict: verdict::wanted(scene, area.width),
        gates: rows(gates::rows(scene).len()),
        triggers: rows(scene.plan().triggers.len()),
    };
    let layout = Layout::of(area, view, wanted);
    draw_crown(scene, view, skin, &layout, frame);
    draw_panes(scene, view, skin, &layout, frame);
    footer::draw(scene, view, skin, layout.footer, frame);
    for layer in &view.layers {
        layer.draw(skin, layout.free, frame);
    }
    footer::draw_toast(view, skin, area, layout.footer, frame);
    if skin.ascii {
        ascii::flatten(frame);
    }
}

/// Where we are and what the verdict is; turned as a whole when it is ROLLBACK.
fn draw_crown(scene: &Scene, view: &View, skin: Skin, layout: &Layout, frame: &mut Buffer) {
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

fn draw_panes(scene: &Scene, view: &View, skin: Skin, layout: &Layout, frame: &mut Buffer) {
    let frozen = view.frozen.as_ref().map(|live| {
        let then: Stamp = live.now;
        Scene::of(live, then, Millis::MAX)
    });
    let shown = frozen.as_ref().unwrap_or(scene);
    if !layout.tabs.is_empty() {
        paint::row(frame, layout.tabs, &tabs(shown, view, skin));
    }
    for (pane, area) in &layout.panes {
        draw_pane(shown, view, skin, *pane, *area, frozen.is_some(), frame);
    }
}

fn draw_pane(scene: &Scene, view: &View, skin: Skin, pane: Pane, area: Rect, is_frozen: bool, frame: &mut Buffer) {
    let is_focus = view.focus == pane;
    let (title, right) = titles(scene, pane);
    let edge = skin.style(if is_focus { Tone::Accent } else { Tone::Muted });
    let tone = if is_focus { Tone::Accent } else { Tone::Strong };
    let mut title = Line::from(paint::span(skin, tone, format!(" {title} ")));
    if is_frozen {
        let text = format!(" FROZEN {} ", show_clock(scene.at));
        title.push_span(ratatui::text::Span::styled(text, skin.loud(Loud::Notice)));
    }
    let right = if right.0.is_empty() {
        Line::default()
    } else {
        Line::from(paint::span(skin, right.1, format!(" {} ", right.0)))
    };
    let inner = region::draw_frame(frame, area, &title, &right, edge);
    let cursor = is_focus.then(|| view.cursor(pane, scene));
    match pane {
        Pane::Gates => gates::draw(scene, skin, cursor, inner, frame),
        Pane::Triggers => triggers::draw(scene, skin, cursor, inner, frame),
        Pane::Checklist => checklist::draw(scene, view, skin, cursor, inner, frame),
        Pane::Timeline => timeline::draw(scene, skin, cursor, inner, frame),
    }
}

/// A pane's name, and the one thing worth knowing without looking into it.
fn titles(scene: &Scene, pane: Pane) -> (String, (String, Tone)) {
    match pane {
        Pane::Gates => {
            let stage = scene.stage_in_view().map(|id| format!(" {}", scene.plan().stage(id).name));
            let counting: Vec<_> = gates::rows(scene).into_iter().filter(|row| row.counts).collect();
            let passing = counting.iter().filter(|row| row.mark.tone == Tone::Good).count();
            let tone = if passing == counting.len() { Tone::Good } else { Tone::Wait };
            (format!("Gates{}", stage.unwrap_or_default()), (format!("{passing} of {} pass", counting.len()), tone))
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
        Pane::Timeline => ("Timeline".to_owned(), (String::new(), Tone::Muted)),
    }
}

/// The panes by name where only one is shown.
fn tabs(scene: &Scene, view: &View, skin: Skin) -> Line<'static> {
    let mut line = Line::from(" ");
    for (number, pane) in (1..).zip(Pane::ALL) {
        let (_, (right, tone)) = titles(scene, pane);
        let style = skin.style(if pane == view.focus { Tone::Accent } else { Tone::Muted });
        let style = if pane == view.focus { style.add_modifier(Modifier::REVERSED) } else { style };
        line.push_span(ratatui::text::Span::styled(format!(" {number} {} ", pane.word()), style));
        if !right.is_empty() {
            line.push_span(paint::span(skin, tone, format!(" {right}")));
        }
        line.push_span("  ");
    }
    line
}
