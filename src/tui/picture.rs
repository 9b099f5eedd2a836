//! A frame as SVG, made from the cells that a terminal would show: the pictures in the documentation
//! cannot lie.

use super::theme::Ground;
use crate::text::cells;
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use std::borrow::Cow;
use std::fmt::Write;

/// The size of a cell, in the picture's units.
const CELL: (u32, u32) = (9, 18);
const MARGIN: u32 = 12;
/// What a terminal shows where a cell says nothing.
#[derive(Clone, Copy)]
struct Blank {
    ink: &'static str,
    ground: &'static str,
}

const DARK: Blank = Blank { ink: "#d5d8df", ground: "#16181d" };
const LIGHT: Blank = Blank { ink: "#1f2329", ground: "#fbfbf9" };

/// Draws a frame as one self-contained SVG, on the ground that its theme is made for.
#[must_use]
pub fn svg(frame: &Buffer, ground: Ground) -> String {
    let blank = match ground {
        Ground::Dark => DARK,
        Ground::Light => LIGHT,
    };
    let (columns, rows) = (u32::from(frame.area.width), u32::from(frame.area.height));
    let (width, height) = (columns * CELL.0 + 2 * MARGIN, rows * CELL.1 + 2 * MARGIN);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
         height=\"{height}\" font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\" \
         font-size=\"14.95\">\n<rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"{}\"/>\n",
        blank.ground
    );
    for row in 0..frame.area.height {
        let cells: Vec<&Cell> = (0..frame.area.width).filter_map(|column| frame.cell((column, row))).collect();
        draw_row(&mut text, blank, &cells, u32::from(row));
    }
    text.push_str("</svg>\n");
    text
}

/// Cells that look the same side by side are one run.
fn draw_row(text: &mut String, blank: Blank, cells: &[&Cell], row: u32) {
    let mut column = 0;
    for run in cells.chunk_by(|left, right| look(left, blank) == look(right, blank)) {
        let width = u32::try_from(run.len()).unwrap_or(u32::MAX);
        draw_run(text, blank, run, (column, row), width);
        column += width;
    }
}

fn draw_run(text: &mut String, blank: Blank, run: &[&Cell], (column, row): (u32, u32), width: u32) {
    let Some(first) = run.first() else { return };
    let Look { ink, ground, bold, muted, underlined } = look(first, blank);
    let (x, y) = (MARGIN + column * CELL.0, MARGIN + row * CELL.1);
    if ground != blank.ground {
        let _ = writeln!(
            text,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{}\" fill=\"{ground}\"/>",
            width * CELL.0,
            CELL.1
        );
    }
    let words: String = run.iter().map(|cell| cell.symbol()).collect();
    if words.trim().is_empty() {
        return;
    }
    let length = u32::try_from(cells::width(words.trim_end())).unwrap_or(width) * CELL.0;
    let style = [
        bold.then_some(" font-weight=\"bold\""),
        muted.then_some(" opacity=\"0.65\""),
        underlined.then_some(" text-decoration=\"underline\""),
    ];
    let style: String = style.into_iter().flatten().collect();
    let _ = writeln!(
        text,
        "<text x=\"{x}\" y=\"{}\" fill=\"{ink}\" textLength=\"{length}\" xml:space=\"preserve\"{style}>{}</text>",
        y + 14,
        escape(words.trim_end())
    );
}

#[derive(Clone, PartialEq, Eq)]
struct Look {
    ink: Cow<'static, str>,
    ground: Cow<'static, str>,
    bold: bool,
    muted: bool,
    underlined: bool,
}

fn look(cell: &Cell, blank: Blank) -> Look {
    let (mut ink, mut ground) = (colour(cell.fg, blank.ink), colour(cell.bg, blank.ground));
    if cell.modifier.contains(Modifier::REVERSED) {
        std::mem::swap(&mut ink, &mut ground);
    }
    Look {
        ink,
        ground,
        bold: cell.modifier.contains(Modifier::BOLD),
        muted: cell.modifier.contains(Modifier::DIM),
        underlined: cell.modifier.contains(Modifier::UNDERLINED),
    }
}

/// The sixteen colours as a calm terminal has them.
fn colour(colour: Color, otherwise: &'static str) -> Cow<'static, str> {
    Cow::Borrowed(match colour {
        Color::Rgb(red, green, blue) => return format!("#{red:02x}{green:02x}{blue:02x}").into(),
        Color::Black => "#16181d",
        Color::Red => "#d6554c",
        Color::Green => "#7cb868",
        Color::Yellow => "#e0b345",
        Color::Blue => "#5b8fd9",
        Color::Magenta => "#b57bc6",
        Color::Cyan => "#56b3b4",
        Color::Gray => "#b9bdc7",
        Color::DarkGray => "#7d8390",
        Color::LightRed => "#f0776d",
        Color::LightGreen => "#98d482",
        Color::LightYellow => "#f4cc66",
        Color::LightBlue => "#7daaf0",
        Color::LightMagenta => "#d09be0",
        Color::LightCyan => "#78d0d1",
        Color::White => "#f2f4f8",
        Color::Reset | Color::Indexed(_) => otherwise,
    })
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    #[test]
    fn cells_become_runs_and_text_stays_text() {
        let mut frame = Buffer::empty(Rect::new(0, 0, 8, 1));
        frame.set_string(0, 0, "<b> & c", Style::new());
        frame.set_string(0, 0, "<b>", Style::new().fg(Color::Green).bg(Color::Red));
        let drawn = svg(&frame, Ground::Dark);
        assert!(drawn.contains(">&lt;b&gt;</text>") && drawn.contains("> &amp; c</text>"), "{drawn}");
        assert!(svg(&frame, Ground::Light).contains("rx=\"8\" fill=\"#fbfbf9\""), "a light theme has a light ground");
        assert!(drawn.contains("fill=\"#d6554c\"") && drawn.contains("fill=\"#7cb868\""), "{drawn}");
    }
}
