//! Cells as bytes, as few as it takes: over ssh, and for everybody who shares a session, each one counts.
//!
//! A style is changed by its differences or from the ground, whichever is shorter; the sixteen colours
//! have their short forms; and a gap that looks like what was written last is written, not jumped over.

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use std::io::Write;
use unicode_width::UnicodeWidthStr;

/// Jumping takes more bytes than writing so many cells again.
const GAP: u16 = 4;

/// Each attribute with the numbers that begin and end it. Bold and dim end together.
const ATTRIBUTES: [(Modifier, u8, u8); 9] = [
    (Modifier::BOLD, 1, 22),
    (Modifier::DIM, 2, 22),
    (Modifier::ITALIC, 3, 23),
    (Modifier::UNDERLINED, 4, 24),
    (Modifier::SLOW_BLINK, 5, 25),
    (Modifier::RAPID_BLINK, 6, 25),
    (Modifier::REVERSED, 7, 27),
    (Modifier::HIDDEN, 8, 28),
    (Modifier::CROSSED_OUT, 9, 29),
];

/// How a cell looks, without what it says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Look {
    fg: Color,
    bg: Color,
    attributes: Modifier,
}

impl Look {
    const fn of(cell: &Cell) -> Self {
        Self { fg: cell.fg, bg: cell.bg, attributes: cell.modifier }
    }
}

/// Where the terminal is while a frame is written.
#[derive(Debug, Default)]
struct Pen {
    bytes: Vec<u8>,
    /// None where it is not known.
    at: Option<(u16, u16)>,
    look: Look,
}

/// The bytes that bring these cells of a frame onto a terminal that is in its plain style, and leave it
/// in that.
#[must_use]
pub(super) fn encode(changed: &[(u16, u16, &Cell)], frame: &Buffer) -> Vec<u8> {
    let mut pen = Pen::default();
    for (x, y, cell) in changed {
        pen.go_to(*x, *y, frame);
        pen.put(*x, *y, cell, frame.area.width);
    }
    if pen.look != Look::default() {
        pen.bytes.extend(b"\x1b[m");
    }
    pen.bytes
}

impl Pen {
    fn put(&mut self, x: u16, y: u16, cell: &Cell, width: u16) {
        self.take(Look::of(cell));
        self.bytes.extend(cell.symbol().as_bytes());
        // Terminals disagree about wide signs, and about what follows the last column.
        let is_sure = cell.symbol().width() == 1 && x + 1 < width;
        self.at = is_sure.then_some((x + 1, y));
    }

    fn go_to(&mut self, x: u16, y: u16, frame: &Buffer) {
        match self.at {
            Some((at, row)) if row == y && at <= x => {
                if !self.write_gap(at, x, y, frame) {
                    self.jump(x - at);
                }
            }
            // Writing into memory cannot fail, here and below.
            _ => drop(write!(self.bytes, "\x1b[{};{}H", y + 1, x + 1)),
        }
    }

    fn jump(&mut self, columns: u16) {
        match columns {
            0 => {}
            1 => self.bytes.extend(b"\x1b[C"),
            _ => drop(write!(self.bytes, "\x1b[{columns}C")),
        }
    }

    /// Writes what is there already between two places, if that is short and needs no other style.
    fn write_gap(&mut self, from: u16, to: u16, y: u16, frame: &Buffer) -> bool {
        if to - from > GAP {
            return false;
        }
        let cells = || (from..to).filter_map(|x| frame.cell((x, y)));
        let is_plain = |cell: &Cell| Look::of(cell) == self.look && cell.symbol().len() == 1;
        let is_short = cells().all(is_plain);
        if is_short {
            let text: String = cells().map(Cell::symbol).collect();
            self.bytes.extend(text.as_bytes());
        }
        is_short
    }

    /// Changes to another look.
    fn take(&mut self, look: Look) {
        if look == self.look {
            return;
        }
        let step = difference(self.look, look);
        let from_the_ground = match difference(Look::default(), look) {
            nothing if nothing.is_empty() => nothing,
            numbers => format!("0;{numbers}"),
        };
        let numbers = if step.len() <= from_the_ground.len() { step } else { from_the_ground };
        drop(write!(self.bytes, "\x1b[{numbers}m"));
        self.look = look;
    }
}

/// The numbers that make one look of another.
fn difference(from: Look, to: Look) -> String {
    let mut numbers = Vec::new();
    let mut left = from.attributes;
    for (attribute, _, end) in ATTRIBUTES {
        if left.contains(attribute) && !to.attributes.contains(attribute) {
            numbers.push(end.to_string());
            // What ends together has to begin again.
            let ended = ATTRIBUTES.iter().filter(|(_, _, other)| *other == end);
            left = ended.fold(left, |left, (attribute, _, _)| left - *attribute);
        }
    }
    let begun = ATTRIBUTES.iter().filter(|(attribute, _, _)| (to.attributes - left).contains(*attribute));
    numbers.extend(begun.map(|(_, begin, _)| begin.to_string()));
    if from.fg != to.fg {
        numbers.push(colour(to.fg, 0));
    }
    if from.bg != to.bg {
        numbers.push(colour(to.bg, 10));
    }
    numbers.join(";")
}

/// The numbers of a colour; ten more for a background.
fn colour(colour: Color, ground: u8) -> String {
    let dark = |number: u8| (30 + number + ground).to_string();
    let bright = |number: u8| (90 + number + ground).to_string();
    match colour {
        Color::Reset => (39 + ground).to_string(),
        Color::Black => dark(0),
        Color::Red => dark(1),
        Color::Green => dark(2),
        Color::Yellow => dark(3),
        Color::Blue => dark(4),
        Color::Magenta => dark(5),
        Color::Cyan => dark(6),
        Color::Gray => dark(7),
        Color::DarkGray => bright(0),
        Color::LightRed => bright(1),
        Color::LightGreen => bright(2),
        Color::LightYellow => bright(3),
        Color::LightBlue => bright(4),
        Color::LightMagenta => bright(5),
        Color::LightCyan => bright(6),
        Color::White => bright(7),
        Color::Indexed(index) => format!("{};5;{index}", 38 + ground),
        Color::Rgb(red, green, blue) => format!("{};2;{red};{green};{blue}", 38 + ground),
    }
}

#[cfg(test)]
mod tests;
