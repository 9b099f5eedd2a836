//! A made-up night on a small plan: readings and commands through the session, then what is live.

use std::sync::Arc;
use warroom::clock::Stamp;
use warroom::judge::{Batch, Got, HealthGot, HealthReading, Miss, Reading, Sample, Why};
use warroom::plan::{
    Command as Block, Duty, Empty, Gate, Health, HealthId, Item, ItemId, ItemKind, Limit, MissingSeries, OnFail, Op,
    Origin, Plan, Probe, ProbeId, Scope, Section, SectionId, Source, SourceId, SourceKind, Stage, StageId, StageKind,
    Trigger, TriggerSeverity, Watch,
};
use warroom::promql::Query;
use warroom::room::{Disk, Live, live};
use warroom::session::command::split_actor;
use warroom::session::{Command, Core, Event, Header, History, Intent, Mode, Text, When};
use warroom::text::{Millis, Unit};
use warroom::tui::scene::Scene;

/// 2026-03-14T02:00:00Z.
pub(crate) const BEGAN_AT: i64 = 1_773_453_600_000;
const POLL: Millis = Millis::from_secs(5);

/// A night as far as it has gone.
pub(crate) struct Night {
    pub(crate) core: Core,
    pub(crate) history: History,
    pub(crate) now: Millis,
    pub(crate) disk: Disk,
    pub(crate) mode: Mode,
    /// Events that are not on disk yet.
    pub(crate) unsaved: u64,
    readings: Vec<Got>,
    health: HealthGot,
}

impl Night {
    pub(crate) fn new() -> Self {
        Self::of(plan())
    }

    pub(crate) fn of(plan: Plan) -> Self {
        let plan = Arc::new(plan);
        Self {
            history: History::new(&plan),
            readings: vec![miss(Why::NoData, "the query returned nothing"); plan.probes.len()],
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
        Self::new().reads("error rate", 0.000_43).reads("latency p95", 0.084).reads("cache hit", 0.93)
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
        let sample = Sample {
            value,
            labels: String::new(),
            lowest: None,
            data_at: 0,
            age: 2_000,
            interval: Some(POLL),
            gone: Vec::new(),
            silent: Vec::new(),
        };
        self.gets(metric, Got::Sample(sample))
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
            }
            Reading { probe: ProbeId::at(probe), got, traffic: None }
        };
        let health = self.core.plan().health.iter().enumerate();
        Batch {
            readings: self.readings.iter().enumerate().map(read).collect(),
            health: health
                .map(|(at, _)| HealthReading { health: HealthId::at(at), got: self.health.clone() })
                .collect(),
        }
    }

    fn record(&mut self, events: &[Event]) {
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
            now: self.stamp(),
        })
    }

    pub(crate) fn scene(&self) -> Scene {
        Scene::of(&self.live(), self.stamp(), Millis::from_secs(1))
    }
}

fn miss(why: Why, detail: &str) -> Got {
    Got::Miss(Miss { why, detail: detail.to_owned() })
}

fn header(mode: Mode, plan: &Plan) -> Header {
    Header {
        warroom: 1,
        program: "warroom 0.1.0".to_owned(),
        mode,
        host: "bastion".to_owned(),
        began_at: BEGAN_AT,
        checklist: Text { name: "GO_LIVE.md".to_owned(), text: String::new() },
        bindings: None,
        plan: plan.clone(),
    }
}

fn section(title: &str, line: u32, level: u8, parent: Option<usize>) -> Section {
    Section { title: title.to_owned(), line, level, parent: parent.map(SectionId::at) }
}

fn item(text: &str, line: u32, depth: u32, section: usize, stage: Option<usize>, duty: Duty) -> Item {
    Item {
        text: text.to_owned(),
        line,
        depth,
        section: Some(SectionId::at(section)),
        parent: None,
        kind: ItemKind::Task,
        ticked: false,
        stage: stage.map(StageId::at),
        duty,
        choice: None,
    }
}

fn stage(name: &str, line: u32, share: Option<f64>, minutes: u64) -> Stage {
    Stage {
        name: name.to_owned(),
        text: format!("{name} traffic to new version"),
        line,
        kind: if share.is_some() { StageKind::Ramp } else { StageKind::Observe },
        share,
        soak: Some(Millis::from_mins(minutes)),
        soak_max: None,
        max_gap: Millis::from_secs(60),
        approvals: u32::from(name == "100%") * 2,
    }
}

fn probe(name: &str, unit: Unit, query: &str) -> Probe {
    Probe {
        name: name.to_owned(),
        source: SourceId::at(0),
        query: Query { text: query.to_owned(), window: Some(Millis::from_mins(1)), selectors: Vec::new() },
        unit,
        origin: Origin::Bindings { line: 7 },
        traffic: None,
        min_traffic: None,
        empty: Empty::NoData,
        max_age: None,
        missing_series: MissingSeries::Name,
    }
}

fn limit(op: Op, value: f64, unit: Unit, measured: Unit) -> Limit {
    Limit::new(op, value, unit).against(measured).expect("one dimension")
}

fn gate(name: &str, probe: usize, pass: Limit, stages: Vec<usize>, item: Option<(usize, u32)>) -> Gate {
    Gate {
        name: name.to_owned(),
        probe: ProbeId::at(probe),
        pass,
        scope: Scope::Stages(stages.into_iter().map(StageId::at).collect()),
        line: item.map(|(_, line)| line),
        item: item.map(|(item, _)| ItemId::at(item)),
        target: None,
        hold: None,
        hard: None,
        on_fail: OnFail::Hold,
        advisory: false,
    }
}

fn trigger(text: &str, name: &str, line: u32, severity: TriggerSeverity, watch: Option<Watch>) -> Trigger {
    let sustained = watch.as_ref().is_some_and(|watch| watch.hold.is_some());
    Trigger {
        text: text.to_owned(),
        name: name.to_owned(),
        line,
        item: None,
        severity,
        sustained,
        watch,
        dismissable: true,
    }
}

/// Four steps of a ramp and an hour of observation, three metrics, one endpoint.
pub(crate) fn plan() -> Plan {
    let stages = stages();
    let (items, gates) = items_and_gates(&stages);
    Plan {
        title: "Payments v2.1.0 go-live".to_owned(),
        sections: sections(),
        items,
        stages,
        conditions: Vec::new(),
        triggers: triggers(),
        decisions: Vec::new(),
        commands: blocks(),
        fields: Vec::new(),
        contacts: Vec::new(),
        sign_offs: Vec::new(),
        sources: vec![Source {
            name: "prod".to_owned(),
            kind: SourceKind::Prometheus { url: "http://127.0.0.1:9090".to_owned() },
            every: POLL,
            timeout: Millis::from_secs(4),
        }],
        probes: vec![
            probe("error rate", Unit::Ratio, "sum(rate(http_requests_total{status=~\"5..\"}[1m]))"),
            probe("latency p95", Unit::Seconds, "histogram_quantile(0.95, sum by (le) (rate(latency_bucket[1m])))"),
            probe("cache hit", Unit::Ratio, "sum(rate(hits_total[1m])) / sum(rate(gets_total[1m]))"),
        ],
        gates,
        health: vec![Health {
            name: "api".to_owned(),
            url: "http://127.0.0.1:8081/health".to_owned(),
            json: Vec::new(),
            failures: 3,
            timeout: Millis::from_secs(2),
            item: None,
        }],
        poll: POLL,
    }
}

fn sections() -> Vec<Section> {
    vec![
        section("Payments v2.1.0 go-live", 1, 1, None),
        section("Pre-flight", 3, 2, Some(0)),
        section("Ramp", 10, 2, Some(0)),
        section("Observation", 60, 2, Some(0)),
        section("Rollback", 70, 2, Some(0)),
        section("Rollback triggers", 72, 3, Some(4)),
        section("Rollback procedure", 80, 3, Some(4)),
    ]
}

fn stages() -> Vec<Stage> {
    vec![
        stage("10%", 12, Some(10.0), 5),
        stage("25%", 20, Some(25.0), 10),
        stage("50%", 28, Some(50.0), 15),
        stage("100%", 36, Some(100.0), 30),
        stage("Hour 1", 62, None, 60),
    ]
}

fn items_and_gates(stages: &[Stage]) -> (Vec<Item>, Vec<Gate>) {
    let mut items = vec![
        item("Backups verified and restorable", 5, 0, 1, None, Duty::Start),
        item("On-call engineers paged in", 6, 0, 1, None, Duty::Start),
        item("Optional: status page drafted", 7, 0, 1, None, Duty::None),
    ];
    let mut gates = Vec::new();
    for (at, step) in stages.iter().enumerate().take(4) {
        let (first, line) = (items.len(), step.line);
        items.extend([
            item(&format!("{} traffic to new version - monitor", step.name), line, 0, 2, Some(at), Duty::Moved),
            item("Error rate < 0.1%", line + 1, 1, 2, Some(at), Duty::Stage),
            item("p95 latency < 100ms", line + 2, 1, 2, Some(at), Duty::Stage),
            item("No critical alerts", line + 3, 1, 2, Some(at), Duty::Stage),
        ]);
        let errors = limit(Op::Below, 0.1, Unit::Percent, Unit::Ratio);
        gates.push(gate("error rate", 0, errors, vec![at], Some((first + 1, line + 1))));
        let latency = limit(Op::Below, 100.0, Unit::Millis, Unit::Seconds);
        gates.push(gate("latency p95", 1, latency, vec![at], Some((first + 2, line + 2))));
    }
    let hits = limit(Op::Above, 90.0, Unit::Percent, Unit::Ratio);
    gates.push(gate("cache hit", 2, hits, vec![0, 1, 2, 3], None));
    items.push(item("Dashboards quiet for an hour", 63, 0, 3, Some(4), Duty::Stage));
    items.push(item("Drain the new version", 81, 0, 6, None, Duty::None));
    (items, gates)
}

fn triggers() -> Vec<Trigger> {
    let errors = Watch { probe: ProbeId::at(0), bad: limit(Op::Above, 1.0, Unit::Percent, Unit::Ratio), hold: None };
    let latency = Watch {
        probe: ProbeId::at(1),
        bad: limit(Op::Above, 500.0, Unit::Millis, Unit::Seconds),
        hold: Some(Millis::from_secs(60)),
    };
    vec![
        trigger("Error rate > 1%", "error rate", 73, TriggerSeverity::Immediate, Some(errors)),
        trigger("p95 latency > 500ms sustained", "latency p95", 74, TriggerSeverity::Graceful, Some(latency)),
        trigger("Data corruption reported", "Data corruption reported", 75, TriggerSeverity::Immediate, None),
    ]
}

fn blocks() -> Vec<Block> {
    let block = |line: u32, stage: Option<usize>, text: &str| Block {
        line,
        end_line: line + 4,
        language: "bash".to_owned(),
        text: text.to_owned(),
        expect: Some("route updated".to_owned()),
        stage: stage.map(StageId::at),
        item: None,
        alternative: None,
    };
    vec![
        block(15, Some(0), "kubectl set weight payments new=10"),
        block(23, Some(1), "kubectl set weight payments new=25\nkubectl rollout status deploy/payments"),
        block(82, None, "kubectl set weight payments new=0"),
        block(88, None, "kubectl rollout undo deploy/payments"),
    ]
}
