//! A frame as text that a person can review: the rows, then the runs of style on each row.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};
use std::fmt::Write;
use warroom::tui::board;
use warroom::tui::scene::Scene;
use warroom::tui::skin::Skin;
use warroom::tui::view::View;

/// Draws a frame of a size.
pub(crate) fn frame(scene: &Scene, view: &View, skin: Skin, (width, height): (u16, u16)) -> Buffer {
    let mut frame = Buffer::empty(Rect::new(0, 0, width, height));
    board::draw(scene, view, skin, &mut frame);
    frame
}

/// The rows of a frame, without what is blank at their ends.
pub(crate) fn rows(frame: &Buffer) -> Vec<String> {
    (0..frame.area.height).map(|y| row(frame, y).trim_end().to_owned()).collect()
}

pub(crate) fn text(frame: &Buffer) -> String {
    rows(frame).join("\n")
}

fn row(frame: &Buffer, y: u16) -> String {
    (0..frame.area.width).map(|x| frame[(x, y)].symbol()).collect()
}

/// The rows, and below them the styles: `row: from-to style`, plain runs left out.
pub(crate) fn styled(frame: &Buffer) -> String {
    let mut out = rows(frame).iter().fold(String::new(), |out, row| out + "|" + row + "\n");
    out.push_str("---\n");
    for y in 0..frame.area.height {
        let mut runs: Vec<(u16, u16, String)> = Vec::new();
        for x in 0..frame.area.width {
            let style = style(&frame[(x, y)]);
            match runs.last_mut() {
                Some((_, to, known)) if *known == style && *to + 1 == x => *to = x,
                _ => runs.push((x, x, style)),
            }
        }
        let runs: Vec<String> = runs
            .into_iter()
            .filter(|(_, _, style)| !style.is_empty())
            .map(|(from, to, style)| format!("{from}-{to} {style}"))
            .collect();
        if !runs.is_empty() {
            writeln!(out, "{y}: {}", runs.join(", ")).expect("into a string");
        }
    }
    out
}

/// `red/black+bold`; nothing for what is plain. Blanks show no ink.
fn style(cell: &Cell) -> String {
    let mut out = String::new();
    let shows_ink = !cell.symbol().trim().is_empty() || cell.modifier.contains(Modifier::REVERSED);
    if cell.fg != Color::Reset && shows_ink {
        out.push_str(&cell.fg.to_string().to_lowercase());
    }
    if cell.bg != Color::Reset {
        out.push('/');
        out.push_str(&cell.bg.to_string().to_lowercase());
    }
    for (modifier, word) in [
        (Modifier::BOLD, "+bold"),
        (Modifier::DIM, "+dim"),
        (Modifier::REVERSED, "+reversed"),
        (Modifier::UNDERLINED, "+underlined"),
    ] {
        if cell.modifier.contains(modifier) && (shows_ink || modifier == Modifier::UNDERLINED) {
            out.push_str(word);
        }
    }
    out
}
