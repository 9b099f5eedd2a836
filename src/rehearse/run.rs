//! Runs a scenario: polls at their times, commands and expectations at theirs.

use super::scenario::{At, Scenario};
use super::world::World;
use crate::judge::Verdict;
use crate::plan::{self, Plan};
use crate::session::command::{Command, split_actor};
use crate::session::{Core, Event, Fact, Intent, State, When};
use crate::text::Millis;
use std::sync::Arc;

/// Every rehearsed night begins here: 2026-03-14T02:00:00Z.
const BEGAN_AT: i64 = 1_773_453_600_000;

/// A rehearsed night, as it went.
#[derive(Debug, Default)]
pub struct Night {
    /// What was judged and done, a line each, for people.
    pub timeline: Vec<String>,
    /// What did not hold; empty where everything did.
    pub failures: Vec<String>,
    /// The log it would have left.
    pub events: Vec<Event>,
}

/// Compiles a scenario's plan and runs its night.
///
/// # Errors
/// What is wrong with the plan, its bindings or the scenario itself.
pub fn run(scenario: &Scenario) -> Result<Night, String> {
    let mut plan = compile(scenario)?;
    if let Some(poll) = scenario.poll {
        plan.poll = poll;
    }
    let mut rehearsal = Rehearsal::new(plan);
    let mut moments = scenario.moments.as_slice();
    while let Some(first) = moments.first() {
        let (same, later) = moments.split_at(moments.iter().take_while(|at| at.t == first.t).count());
        rehearsal.moment(same)?;
        moments = later;
    }
    rehearsal.check_fold();
    Ok(rehearsal.night)
}

fn compile(scenario: &Scenario) -> Result<Plan, String> {
    let bindings = scenario.bindings.as_deref().map(|text| plan::Text { name: "bindings.toml", text });
    let checklist = plan::Text { name: "plan.md", text: &scenario.plan };
    let compiled = plan::compile(plan::Input { checklist, bindings });
    let errors: Vec<_> = compiled
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == plan::Severity::Error)
        .map(|diagnostic| {
            let line = diagnostic.line.map(|line| format!(" line {line}")).unwrap_or_default();
            format!("{}{line}: {}", diagnostic.file.word(), diagnostic.message)
        })
        .collect();
    if errors.is_empty() { Ok(compiled.plan) } else { Err(errors.join("\n")) }
}

struct Rehearsal {
    plan: Arc<Plan>,
    core: Core,
    world: World,
    next_poll: Millis,
    /// Steady time that did not run: the machine slept, or another process began.
    asleep: Millis,
    night: Night,
}

impl Rehearsal {
    fn new(plan: Plan) -> Self {
        let plan = Arc::new(plan);
        let world = World::new(&plan);
        let core = Core::new(Arc::clone(&plan), BEGAN_AT);
        Self { plan, core, world, next_poll: Millis::ZERO, asleep: Millis::ZERO, night: Night::default() }
    }

    /// Runs up to a moment and through everything that stands at it.
    fn moment(&mut self, same: &[At]) -> Result<(), String> {
        let Some(t) = same.first().map(|at| at.t) else { return Ok(()) };
        while self.next_poll < t {
            self.poll(self.next_poll);
        }
        for at in same {
            self.world.change(&self.plan, at)?;
        }
        if self.next_poll == t {
            self.poll(t);
        }
        for at in same {
            for line in &at.commands {
                self.command(t, line);
            }
            if let Some(expect) = &at.expect {
                let (state, verdict) = self.now(t);
                let misses = expect.misses(&self.plan, &state, &verdict, self.plan.poll);
                self.fail(t, &misses, &verdict);
            }
            self.away(t, at);
        }
        Ok(())
    }

    fn poll(&mut self, t: Millis) {
        let when = self.when(t);
        let batch = self.world.poll(&self.plan, self.plan.poll, when.at);
        let events = self.core.poll(when, batch);
        self.keep(t, events);
        self.next_poll = t + self.plan.poll;
    }

    fn command(&mut self, t: Millis, line: &str) {
        let (must_fail, line) = line.trim().strip_prefix("refused:").map_or((false, line), |rest| (true, rest));
        let (by, words) = split_actor(line);
        let (_, seen) = self.now(t);
        let outcome = Command::parse(words).map_err(|error| error.to_string()).and_then(|command| {
            let intent = Intent { command, by: by.unwrap_or_default().to_owned(), seen: Some(seen.keys()) };
            self.core.intend(self.when(t), &intent).map_err(|refusal| refusal.to_string())
        });
        match outcome {
            Ok(events) => {
                self.say(t, &format!("> {}", line.trim()));
                self.keep(t, events);
                if must_fail {
                    self.night.failures.push(format!("{t}: \"{}\" was to be refused, and was not", line.trim()));
                }
            }
            Err(why) => {
                self.say(t, &format!("> {} (refused: {why})", line.trim()));
                if !must_fail {
                    self.night.failures.push(format!("{t}: \"{}\" was refused: {why}", line.trim()));
                }
            }
        }
    }

    /// The process sleeps, or dies and is resumed from its log.
    fn away(&mut self, t: Millis, at: &At) {
        if let Some(sleep) = at.sleep {
            self.say(t, &format!("the process sleeps for {sleep}"));
            self.asleep += sleep;
            self.next_poll = t + sleep;
        }
        if let Some(crash) = at.crash {
            self.say(t, &format!("the process dies and is resumed {crash} later"));
            self.check_fold();
            let mut resumed = Core::new(Arc::clone(&self.plan), BEGAN_AT);
            for event in &self.night.events {
                resumed.replay(event);
            }
            self.core = resumed;
            let back = t + crash;
            self.asleep = back;
            let fact = Fact::SessionResumed { host: "rehearsal".to_owned(), program: "warroom".to_owned() };
            let events = self.core.record(self.when(back), "", vec![fact]);
            self.keep(back, events);
            self.next_poll = back;
        }
    }

    /// The state and verdict at a moment: what the last poll found holds until the next.
    fn now(&self, t: Millis) -> (State, Verdict) {
        let mut state = State::clone(self.core.state());
        state.ramp.pass_time(&self.plan, crate::judge::Moment(t.0));
        let verdict = state.verdict(&self.plan);
        (state, verdict)
    }

    fn when(&self, t: Millis) -> When {
        When { at: BEGAN_AT + i64::try_from(t.0).unwrap_or(i64::MAX / 2), mono: t - self.asleep }
    }

    fn keep(&mut self, t: Millis, events: Vec<Event>) {
        for event in events {
            if let Fact::VerdictChanged { call, reasons } = &event.fact {
                let reasons: Vec<_> = reasons.iter().map(ToString::to_string).collect();
                self.say(t, &format!("{call}  {}", reasons.join(" | ")));
            }
            self.night.events.push(event);
        }
    }

    fn say(&mut self, t: Millis, what: &str) {
        self.night.timeline.push(format!("{:>8}  {what}", t.to_string()));
    }

    fn fail(&mut self, t: Millis, misses: &[String], verdict: &Verdict) {
        if misses.is_empty() {
            return;
        }
        let reasons: Vec<_> = verdict.reasons.iter().map(ToString::to_string).collect();
        let reasons = if reasons.is_empty() { "no reasons".to_owned() } else { reasons.join("\n      ") };
        self.night.failures.push(format!(
            "{t}: {}\n  it was {}:\n      {reasons}",
            misses.join("\n    "),
            verdict.call
        ));
    }

    /// The log, written and read back, folds to the same state and the same verdicts.
    fn check_fold(&mut self) {
        let mut state = State::new(&self.plan, BEGAN_AT);
        for event in &self.night.events {
            match Event::from_json(&event.to_json()) {
                Ok(read) => state.apply(&self.plan, &read),
                Err(error) => self.night.failures.push(format!("event {} cannot be logged: {error}", event.seq)),
            }
        }
        if state != **self.core.state() {
            self.night.failures.push("the log folds to another state than the one that was judged".to_owned());
        }
    }
}
