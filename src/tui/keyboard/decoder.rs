//! From the bytes of a terminal to keys, pastes and the mouse.
//!
//! A sequence that is not known is read to its end and dropped. What a terminal answers, or sends in
//! a mode that another program has left it in, must never press keys: here a key can say that the
//! traffic has moved.

use super::mouse;
use crate::text::Millis;
use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};

/// A paste is cut here, in bytes.
const LONGEST_PASTE: usize = 256 * 1024;
/// A sequence that is longer, in bytes, is none.
const LONGEST_SEQUENCE: usize = 64;
/// An escape that nothing follows for so long is the key.
const ESCAPE: Millis = Millis(10);
/// A sequence that is begun may take so long over a slow line.
const SEQUENCE: Millis = Millis(500);
/// And a paste so long between two of its pieces.
const PASTE: Millis = Millis(5_000);
const END_OF_PASTE: &[u8] = b"\x1b[201~";

/// Takes bytes, gives events.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    state: State,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    Ground,
    Letter(Vec<u8>),
    Escape,
    /// `ESC O`, and one more.
    Single,
    /// `ESC [`, and what has come of it.
    Control(Vec<u8>),
    /// `ESC ]`, `ESC P` and their like: a text up to its terminator, which is nobody's keys.
    Text {
        ends: bool,
    },
    Paste(Vec<u8>),
    /// So many bytes that belong to a sequence which says no length.
    Skip(usize),
}

impl Decoder {
    /// How long to wait for more before [`Decoder::silence`]; none where nothing is begun.
    pub(super) const fn patience(&self) -> Option<Millis> {
        match self.state {
            State::Ground => None,
            State::Escape => Some(ESCAPE),
            State::Paste(_) => Some(PASTE),
            _ => Some(SEQUENCE),
        }
    }

    /// Nothing followed for that long.
    pub(super) fn silence(&mut self) -> Option<Event> {
        match std::mem::take(&mut self.state) {
            State::Escape => Some(key(KeyCode::Esc, KeyModifiers::NONE)),
            State::Paste(text) => Some(paste(&text)),
            _ => None,
        }
    }

    pub(super) fn byte(&mut self, byte: u8) -> Option<Event> {
        match std::mem::take(&mut self.state) {
            State::Ground => self.ground(byte),
            State::Letter(bytes) => self.letter(bytes, byte),
            State::Escape => self.escape(byte),
            State::Single => single(byte),
            State::Control(bytes) => self.control(bytes, byte),
            State::Text { ends } => {
                self.text(ends, byte);
                None
            }
            State::Paste(text) => self.paste(text, byte),
            State::Skip(count) => {
                if count > 1 {
                    self.state = State::Skip(count - 1);
                }
                None
            }
        }
    }

    fn ground(&mut self, byte: u8) -> Option<Event> {
        match byte {
            b'\x1b' => self.state = State::Escape,
            0x80.. => self.state = State::Letter(vec![byte]),
            _ => return Some(plain(byte, KeyModifiers::NONE)),
        }
        None
    }

    /// The rest of a letter beyond ASCII.
    fn letter(&mut self, mut bytes: Vec<u8>, byte: u8) -> Option<Event> {
        if byte & 0xc0 != 0x80 {
            // Not the rest of it: what was begun is nothing, and this begins anew.
            return self.ground(byte);
        }
        bytes.push(byte);
        match std::str::from_utf8(&bytes) {
            Ok(text) => text.chars().next().map(|letter| key(KeyCode::Char(letter), shift(letter))),
            Err(error) if error.error_len().is_none() => {
                self.state = State::Letter(bytes);
                None
            }
            Err(_) => None,
        }
    }

    fn escape(&mut self, byte: u8) -> Option<Event> {
        self.state = match byte {
            b'[' => State::Control(Vec::new()),
            b'O' => State::Single,
            b']' | b'P' | b'X' | b'^' | b'_' => State::Text { ends: false },
            b'\x1b' => {
                self.state = State::Escape;
                return Some(key(KeyCode::Esc, KeyModifiers::NONE));
            }
            0x80.. => State::Letter(vec![byte]),
            _ => return Some(plain(byte, KeyModifiers::ALT)),
        };
        None
    }

    fn control(&mut self, mut bytes: Vec<u8>, byte: u8) -> Option<Event> {
        match byte {
            // Begun again before it ended.
            b'\x1b' => self.state = State::Escape,
            // The Linux console's function keys.
            b'[' if bytes.is_empty() => self.state = State::Skip(1),
            // The mouse as it was in the beginning: three bytes that are no keys.
            b'M' if bytes.is_empty() => self.state = State::Skip(3),
            0x40..=0x7e => {
                if (bytes.as_slice(), byte) == (b"200", b'~') {
                    self.state = State::Paste(Vec::new());
                    return None;
                }
                return sequence(&bytes, byte);
            }
            0x20..=0x3f => {
                if bytes.len() < LONGEST_SEQUENCE {
                    bytes.push(byte);
                }
                self.state = State::Control(bytes);
            }
            // Nothing of that kind stands in one.
            _ => {}
        }
        None
    }

    fn text(&mut self, ends: bool, byte: u8) {
        self.state = match byte {
            b'\x07' | b'\x18' | b'\x1a' => State::Ground,
            b'\\' if ends => State::Ground,
            _ => State::Text { ends: byte == b'\x1b' },
        };
    }

    fn paste(&mut self, mut text: Vec<u8>, byte: u8) -> Option<Event> {
        text.push(byte);
        if text.ends_with(END_OF_PASTE) {
            text.truncate(text.len() - END_OF_PASTE.len());
            return Some(paste(&text));
        }
        if text.len() >= LONGEST_PASTE + END_OF_PASTE.len() {
            // The end must still be found; what is before it is not.
            text.drain(LONGEST_PASTE..=LONGEST_PASTE);
        }
        self.state = State::Paste(text);
        None
    }
}

fn key(code: KeyCode, modifiers: KeyModifiers) -> Event {
    Event::Key(KeyEvent::new(code, modifiers))
}

fn shift(letter: char) -> KeyModifiers {
    if letter.is_uppercase() { KeyModifiers::SHIFT } else { KeyModifiers::NONE }
}

fn paste(text: &[u8]) -> Event {
    Event::Paste(String::from_utf8_lossy(text).into_owned())
}

/// A byte that is a key.
fn plain(byte: u8, with: KeyModifiers) -> Event {
    let (code, modifiers) = match byte {
        b'\r' => (KeyCode::Enter, KeyModifiers::NONE),
        b'\t' => (KeyCode::Tab, KeyModifiers::NONE),
        b'\x7f' => (KeyCode::Backspace, KeyModifiers::NONE),
        0 => (KeyCode::Char(' '), KeyModifiers::CONTROL),
        0x01..=0x1a => (KeyCode::Char((byte - 1 + b'a').into()), KeyModifiers::CONTROL),
        // As crossterm names Ctrl-\, Ctrl-], Ctrl-^ and Ctrl-_.
        0x1b..=0x1f => (KeyCode::Char((byte - 0x1c + b'4').into()), KeyModifiers::CONTROL),
        _ => (KeyCode::Char(byte.into()), shift(byte.into())),
    };
    key(code, modifiers | with)
}

/// The key after `ESC O`.
fn single(byte: u8) -> Option<Event> {
    let code = arrow(byte).or_else(|| function(byte))?;
    Some(key(code, KeyModifiers::NONE))
}

fn arrow(byte: u8) -> Option<KeyCode> {
    Some(match byte {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'H' => KeyCode::Home,
        b'F' => KeyCode::End,
        _ => return None,
    })
}

fn function(byte: u8) -> Option<KeyCode> {
    (b'P'..=b'S').contains(&byte).then(|| KeyCode::F(byte - b'P' + 1))
}

/// The key of a whole sequence: its parameters and its last byte.
fn sequence(bytes: &[u8], last: u8) -> Option<Event> {
    let text = std::str::from_utf8(bytes).ok()?;
    if let Some(report) = text.strip_prefix('<') {
        return mouse::report(report, last).map(Event::Mouse);
    }
    let mut numbers = text.split(';').map(|number| number.split(':').next()?.parse::<u32>().ok());
    let first = numbers.next().flatten();
    let modifiers = modifiers(numbers.next().flatten());
    let code = match last {
        b'Z' => return Some(key(KeyCode::BackTab, KeyModifiers::SHIFT)),
        b'I' if bytes.is_empty() => return Some(Event::FocusGained),
        b'O' if bytes.is_empty() => return Some(Event::FocusLost),
        b'~' => numbered(first?)?,
        b'u' => return coded(first?, modifiers),
        // An answer to a question about the cursor ends like F3.
        b'R' if !matches!(first, None | Some(1)) => return None,
        _ => arrow(last).or_else(|| function(last))?,
    };
    Some(key(code, modifiers))
}

fn numbered(number: u32) -> Option<KeyCode> {
    Some(match number {
        1 | 7 => KeyCode::Home,
        2 => KeyCode::Insert,
        3 => KeyCode::Delete,
        4 | 8 => KeyCode::End,
        5 => KeyCode::PageUp,
        6 => KeyCode::PageDown,
        11..=15 => KeyCode::F(u8::try_from(number - 10).ok()?),
        17..=21 => KeyCode::F(u8::try_from(number - 11).ok()?),
        23 | 24 => KeyCode::F(u8::try_from(number - 12).ok()?),
        _ => return None,
    })
}

/// A key by its character, as some terminals send those that have no sequence.
fn coded(number: u32, modifiers: KeyModifiers) -> Option<Event> {
    if number == 27 {
        return Some(key(KeyCode::Esc, modifiers));
    }
    let letter = char::from_u32(number)?;
    match u8::try_from(number) {
        Ok(byte) if byte < b' ' || byte == b'\x7f' => Some(plain(byte, modifiers)),
        _ if letter.is_control() => None,
        _ => Some(key(KeyCode::Char(letter), modifiers | shift(letter))),
    }
}

/// One more than the sum of shift 1, alt 2 and control 4.
fn modifiers(number: Option<u32>) -> KeyModifiers {
    let bits = number.unwrap_or(1).saturating_sub(1);
    let mut modifiers = KeyModifiers::NONE;
    for (bit, modifier) in [(1, KeyModifiers::SHIFT), (2, KeyModifiers::ALT), (4, KeyModifiers::CONTROL)] {
        if bits & bit != 0 {
            modifiers |= modifier;
        }
    }
    modifiers
}

#[cfg(test)]
mod tests;
