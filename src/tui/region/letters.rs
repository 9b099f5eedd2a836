//! Large letters, for the one word that must be read from the back of the room: three rows high, and six
//! where the screen has the room.

use crate::tui::paint;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// Rows of the shapes.
const ROWS: usize = 3;
const LETTER: u16 = 4;
const GAP: u16 = 1;

/// How large.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    Large,
    /// Every half of a cell of a shape is a cell of its own, and twice as wide.
    Huge,
}

impl Size {
    const fn times(self) -> u16 {
        match self {
            Self::Large => 1,
            Self::Huge => 2,
        }
    }

    /// Rows a letter takes.
    #[must_use]
    pub const fn height(self) -> u16 {
        3 * self.times()
    }

    /// Columns a word takes.
    #[must_use]
    pub fn width(self, word: &str) -> u16 {
        u16::try_from(word.len()).unwrap_or(u16::MAX).saturating_mul((LETTER + GAP) * self.times())
    }
}

/// Draws a word; signs that have no large shape are left blank.
pub fn draw(word: &str, size: Size, style: Style, area: Rect, frame: &mut Buffer) {
    let lines = (0..ROWS).map(|row| word.chars().map(|letter| shape(letter)[row]).collect::<Vec<_>>().join(" "));
    let lines: Vec<String> = match size {
        Size::Large => lines.collect(),
        Size::Huge => lines.flat_map(|line| [halved(&line, "█▀"), halved(&line, "█▄")]).collect(),
    };
    for (row, line) in area.rows().zip(lines) {
        paint::signs(frame, Rect { x: row.x + 1, width: row.width.saturating_sub(1), ..row }, &line, style);
    }
}

/// One half of a row of shapes, twice as wide: `filled` are the signs that have ink there.
fn halved(line: &str, filled: &str) -> String {
    line.chars().map(|sign| if filled.contains(sign) { "██" } else { "  " }).collect()
}

const fn shape(letter: char) -> [&'static str; ROWS] {
    match letter {
        'A' => ["▄▀▀▄", "█▄▄█", "█  █"],
        'B' => ["█▀▀▄", "█▀▀▄", "█▄▄▀"],
        'C' => ["▄▀▀▀", "█   ", "▀▄▄▄"],
        'D' => ["█▀▀▄", "█  █", "█▄▄▀"],
        'E' => ["█▀▀▀", "█▀▀ ", "█▄▄▄"],
        'G' => ["▄▀▀▀", "█ ▀█", "▀▄▄█"],
        'H' => ["█  █", "█▀▀█", "█  █"],
        'K' => ["█ ▄▀", "██  ", "█ ▀▄"],
        'L' => ["█   ", "█   ", "█▄▄▄"],
        'O' => ["▄▀▀▄", "█  █", "▀▄▄▀"],
        'R' => ["█▀▀▄", "█▀▀▄", "█  █"],
        'S' => ["▄▀▀▀", " ▀▀▄", "▄▄▄▀"],
        _ => ["    ", "    ", "    "],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_board_has_a_shape_in_every_letter() {
        for word in ["GO", "HOLD", "ROLLBACK", "CLOSED"] {
            for size in [Size::Large, Size::Huge] {
                let mut frame = Buffer::empty(Rect::new(0, 0, size.width(word) + 1, size.height()));
                draw(word, size, Style::new(), frame.area, &mut frame);
                for (at, letter) in (0..).zip(word.chars()) {
                    let left = 1 + at * (LETTER + GAP) * size.times();
                    let columns = left..left + LETTER * size.times();
                    let has_ink = |y: u16| columns.clone().any(|x| frame[(x, y)].symbol() != " ");
                    assert!((0..size.height()).all(has_ink), "{letter} of {word} in {size:?}");
                }
            }
        }
    }
}
