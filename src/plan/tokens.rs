//! Figures, words and signs of one line: what conditions, shares and spans of time are read from.

use crate::text::{Millis, duration};
use std::ops::Range;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token<'a> {
    pub what: What<'a>,
    /// Bytes of the line.
    pub span: Range<usize>,
    /// No space stands before it.
    pub glued: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum What<'a> {
    Number(f64),
    /// Letters first, then letters, digits and what joins them: `p99.9`, `user-reported`, `req/s`.
    Word(&'a str),
    Sign(char),
}

impl<'a> Token<'a> {
    pub(super) const fn number(&self) -> Option<f64> {
        match self.what {
            What::Number(value) => Some(value),
            _ => None,
        }
    }

    pub(super) const fn word(&self) -> Option<&'a str> {
        match self.what {
            What::Word(word) => Some(word),
            _ => None,
        }
    }

    pub(super) const fn sign(&self) -> Option<char> {
        match self.what {
            What::Sign(sign) => Some(sign),
            _ => None,
        }
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        self.word().is_some_and(|own| own.eq_ignore_ascii_case(word))
    }

    pub(super) fn is_dash(&self) -> bool {
        matches!(self.sign(), Some('-' | '–' | '—' | '~')) || self.is_word("to")
    }
}

impl Token<'_> {
    /// Between two times: `1-2 hours`, `20 a 30 minutos`, `20 bis 30 Minuten`.
    fn is_until(&self) -> bool {
        self.is_dash() || ["a", "à", "bis", "até", "hasta"].iter().any(|word| self.is_word(word))
    }
}

/// Cuts a line into tokens.
pub(super) fn cut(line: &str) -> Vec<Token<'_>> {
    // A word has some five letters.
    let mut tokens = Vec::with_capacity(line.len() / 4 + 1);
    let mut at = 0;
    let mut glued = false;
    while let Some(rest) = line.get(at..).filter(|rest| !rest.is_empty()) {
        let (what, length) = first(rest);
        if let Some(what) = what {
            tokens.push(Token { what, span: at..at + length, glued });
        }
        glued = what.is_some();
        at += length;
    }
    tokens
}

fn first(rest: &str) -> (Option<What<'_>>, usize) {
    match rest.chars().next() {
        Some(c) if c.is_whitespace() => (None, c.len_utf8()),
        Some(c) if c.is_ascii_digit() => {
            let (value, length) = number(rest);
            (Some(What::Number(value)), length)
        }
        Some(c) if c.is_alphabetic() => {
            let word = word(rest);
            (Some(What::Word(word)), word.len())
        }
        Some(c) => (Some(What::Sign(c)), c.len_utf8()),
        None => (None, 1),
    }
}

/// Reads `1,247`, `99.95`, `0,5` and how many bytes they take.
fn number(rest: &str) -> (f64, usize) {
    let mut digits = String::new();
    let mut tail = rest;
    take_digits(&mut digits, &mut tail);
    let mut grouped = false;
    while let Some(group) = tail.strip_prefix(',').filter(|group| leading_digits(group) == 3) {
        tail = group;
        take_digits(&mut digits, &mut tail);
        grouped = true;
    }
    let fraction = tail.strip_prefix('.').or_else(|| {
        // A comma before one or two digits is a decimal comma.
        tail.strip_prefix(',').filter(|after| !grouped && matches!(leading_digits(after), 1 | 2))
    });
    if let Some(fraction) = fraction.filter(|fraction| leading_digits(fraction) > 0) {
        digits.push('.');
        tail = fraction;
        take_digits(&mut digits, &mut tail);
    }
    (digits.parse().unwrap_or(f64::MAX), rest.len() - tail.len())
}

fn leading_digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

fn take_digits(digits: &mut String, tail: &mut &str) {
    let (head, rest) = tail.split_at(leading_digits(tail));
    digits.push_str(head);
    *tail = rest;
}

fn word(rest: &str) -> &str {
    let mut end = 0;
    let mut before = ' ';
    let mut signs = rest.char_indices().peekable();
    while let Some((at, sign)) = signs.next() {
        let next = signs.peek().map_or(' ', |(_, next)| *next);
        let joins = match sign {
            '_' | '\'' | '’' | '/' | '-' => next.is_alphabetic(),
            '.' => before.is_ascii_digit() && next.is_ascii_digit(),
            _ => sign.is_alphanumeric(),
        };
        if !joins {
            break;
        }
        before = sign;
        end = at + sign.len_utf8();
    }
    rest.split_at(end).0
}

/// A span of time found in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub low: Millis,
    /// The upper end of a range.
    pub high: Option<Millis>,
    /// Its tokens.
    pub at: Range<usize>,
}

/// All spans of time of a line: `10 minutes`, `30 min - 1 hour`, `2+ hours`, `12-hour`, `1h30m`.
pub(super) fn spans(tokens: &[Token<'_>]) -> Vec<Span> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match span(tokens, at) {
            Some(span) => {
                at = span.at.end;
                found.push(span);
            }
            None => at += 1,
        }
    }
    found
}

fn span(tokens: &[Token<'_>], at: usize) -> Option<Span> {
    let low = tokens.get(at)?.number()?;
    if let Some((low, end)) = with_unit(tokens, at) {
        let upper = tokens.get(end).filter(|t| t.is_until()).and_then(|_| with_unit(tokens, end + 1));
        return Some(match upper {
            Some((high, end)) if high >= low => Span { low, high: Some(high), at: at..end },
            _ => Span { low, high: None, at: at..end },
        });
    }
    // `1-2 hours`: the unit stands behind the upper end.
    tokens.get(at + 1).filter(|t| t.is_until())?;
    let high = tokens.get(at + 2)?.number()?;
    let (total, end) = with_unit(tokens, at + 2)?;
    #[expect(clippy::cast_precision_loss, reason = "a span of time is far below 2^52 ms")]
    let low = millis(low * (total.0 as f64 / high))?;
    Some(if low.is_zero() || low > total {
        // From zero on it is an elapsed window, as long as its end says.
        Span { low: total, high: None, at: at..end }
    } else {
        Span { low, high: Some(total), at: at..end }
    })
}

/// The span of time that begins at a token, and the place behind it: `30 minutes`, `1h30m`.
pub(super) fn timed(tokens: &[Token<'_>], at: usize) -> Option<(Millis, usize)> {
    with_unit(tokens, at)
}

/// A figure with its unit: the time and the place behind it.
fn with_unit(tokens: &[Token<'_>], at: usize) -> Option<(Millis, usize)> {
    let value = tokens.get(at)?.number()?;
    let mut next = at + 1;
    while tokens.get(next).is_some_and(|t| matches!(t.sign(), Some('+' | '-')) && t.glued) {
        next += 1;
    }
    // `3 consecutive minutes`.
    let is_between = |token: &Token<'_>| {
        ["consecutive", "straight", "full", "consecutivos", "consécutives"].iter().any(|word| token.is_word(word))
    };
    next += usize::from(tokens.get(next).is_some_and(is_between));
    let unit = tokens.get(next)?;
    let word = unit.word()?.trim_end_matches("-long");
    // A single letter is a unit only where it touches its figure; `1 h` is nothing else.
    if word.chars().count() == 1 && (!unit.glued || next > at + 1) && word != "h" {
        return None;
    }
    let head = word.split(['-', '/']).next().unwrap_or(word);
    let span = match time_word(head) {
        Some(factor) => millis(value * factor)?,
        None if unit.glued && word.contains(|c: char| c.is_ascii_digit()) => {
            duration::parse(&format!("{value}{word}")).ok()?
        }
        None => return None,
    };
    Some((span, next + 1))
}

fn time_word(word: &str) -> Option<f64> {
    let word = word.to_lowercase();
    let english = match word.as_str() {
        "minuto" | "minutos" | "minuten" => "min",
        "hora" | "horas" | "heure" | "heures" | "stunde" | "stunden" | "std" => "h",
        "segundo" | "segundos" | "seconde" | "secondes" | "sekunde" | "sekunden" => "s",
        "dia" | "dias" | "día" | "días" | "jour" | "jours" | "tag" | "tage" | "tagen" => "d",
        "semana" | "semanas" | "semaine" | "semaines" | "woche" | "wochen" => "w",
        "y" | "ms" | "msec" | "millis" | "millisecond" | "milliseconds" => return None,
        other => other,
    };
    match english {
        "month" | "months" | "mês" | "mes" | "meses" | "mois" | "monat" | "monate" => Some(30.0 * 86_400_000.0),
        _ => duration::unit_millis(english),
    }
}

/// Says whether a word is a span that only plans are made in.
pub(super) fn is_longer_than_days(word: &str) -> bool {
    ["month", "months", "mois", "mes", "meses", "mês", "monat", "monate", "week", "weeks", "year", "years", "quarters"]
        .iter()
        .any(|span| word.eq_ignore_ascii_case(span))
}

fn millis(value: f64) -> Option<Millis> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "inside the range just tested")]
    (0.0..3.0e14).contains(&value).then(|| Millis(value.round() as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(text: &str) -> Vec<(u64, Option<u64>)> {
        spans(&cut(text)).into_iter().map(|s| (s.low.as_secs(), s.high.map(Millis::as_secs))).collect()
    }

    #[test]
    fn figures_are_read_with_their_separators() {
        let numbers: Vec<_> = cut("1,247 99.95 0,5 10,000+ 1.2.3").iter().filter_map(Token::number).collect();
        assert_eq!(numbers, [1247.0, 99.95, 0.5, 10_000.0, 1.2, 3.0]);
    }

    #[test]
    fn words_keep_what_joins_them() {
        let words: Vec<_> = cut("p99.9 user-reported req/s 95th v2 – x").iter().filter_map(Token::word).collect();
        assert_eq!(words, ["p99.9", "user-reported", "req/s", "th", "v2", "x"]);
    }

    #[test]
    fn spans_of_time_are_read_as_written() {
        for (text, want) in [
            ("Watch 10 minutes", vec![(600, None)]),
            ("(30 min - 1 hour)", vec![(1_800, Some(3_600))]),
            ("1-2 hours or 30–60 minutes", vec![(3_600, Some(7_200)), (1_800, Some(3_600))]),
            ("2+ hours, a 12-hour bake, 5m, 1h30m", vec![(7_200, None), (43_200, None), (300, None), (5_400, None)]),
            ("0-10 min", vec![(600, None)]),
            ("first 24 hours", vec![(86_400, None)]),
            ("v2.1.0, 24/7, 10 m, 5 things, 100ms", vec![]),
            ("Bake 1 h", vec![(3_600, None)]),
        ] {
            assert_eq!(times(text), want, "{text}");
        }
    }
}
