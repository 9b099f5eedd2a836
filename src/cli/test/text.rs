//! What people read: a line a file, and the whole story of what does not hold.

use super::super::problems;
use super::{Case, Detail, Totals, Unrunnable};
use crate::rehearse::{Invalid, Night};
use crate::text::sanitize;
use std::io::{self, Write};
use std::path::PathBuf;

pub(super) fn write(
    cases: &[Case],
    passed_over: &[PathBuf],
    totals: Totals,
    detail: Detail,
    out: &mut dyn Write,
) -> io::Result<()> {
    for case in cases {
        self::case(case, detail, out)?;
    }
    if detail == Detail::Verbose {
        for path in passed_over {
            writeln!(out, "      {}: passed over, it is no scenario", shown(&path.display().to_string()))?;
        }
    }
    if detail != Detail::Quiet || totals.passed < totals.all() {
        writeln!(out, "{}", sum(totals))?;
    }
    Ok(())
}

fn case(case: &Case, detail: Detail, out: &mut dyn Write) -> io::Result<()> {
    let name = shown(&case.name());
    match &case.result {
        Ok(night) if night.failures.is_empty() => {
            if detail != Detail::Quiet {
                writeln!(out, "ok    {name}: {}", shown(&case.about))?;
            }
            if detail == Detail::Verbose {
                timeline(night, out)?;
            }
            Ok(())
        }
        Ok(night) => {
            writeln!(out, "FAIL  {name}: {}\n", shown(&case.about))?;
            night.failures.iter().try_for_each(|failure| inset(failure, out))?;
            writeln!(out, "\n  the night:")?;
            timeline(night, out)
        }
        Err(Unrunnable::Unreadable(error)) => writeln!(out, "ERROR {name}: {}\n", shown(error)),
        Err(Unrunnable::Invalid(invalid)) => {
            writeln!(out, "ERROR {name}: it cannot be run\n")?;
            write!(out, "{}", problems(invalid, &case.name()))
        }
    }
}

fn timeline(night: &Night, out: &mut dyn Write) -> io::Result<()> {
    night.timeline.iter().try_for_each(|told| inset(told, out))?;
    writeln!(out)
}

/// The problems of a scenario, each with the line it is about.
pub(super) fn problems(invalid: &Invalid, scenario: &str) -> String {
    let snippet = |problem: &crate::rehearse::Problem| {
        let file = problem.place.file.as_deref().unwrap_or(scenario);
        let help = problem.help.as_deref();
        problems::error(&shown(&problem.message), file, &problem.place.text, problem.span.as_ref(), help)
    };
    invalid.problems.iter().map(|problem| snippet(problem) + "\n\n").collect()
}

/// `3 nights: 2 held, 1 did not`.
fn sum(totals: Totals) -> String {
    let all = totals.all();
    let nights = if all == 1 { "night" } else { "nights" };
    let parts = [(totals.passed, "held"), (totals.failed, "did not"), (totals.invalid, "could not be run")];
    let shown = parts.iter().enumerate().filter(|(at, (count, _))| *at == 0 || *count > 0);
    let parts: Vec<_> = shown.map(|(_, (count, what))| format!("{count} {what}")).collect();
    format!("{all} {nights}: {}", parts.join(", "))
}

fn shown(text: &str) -> String {
    sanitize::line(text).into_owned()
}

/// Writes text that may be several lines, each safe to show and set in.
fn inset(text: &impl ToString, out: &mut dyn Write) -> io::Result<()> {
    sanitize::lines(&text.to_string()).lines().try_for_each(|line| writeln!(out, "  {line}"))
}
