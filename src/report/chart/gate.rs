//! One gate over the night: its values, its limit, the borders of the stages.
//!
//! A column of the drawing shows the least and the greatest value that fell into it, so that a
//! spike of one reading is seen in a night of a day. Where nothing was known the line is broken.

use super::{Chart, Scale, WIDTH, axis};
use crate::plan::{Gate, Limit, Op};
use crate::report::account::Part;
use crate::report::{Night, escape};
use crate::session::chronicle::Series;
use std::fmt::Write;

const LEFT: f64 = 62.0;
const TOP: f64 = 16.0;
const BOTTOM: f64 = 112.0;
const HEIGHT: f64 = 132.0;
/// So many columns are drawn.
const COLUMNS: usize = 440;
/// Values further from the limit than this many limits are cut off, and said to be.
const REACH: f64 = 4.0;

/// Draws every gate of the plan in force that has readings. A checklist that asks for the same in
/// each stage has one drawing of it.
#[must_use]
pub fn draw_all(night: Night<'_>, part: Part) -> Vec<Chart> {
    let all = &night.state.plan().gates;
    let is_first = |(at, gate): &(usize, &Gate)| {
        !all.iter().take(*at).any(|known| known.probe == gate.probe && known.pass == gate.pass)
    };
    let gates = all.iter().enumerate().filter(is_first).map(|(_, gate)| gate);
    let drawn = gates.filter_map(|gate| {
        let series = night.chronicle.series.of(gate.probe)?;
        let columns = columns(night, series, part);
        columns
            .iter()
            .any(|column| matches!(column, Column::Values { .. }))
            .then(|| Chart { title: format!("{} {}", gate.name, gate.pass), svg: draw(night, part, gate, &columns) })
    });
    drawn.collect()
}

/// What fell into a column.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Column {
    #[default]
    Empty,
    /// Somebody asked and nothing was known.
    Blind,
    Values {
        low: f64,
        high: f64,
    },
}

impl Column {
    fn with(self, lowest: f64, highest: f64) -> Self {
        match self {
            Self::Values { low, high } if highest.is_finite() => {
                Self::Values { low: low.min(lowest), high: high.max(highest) }
            }
            Self::Empty | Self::Blind if highest.is_finite() => Self::Values { low: lowest, high: highest },
            Self::Empty => Self::Blind,
            known => known,
        }
    }
}

fn columns(night: Night<'_>, series: &Series, part: Part) -> Vec<Column> {
    let scale = Scale::over(part, 0.0, 1.0);
    let mut columns = vec![Column::default(); COLUMNS];
    for row in night.chronicle.series.rows(series) {
        let moment = night.chronicle.poll_at(row.poll).moment;
        if part.holds(moment) {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                clippy::cast_precision_loss,
                reason = "between 0 and the number of columns"
            )]
            let at = (scale.x(moment) * (COLUMNS - 1) as f64) as usize;
            columns[at] = columns[at].with(row.lowest, row.highest);
        }
    }
    fill_between_polls(&mut columns);
    columns
}

/// On a short night there are more columns than polls: a column that nothing fell into, between two
/// with values, is no gap in what is known.
fn fill_between_polls(columns: &mut [Column]) {
    let filled: Vec<usize> = (0..columns.len()).filter(|at| columns[*at] != Column::Empty).collect();
    let usual = filled.windows(2).map(|pair| pair[1] - pair[0]).min().unwrap_or(1);
    for pair in filled.windows(2) {
        if pair[1] - pair[0] <= usual * 3 {
            let known = columns[pair[0]];
            columns[pair[0] + 1..pair[1]].fill(if known == Column::Blind { Column::Blind } else { Column::Empty });
        } else {
            columns[pair[0] + 1..pair[1]].fill(Column::Blind);
        }
    }
}

/// From a value to its height in the drawing.
#[derive(Clone, Copy, Debug)]
struct Heights {
    low: f64,
    high: f64,
}

impl Heights {
    /// From zero, or the least value, to a little above the greatest value or the limit.
    fn of(limit: &Limit, columns: &[Column]) -> Self {
        let (mut low, mut high) = limit_span(limit);
        let reach = high.abs().max(low.abs()) * REACH;
        for column in columns {
            if let Column::Values { low: least, high: most } = column {
                low = low.min(least.max(-reach));
                high = high.max(most.min(if reach > 0.0 { reach } else { f64::MAX / 4.0 }));
            }
        }
        if low >= 0.0 && low < high / 2.0 {
            low = 0.0;
        }
        let room = (high - low) * 0.08;
        let room = if room > 0.0 && room.is_finite() { room } else { 1.0 };
        Self { low: if low == 0.0 { 0.0 } else { low - room }, high: high + room }
    }

    fn y(&self, value: f64) -> f64 {
        let share = ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        BOTTOM - if share.is_finite() { share } else { 0.0 } * (BOTTOM - TOP)
    }
}

/// The limit's ends in the unit of the values.
fn limit_span(limit: &Limit) -> (f64, f64) {
    let raw = |printed: f64| limit.unit.convert(printed, limit.measured).unwrap_or(printed);
    let low = raw(limit.value);
    (low, limit.high.map_or(low, raw))
}

fn draw(night: Night<'_>, part: Part, gate: &Gate, columns: &[Column]) -> String {
    let scale = Scale::over(part, LEFT, WIDTH - LEFT);
    let heights = Heights::of(&gate.pass, columns);
    let label = escape::html(&format!("{} over the night, limit {}", gate.name, gate.pass));
    let mut out = format!(r#"<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">"#);
    bad_side(&gate.pass, heights, &mut out);
    blind(columns, &mut out);
    axis::borders(night, part, scale, (4.0, BOTTOM), &mut out);
    axis::names(night, part, scale, 12.0, &mut out);
    limits(&gate.pass, heights, &mut out);
    values(&gate.pass, columns, heights, &mut out);
    cut_off(&gate.pass, columns, heights, &mut out);
    axis::times(night, part, scale, HEIGHT - 4.0, &mut out);
    out.push_str("</svg>");
    out
}

/// Tints the side on which the gate does not hold.
fn bad_side(limit: &Limit, heights: Heights, out: &mut String) {
    let (low, high) = limit_span(limit);
    let above = (TOP, heights.y(high));
    let below = (heights.y(low), BOTTOM);
    let sides: &[(f64, f64)] = match limit.op {
        Op::Below | Op::AtMost => &[above],
        Op::Above | Op::AtLeast => &[below],
        Op::Equal | Op::Range => &[above, below],
    };
    for (from, until) in sides {
        let height = (until - from).max(0.0);
        // Writing into a string cannot fail.
        let _ = write!(
            out,
            r#"<rect class="bad" x="{LEFT}" y="{from:.1}" width="{:.1}" height="{height:.1}"/>"#,
            WIDTH - LEFT
        );
    }
}

/// Where nothing was known.
fn blind(columns: &[Column], out: &mut String) {
    for (from, until) in stretches(columns, |column| *column == Column::Blind) {
        let (from, until) = (column_x(from), column_x(until));
        let _ = write!(
            out,
            r#"<rect class="blind" x="{from:.1}" y="{TOP}" width="{:.1}" height="{:.1}"><title>nothing was known</title></rect>"#,
            until - from,
            BOTTOM - TOP
        );
    }
}

fn limits(limit: &Limit, heights: Heights, out: &mut String) {
    let (low, high) = limit_span(limit);
    let ends = if limit.high.is_some() { vec![low, high] } else { vec![low] };
    for end in ends {
        let y = heights.y(end);
        let text = escape::html(&limit.show(end));
        let _ = write!(out, r#"<line class="limit" x1="{LEFT}" x2="{WIDTH}" y1="{y:.1}" y2="{y:.1}"/>"#);
        let _ = write!(out, r#"<text class="value" x="{:.1}" y="{:.1}">{text}</text>"#, LEFT - 6.0, y + 4.0);
    }
}

/// Says how far values go on that the drawing cuts off.
fn cut_off(limit: &Limit, columns: &[Column], heights: Heights, out: &mut String) {
    let ends = columns.iter().filter_map(|column| match column {
        Column::Values { low, high } => Some((*low, *high)),
        Column::Empty | Column::Blind => None,
    });
    let (low, high) =
        ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), (least, most)| (low.min(least), high.max(most)));
    let cut = [(high > heights.high, high, TOP + 11.0), (low < heights.low, low, BOTTOM - 4.0)];
    for (_, value, y) in cut.into_iter().filter(|(is_cut, ..)| *is_cut) {
        let text = escape::html(&format!("cut off: up to {}", limit.show(value)));
        let _ = write!(out, r#"<text class="cut" x="{:.1}" y="{y:.1}">{text}</text>"#, LEFT + 6.0);
    }
}

/// The line itself: one stroke from least to greatest for each column, broken where nothing is known.
fn values(limit: &Limit, columns: &[Column], heights: Heights, out: &mut String) {
    let (mut path, mut over) = (String::new(), String::new());
    let mut is_on = false;
    for (at, column) in columns.iter().enumerate() {
        match column {
            Column::Values { low, high } => {
                let (x, bottom, top) = (column_x(at), heights.y(*low), heights.y(*high));
                let _ = write!(path, "{}{x:.1} {bottom:.1}", if is_on { 'L' } else { 'M' });
                if (bottom - top).abs() > 0.1 {
                    let _ = write!(path, "L{x:.1} {top:.1}");
                }
                if !limit.holds(*high) || !limit.holds(*low) {
                    let y = if limit.badness(*high) >= limit.badness(*low) { top } else { bottom };
                    let _ = write!(over, r#"<circle class="over" cx="{x:.1}" cy="{y:.1}" r="2"/>"#);
                }
                is_on = true;
            }
            Column::Blind => is_on = false,
            Column::Empty => {}
        }
    }
    let _ = write!(out, r#"<path class="line" d="{path}"/>{over}"#);
}

#[expect(clippy::cast_precision_loss, reason = "a column's number is small")]
fn column_x(at: usize) -> f64 {
    LEFT + (at as f64 + 0.5) / COLUMNS as f64 * (WIDTH - LEFT)
}

/// The stretches of columns for which something is true, each as its first and the one behind its
/// last.
fn stretches(columns: &[Column], is_true: impl Fn(&Column) -> bool) -> Vec<(usize, usize)> {
    let mut stretches: Vec<(usize, usize)> = Vec::new();
    for at in (0..columns.len()).filter(|at| is_true(&columns[*at])) {
        match stretches.last_mut() {
            Some((_, until)) if *until == at => *until = at + 1,
            _ => stretches.push((at, at + 1)),
        }
    }
    stretches
}
