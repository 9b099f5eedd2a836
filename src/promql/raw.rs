//! Strings of the query language: raw ones rewritten, plain ones written.

use std::fmt::Write as _;
use std::str::Chars;

/// A query made ready for the parser.
pub(super) struct Plain {
    pub(super) text: String,
    /// How many operators, brackets and gaps it has: no tree made from it is deeper.
    pub(super) marks: usize,
}

/// Rewrites raw strings (between backticks) as quoted ones; the parser trips over their backslashes.
pub(super) fn quote(text: &str) -> Plain {
    let mut out = String::with_capacity(text.len());
    let mut marks = 0;
    let mut rest = text.chars();
    while let Some(letter) = rest.next() {
        let in_word = letter.is_alphanumeric() || matches!(letter, '_' | ':' | '.');
        let in_gap = letter.is_whitespace() && out.ends_with(char::is_whitespace);
        marks += usize::from(!in_word && !in_gap);
        match letter {
            '`' if rest.as_str().contains('`') => {
                let inner: String = rest.by_ref().take_while(|&c| c != '`').collect();
                out.push_str(&string(&inner));
            }
            '"' | '\'' => {
                out.push(letter);
                copy_quoted(letter, &mut rest, &mut out);
            }
            '#' => {
                out.push(letter);
                out.extend(rest.by_ref().take_while(|&c| c != '\n'));
                out.push('\n');
            }
            _ => out.push(letter),
        }
    }
    Plain { text: out, marks }
}

fn copy_quoted(quote: char, rest: &mut Chars<'_>, out: &mut String) {
    while let Some(letter) = rest.next() {
        out.push(letter);
        if letter == quote {
            return;
        }
        if letter == '\\' {
            out.extend(rest.next());
        }
    }
}

/// Writes a value as a quoted string, control characters escaped.
pub(super) fn string(value: &str) -> String {
    let mut out = String::with_capacity(value.len() + 2);
    out.push('"');
    for letter in value.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            _ if letter.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(letter));
            }
            _ => out.push(letter),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_raw_strings_are_rewritten() {
        for (text, want) in [
            ("x{a=`\\d\"`}", r#"x{a="\\d\""}"#),
            (r#"x{a="`",b='`'}"#, r#"x{a="`",b='`'}"#),
            (r#"x{a="\"`"} # `c`"#, "x{a=\"\\\"`\"} # `c`\n"),
            ("x{a=`open", "x{a=`open"),
        ] {
            assert_eq!(quote(text).text, want);
        }
    }

    #[test]
    fn marks_are_counted_outside_strings() {
        assert_eq!(quote(r#"rate( x{a=~"(b|c)+"}[5m] )"#).marks, 11);
        assert_eq!(quote("x   or\n\n  y").marks, 2);
    }
}
