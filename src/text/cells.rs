//! How many cells of a terminal a text takes.
//!
//! Most terminals go sign by sign: one that stands by itself with the marks on it has its cells, and what others
//! join to one (a flag, a skin tone, لا) is a cell or two for each. So text is measured that way, and put that way:
//! each sign where it was told to be, whatever a terminal thinks of its neighbours.

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
    sign.width().unwrap_or(0)
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
}
