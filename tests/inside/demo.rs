//! The demo's world, its checklist and its bindings: each scripted night as its gates see it.
//!
//! Twice. First with a clock that the test turns by hand: the services are scraped, and the queries of
//! `config/demo.toml` evaluated, every five seconds of a night that takes a second. Then with a clock
//! that runs faster and the observers that a real cutover uses.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use warroom::clock::Clock;
use warroom::demo::{Ports, Scenario, Service, World};
use warroom::judge::{Got, HealthGot, Reading, Traffic, Why};
use warroom::observe::{self, Found};
use warroom::plan::{Input, Plan, SourceKind, Text, compile};
use warroom::promql::engine::{Value, check, evaluate};
use warroom::promql::exposition::{Format, read};
use warroom::promql::samples::{Bounds, Ring, Target};
use warroom::text::Millis;

const CHECKLIST: &str = include_str!("../../config/demo.md");
const BINDINGS: &str = include_str!("../../config/demo.toml");

fn plan(bindings: &str) -> Plan {
    let checklist = Text { name: "demo.md", text: CHECKLIST };
    let compiled = compile(Input { checklist, bindings: Some(Text { name: "demo.toml", text: bindings }) });
    assert!(compiled.diagnostics.is_empty(), "{:#?}", compiled.diagnostics);
    compiled.plan
}

/// What a probe of the plan is called, with its value: NaN where there is none.
type Values = BTreeMap<String, f64>;

/// A night whose clock the test turns by hand.
struct Night {
    world: World,
    elapsed: Arc<AtomicU64>,
    ring: Ring,
    plan: Plan,
}

impl Night {
    async fn of(scenario: Scenario) -> Self {
        let elapsed = Arc::new(AtomicU64::new(0));
        let clock = Arc::clone(&elapsed);
        let told = move || Duration::from_millis(clock.load(Ordering::SeqCst));
        let world = World::start(scenario, Ports::Free, told).await.unwrap();
        let ring = Ring::new(Bounds::reaching(Millis::from_mins(5), Millis::from_secs(5)));
        Self { world, elapsed, ring, plan: plan(BINDINGS) }
    }

    /// Lives for a while, and says what the queries gave every five seconds.
    async fn live(&mut self, seconds: u64) -> Vec<Values> {
        let mut seen = Vec::new();
        for _ in 0..seconds / 5 {
            self.elapsed.fetch_add(5_000, Ordering::SeqCst);
            self.scrape().await;
            seen.push(self.values());
        }
        seen
    }

    async fn scrape(&mut self) {
        let at = i64::try_from(self.elapsed.load(Ordering::SeqCst)).unwrap();
        for service in Service::ALL {
            let address = self.world.address(service);
            let target = Target { job: "shop".to_owned(), instance: address.to_string() };
            // A silent service says nothing for ever: half a second of the test's time is enough.
            match tokio::time::timeout(Duration::from_millis(500), get(&address.to_string(), "/metrics")).await {
                Ok(body) => self.ring.scraped(&target, at, &read(body.as_bytes(), Format::Text).unwrap()).unwrap(),
                Err(_) => self.ring.failed(&target, at),
            }
        }
    }

    fn values(&self) -> Values {
        let at = i64::try_from(self.elapsed.load(Ordering::SeqCst)).unwrap();
        let value = |query: &str| match evaluate(&self.ring, query, at).unwrap() {
            Value::Scalar(value) => value,
            Value::Vector(vector) => vector.first().map_or(f64::NAN, |element| element.value),
        };
        let probes = self.plan.probes.iter();
        let traffic = self.plan.probes[0].traffic.as_ref().unwrap();
        let all = probes.map(|probe| (probe.name.clone(), value(&probe.query.text)));
        all.chain([("traffic".to_owned(), value(&traffic.text))]).collect()
    }
}

/// The body of an answer with 200.
async fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    body.to_owned()
}

fn good(values: &Values) -> bool {
    values["error rate"] < 0.005
        && values["latency p95"] < 0.3
        && values["payment success rate"] > 99.0
        && values["ledger queue"] < 100.0
        && values["traffic"] > 5.0
}

#[test]
fn the_plan_is_whole_and_the_engine_knows_its_queries() {
    let plan = plan(BINDINGS);
    let stages: Vec<_> = plan.stages.iter().map(|stage| (stage.share, stage.soak.map(Millis::as_secs))).collect();
    let want = [(Some(10.0), Some(120)), (Some(25.0), Some(180)), (Some(50.0), Some(300)), (Some(100.0), Some(300))];
    assert_eq!(stages, want);
    assert_eq!(plan.gates.len(), 13);
    assert_eq!(plan.health.len(), 3);
    assert_eq!(plan.triggers.iter().filter(|trigger| trigger.watch.is_some()).count(), 2);
    assert_eq!(plan.triggers.len(), 4);
    for probe in &plan.probes {
        for query in [Some(&probe.query), probe.traffic.as_ref()].into_iter().flatten() {
            assert_eq!(check(&query.text).unwrap(), Millis::from_mins(5), "{}", query.text);
        }
    }
}

#[tokio::test]
async fn addresses_are_put_in_their_places() {
    let night = Night::of(Scenario::Healthy).await;
    let plan = plan(&night.world.adapt(BINDINGS));
    let SourceKind::Scrape { targets } = &plan.sources[0].kind else { panic!("{:?}", plan.sources) };
    let want = Service::ALL.map(|service| format!("http://{}/metrics", night.world.address(service)));
    assert_eq!(targets.as_slice(), want);
    assert!(plan.health.iter().any(|health| health.url.contains(&night.world.address(Service::Ledger).to_string())));
    let health = get(&night.world.address(Service::Ledger).to_string(), "/health").await;
    assert_eq!(health, "{\"status\":\"UP\",\"service\":\"ledger\"}\n");
}

#[tokio::test]
async fn healthy_is_good_from_ten_percent_to_a_hundred() {
    let mut night = Night::of(Scenario::Healthy).await;
    let before = night.live(60).await;
    assert!(before.iter().all(|values| values["error rate"].is_nan()), "{before:?}");
    for share in [10.0, 25.0, 50.0, 100.0] {
        night.world.set_share(share);
        night.live(30).await;
        let seen = night.live(180).await;
        assert!(seen.iter().all(good), "{share} %: {seen:#?}");
        let traffic = seen.last().unwrap()["traffic"];
        assert!((traffic / 400.0 - share / 100.0).abs() < 0.25 * share / 100.0, "{share} %: {traffic}");
    }
}

#[tokio::test]
async fn an_error_spike_trips_in_the_second_stage() {
    let mut night = Night::of(Scenario::ErrorSpike).await;
    night.world.set_share(10.0);
    assert!(night.live(240).await.iter().skip(6).all(good));
    night.world.set_share(25.0);
    assert!(night.live(90).await.iter().skip(6).all(good));
    let seen = night.live(90).await;
    let tripping = seen.iter().filter(|values| values["error rate"] > 0.02).count();
    assert!(tripping >= 10, "{seen:#?}");
    assert!(seen.last().unwrap()["payment success rate"] < 99.0);
    night.world.set_share(0.0);
    let seen = night.live(60).await;
    assert!(seen.last().unwrap()["error rate"].is_nan(), "{seen:#?}");
}

#[tokio::test]
async fn latency_creeps_over_the_gate_and_not_over_the_trigger() {
    let mut night = Night::of(Scenario::LatencyCreep).await;
    for share in [10.0, 25.0] {
        night.world.set_share(share);
        assert!(night.live(120).await.iter().skip(6).all(good));
    }
    night.world.set_share(50.0);
    let seen: Vec<f64> = night.live(480).await.iter().skip(6).map(|values| values["latency p95"]).collect();
    assert!(seen[0] < 0.2 && seen.last().unwrap() > &0.33, "{seen:?}");
    assert!(seen.iter().all(|p95| *p95 < 0.5), "{seen:?}");
    assert!(seen.windows(2).all(|pair| pair[1] > pair[0] - 0.02), "{seen:?}");
}

#[tokio::test]
async fn flapping_breaches_again_and_again_and_never_trips() {
    let mut night = Night::of(Scenario::Flapping).await;
    night.world.set_share(10.0);
    night.live(60).await;
    night.world.set_share(25.0);
    let seen: Vec<bool> = night.live(300).await.iter().skip(6).map(good).collect();
    let turns = seen.windows(2).filter(|pair| pair[0] != pair[1]).count();
    assert!(turns >= 6, "{seen:?}");
    assert!(night.live(60).await.iter().all(|values| values["error rate"] < 0.02));
}

#[tokio::test]
async fn low_traffic_proves_nothing() {
    let mut night = Night::of(Scenario::LowTraffic).await;
    night.world.set_share(50.0);
    let seen = night.live(300).await;
    assert!(seen.iter().all(|values| values["traffic"].is_nan() || values["traffic"] < 5.0), "{seen:#?}");
}

/// What the observers of a cutover have found last, at a clock that runs ten times faster: no more, since a
/// scrape has five seconds of that clock, and a busy machine must not make a service look silent.
struct Watched {
    world: World,
    plan: Plan,
    found: mpsc::Receiver<Found>,
    _observers: observe::Observers,
}

impl Watched {
    async fn start(scenario: Scenario) -> Self {
        let clock = Clock::faster(10);
        let world = World::start(scenario, Ports::Free, move || clock.now().mono.into()).await.unwrap();
        let plan = plan(&world.adapt(BINDINGS));
        let (found, receiver) = mpsc::channel(64);
        let observers = observe::start(&plan, clock, found);
        Self { world, plan, found: receiver, _observers: observers }
    }

    /// Waits for a reading of a probe that is as it should be.
    async fn until(&mut self, probe: &str, is: impl Fn(&Reading) -> bool) -> Reading {
        let mut last = Vec::new();
        for _ in 0..20_000 {
            match self.found.recv().await.unwrap() {
                Found::Reading(reading) if self.plan.probe(reading.probe).name == probe => {
                    if is(&reading) {
                        return reading;
                    }
                    last.push(reading);
                }
                _ => {}
            }
        }
        panic!("never: {:#?}", last.last());
    }
}

fn value(reading: &Reading) -> Option<f64> {
    match &reading.got {
        Got::Sample(sample) => Some(sample.value),
        Got::Miss(_) => None,
    }
}

#[tokio::test]
async fn observers_scrape_the_world_as_they_ask_a_prometheus() {
    let mut night = Watched::start(Scenario::ErrorSpike).await;
    let idle = night.until("error rate", |reading| value(reading).is_none()).await;
    assert!(matches!(&idle.got, Got::Miss(miss) if miss.why == Why::NoData), "{idle:?}");

    night.world.set_share(25.0);
    let flows = |reading: &Reading| matches!(reading.traffic, Some(Traffic::Rate(rate)) if rate > 50.0);
    let fresh = |reading: &Reading| match &reading.got {
        Got::Sample(sample) => sample.gone.is_empty() && sample.silent.is_empty() && sample.interval.is_some(),
        Got::Miss(_) => false,
    };
    let good = |reading: &Reading| flows(reading) && fresh(reading) && value(reading).is_some_and(|v| v < 0.005);
    let Got::Sample(sample) = night.until("error rate", good).await.got else { panic!("a sample has a value") };
    assert!(sample.age >= 0 && sample.labels.is_empty() && sample.lowest.is_none(), "{sample:?}");
    night.until("latency p95", |reading| value(reading).is_some_and(|p95| (0.1..0.3).contains(&p95))).await;

    night.world.set_share(50.0);
    night.until("error rate", |reading| value(reading).is_some_and(|ratio| ratio > 0.02)).await;
    let is_up = |found: &Found| matches!(found, Found::Health(health) if matches!(health.got, HealthGot::Up { .. }));
    while !is_up(&night.found.recv().await.unwrap()) {}
}

#[tokio::test]
async fn a_target_that_goes_silent_is_named_and_then_nothing_is_known() {
    let mut night = Watched::start(Scenario::Blind).await;
    night.world.set_share(10.0);
    night.until("error rate", |reading| value(reading).is_some_and(|v| v < 0.005)).await;
    night.world.set_share(25.0);
    let gone = |reading: &Reading| matches!(&reading.got, Got::Sample(sample) if !sample.gone.is_empty());
    night.until("error rate", gone).await;
    let payments = night.world.address(Service::Payments).to_string();
    let down = |reading: &Reading| match &reading.got {
        Got::Miss(miss) => {
            miss.why == Why::SourceDown && miss.detail.contains(&payments) && miss.detail.contains("no answer")
        }
        Got::Sample(_) => false,
    };
    night.until("error rate", down).await;
    let ledger = night.until("ledger queue", |reading| value(reading).is_some()).await;
    assert!(value(&ledger).unwrap() < 100.0);
}
