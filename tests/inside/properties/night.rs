//! A night: a checklist, its bindings, and what sources and people then did; and how it goes.

use std::sync::Arc;
use warroom::judge::{
    Alert, Alerts, Baseline, Batch, Captured, Got, HealthGot, HealthReading, Look, Miss, Point, Reading, Sample,
    Silent, Traffic, Verdict, Why,
};
use warroom::plan::{self, HealthId, Plan, ProbeId};
use warroom::session::command::{Command, split_actor};
use warroom::session::{Amendment, Core, Event, Fact, Intent, State, Text, When};
use warroom::text::Millis;

pub(crate) const BEGAN_AT: i64 = 1_773_453_600_000;
pub(crate) const BEGINNING: When = When { at: BEGAN_AT, mono: Millis::ZERO };
pub(crate) const POLL: Millis = Millis::from_secs(5);

/// The metrics of every night. The last one only feeds advisory gates.
pub(crate) const METRICS: [&str; 3] = ["queue length", "pool size", "noise"];
pub(crate) const NOISE: usize = 2;

/// A night as it was drawn.
#[derive(Clone, Debug)]
pub(crate) struct Night {
    pub(crate) texts: Texts,
    /// What the files say when somebody reloads the plan, and again when they do so once more.
    pub(crate) amended: Texts,
    pub(crate) steps: Vec<Step>,
}

/// A checklist and its bindings.
#[derive(Clone, Debug)]
pub(crate) struct Texts {
    pub(crate) checklist: String,
    pub(crate) bindings: String,
}

/// Something that happens, some time after what happened before.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Poll {
        after: u64,
        answers: Vec<Answer>,
        health: HealthGot,
        beside: Beside,
        /// What each metric read before the ramp, where somebody has found that out by now.
        captured: Option<f64>,
    },
    Do {
        after: u64,
        line: String,
    },
    /// The process does not run.
    Sleep {
        millis: u64,
    },
    /// The process dies and is resumed from its log.
    Crash {
        millis: u64,
    },
    /// What the sources remember of the last gap, poll by poll; nothing where there was none.
    Backfill {
        answers: Vec<Vec<Answer>>,
        beside: Beside,
    },
}

/// What is said beside the metrics, where the plan watches it; none for no answer.
#[derive(Clone, Debug)]
pub(crate) struct Beside {
    /// Which of two alerts fire, or why nobody can tell.
    pub(crate) alerts: Option<Result<[bool; 2], Why>>,
    pub(crate) share: Option<f64>,
    pub(crate) build: Option<&'static str>,
}

impl Beside {
    fn alerts(&self) -> Option<Alerts> {
        let named = |(name, _): (&str, bool)| Alert { name: name.to_owned(), labels: String::new() };
        Some(match self.alerts.as_ref()? {
            Ok(firing) => {
                let both = ["Disk", "Errors"].into_iter().zip(*firing);
                Alerts::Firing(both.filter(|(_, fires)| *fires).map(named).collect())
            }
            Err(why) => Alerts::Miss(Miss { why: *why, detail: "it is so".to_owned() }),
        })
    }

    /// The readings of the probes behind the metrics.
    fn readings(&self, plan: &Plan, at: i64) -> Vec<Reading> {
        let sample = |value, text: Option<&str>| Sample {
            value,
            data_at: at,
            interval: Some(POLL),
            texts: text.map(str::to_owned).into_iter().collect(),
            ..Sample::default()
        };
        let read = |probe, sample| Reading { probe, got: Got::Sample(sample), traffic: None, baseline: None };
        let share = plan.traffic.as_ref().zip(self.share).map(|(of, share)| read(of.probe, sample(share, None)));
        let build = plan.build.as_ref().zip(self.build).map(|(of, build)| read(of.probe, sample(1.0, Some(build))));
        share.into_iter().chain(build).collect()
    }
}

/// What a source says of a metric.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    Value {
        value: f64,
        age: i64,
        traffic: Option<f64>,
        /// What the old version reads.
        old: Option<f64>,
    },
    Series {
        eu: f64,
        us: Option<f64>,
        gone: bool,
    },
    Miss(Why, Option<f64>),
    /// It has not answered yet.
    Hung,
}

impl Answer {
    /// The answer as a poll of that wall-clock time would bring it.
    fn reading(&self, probe: ProbeId, at: i64) -> Option<Reading> {
        let sample = |value, age| Sample { value, data_at: at - age, age, interval: Some(POLL), ..Sample::default() };
        let old = match self {
            Self::Value { old, .. } => old.map(same),
            _ => None,
        };
        let (got, traffic) = match self {
            Self::Value { value, age, traffic, .. } => (Got::Sample(sample(*value, *age)), *traffic),
            Self::Series { eu, us, gone } => (Got::Sample(series(sample(*eu, 0), *eu, *us, *gone)), Some(50.0)),
            Self::Miss(why, traffic) => (Got::Miss(Miss { why: *why, detail: "it is so".to_owned() }), *traffic),
            Self::Hung => return None,
        };
        Some(Reading { probe, got, traffic: traffic.map(Traffic::Rate), baseline: old })
    }
}

/// A baseline of one series.
fn same(value: f64) -> Baseline {
    Baseline::Measured { lowest: value, highest: value, cells: Vec::new() }
}

fn series(sample: Sample, eu: f64, us: Option<f64>, gone: bool) -> Sample {
    let point = |value, name: &str| Point { value, labels: format!("region=\"{name}\"") };
    let gone = if gone { vec!["up".to_owned()] } else { Vec::new() };
    match us {
        Some(us) => {
            let (low, high) =
                if eu < us { (point(eu, "eu"), point(us, "us")) } else { (point(us, "us"), point(eu, "eu")) };
            Sample { value: high.value, labels: high.labels, lowest: Some(low), gone, ..sample }
        }
        None => {
            let silent = vec![Silent { labels: "region=\"us\"".to_owned(), last: Some(eu + 1.0) }];
            Sample { labels: "region=\"eu\"".to_owned(), silent, gone, ..sample }
        }
    }
}

/// All that a poll brought.
pub(crate) fn batch(plan: &Plan, answers: &[Answer], health: &HealthGot, beside: &Beside, at: i64) -> Batch {
    let probe_of = |name: &str| plan.probes.iter().position(|probe| probe.name == name);
    let answered = METRICS.iter().zip(answers).filter_map(|(name, answer)| Some((probe_of(name)?, answer)));
    let readings = answered.filter_map(|(probe, answer)| answer.reading(ProbeId::at(probe), at));
    let asked = (0..plan.health.len()).map(|at| HealthReading { health: HealthId::at(at), got: health.clone() });
    let readings = readings.chain(beside.readings(plan, at)).collect();
    let alerts = plan.alerts.as_ref().and_then(|_| beside.alerts());
    Batch { readings, health: asked.collect(), alerts, ..Batch::default() }
}

/// What was found out of the time before, of every metric.
fn captures(plan: &Plan, value: Option<f64>) -> Vec<Captured> {
    let of =
        |value: f64| (0..plan.probes.len()).map(move |at| Captured { probe: ProbeId::at(at), baseline: same(value) });
    value.into_iter().flat_map(of).collect()
}

/// A night as it went: the log, and what was seen after each thing that happened.
pub(crate) struct Played {
    pub(crate) plan: Arc<Plan>,
    pub(crate) events: Vec<Event>,
    pub(crate) seen: Vec<Seen>,
}

/// What everybody saw when the log was so long.
pub(crate) struct Seen {
    pub(crate) events: usize,
    pub(crate) state: State,
    /// The steady clock of the last event.
    pub(crate) mono: Millis,
    pub(crate) verdict: Verdict,
}

impl Texts {
    fn plan(&self) -> Plan {
        let checklist = plan::Text { name: "plan.md", text: &self.checklist };
        let bindings = Some(plan::Text { name: "bindings.toml", text: &self.bindings });
        let compiled = plan::compile(plan::Input { checklist, bindings });
        assert!(compiled.is_valid(), "a plan that compiles: {:?}", compiled.diagnostics);
        assert!(compiled.plan.probes.len() >= METRICS.len(), "every metric is bound");
        Plan { poll: POLL, ..compiled.plan }
    }

    fn amendment(&self) -> Arc<Amendment> {
        let checklist = Text::new("plan.md", self.checklist.as_str());
        let bindings = Some(Text::new("bindings.toml", self.bindings.as_str()));
        Arc::new(Amendment { checklist, bindings, plan: Arc::new(self.plan()) })
    }
}

impl Night {
    pub(crate) fn plan(&self) -> Plan {
        self.texts.plan()
    }

    /// Runs the night through a session.
    pub(crate) fn play(&self) -> Played {
        let files = [self.amended.amendment(), self.texts.amendment()];
        let mut player = Player::new(Arc::new(self.plan()), files);
        self.steps.iter().for_each(|step| player.step(step));
        player.played
    }
}

struct Player {
    core: Core,
    /// What the next reload finds, and the one after it.
    files: [Arc<Amendment>; 2],
    /// The wall clock since the session began.
    now: u64,
    /// So much of it the steady clock of the process has not counted.
    unseen: u64,
    played: Played,
}

impl Player {
    fn new(plan: Arc<Plan>, files: [Arc<Amendment>; 2]) -> Self {
        let core = Core::new(Arc::clone(&plan), BEGAN_AT);
        Self { core, files, now: 0, unseen: 0, played: Played { plan, events: Vec::new(), seen: Vec::new() } }
    }

    fn when(&self) -> When {
        When { at: BEGAN_AT + i64::try_from(self.now).expect("a short night"), mono: Millis(self.now - self.unseen) }
    }

    fn step(&mut self, step: &Step) {
        let events = match step {
            Step::Poll { after, answers, health, beside, captured } => {
                self.now += after;
                let mut batch = batch(self.core.plan(), answers, health, beside, self.when().at);
                batch.captured = captures(self.core.plan(), *captured);
                self.core.poll(self.when(), batch)
            }
            Step::Backfill { answers, beside } => self.backfill(answers, beside),
            Step::Do { after, line } => {
                self.now += after;
                self.command(line)
            }
            Step::Sleep { millis } => {
                self.now += millis;
                self.unseen += millis;
                return;
            }
            Step::Crash { millis } => self.crash(*millis),
        };
        self.played.events.extend(events);
        let (state, verdict) = (State::clone(self.core.state()), self.core.verdict());
        let mono = self.played.events.last().map_or(Millis::ZERO, |event| event.mono);
        self.played.seen.push(Seen { events: self.played.events.len(), state, mono, verdict });
    }

    fn command(&mut self, line: &str) -> Vec<Event> {
        let (by, words) = split_actor(line);
        let mut command = Command::parse(words).expect("a command of the language");
        if let Command::Reload { amendment, .. } = &mut command {
            *amendment = Some(Arc::clone(&self.files[0]));
            self.files.reverse();
        }
        let by = by.unwrap_or_default().to_owned();
        let intent = Intent { command, by, seen: Some(self.core.verdict().keys()) };
        // What is refused did not happen.
        self.core.intend(self.when(), &intent).unwrap_or_default()
    }

    fn backfill(&mut self, answers: &[Vec<Answer>], beside: &Beside) -> Vec<Event> {
        let state = self.core.state();
        let Some((from, to)) = state.ramp.unseen() else { return Vec::new() };
        let began = state.at.saturating_sub_unsigned(state.ramp.now.since(from).0);
        let up = HealthGot::Up { took: Millis(20) };
        let looks = (1..).zip(answers).map(|(poll, answers)| {
            let after = POLL * poll;
            Look { after, batch: batch(self.core.plan(), answers, &up, beside, began.saturating_add_unsigned(after.0)) }
        });
        let looks = looks.take_while(|look| look.after <= to.since(from)).collect();
        self.core.backfill(self.when(), looks)
    }

    fn crash(&mut self, millis: u64) -> Vec<Event> {
        self.now += millis;
        self.unseen = self.now;
        let mut resumed = Core::new(Arc::clone(&self.played.plan), BEGAN_AT);
        self.played.events.iter().for_each(|event| resumed.replay(event));
        self.core = resumed;
        let fact = Fact::SessionResumed { host: "here".to_owned(), program: "warroom".to_owned() };
        self.core.record(self.when(), "", vec![fact])
    }
}
