//! How many cells of a terminal a text takes.
//!
//! Most terminals go sign by sign: one that stands by itself with the marks on it has its cells, and what belongs to
//! one (ﾞ, a skin tone, the second letter of a flag) has its own. Others join such signs and move less. So text is
//! measured and put sign by sign, and what may be joined does not [stand alone](stands_alone): whoever writes it says
//! the place of the next sign again.

use std::iter;
use unicode_width::UnicodeWidthChar;

/// How many cells a text takes that is safe to show.
#[must_use]
pub fn width(text: &str) -> usize {
    // Most texts are plain, and in those each byte is a cell.
    if text.is_ascii() { text.len() } else { text.chars().map(width_of).sum() }
}

/// How many cells a sign takes; none where it is a mark on the one before it.
#[must_use]
pub fn width_of(sign: char) -> usize {
    match sign {
        // Frames, blocks and dots: most of a board that is not ASCII.
        '\u{2500}'..='\u{259f}' | '\u{2800}'..='\u{28ff}' => 1,
        _ => sign.width().unwrap_or(0),
    }
}

/// The signs of a text, each with the marks on it.
pub fn signs(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    iter::from_fn(move || {
        let mut after = rest.char_indices().skip(1);
        let end = after.find(|(_, sign)| width_of(*sign) > 0).map_or(rest.len(), |(at, _)| at);
        let (sign, others) = rest.split_at(end);
        rest = others;
        (!sign.is_empty()).then_some(sign)
    })
}

/// Whether terminals agree on the cells of this sign, whatever stands before it: Latin, Greek, Cyrillic, figures,
/// boxes and dots; Chinese, Japanese and Korean without half-width sound marks.
#[must_use]
pub fn stands_alone(sign: &str) -> bool {
    let agreed = |sign| {
        matches!(sign,
            '\0'..='\u{58f}' | '\u{1e00}'..='\u{1fff}' | '\u{2010}'..='\u{2bff}' | '\u{2e80}'..='\u{a4cf}'
            | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{ff01}'..='\u{ff9d}')
    };
    sign.chars().next().is_none_or(agreed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_sign_has_its_own_cells_whatever_stands_beside_it() {
        for (text, want) in [
            ("", &[][..]),
            ("ab", &[("a", 1), ("b", 1)]),
            ("e\u{301}\u{302}x", &[("e\u{301}\u{302}", 1), ("x", 1)]),
            ("表a", &[("表", 2), ("a", 1)]),
            ("ｶﾞ", &[("ｶ", 1), ("ﾞ", 1)]),
            ("لا", &[("ل", 1), ("ا", 1)]),
            ("👍🏽", &[("👍", 2), ("🏽", 2)]),
            ("🇩🇪", &[("🇩", 1), ("🇪", 1)]),
        ] {
            let parted: Vec<_> = signs(text).map(|sign| (sign, width(sign))).collect();
            assert_eq!(parted, want);
            assert_eq!(width(text), want.iter().map(|(_, width)| width).sum::<usize>());
        }
    }

    #[test]
    fn frames_blocks_and_dots_take_a_cell_each() {
        for sign in ('\u{2500}'..='\u{259f}').chain('\u{2800}'..='\u{28ff}') {
            assert_eq!(Some(width_of(sign)), sign.width(), "{sign}");
        }
    }

    #[test]
    fn what_some_terminals_join_does_not_stand_alone() {
        for alone in ["a", "é", "e\u{301}", "Ω", "ж", "─", "⠿", "…", "✓", "表", "ア", "ｱ", "한", " "] {
            assert!(stands_alone(alone), "{alone}");
        }
        for joined in ["ﾞ", "ﾟ", "\u{93f}", "\u{e33}", "🏽", "🇩", "👍", "ا"] {
            assert!(!stands_alone(joined), "{joined}");
        }
    }
}
