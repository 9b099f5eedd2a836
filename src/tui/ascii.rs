//! An ASCII twin for every glyph, for terminals that know nothing else.
//!
//! The board is drawn once, in one set of glyphs. Where only ASCII will do, the finished frame is
//! gone over cell by cell, so that no region has to think of it and no outside text slips through.

use super::paint;
use ratatui::buffer::Buffer;

/// Replaces all that is not ASCII in a finished frame.
pub fn flatten(frame: &mut Buffer) {
    for cell in &mut frame.content {
        if paint::is_covered(cell) {
            cell.set_char(' ');
        } else if !cell.symbol().is_ascii() {
            // Marks go; what they stand on may be ASCII.
            let twin = cell.symbol().chars().next().map_or(' ', |sign| if sign.is_ascii() { sign } else { twin(sign) });
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
    use ratatui::text::Line;

    #[test]
    fn a_frame_becomes_ascii_and_keeps_its_columns() {
        let mut frame = Buffer::empty(Rect::new(0, 0, 12, 1));
        paint::row(&mut frame, Rect::new(0, 0, 12, 1), &Line::from("✓ 表 5 µs…e\u{301}"));
        flatten(&mut frame);
        let text: String = frame.content.iter().map(ratatui::buffer::Cell::symbol).collect();
        assert_eq!(text, "+ ?  5 us~e ");
    }
}
