//! Making text from outside safe and honest to show.
//!
//! A checklist, a label or a health body can carry escape sequences, signs that turn the line
//! around, or signs that cannot be seen. None of them may act on the terminal, and none may vanish
//! either: `fail` and `fail<U+202E>` are two different labels and must look different.

use super::cells;
use std::borrow::Cow;
use std::fmt::Write;

/// Longer lines are cut here, with an ellipsis.
const LONGEST: usize = 2_000;

/// Combining marks beyond this many on one base are left out.
const MARKS: usize = 4;

/// Makes one line of outside text safe to show.
///
/// Control characters become `^[`, unseen ones `<U+202E>`, tabs and line ends spaces; variation
/// selectors and the joiners inside emoji go, because terminals disagree about their width.
#[must_use]
pub fn line(text: &str) -> Cow<'_, str> {
    // All of them, and not until the first: that takes many bytes at once.
    let is_plain = || text.bytes().fold(0, |found, byte| found | u8::from(!(0x20..0x7F).contains(&byte))) == 0;
    if text.len() <= LONGEST && is_plain() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut marks = 0;
    let mut before = ' ';
    for (at, sign) in text.chars().enumerate() {
        if at == LONGEST {
            out.push('…');
            break;
        }
        show(sign, before, &mut marks, &mut out);
        before = sign;
    }
    Cow::Owned(out)
}

/// Makes several lines safe to show and keeps their ends; U+2028 and U+2029 end a line too.
#[must_use]
pub fn lines(text: &str) -> String {
    let parts: Vec<_> = text.split(['\n', '\u{2028}', '\u{2029}']).collect();
    parts.iter().map(|part| line(part.strip_suffix('\r').unwrap_or(part))).collect::<Vec<_>>().join("\n")
}

/// A value between quotes: nothing in it acts or hides, and no two values become one text.
#[must_use]
pub fn quoted(value: &str) -> String {
    // Marks stay, but for one at the beginning.
    format!("\"{}\"", value.escape_debug().to_string().replace("\\'", "'"))
}

fn show(sign: char, before: char, marks: &mut usize, out: &mut String) {
    if matches!(sign, '\u{fe00}'..='\u{fe0f}') || sign == '\u{200d}' && is_pictograph(before) {
        return;
    }
    if is_mark(sign) {
        *marks += 1;
        if *marks <= MARKS {
            out.push(sign);
        }
        return;
    }
    *marks = 0;
    match sign {
        '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}' | '\u{85}' => out.push(' '),
        '\0'..='\u{1f}' => out.extend(['^', caret(sign)]),
        '\u{7f}' => out.push_str("^?"),
        _ if is_unseen(sign) => {
            // Writing into a string cannot fail.
            let _ = write!(out, "<U+{:04X}>", u32::from(sign));
        }
        _ => out.push(sign),
    }
}

fn caret(control: char) -> char {
    u8::try_from(control).map_or('?', |byte| char::from(byte + 0x40))
}

fn is_mark(sign: char) -> bool {
    !is_unseen(sign) && !sign.is_control() && cells::width_of(sign) == 0
}

const fn is_pictograph(sign: char) -> bool {
    matches!(sign, '\u{2190}'..='\u{2bff}' | '\u{fe0f}' | '\u{1f000}'..='\u{1faff}')
}

/// Signs that take no room, turn the line around, or look like nothing.
const fn is_unseen(sign: char) -> bool {
    matches!(sign,
        '\u{80}'..='\u{9f}'
        | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn nothing_acts_on_the_terminal_and_nothing_vanishes() {
        for (text, want) in [
            ("\u{1b}]52;c;aGk=\u{7}", "^[]52;c;aGk=^G"),
            ("\u{9b}31mred", "<U+009B>31mred"),
            ("fail\u{202e}lave", "fail<U+202E>lave"),
            ("a\u{200b}b\u{feff}", "a<U+200B>b<U+FEFF>"),
            ("a\tb\u{2028}c\r", "a b c "),
            ("\u{7f}", "^?"),
            ("tag\u{e0041}", "tag<U+E0041>"),
            ("a\u{180b}\u{fff0}\u{1bca0}", "a<U+180B><U+FFF0><U+1BCA0>"),
        ] {
            assert_eq!(line(text), want);
        }
    }

    #[test]
    fn a_value_between_quotes_ends_where_it_ends() {
        assert_eq!(quoted(r#"a "b" \ ｶﾞ"#), r#""a \"b\" \\ ｶﾞ""#);
        assert_eq!(quoted("it's\n\u{202e}\u{1b}"), r#""it's\n\u{202e}\u{1b}""#);
        let alike = ["a\n", "a ", "a\u{a0}", "a\t", "⚠", "⚠\u{fe0f}", "\u{1b}", "^["];
        let shown: BTreeSet<_> = alike.iter().map(|value| quoted(value)).collect();
        assert_eq!(shown.len(), alike.len(), "by its labels a series is known again: {shown:?}");
    }

    #[test]
    fn marks_are_capped_and_emoji_keep_one_width() {
        assert_eq!(line(&format!("e{}x", "\u{301}".repeat(100))), format!("e{}x", "\u{301}".repeat(4)));
        assert_eq!(line(&"\u{301}\u{fe0f}".repeat(100)), "\u{301}".repeat(4), "whatever stands between them");
        assert_eq!(line("⚠\u{fe0f} hot"), "⚠ hot");
        assert_eq!(line("a\u{200d}b"), "a<U+200D>b");
        assert_eq!(line("👩\u{200d}🚒"), "👩🚒");
    }

    #[test]
    fn plain_text_is_borrowed_and_endless_text_is_cut() {
        assert!(matches!(line("Error rate < 0.1%"), Cow::Borrowed(_)));
        assert_eq!(line("größer"), "größer");
        let cut = line(&"x".repeat(5_000)).into_owned();
        assert_eq!(cut.chars().count(), LONGEST + 1);
        assert!(cut.ends_with('…'));
    }

    #[test]
    fn line_ends_stay_where_lines_are_wanted() {
        assert_eq!(lines("a\r\n\u{1b}b\u{2028}c"), "a\n^[b\nc");
    }
}
