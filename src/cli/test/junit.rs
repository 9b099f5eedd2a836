//! What CI reads: JUnit's XML, as its schema and its many readers want it.

use super::{Case, Totals, Unrunnable, text};
use std::fmt::Write as _;
use std::io::{self, Write};

pub(super) fn write(cases: &[Case], totals: Totals, out: &mut dyn Write) -> io::Result<()> {
    let counts = format!("tests=\"{}\" failures=\"{}\" errors=\"{}\"", totals.all(), totals.failed, totals.invalid);
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<testsuites name=\"warroom test\" {counts}>")?;
    writeln!(out, "  <testsuite name=\"nights\" {counts} skipped=\"0\">")?;
    cases.iter().try_for_each(|case| self::case(case, out))?;
    writeln!(out, "  </testsuite>\n</testsuites>")
}

fn case(case: &Case, out: &mut dyn Write) -> io::Result<()> {
    let file = escape(&case.name());
    let name = if case.about.is_empty() { file.clone() } else { escape(&case.about).replace('\n', "&#10;") };
    write!(out, "    <testcase classname=\"{file}\" name=\"{name}\"")?;
    let (tag, kind, message, body) = match &case.result {
        Ok(night) if night.failures.is_empty() => return writeln!(out, "/>"),
        Ok(night) => {
            let body: Vec<_> = night.failures.iter().map(ToString::to_string).collect();
            let story: Vec<_> = night.timeline.iter().map(ToString::to_string).collect();
            let body = format!("{}\n\nthe night:\n{}", body.join("\n"), story.join("\n"));
            let first = night.failures.first();
            let message = first.map(|failure| format!("at {}: {}", failure.t, failure.misses.join("; ")));
            ("failure", "judged-otherwise", message.unwrap_or_default(), body)
        }
        Err(Unrunnable::Unreadable(error)) => ("error", "unreadable", error.clone(), String::new()),
        Err(Unrunnable::Invalid(invalid)) => {
            let message = invalid.problems.first().map(ToString::to_string).unwrap_or_default();
            ("error", "invalid", message, text::problems(invalid, &case.name()))
        }
    };
    let (message, body) = (escape(&message).replace('\n', "&#10;"), escape(body.trim_end()));
    writeln!(out, ">\n      <{tag} type=\"{kind}\" message=\"{message}\">{body}</{tag}>\n    </testcase>")
}

/// Text for an attribute or, with line ends as they are, an element. What XML cannot hold at all is
/// shown as U+FFFD.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '\n' => out.push(sign),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            // Readers would make spaces or line ends of these.
            '\t' | '\r' | '\u{7f}'..='\u{9f}' => {
                write!(out, "&#{};", u32::from(sign)).expect("writing to a string");
            }
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(sign),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_xml_cannot_hold_gets_through() {
        assert_eq!(escape("<a b=\"c\" & 'd'>"), "&lt;a b=&quot;c&quot; &amp; &apos;d&apos;&gt;");
        assert_eq!(escape("a\nb\tc\rd"), "a\nb&#9;c&#13;d");
        assert_eq!(escape("\0\u{1b}[31m\u{ffff}ü\u{85}"), "\u{fffd}\u{fffd}[31m\u{fffd}ü&#133;");
        assert_eq!(escape("]]>"), "]]&gt;");
    }
}
