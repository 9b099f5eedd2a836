//! One line of text that is being typed; [`text`] has several.

pub mod text;

use super::paint;
use super::skin::{Skin, Tone};
use crate::text::{cells, sanitize};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

/// Nobody needs more in one line, and a log line stays short.
const LONGEST: usize = 1_000;

/// A line and the place in it where the next sign goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineEdit {
    signs: Vec<char>,
    at: usize,
}

impl LineEdit {
    /// A line that begins with a text.
    #[must_use]
    pub fn with(text: &str) -> Self {
        let mut line = Self::default();
        line.insert(text);
        line
    }

    /// What was typed, without spaces about it.
    #[must_use]
    pub fn text(&self) -> String {
        self.signs.iter().collect::<String>().trim().to_owned()
    }

    /// What was typed, spaces included.
    #[must_use]
    pub fn raw(&self) -> String {
        self.signs.iter().collect()
    }

    /// Puts a text in: typed or pasted. Line ends become spaces, what acts on a terminal is spelled.
    pub fn insert(&mut self, text: &str) {
        let room = LONGEST.saturating_sub(self.signs.len());
        // A mark or a joiner that is typed belongs to the sign before it.
        let before = self.signs.get(self.sign_before(self.at)..self.at).unwrap_or_default();
        let text: String = before.iter().copied().chain(text.chars()).collect();
        let signs: Vec<char> = sanitize::line(&text).chars().skip(before.len()).take(room).collect();
        let count = signs.len();
        self.signs.splice(self.at..self.at, signs);
        self.at += count;
    }

    /// Whether the next sign goes before all others.
    #[must_use]
    pub const fn is_at_start(&self) -> bool {
        self.at == 0
    }

    /// Takes what stands behind the cursor off, as a line of its own.
    fn split(&mut self) -> Self {
        Self { signs: self.signs.split_off(self.at.min(self.signs.len())), at: 0 }
    }

    /// Puts another line behind this one, with the cursor between them.
    fn join(&mut self, rest: Self) {
        self.at = self.signs.len();
        let room = LONGEST.saturating_sub(self.at);
        self.signs.extend(rest.signs.into_iter().take(room));
    }

    /// Takes a key; says whether it was one of this line's.
    pub fn press(&mut self, key: KeyEvent) -> bool {
        let with = key.modifiers - KeyModifiers::SHIFT;
        match (key.code, with) {
            (KeyCode::Char(sign), KeyModifiers::NONE) => self.insert(sign.encode_utf8(&mut [0; 4])),
            (KeyCode::Backspace, _) | (KeyCode::Char('h'), KeyModifiers::CONTROL) => self.remove_before(1),
            (KeyCode::Delete, _) | (KeyCode::Char('d'), KeyModifiers::CONTROL) => {
                self.signs.drain(self.at..self.end_of_sign());
            }
            (KeyCode::Left, _) | (KeyCode::Char('b'), KeyModifiers::CONTROL) => self.at = self.sign_before(self.at),
            (KeyCode::Right, _) | (KeyCode::Char('f'), KeyModifiers::CONTROL) => self.at = self.end_of_sign(),
            (KeyCode::Home, _) | (KeyCode::Char('a'), KeyModifiers::CONTROL) => self.at = 0,
            (KeyCode::End, _) | (KeyCode::Char('e'), KeyModifiers::CONTROL) => self.at = self.signs.len(),
            (KeyCode::Char('u'), KeyModifiers::CONTROL) => self.remove_before(self.at),
            (KeyCode::Char('k'), KeyModifiers::CONTROL) => self.signs.truncate(self.at),
            (KeyCode::Char('w'), KeyModifiers::CONTROL) => self.remove_before(self.word_before()),
            _ => return false,
        }
        true
    }

    fn remove_before(&mut self, count: usize) {
        let from = self.at.saturating_sub(count);
        self.signs.drain(from..self.at);
        self.at = from;
    }

    fn word_before(&self) -> usize {
        let before = self.signs.iter().take(self.at).rev();
        let spaces = before.clone().take_while(|sign| **sign == ' ').count();
        spaces + before.skip(spaces).take_while(|sign| **sign != ' ').count()
    }

    /// Where the sign before a place begins: marks belong to the one they stand on.
    fn sign_before(&self, place: usize) -> usize {
        let before = self.signs.get(..place).unwrap_or_default();
        before.iter().rposition(|sign| cells::width_of(*sign) > 0).unwrap_or(0)
    }

    /// Where the sign under the cursor ends.
    fn end_of_sign(&self) -> usize {
        let behind = self.signs.iter().skip(self.at + 1);
        let marks = behind.take_while(|sign| cells::width_of(**sign) == 0).count();
        (self.at + 1 + marks).min(self.signs.len())
    }

    /// The line as it is drawn: the part about the cursor, and the cursor where it is in.
    #[must_use]
    pub fn draw(&self, skin: Skin, width: u16, is_in: bool) -> Line<'static> {
        let text = |range: std::ops::Range<usize>| self.signs.get(range).unwrap_or_default().iter().collect::<String>();
        let end = self.end_of_sign();
        let (under, after) = (text(self.at..end), text(end..self.signs.len()));
        let under = if under.is_empty() { " ".to_owned() } else { under };
        // What is left out behind the cursor takes a column for its ellipsis.
        let room = width.saturating_sub(paint::width(&under)).saturating_sub(u16::from(!after.is_empty()));
        let mut before = text(0..self.at);
        if paint::width(&before) > room {
            let (mut from, mut left) = (self.at, room.saturating_sub(1));
            while from > 0 {
                let sign = self.sign_before(from);
                let Some(rest) = left.checked_sub(paint::width(&text(sign..from))) else { break };
                (from, left) = (sign, rest);
            }
            before = if room > 0 { format!("…{}", text(from..self.at)) } else { String::new() };
        }
        let under = if is_in {
            Span::styled(under, skin.style(Tone::Plain).add_modifier(Modifier::REVERSED))
        } else {
            Span::raw(under)
        };
        Line::from(vec![paint::span(skin, Tone::Plain, before), under, paint::span(skin, Tone::Plain, after)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;

    fn type_in(line: &mut LineEdit, code: KeyCode, modifiers: KeyModifiers) {
        assert!(line.press(KeyEvent::new(code, modifiers)), "{code:?}");
    }

    #[test]
    fn it_edits_like_a_shell() {
        let mut line = LineEdit::with("roll back nw");
        type_in(&mut line, KeyCode::Left, KeyModifiers::NONE);
        type_in(&mut line, KeyCode::Char('o'), KeyModifiers::NONE);
        assert_eq!(line.text(), "roll back now");
        type_in(&mut line, KeyCode::End, KeyModifiers::NONE);
        type_in(&mut line, KeyCode::Char('w'), KeyModifiers::CONTROL);
        assert_eq!(line.raw(), "roll back ");
        type_in(&mut line, KeyCode::Char('a'), KeyModifiers::CONTROL);
        type_in(&mut line, KeyCode::Delete, KeyModifiers::NONE);
        type_in(&mut line, KeyCode::Char('k'), KeyModifiers::CONTROL);
        assert_eq!(line.raw(), "");
        type_in(&mut line, KeyCode::Backspace, KeyModifiers::NONE);
        assert!(!line.press(KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE)));
    }

    #[test]
    fn a_paste_is_one_line_and_cannot_act() {
        let line = LineEdit::with("one\r\ntwo\u{1b}[2J");
        assert_eq!(line.text(), "one  two^[[2J");
        assert_eq!(LineEdit::with(&"x".repeat(50_000)).text().len(), LONGEST);
    }

    #[test]
    fn marks_go_with_the_sign_they_stand_on() {
        let mut line = LineEdit::default();
        for sign in "e\u{301} x".chars() {
            type_in(&mut line, KeyCode::Char(sign), KeyModifiers::NONE);
        }
        assert_eq!(line.raw(), "e\u{301} x", "as it was typed");
        for _ in 0..3 {
            type_in(&mut line, KeyCode::Left, KeyModifiers::NONE);
        }
        assert!(line.is_at_start());
        type_in(&mut line, KeyCode::Right, KeyModifiers::NONE);
        type_in(&mut line, KeyCode::Backspace, KeyModifiers::NONE);
        assert_eq!(line.raw(), "e x", "a mark that was wrong is taken back by itself");
        let mut line = LineEdit::default();
        let text = format!("\u{301} 👩\u{200d}🚒 a\u{200d}e{}", "\u{301}".repeat(6));
        for sign in text.chars() {
            type_in(&mut line, KeyCode::Char(sign), KeyModifiers::NONE);
        }
        assert_eq!(line.raw(), LineEdit::with(&text).raw(), "typed as it is pasted");
        let mut line = LineEdit::with("e\u{301}x");
        type_in(&mut line, KeyCode::Home, KeyModifiers::NONE);
        type_in(&mut line, KeyCode::Delete, KeyModifiers::NONE);
        assert_eq!(line.raw(), "x");
    }

    #[test]
    fn the_cursor_is_seen_wherever_it_is() {
        let text = "表示ｶﾞe\u{301}x 表示";
        for width in 1..20 {
            let area = Rect::new(0, 0, width, 1);
            let mut line = LineEdit::with(text);
            loop {
                let mut frame = Buffer::empty(area);
                paint::row(&mut frame, area, &line.draw(Skin::default(), width, true));
                let under: Vec<_> = frame.content.iter().filter(|cell| cell.modifier == Modifier::REVERSED).collect();
                let sign: String = line.signs[line.at..line.end_of_sign()].iter().collect();
                let sign = if sign.is_empty() { " " } else { &sign };
                let shown = under.first().map(|cell| cell.symbol());
                assert!(shown == Some(sign) || width < 3 && shown == Some("…"), "{width}: {frame:?}");
                if line.is_at_start() {
                    break;
                }
                type_in(&mut line, KeyCode::Left, KeyModifiers::NONE);
            }
        }
    }
}
