//! Themes: a style for each meaning, read from TOML. Those that come with the program are the examples.
//!
//! A theme names the sixteen colours first, which every terminal has, and may name true colours
//! beside them for terminals that say they have them.

mod look;

use super::skin::{Loud, Tone};
use crate::judge::Call;
use look::Look;
use ratatui::style::Style;
use serde::Deserialize;
use std::sync::LazyLock;

/// A set of styles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Sixteen colours on a dark ground.
    #[default]
    Dark,
    /// Sixteen colours on a light ground.
    Light,
    /// Bright inks and nothing grey.
    Contrast,
    /// Blue, orange and vermilion, which nobody confuses.
    Safe,
    /// No colour: bold, reverse and underline alone.
    Mono,
    /// Any other styles: those of a file, or of a theme above in true colours.
    Own(&'static Palette),
}

/// A style for each meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Palette {
    pub ground: Ground,
    tones: [Style; Tone::ALL.len()],
    louds: [Style; 6],
}

/// What the terminal's own ground is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ground {
    Dark,
    Light,
}

/// A theme as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    ground: Ground,
    sixteen: Looks<Look>,
    #[serde(default)]
    rgb: Looks<Option<Look>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Looks<L> {
    plain: L,
    muted: L,
    strong: L,
    accent: L,
    good: L,
    wait: L,
    bad: L,
    unknown: L,
    go: L,
    hold: L,
    rollback: L,
    closed: L,
    alarm: L,
    notice: L,
}

impl<L: Copy> Looks<L> {
    const fn tones(&self) -> [L; Tone::ALL.len()] {
        [self.plain, self.muted, self.strong, self.accent, self.good, self.wait, self.bad, self.unknown]
    }

    const fn louds(&self) -> [L; 6] {
        [self.go, self.hold, self.rollback, self.closed, self.alarm, self.notice]
    }
}

/// A theme in sixteen colours and in as many as there are.
#[derive(Debug)]
pub struct Both {
    pub sixteen: Palette,
    pub rgb: Palette,
}

impl Both {
    /// Reads a theme.
    ///
    /// # Errors
    /// What was expected, with the line and the column.
    pub fn read(text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|error| error.to_string().trim_end().to_owned())?;
        let (tones, louds) = (file.sixteen.tones(), file.sixteen.louds());
        let sixteen = Palette { ground: file.ground, tones: tones.map(Look::style), louds: louds.map(Look::style) };
        let mut rgb = sixteen.clone();
        let brighter = file.rgb.tones().into_iter().chain(file.rgb.louds());
        for (style, look) in rgb.tones.iter_mut().chain(&mut rgb.louds).zip(brighter) {
            *style = look.map_or(*style, Look::style);
        }
        Ok(Self { sixteen, rgb })
    }

    /// The styles for a terminal; kept as long as the program runs.
    fn own(self, has_rgb: bool) -> Theme {
        Theme::Own(Box::leak(Box::new(if has_rgb { self.rgb } else { self.sixteen })))
    }
}

macro_rules! built_in {
    ($($static:ident $file:literal)*) => {$(
        static $static: LazyLock<Both> = LazyLock::new(|| {
            Both::read(include_str!(concat!("../../assets/themes/", $file, ".toml"))).expect("a test reads it")
        });
    )*};
}

built_in! {
    DARK "dark"
    LIGHT "light"
    CONTRAST "contrast"
    SAFE "safe"
    MONO "mono"
}

impl Theme {
    /// The themes that have a name.
    pub const ALL: [(&'static str, Self); 5] = [
        ("dark", Self::Dark),
        ("light", Self::Light),
        ("contrast", Self::Contrast),
        ("safe", Self::Safe),
        ("mono", Self::Mono),
    ];

    /// The theme of a word; none where there is no such theme.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == word).map(|(_, theme)| *theme)
    }

    /// The theme of a text, in true colours where the terminal has them.
    ///
    /// # Errors
    /// What was expected, with the line and the column.
    pub fn read(text: &str, has_rgb: bool) -> Result<Self, String> {
        Both::read(text).map(|both| both.own(has_rgb))
    }

    fn both(self) -> Option<&'static Both> {
        match self {
            Self::Dark => Some(&DARK),
            Self::Light => Some(&LIGHT),
            Self::Contrast => Some(&CONTRAST),
            Self::Safe => Some(&SAFE),
            Self::Mono => Some(&MONO),
            Self::Own(_) => None,
        }
    }

    /// The same theme in true colours.
    #[must_use]
    pub fn in_rgb(self) -> Self {
        match self.both() {
            Some(both) if both.rgb != both.sixteen => Self::Own(&both.rgb),
            _ => self,
        }
    }

    /// Its styles.
    #[must_use]
    pub fn palette(self) -> &'static Palette {
        match (self, self.both()) {
            (Self::Own(palette), _) => palette,
            (_, Some(both)) => &both.sixteen,
            (_, None) => &DARK.sixteen,
        }
    }
}

impl Palette {
    #[must_use]
    pub const fn tone(&self, tone: Tone) -> Style {
        self.tones[tone as usize]
    }

    /// The style of a row that must be seen from the back of the room.
    #[must_use]
    pub const fn loud(&self, loud: Loud) -> Style {
        self.louds[match loud {
            Loud::Call(Call::Go) => 0,
            Loud::Call(Call::Hold) => 1,
            Loud::Call(Call::Rollback) => 2,
            Loud::Closed => 3,
            Loud::Alarm => 4,
            Loud::Notice => 5,
        }]
    }
}

#[cfg(test)]
mod tests;
