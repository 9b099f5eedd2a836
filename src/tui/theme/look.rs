//! A style in words: `bold black on green`, `#7cb868`, `underlined`.

use crate::text::sanitize;
use ratatui::style::{Color, Modifier, Style};
use serde::{Deserialize, Deserializer, de};
use std::str::FromStr;

/// A style that was written as words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Look(Style);

const MODIFIERS: [(&str, Modifier); 4] = [
    ("bold", Modifier::BOLD),
    ("dim", Modifier::DIM),
    ("underlined", Modifier::UNDERLINED),
    ("reversed", Modifier::REVERSED),
];

/// The sixteen colours by name; `white` is the lighter grey that terminals call so.
const COLOURS: [(&str, Color); 17] = [
    ("default", Color::Reset),
    ("black", Color::Black),
    ("red", Color::Red),
    ("green", Color::Green),
    ("yellow", Color::Yellow),
    ("blue", Color::Blue),
    ("magenta", Color::Magenta),
    ("cyan", Color::Cyan),
    ("white", Color::Gray),
    ("bright-black", Color::DarkGray),
    ("bright-red", Color::LightRed),
    ("bright-green", Color::LightGreen),
    ("bright-yellow", Color::LightYellow),
    ("bright-blue", Color::LightBlue),
    ("bright-magenta", Color::LightMagenta),
    ("bright-cyan", Color::LightCyan),
    ("bright-white", Color::White),
];

impl Look {
    pub(super) const fn style(self) -> Style {
        self.0
    }
}

impl FromStr for Look {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut style = Style::new();
        let mut is_ground = false;
        for word in text.split_whitespace() {
            if word == "on" {
                is_ground = true;
            } else if let Some((_, modifier)) = MODIFIERS.iter().find(|(name, _)| *name == word) {
                style = style.add_modifier(*modifier);
            } else if is_ground {
                style = style.bg(colour(word)?);
            } else {
                style = style.fg(colour(word)?);
            }
        }
        Ok(Self(style))
    }
}

fn colour(word: &str) -> Result<Color, String> {
    let named = COLOURS.iter().find(|(name, _)| *name == word).map(|(_, colour)| *colour);
    named.or_else(|| hex(word)).ok_or_else(|| unknown(word))
}

fn hex(word: &str) -> Option<Color> {
    let digits = word.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    let value = u32::from_str_radix(digits, 16).ok()?;
    let [_, red, green, blue] = value.to_be_bytes();
    Some(Color::Rgb(red, green, blue))
}

fn unknown(word: &str) -> String {
    let known = COLOURS.iter().map(|(name, _)| *name).chain(MODIFIERS.iter().map(|(name, _)| *name));
    let nearest = known.map(|name| (strsim::damerau_levenshtein(name, word), name)).min();
    let help = match nearest {
        Some((distance, name)) if distance <= 2 => format!("; did you mean \"{name}\"?"),
        _ => ": bold, dim, underlined, reversed, a colour such as bright-red, or #rrggbb".to_owned(),
    };
    format!("\"{}\" is no style{help}", sanitize::line(word))
}

impl<'de> Deserialize<'de> for Look {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}
