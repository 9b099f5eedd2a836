//! From one frame to the next in as few bytes as it takes, all of them in one write.

mod encode;
mod shown;

use self::encode::Pen;
use self::shown::Shown;
use super::scene::Scene;
use crate::text::sanitize;
use crossterm::event::{DisableMouseCapture, EnableMouseCapture};
use crossterm::terminal::{BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate};
use crossterm::{queue, style};
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use std::io::{self, Write};

/// What the terminal shows, as far as is known.
#[derive(Debug, Default)]
pub struct Painter {
    shown: Shown,
    /// What is drawn on: a frame leaves nothing but its memory to the next one.
    canvas: Buffer,
    title: String,
    /// Something else may have written over it: everything is drawn again.
    is_unknown: bool,
}

impl Painter {
    /// A painter for a terminal that shows nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self { is_unknown: true, ..Self::default() }
    }

    /// What is on the terminal is not known any more.
    pub fn forget(&mut self) {
        self.is_unknown = true;
        self.title.clear();
    }

    /// The bytes that bring the terminal from the last frame to this one; none where it shows it. What is drawn must
    /// be [settled](super::paint::settle).
    ///
    /// # Errors
    /// Never: the bytes are put into memory.
    pub fn frame(&mut self, size: Size, draw: impl FnOnce(&mut Buffer)) -> io::Result<Option<Vec<u8>>> {
        let area = Rect::from((ratatui::layout::Position::ORIGIN, size));
        self.canvas.resize(area);
        self.canvas.reset();
        draw(&mut self.canvas);
        let mut bytes = Vec::new();
        queue!(bytes, BeginSynchronizedUpdate)?;
        let opening = bytes.len();
        if self.is_unknown || self.shown.area() != area {
            self.shown = Shown::nothing(area);
            queue!(bytes, style::ResetColor, Clear(ClearType::All))?;
        }
        let mut pen = Pen::new(&self.canvas, bytes);
        self.shown.change(&self.canvas, |x, y, cell| pen.put(x, y, cell));
        self.is_unknown = false;
        let mut bytes = pen.lift();
        if bytes.len() == opening {
            return Ok(None);
        }
        queue!(bytes, EndSynchronizedUpdate)?;
        Ok(Some(bytes))
    }

    /// The bytes that set the terminal's title; none where it has it.
    pub fn title(&mut self, scene: &Scene) -> Option<Vec<u8>> {
        let title = title(scene);
        if title == self.title {
            return None;
        }
        let mut bytes = Vec::new();
        // Writing into memory cannot fail.
        let _ = write!(bytes, "\x1b]2;{title}\x1b\\");
        self.title = title;
        Some(bytes)
    }
}

/// The verdict, where we are, and which cutover: what a list of windows shows.
fn title(scene: &Scene) -> String {
    let word = super::region::verdict::banner(scene).word;
    let stage = scene.current().map(|(_, stage)| format!(" {}", stage.name)).unwrap_or_default();
    sanitize::line(&format!("{word}{stage} - {}", scene.plan().title)).into_owned()
}

/// The bytes that ask for reports of the mouse, or end them.
#[must_use]
pub fn mouse(is_wanted: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Queueing into memory cannot fail.
    let _ = if is_wanted { queue!(bytes, EnableMouseCapture) } else { queue!(bytes, DisableMouseCapture) };
    bytes
}

/// The bytes that put a text into the terminal's clipboard, if it lets them: OSC 52.
#[must_use]
pub fn clipboard(text: &str) -> Vec<u8> {
    let mut bytes = b"\x1b]52;c;".to_vec();
    bytes.extend(base64(text.as_bytes()));
    bytes.extend(b"\x1b\\");
    bytes
}

fn base64(bytes: &[u8]) -> Vec<u8> {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = Vec::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = (0..3).fold(0_usize, |group, at| group << 8 | usize::from(chunk.get(at).copied().unwrap_or(0)));
        for at in 0..4 {
            let sign = SIGNS[group >> (18 - 6 * at) & 63];
            out.push(if at <= chunk.len() { sign } else { b'=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::style::{Color, Style};

    fn text(painter: &mut Painter, text: &str) -> Option<String> {
        let size = Size::new(10, 2);
        let draw = |frame: &mut Buffer| {
            frame.set_string(0, 0, text, Style::new().fg(Color::Red));
        };
        let bytes = painter.frame(size, draw).expect("into memory");
        bytes.map(|bytes| String::from_utf8(bytes).expect("text"))
    }

    #[test]
    fn only_what_changed_is_written_and_nothing_when_nothing_did() {
        let mut painter = Painter::new();
        let first = text(&mut painter, "HOLD").expect("a frame");
        assert!(first.starts_with("\x1b[?2026h") && first.ends_with("\x1b[?2026l"), "{first:?}");
        assert!(first.contains("\x1b[2J") && first.contains("HOLD"));
        assert_eq!(text(&mut painter, "HOLD"), None);
        let second = text(&mut painter, "HOLE").expect("a frame");
        assert!(!second.contains("HOL") && second.contains('E'), "{second:?}");
        painter.forget();
        assert!(text(&mut painter, "HOLE").expect("a frame").contains("HOLE"));
    }

    #[test]
    fn base64_is_that_of_everybody() {
        for (plain, coded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(plain.as_bytes()), coded.as_bytes());
        }
    }
}
