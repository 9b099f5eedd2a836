//! From the text of a query to what judging it needs: its window and its selectors.

use super::{Query, Selector, raw, window};
use promql_parser::label::{MatchOp, Matcher, Matchers};
use promql_parser::parser::value::ValueType;
use promql_parser::parser::{self, Expr, VectorSelector};
use thiserror::Error;

/// Longer queries are refused.
const LONGEST: usize = 100_000;

/// Deeper queries are refused too: the parser builds, and we walk, its tree recursively.
const DEEPEST: usize = 1_000;

/// Why a text is not a query that gives a value.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct SyntaxError {
    /// A sentence fragment: `unclosed left parenthesis`.
    pub message: String,
    /// The byte of the text it points at, where that is known.
    pub at: Option<usize>,
}

impl SyntaxError {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), at: None }
    }
}

/// Reads a query and lists its window and the series it reads.
///
/// # Errors
/// A [`SyntaxError`] for a text that is not PromQL, or that gives a range or a string instead of a
/// value.
pub fn inspect(text: &str) -> Result<Query, SyntaxError> {
    let tree = tree(text)?;
    let mut selectors: Vec<Selector> = Vec::new();
    for look in window::looks(&tree) {
        let text = show(look.selector);
        match selectors.iter_mut().find(|selector| selector.text == text) {
            Some(selector) => selector.window = selector.window.max(look.window),
            None => selectors.push(Selector { text, window: look.window }),
        }
    }
    let widest = selectors.iter().filter_map(|selector| selector.window).max();
    Ok(Query { text: text.to_owned(), window: widest, selectors })
}

/// Whether a query gives one number without labels: `scalar(x)`, `1 + 1`.
#[must_use]
pub fn is_scalar(text: &str) -> bool {
    tree(text).is_ok_and(|tree| tree.value_type() == ValueType::Scalar)
}

/// Reads a query as a tree that gives a value.
pub(super) fn tree(text: &str) -> Result<Expr, SyntaxError> {
    if text.len() > LONGEST {
        return Err(SyntaxError::new(format!("the query is longer than {LONGEST} bytes")));
    }
    let plain = raw::quote(text);
    if plain.marks > DEEPEST {
        return Err(SyntaxError::new(format!("the query has more than {DEEPEST} operators and brackets")));
    }
    let tree = parser::parse(&plain.text).map_err(|message| explain(&plain.text, text, message))?;
    match tree.value_type() {
        ValueType::Vector | ValueType::Scalar => Ok(tree),
        ValueType::Matrix => {
            Err(SyntaxError::new("the query gives a range of samples; a function like rate() makes a value"))
        }
        ValueType::String => Err(SyntaxError::new("the query gives a string, not a value")),
    }
}

/// The parser does not say where it stopped. For what its lexer refuses that is the end of the
/// shortest beginning that is refused for the same reason.
fn explain(plain: &str, text: &str, message: String) -> SyntaxError {
    let at = if plain == text { refused_at(plain, &message) } else { None };
    let message = match message.as_str() {
        "invalid promql query" => "not a PromQL expression".to_owned(),
        _ if message.starts_with("no expression found") => "the query is empty".to_owned(),
        _ => message,
    };
    SyntaxError { message, at }
}

fn refused_at(text: &str, message: &str) -> Option<usize> {
    if message.contains("end of input") {
        return Some(text.trim_end().len());
    }
    if message.contains("unclosed left parenthesis") {
        return unclosed(text);
    }
    if !message.starts_with("unexpected") {
        return None;
    }
    let refuses =
        |end| text.get(..end).is_some_and(|head| parser::lexer(head).err().is_some_and(|found| found == message));
    text.char_indices().find(|(at, letter)| refuses(at + letter.len_utf8())).map(|(at, _)| at)
}

/// The innermost bracket that is never closed.
fn unclosed(text: &str) -> Option<usize> {
    let (mut open, mut quote, mut is_escaped) = (Vec::new(), None, false);
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (Some('"' | '\''), '\\') if !is_escaped => {
                is_escaped = true;
                continue;
            }
            (Some(mark), letter) if mark == letter && !is_escaped => quote = None,
            (None, '"' | '\'' | '`') => quote = Some(letter),
            (None, '(') => open.push(at),
            (None, ')') => drop(open.pop()),
            _ => {}
        }
        is_escaped = false;
    }
    open.pop()
}

/// Writes a selector so that it can be asked by itself: every matcher, no range, offset or `@`.
fn show(selector: &VectorSelector) -> String {
    let name = selector.name.clone().unwrap_or_default();
    let matchers = show_matchers(&selector.matchers);
    if matchers.is_empty() { name } else { format!("{name}{{{matchers}}}") }
}

fn show_matchers(matchers: &Matchers) -> String {
    let list = |matchers: &[Matcher]| matchers.iter().map(show_matcher).collect::<Vec<_>>().join(",");
    if matchers.or_matchers.is_empty() {
        return list(&matchers.matchers);
    }
    matchers.or_matchers.iter().map(|group| list(group)).collect::<Vec<_>>().join(" or ")
}

fn show_matcher(matcher: &Matcher) -> String {
    let op = match matcher.op {
        MatchOp::Equal => "=",
        MatchOp::NotEqual => "!=",
        MatchOp::Re(_) => "=~",
        MatchOp::NotRe(_) => "!~",
    };
    let plain = matcher.name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && matcher.name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let name = if plain { matcher.name.clone() } else { raw::string(&matcher.name) };
    format!("{name}{op}{}", raw::string(&matcher.value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Millis;

    fn selectors(text: &str) -> Vec<(String, Option<u64>)> {
        let query = inspect(text).unwrap();
        query.selectors.into_iter().map(|s| (s.text, s.window.map(Millis::as_secs))).collect()
    }

    #[test]
    fn a_ratio_reads_two_selectors_over_its_range() {
        let text = r#"sum(rate(http_requests_total{status=~"5.."}[1m])) / sum(rate(http_requests_total[1m]))"#;
        let query = inspect(text).unwrap();
        assert_eq!(query.text, text);
        assert_eq!(query.window, Some(Millis::from_secs(60)));
        let (errors, all) = (r#"http_requests_total{status=~"5.."}"#, "http_requests_total");
        assert_eq!(selectors(text), [(errors.to_owned(), Some(60)), (all.to_owned(), Some(60))]);
    }

    #[test]
    fn the_same_selector_is_listed_once_with_its_widest_window() {
        assert_eq!(selectors("rate(x[1m]) / rate(x[5m]) + x"), [("x".to_owned(), Some(300))]);
        assert_eq!(selectors(r#"x{a="1",b="2"} + x{a="1", b='2'}"#), [(r#"x{a="1",b="2"}"#.to_owned(), None)]);
    }

    #[test]
    fn a_parameter_is_read_too() {
        assert_eq!(selectors("quantile(scalar(q), x)"), [("x".to_owned(), None), ("q".to_owned(), None)]);
    }

    #[test]
    fn selectors_survive_being_written_again() {
        for text in [
            "up",
            "job:errors:rate5m",
            r#"{__name__="x"}"#,
            r#"{__name__=~"http_.*",job!="a"}"#,
            r#"{"http.requests","a b"="c"}"#,
            r#"x{path="/q?a=\"b\"",re=~"a{2}\\.b",t="\t\n\r"}"#,
            r#"x{a="1" or b="2"}"#,
            r#"x{a="1",b="2" or c="3"}"#,
            "x{a=\"\\u001b[31m\u{202e}\"}",
            "x{a=`\\d+`}",
        ] {
            let first = inspect(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            let again = inspect(&first.selectors[0].text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(first.selectors, again.selectors, "{text}");
            assert!(!first.selectors[0].text.contains(char::is_control), "{text}");
        }
    }

    #[test]
    fn what_gives_no_value_is_refused() {
        for text in ["", "  ", "x[5m]", "\"text\"", "foo bar", "sum(rate(x))", "x{a=~\"[\"}", "up[5m", "{}"] {
            assert!(inspect(text).is_err(), "{text}");
        }
        assert!(inspect(&"1+".repeat(LONGEST)).is_err());
    }

    #[test]
    fn a_place_is_named_where_it_is_known() {
        assert_eq!(inspect("rate(x[1m]) ; 2").unwrap_err().at, Some(12));
        assert_eq!(inspect("x{a=\"ü\"} ß").unwrap_err().at, Some(10));
        assert_eq!(inspect("foo bar").unwrap_err().at, None);
    }

    #[test]
    fn the_deepest_query_still_fits_the_stack() {
        let half = DEEPEST / 2;
        let shapes = [
            format!("1{}", "+1".repeat(DEEPEST)),
            format!("x{}", " or x".repeat(half)),
            format!("{}1{}", "(".repeat(half), ")".repeat(half)),
            format!("{}1", "-".repeat(DEEPEST)),
            format!("{}x{}", "abs(".repeat(half), ")".repeat(half)),
        ];
        for text in &shapes {
            assert!(inspect(text).is_ok(), "{text}");
        }
        assert!(inspect(&format!("1{}", "+1".repeat(DEEPEST + 1))).is_err());
    }
}
