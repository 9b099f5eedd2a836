//! A figure with its unit: `1,247 TPS`, `0.1%`, `40-70%`, `5k req/s`.

use crate::plan::tokens::Token;
use crate::text::Unit;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Figure {
    pub value: f64,
    /// The upper end of a range.
    pub high: Option<f64>,
    /// A count where no unit is written.
    pub unit: Unit,
    /// `1,247+`.
    pub open: bool,
    /// `5x`, `110% of baseline`, `20% slower`.
    pub relative: bool,
    /// The place behind it.
    pub end: usize,
}

/// Reads the figure that begins at a token.
pub(super) fn read(tokens: &[Token<'_>], at: usize) -> Option<Figure> {
    // Other signs before a figure are not understood, and so not guessed at.
    let is_money = tokens.get(at)?.sign() == Some('$');
    let at = at + usize::from(is_money);
    let first = at;
    let (value, mut at) = grouped(tokens, at)?;
    let mut high = None;
    if tokens.get(at).is_some_and(Token::is_dash)
        && let Some(upper) = tokens.get(at + 1).and_then(Token::number)
        && upper >= value
    {
        high = Some(upper);
        at += 2;
    }
    let open = tokens.get(at).is_some_and(|t| t.sign() == Some('+'));
    at += usize::from(open);
    let (scale, next) = scale(tokens, at);
    let (unit, end) = match unit(tokens, next) {
        _ if is_money => (Unit::Dollars, next),
        Some(known) => known,
        None => (Unit::Count, next),
    };
    // What is counted has no decimals: `10.000 Nachrichten` are ten thousand.
    let is_counted = unit == Unit::Count && high.is_none() && is_grouped_by_dot(&tokens[first], value);
    let scale = if is_counted { scale * 1_000.0 } else { scale };
    if let Some((percent, end)) = said_again(tokens, end, value).filter(|_| unit == Unit::Count) {
        return Some(Figure { value: percent, high: None, unit: Unit::Percent, open, relative: false, end });
    }
    let open = open || tokens.get(end).is_some_and(|t| t.glued && t.sign() == Some('+'));
    let end = end + usize::from(open && tokens.get(end).is_some_and(|t| t.glued && t.sign() == Some('+')));
    // `10 m` is no figure in minutes unless the unit touches it, and `10 s` reads as seconds.
    let relative = is_relative(tokens, next, end);
    Some(Figure { value: value * scale, high: high.map(|high| high * scale), unit, open, relative, end })
}

/// A figure whose thousands may stand apart: `1 000`, `12 500 000`; with the place behind it.
fn grouped(tokens: &[Token<'_>], at: usize) -> Option<(f64, usize)> {
    let mut value = tokens.get(at)?.number()?;
    let mut at = at + 1;
    let is_first = tokens[at - 1].span.len() <= 3 && value >= 1.0 && value.fract() == 0.0;
    while is_first
        && let Some(group) = tokens.get(at).filter(|group| !group.glued && group.span.len() == 3)
        && let Some(more) = group.number().filter(|more| more.fract() == 0.0)
    {
        value = value * 1_000.0 + more;
        at += 1;
    }
    Some((value, at))
}

/// Says whether a figure is written as whole hundreds with a dot: `10.000`, `1.500`.
fn is_grouped_by_dot(token: &Token<'_>, value: f64) -> bool {
    const DOT_AND_GROUP: usize = 4;
    let whole = match value {
        value if (1.0..10.0).contains(&value) => 1,
        value if (10.0..100.0).contains(&value) => 2,
        value if (100.0..1_000.0).contains(&value) => 3,
        _ => return false,
    };
    token.span.len() == whole + DOT_AND_GROUP && ((value * 10.0).fract()).abs() < 1e-9
}

/// `0.005 (0.5%)`: a ratio and the same in percent.
fn said_again(tokens: &[Token<'_>], at: usize, ratio: f64) -> Option<(f64, usize)> {
    let is = |at: usize, sign: char| tokens.get(at).is_some_and(|token| token.sign() == Some(sign));
    let percent = tokens.get(at + 1)?.number().filter(|_| is(at, '(') && is(at + 2, '%') && is(at + 3, ')'))?;
    let is_same = Unit::Percent.convert(percent, Unit::Ratio).is_some_and(|same| (same - ratio).abs() < 1e-9);
    is_same.then_some((percent, at + 4))
}

/// `k` and `M` right behind the figure; in `12k/s` the rest of the word is the unit.
fn scale(tokens: &[Token<'_>], at: usize) -> (f64, usize) {
    let Some(word) = tokens.get(at).filter(|t| t.glued).and_then(Token::word) else { return (1.0, at) };
    let (letter, is_whole) = word.split_once('/').map_or((word, true), |(letter, _)| (letter, false));
    let scale = match letter {
        "k" | "K" => 1_000.0,
        "M" => 1_000_000.0,
        _ => return (1.0, at),
    };
    (scale, at + usize::from(is_whole))
}

fn unit(tokens: &[Token<'_>], at: usize) -> Option<(Unit, usize)> {
    let token = tokens.get(at)?;
    if let Some(sign) = token.sign() {
        return match sign {
            '%' => Some((Unit::Percent, at + 1)),
            // `5k/s`, `100/sec`.
            '/' if tokens.get(at + 1).and_then(Token::word).is_some_and(is_second) => Some((Unit::Tps, at + 2)),
            _ => None,
        };
    }
    let word = token.word()?;
    if let Some(known) = Unit::parse(word) {
        return Some((known, at + 1));
    }
    // `5 MB/s`, `2 GB/node` are measured in bytes: the query says per what.
    if let Some(size) =
        word.split_once('/').and_then(|(size, _)| Unit::parse(size)).filter(|size| size.fits(Unit::Bytes))
    {
        return Some((size, at + 1));
    }
    let is_per_second = |at: usize| {
        let divided = tokens.get(at).is_some_and(|t| t.is_word("per") || t.sign() == Some('/'));
        divided && tokens.get(at + 1).and_then(Token::word).is_some_and(is_second)
    };
    match word.rsplit_once('/') {
        Some((_, second)) if is_second(second) => Some((Unit::Tps, at + 1)),
        _ if is_per_second(at + 1) => Some((Unit::Tps, at + 3)),
        _ if is_per_second(at) => Some((Unit::Tps, at + 2)),
        _ => None,
    }
}

fn is_second(word: &str) -> bool {
    ["s", "sec", "second"].iter().any(|second| word.eq_ignore_ascii_case(second))
}

fn is_relative(tokens: &[Token<'_>], unit: usize, end: usize) -> bool {
    const JOINING: [&str; 9] = ["of", "the", "over", "from", "vs", "versus", "compared", "to", "relative"];
    const COMPARED: [&str; 13] = [
        "baseline",
        "below",
        "above",
        "slower",
        "faster",
        "higher",
        "lower",
        "worse",
        "better",
        "normal",
        "average",
        "previous",
        "pre-deployment",
    ];
    // Of what is wanted, or of the old version: nobody knows how much that is.
    const OF: [&str; 9] = ["target", "targets", "goal", "expected", "v1", "old", "stable", "legacy", "control"];
    let is_of = tokens.get(end).is_some_and(|t| t.is_word("of"))
        && tokens.get(end + 1).is_some_and(|t| OF.iter().any(|word| t.is_word(word)));
    let times =
        is_of || tokens.get(unit).is_some_and(|t| t.is_word("x") || t.sign() == Some('×') || t.sign() == Some('σ'));
    let mut behind = tokens
        .iter()
        .skip(end)
        .take(4)
        .filter(|t| t.sign() != Some('.') && !JOINING.iter().any(|word| t.is_word(word)));
    times || behind.next().is_some_and(|t| COMPARED.iter().any(|word| t.is_word(word)))
}
