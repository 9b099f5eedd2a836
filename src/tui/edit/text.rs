//! Several lines of text that are being typed.

use super::LineEdit;
use crate::tui::skin::Skin;
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::text::Line;

/// Nobody reads a note of more lines.
const MOST: usize = 100;

/// Lines, and the one in which the next sign goes; there is always one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextEdit {
    lines: Vec<LineEdit>,
    at: usize,
}

impl Default for TextEdit {
    fn default() -> Self {
        Self { lines: vec![LineEdit::default()], at: 0 }
    }
}

impl TextEdit {
    /// What was typed, without blank ends.
    #[must_use]
    pub fn text(&self) -> String {
        let lines: Vec<String> = self.lines.iter().map(|line| line.raw().trim_end().to_owned()).collect();
        lines.join("\n").trim().to_owned()
    }

    /// Puts a text in, typed or pasted; its line ends stay.
    pub fn insert(&mut self, text: &str) {
        for (at, line) in text.replace("\r\n", "\n").split(['\n', '\r']).enumerate() {
            if at > 0 {
                self.break_line();
            }
            self.line().insert(line);
        }
    }

    fn line(&mut self) -> &mut LineEdit {
        if self.lines.is_empty() {
            self.lines.push(LineEdit::default());
        }
        self.at = self.at.min(self.lines.len() - 1);
        &mut self.lines[self.at]
    }

    fn break_line(&mut self) {
        if self.lines.len() < MOST {
            let rest = self.line().split();
            self.at += 1;
            self.lines.insert(self.at, rest);
        }
    }

    /// Takes a key; says whether it was one of this text's. Up in the first line and Down in the last
    /// lead out of it.
    pub fn press(&mut self, key: KeyEvent) -> bool {
        match key.code {
            KeyCode::Enter => self.break_line(),
            KeyCode::Up if self.at > 0 => self.at -= 1,
            KeyCode::Down if self.at + 1 < self.lines.len() => self.at += 1,
            KeyCode::Backspace if self.at > 0 && self.line().is_at_start() => {
                let rest = self.lines.remove(self.at);
                self.at -= 1;
                self.line().join(rest);
            }
            _ => return self.line().press(key),
        }
        true
    }

    /// So many rows of it, the cursor's among them where it is in.
    #[must_use]
    pub fn draw(&self, skin: Skin, width: u16, height: u16, is_in: bool) -> Vec<Line<'static>> {
        let shown = crate::tui::paint::window(self.lines.len(), self.at, height);
        let mut rows: Vec<Line<'static>> =
            shown.map(|at| self.lines[at].draw(skin, width, is_in && at == self.at)).collect();
        rows.resize(usize::from(height), Line::default());
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crossterm::event::KeyModifiers;

    fn press(text: &mut TextEdit, codes: &[KeyCode]) {
        for code in codes {
            text.press(KeyEvent::new(*code, KeyModifiers::NONE));
        }
    }

    #[test]
    fn lines_are_broken_and_joined() {
        let mut text = TextEdit::default();
        text.insert("one two\r\nthree");
        assert_eq!(text.text(), "one two\nthree");
        press(&mut text, &[KeyCode::Home, KeyCode::Backspace, KeyCode::Char(' ')]);
        assert_eq!(text.text(), "one two three");
        press(&mut text, &[KeyCode::Enter, KeyCode::Up, KeyCode::Home, KeyCode::Char('-')]);
        assert_eq!(text.text(), "-one two\nthree");
        assert!(!text.press(KeyEvent::new(KeyCode::Up, KeyModifiers::NONE)), "out of the first line");
        assert!(!text.press(KeyEvent::new(KeyCode::Tab, KeyModifiers::NONE)));
    }

    #[test]
    fn a_paste_cannot_act_and_has_an_end() {
        let mut text = TextEdit::default();
        text.insert("a\u{1b}[2J\nb");
        assert_eq!(text.text(), "a^[[2J\nb");
        text.insert(&"x\n".repeat(5_000));
        assert!(text.text().lines().count() <= MOST);
    }
}
