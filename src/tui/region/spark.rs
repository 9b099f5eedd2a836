//! A line of the recent past: one column a span of time, broken where nothing was known.

use crate::judge::Moment;
use crate::plan::Limit;
use crate::session::history::Mark;
use crate::text::Millis;
use crate::tui::skin::{Skin, Tone};
use ratatui::text::Span;

const LEVELS: [&str; 8] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
/// A line covers at least this much.
const LEAST: Millis = Millis::from_mins(10);
/// A column covers so many polls, so that one that comes a little late leaves no hole.
const POLLS: u64 = 2;

/// What one column saw.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Column {
    /// Nobody asked.
    #[default]
    Empty,
    /// Somebody asked and nothing was known.
    Blind,
    /// The worst value.
    Value(f64),
}

/// What a line shows: where it ends, how often it was polled, and what its values are held against.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    pub now: Moment,
    pub poll: Millis,
    /// Good when true.
    pub limit: &'a Limit,
    pub width: u16,
}

/// Draws the marks that end now, one column each span.
#[must_use]
pub fn line(marks: impl Iterator<Item = Mark>, frame: Frame<'_>, skin: Skin) -> Vec<Span<'static>> {
    let limit = frame.limit;
    let columns = columns(marks, frame);
    let values =
        || columns.iter().filter_map(|column| if let Column::Value(value) = column { Some(*value) } else { None });
    let (low, high) = (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
    let mut spans = Vec::with_capacity(columns.len());
    for column in &columns {
        spans.push(match column {
            Column::Empty => Span::raw(" "),
            Column::Blind => Span::styled("╌", skin.style(Tone::Unknown)),
            Column::Value(value) => {
                let tone = if limit.holds(*value) { Tone::Good } else { Tone::Bad };
                Span::styled(LEVELS[level(*value, low, high)], skin.style(tone))
            }
        });
    }
    spans
}

fn columns(marks: impl Iterator<Item = Mark>, frame: Frame<'_>) -> Vec<Column> {
    let Frame { now, poll, limit, width } = frame;
    let width = usize::from(width);
    let mut columns = vec![Column::default(); width];
    if width == 0 {
        return columns;
    }
    let span = Millis((LEAST.0 / width as u64).max((poll * POLLS).0).max(1));
    // Columns stand on whole multiples of their span, so that a line moves and does not flicker.
    let newest = now.0 / span.0;
    for mark in marks {
        let back = usize::try_from(newest.saturating_sub(mark.at.0 / span.0)).unwrap_or(usize::MAX);
        let Some(column) = width.checked_sub(back.saturating_add(1)).and_then(|at| columns.get_mut(at)) else {
            continue;
        };
        *column = worse(*column, mark.value, limit);
    }
    columns
}

/// Not knowing outweighs a good value, a bad value outweighs not knowing.
fn worse(column: Column, value: Option<f64>, limit: &Limit) -> Column {
    match (column, value) {
        (Column::Value(known), None) if limit.holds(known) => Column::Blind,
        (Column::Value(known), None) => Column::Value(known),
        (_, None) => Column::Blind,
        (Column::Value(known), Some(new)) if limit.badness(known) >= limit.badness(new) => Column::Value(known),
        (Column::Blind, Some(new)) if limit.holds(new) => Column::Blind,
        (_, Some(new)) => Column::Value(new),
    }
}

/// Which of eight levels a value is on; the lowest where all are the same.
fn level(value: f64, low: f64, high: f64) -> usize {
    // Halved first: the span of two finite values need not be finite.
    let span = high / 2.0 - low / 2.0;
    if span <= 0.0 || !span.is_finite() {
        return 0;
    }
    let part = ((value / 2.0 - low / 2.0) / span).clamp(0.0, 1.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 7")]
    let level = (part * 7.0).round() as usize;
    level.min(LEVELS.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Op;
    use crate::text::Unit;

    fn text(marks: &[(u64, Option<f64>)], width: u16) -> String {
        let limit = Limit::new(Op::Below, 5.0, Unit::Count);
        let marks = marks.iter().map(|(at, value)| Mark { at: Moment(*at * 1_000), value: *value });
        let frame = Frame { now: Moment(40_000), poll: Millis(2_500), limit: &limit, width };
        line(marks, frame, Skin::default()).iter().map(|span| span.content.clone()).collect()
    }

    #[test]
    fn a_line_is_broken_where_nothing_was_known() {
        let marks: Vec<_> = (0..=8_u32).map(|at| (u64::from(at) * 5, Some(f64::from(at)))).collect();
        assert_eq!(text(&marks, 9), "        ▁", "ten minutes are shown at least");
        let width = 240;
        let shown = text(&marks, width);
        assert!(shown.ends_with("▁▂▃▄▅▅▆▇█"), "{shown}");
        let mut broken = marks.clone();
        broken[7].1 = None;
        assert!(text(&broken, width).ends_with("▆╌█"));
        broken.remove(6);
        assert!(text(&broken, width).ends_with("▅ ╌█"));
    }

    #[test]
    fn the_worst_of_a_column_is_shown() {
        let limit = Limit::new(Op::Below, 5.0, Unit::Count);
        assert_eq!(worse(Column::Value(1.0), None, &limit), Column::Blind);
        assert_eq!(worse(Column::Value(9.0), None, &limit), Column::Value(9.0));
        assert_eq!(worse(Column::Blind, Some(1.0), &limit), Column::Blind);
        assert_eq!(worse(Column::Blind, Some(9.0), &limit), Column::Value(9.0));
        assert_eq!(worse(Column::Value(1.0), Some(2.0), &limit), Column::Value(2.0));
    }

    #[test]
    fn no_value_is_too_large() {
        assert_eq!(level(f64::MAX, f64::MIN, f64::MAX), 7);
        assert_eq!(level(f64::MIN, f64::MIN, f64::MAX), 0);
        assert_eq!(level(1e-320, 0.0, 1e-320), 7);
        assert_eq!(level(3.0, 3.0, 3.0), 0);
    }
}
