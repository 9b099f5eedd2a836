//! How meanings look: a tone for each meaning, a style of the theme for each tone.
//!
//! Status is never colour alone: every state also has a glyph and a word, so the mono theme, which
//! sets no colour at all, loses nothing.

pub use super::theme::Theme;
use crate::judge::Call;
use ratatui::style::{Modifier, Style};

/// Whether a terminal promises true colours.
#[must_use]
pub fn has_rgb(env: impl Fn(&str) -> Option<String>) -> bool {
    env("COLORTERM").is_some_and(|word| matches!(word.as_str(), "truecolor" | "24bit"))
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

impl Tone {
    pub const ALL: [Self; 8] =
        [Self::Plain, Self::Muted, Self::Strong, Self::Accent, Self::Good, Self::Wait, Self::Bad, Self::Unknown];
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
    /// where `NO_COLOR` is set, true colours where `COLORTERM` promises them, ASCII where the locale
    /// knows nothing else.
    #[must_use]
    pub fn choose(theme: Option<Theme>, ascii: bool, env: impl Fn(&str) -> Option<String>) -> Self {
        let is_set = |name: &str| env(name).is_some_and(|value| !value.is_empty());
        let is_dumb = env("TERM").is_none_or(|term| matches!(term.as_str(), "" | "dumb" | "vt100"));
        let usual = if is_set("NO_COLOR") || is_dumb { Theme::Mono } else { Theme::Dark };
        // The first that is set decides, as in every C library.
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find(|name| is_set(name)).and_then(&env);
        let speaks_utf8 = locale.is_some_and(|locale| locale.to_lowercase().replace('-', "").contains("utf8"));
        let theme = theme.unwrap_or(usual);
        let theme = if has_rgb(&env) { theme.in_rgb() } else { theme };
        Self { theme, ascii: ascii || !speaks_utf8 }
    }

    #[must_use]
    pub fn style(self, tone: Tone) -> Style {
        self.theme.palette().tone(tone)
    }

    /// The style of a row that must be seen from the back of the room.
    #[must_use]
    pub fn loud(self, loud: Loud) -> Style {
        self.theme.palette().loud(loud)
    }

    /// What marks the row that the keys act on.
    #[must_use]
    pub const fn selected() -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(choose(None, &[usual[0], usual[1], ("COLORTERM", "truecolor")]).theme, Theme::Dark.in_rgb());
        assert_eq!(choose(None, &[quiet[0], quiet[1], quiet[2], ("COLORTERM", "24bit")]).theme, Theme::Mono);
        assert!(choose(None, &[usual[0], usual[1], ("LC_ALL", "C")]).ascii);
        assert!(!choose(None, &[usual[0], ("LC_ALL", ""), ("LC_CTYPE", "C.utf8")]).ascii);
    }
}
