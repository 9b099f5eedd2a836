//! The readings as CSV: one line each, in the order of the night.
//!
//! ```text
//! at,t,stage,source,metric,value,lowest,unit,found,labels
//! 2026-03-14T02:14:05.000Z,845,25%,prod,error rate,0.00043,0.00043,ratio,value,
//! 2026-03-14T02:14:10.000Z,850,25%,prod,error rate,,,ratio,source-down,
//! ```

use super::{Night, escape};
use crate::judge::Moment;
use crate::session::chronicle::series::{Found, Row};
use crate::session::chronicle::{PollIndex, Series};
use crate::session::event::show_time;
use std::fmt::Write;

/// The columns. `value` is the largest of a metric's series and `lowest` the smallest, both in the
/// query's unit; `found` is `value`, or why there is none.
pub const HEADER: &str = "at,t,stage,source,metric,value,lowest,unit,found,labels";

/// All readings, or those since a moment.
#[must_use]
pub fn write(night: Night<'_>, since: Option<Moment>) -> String {
    let chronicle = night.chronicle;
    let mut out = format!("{HEADER}\n");
    let mut rows: Vec<_> =
        chronicle.series.list.iter().map(|series| (series, chronicle.series.rows(series).peekable())).collect();
    for poll in 0..PollIndex::try_from(chronicle.polls.len()).unwrap_or(PollIndex::MAX) {
        let is_told = since.is_none_or(|since| chronicle.poll_at(poll).moment >= since);
        for (series, rows) in &mut rows {
            while let Some(row) = rows.next_if(|row| row.poll == poll) {
                if is_told {
                    line(night, series, row, &mut out);
                }
            }
        }
    }
    out
}

fn line(night: Night<'_>, series: &Series, row: Row<'_>, out: &mut String) {
    let instant = night.chronicle.poll_at(row.poll);
    let runs = &night.chronicle.runs;
    let run = runs.partition_point(|run| run.started.moment <= instant.moment).checked_sub(1);
    let stage = run.map_or("", |at| runs[at].name.as_str());
    let found = match row.found {
        Found::Value => "value".to_owned(),
        Found::Nothing(why) => {
            serde_json::to_value(why).ok().and_then(|word| Some(word.as_str()?.to_owned())).unwrap_or_default()
        }
    };
    let figure = |value: f64| if value.is_finite() { value.to_string() } else { String::new() };
    // Writing into a string cannot fail.
    let _ = writeln!(
        out,
        "{},{}.{:03},{},{},{},{},{},{},{found},{}",
        show_time(instant.at),
        instant.moment.0 / 1_000,
        instant.moment.0 % 1_000,
        escape::csv(stage),
        escape::csv(&series.source),
        escape::csv(&series.name),
        figure(row.highest),
        figure(row.lowest),
        series.unit.word(),
        escape::csv(row.labels),
    );
}
