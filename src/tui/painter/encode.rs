//! Cells as bytes, as few as it takes: over ssh, and for everybody who shares a session, each one counts.
//!
//! A style is changed by its differences or from the ground, whichever is shorter; the sixteen colours
//! have their short forms; and a gap that looks like what was written last is written, not jumped over.

use crate::text::cells;
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use std::io::Write;

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

/// Writes the cells of a frame onto a terminal that is in its plain style, and leaves it in that.
#[derive(Debug)]
pub(super) struct Pen<'f> {
    frame: &'f Buffer,
    bytes: Vec<u8>,
    /// Where the terminal is; none where that is not known.
    at: Option<(u16, u16)>,
    /// Where the last sign ends in the frame.
    end: Option<(u16, u16)>,
    look: Look,
    /// Room for two ways to another look, used again for each.
    step: Numbers,
    from_the_ground: Numbers,
}

/// The numbers of a sequence, with their semicolons.
#[derive(Debug, Default)]
struct Numbers(Vec<u8>);

impl<'f> Pen<'f> {
    /// A pen that writes behind these bytes.
    pub(super) fn new(frame: &'f Buffer, bytes: Vec<u8>) -> Self {
        let (step, from_the_ground) = (Numbers::default(), Numbers::default());
        Self { frame, bytes, at: None, end: None, look: Look::default(), step, from_the_ground }
    }

    /// Puts a cell of the frame where it is. What a terminal may join to the sign before it follows that directly.
    pub(super) fn put(&mut self, x: u16, y: u16, cell: &Cell) {
        let stands_alone = cells::stands_alone(cell.symbol());
        if stands_alone || self.end != Some((x, y)) {
            self.go_to(x, y);
        }
        self.take(Look::of(cell));
        self.bytes.extend(cell.symbol().as_bytes());
        // Terminals disagree about wide signs, about those that may be joined, and about what follows the last column.
        let width = u16::try_from(cells::width(cell.symbol())).unwrap_or(u16::MAX);
        let is_sure = stands_alone && width == 1 && x + 1 < self.frame.area.width;
        self.at = is_sure.then_some((x + 1, y));
        self.end = Some((x.saturating_add(width), y));
    }

    /// All that was written.
    #[must_use]
    pub(super) fn lift(mut self) -> Vec<u8> {
        if self.look != Look::default() {
            self.bytes.extend(b"\x1b[m");
        }
        self.bytes
    }

    fn go_to(&mut self, x: u16, y: u16) {
        match self.at {
            Some((at, row)) if row == y && at <= x => {
                if !self.write_gap(at, x, y) {
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
    fn write_gap(&mut self, from: u16, to: u16, y: u16) -> bool {
        if to - from > GAP {
            return false;
        }
        let frame = self.frame;
        let cells = || (from..to).filter_map(|x| frame.cell((x, y)));
        let is_plain = |cell: &Cell| Look::of(cell) == self.look && cell.symbol().len() == 1;
        let is_short = cells().all(is_plain);
        if is_short {
            self.bytes.extend(cells().flat_map(|cell| cell.symbol().as_bytes()));
        }
        is_short
    }

    /// Changes to another look.
    fn take(&mut self, look: Look) {
        if look == self.look {
            return;
        }
        self.step.0.clear();
        self.step.difference(self.look, look);
        self.from_the_ground.0.clear();
        if look != Look::default() {
            self.from_the_ground.push(0);
            self.from_the_ground.difference(Look::default(), look);
        }
        let is_near = self.step.0.len() <= self.from_the_ground.0.len();
        let numbers = if is_near { &self.step } else { &self.from_the_ground };
        self.bytes.extend(b"\x1b[");
        self.bytes.extend(&numbers.0);
        self.bytes.push(b'm');
        self.look = look;
    }
}

impl Numbers {
    fn push(&mut self, number: u8) {
        if !self.0.is_empty() {
            self.0.push(b';');
        }
        let digits = [100, 10, 1].into_iter().filter(|unit| number >= *unit || *unit == 1);
        self.0.extend(digits.map(|unit| b'0' + number / unit % 10));
    }

    /// The numbers that make one look of another.
    fn difference(&mut self, from: Look, to: Look) {
        let mut left = from.attributes;
        for (attribute, _, end) in ATTRIBUTES {
            if left.contains(attribute) && !to.attributes.contains(attribute) {
                self.push(end);
                // What ends together has to begin again.
                let ended = ATTRIBUTES.iter().filter(|(_, _, other)| *other == end);
                left = ended.fold(left, |left, (attribute, _, _)| left - *attribute);
            }
        }
        let begun = ATTRIBUTES.iter().filter(|(attribute, _, _)| (to.attributes - left).contains(*attribute));
        begun.for_each(|(_, begin, _)| self.push(*begin));
        if from.fg != to.fg {
            self.colour(to.fg, 0);
        }
        if from.bg != to.bg {
            self.colour(to.bg, 10);
        }
    }

    /// The numbers of a colour; ten more for a background.
    fn colour(&mut self, colour: Color, ground: u8) {
        let number = match colour {
            Color::Reset => 39,
            Color::Black => 30,
            Color::Red => 31,
            Color::Green => 32,
            Color::Yellow => 33,
            Color::Blue => 34,
            Color::Magenta => 35,
            Color::Cyan => 36,
            Color::Gray => 37,
            Color::DarkGray => 90,
            Color::LightRed => 91,
            Color::LightGreen => 92,
            Color::LightYellow => 93,
            Color::LightBlue => 94,
            Color::LightMagenta => 95,
            Color::LightCyan => 96,
            Color::White => 97,
            Color::Indexed(_) | Color::Rgb(..) => 38,
        };
        self.push(number + ground);
        match colour {
            Color::Indexed(index) => [5, index].into_iter().for_each(|number| self.push(number)),
            Color::Rgb(red, green, blue) => [2, red, green, blue].into_iter().for_each(|number| self.push(number)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
