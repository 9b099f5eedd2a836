//! Large letters, three rows high, for the one word that must be read from the back of the room.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// Rows a large letter takes.
pub const HEIGHT: u16 = 3;
const LETTER: u16 = 4;
const GAP: u16 = 1;

/// Columns a large word takes.
#[must_use]
pub fn width(word: &str) -> u16 {
    u16::try_from(word.len()).unwrap_or(u16::MAX).saturating_mul(LETTER + GAP)
}

/// Draws a word; signs that have no large shape are left blank.
pub fn draw(word: &str, style: Style, area: Rect, frame: &mut Buffer) {
    for (row, y) in area.rows().take(usize::from(HEIGHT)).enumerate() {
        let text: String = word.chars().map(|letter| shape(letter)[row]).collect::<Vec<_>>().join(" ");
        frame.set_stringn(y.x + 1, y.y, text, usize::from(y.width.saturating_sub(1)), style);
    }
}

const fn shape(letter: char) -> [&'static str; HEIGHT as usize] {
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
