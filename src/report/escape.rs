//! What outside text may not do to a page: become markup, a link, a formula, or something unseen.

use crate::text::sanitize;

/// Text for a line of Markdown: shown as it stands, on one line.
#[must_use]
pub fn markdown(text: &str) -> String {
    let safe = sanitize::line(text);
    let mut out = String::with_capacity(safe.len() + 8);
    for sign in safe.chars() {
        if matches!(sign, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '|' | '~' | '&') {
            out.push('\\');
        }
        out.push(sign);
    }
    out
}

/// Text for HTML, between tags or in a quoted attribute. Line ends stay.
#[must_use]
pub fn html(text: &str) -> String {
    let safe = sanitize::lines(text);
    let mut out = String::with_capacity(safe.len() + 8);
    for sign in safe.chars() {
        match sign {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(sign),
        }
    }
    out
}

/// A text cell of CSV. What a spreadsheet would take for a formula is told that it is text.
#[must_use]
pub fn csv(text: &str) -> String {
    let safe = sanitize::line(text);
    let is_formula = safe.starts_with(['=', '+', '-', '@']);
    let text = if is_formula { format!("'{safe}") } else { safe.into_owned() };
    if text.contains([',', '"']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_stays_text() {
        assert_eq!(markdown("a | b ` [x](http://evil) <img>"), r"a \| b \` \[x\](http://evil) \<img>");
        assert_eq!(markdown("one\ntwo\u{1b}[31m"), r"one two^\[\[31m");
    }

    #[test]
    fn html_stays_text() {
        assert_eq!(
            html("<script>alert('x')</script>&\u{202e}"),
            "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;&lt;U+202E&gt;"
        );
    }

    #[test]
    fn a_cell_is_no_formula() {
        for (text, cell) in [
            ("=1+1", "'=1+1"),
            ("+A1", "'+A1"),
            ("-2", "'-2"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("a,\"b\"", "\"a,\"\"b\"\"\""),
            ("two\nlines", "two lines"),
        ] {
            assert_eq!(csv(text), cell);
        }
    }
}
