//! What a large estate costs: `cargo bench --bench scale`.
//!
//! Two figures are printed beside the times of the engine: the memory that a ring of a hundred
//! thousand series takes when it is full, and the share of a core that a thousand queries every five
//! seconds take in this process, beside the server that answers them.

#[path = "../tests/outside/support/plan.rs"]
mod plan;

use criterion::{Criterion, criterion_group, criterion_main};
use std::fs;
use std::hint::black_box;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use warroom::clock::Clock;
use warroom::observe::{self, Found};
use warroom::promql::engine::evaluate;
use warroom::promql::exposition::Sample;
use warroom::promql::samples::{Bounds, Ring, Target};
use warroom::text::Millis;

const SERIES: u32 = 100_000;
const EVERY: Millis = Millis::from_secs(5);
/// As many as a ring keeps for queries of up to five minutes.
const SCRAPES: i64 = 72;

/// One scrape of a service with many routes: counters by route, method, code and version.
fn scrape(number: i64) -> Vec<Sample> {
    let counter = |at: u32| {
        let label = |name: &str, value: String| (name.to_owned(), value);
        Sample {
            name: "http_requests_total".to_owned(),
            labels: vec![
                label("code", ["200", "201", "404", "500", "503"][at as usize % 5].to_owned()),
                label("method", ["GET", "POST"][at as usize / 5 % 2].to_owned()),
                label("pod", format!("checkout-7d9c5b6f4-{}", at / 10 % 100)),
                label("region", ["eu", "us"][at as usize / 1_000 % 2].to_owned()),
                label("route", format!("/api/v1/route/{}", at / 2_000)),
                label("version", "v2.1.0".to_owned()),
            ],
            value: f64::from(at) + 7.5 * f64::from(i32::try_from(number).unwrap_or(0)),
            timestamp_ms: None,
        }
    };
    (0..SERIES).map(counter).collect()
}

fn full() -> Ring {
    let target = Target { job: "shop".to_owned(), instance: "10.0.0.1:8080".to_owned() };
    let mut ring = Ring::new(Bounds::reaching(Millis::from_mins(5), EVERY));
    for number in 0..SCRAPES {
        ring.scraped(&target, number * 5_000, &scrape(number)).expect("room");
    }
    ring
}

/// Of `/proc/self/status`, in MiB; nothing elsewhere.
fn memory() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse::<f64>().ok().map(|kib| kib / 1_024.0)
}

fn engine(criterion: &mut Criterion) {
    let before = memory();
    let ring = full();
    say(&format!(
        "a ring of {} series, {SCRAPES} samples each: {:.0} MiB",
        ring.len(),
        memory().zip(before).map_or(f64::NAN, |(after, before)| after - before)
    ));
    let at = (SCRAPES - 1) * 5_000 + 1_000;
    let mut group = criterion.benchmark_group("evaluate over 100,000 series");
    group.sample_size(20);
    // What the others are held against: adding up as many figures as a minute of scrapes has.
    let figures: Vec<f64> = (0..SERIES * 12).map(f64::from).collect();
    group.bench_function("adding up twelve figures of each", |bencher| {
        bencher.iter(|| black_box(&figures).chunks(12).map(|few| few.iter().sum::<f64>()).sum::<f64>());
    });
    for (name, query) in [
        ("throughput", "sum(rate(http_requests_total[1m]))"),
        ("error ratio", "sum(rate(http_requests_total{code=~\"5..\"}[1m])) / sum(rate(http_requests_total[1m]))"),
        ("by region", "sum by (region) (rate(http_requests_total{code!~\"5..\"}[1m]))"),
        ("newest sample", "max(timestamp(http_requests_total))"),
        (
            "silent targets",
            "count by (job, instance) (count_over_time(http_requests_total[1m]) unless http_requests_total)",
        ),
    ] {
        group.bench_function(name, |bencher| bencher.iter(|| black_box(evaluate(&ring, query, at))));
    }
    group.finish();
    let target = Target { job: "shop".to_owned(), instance: "10.0.0.1:8080".to_owned() };
    let (mut ring, mut number) = (ring, SCRAPES);
    criterion.bench_function("take in a scrape of 100,000 series", |bencher| {
        bencher.iter_batched(
            || {
                number += 1;
                (number, scrape(number))
            },
            |(number, scrape)| ring.scraped(&target, number * 5_000, &scrape),
            criterion::BatchSize::PerIteration,
        );
    });
}

/// User and system time of this process, in seconds.
fn busy() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok());
    Some((ticks(11)? + ticks(12)?) / 100.0)
}

const QUERIES: u32 = 1_000;
const ROUNDS: u32 = 3;

/// A thousand distinct queries of a server that is a process of its own: this program again.
fn queries(_: &mut Criterion) {
    let mut server = std::process::Command::new(std::env::current_exe().expect("this program"))
        .env(SERVES, "1")
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut url = String::new();
    BufReader::new(server.stdout.take().expect("its output")).read_line(&mut url).expect("an address");
    let queries: Vec<String> =
        (0..QUERIES).map(|at| format!("sum(rate(shop_{at}_total{{version=\"v2\"}}[1m]))")).collect();
    let queries: Vec<&str> = queries.iter().map(String::as_str).collect();
    let mut plan = plan::asking(url.trim(), &queries);
    plan.sources[0].every = EVERY;
    plan.sources[0].timeout = Millis::from_secs(10);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let (took, share) = runtime.block_on(async {
        let clock = Clock::real();
        let (sender, mut found) = tokio::sync::mpsc::channel(64);
        let _observers = observe::start(&plan, clock, sender);
        // The first round opens the connections.
        let (mut answers, mut begun) = (0, None);
        loop {
            let Some(Found::Reading(_)) = found.recv().await else { panic!("the observers have ended") };
            answers += 1;
            if answers == QUERIES {
                begun = busy().map(|busy| (busy, clock.now().mono));
            }
            if answers == QUERIES * (ROUNDS + 1) {
                break;
            }
        }
        let ((before, from), after) = begun.zip(busy()).expect("the times of a process");
        let span = f64::from(ROUNDS) * 5.0;
        (clock.now().mono - from, (after - before) / span)
    });
    say(&format!("{QUERIES} distinct queries every {EVERY}: {:.1} % of a core, over {took}", share * 100.0));
    drop(server.kill());
    drop(server.wait());
}

const SERVES: &str = "WARROOM_BENCH_SERVES";

/// Answers every query, with the freshness of every selector, over connections that stay open.
fn serve() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    say(&format!("http://{}", listener.local_addr().expect("an address")));
    for stream in listener.incoming().flatten() {
        thread::spawn(move || while answer(&stream).is_some() {});
    }
}

fn answer(mut stream: &TcpStream) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let lower = line.to_ascii_lowercase();
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let body = String::from_utf8_lossy(&body);
    let part =
        |name: &str, value: &str| format!(r#"{{"metric":{{"warroom":"{name}"}},"value":[1700000000,"{value}"]}}"#);
    let mut result = vec![part("value", "0.25"), part("now", "1700000000")];
    for at in 0..body.matches("+newest").count() {
        result.push(part(&format!("{at} newest"), "1699999998"));
        result.push(part(&format!("{at} samples"), "12"));
    }
    let result = result.join(",");
    let body = format!(r#"{{"status":"success","data":{{"resultType":"vector","result":[{result}]}}}}"#);
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
    stream.write_all(format!("{head}{body}").as_bytes()).ok()
}

fn say(line: &str) {
    let _nobody_reads = writeln!(std::io::stdout(), "{line}");
}

fn all(criterion: &mut Criterion) {
    if std::env::var_os(SERVES).is_some() {
        serve();
    }
    queries(criterion);
    engine(criterion);
}

criterion_group!(benches, all);
criterion_main!(benches);
