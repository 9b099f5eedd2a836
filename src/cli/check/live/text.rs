//! What was found, for people.

use super::{Live, Measured, What};
use crate::judge::{Alerts, HealthGot, Sample, Unknown};
use crate::plan::Plan;
use crate::text::{Millis, number, sanitize};
use chrono::{DateTime, SecondsFormat};
use std::io::{self, Write};

/// Writes each measured line with its limit, and what it stands at below it.
pub(in super::super) fn write(plan: &Plan, live: &Live, out: &mut dyn Write) -> io::Result<()> {
    let at = DateTime::from_timestamp_millis(live.at).unwrap_or_default();
    writeln!(out, "\nLive, asked once at {}", at.to_rfc3339_opts(SecondsFormat::Secs, true))?;
    if live.is_empty() {
        return writeln!(out, "  nothing is bound: there is nobody to ask");
    }
    for measured in &live.measured {
        pair(out, &title(measured), &standing(plan, measured))?;
    }
    if let Some(build) = &live.build {
        let told = match build {
            Ok(running) => format!("runs {}", running.join(", ")),
            Err(why) => not_known(why),
        };
        pair(out, "build", &told)?;
    }
    for (name, got) in &live.health {
        pair(out, &format!("health {name}"), &health(got))?;
    }
    live.alerts.iter().try_for_each(|found| pair(out, "alerts", &alerts(found)))
}

fn pair(out: &mut dyn Write, title: &str, told: &str) -> io::Result<()> {
    writeln!(out, "  {}\n      {}", sanitize::line(title), sanitize::line(told))
}

fn title(measured: &Measured) -> String {
    let place = measured.line.map_or_else(|| "bindings".to_owned(), |line| format!("line {line}"));
    match measured.what {
        What::Gate => format!("{} {}  ({place})", measured.name, measured.limit),
        What::Trigger => format!("trigger: {} {}  ({place})", measured.name, measured.limit),
        What::Traffic => "traffic of the new version".to_owned(),
    }
}

fn standing(plan: &Plan, measured: &Measured) -> String {
    let beside = |sample: &Sample| beside(measured, sample);
    match &measured.found {
        Err(why) => {
            let read = measured.sample.as_ref().map(|sample| {
                let value = measured.limit.show(sample.value);
                format!("; it reads {value}{}", beside(sample))
            });
            format!("{}{}", not_known(why), read.unwrap_or_default())
        }
        Ok(weighed) => {
            let value = measured.in_force.as_ref().map_or(measured.limit, |it| it.limit).show(weighed.value);
            let beside = match &measured.sample {
                Some(sample) => beside(sample),
                None => ", never counted, and its traffic is proven".to_owned(),
            };
            format!("{value}{}{beside}", compared(plan, measured, weighed.value))
        }
    }
}

/// The judgement, and the comparison in the unit of the query: `holds: 0.002 < 0.01 ratio`.
fn compared(plan: &Plan, measured: &Measured, value: f64) -> String {
    let (Some(in_force), Some(is_true)) = (&measured.in_force, measured.is_true()) else { return String::new() };
    let word = match (measured.what, is_true) {
        (What::Traffic, _) => return String::new(),
        (What::Gate, true) => "holds",
        (What::Gate, false) => "DOES NOT HOLD",
        (What::Trigger, true) => "TRUE NOW",
        (What::Trigger, false) => "not true",
    };
    let bounds: Vec<String> = in_force.limit.bounds().map(number::show_exact).collect();
    let sign = if bounds.len() > 1 { "in" } else { in_force.limit.op.symbol() };
    let made_from = in_force.made_from.as_ref().map(|from| format!(" ({from})")).unwrap_or_default();
    let nearest = in_force.limit.bounds().next().unwrap_or(value);
    let value = number::show_beside(value, nearest);
    let unit = plan.probe(measured.probe).unit;
    format!(", {word}: {value} {sign} {} {unit}{made_from}", bounds.join("–"))
}

fn beside(measured: &Measured, sample: &Sample) -> String {
    let age = if sample.age < 0 {
        format!("{} in the future", Millis(sample.age.unsigned_abs()))
    } else {
        format!("{} old", Millis(sample.age.unsigned_abs()))
    };
    let series = measured.series.map(|count| format!(", {}", counted(count))).unwrap_or_default();
    let cells = sample.cells.iter().map(|cell| format!("{} {}", cell.labels, measured.limit.show(cell.value)));
    let cells = cells.collect::<Vec<_>>().join(", ");
    let cells = if cells.is_empty() { cells } else { format!(" ({cells})") };
    let silent = match sample.silent.len() {
        0 => String::new(),
        count => format!(", {count} silent"),
    };
    format!("; data {age}{series}{cells}{silent}")
}

fn counted(series: usize) -> String {
    if series == 1 { "one series".to_owned() } else { format!("{series} series") }
}

fn not_known(why: &Unknown) -> String {
    format!("NOT KNOWN, {}: {}", why.code.word(), why.detail)
}

fn health(got: &HealthGot) -> String {
    match got {
        HealthGot::Up { took } => format!("up, answered in {took}"),
        HealthGot::Slow { took } => format!("up, but slow: answered in {took}"),
        HealthGot::Down { why } => format!("DOWN: {why}"),
    }
}

fn alerts(found: &Alerts) -> String {
    match found {
        Alerts::Firing(firing) if firing.is_empty() => "none fires".to_owned(),
        Alerts::Firing(firing) => {
            let names: Vec<String> = firing.iter().map(ToString::to_string).collect();
            format!("firing: {}", names.join(", "))
        }
        Alerts::Miss(miss) => not_known(&miss.into()),
    }
}
