//! An ASCII twin for every glyph, for terminals that know nothing else.
//!
//! The board is drawn once, in one set of glyphs. Where only ASCII will do, the finished frame is
//! gone over cell by cell, so that no region has to think of it and no outside text slips through.

use ratatui::buffer::Buffer;
use unicode_width::UnicodeWidthStr;

/// Replaces all that is not ASCII in a finished frame.
pub fn flatten(frame: &mut Buffer) {
    let mut tail = false;
    for cell in &mut frame.content {
        let symbol = cell.symbol();
        if tail {
            // The second cell of a wide sign.
            cell.set_char(' ');
            tail = false;
        } else if !symbol.is_ascii() {
            tail = symbol.width() > 1;
            let twin = symbol.chars().next().map_or(' ', twin);
            cell.set_char(twin);
        }
    }
}

/// ASCII signs, and the glyphs they stand for.
const TWINS: [(char, &str); 18] = [
    ('+', "✓┌┐└┘├┤┬┴┼╭╮╰╯"),
    ('x', "✗×"),
    ('o', "○●◐◌■"),
    ('*', "◆★"),
    ('>', "▶▷▸→⟩≥"),
    ('<', "◂←≤"),
    ('v', "▾▼↓"),
    ('^', "▲↑"),
    ('.', "☐·•░"),
    ('~', "…"),
    ('-', "─–—−━╌▁"),
    ('|', "│┊▌▐▏▕"),
    ('_', "▂▃"),
    ('=', "▄▅▎▍▋▊▉"),
    ('#', "▆▇█▀▒▓"),
    ('"', "“”„«»"),
    ('\'', "‘’‚"),
    ('u', "µμ"),
];

/// One ASCII sign that says the same, `?` where there is none.
fn twin(sign: char) -> char {
    match sign {
        '↻' => '@',
        // Dots of a chart.
        '\u{2801}'..='\u{28ff}' => '*',
        '\u{a0}' => ' ',
        _ => TWINS.iter().find(|(_, glyphs)| glyphs.contains(sign)).map_or('?', |(ascii, _)| *ascii),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    #[test]
    fn a_frame_becomes_ascii_and_keeps_its_columns() {
        let mut frame = Buffer::empty(Rect::new(0, 0, 12, 1));
        frame.set_string(0, 0, "✓ 表 5 µs…é", Style::new());
        flatten(&mut frame);
        let text: String = frame.content.iter().map(ratatui::buffer::Cell::symbol).collect();
        assert_eq!(text, "+ ?  5 us~? ");
    }
}
