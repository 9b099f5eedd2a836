//! A made-up night on a small plan: readings and commands through the session, then what is live.

use std::path::Path;
use std::sync::Arc;
use warroom::clock::Stamp;
use warroom::judge::{Baseline, Batch, Got, HealthGot, HealthReading, Miss, Reading, Sample, Traffic, Why};
use warroom::plan::{self, HealthId, Plan, ProbeId};
use warroom::room::company::Company;
use warroom::room::{Disk, Live, live};
use warroom::session::command::split_actor;
use warroom::session::log::{Durability, Log, Owner, Settings, Writer};
use warroom::session::{Command, Core, Event, Header, History, Intent, Mode, Text, When};
use warroom::text::Millis;
use warroom::tui::scene::Scene;

/// 2026-03-14T02:00:00Z.
pub(crate) const BEGAN_AT: i64 = 1_773_453_600_000;
const POLL: Millis = Millis::from_secs(5);

/// A night as far as it has gone.
pub(crate) struct Night {
    pub(crate) core: Core,
    pub(crate) history: History,
    /// All that its log would hold.
    pub(crate) events: Vec<Event>,
    pub(crate) now: Millis,
    pub(crate) disk: Disk,
    pub(crate) mode: Mode,
    /// Events that are not on disk yet.
    pub(crate) unsaved: u64,
    readings: Vec<Got>,
    /// Metrics whose value moves a little from poll to poll.
    wobbling: Vec<bool>,
    health: HealthGot,
    /// The rate of what every value is computed from.
    traffic: Option<f64>,
    /// What the old version reads, where it is measured.
    old: Option<f64>,
}

impl Night {
    pub(crate) fn new() -> Self {
        Self::of(plan())
    }

    pub(crate) fn of(plan: Plan) -> Self {
        let plan = Arc::new(plan);
        Self {
            history: History::new(&plan),
            events: Vec::new(),
            readings: vec![miss(Why::NoData, "the query returned nothing"); plan.probes.len()],
            wobbling: vec![false; plan.probes.len()],
            traffic: None,
            old: None,
            core: Core::new(plan, BEGAN_AT),
            now: Millis::ZERO,
            disk: Disk::Fine,
            mode: Mode::Live,
            unsaved: 0,
            health: HealthGot::Up { took: Millis(20) },
        }
    }

    /// A night on which all is well.
    pub(crate) fn healthy() -> Self {
        Self::new().reads_well()
    }

    pub(crate) fn reads_well(self) -> Self {
        self.reads("error rate", 0.000_43).reads("latency p95", 0.084).reads("cache hit", 0.93)
    }

    /// Health as asked, with the items before the ramp ticked and the first stage started.
    pub(crate) fn started() -> Self {
        Self::healthy().runs(60).does("tick Backups").does("tick On-call").runs(10).does("as Ana: start 10%")
    }

    /// In the soak of the second stage.
    pub(crate) fn soaking() -> Self {
        let night = Self::started().runs(20).does("moved").runs(300).ticks_stage();
        night.does("as Ana: promote").runs(30).does("moved").runs(228)
    }

    /// In the second stage with nothing left to do.
    pub(crate) fn go() -> Self {
        Self::soaking().ticks_stage().runs(400)
    }

    pub(crate) fn reads(self, metric: &str, value: f64) -> Self {
        let sample = Sample { value, data_at: 0, age: 2_000, interval: Some(POLL), ..Sample::default() };
        self.gets(metric, Got::Sample(sample))
    }

    /// Reads about a value, a little more or less at each poll.
    pub(crate) fn wobbles(self, metric: &str, value: f64) -> Self {
        let mut night = self.reads(metric, value);
        let at = night.core.plan().probes.iter().position(|probe| probe.name == metric).expect("a metric");
        night.wobbling[at] = true;
        night
    }

    pub(crate) fn trickles(mut self, rate: f64) -> Self {
        self.traffic = Some(rate);
        self
    }

    pub(crate) fn old_reads(mut self, value: f64) -> Self {
        self.old = Some(value);
        self
    }

    pub(crate) fn misses(self, metric: &str, why: Why, detail: &str) -> Self {
        self.gets(metric, miss(why, detail))
    }

    pub(crate) fn gets(mut self, metric: &str, got: Got) -> Self {
        let at = self.core.plan().probes.iter().position(|probe| probe.name == metric).expect("a metric");
        self.readings[at] = got;
        self
    }

    pub(crate) fn health(mut self, got: HealthGot) -> Self {
        self.health = got;
        self
    }

    /// Polls for so many seconds.
    pub(crate) fn runs(mut self, seconds: u64) -> Self {
        let until = self.now + Millis::from_secs(seconds);
        while self.now < until {
            let when = self.when();
            let batch = self.batch(when.at);
            let events = self.core.poll(when, batch);
            self.record(&events);
            self.now += POLL;
        }
        self
    }

    /// Lets time pass in which nothing is polled.
    pub(crate) fn waits(mut self, seconds: u64) -> Self {
        self.now += Millis::from_secs(seconds);
        self
    }

    fn batch(&self, at: i64) -> Batch {
        let read = |(probe, got): (usize, &Got)| {
            let mut got = got.clone();
            if let Got::Sample(sample) = &mut got {
                sample.data_at = at - sample.age;
                if self.wobbling[probe] {
                    sample.value *= wobble(self.now.as_secs() + probe as u64 * 7);
                }
            }
            let old = |value| Baseline::Measured { lowest: value, highest: value, cells: Vec::new() };
            let traffic = self.traffic.map(Traffic::Rate);
            Reading { probe: ProbeId::at(probe), got, traffic, baseline: self.old.map(old) }
        };
        let health = self.core.plan().health.iter().enumerate();
        Batch {
            readings: self.readings.iter().enumerate().map(read).collect(),
            health: health
                .map(|(at, _)| HealthReading { health: HealthId::at(at), got: self.health.clone() })
                .collect(),
            ..Batch::default()
        }
    }

    fn record(&mut self, events: &[Event]) {
        self.events.extend_from_slice(events);
        for event in events {
            self.history.record(event, self.core.state().ramp.now);
        }
    }

    /// Does what a line says.
    pub(crate) fn does(mut self, line: &str) -> Self {
        let (by, words) = split_actor(line);
        let command = Command::parse(words).expect("a command");
        let intent = Intent { command, by: by.unwrap_or("Ana").to_owned(), seen: None };
        let events = self.core.intend(self.when(), &intent).unwrap_or_else(|refusal| panic!("{line}: {refusal}"));
        self.record(&events);
        self
    }

    /// Ticks all that is open in the stage.
    pub(crate) fn ticks_stage(self) -> Self {
        let plan = Arc::clone(self.core.plan());
        let open: Vec<u32> = self.core.state().ramp.open_items(&plan).map(|item| plan.item(item).line).collect();
        open.iter().fold(self, |night, line| night.does(&format!("as Ana: tick @{line}")))
    }

    pub(crate) fn when(&self) -> When {
        When { at: BEGAN_AT + i64::try_from(self.now.0).expect("a night"), mono: self.now }
    }

    pub(crate) fn stamp(&self) -> Stamp {
        let When { at, mono } = self.when();
        Stamp { at, mono }
    }

    pub(crate) fn live(&self) -> Arc<Live> {
        let state = Arc::clone(self.core.state());
        Arc::new(Live {
            header: Arc::new(header(self.mode, self.core.plan())),
            plan: Arc::clone(self.core.plan()),
            verdict: live::overlay(self.core.verdict(), &self.disk),
            saved: state.seq.saturating_sub(self.unsaved),
            state,
            history: Arc::new(self.history.clone()),
            disk: self.disk.clone(),
            company: Company::default(),
            now: self.stamp(),
            last: Stamp { at: self.core.state().at, mono: self.core.state().mono() },
        })
    }

    /// Writes the log that it would have left.
    pub(crate) fn write_log(&self, path: &Path) {
        let header = serde_json::to_string(&header(self.mode, self.core.state().plan_at(0))).expect("JSON");
        let log = Log::create(path, &header, Owner::here("02:00:00Z")).expect("a log");
        let mut writer = Writer::start(log, Settings::default()).expect("a thread");
        for event in &self.events {
            writer.append(event.seq, event.to_json(), Durability::Flush);
        }
        assert_eq!(writer.close(std::time::Duration::from_secs(60)).unsaved, []);
    }

    pub(crate) fn scene(&self) -> Scene {
        Scene::of(&self.live(), self.stamp(), Millis::from_secs(1))
    }
}

/// A factor near one, different at each poll and the same at every run.
fn wobble(seed: u64) -> f64 {
    let steps = seed.wrapping_mul(2_654_435_761) >> 7 & 15;
    1.0 + (f64::from(u32::try_from(steps).unwrap_or(0)) - 8.0) / 1_000.0
}

fn miss(why: Why, detail: &str) -> Got {
    Got::Miss(Miss { why, detail: detail.to_owned() })
}

pub(crate) fn header(mode: Mode, plan: &Plan) -> Header {
    Header {
        warroom: 1,
        program: "warroom 0.1.0".to_owned(),
        mode,
        host: "bastion".to_owned(),
        began_at: BEGAN_AT,
        checklist: Text::new("GO_LIVE.md", ""),
        bindings: None,
        plan: plan.clone(),
    }
}

/// Four steps of a ramp and an hour of observation, three metrics, one endpoint.
pub(crate) fn plan() -> Plan {
    plan_with("")
}

/// The same plan with more in its bindings.
pub(crate) fn plan_with(more: &str) -> Plan {
    let bindings = format!("{}\n{more}", include_str!("go-live.toml"));
    let checklist = plan::Text { name: "go-live.md", text: include_str!("go-live.md") };
    let bindings = plan::Text { name: "go-live.toml", text: &bindings };
    let compiled = plan::compile(plan::Input { checklist, bindings: Some(bindings) });
    assert!(compiled.is_valid(), "{:#?}", compiled.diagnostics);
    compiled.plan
}
