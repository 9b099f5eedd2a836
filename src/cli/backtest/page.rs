//! What was found, as one HTML page in the style of the report: no script, nothing from elsewhere.
//!
//! A picture for each limit: a column shows the least and the greatest value that fell into it, so
//! that a spike of one reading is seen in a week. Where nothing was known there is no line.

use super::{Found, Line, line, text, when};
use crate::backtest::Tally;
use crate::plan::Limit;
use crate::report::escape;
use std::collections::BTreeSet;
use std::fmt::Write;

const STYLE: &str = include_str!("../../../assets/report.css");

const WIDTH: f64 = 720.0;
const LEFT: f64 = 62.0;
const TOP: f64 = 8.0;
const BOTTOM: f64 = 112.0;
const HEIGHT: f64 = 132.0;
/// So many columns are drawn.
const COLUMNS: usize = 440;
/// Values further from zero than this many limits are cut off.
const REACH: f64 = 4.0;

pub(super) fn draw(found: &Found) -> String {
    let backtest = &found.backtest;
    let title = escape::html(&backtest.plan.title);
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{title}: backtest</title>\n<style>\n{STYLE}pre {{ white-space: pre-wrap; }}\n</style>\n</head>\n\
         <body>\n<main>\n<h1>{title}</h1>\n"
    );
    let mut words = Vec::new();
    // Writing to memory does not fail.
    let _ = text::write(found, &mut words);
    let words = String::from_utf8_lossy(&words);
    let _ = writeln!(page, "<pre>{}</pre>", escape::html(words.split_once('\n').map_or("", |(_, rest)| rest)));
    // A limit that is the same in every stage is one picture.
    let mut drawn = BTreeSet::new();
    for tally in backtest.stages.iter().flat_map(|stage| &stage.gates) {
        let gate = backtest.plan.gate(tally.gate);
        let limit = gate.pass.to_string();
        if tally.values.count() > 0 && drawn.insert((gate.probe, limit.clone())) {
            let name = escape::html(&format!("{} {limit}", gate.name));
            let picture = picture(found, tally, &gate.pass, line(found, gate.probe));
            let _ = writeln!(page, "<figure><figcaption>{name}</figcaption>\n{picture}</figure>");
        }
    }
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

fn picture(found: &Found, tally: &Tally, limit: &Limit, line: &Line) -> String {
    let (from, to) = (found.backtest.from, found.backtest.to);
    let columns = columns(line, from, to);
    let heights = Heights::of(limit, &columns);
    let label = escape::html(&format!("{} breaches of {limit}", tally.breaches.len()));
    let mut svg = format!(r#"<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">"#);
    for breach in &tally.breaches {
        let until = breach.at.saturating_add_unsigned(breach.lasted.0);
        let (left, right) = (x(share(breach.at, from, to)), x(share(until, from, to)));
        let width = (right - left).max(1.0);
        let _ = write!(
            svg,
            r#"<rect class="rollback" fill-opacity="0.25" x="{left:.1}" y="{TOP}" width="{width:.1}" height="{:.1}"><title>{} for {}, up to {}</title></rect>"#,
            BOTTOM - TOP,
            when::show(breach.at),
            breach.lasted,
            escape::html(&limit.show(breach.worst)),
        );
    }
    for end in ends(limit) {
        let y = heights.y(end);
        let _ = write!(svg, r#"<line class="limit" x1="{LEFT}" x2="{WIDTH}" y1="{y:.1}" y2="{y:.1}"/>"#);
        let _ = write!(
            svg,
            r#"<text class="value" x="{:.1}" y="{:.1}">{}</text>"#,
            LEFT - 6.0,
            y + 4.0,
            escape::html(&limit.show(end))
        );
    }
    let _ = write!(svg, r#"<path class="line" d="{}"/>"#, path(&columns, heights));
    let _ = write!(svg, r#"<text class="time" x="{LEFT}" y="{:.1}">{}</text>"#, HEIGHT - 4.0, when::show(from));
    let _ = write!(svg, r#"<text class="time end" x="{WIDTH}" y="{:.1}">{}</text>"#, HEIGHT - 4.0, when::show(to));
    svg.push_str("</svg>");
    svg
}

/// The least and the greatest value of a column; none where nothing was known.
type Column = Option<(f64, f64)>;

fn columns(line: &Line, from: i64, to: i64) -> Vec<Column> {
    let mut columns: Vec<Column> = vec![None; COLUMNS.min(line.len()).max(1)];
    let last = columns.len() - 1;
    for (at, value) in line {
        let Some(value) = value else { continue };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a place"
        )]
        let place = (share(*at, from, to) * last as f64).round() as usize;
        let column = &mut columns[place.min(last)];
        *column = Some(column.map_or((*value, *value), |(low, high)| (low.min(*value), high.max(*value))));
    }
    columns
}

/// How far a moment lies from the beginning to the end.
#[expect(clippy::cast_precision_loss, reason = "no past has 2^53 milliseconds")]
fn share(at: i64, from: i64, to: i64) -> f64 {
    (at.saturating_sub(from) as f64 / to.saturating_sub(from).max(1) as f64).clamp(0.0, 1.0)
}

fn x(share: f64) -> f64 {
    LEFT + share * (WIDTH - LEFT)
}

fn path(columns: &[Column], heights: Heights) -> String {
    let (mut path, mut is_on) = (String::new(), false);
    #[expect(clippy::cast_precision_loss, reason = "hundreds of columns")]
    let last = (columns.len().saturating_sub(1)).max(1) as f64;
    for (place, column) in (0_u32..).zip(columns) {
        if let Some((low, high)) = column {
            let x = x(f64::from(place) / last);
            let (bottom, top) = (heights.y(*low), heights.y(*high));
            let _ = write!(path, "{}{x:.1} {bottom:.1}L{x:.1} {top:.1}", if is_on { 'L' } else { 'M' });
        }
        is_on = column.is_some();
    }
    path
}

/// The limit's ends in the unit of the values.
fn ends(limit: &Limit) -> Vec<f64> {
    let raw = |printed: f64| limit.unit.convert(printed, limit.measured).unwrap_or(printed);
    [Some(limit.value), limit.high].into_iter().flatten().map(raw).collect()
}

/// From a value to its height in the picture.
#[derive(Clone, Copy)]
struct Heights {
    low: f64,
    high: f64,
}

impl Heights {
    fn of(limit: &Limit, columns: &[Column]) -> Self {
        let ends = ends(limit);
        let far = ends.iter().fold(0.0_f64, |far, end| far.max(end.abs())) * REACH;
        let far = if far > 0.0 { far } else { f64::MAX / 4.0 };
        let values = columns.iter().flatten().flat_map(|(low, high)| [*low, *high]).map(|value| value.clamp(-far, far));
        let all = ends.iter().copied().chain(values);
        let (low, high) = all.fold((0.0_f64, f64::MIN), |(low, high), value| (low.min(value), high.max(value)));
        let room = (high - low) * 0.08;
        Self { low, high: high + if room > 0.0 { room } else { 1.0 } }
    }

    fn y(self, value: f64) -> f64 {
        BOTTOM - ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0) * (BOTTOM - TOP)
    }
}
