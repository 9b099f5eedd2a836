//! Comparisons in the words of a checklist: `Payment p95: < 100ms (target: 50ms)`.
//!
//! A comparison sign with a figure behind it was a condition in every checklist that was counted;
//! so were `Drops: 0`, `stable at 1,200+ TPS` and `CPU 40-70%`. Words alone (`at most 5 %`) mean it
//! less often: they are read as [`Certainty::Worded`] and count only where a binding says so.

mod figure;
mod loose;
mod phrase;
mod quantile;
mod relative;
mod worded;

use super::limit::{Limit, Op, Relative};
use super::markdown::Entry;
use super::signs::{Sign, Signs};
use super::tokens::{self, Token};
use super::words::{self, List};
use crate::text::{Millis, Unit};
use figure::Figure;
use quantile::{Quantile, quantiles};
use std::ops::Range;

/// A comparison as it stands in a line.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Comparison {
    /// Lower-case, without the quantile.
    pub metric: String,
    pub quantile: Option<f64>,
    pub limit: Limit,
    pub target: Option<f64>,
    /// `for 5 minutes`.
    pub hold: Option<Millis>,
    /// Of a relative figure: what it is relative to, in the line's own words; empty where it says nothing.
    pub relative_to: Option<String>,
    pub certainty: Certainty,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Certainty {
    /// By sign.
    Signed,
    /// By words only.
    Worded,
    /// `> 5x baseline`: it is compared with something else, which may be known: then its limit says so.
    Relative,
}

/// Reads all comparisons of a line, left to right.
pub(super) fn read(line: &str) -> Vec<Comparison> {
    with_signs(line, Signs::of(line))
}

/// Those of an entry, whose signs are known.
pub(super) fn of(entry: &Entry) -> Vec<Comparison> {
    with_signs(&entry.text, entry.signs())
}

fn with_signs(line: &str, signs: Signs) -> Vec<Comparison> {
    // Most lines hold nothing, and a long checklist has many of them.
    if !signs.has(Sign::Figure) && !loose::can_be_none(line) {
        return Vec::new();
    }
    let mut found = any(line);
    // Who is called at a limit is neither let on nor sent back by it; how many alerts there are is counted.
    if !found.is_empty() && words::key(line).has(List::Alert) {
        found.retain(|comparison| comparison.limit.unit == Unit::Count && comparison.metric.ends_with("alerts"));
    }
    found
}

fn any(line: &str) -> Vec<Comparison> {
    let tokens = tokens::cut(line);
    if !tokens.iter().any(|token| token.number().is_some()) {
        return loose::none_of(line, &tokens).into_iter().collect();
    }
    let reader = Reader { line, tokens: &tokens, asides: asides(&tokens), quantiles: quantiles(&tokens) };
    let found = reader.read();
    if found.is_empty() { loose::read(line, &tokens, &reader.quantiles).into_iter().collect() } else { found }
}

/// Reads a comparison that stands alone, as bindings write it: `< 500ms`, `40-70%`.
pub(super) fn alone(text: &str) -> Option<Limit> {
    let tokens = tokens::cut(text);
    if tokens.first()?.is_word("within") {
        let figure = figure::read(&tokens, 1)?;
        let ends = relative::within(&tokens, &figure)? == tokens.len();
        return ends
            .then(|| Limit { relative: Some(Relative::Within), ..Limit::new(Op::Range, figure.value, figure.unit) });
    }
    let (op, at) = operator(&tokens, 0).or_else(|| tokens.first()?.number().map(|_| (Op::Range, 0)))?;
    let figure = figure::read(&tokens, at)?;
    let named = relative::read(&tokens, &figure).filter(|(_, end)| figure.relative && *end > figure.end + 1);
    if let Some((how, end)) = named {
        let limit = Limit { relative: Some(how), ..Limit::new(how.op(op), figure.value, figure.unit) };
        return (end == tokens.len() && op != Op::Range).then_some(limit);
    }
    let limit = match (op, figure.high) {
        (Op::Range, high @ Some(_)) => Limit { high, ..Limit::new(Op::Range, figure.value, figure.unit) },
        (Op::Range, None) | (_, Some(_)) => return None,
        (op, None) => Limit::new(op, figure.value, figure.unit),
    };
    (figure.end == tokens.len() && !figure.relative).then_some(limit)
}

/// Reads a metric's name as a binding's key writes it: `latency p95` is `latency` at 0.95.
pub(super) fn name(key: &str) -> (String, Option<f64>) {
    let tokens = tokens::cut(key);
    let quantiles = quantiles(&tokens);
    let spans: Vec<_> = quantiles.iter().map(|q| q.bytes.clone()).collect();
    (phrase::plain(key, &spans), quantiles.first().map(|q| q.value))
}

struct Reader<'a> {
    line: &'a str,
    tokens: &'a [Token<'a>],
    /// `(target: 50ms)`, `(baseline: 0.1%)`: tokens that are not the limit.
    asides: Vec<Aside>,
    quantiles: Vec<Quantile>,
}

struct Aside {
    at: Range<usize>,
    is_target: bool,
    /// It is the limit where the line says no other.
    can_limit: bool,
}

/// A limit found at some tokens.
struct Found {
    op: Op,
    figure: Figure,
    /// From the sign to behind the figure.
    at: Range<usize>,
    certainty: Certainty,
    relative: Option<Relative>,
}

impl Found {
    /// A comparison of the tokens from a place on.
    fn new(tokens: &[Token<'_>], op: Op, figure: Figure, from: usize, otherwise: Certainty) -> Self {
        let relative = relative::read(tokens, &figure).filter(|_| figure.relative);
        let end = relative.map_or(figure.end, |(_, end)| end);
        let certainty = if figure.relative { Certainty::Relative } else { otherwise };
        Self { op, figure, at: from..end, certainty, relative: relative.map(|(how, _)| how) }
    }
}

impl Reader<'_> {
    fn read(&self) -> Vec<Comparison> {
        let mut found: Vec<Found> = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            if let Some(aside) = self.asides.iter().find(|aside| aside.at.contains(&at)) {
                at = aside.at.end;
                continue;
            }
            match self.signed(at).or_else(|| self.within(at)).or_else(|| self.unsigned(at)) {
                // `> 5% for > 2 minutes`, `stable for ≥ 2 hours`: this one says how long.
                Some(limit) if self.is_window(&limit, !found.is_empty()) => at = limit.at.end,
                Some(limit) => {
                    at = limit.at.end;
                    found.push(limit);
                }
                None => at += 1,
            }
        }
        if found.is_empty() {
            // `Watch the error rate (target: < 0.1%)`: the target is all the limit there is.
            let inside = self.asides.iter().filter(|aside| aside.can_limit).flat_map(|aside| aside.at.clone());
            found.extend(inside.filter_map(|at| self.signed(at)).take(1));
        }
        let ends: Vec<usize> = std::iter::once(0).chain(found.iter().map(|limit| limit.at.end)).collect();
        found.iter().zip(&ends).enumerate().map(|(n, (limit, from))| self.compare(limit, *from, n, &found)).collect()
    }

    /// Says whether a limit is the time for which another one must hold, or it itself.
    fn is_window(&self, limit: &Found, follows: bool) -> bool {
        const BEHIND: [&str; 9] = ["in", "within", "over", "during", "por", "durante", "pendant", "während", "em"];
        let Some(before) = limit.at.start.checked_sub(1).map(|before| &self.tokens[before]) else { return false };
        let is_span = limit.figure.unit.fits(Unit::Seconds);
        // `> 3 s over 10 min`: behind a limit the word is none.
        if follows && is_span && self.tokens[limit.at.start].is_word("over") {
            return true;
        }
        is_span && (before.is_word("for") || (follows && BEHIND.iter().any(|word| before.is_word(word))))
    }

    /// A comparison sign and what stands behind it.
    fn signed(&self, at: usize) -> Option<Found> {
        let (op, next) = operator(self.tokens, at)?;
        if self.tokens.get(next).is_some_and(|token| token.sign() == Some('±')) {
            // `≤ ±3%` holds on either side.
            let figure = figure::read(self.tokens, next + 1).filter(|_| matches!(op, Op::Below | Op::AtMost))?;
            let both = Figure { value: -figure.value, high: Some(figure.value), ..figure };
            return Some(Found::new(self.tokens, Op::Range, both, at, Certainty::Signed));
        }
        // In months nothing is measured.
        let is_long = |end: usize| self.tokens.get(end).and_then(Token::word).is_some_and(tokens::is_longer_than_days);
        let figure = figure::read(self.tokens, next).filter(|figure| !is_long(figure.end))?;
        // `x = 5` assigns more often than it compares.
        if op == Op::Equal && figure.unit == Unit::Count && figure.value != 0.0 {
            return None;
        }
        Some(Found::new(self.tokens, op, figure, at, Certainty::Signed))
    }

    /// `within 5% of baseline`, `within 2x baseline`, `within 5% of targets`.
    fn within(&self, at: usize) -> Option<Found> {
        let figure = figure::read(self.tokens, at + 1).filter(|_| self.tokens[at].is_word("within"))?;
        if let Some(end) = relative::within(self.tokens, &figure) {
            let relative = Some(Relative::Within);
            return Some(Found { op: Op::Range, figure, at: at..end, certainty: Certainty::Relative, relative });
        }
        let is_of = figure.unit == Unit::Percent && self.tokens.get(figure.end).is_some_and(|t| t.is_word("of"));
        let is_times = figure.relative && figure.unit == Unit::Count;
        // Nobody can measure what it is within: it is shown, and judged by a person.
        let figure = Figure { relative: true, ..figure };
        (is_of || is_times).then(|| Found::new(self.tokens, Op::AtMost, figure, at, Certainty::Relative))
    }

    /// `Drops: 0`, `1,200+ TPS`, `40-70%` at the end, or words.
    fn unsigned(&self, at: usize) -> Option<Found> {
        if let Some((op, figure)) = worded::read(self.tokens, at) {
            return Some(Found::new(self.tokens, op, figure, at, Certainty::Worded));
        }
        self.tokens[at].number()?;
        let figure = figure::read(self.tokens, at)?;
        let ends = self.tokens.get(figure.end).is_none_or(|t| matches!(t.sign(), Some(')' | '(' | '|' | '.' | '?')));
        let after_colon = at > 0 && self.tokens[at - 1].sign() == Some(':');
        // `Blue: 100 %, Green: 0 %` shares something out.
        let is_allotted = self.tokens.iter().any(|token| token.number() == Some(100.0));
        let op = match figure {
            Figure { unit: Unit::Tps, open: true, .. } => Op::AtLeast,
            Figure { high: Some(_), unit: Unit::Percent, .. } if (ends || self.is_held(figure.end)) && at > 0 => {
                Op::Range
            }
            Figure { value: 0.0, high: None, open: false, .. } if ends && after_colon && !is_allotted => Op::Equal,
            _ => return None,
        };
        Some(Found { op, at: at..figure.end, figure, certainty: Certainty::Signed, relative: None })
    }

    fn compare(&self, found: &Found, from: usize, nth: usize, all: &[Found]) -> Comparison {
        let until = all.get(nth + 1).map_or(self.tokens.len(), |next| next.at.start);
        let quantile = self.quantile(found, from, until, all.len() == 1);
        let removed = self.removed();
        let start = from.checked_sub(1).map_or(0, |last| self.tokens[last].span.end);
        let stop = self.tokens[found.at.start].span.start;
        let before = phrase::before(self.line, start..stop, &removed, from > 0);
        let unit = self.unit_of_name(found, start..stop);
        let changes = before.changes && found.relative.is_none();
        let (metric, negated) = self.name(found, until, before, &removed);
        let metric = match metric {
            // Below a baseline it drops; `packet drops` are counted.
            named if found.relative == Some(Relative::PercentBelow) && named.ends_with(" drops") => {
                named.trim_end_matches(" drops").to_owned()
            }
            named if !named.is_empty() => named,
            // A quantile of a time that nobody named is a latency.
            _ if quantile.is_some() && found.figure.unit.fits(Unit::Seconds) => "latency".to_owned(),
            _ => metric,
        };
        let op = if negated { opposite(found.op) } else { found.op };
        let limit = Limit {
            high: found.figure.high.filter(|_| op == Op::Range),
            relative: found.relative,
            ..Limit::new(found.relative.map_or(op, |how| how.op(op)), found.figure.value, unit)
        };
        let hold = self.hold(found.at.end, until);
        let target = self.target(found, until);
        // `does not increase > 0.5%`: above what it was, in points or in parts, nobody can tell.
        let certainty = if changes { Certainty::Relative } else { found.certainty };
        let relative_to = (certainty == Certainty::Relative)
            .then(|| if changes { "what it was".to_owned() } else { self.relative_to(found) });
        Comparison { metric, quantile, limit, target, hold, relative_to, certainty }
    }

    /// What stands before the limit, or behind it; and whether it is negated.
    fn name(&self, found: &Found, until: usize, before: phrase::Phrase, removed: &[Range<usize>]) -> (String, bool) {
        // `106 passing (≥ 70% coverage)`: no name begins with a figure.
        let is_figure = before.text.split(' ').next().is_some_and(|word| word.parse::<f64>().is_ok());
        if !before.text.is_empty() && !is_figure {
            return (before.text, before.negated);
        }
        let from = self.tokens.get(found.at.end).map_or(self.line.len(), |token| token.span.start);
        let end = self.tokens.get(until).map_or(self.line.len(), |token| token.span.start);
        let after = phrase::after(self.line, from..end, removed);
        let otherwise = if before.text.is_empty() { before.farther } else { before.text };
        // Behind a relative figure stands what it is relative to.
        let is_other = after.is_empty() || (found.figure.relative && !otherwise.is_empty());
        (if is_other { otherwise } else { after }, before.negated)
    }

    /// `Lag (seconds) < 5`: a figure without a unit has that of its name.
    fn unit_of_name(&self, found: &Found, name: Range<usize>) -> Unit {
        let said = || {
            let (_, behind) = self.line.get(name)?.trim_end().trim_end_matches(':').rsplit_once('(')?;
            let word = behind.trim_end().trim_end_matches(['*', '`']).strip_suffix(')')?;
            // `(min)` is the least of it as often as minutes.
            Unit::parse(word).filter(|_| !["min", "m", "h", "d", "b"].contains(&word))
        };
        match found.figure.unit {
            Unit::Count if !found.figure.relative => said().unwrap_or(Unit::Count),
            unit => unit,
        }
    }

    fn relative_to(&self, found: &Found) -> String {
        if found.relative.is_some() {
            return "baseline".to_owned();
        }
        let named = relative::named(self.tokens, found.figure.end);
        let words =
            self.tokens.get(named).unwrap_or_default().iter().filter_map(|token| self.line.get(token.span.clone()));
        words.collect::<Vec<_>>().join(" ")
    }

    /// The quantile beside the metric, or right behind the limit.
    fn quantile(&self, found: &Found, from: usize, until: usize, only: bool) -> Option<f64> {
        let before = self.quantiles.iter().rfind(|q| (from..found.at.start).contains(&q.at.start));
        let behind = self
            .quantiles
            .iter()
            .find(|q| (found.at.end..until).contains(&q.at.start) && (only || q.at.start == found.at.end));
        before.or(behind).map(|q| q.value)
    }

    fn removed(&self) -> Vec<Range<usize>> {
        let asides = self.asides.iter().filter_map(|aside| {
            Some(self.tokens.get(aside.at.start)?.span.start..self.tokens.get(aside.at.end - 1)?.span.end)
        });
        self.quantiles.iter().map(|q| q.bytes.clone()).chain(asides).collect()
    }

    /// `for 5 minutes`, `in 5 min`, `over the last 1h` behind the limit.
    fn hold(&self, from: usize, until: usize) -> Option<Millis> {
        let behind = self.tokens.get(from..until)?;
        if let Some(window) = per(behind) {
            return Some(window);
        }
        let span = tokens::spans(behind).into_iter().next()?;
        let before = behind.get(..span.at.start)?;
        let says_window = |t: &Token<'_>| {
            [
                "for",
                "in",
                "over",
                "within",
                "during",
                "sustained",
                "por",
                "durante",
                "pendant",
                "während",
                "für",
                "lang",
            ]
            .iter()
            .any(|word| t.is_word(word))
        };
        let is_beside = matches!(before, [only] if only.sign() == Some('('));
        (is_beside || before.iter().any(says_window)).then_some(span.low)
    }

    /// Says whether a time for which it must hold stands at a place.
    fn is_held(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| token.is_word("for"))
    }

    /// The figure of a `(target: …)` behind the limit, in the limit's unit.
    fn target(&self, found: &Found, until: usize) -> Option<f64> {
        let aside = self.asides.iter().find(|a| a.is_target && (found.at.end..=until).contains(&a.at.start))?;
        let figure = aside.at.clone().find_map(|at| figure::read(self.tokens, at).filter(|f| f.end <= aside.at.end))?;
        if figure.unit == Unit::Count {
            Some(figure.value)
        } else {
            figure.unit.convert(figure.value, found.figure.unit)
        }
    }
}

/// `per hour`, `/min` right behind a figure.
fn per(tokens: &[Token<'_>]) -> Option<Millis> {
    let first = tokens.first()?;
    let word = match first.word() {
        Some(word) if word.eq_ignore_ascii_case("per") => tokens.get(1)?.word()?,
        Some(word) => word.rsplit_once('/')?.1,
        None if first.sign() == Some('/') => tokens.get(1)?.word()?,
        None => return None,
    };
    Some(Millis::from_mins(match word.to_lowercase().as_str() {
        "minute" | "min" => 1,
        "hour" | "hr" | "h" => 60,
        "day" => 24 * 60,
        _ => return None,
    }))
}

/// A comparison sign, and the place behind it.
fn operator(tokens: &[Token<'_>], at: usize) -> Option<(Op, usize)> {
    let glued = |at: usize, sign: char| tokens.get(at).is_some_and(|t| t.glued && t.sign() == Some(sign));
    let is_arrow = at > 0 && tokens.get(at)?.glued && matches!(tokens[at - 1].sign(), Some('-' | '=' | '<' | '>'));
    let op = match tokens.get(at)?.sign()? {
        _ if is_arrow => return None,
        '>' if closes_a_bracket(tokens, at) => return None,
        '<' if glued(at + 1, '=') => return Some((Op::AtMost, at + 2)),
        '>' if glued(at + 1, '=') => return Some((Op::AtLeast, at + 2)),
        '=' if glued(at + 1, '=') => return Some((Op::Equal, at + 2)),
        '<' => Op::Below,
        '>' => Op::Above,
        '≤' | '⩽' => Op::AtMost,
        '≥' | '⩾' => Op::AtLeast,
        '≈' => Op::Equal,
        '=' if !tokens[at].glued => Op::Equal,
        _ => return None,
    };
    Some((op, at + 1))
}

/// Whether this `>` ends what a `<` begins with a word a few words before, without a space between: `<version>`, or a
/// sign that cannot be seen and is spelled, as `<U+009B>`.
fn closes_a_bracket(tokens: &[Token<'_>], at: usize) -> bool {
    let before = tokens.get(..=at).unwrap_or_default().windows(2).rev();
    before.take(8).take_while(|pair| pair[1].glued).any(|pair| {
        pair[0].sign() == Some('<') && (pair[1].word().is_some() || matches!(pair[1].sign(), Some('/' | '!')))
    })
}

pub(super) const fn opposite(op: Op) -> Op {
    match op {
        Op::Below => Op::AtLeast,
        Op::AtMost => Op::Above,
        Op::Above => Op::AtMost,
        Op::AtLeast => Op::Below,
        Op::Equal => Op::Equal,
        Op::Range => Op::Range,
    }
}

/// Parentheses that give a second figure: target, baseline, what it was before.
fn asides(tokens: &[Token<'_>]) -> Vec<Aside> {
    const TARGETS: [&str; 4] = ["target", "goal", "ideal", "ideally"];
    const OTHERS: [&str; 9] =
        ["baseline", "currently", "current", "was", "expected", "normal", "typically", "from", "previously"];
    let opens = tokens.iter().enumerate().filter(|(_, token)| token.sign() == Some('('));
    opens
        .filter_map(|(at, _)| {
            let first = tokens.get(at + 1)?;
            let is_target = TARGETS.iter().any(|word| first.is_word(word));
            if !is_target && !OTHERS.iter().any(|word| first.is_word(word)) {
                return None;
            }
            let length = tokens.iter().skip(at).position(|token| token.sign() == Some(')'))?;
            let can_limit = is_target || first.is_word("expected");
            Some(Aside { at: at..at + length + 1, is_target, can_limit })
        })
        .collect()
}

#[cfg(test)]
mod tests;
