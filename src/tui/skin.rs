//! How meanings look: a tone for each meaning, a style for each tone.
//!
//! Status is never colour alone: every state also has a glyph and a word, so the mono theme, which
//! sets no colour at all, loses nothing.

use crate::judge::Call;
use ratatui::style::{Color, Modifier, Style};

/// A set of styles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Sixteen colours on a dark ground.
    #[default]
    Dark,
    /// Sixteen colours on a light ground.
    Light,
    /// Blue, orange and vermilion, which nobody confuses; needs 256 colours.
    Safe,
    /// No colour: bold, reverse and underline alone.
    Mono,
}

impl Theme {
    pub const ALL: [(&'static str, Self); 4] =
        [("dark", Self::Dark), ("light", Self::Light), ("safe", Self::Safe), ("mono", Self::Mono)];

    /// The theme of a word; none where there is no such theme.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == word).map(|(_, theme)| *theme)
    }
}

/// What a piece of the screen means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Plain,
    /// Worth less than what stands beside it.
    Muted,
    /// Worth more than what stands beside it.
    Strong,
    /// Keys, and what the keyboard is in.
    Accent,
    Good,
    /// Not yet, or waiting for somebody.
    Wait,
    Bad,
    /// Nobody can tell.
    Unknown,
}

/// The large states that colour a whole row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loud {
    Call(Call),
    /// The session is closed.
    Closed,
    /// Something is wrong with this screen or the log.
    Alarm,
    /// A rehearsal, a frozen view: not what it seems.
    Notice,
}

/// The look of one terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Skin {
    pub theme: Theme,
    /// Draw nothing but ASCII.
    pub ascii: bool,
}

impl Skin {
    /// The look for a terminal, by what its environment says where nobody has chosen: no colour
    /// where `NO_COLOR` is set, ASCII where the locale knows nothing else.
    #[must_use]
    pub fn choose(theme: Option<Theme>, ascii: bool, env: impl Fn(&str) -> Option<String>) -> Self {
        let is_set = |name: &str| env(name).is_some_and(|value| !value.is_empty());
        let is_dumb = env("TERM").is_none_or(|term| matches!(term.as_str(), "" | "dumb" | "vt100"));
        let usual = if is_set("NO_COLOR") || is_dumb { Theme::Mono } else { Theme::Dark };
        // The first that is set decides, as in every C library.
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find(|name| is_set(name)).and_then(env);
        let speaks_utf8 = locale.is_some_and(|locale| locale.to_lowercase().replace('-', "").contains("utf8"));
        Self { theme: theme.unwrap_or(usual), ascii: ascii || !speaks_utf8 }
    }

    #[must_use]
    pub const fn style(self, tone: Tone) -> Style {
        match self.theme {
            Theme::Dark => dark(tone),
            Theme::Light => light(tone),
            Theme::Safe => safe(tone),
            Theme::Mono => mono(tone),
        }
    }

    /// The style of a row that must be seen from the back of the room.
    #[must_use]
    pub const fn loud(self, loud: Loud) -> Style {
        let (ink, ground) = match (self.theme, loud) {
            (Theme::Mono, Loud::Closed | Loud::Notice) => return Style::new().add_modifier(Modifier::REVERSED),
            (Theme::Mono, _) => return Style::new().add_modifier(Modifier::REVERSED.union(Modifier::BOLD)),
            (Theme::Safe, Loud::Call(Call::Go)) => (Color::Indexed(16), Color::Indexed(74)),
            (Theme::Safe, Loud::Call(Call::Hold)) => (Color::Indexed(16), Color::Indexed(214)),
            (Theme::Safe, Loud::Call(Call::Rollback) | Loud::Alarm) => (Color::Indexed(231), Color::Indexed(160)),
            (_, Loud::Call(Call::Go)) => (Color::Black, Color::Green),
            (_, Loud::Call(Call::Hold)) => (Color::Black, Color::Yellow),
            (_, Loud::Call(Call::Rollback) | Loud::Alarm) => (Color::White, Color::Red),
            (_, Loud::Closed) => (Color::Black, Color::Gray),
            (_, Loud::Notice) => (Color::Black, Color::Cyan),
        };
        Style::new().fg(ink).bg(ground).add_modifier(Modifier::BOLD)
    }

    /// What marks the row that the keys act on.
    #[must_use]
    pub const fn selected() -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }
}

const fn bold(color: Color) -> Style {
    Style::new().fg(color).add_modifier(Modifier::BOLD)
}

const fn dark(tone: Tone) -> Style {
    match tone {
        Tone::Plain => Style::new(),
        Tone::Muted => Style::new().fg(Color::DarkGray),
        Tone::Strong => Style::new().add_modifier(Modifier::BOLD),
        Tone::Accent => bold(Color::Cyan),
        Tone::Good => Style::new().fg(Color::Green),
        Tone::Wait => Style::new().fg(Color::Yellow),
        Tone::Bad => bold(Color::LightRed),
        Tone::Unknown => bold(Color::LightMagenta),
    }
}

const fn light(tone: Tone) -> Style {
    match tone {
        Tone::Accent => bold(Color::Blue),
        Tone::Wait => bold(Color::Yellow),
        Tone::Bad => bold(Color::Red),
        Tone::Unknown => bold(Color::Magenta),
        Tone::Plain | Tone::Muted | Tone::Strong | Tone::Good => dark(tone),
    }
}

const fn safe(tone: Tone) -> Style {
    match tone {
        Tone::Good => Style::new().fg(Color::Indexed(74)),
        Tone::Wait => Style::new().fg(Color::Indexed(214)),
        Tone::Bad => bold(Color::Indexed(202)),
        Tone::Unknown => bold(Color::Indexed(175)),
        Tone::Plain | Tone::Muted | Tone::Strong | Tone::Accent => dark(tone),
    }
}

const fn mono(tone: Tone) -> Style {
    match tone {
        Tone::Plain | Tone::Good => Style::new(),
        Tone::Muted => Style::new().add_modifier(Modifier::DIM),
        Tone::Strong | Tone::Accent | Tone::Wait => Style::new().add_modifier(Modifier::BOLD),
        Tone::Bad => Style::new().add_modifier(Modifier::BOLD.union(Modifier::REVERSED)),
        Tone::Unknown => Style::new().add_modifier(Modifier::BOLD.union(Modifier::UNDERLINED)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TONES: [Tone; 8] =
        [Tone::Plain, Tone::Muted, Tone::Strong, Tone::Accent, Tone::Good, Tone::Wait, Tone::Bad, Tone::Unknown];

    #[test]
    fn the_environment_chooses_where_nobody_has() {
        let choose = |theme, set: &[(&str, &str)]| {
            let env = |name: &str| set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
            Skin::choose(theme, false, env)
        };
        let usual = [("TERM", "xterm-256color"), ("LANG", "en_GB.UTF-8")];
        assert_eq!(choose(None, &usual), Skin { theme: Theme::Dark, ascii: false });
        let quiet = [usual[0], usual[1], ("NO_COLOR", "1")];
        assert_eq!(choose(None, &quiet), Skin { theme: Theme::Mono, ascii: false });
        assert_eq!(choose(Some(Theme::Light), &quiet).theme, Theme::Light);
        assert!(choose(None, &[usual[0], usual[1], ("LC_ALL", "C")]).ascii);
        assert!(!choose(None, &[usual[0], ("LC_ALL", ""), ("LC_CTYPE", "C.utf8")]).ascii);
    }

    #[test]
    fn mono_sets_no_colour() {
        let skin = Skin { theme: Theme::Mono, ascii: false };
        let loud =
            [Loud::Call(Call::Go), Loud::Call(Call::Hold), Loud::Call(Call::Rollback), Loud::Closed, Loud::Alarm];
        let styles = TONES.map(|tone| skin.style(tone)).into_iter().chain(loud.map(|loud| skin.loud(loud)));
        for style in styles {
            assert_eq!((style.fg, style.bg), (None, None));
        }
    }

    #[test]
    fn bad_never_looks_good() {
        for (_, theme) in Theme::ALL {
            let skin = Skin { theme, ascii: false };
            for tone in [Tone::Bad, Tone::Unknown, Tone::Wait] {
                assert_ne!(skin.style(tone), skin.style(Tone::Good), "{theme:?} {tone:?}");
            }
            assert_ne!(skin.style(Tone::Bad), skin.style(Tone::Unknown), "{theme:?}");
        }
    }
}
