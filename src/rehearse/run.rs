//! Runs a scenario: polls at their times, commands and expectations at theirs.

use super::invalid::{Document, Invalid};
use super::night::{Failure, Night, Told};
use super::scenario::{At, Scenario};
use super::unseen::Unseen;
use super::world::World;
use crate::judge::{Moment, Verdict};
use crate::plan::{self, Plan};
use crate::session::command::{Command, split_actor};
use crate::session::{Amendment, Core, Event, Fact, Intent, State, Text, When};
use crate::text::Millis;
use std::sync::Arc;
use toml::Spanned;

/// Every rehearsed night begins here: 2026-03-14T02:00:00Z.
const BEGAN_AT: i64 = 1_773_453_600_000;

/// Compiles a scenario's plan and runs its night.
///
/// # Errors
/// What is wrong with the plan, its bindings or the scenario itself.
pub fn run(scenario: &Scenario) -> Result<Night, Invalid> {
    let files = Files { checklist: scenario.plan.clone(), bindings: scenario.bindings.clone() };
    let plan = files.compile(scenario)?;
    let mut rehearsal = Rehearsal::new(scenario, files, plan);
    let mut moments = scenario.moments.as_slice();
    while let Some(first) = moments.first().map(Spanned::get_ref) {
        let (same, later) = moments.split_at(moments.iter().take_while(|at| at.get_ref().t == first.t).count());
        rehearsal.moment(first.t, same)?;
        moments = later;
    }
    rehearsal.check_fold();
    Ok(rehearsal.night)
}

/// What the files of the night say.
struct Files {
    checklist: Document,
    bindings: Option<Document>,
}

impl Files {
    /// Takes in what a moment writes to them.
    fn change(&mut self, at: &At) {
        if let Some(checklist) = &at.plan {
            self.checklist = checklist.clone();
        }
        if let Some(bindings) = &at.bindings {
            self.bindings = Some(bindings.clone());
        }
    }

    fn compile(&self, scenario: &Scenario) -> Result<Plan, Invalid> {
        let bindings = self.bindings.as_ref();
        let compiled = plan::compile(plan::Input {
            checklist: plan::Text { name: self.checklist.name("plan.md"), text: &self.checklist.text },
            bindings: bindings.map(|text| plan::Text { name: text.name("bindings.toml"), text: &text.text }),
        });
        if compiled.is_valid() {
            let poll = scenario.poll.unwrap_or(compiled.plan.poll);
            return Ok(Plan { poll, ..compiled.plan });
        }
        let errors = compiled.diagnostics.iter().filter(|diagnostic| diagnostic.severity == plan::Severity::Error);
        let problems = errors.map(|error| {
            let document = bindings.filter(|_| error.file == plan::File::Bindings).unwrap_or(&self.checklist);
            document.problem(&scenario.place, error)
        });
        Err(Invalid { problems: problems.collect() })
    }

    /// Reads them again, as `reload` does.
    fn amendment(&self, scenario: &Scenario) -> Result<Arc<Amendment>, Invalid> {
        let text = |document: &Document, unnamed| Text::new(document.name(unnamed), document.text.as_str());
        let plan = Arc::new(self.compile(scenario)?);
        let bindings = self.bindings.as_ref().map(|bindings| text(bindings, "bindings.toml"));
        Ok(Arc::new(Amendment { checklist: text(&self.checklist, "plan.md"), bindings, plan }))
    }
}

struct Rehearsal<'s> {
    scenario: &'s Scenario,
    files: Files,
    /// As it was when the night began.
    plan: Arc<Plan>,
    core: Core,
    world: World,
    next_poll: Millis,
    /// Steady time that did not run: the machine slept, or another process began.
    asleep: Millis,
    night: Night,
    /// What the sources would have said while the process was away, and will remember.
    unseen: Unseen,
    /// The moment that is run, and the line it begins in.
    here: (Millis, u32),
}

impl<'s> Rehearsal<'s> {
    fn new(scenario: &'s Scenario, files: Files, plan: Plan) -> Self {
        let plan = Arc::new(plan);
        let world = World::new(&plan);
        let core = Core::new(Arc::clone(&plan), BEGAN_AT);
        let (next_poll, asleep, here) = (Millis::ZERO, Millis::ZERO, (Millis::ZERO, 0));
        let (night, unseen) = (Night::default(), Unseen::default());
        Self { scenario, files, plan, core, world, next_poll, asleep, night, unseen, here }
    }

    /// Runs up to a moment and through everything that stands at it.
    fn moment(&mut self, t: Millis, same: &[Spanned<At>]) -> Result<(), Invalid> {
        while self.next_poll < t {
            self.poll(self.next_poll);
        }
        self.remember(t);
        for at in same {
            self.files.change(at.get_ref());
            self.world.change(self.core.plan(), at.get_ref()).map_err(|error| self.scenario.problem_at(at, error))?;
        }
        if self.next_poll == t {
            self.poll(t);
        }
        for at in same {
            self.here = (t, self.scenario.line_of(at));
            let at = at.get_ref();
            for line in &at.commands {
                self.command(t, line);
            }
            if let Some(expect) = &at.expect {
                let (state, verdict) = self.now(t);
                let misses = expect.misses(self.core.plan(), &state, &verdict, self.core.plan().poll);
                self.fail(misses, Some(verdict));
            }
            self.away(t, at);
        }
        Ok(())
    }

    fn poll(&mut self, t: Millis) {
        self.remember(t);
        let when = self.when(t);
        let plan = self.core.plan();
        self.next_poll = t + plan.poll;
        let batch = self.world.poll(plan, plan.poll, when.at);
        let events = self.core.poll(when, batch);
        self.keep(t, events);
        if self.core.state().ramp.unseen().is_some() {
            let events = self.core.backfill(when, self.unseen.take());
            self.keep(t, events);
        }
    }

    /// What the sources would have said until a moment of which nobody asks them.
    fn remember(&mut self, t: Millis) {
        while let Some(at) = self.unseen.next_before(t) {
            let plan = self.core.plan();
            let batch = self.world.poll(plan, plan.poll, BEGAN_AT + i64::try_from(at.0).unwrap_or(i64::MAX / 2));
            self.unseen.keep(at, plan.poll, batch);
        }
    }

    fn command(&mut self, t: Millis, line: &str) {
        let (must_fail, line) = line.trim().strip_prefix("refused:").map_or((false, line), |rest| (true, rest));
        let (by, words) = split_actor(line);
        let (_, seen) = self.now(t);
        let command = Command::parse(words).map_err(|error| error.to_string());
        let outcome = command.and_then(|command| self.read_files(command)).and_then(|command| {
            let intent = Intent { command, by: by.unwrap_or_default().to_owned(), seen: Some(seen.keys()) };
            self.core.intend(self.when(t), &intent).map_err(|refusal| refusal.to_string())
        });
        match outcome {
            Ok(events) => {
                self.say(t, &format!("> {}", line.trim()));
                self.keep(t, events);
                if must_fail {
                    self.fail(vec![format!("\"{}\" was to be refused, and was not", line.trim())], None);
                }
            }
            Err(why) => {
                let mark = if must_fail { ">" } else { "!" };
                self.say(t, &format!("{mark} {} (refused: {why})", line.trim()));
                if !must_fail {
                    self.note(vec![format!("\"{}\" was refused: {why}", line.trim())], None);
                }
            }
        }
    }

    /// A `reload` takes along what the files say.
    fn read_files(&self, command: Command) -> Result<Command, String> {
        let Command::Reload { reason, .. } = command else { return Ok(command) };
        let amendment = self.files.amendment(self.scenario).map_err(|invalid| invalid.to_string())?;
        Ok(Command::Reload { reason, amendment: Some(amendment) })
    }

    /// The process sleeps, or dies and is resumed from its log.
    fn away(&mut self, t: Millis, at: &At) {
        if let Some(sleep) = at.sleep {
            self.say(t, &format!("the process sleeps for {sleep}"));
            self.asleep += sleep;
            self.unseen = Unseen::between(self.next_poll - self.core.plan().poll, t + sleep);
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
            self.unseen = Unseen::between(self.next_poll - self.core.plan().poll, back);
            let fact = Fact::SessionResumed { host: "rehearsal".to_owned(), program: "warroom".to_owned() };
            let events = self.core.record(self.when(back), "", vec![fact]);
            self.keep(back, events);
            self.next_poll = back;
        }
    }

    /// The state and verdict at a moment: what the last poll found holds until the next.
    fn now(&self, t: Millis) -> (State, Verdict) {
        let mut state = State::clone(self.core.state());
        state.ramp.pass_time(self.core.plan(), Moment(t.0));
        let verdict = state.verdict();
        (state, verdict)
    }

    fn when(&self, t: Millis) -> When {
        When { at: BEGAN_AT + i64::try_from(t.0).unwrap_or(i64::MAX / 2), mono: t - self.asleep }
    }

    fn keep(&mut self, t: Millis, events: Vec<Event>) {
        for event in events {
            if let Fact::PlanAmended { plan, .. } = &event.fact {
                self.world.amend(self.core.state().plan_at(event.seq - 1), plan);
                for change in self.core.state().changes(&event) {
                    self.say(t, &format!("  {change}"));
                }
            }
            if let Fact::VerdictChanged { call, reasons } = &event.fact {
                let reasons = reasons.iter().map(ToString::to_string).collect();
                self.night.timeline.push(Told { t, what: call.to_string(), reasons });
            }
            self.night.events.push(event);
        }
    }

    fn say(&mut self, t: Millis, what: &str) {
        self.night.timeline.push(Told { t, what: what.to_owned(), reasons: Vec::new() });
    }

    /// Notes what did not hold, in its place of the timeline too.
    fn fail(&mut self, misses: Vec<String>, was: Option<Verdict>) {
        if misses.is_empty() {
            return;
        }
        for miss in &misses {
            self.say(self.here.0, &format!("! {miss}"));
        }
        self.note(misses, was);
    }

    fn note(&mut self, misses: Vec<String>, was: Option<Verdict>) {
        let (t, line) = self.here;
        self.night.failures.push(Failure { t, line, misses, was });
    }

    /// The log, written and read back, folds to the same state and the same verdicts.
    fn check_fold(&mut self) {
        let mut errors = Vec::new();
        let mut state = State::new(Arc::clone(&self.plan), BEGAN_AT);
        for event in &self.night.events {
            match Event::from_json(&event.to_json()) {
                Ok(read) => state.apply(&read),
                Err(error) => errors.push(format!("event {} cannot be logged: {error}", event.seq)),
            }
        }
        if state != **self.core.state() {
            errors.push("the log folds to another state than the one that was judged".to_owned());
        }
        self.here.1 = 0;
        self.fail(errors, None);
    }
}
