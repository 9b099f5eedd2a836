//! What lies over the board: a stack of popups, the topmost of which gets the keys.
//!
//! - [`ask`]: a question with fields and buttons.
//! - [`sheet`]: text to read: help, details, refusals.
//! - [`blocks`]: commands to copy.
//! - [`palette`]: a command line.
//! - [`find`]: a search in a pane.

pub mod ask;
pub mod blocks;
pub mod find;
pub mod palette;
pub mod sheet;

pub use ask::Ask;
pub use blocks::Blocks;
pub use find::Find;
pub use palette::Palette;
pub use sheet::Sheet;

use super::actions::{Action, is_chord};
use super::paint;
use super::pane::Pane;
use super::scene::Scene;
use super::skin::{Loud, Skin};
use super::view::View;
use crate::session::event::Seen;
use crate::text::Millis;
use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

/// A popup.
#[derive(Clone, Debug)]
pub enum Layer {
    Ask(Ask),
    Sheet(Sheet),
    Blocks(Blocks),
    Palette(Palette),
    Find(Find),
}

/// What a popup makes of a key.
#[derive(Clone, Debug)]
pub enum Step {
    Stay,
    Close,
    /// Closes it, and the key is the board's: nothing to read stands in the way of a decision.
    Pass,
    /// Closes it and does something.
    Wish(Wish),
    /// Does something and stays.
    Meanwhile(Wish),
}

/// What a popup wants done.
#[derive(Clone, Debug)]
pub enum Wish {
    /// A line of the command language, under a name of its own or that of the view.
    Say {
        line: String,
        actor: Option<String>,
        seen: Seen,
    },
    /// Somebody acts from now on, and what they were asked for is done.
    Act {
        name: String,
        then: Option<(String, Seen)>,
    },
    Run(&'static Action),
    /// A row of a pane is to be selected.
    Select(Pane, usize),
    Copy {
        text: String,
        about: String,
    },
    Leave,
}

impl Layer {
    /// Takes a key that came at a time of the real clock.
    pub fn press(&mut self, view: &View, scene: &Scene, key: KeyEvent, now: Millis) -> Step {
        match self {
            Self::Sheet(_) | Self::Blocks(_) if is_chord(key) => Step::Stay,
            Self::Ask(ask) => ask.press(key, now),
            Self::Sheet(sheet) => sheet.press(key),
            Self::Blocks(blocks) => blocks.press(key),
            Self::Palette(palette) => palette.press(view, scene, key, now),
            Self::Find(find) => find.press(view, scene, key),
        }
    }

    /// Takes a pasted text; says whether there is a field for it.
    pub fn paste(&mut self, view: &View, scene: &Scene, text: &str) -> Option<Step> {
        match self {
            Self::Ask(ask) => ask.paste(text).then_some(Step::Stay),
            Self::Palette(palette) => {
                palette.paste(view, scene, text);
                Some(Step::Stay)
            }
            Self::Find(find) => Some(find.paste(view, scene, text)),
            Self::Sheet(_) | Self::Blocks(_) => None,
        }
    }

    pub fn draw(&self, skin: Skin, free: Rect, frame: &mut Buffer) {
        match self {
            Self::Ask(ask) => ask.draw(skin, free, frame),
            Self::Sheet(sheet) => sheet.draw(skin, free, frame),
            Self::Blocks(blocks) => blocks.draw(skin, free, frame),
            Self::Palette(palette) => palette.draw(skin, free, frame),
            Self::Find(find) => find.draw(skin, free, frame),
        }
    }
}

/// Draws the box of a popup with a title row and gives what is inside; the whole area where it is
/// too small for a box.
fn draw_box(frame: &mut Buffer, skin: Skin, free: Rect, wanted: (u16, u16), title: &str, loud: Loud) -> Rect {
    let whole = wanted.1.saturating_add(2);
    let (width, height) = (wanted.0.min(free.width), whole.min(free.height));
    let area = Rect { x: free.x + (free.width - width) / 2, y: free.y + (free.height - height) / 2, width, height };
    paint::fill(frame, area, ratatui::style::Style::new());
    if height < whole.min(4) || width < 12 {
        return area;
    }
    let style = skin.loud(loud);
    let edge = skin.style(super::skin::Tone::Plain);
    let title = Line::from(format!(" {title} ")).style(style);
    let inner = super::region::draw_frame(frame, area, &title, &Line::default(), edge);
    Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner }
}
