//! `T-48h`, `24 hours before cutover`, `within 1 hour`, `Day 2-3`, `First hour`.

use super::{Clock, Due};
use crate::plan::checklist::Checklist;
use crate::plan::markdown::{Entry, Kind};
use crate::plan::signs::Sign;
use crate::plan::tokens::{self, Span, Token};
use crate::plan::words::{self, Key};
use crate::text::Millis;

/// A time as it was read.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Time {
    offset: i64,
    until: Option<i64>,
    due: Due,
}

impl Time {
    const fn at(offset: i64, until: Option<i64>) -> Self {
        Self { offset, until, due: Due::At }
    }
}

/// The clocks of a checklist: headings, labels, and lines that begin with their time. An hour that is
/// watched is a stage, and has the stage's clock.
pub(in crate::plan) fn read(list: &Checklist) -> Vec<Clock> {
    let timed = list.lines().filter_map(|(at, entry)| Some((at, entry, time(entry)?)));
    let is_stage = |line: u32| list.stages.list.iter().any(|stage| stage.line == line);
    timed
        .filter(|(_, entry, _)| !is_stage(entry.line))
        .map(|(at, entry, time)| Clock {
            line: entry.line,
            text: entry.text.clone(),
            section: list.outline.of(at).filter(|_| entry.level().is_some() || entry.is_label()),
            item: list.item(at),
            offset: time.offset,
            until: time.until,
            due: time.due,
        })
        .collect()
}

fn time(entry: &Entry) -> Option<Time> {
    if entry.level().is_some() || entry.is_label() {
        if !can_be_timed(entry) {
            return None;
        }
        let tokens = tokens::cut(&entry.text);
        return (0..tokens.len())
            .find_map(|at| countdown(&tokens, at))
            .or_else(|| beside(&tokens))
            .or_else(|| within(&tokens))
            .or_else(|| numbered(&tokens))
            .or_else(|| window(&tokens, entry.key()));
    }
    // In other lines a time is their own only where they begin with it.
    if !matches!(entry.kind, Kind::Item { .. } | Kind::Paragraph | Kind::Row(_)) || !can_count_down(&entry.text) {
        return None;
    }
    let tokens = tokens::cut(&entry.text);
    let first = tokens.iter().position(|token| token.sign().is_none())?;
    countdown(&tokens, first)
}

/// Says whether a title may hold a time, without cutting it: a figure, or the first of something.
fn can_be_timed(entry: &Entry) -> bool {
    let is_first = || ["first", "prime", "premi", "erste"].iter().any(|word| entry.key().contains(word));
    entry.signs().has(Sign::Digit) || is_first()
}

/// Says whether a line may begin with a countdown, without cutting it: a letter, and a sign or a zero.
fn can_count_down(line: &str) -> bool {
    let mut letters = line.trim_start_matches(|c: char| !c.is_alphanumeric()).chars();
    matches!(letters.next(), Some('T' | 't' | 'D' | 'J'))
        && letters.next().is_some_and(|next| next == '0' || !next.is_alphanumeric())
}

/// `T-24 hours`, `T+45`, `T=0`, `T+56 to T+60 min`.
fn countdown(tokens: &[Token<'_>], at: usize) -> Option<Time> {
    let from = Mark::read(tokens, at)?;
    let until = tokens.get(from.end).filter(|token| token.is_dash()).and_then(|_| Mark::read(tokens, from.end + 1));
    // The unit may stand behind the last one only; without any it is minutes.
    let unit = from.unit.or(until.as_ref().and_then(|until| until.unit)).unwrap_or(60);
    Some(Time::at(from.figure * unit, until.map(|until| until.figure * until.unit.unwrap_or(unit))))
}

/// `T-24`, with or without its unit.
struct Mark {
    figure: i64,
    /// Seconds of one, where a unit stands behind it.
    unit: Option<i64>,
    /// The place behind it.
    end: usize,
}

impl Mark {
    fn read(tokens: &[Token<'_>], at: usize) -> Option<Self> {
        let unit = match tokens.get(at)?.word()? {
            "T" | "t" => None,
            "T0" => return Some(Self { figure: 0, unit: Some(1), end: at + 1 }),
            "D" | "J" => Some(DAY),
            _ => return None,
        };
        let sign = match tokens.get(at + 1).filter(|token| token.glued)?.sign()? {
            '-' | '–' | '−' | '‑' => -1,
            '+' | '=' => 1,
            _ => return None,
        };
        let figure = tokens.get(at + 2).and_then(whole);
        if let Some((span, end)) = tokens::timed(tokens, at + 2) {
            let seconds = seconds(span);
            let one = figure.filter(|figure| *figure > 0 && seconds % figure == 0).map(|figure| seconds / figure);
            let figure = one.and(figure).unwrap_or(seconds);
            return Some(Self { figure: sign * figure, unit: one.or(Some(1)), end });
        }
        Some(Self { figure: sign * figure?, unit, end: at + 3 })
    }
}

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

fn seconds(span: Millis) -> i64 {
    i64::try_from(span.as_secs()).unwrap_or(i64::MAX)
}

/// A whole figure that can be a count of days or minutes.
fn whole(token: &Token<'_>) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "inside the range just tested")]
    token.number().filter(|value| value.fract() == 0.0 && (0.0..100_000.0).contains(value)).map(|value| value as i64)
}

/// `24 hours before cutover`, `2 days after`.
fn beside(tokens: &[Token<'_>]) -> Option<Time> {
    tokens::spans(tokens).into_iter().find_map(|span| {
        let next = tokens.get(span.at.end)?;
        let is_any = |words: &[&str]| words.iter().any(|word| next.is_word(word));
        let (low, high) = (seconds(span.low), span.high.map(seconds));
        if is_any(&["before", "prior", "ahead", "avant", "antes", "vor", "vorher"]) {
            // `2-4 hours before`: the window opens with the longer one.
            return Some(Time::at(-high.unwrap_or(low), high.map(|_| -low)));
        }
        is_any(&["after", "post", "later", "après", "depois", "después", "nach", "danach"]).then(|| Time::at(low, high))
    })
}

/// `Within 24 hours`.
fn within(tokens: &[Token<'_>]) -> Option<Time> {
    let span = tokens::spans(tokens).into_iter().next()?;
    let before = tokens.get(span.at.start.checked_sub(1)?)?;
    let is_within = ["within", "dans", "innerhalb"].iter().any(|word| before.is_word(word));
    is_within.then(|| Time { due: Due::By, ..Time::at(seconds(span.high.unwrap_or(span.low)), None) })
}

/// `Day 0`, `Day 2-3`, `Hour 1`, `First hour`, `first 24 hours`.
fn numbered(tokens: &[Token<'_>]) -> Option<Time> {
    for (at, token) in tokens.iter().enumerate() {
        let is_any = |words: &[&str]| words.iter().any(|word| token.is_word(word));
        if is_any(&["first", "primeira", "primera", "première", "erste", "ersten"]) {
            let one = tokens.get(at + 1).and_then(|next| match next.word()?.to_lowercase().as_str() {
                "hour" | "hora" | "heure" | "stunde" => Some(HOUR),
                "day" | "tag" | "dia" | "día" => Some(DAY),
                "week" | "woche" => Some(7 * DAY),
                _ => None,
            });
            let several = || tokens::timed(tokens, at + 1).map(|(span, _)| seconds(span));
            if let Some(length) = one.or_else(several) {
                return Some(Time::at(0, Some(length)));
            }
        }
        let (unit, first) = match () {
            () if is_any(&["day", "dia", "día", "jour", "tag"]) => (DAY, 0),
            () if is_any(&["hour", "hora", "heure", "stunde"]) => (HOUR, 1),
            () => continue,
        };
        let is_negative = tokens.get(at + 1).is_some_and(|next| matches!(next.sign(), Some('-' | '–' | '−')));
        let place = at + 1 + usize::from(is_negative);
        let Some(number) = tokens.get(place).and_then(whole) else { continue };
        if is_negative {
            return Some(Time::at(-number * unit, None));
        }
        let last = tokens.get(place + 1).filter(|dash| dash.is_dash()).and_then(|_| whole(tokens.get(place + 2)?));
        let from = (number - first) * unit;
        return Some(Time::at(from, last.filter(|last| *last > number).map(|last| (last - first + 1) * unit)));
    }
    None
}

/// `Post-cutover (48-72 hours)`: a window in the title of what comes afterwards.
fn window(tokens: &[Token<'_>], key: &Key) -> Option<Time> {
    let is_after = words::is_after(key) || words::has(key, &["validation", "verification", "checks"]);
    let is_range = |span: &Span| span.high.is_some() || tokens[span.at.clone()].iter().any(|t| t.number() == Some(0.0));
    let span = tokens::spans(tokens).into_iter().find(is_range).filter(|_| is_after)?;
    Some(match span.high {
        Some(high) => Time::at(seconds(span.low), Some(seconds(high))),
        // `0-5 minutes` is as long as its end says.
        None => Time::at(0, Some(seconds(span.low))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(line: &str) -> Option<(i64, Option<i64>, Due)> {
        clocks(&Checklist::read(line)).first().map(|clock| (clock.offset, clock.until, clock.due))
    }

    fn clocks(list: &Checklist) -> Vec<Clock> {
        read(list)
    }

    #[test]
    fn sections_carry_their_time() {
        for (title, offset, until) in [
            ("Freeze (T-24 hours)", -86_400, None),
            ("Getting ready (T-30min)", -1_800, None),
            ("Now (T=0)", 0, None),
            ("Later (T+1h30m)", 5_400, None),
            ("Shift (T+56 to T+60 min)", 3_360, Some(3_600)),
            ("Look again (T+45)", 2_700, None),
            ("72 hours before the switch", -259_200, None),
            ("2 Hours Before (coffee)", -7_200, None),
            ("2-4 hours before", -14_400, Some(-7_200)),
            ("3 days after", 259_200, None),
            ("Day 0", 0, None),
            ("Day 2-3 of the new one", 172_800, Some(345_600)),
            ("D-1", -86_400, None),
            ("Hour -2: breakfast", -7_200, None),
            ("First hour", 0, Some(3_600)),
            ("Rest (first 24 hours)", 0, Some(86_400)),
            ("Post-cutover (48-72 hours)", 172_800, Some(259_200)),
            ("Validation of the data (0-5 minutes)", 0, Some(300)),
        ] {
            let found = times(&format!("## {title}\n")).unwrap_or_else(|| panic!("{title}"));
            assert_eq!(found, (offset, until, Due::At), "{title}");
        }
        assert_eq!(times("## Within 24 hours\n"), Some((86_400, None, Due::By)));
        assert_eq!(times("## Hour 1\n- [ ] Quiet\n"), None, "a stage that is watched");
    }

    #[test]
    fn lines_have_a_time_where_they_begin_with_it() {
        assert_eq!(times("- [ ] T-15: doors closed\n"), Some((-900, None, Due::At)));
        assert_eq!(times("| When | What |\n|---|---|\n| T+10 min | look |\n"), Some((600, None, Due::At)));
        for line in
            ["- [ ] Doors closed at T-15\n", "## Load test (24 hours)\n", "- [ ] Within 24 hours\n", "## T-shirts\n"]
        {
            assert_eq!(times(line), None, "{line}");
        }
    }

    #[test]
    fn a_clock_knows_its_section() {
        let list = Checklist::read("# Night\n## Freeze (T-2h)\n- [ ] a\n");
        assert_eq!(read(&list)[0].section.map(|id| id.0), Some(1));
    }
}
