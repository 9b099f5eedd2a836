//! What was found, for people.

use super::{Found, percent, safe, when};
use crate::backtest::tally::share;
use crate::backtest::{Backtest, Tally, Trials};
use crate::plan::StageKind;
use crate::text::Millis;
use std::io::{self, Write};

/// So many moments are named.
const MOST_NAMED: usize = 5;

pub(super) fn write(found: &Found, out: &mut dyn Write) -> io::Result<()> {
    let backtest = &found.backtest;
    writeln!(out, "{}", safe(&backtest.plan.title))?;
    let (from, to) = (when::show(backtest.from), when::show(backtest.to));
    writeln!(out, "{from} to {to}, looked at every {}: {} looks", backtest.step, backtest.moments)?;
    if backtest.stages.is_empty() {
        writeln!(out, "\nthe plan has no stages: there is nothing to try")?;
    }
    for trials in &backtest.stages {
        stage(backtest, trials, out)?;
    }
    triggers(backtest, out)
}

fn stage(backtest: &Backtest, trials: &Trials, out: &mut dyn Write) -> io::Result<()> {
    let stage = backtest.plan.stage(trials.stage);
    let (word, soak) = match stage.kind {
        StageKind::Ramp => ("soak", stage.soak),
        StageKind::Observe => ("observe", stage.soak),
    };
    let soak = soak.map_or_else(String::new, |soak| format!("  {word} {soak}"));
    writeln!(out, "\n{}{soak}", safe(&stage.name))?;
    if trials.gates.is_empty() {
        return writeln!(out, "  nothing is measured in this stage");
    }
    writeln!(out, "  {}", earned(trials))?;
    let whole = trials.rollback + trials.not_good + trials.not_known + trials.good;
    let spans = [("ROLLBACK", trials.rollback), ("not good", trials.not_good), ("not known", trials.not_known)];
    let spans = spans.iter().filter(|(_, span)| !span.is_zero());
    let spans: Vec<String> =
        spans.filter_map(|(word, span)| Some(format!("{word} {}", percent(share(*span, whole)?)))).collect();
    if !spans.is_empty() {
        writeln!(out, "  of the time: {}", spans.join(", "))?;
    }
    for tally in &trials.gates {
        gate(backtest, tally, out)?;
    }
    Ok(())
}

/// How long the soak would have taken.
fn earned(trials: &Trials) -> String {
    let earned = trials.earned();
    let resets = match trials.resets() {
        0 => String::new(),
        1 => "; it began again once".to_owned(),
        times => format!("; it began again {times} times"),
    };
    let [quickest, ..] = earned.as_slice() else {
        let (lasted, soak) = trials.under_way.unwrap_or_default();
        return format!("never earned: {soak} of it after {lasted}{resets}");
    };
    let at = |place: usize| earned.get(place).map_or(Millis::ZERO, |trial| trial.took);
    let (middle, longest) = (at(earned.len() / 2), at(earned.len() - 1));
    let times = if earned.len() == 1 { "once".to_owned() } else { format!("{} times", earned.len()) };
    if quickest.took == longest {
        return format!("earned {times}, in {longest}{resets}");
    }
    format!("earned {times}, in {} at best, {middle} in the middle, {longest} at worst{resets}", quickest.took)
}

fn gate(backtest: &Backtest, tally: &Tally, out: &mut dyn Write) -> io::Result<()> {
    let gate = backtest.plan.gate(tally.gate);
    write!(out, "  {} {}: ", safe(&gate.name), gate.pass)?;
    match (tally.breaches.len(), tally.share_over()) {
        (_, None) => write!(out, "never measured")?,
        (0, Some(0.0)) => write!(out, "never broken")?,
        (0, Some(over)) => write!(out, "never broken for long, over the limit for {} of the time", percent(over))?,
        (1, Some(over)) => write!(out, "broken once, {} of the time", percent(over))?,
        (times, Some(over)) => write!(out, "broken {times} times, {} of the time", percent(over))?,
    }
    let figures = [("half", 0.5), ("95 %", 0.95), ("99 %", 0.99)];
    let figures = figures.iter().filter_map(|(word, share)| Some((word, tally.within(*share, &gate.pass)?)));
    let figures: Vec<String> = figures.map(|(word, value)| format!("{word} {}", gate.pass.show(value))).collect();
    if let Some(worst) = tally.worst(&gate.pass) {
        write!(out, "; {}, worst {}", figures.join(", "), gate.pass.show(worst))?;
    }
    writeln!(out)?;
    for breach in tally.breaches.iter().take(MOST_NAMED) {
        writeln!(out, "    {} for {}, up to {}", when::show(breach.at), breach.lasted, gate.pass.show(breach.worst))?;
    }
    if tally.breaches.len() > MOST_NAMED {
        writeln!(out, "    and {} more", tally.breaches.len() - MOST_NAMED)?;
    }
    for (code, span) in &tally.unknown {
        writeln!(out, "    {}: {span}", code.word())?;
    }
    Ok(())
}

/// Triggers are armed in every stage; those of the first one speak for all.
fn triggers(backtest: &Backtest, out: &mut dyn Write) -> io::Result<()> {
    let Some(first) = backtest.stages.first() else { return Ok(()) };
    let watched = backtest.plan.triggers.iter().enumerate().filter(|(_, trigger)| trigger.watch.is_some());
    for (place, (at, trigger)) in watched.enumerate() {
        if place == 0 {
            writeln!(out, "\nrollback triggers")?;
        }
        let trips: Vec<_> = first.trips.iter().filter(|trip| trip.trigger.index() == at).collect();
        let times = match trips.len() {
            0 => "would never have tripped".to_owned(),
            1 => "would have tripped once".to_owned(),
            times => format!("would have tripped {times} times"),
        };
        writeln!(out, "  {}: {times}", safe(&trigger.name))?;
        for trip in trips.iter().take(MOST_NAMED) {
            writeln!(out, "    {} {}", when::show(trip.at), safe(&trip.on))?;
        }
    }
    Ok(())
}
