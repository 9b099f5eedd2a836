//! The embedded engine against a real Prometheus: the same scrapes, the same queries, the same answers.
//!
//! A small server shows counters that reset, series that come and go, buckets and gauges; Prometheus
//! scrapes it every second. What it stored is read back with its times and fed into a [`Ring`] scrape
//! by scrape; then both are asked the same at the same instants: queries that somebody wrote, and
//! queries that a seed draws from the grammar. `WARROOM_QUERIES` says how many are drawn and
//! `WARROOM_QUERIES_SEED` by which seed.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod draw;

use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;
use warroom::promql::engine::{EvalError, Value, evaluate};
use warroom::promql::exposition::Sample;
use warroom::promql::samples::{Bounds, Ring, Target};
use warroom::text::Millis;

const QUERIES: &[&str] = &[
    "up",
    "requests_total",
    r#"requests_total{code=~"5..",version!="v1"}"#,
    r#"{__name__=~"requests_.*",version!~"v2|v3"}"#,
    r#"{__name__="queue_depth"}"#,
    "visitor",
    "visitor offset 6s",
    "rate(requests_total[10s])",
    "rate(requests_total[4s])",
    "rate(requests_total[5m])",
    "rate(requests_total[10s] offset 5s)",
    "rate(visitor_total[10s])",
    "increase(requests_total[7s])",
    "increase(newcomer_total[5m])",
    "irate(requests_total[10s])",
    "delta(queue_depth[10s])",
    "delta(visitor[20s])",
    "avg_over_time(queue_depth[10s])",
    "min_over_time(queue_depth[10s])",
    "max_over_time(odd[10s])",
    "min_over_time(odd[10s])",
    "sum_over_time(queue_depth[10s])",
    "count_over_time(visitor[30s])",
    "last_over_time(visitor[30s])",
    "sum(requests_total)",
    "sum by (version) (rate(requests_total[10s]))",
    "avg without (code, instance) (requests_total)",
    "min(queue_depth) + max(queue_depth) - count(queue_depth)",
    "count by (absent) (requests_total)",
    "group by (version) (requests_total)",
    "max(odd)",
    "min(odd)",
    "avg(odd)",
    "histogram_quantile(0.95, sum by (le) (rate(took_seconds_bucket[10s])))",
    "histogram_quantile(0.5, rate(took_seconds_bucket[10s]))",
    "histogram_quantile(0.999, took_seconds_bucket)",
    "histogram_quantile(1.2, took_seconds_bucket)",
    "histogram_quantile(0.5, sum by (version) (took_seconds_bucket))",
    r#"sum(rate(requests_total{code=~"5.."}[10s])) / sum(rate(requests_total[10s]))"#,
    r#"requests_total{code="500"} / ignoring(code) requests_total{code="200"}"#,
    r#"requests_total{code="500"} / on(version) requests_total{code="200"}"#,
    "requests_total / on(version) group_left sum by (version) (requests_total)",
    "sum by (version) (requests_total) - on(version) group_right requests_total",
    "requests_total * on(job) group_left(queue) queue_depth",
    r#"requests_total{code="200"} > on(version) requests_total{code="500"}"#,
    r#"requests_total{code="500"} < ignoring(code) requests_total{code="200"}"#,
    "requests_total > 50",
    "50 < requests_total",
    "requests_total > bool 50",
    "queue_depth != 0 and queue_depth == queue_depth",
    r#"requests_total and on(version) requests_total{code="500"}"#,
    r#"requests_total unless requests_total{code="500"}"#,
    r#"{__name__=~"up|queue_depth"} unless queue_depth"#,
    r#"{__name__=~"up|queue_depth"} and queue_depth"#,
    "count_over_time(requests_total[10s]) unless requests_total",
    "count_over_time(requests_total[10s]) and queue_depth",
    "visitor or queue_depth or vector(7)",
    "queue_depth / 0",
    "queue_depth % 3 ^ 2 - 1",
    "-queue_depth ^ 2",
    "-2 ^ 2 * 3 % 5",
    "1 / 0 > bool 3",
    "scalar(queue_depth) + scalar(requests_total)",
    "vector(scalar(queue_depth)) * 2",
    "time() - max(timestamp(up))",
    "timestamp(queue_depth offset 4s)",
    "timestamp(queue_depth + 1)",
    "count(count_over_time(visitor[30s]))",
    r#"label_replace(queue_depth, "queue", "$1-$2", "queue", "(.)(.*)")"#,
    r#"label_replace(requests_total, "code", "x", "code", "20.*")"#,
    r#"label_replace(vector(time()), "part", "now", "", "") or label_replace(max(timestamp(up)), "part", "0", "", "")"#,
    "topk(2, requests_total)",
    "topk by (version) (1, requests_total)",
    "bottomk(1, took_seconds_bucket{version=\"v2\"})",
    "topk(3, odd)",
    "count by (job, instance) (count_over_time(visitor[30000ms]) unless visitor)",
    "deriv(queue_depth[10s])",
    "deriv(took_seconds_bucket[30s])",
    "idelta(queue_depth[10s])",
    "predict_linear(queue_depth[20s] offset 3s, 60)",
    "stddev_over_time(queue_depth[20s])",
    "stdvar_over_time(odd[20s])",
    "quantile_over_time(0.9, queue_depth[20s])",
    "quantile_over_time(0.5, odd[20s])",
    "present_over_time(visitor[30s])",
    "absent_over_time(visitor[2s])",
    "absent_over_time(nothing{a=\"1\"}[2s])",
    "resets(requests_total[30s]) + changes(requests_total[30s])",
    "stddev by (version) (requests_total)",
    "stdvar(queue_depth)",
    "quantile(0.9, requests_total)",
    "quantile by (version) (0.5, took_seconds_bucket)",
    "quantile(0.5, odd)",
    "count_values(\"value\", odd)",
    "count_values without (instance) (\"value\", requests_total)",
    "count_values by (version) (\"code\", requests_total)",
    "round(queue_depth / 7)",
    "round(queue_depth, 0.1) + sgn(queue_depth)",
    "ln(queue_depth) + log2(queue_depth) + log10(queue_depth) + sqrt(queue_depth) + exp(queue_depth / 100)",
    r#"label_join(requests_total, "both", "/", "version", "code", "absent")"#,
    "sort_desc(requests_total)",
    "max_over_time(rate(requests_total[5s])[20s:3s])",
    "avg_over_time(queue_depth[20s:2s] offset 2s)",
    "sum_over_time((queue_depth > 10)[30s:1s])",
    "max_over_time(vector(time())[10s:3s])",
    "abs(-queue_depth)",
    "ceil(queue_depth / 7) + floor(queue_depth / 7)",
    "clamp_min(queue_depth, 10) - clamp_max(queue_depth, 12)",
    "clamp(queue_depth, 3, 9)",
    "clamp_max(odd, 3)",
    "absent(nothing{a=\"1\",b=~\"x\"})",
    "absent(queue_depth)",
    "sum(nothing) / sum(requests_total)",
    "requests_total / requests_total",
    "queue_depth + on(job) requests_total",
    r#"rate({__name__=~"requests_total|newcomer_total"}[10s])"#,
];

/// What the server shows at its nth scrape.
fn exposed(n: u32) -> String {
    let mut body = String::new();
    // The process begins again at every ninth scrape.
    let since = n % 9 + 1;
    for (version, share) in [("v1", 13), ("v2", 4)] {
        writeln!(body, "requests_total{{version=\"{version}\",code=\"200\"}} {}", since * share * 3).unwrap();
        writeln!(body, "requests_total{{version=\"{version}\",code=\"500\"}} {}", since * share / 4).unwrap();
        for (le, part) in [("0.05", 20), ("0.1", 55), ("0.25", 90), ("1", 98), ("+Inf", 100)] {
            let count = n * share * part;
            writeln!(body, "took_seconds_bucket{{version=\"{version}\",le=\"{le}\"}} {count}").unwrap();
        }
    }
    let wave = (n * 7) % 23;
    writeln!(body, "queue_depth{{queue=\"orders\"}} {wave}.25").unwrap();
    writeln!(body, "odd{{kind=\"a\"}} {}\nodd{{kind=\"b\"}} {wave}", ["NaN", "+Inf", "3"][n as usize % 3]).unwrap();
    if n % 8 < 3 {
        writeln!(body, "visitor {wave}\nvisitor_total {n}").unwrap();
    }
    if n > 4 {
        writeln!(body, "newcomer_total {}", n - 4).unwrap();
    }
    body
}

/// Answers every request with the next scrape, and every eleventh with an error.
fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        for (n, stream) in (0..).zip(listener.incoming()) {
            let mut stream = stream.unwrap();
            let mut head = BufReader::new(stream.try_clone().unwrap()).lines();
            while head.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
            let status = if n % 11 == 10 { "500 Internal Server Error" } else { "200 OK" };
            let body = exposed(n);
            let head = format!("HTTP/1.1 {status}\r\nContent-Type: text/plain; version=0.0.4\r\nConnection: close");
            let _ = write!(stream, "{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        }
    });
    address
}

struct Prometheus {
    process: Child,
    address: String,
    _data: tempfile::TempDir,
}

impl Prometheus {
    /// Starts one that scrapes a target every second; none where it is not installed.
    fn scraping(target: &str) -> Option<Self> {
        let data = tempfile::tempdir().unwrap();
        let config = data.path().join("prometheus.yml");
        let job = format!("  - job_name: shop\n    static_configs:\n      - targets: [\"{target}\"]\n");
        let global = "global:\n  scrape_interval: 1s\n  scrape_timeout: 1s\n";
        std::fs::write(&config, format!("{global}scrape_configs:\n{job}")).unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let process = Command::new("prometheus")
            .arg(format!("--config.file={}", config.display()))
            .arg(format!("--storage.tsdb.path={}", data.path().join("data").display()))
            .arg(format!("--web.listen-address={free}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        Some(Self { process, address: free.to_string(), _data: data })
    }

    /// Asks an instant query; an error is the server's own words.
    fn ask(&self, query: &str, at: Option<i64>) -> Result<Json, String> {
        let time = at.map_or(String::new(), |at| format!("&time={}.{:03}", at / 1_000, at % 1_000));
        let form = format!("query={}{time}", percent(query));
        let mut stream = TcpStream::connect(&self.address).map_err(|error| error.to_string())?;
        let head = "POST /api/v1/query HTTP/1.0\r\nContent-Type: application/x-www-form-urlencoded\r\n";
        write!(stream, "{head}Content-Length: {}\r\n\r\n{form}", form.len()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).map_err(|error| error.to_string())?;
        let (_, body) = answer.split_once("\r\n\r\n").ok_or("no body")?;
        let body: Json = serde_json::from_str(body).map_err(|error| error.to_string())?;
        if body["status"] == "success" { Ok(body["data"].clone()) } else { Err(body["error"].to_string()) }
    }

    /// Waits until a query has a value of at least this much.
    fn wait_for(&self, query: &str, least: f64) {
        for _ in 0..600 {
            let value = self.ask(query, None).ok().and_then(|data| figure(&data["result"][0]["value"][1]));
            if value.is_some_and(|value| value >= least) {
                return;
            }
            thread::sleep(Duration::from_millis(100));
        }
        panic!("{query} never reached {least}");
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        write!(out, "%{byte:02X}").unwrap();
        out
    })
}

fn figure(json: &Json) -> Option<f64> {
    json.as_str()?.parse().ok()
}

fn millis(json: &Json) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "unix milliseconds")]
    let millis = (json.as_f64().unwrap() * 1_000.0).round() as i64;
    millis
}

type Labels = BTreeMap<String, String>;

fn labels(metric: &Json) -> Labels {
    metric.as_object().unwrap().iter().map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect()
}

/// Feeds what Prometheus has stored into a ring, scrape by scrape; and when they were.
fn replay(stored: &Json, target: &Target) -> (Ring, Vec<i64>) {
    let mut scrapes: BTreeMap<i64, (f64, Vec<Sample>)> = BTreeMap::new();
    for series in stored["result"].as_array().unwrap() {
        let mut labels = labels(&series["metric"]);
        let name = labels.remove("__name__").unwrap();
        labels.remove("job");
        labels.remove("instance");
        for point in series["values"].as_array().unwrap() {
            let value = figure(&point[1]).unwrap();
            let (up, samples) = scrapes.entry(millis(&point[0])).or_default();
            match name.as_str() {
                "up" => *up = value,
                // What Prometheus says about its own scrapes.
                _ if name.starts_with("scrape_") => {}
                _ => samples.push(Sample {
                    name: name.clone(),
                    labels: labels.clone().into_iter().collect(),
                    value,
                    timestamp_ms: None,
                }),
            }
        }
    }
    let mut ring = Ring::new(Bounds::reaching(Millis::from_mins(5), Millis::from_secs(1)));
    for (at, (up, samples)) in &scrapes {
        if *up > 0.0 { ring.scraped(target, *at, samples).unwrap() } else { ring.failed(target, *at) }
    }
    (ring, scrapes.into_keys().collect())
}

/// What either answered, comparable.
#[derive(Debug)]
enum Answer {
    Scalar(f64),
    Vector(BTreeMap<Labels, f64>),
    Refused,
}

impl Answer {
    fn of_prometheus(answer: Result<Json, String>) -> Self {
        let Ok(data) = answer else { return Self::Refused };
        if data["resultType"] == "scalar" {
            return Self::Scalar(figure(&data["result"][1]).unwrap());
        }
        let elements = data["result"].as_array().unwrap().iter();
        Self::Vector(elements.map(|e| (labels(&e["metric"]), figure(&e["value"][1]).unwrap())).collect())
    }

    fn of_engine(ring: &Ring, query: &str, at: i64) -> Self {
        match evaluate(ring, query, at) {
            Ok(Value::Scalar(value)) => Self::Scalar(value),
            Ok(Value::Vector(vector)) => Self::Vector(
                vector
                    .into_iter()
                    .map(|element| {
                        let labels = element.labels.iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
                        (labels.collect(), element.value)
                    })
                    .collect(),
            ),
            Err(EvalError::Unsupported { what, .. }) => panic!("{query}: {what} is not known"),
            Err(_) => Self::Refused,
        }
    }

    fn same(&self, other: &Self, noise: f64) -> bool {
        match (self, other) {
            (Self::Scalar(one), Self::Scalar(other)) => close(*one, *other, noise),
            (Self::Vector(one), Self::Vector(other)) => {
                one.len() == other.len()
                    && one
                        .iter()
                        .all(|(labels, value)| other.get(labels).is_some_and(|other| close(*value, *other, noise)))
            }
            (Self::Refused, Self::Refused) => true,
            _ => false,
        }
    }
}

fn close(one: f64, other: f64, noise: f64) -> bool {
    one.is_nan() && other.is_nan()
        || one.to_bits() == other.to_bits()
        || (one - other).abs() <= noise.max(1e-9 * one.abs().max(other.abs()))
}

#[test]
fn it_answers_as_prometheus_does() {
    let target = serve();
    let Some(prometheus) = Prometheus::scraping(&target) else {
        assert!(std::env::var_os("CI").is_none(), "prometheus is not on PATH");
        eprintln!("skipped: prometheus is not on PATH; `apt-get install prometheus` brings it");
        return;
    };
    prometheus.wait_for("count_over_time(up[5m])", 26.0);
    let stored = prometheus.ask(r#"{__name__=~".+"}[5m]"#, None).unwrap();
    let target = Target { job: "shop".to_owned(), instance: target };
    let (ring, scrapes) = replay(&stored, &target);

    let [.., before, last] = scrapes.as_slice() else { panic!("{} scrapes", scrapes.len()) };
    let early = scrapes[6];
    let world = World { prometheus, ring };
    // At a scrape, between two, in the first seconds, and whole seconds after one, so that samples
    // stand exactly at both ends of the windows.
    let moments = [*last, before + 370, early, early + 999, before - 2_000, before - 5_001];
    let written: Vec<_> = QUERIES.iter().flat_map(|query| moments.map(|at| ((*query).to_owned(), at))).collect();
    let (compared, empty) = world.compare("written", &written, 0.0);
    assert!(empty * 4 < compared, "too few answers to compare");

    let seed = number("WARROOM_QUERIES_SEED").unwrap_or(2);
    let mut draw = draw::Draw::new(seed);
    let drawn = (0..number("WARROOM_QUERIES").unwrap_or(1_500)).zip(moments.into_iter().cycle());
    let drawn: Vec<_> = drawn.map(|(_, at)| (draw.query(), at)).collect();
    world.compare(&format!("drawn by {seed}"), &drawn, 1e-12);
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// A Prometheus, and a ring that holds the same samples.
struct World {
    prometheus: Prometheus,
    ring: Ring,
}

impl World {
    /// Asks both; says how many answers were compared, and how many were empty. Figures as small as
    /// the noise may be rests of a subtraction.
    fn compare(&self, what: &str, queries: &[(String, i64)], noise: f64) -> (usize, usize) {
        let (mut empty, mut refused, mut differences) = (0, 0, Vec::new());
        for (query, at) in queries {
            let theirs = Answer::of_prometheus(self.prometheus.ask(query, Some(*at)));
            let ours = Answer::of_engine(&self.ring, query, *at);
            empty += usize::from(matches!(&theirs, Answer::Vector(vector) if vector.is_empty()));
            refused += usize::from(matches!(&theirs, Answer::Refused));
            if !ours.same(&theirs, noise) {
                differences.push(format!("{query} at {at}\n  prometheus {theirs:?}\n  engine     {ours:?}"));
            }
        }
        let compared = queries.len();
        let differ = differences.len();
        let report =
            format!("{what}: {compared} answers compared, {empty} empty, {refused} refused by both, {differ} differ");
        std::io::stdout().write_all(format!("{report}\n").as_bytes()).unwrap();
        assert!(differences.is_empty(), "{report}\n{}", differences.join("\n"));
        (compared, empty)
    }
}
