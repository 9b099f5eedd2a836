//! What can be done now, and the word about what was done.
//!
//! ```text
//!  P promote  R rollback  space tick  n note  Tab pane  / find  : palette  ? help
//! ```

use crate::judge::Call;
use crate::tui::actions::{self, Action, Hint};
use crate::tui::layer::Layer;
use crate::tui::paint::{self, line_width};
use crate::tui::review::keys::HINTS;
use crate::tui::scene::Scene;
use crate::tui::skin::{Skin, Tone};
use crate::tui::view::View;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

/// A toast takes at most so many rows.
const TOAST_ROWS: usize = 4;

pub fn draw(scene: &Scene, view: &View, skin: Skin, area: Rect, frame: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let keys = match view.layers.last() {
        None if view.review.is_some() => review_hints(skin, area.width),
        None => hints(scene, view, skin, area.width),
        Some(Layer::Ask(_)) => Line::from(paint::span(skin, Tone::Muted, " Esc leaves it as it is")),
        Some(_) => Line::from(paint::span(skin, Tone::Muted, " Esc closes")),
    };
    paint::row(frame, area, &keys);
}

/// The hinted actions that can be done, as many as fit; help is always among them.
fn hints(scene: &Scene, view: &View, skin: Skin, room: u16) -> Line<'static> {
    let hint = |action: &Action| {
        let key = action.keys().next().unwrap_or_default();
        vec![
            Span::raw(" "),
            paint::span(skin, Tone::Accent, key),
            paint::span(skin, Tone::Plain, format!(" {} ", action.name)),
        ]
    };
    let help = actions::of(view.page).find(|action| action.name == "help").map(hint).unwrap_or_default();
    let least = line_width(&Line::from(help.clone()));
    let mut line = Line::default();
    let is_hinted = |action: &&Action| match action.hint {
        Hint::Always => action.name != "help",
        Hint::OnGo => scene.verdict.call == Call::Go,
        Hint::Never => false,
    };
    for action in actions::of(view.page).filter(is_hinted) {
        let more = hint(action);
        let wide = line_width(&line) + line_width(&Line::from(more.clone()));
        if (action.enabled)(view, scene).is_ok() && wide + least <= room {
            line.spans.extend(more);
        }
    }
    line.spans.extend(help);
    line
}

/// Draws what may follow the first key of two, one row each, where the second one takes its time.
pub fn draw_chords(view: &View, skin: Skin, free: Rect, frame: &mut Buffer) {
    let Some(first) = view.prefix.filter(|prefix| prefix.is_slow).map(|prefix| prefix.sign) else { return };
    let rows: Vec<Line<'static>> = actions::after(view.page, first)
        .map(|(second, action)| {
            let keys = paint::span(skin, Tone::Accent, format!(" {first} {second}  "));
            Line::from(vec![keys, paint::span(skin, Tone::Plain, format!("{:<14}{}", action.name, action.what))])
        })
        .collect();
    let wanted = u16::try_from(rows.len()).unwrap_or(u16::MAX).saturating_add(2);
    let (_, area) = paint::split_bottom(free, wanted.saturating_add(1));
    let (area, _) = paint::split_bottom(area, 1);
    let area = Rect { width: area.width.min(64), ..area };
    paint::fill(frame, area, ratatui::style::Style::new());
    let title = Line::from(paint::span(skin, Tone::Accent, format!(" {first} … ")));
    let inner = super::draw_frame(frame, area, &title, &Line::default(), skin.style(Tone::Accent));
    for (area, row) in inner.rows().zip(&rows) {
        paint::row(frame, area, row);
    }
}

/// The keys that wind a recorded night, as many as fit.
fn review_hints(skin: Skin, room: u16) -> Line<'static> {
    let mut line = Line::default();
    for (key, what) in HINTS.into_iter().chain([("?", "help"), ("q", "quit")]) {
        let more =
            [Span::raw(" "), paint::span(skin, Tone::Accent, key), paint::span(skin, Tone::Plain, format!(" {what} "))];
        if line_width(&line) + line_width(&Line::from(more.to_vec())) <= room {
            line.spans.extend(more);
        }
    }
    line
}

/// Draws the toast above the footer, over whatever is there.
pub fn draw_toast(view: &View, skin: Skin, screen: Rect, footer: Rect, frame: &mut Buffer) {
    let Some(toast) = &view.toast else { return };
    let bottom = if footer.is_empty() { screen.bottom() } else { footer.y };
    let mut rows = paint::wrap(&toast.text, screen.width.saturating_sub(2));
    // The first row of the screen says GO, HOLD or ROLLBACK: a toast never covers it.
    rows.truncate(TOAST_ROWS.min(usize::from(bottom.saturating_sub(screen.y + 2))));
    let count = u16::try_from(rows.len()).unwrap_or(0);
    let style = skin.style(toast.tone).add_modifier(Modifier::REVERSED);
    for (y, text) in (bottom - count..).zip(rows) {
        let row = Rect { y, height: 1, ..screen };
        paint::fill(frame, row, style);
        paint::row(frame, row, &Line::from(format!(" {text}")).style(style));
    }
}
