//! What was found, for programs. Spans are seconds, moments RFC 3339, values in the query's unit.

use super::{Found, when};
use crate::backtest::{Backtest, Ended, Tally, Trials};
use crate::text::Millis;
use serde_json::{Value, json};
use std::io::{self, Write};

pub(super) fn write(found: &Found, out: &mut dyn Write) -> io::Result<()> {
    let backtest = &found.backtest;
    let stages: Vec<Value> = backtest.stages.iter().map(|trials| stage(backtest, trials)).collect();
    let whole = json!({
        "title": backtest.plan.title,
        "from": when::show(backtest.from),
        "to": when::show(backtest.to),
        "step_seconds": seconds(backtest.step),
        "looks": backtest.moments,
        "stages": stages,
        "triggers": triggers(backtest),
    });
    serde_json::to_writer_pretty(&mut *out, &whole)?;
    writeln!(out)
}

fn stage(backtest: &Backtest, trials: &Trials) -> Value {
    let stage = backtest.plan.stage(trials.stage);
    let ended = trials.ended.iter().map(|trial| {
        json!({
            "at": when::show(trial.at),
            "took_seconds": seconds(trial.took),
            "resets": trial.resets,
            "earned": trial.ended == Ended::Earned,
        })
    });
    json!({
        "name": stage.name,
        "soak_seconds": stage.soak.map(seconds),
        "trials": ended.collect::<Vec<_>>(),
        "under_way": trials.under_way.map(|(lasted, soak)| {
            json!({ "lasted_seconds": seconds(lasted), "soak_seconds": seconds(soak) })
        }),
        "resets": trials.resets(),
        "rollback_seconds": seconds(trials.rollback),
        "not_good_seconds": seconds(trials.not_good),
        "not_known_seconds": seconds(trials.not_known),
        "good_seconds": seconds(trials.good),
        "gates": trials.gates.iter().map(|tally| gate(backtest, tally)).collect::<Vec<_>>(),
    })
}

fn gate(backtest: &Backtest, tally: &Tally) -> Value {
    let gate = backtest.plan.gate(tally.gate);
    let breaches = tally.breaches.iter().map(|breach| {
        json!({ "at": when::show(breach.at), "lasted_seconds": seconds(breach.lasted), "worst": breach.worst })
    });
    let unknown = tally.unknown.iter().map(|(code, span)| (code.word().to_owned(), json!(seconds(*span))));
    let within = |share| tally.within(share, &gate.pass);
    json!({
        "name": gate.name,
        "limit": gate.pass.to_string(),
        "breaches": breaches.collect::<Vec<_>>(),
        "over_seconds": seconds(tally.over),
        "known_seconds": seconds(tally.known),
        "unknown_seconds": unknown.collect::<serde_json::Map<_, _>>(),
        "within": { "0.5": within(0.5), "0.95": within(0.95), "0.99": within(0.99) },
        "worst": tally.worst(&gate.pass),
    })
}

fn triggers(backtest: &Backtest) -> Vec<Value> {
    let trips = backtest.stages.first().map_or(&[][..], |first| &first.trips);
    let watched = backtest.plan.triggers.iter().enumerate().filter(|(_, trigger)| trigger.watch.is_some());
    let trigger = |(at, trigger): (usize, &crate::plan::Trigger)| {
        let trips = trips.iter().filter(|trip| trip.trigger.index() == at);
        let trips: Vec<Value> = trips.map(|trip| json!({ "at": when::show(trip.at), "on": trip.on })).collect();
        json!({ "name": trigger.name, "trips": trips })
    };
    watched.map(trigger).collect()
}

#[expect(clippy::cast_precision_loss, reason = "no past has 2^53 milliseconds")]
fn seconds(span: Millis) -> f64 {
    span.0 as f64 / 1_000.0
}
