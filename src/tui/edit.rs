//! One line of text that is being typed; [`text`] has several.

pub mod text;

use super::paint;
use super::skin::{Skin, Tone};
use crate::text::sanitize;
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
        let signs: Vec<char> = sanitize::line(text).chars().take(room).collect();
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
                let end = (self.at + 1).min(self.signs.len());
                self.signs.drain(self.at..end);
            }
            (KeyCode::Left, _) | (KeyCode::Char('b'), KeyModifiers::CONTROL) => self.at = self.at.saturating_sub(1),
            (KeyCode::Right, _) | (KeyCode::Char('f'), KeyModifiers::CONTROL) => {
                self.at = (self.at + 1).min(self.signs.len());
            }
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

    /// The line as it is drawn: the part about the cursor, and the cursor where it is in.
    #[must_use]
    pub fn draw(&self, skin: Skin, width: u16, is_in: bool) -> Line<'static> {
        let width = usize::from(width.max(1));
        let from = (self.at + 1).saturating_sub(width);
        let text = |range: &[char]| range.iter().collect::<String>();
        let before = text(self.signs.get(from..self.at).unwrap_or_default());
        let under = self.signs.get(self.at).map_or_else(|| " ".to_owned(), char::to_string);
        let after = text(self.signs.get(self.at + 1..).unwrap_or_default());
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
}
