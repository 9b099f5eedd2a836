//! Putting text into cells: rows that are cut with an ellipsis, wrapped text, frames.
//!
//! Every text passes [`sanitize`] on its way into a cell, wherever it came from; only [`put`], [`signs`] and [`tile`]
//! put there what has passed it, or what this program says itself.

use super::skin::{Skin, Tone};
use crate::text::{Millis, cells, sanitize};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use std::borrow::Cow;
use std::iter;

/// What a place says that a wide sign before it covers. Whatever is written there later takes the place from the
/// sign, which then has no room any more.
const COVERED: &str = "";

/// Whether a wide sign before it covers this place.
#[must_use]
pub fn is_covered(cell: &Cell) -> bool {
    cell.symbol() == COVERED
}

/// Blanks the wide signs that lost a place to something else, and the places that lost their sign: what is left of a
/// frame can be shown as it is.
pub fn settle(frame: &mut Buffer) {
    for row in frame.content.chunks_mut(usize::from(frame.area.width).max(1)) {
        let mut at = 0;
        while let Some((cell, behind)) = row.get_mut(at..).and_then(<[Cell]>::split_first_mut) {
            let wide = cells::width(cell.symbol());
            let covered = behind.iter().take(wide.saturating_sub(1)).take_while(|cell| is_covered(cell)).count();
            let is_whole = covered + 1 == wide;
            if !is_whole {
                cell.set_char(' ');
            }
            at += if is_whole { wide } else { 1 };
        }
    }
}

/// A text in a tone.
pub fn span<'t>(skin: Skin, tone: Tone, text: impl Into<Cow<'t, str>>) -> Span<'t> {
    Span::styled(text, skin.style(tone))
}

/// A text from anywhere as it is shown.
fn safe(text: &str) -> Cow<'_, str> {
    based(sanitize::line(text))
}

/// A mark at the beginning has nothing to stand on, and would go to whatever is shown before it.
fn based(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.chars().next().is_some_and(|sign| cells::width_of(sign) == 0) { format!("◌{text}").into() } else { text }
}

/// How many cells a text takes once it is safe to show.
#[must_use]
pub fn width(text: &str) -> u16 {
    u16::try_from(cells::width(&safe(text))).unwrap_or(u16::MAX)
}

/// How many cells a row takes.
#[must_use]
pub fn line_width(line: &Line<'_>) -> u16 {
    line.iter().map(|span| width(&span.content)).fold(0, u16::saturating_add)
}

/// How old something is at most, in steps as fine as the eye needs: what changes more often only
/// flickers, and rounded up nothing looks newer than it is.
#[must_use]
pub fn age(age: Millis) -> String {
    let step = match age.as_secs() {
        ..60 => 5,
        60..600 => 10,
        _ => 60,
    };
    let steps = age.0.div_ceil(1_000).div_ceil(step).max(1);
    Millis::from_secs(steps * step).to_string()
}

/// Cuts a text to a width; an ellipsis stands for what is left out.
#[must_use]
pub fn cut(text: &str, room: u16) -> String {
    let text = safe(text);
    if cells::width(&text) <= usize::from(room) {
        return text.into_owned();
    }
    let Some(room) = usize::from(room).checked_sub(1) else { return String::new() };
    let mut out = String::new();
    let mut taken = 0;
    for sign in cells::signs(&text) {
        taken += cells::width(sign);
        if taken > room {
            break;
        }
        out.push_str(sign);
    }
    out.push('…');
    out
}

/// Breaks a text into rows between words; a word that is longer than a row is broken.
#[must_use]
pub fn wrap(text: &str, room: u16) -> Vec<String> {
    let room = usize::from(room.max(1));
    let mut rows = vec![String::new()];
    let mut taken = 0;
    for word in sanitize::line(text).split_whitespace().map(|word| based(word.into())) {
        let wide = cells::width(&word);
        if taken > 0 && taken + 1 + wide > room {
            rows.push(String::new());
            taken = 0;
        }
        let Some(row) = rows.last_mut() else { continue };
        if taken > 0 {
            row.push(' ');
            taken += 1;
        }
        if wide <= room {
            row.push_str(&word);
            taken += wide;
        } else {
            taken = break_word(&word, room, &mut rows);
        }
    }
    rows
}

fn break_word(word: &str, room: usize, rows: &mut Vec<String>) -> usize {
    let mut taken = rows.last().map_or(0, |row| cells::width(row));
    for sign in cells::signs(word) {
        let wide = cells::width(sign);
        if taken > 0 && taken + wide > room {
            rows.push(String::new());
            taken = 0;
        }
        if let Some(row) = rows.last_mut() {
            row.push_str(sign);
        }
        taken += wide;
    }
    taken
}

/// Draws a row from the left, cut where it does not fit.
pub fn row(frame: &mut Buffer, area: Rect, line: &Line<'_>) {
    let area = area.intersection(frame.area);
    if area.is_empty() {
        return;
    }
    let mut x = area.x;
    for piece in line.iter().filter(|piece| !piece.content.is_empty()) {
        let room = area.right().saturating_sub(x);
        if room == 0 {
            return mark_cut(frame, area);
        }
        let text = safe(&piece.content);
        let fits = cells::width(&text) <= usize::from(room);
        let style = line.style.patch(piece.style);
        if fits {
            x = put(frame, Rect { x, width: room, ..area }, &text, style);
        } else {
            put(frame, Rect { x, width: room, ..area }, &cut(&text, room), style);
            return;
        }
    }
}

/// Puts a safe text into the first row of an area, as far as there is room; says where it ends.
pub fn put(frame: &mut Buffer, area: Rect, text: &str, style: Style) -> u16 {
    let area = area.intersection(frame.area);
    if area.is_empty() || text.is_ascii() {
        return signs(frame, area, text, style);
    }
    let mut columns = area.x..area.right();
    for sign in cells::signs(text) {
        let wide = cells::width(sign);
        if columns.len() < wide {
            break;
        }
        let symbols = iter::once(sign).chain(iter::repeat(COVERED));
        for (x, symbol) in columns.by_ref().take(wide).zip(symbols) {
            if let Some(cell) = frame.cell_mut((x, area.y)) {
                cell.set_symbol(symbol).set_style(style);
            }
        }
    }
    columns.start
}

/// The same for a text of which each sign is a cell, as in ours, so that nothing must be put together or measured.
pub fn signs(frame: &mut Buffer, area: Rect, text: &str, style: Style) -> u16 {
    let mut end = area.x;
    for (x, sign) in (area.x..area.right()).zip(text.chars()) {
        if let Some(cell) = frame.cell_mut((x, area.y)) {
            cell.set_char(sign).set_style(style);
        }
        end = x + 1;
    }
    end
}

/// The row is full and something is left: its last cell says so.
fn mark_cut(frame: &mut Buffer, area: Rect) {
    if let Some(cell) = frame.cell_mut((area.right().saturating_sub(1), area.y)) {
        cell.set_char('…');
    }
}

/// Draws a row with two ends: the right one is kept whole where it fits, the left one gives way.
pub fn ends(frame: &mut Buffer, area: Rect, left: &Line<'_>, right: &Line<'_>) {
    let wide = line_width(right);
    if wide + 2 > area.width {
        return row(frame, area, left);
    }
    let right_area = Rect { x: area.right() - wide, width: wide, ..area };
    let gap = u16::from(wide > 0);
    row(frame, Rect { width: area.width - wide - gap, ..area }, left);
    row(frame, right_area, right);
}

/// The row of an area at this place, empty where there is none.
#[must_use]
pub fn nth_row(area: Rect, at: u16) -> Rect {
    if at < area.height { Rect { y: area.y + at, height: 1, ..area } } else { Rect { height: 0, ..area } }
}

/// Fills an area with a sign that takes one cell.
pub fn tile(frame: &mut Buffer, area: Rect, sign: &str, style: Style) {
    for at in area.intersection(frame.area).positions() {
        if let Some(cell) = frame.cell_mut(at) {
            cell.set_symbol(sign).set_style(style);
        }
    }
}

/// Empties an area and gives it a style.
pub fn fill(frame: &mut Buffer, area: Rect, style: Style) {
    for at in area.intersection(frame.area).positions() {
        if let Some(cell) = frame.cell_mut(at) {
            cell.reset();
            cell.set_style(style);
        }
    }
}

/// Splits so many rows off the top of an area: those, and the rest.
#[must_use]
pub fn split_top(area: Rect, rows: u16) -> (Rect, Rect) {
    let rows = rows.min(area.height);
    (Rect { height: rows, ..area }, Rect { y: area.y + rows, height: area.height - rows, ..area })
}

/// Splits so many rows off the bottom of an area: the rest, and those.
#[must_use]
pub fn split_bottom(area: Rect, rows: u16) -> (Rect, Rect) {
    split_top(area, area.height - rows.min(area.height))
}

/// Splits so many columns off the left of an area: those, and the rest.
#[must_use]
pub fn split_left(area: Rect, columns: u16) -> (Rect, Rect) {
    let columns = columns.min(area.width);
    (Rect { width: columns, ..area }, Rect { x: area.x + columns, width: area.width - columns, ..area })
}

/// The part of a list that is seen when it must hold one of its places: from where to where.
#[must_use]
pub fn window(len: usize, cursor: usize, height: u16) -> std::ops::Range<usize> {
    let height = usize::from(height);
    let start = cursor.saturating_sub(height / 2).min(len.saturating_sub(height));
    start..len.min(start + height)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_says_so() {
        assert_eq!(cut("error rate", 10), "error rate");
        assert_eq!(cut("error rate", 6), "error…");
        assert_eq!(cut("表表表", 4), "表…");
        assert_eq!(cut("error", 0), "");
        assert_eq!(cut("a\u{1b}[31m", 20), "a^[[31m");
    }

    #[test]
    fn a_row_is_as_wide_as_it_was_measured_and_cut_where_it_is_wider() {
        for text in ["表ｶﾞｶﾞx", "سلام x", "👍🏽 x", "e\u{301}\u{302} x", "\u{301}x"] {
            assert!(wrap(text, 2).iter().all(|row| width(row) <= 2), "{text:?}");
            for room in 1..10 {
                let area = Rect::new(0, 0, room, 1);
                let mut frame = Buffer::empty(area);
                row(&mut frame, area, &Line::from(text));
                let shown: String = frame.content.iter().map(Cell::symbol).collect();
                assert_eq!(cells::width(&shown), usize::from(room), "{shown:?}");
                assert_eq!(shown.trim_end(), cut(text, room), "all of it, or an ellipsis");
            }
        }
    }

    #[test]
    fn of_a_wide_sign_that_something_stands_over_nothing_is_left() {
        let area = Rect::new(0, 0, 6, 1);
        for (over, want) in [(0, "| 表表"), (1, " |表表"), (2, "表| 表"), (5, "表表 |")] {
            let mut frame = Buffer::empty(area);
            put(&mut frame, area, "表表表", Style::new());
            fill(&mut frame, Rect { x: over, width: 1, ..area }, Style::new());
            put(&mut frame, Rect { x: over, ..area }, "|", Style::new());
            settle(&mut frame);
            assert_eq!(frame.content.iter().map(Cell::symbol).collect::<String>(), want);
        }
        let mut frame = Buffer::empty(area);
        frame[(5, 0)].set_char('表');
        settle(&mut frame);
        assert_eq!(frame, Buffer::empty(area), "a sign without room would begin another row");
    }

    #[test]
    fn words_stay_whole_where_they_can() {
        assert_eq!(wrap("error rate 1.42 % > 1 %", 10), ["error rate", "1.42 % > 1", "%"]);
        assert_eq!(wrap("unbreakable", 4), ["unbr", "eaka", "ble"]);
        assert_eq!(wrap("表表表", 1), ["表", "表", "表"]);
        assert_eq!(wrap("e\u{301}e\u{301} \u{301}", 1), ["e\u{301}", "e\u{301}", "◌\u{301}"]);
        assert_eq!(wrap("", 10), [""]);
    }

    #[test]
    fn a_window_holds_its_cursor() {
        for (len, cursor, height) in [(0, 0, 0), (3, 2, 10), (100, 0, 10), (100, 99, 10), (100, 50, 1), (5, 900, 2)] {
            let window = window(len, cursor, height);
            assert!(window.end <= len && window.len() <= usize::from(height));
            assert!(cursor >= len || height == 0 || window.contains(&cursor), "{len} {cursor} {height}");
        }
    }
}
