//! Whom to call, where to look, and how the sources are.

use super::header;
use crate::judge::skew;
use crate::tui::paint;
use crate::tui::scene::Scene;
use crate::tui::skin::{Skin, Tone};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

/// One row: a heading, or a name with what there is to say of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    Heading(&'static str),
    Entry { name: String, tone: Tone, text: String },
}

impl Row {
    fn entry(name: impl Into<String>, tone: Tone, text: impl Into<String>) -> Self {
        Self::Entry { name: name.into(), tone, text: text.into() }
    }
}

/// Everything, in the order of need.
#[must_use]
pub fn rows(scene: &Scene) -> Vec<Row> {
    let plan = scene.plan();
    let contacts =
        plan.contacts.iter().map(|contact| Row::entry(&contact.role, Tone::Plain, contact.details.join("  ")));
    let sources = header::sources(scene).into_iter().map(|source| {
        let tone = if source.answers { Tone::Good } else { Tone::Unknown };
        let age =
            source.age.map_or_else(|| "no answer yet".to_owned(), |age| format!("answered {} ago", paint::age(age)));
        let skew = source.skew.map(|skew| format!(", {}", skew::say(skew))).unwrap_or_default();
        let age = format!("{age}{skew}");
        Row::entry(source.name, tone, age)
    });
    let mut rows = Vec::new();
    under("Contacts", contacts.collect(), &mut rows);
    under("Sources", sources.collect(), &mut rows);
    rows
}

fn under(heading: &'static str, entries: Vec<Row>, rows: &mut Vec<Row>) {
    if !entries.is_empty() {
        rows.push(Row::Heading(heading));
        rows.extend(entries);
    }
}

/// Draws the rows that fit; the one the keys act on is among them.
pub fn draw(scene: &Scene, skin: Skin, cursor: Option<usize>, area: Rect, frame: &mut Buffer) {
    let rows = rows(scene);
    let shown = paint::window(rows.len(), cursor.unwrap_or(0), area.height);
    for (y, at) in (0..).zip(shown) {
        let line = match &rows[at] {
            Row::Heading(text) => Line::from(paint::span(skin, Tone::Accent, format!(" {text}"))),
            Row::Entry { name, tone, text } => Line::from(vec![
                paint::span(skin, Tone::Plain, format!("   {name:<24} ")),
                paint::span(skin, *tone, text.clone()),
            ]),
        };
        super::draw_row(frame, paint::nth_row(area, y), &line, cursor == Some(at));
    }
}
