//! A Prometheus that misbehaves in every way one of them, or what stands in front of it, can.
#![expect(clippy::float_cmp, reason = "what was answered is what was found, to the bit")]

use crate::support::http::{Request, Server, respond};
use crate::support::plan;
use serde_json::json;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use warroom::clock::Clock;
use warroom::judge::{Got, HealthGot, Miss, Reading, Sample, Silent, Traffic, Why};
use warroom::observe::{self, Found};
use warroom::plan::{Empty, Plan};
use warroom::text::Millis;

const NOW: f64 = 1_700_000_000.0;

fn json_answer(stream: &mut TcpStream, body: &str) {
    respond(stream, "200 OK", "application/json", body.as_bytes());
}

fn vector(series: &[(&str, &str)]) -> String {
    let series: Vec<String> = series
        .iter()
        .map(|(labels, value)| format!(r#"{{"metric":{{{labels}}},"value":[{NOW},"{value}"]}}"#))
        .collect();
    format!(r#"{{"status":"success","data":{{"resultType":"vector","result":[{}]}}}}"#, series.join(","))
}

/// The values of a query, and data that is fresh: of as many selectors as any query here has.
fn answer(values: &[(&str, &str)]) -> String {
    let fresh = (0..4).flat_map(|at| [(format!("{at} newest"), NOW - 3.0), (format!("{at} samples"), 20.0)]);
    aged(values, fresh)
}

/// The values of a query, and what is said of the age of their data.
fn aged(values: &[(&str, &str)], ages: impl IntoIterator<Item = (String, f64)>) -> String {
    let part = |name: &str| format!(r#""warroom":"{name}""#);
    let value = |(labels, value): &(&str, &str)| {
        let comma = if labels.is_empty() { "" } else { "," };
        (format!("{labels}{comma}{}", part("value")), (*value).to_owned())
    };
    let mut series: Vec<(String, String)> = values.iter().map(value).collect();
    series.push((part("now"), NOW.to_string()));
    series.extend(ages.into_iter().map(|(name, value)| (part(&name), value.to_string())));
    let series: Vec<(&str, &str)> = series.iter().map(|(labels, value)| (labels.as_str(), value.as_str())).collect();
    vector(&series)
}

async fn look(plan: &Plan) -> Reading {
    observe::once(plan, Clock::real()).await.readings.remove(0)
}

async fn got(value: impl Fn(&Request, &mut TcpStream) + Send + Sync + 'static) -> Got {
    let server = Server::start(value);
    look(&plan::asking(&server.url(), &["sum(x)"])).await.got
}

async fn sample(body: String) -> Sample {
    match got(move |_, stream| json_answer(stream, &body)).await {
        Got::Sample(sample) => sample,
        Got::Miss(miss) => panic!("{miss:?}"),
    }
}

#[track_caller]
fn assert_miss(got: &Got, why: Why, detail: &str) {
    let Got::Miss(miss) = got else { panic!("{got:?}") };
    assert_eq!(miss.why, why, "{miss:?}");
    assert!(miss.detail.contains(detail), "{:?} does not say {detail:?}", miss.detail);
    assert!(miss.detail.chars().count() <= 201 && !miss.detail.contains(char::is_control), "{miss:?}");
}

#[tokio::test]
async fn a_value_comes_with_the_age_of_its_data() {
    let found = sample(answer(&[("", "0.0433")])).await;
    assert_eq!((found.value, found.labels.as_str(), found.lowest), (0.0433, "", None));
    assert_eq!((found.data_at, found.age), (1_699_999_997_000, 3_000));
    assert_eq!(found.interval, Some(Millis::from_secs(15)));
    assert_eq!((found.gone, found.silent), (vec![], vec![]));
}

#[tokio::test]
async fn a_scalar_is_asked_for_as_a_series() {
    let asked = Arc::new(Mutex::new(String::new()));
    let log = Arc::clone(&asked);
    let server = Server::start(move |request, stream| {
        log.lock().expect("no panic").clone_from(&request.body);
        json_answer(stream, &answer(&[("", "7")]));
    });
    let found = look(&plan::asking(&server.url(), &["scalar(x)"])).await.got;
    assert!(matches!(found, Got::Sample(Sample { value: 7.0, .. })), "{found:?}");
    assert!(asked.lock().expect("no panic").contains("vector%28%0Ascalar%28x%29%0A%29"), "{asked:?}");
    let alone = format!(r#"{{"status":"success","data":{{"resultType":"scalar","result":[{NOW},"7"]}}}}"#);
    assert_miss(&got(move |_, stream| json_answer(stream, &alone)).await, Why::SourceDown, "how old");
}

#[tokio::test]
async fn of_several_series_the_largest_and_the_smallest_count() {
    let found =
        sample(answer(&[(r#""region":"eu""#, "0.2"), (r#""region":"us""#, "0.9"), (r#""region":"ap""#, "0.1")])).await;
    assert_eq!((found.value, found.labels.as_str()), (0.9, r#"region="us""#));
    let lowest = found.lowest.expect("several series");
    assert_eq!((lowest.value, lowest.labels.as_str()), (0.1, r#"region="ap""#));
}

#[tokio::test]
async fn a_series_that_is_not_a_number_among_others_is_silent() {
    let found = sample(answer(&[(r#""region":"eu""#, "NaN"), (r#""region":"us""#, "0.9")])).await;
    assert_eq!((found.value, found.lowest), (0.9, None));
    assert_eq!(found.silent, [Silent { labels: r#"region="eu""#.to_owned(), last: None }]);
}

#[tokio::test]
async fn labels_cannot_act_on_a_terminal() {
    let found = sample(answer(&[(r#""x":"\u001b]52;c;a\u0007\u202e""#, "1")])).await;
    assert_eq!(found.labels, r#"x="\u{1b}]52;c;a\u{7}\u{202e}""#);
}

#[tokio::test]
async fn an_answer_that_gives_no_value_says_why() {
    let data = |data: &str| format!(r#"{{"status":"success","data":{data}}}"#);
    for (body, why, detail) in [
        (answer(&[]), Why::NoData, "the query returned nothing: sum(x)"),
        (answer(&[("", "NaN")]), Why::NoData, "NaN"),
        (answer(&[("", "+Inf")]), Why::NotFinite, "infinity"),
        (answer(&[("", "-Inf")]), Why::NotFinite, "infinity"),
        (answer(&[(r#""a":"1""#, "3"), (r#""a":"2""#, "+Inf")]), Why::NotFinite, r#"infinity for a="2""#),
        (data(r#"{"resultType":"matrix","result":[{"metric":{},"values":[[1,"2"]]}]}"#), Why::Config, "range"),
        (data(r#"{"resultType":"string","result":[1,"hi"]}"#), Why::Config, "string"),
        (
            data(r#"{"resultType":"vector","result":[{"metric":{},"histogram":[1,{"count":"2"}]}]}"#),
            Why::Config,
            "native histograms",
        ),
        (data(r#"{"resultType":"vector","result":[{"metric":{}}]}"#), Why::SourceDown, "without a value"),
        (data(r#"{"resultType":"vector","result":[{"metric":{},"value":[1,"x"]}]}"#), Why::SourceDown, "no number"),
        (data(r#"{"resultType":"streams","result":[]}"#), Why::SourceDown, "not Prometheus"),
        (r#"{"status":"UP"}"#.to_owned(), Why::SourceDown, "not Prometheus"),
        (r#"{"status":"success"}"#.to_owned(), Why::SourceDown, "without data"),
        ("[]".to_owned(), Why::SourceDown, "not Prometheus"),
        (String::new(), Why::SourceDown, "cut off"),
        (r#"{"status":"success","data":{"resul"#.to_owned(), Why::SourceDown, "cut off"),
        (
            r#"{"status":"error","errorType":"bad_data","error":"parse error\u001b[2J"}"#.to_owned(),
            Why::Config,
            "parse error^[[2J",
        ),
        (
            r#"{"status":"error","errorType":"timeout","error":"query timed out"}"#.to_owned(),
            Why::SourceDown,
            "query timed out",
        ),
        (
            r#"{"status":"success","warnings":["store-1 did not answer"],"data":{"resultType":"vector","result":[{"metric":{},"value":[1,"2"]}]}}"#.to_owned(),
            Why::Partial,
            "store-1 did not answer",
        ),
        (
            r#"{"status":"success","isPartial":true,"data":{"resultType":"vector","result":[{"metric":{},"value":[1,"2"]}]}}"#.to_owned(),
            Why::Partial,
            "partial",
        ),
    ] {
        let answer = body.clone();
        assert_miss(&got(move |_, stream| json_answer(stream, &answer)).await, why, detail);
    }
}

#[tokio::test]
async fn a_remark_on_the_query_does_not_spoil_the_answer() {
    let body = answer(&[("", "2")]).replace(r#""data""#, r#""infos":["metric might not be a counter"],"data""#);
    assert_eq!(sample(body).await.value, 2.0);
}

#[tokio::test]
async fn a_status_says_whether_a_retry_may_help() {
    let error = |kind: &str, text: &str| format!(r#"{{"status":"error","errorType":"{kind}","error":"{text}"}}"#);
    let (json, plain, html) = ("application/json", "text/plain; charset=utf-8", "text/html");
    for (status, kind, body, why, detail) in [
        (
            "400 Bad Request",
            json,
            error("bad_data", "parse error at char 7"),
            Why::Config,
            "HTTP 400: parse error at char 7",
        ),
        ("422 Unprocessable Entity", json, error("execution", "many-to-many"), Why::Config, "HTTP 422: many-to-many"),
        ("401 Unauthorized", plain, "no org id\n".to_owned(), Why::Config, "HTTP 401: no org id"),
        ("403 Forbidden", html, "<html>no".to_owned(), Why::Config, "HTTP 403: Forbidden (text/html)"),
        ("404 Not Found", plain, "404 page not found\n".to_owned(), Why::Config, "HTTP 404: 404 page not found"),
        ("405 Method Not Allowed", plain, String::new(), Why::Config, "HTTP 405: Method Not Allowed"),
        ("429 Too Many Requests", plain, "slow down".to_owned(), Why::SourceDown, "HTTP 429: slow down"),
        ("499 Canceled", json, error("canceled", "canceled"), Why::SourceDown, "HTTP 499: canceled"),
        ("500 Internal Server Error", json, error("internal", "boom"), Why::SourceDown, "HTTP 500: boom"),
        (
            "502 Bad Gateway",
            html,
            "<html><b>502</b></html>".to_owned(),
            Why::SourceDown,
            "HTTP 502: Bad Gateway (text/html)",
        ),
        (
            "503 Service Unavailable",
            plain,
            "Service Unavailable".to_owned(),
            Why::SourceDown,
            "HTTP 503: Service Unavailable",
        ),
        (
            "503 Service Unavailable",
            json,
            error("timeout", "query timed out"),
            Why::SourceDown,
            "HTTP 503: query timed out",
        ),
        ("200 OK", html, "<html>log in</html>".to_owned(), Why::SourceDown, "not Prometheus: HTTP 200 with text/html"),
    ] {
        let found = got(move |_, stream| respond(stream, status, kind, body.as_bytes())).await;
        assert_miss(&found, why, detail);
        let Got::Miss(miss) = found else { unreachable!() };
        assert!(!miss.detail.contains('<'), "{miss:?}");
    }
}

#[tokio::test]
async fn every_compatible_system_is_understood_in_its_own_words() {
    let json = "application/json";
    let error = |kind: &str, text: &str| format!(r#"{{"status":"error","errorType":"{kind}","error":"{text}"}}"#);
    let data = r#""data":{"resultType":"vector","result":[{"metric":{},"value":[1,"2"]}]}"#;
    for (status, body, why, detail) in [
        // Thanos calls a store that does not answer an execution error, once it may not leave it out.
        (
            "422 Unprocessable Entity",
            error("execution", "expanding series: proxy Series(): rpc error: code = Unavailable desc = store-1"),
            Why::SourceDown,
            "HTTP 422: expanding series: proxy Series()",
        ),
        // A Thanos that leaves it out says so in a warning, a VictoriaMetrics in a word of its own.
        (
            "200 OK",
            format!(r#"{{"status":"success",{data},"warnings":["No StoreAPIs matched for this query"]}}"#),
            Why::Partial,
            "No StoreAPIs matched",
        ),
        (
            "200 OK",
            format!(r#"{{"status":"success","isPartial":true,{data},"stats":{{"seriesFetched":"1"}}}}"#),
            Why::Partial,
            "the answer is partial",
        ),
        ("422 Unprocessable Entity", error("422", "cannot parse query"), Why::Config, "HTTP 422: cannot parse query"),
        ("422 Unprocessable Entity", error("execution", "too many samples"), Why::Config, "HTTP 422: too many samples"),
        ("404 Not Found", error("not_found", "no such tenant"), Why::Config, "HTTP 404: no such tenant"),
        ("406 Not Acceptable", error("not_acceptable", "json only"), Why::Config, "HTTP 406: json only"),
        ("500 Internal Server Error", error("internal", "ring is empty"), Why::SourceDown, "HTTP 500: ring is empty"),
    ] {
        let found = got(move |_, stream| respond(stream, status, json, body.as_bytes())).await;
        assert_miss(&found, why, detail);
    }
    // A whole answer of a VictoriaMetrics.
    let whole = answer(&[("", "2")]).replace(r#""data""#, r#""isPartial":false,"stats":{"seriesFetched":"1"},"data""#);
    assert_eq!(sample(whole).await.value, 2.0);
}

#[tokio::test]
async fn figures_are_read_as_they_are_written() {
    for (text, value) in [("1e-320", 1e-320), ("123456789012345680", 123_456_789_012_345_680.0), ("1e+00", 1.0)] {
        assert_eq!(sample(answer(&[("", text)])).await.value, value);
    }
}

#[tokio::test]
async fn every_query_asks_for_an_answer_that_is_whole() {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&asked);
    let server = Server::start(move |request, stream| {
        log.lock().expect("no panic").push(request.body.clone());
        json_answer(stream, &answer(&[("", "1")]));
    });
    drop(look(&plan::asking(&server.url(), &["sum(x)"])).await);
    let asked = asked.lock().expect("no panic");
    assert!(!asked.is_empty() && asked.iter().all(|form| form.contains("partial_response=false")), "{asked:?}");
}

/// A source that answers so many requests with an outage before it is back.
fn back_after(outage: usize) -> Server {
    let asked = AtomicUsize::new(0);
    Server::start(move |_, stream| {
        if asked.fetch_add(1, Ordering::SeqCst) < outage {
            respond(stream, "503 Service Unavailable", "text/plain", b"Service Unavailable");
        } else {
            json_answer(stream, &answer(&[("", "1")]));
        }
    })
}

#[tokio::test]
async fn a_source_that_is_back_is_found_before_the_next_beat() {
    // The hour of this clock is ten seconds.
    let every = Millis::from_mins(60);
    let found_again = |tries: usize| async move {
        let server = back_after(tries);
        let mut plan = plan::asking(&server.url(), &["sum(x)"]);
        (plan.sources[0].every, plan.sources[0].timeout) = (every, every);
        let clock = Clock::faster(360);
        let (sender, mut found) = tokio::sync::mpsc::channel(8);
        let _observers = observe::start(&plan, clock, sender);
        let begun = clock.now().mono;
        let Some(Found::Reading(away)) = found.recv().await else { panic!("a reading") };
        assert_miss(&away.got, Why::SourceDown, "HTTP 503");
        let Some(Found::Reading(back)) = found.recv().await else { panic!("a reading") };
        assert!(matches!(back.got, Got::Sample(_)), "that it is still away is said once: {back:?}");
        assert!(clock.now().mono - begun < every, "after {tries} tries that failed");
    };
    futures_util::future::join_all([1, 2, 3].map(found_again)).await;
}

#[tokio::test]
async fn a_redirect_elsewhere_is_not_followed() {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let elsewhere = Server::start(move |_, stream| {
        count.fetch_add(1, Ordering::SeqCst);
        json_answer(stream, &answer(&[("", "1")]));
    });
    let target = elsewhere.url();
    let points = move |stream: &mut TcpStream, to: &str| {
        let head =
            format!("HTTP/1.1 307 Elsewhere\r\nlocation: {to}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        drop(stream.write_all(head.as_bytes()));
    };
    let to = format!("{target}/api/v1/query?token=secret");
    let found = got(move |_, stream| points(stream, &to)).await;
    assert_miss(&found, Why::SourceDown, &format!("redirected to {target}"));
    assert!(!format!("{found:?}").contains("secret"));
    assert_eq!(asked.load(Ordering::SeqCst), 0);
    let endless = got(move |_, stream| points(stream, "/api/v1/query")).await;
    assert_miss(&endless, Why::SourceDown, "redirected");
    let moved = got(move |request, stream| match request.path.as_str() {
        "/api/v1/query" => points(stream, "/moved"),
        _ => json_answer(stream, &answer(&[("", "5")])),
    });
    assert!(matches!(moved.await, Got::Sample(Sample { value: 5.0, .. })));
}

#[tokio::test]
async fn a_server_that_hangs_is_given_up() {
    let hold = |stream: &mut TcpStream| {
        // Until the client hangs up.
        drop(std::io::copy(stream, &mut std::io::sink()));
    };
    let drip = |stream: &mut TcpStream| {
        drop(stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n"));
        while stream.write_all(b" ").is_ok() {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    };
    let (hung, dripping) = (Server::start(move |_, stream| hold(stream)), Server::start(move |_, stream| drip(stream)));
    for url in [hung.url(), dripping.url()] {
        let mut plan = plan::asking(&url, &["sum(x)"]);
        plan.sources[0].timeout = Millis(300);
        assert_miss(&look(&plan).await.got, Why::SourceDown, "no answer within 300ms");
    }
}

#[tokio::test]
async fn a_connection_that_breaks_is_a_source_that_is_down() {
    let closed = got(|_, _| {}).await;
    assert_miss(&closed, Why::SourceDown, "");
    let short = got(|_, stream| {
        let head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 5000\r\n\r\n{\"status\":";
        drop(stream.write_all(head));
    });
    assert_miss(&short.await, Why::SourceDown, "broke off");
    let noise = got(|_, stream| drop(stream.write_all(b"SSH-2.0-OpenSSH_9.2\r\n"))).await;
    assert_miss(&noise, Why::SourceDown, "");
    let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let refused = look(&plan::asking(&format!("http://bob:secret@{port}"), &["sum(x)"])).await;
    assert_eq!(refused.got, Got::Miss(Miss { why: Why::SourceDown, detail: "connection refused".to_owned() }));
    let unknown = look(&plan::asking("http://nowhere.invalid:9090", &["sum(x)"])).await;
    assert_miss(&unknown.got, Why::SourceDown, "resolved");
}

fn peak_kib() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()).and_then(|figure| figure.parse().ok()).unwrap_or(0)
}

#[tokio::test]
async fn a_huge_body_is_refused_and_takes_no_memory() {
    const MIB: usize = 1024 * 1024;
    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    for _ in 0..200 {
        bomb.write_all(&vec![b' '; MIB]).expect("memory");
    }
    let bomb = bomb.finish().expect("memory");
    let before = peak_kib();
    let announced = got(|_, stream| respond(stream, "200 OK", "application/json", &vec![b' '; 30 * MIB])).await;
    assert_miss(&announced, Why::SourceDown, "larger than 8192 KiB");
    let flood = |stream: &mut TcpStream| {
        let head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n";
        let mut left = 300;
        drop(stream.write_all(head));
        while left > 0 && stream.write_all(&vec![b' '; 100 * 1024]).is_ok() {
            left -= 1;
        }
    };
    let several = Server::start(move |_, stream| flood(stream));
    let queries: Vec<String> = (0..8).map(|at| format!("sum(x) + {at}")).collect();
    let queries: Vec<&str> = queries.iter().map(String::as_str).collect();
    for reading in observe::once(&plan::asking(&several.url(), &queries), Clock::real()).await.readings {
        assert_miss(&reading.got, Why::SourceDown, "larger than 8192 KiB");
    }
    let bombed = got(move |_, stream| {
        let head =
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n";
        drop(stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&bomb)));
    });
    assert_miss(&bombed.await, Why::SourceDown, "larger than 8192 KiB");
    let grown = (peak_kib() - before) / 1024;
    // The 30 MiB of the announced body are this test's own.
    assert!(grown < 30 + 40, "{grown} MiB");
}

#[tokio::test]
async fn more_series_than_anybody_can_judge_are_refused() {
    let labels: Vec<String> = (0..6_000).map(|at| format!(r#""pod":"{at}""#)).collect();
    let body = answer(&labels.iter().map(|labels| (labels.as_str(), "1")).collect::<Vec<_>>());
    assert_miss(&got(move |_, stream| json_answer(stream, &body)).await, Why::Config, "6000 series");
}

#[tokio::test]
async fn a_value_of_unknown_age_is_no_value() {
    assert_miss(&got(|_, stream| json_answer(stream, &aged(&[], []))).await, Why::NoData, "no samples of x within 5m");
    let ageless = aged(&[("", "1")], []).replace(r#""now""#, r#""then""#);
    assert_miss(&got(move |_, stream| json_answer(stream, &ageless)).await, Why::SourceDown, "how old");
    let stranger = got(|_, stream| json_answer(stream, &vector(&[("", "1")]))).await;
    assert_miss(&stranger, Why::SourceDown, "how old");
}

#[tokio::test]
async fn a_selector_that_has_stopped_is_gone() {
    let server = Server::start(|_, stream| {
        json_answer(stream, &aged(&[("", "0.5")], [("0 samples".to_owned(), 7.0)]));
    });
    let Got::Sample(found) = look(&plan::asking(&server.url(), &["sum(rate(x[1m]))"])).await.got else {
        panic!("a value")
    };
    assert_eq!((found.gone, found.age), (vec!["x".to_owned()], 60_000));
}

fn with_traffic(url: &str, empty: Empty) -> Plan {
    let mut plan = plan::asking(url, &["sum(rate(errors[1m])) / sum(rate(all[1m]))"]);
    let traffic = warroom::promql::inspect("sum(rate(all[1m]))").expect("a query");
    plan.probes[0] = warroom::plan::Probe { traffic: Some(traffic), empty, ..plan.probes[0].clone() };
    plan
}

/// A server of errors, of which it is told what is known of their age, and of a value of their ratio; the traffic
/// is 12 a second, two seconds ago.
fn ratio(errors: &'static [(&'static str, f64)], value: &'static [(&'static str, &'static str)]) -> Server {
    let of_all = |at: usize| [(format!("{at} newest"), NOW - 2.0), (format!("{at} samples"), 12.0)];
    Server::start(move |request, stream| {
        let body = if request.body.contains("errors") {
            let of_errors = errors.iter().map(|(name, value)| (format!("0 {name}"), *value));
            aged(value, of_errors.chain(of_all(1)))
        } else {
            aged(&[("", "12")], of_all(0))
        };
        json_answer(stream, &body);
    })
}

#[tokio::test]
async fn nothing_is_zero_only_where_nothing_was_ever_counted() {
    let never = ratio(&[], &[]);
    let found = look(&with_traffic(&never.url(), Empty::Zero)).await;
    assert_miss(&found.got, Why::NoData, "nothing");
    assert_eq!(found.traffic, Some(Traffic::Rate(12.0)));
    let stopped = ratio(&[("samples", 3.0)], &[]);
    let counting = ratio(&[("newest", NOW - 1.0), ("samples", 1.0)], &[]);
    let not_a_number = ratio(&[], &[("", "NaN")]);
    for (server, doubt) in [(stopped, "scraped any more"), (counting, "has samples"), (not_a_number, "NaN")] {
        let found = look(&with_traffic(&server.url(), Empty::Zero)).await;
        assert_miss(&found.got, Why::NoData, "");
        let Some(Traffic::Unknown(miss)) = found.traffic else { panic!("{found:?}") };
        assert!(miss.detail.contains(doubt), "{miss:?}");
    }
}

#[tokio::test]
async fn a_selector_that_never_was_is_no_data_unless_the_plan_says_zero() {
    let server = ratio(&[], &[("", "0")]);
    let strict = look(&with_traffic(&server.url(), Empty::NoData)).await;
    assert_miss(&strict.got, Why::NoData, "no samples of errors within 1m");
    let lenient = look(&with_traffic(&server.url(), Empty::Zero)).await;
    assert!(matches!(lenient.got, Got::Sample(Sample { value: 0.0, age: 2_000, .. })), "{lenient:?}");
}

#[tokio::test]
async fn a_query_that_reads_no_series_is_as_old_as_its_answer() {
    let server = Server::start(|_, stream| json_answer(stream, &answer(&[("", "1")])));
    let Got::Sample(found) = look(&plan::asking(&server.url(), &["vector(1)"])).await.got else { panic!("a value") };
    assert_eq!((found.data_at, found.age), (1_700_000_000_000, 0));
}

#[tokio::test]
async fn identical_queries_are_asked_once() {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&asked);
    let server = Server::start(move |request, stream| {
        log.lock().expect("no panic").push(request.body.clone());
        assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/prom/api/v1/query"));
        json_answer(stream, &answer(&[("", "1")]));
    });
    let plan = plan::asking(&format!("{}/prom/", server.url()), &["sum(x)", "sum(x)", "max(x)", "sum(x) + sum(y)"]);
    let found = observe::once(&plan, Clock::real()).await.readings;
    assert!(found.iter().all(|reading| matches!(reading.got, Got::Sample(_))), "{found:?}");
    let asked = asked.lock().expect("no panic");
    assert_eq!(asked.len(), 3, "{asked:?}");
    assert!(asked.iter().all(|body| body.contains("newest") && body.contains("timeout=5000ms")), "{asked:?}");
}

#[tokio::test]
async fn an_error_points_into_the_query_and_not_into_what_was_asked_with_it() {
    let told = r#"{"status":"error","errorType":"bad_data","error":"invalid parameter \"query\": 2:1: parse error: unknown function with name \"sums\""}"#;
    let found = got(move |_, stream| respond(stream, "400 Bad Request", "application/json", told.as_bytes())).await;
    assert_miss(&found, Why::Config, r#"1:1: parse error: unknown function with name "sums""#);
}

#[tokio::test]
async fn a_slow_query_does_not_pile_up_and_keeps_nobody_waiting() {
    let hanging = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&hanging);
    let server = Server::start(move |request, stream| {
        if request.body.contains("%0Amax") {
            count.fetch_add(1, Ordering::SeqCst);
            drop(std::io::copy(stream, &mut std::io::sink()));
            count.fetch_sub(1, Ordering::SeqCst);
        } else {
            json_answer(stream, &answer(&[("", "1")]));
        }
    });
    let mut plan = plan::asking(&server.url(), &["max(x)", "sum(x)"]);
    plan.sources[0].every = Millis(20);
    let (sender, mut found) = tokio::sync::mpsc::channel(8);
    let observers = observe::start(&plan, Clock::real(), sender);
    for _ in 0..20 {
        let Some(Found::Reading(reading)) = found.recv().await else { panic!("a reading") };
        if reading.probe.index() == 0 {
            assert_miss(&reading.got, Why::SourceDown, "no answer for 520ms");
        }
        assert!(hanging.load(Ordering::SeqCst) <= 1);
    }
    drop(observers);
    while found.recv().await.is_some() {}
}

#[tokio::test]
async fn what_cannot_be_asked_says_so() {
    for url in ["not a url", "ftp://127.0.0.1/"] {
        assert_miss(&look(&plan::asking(url, &["sum(x)"])).await.got, Why::Config, "url");
    }
}

async fn health(answer: impl Fn(&Request, &mut TcpStream) + Send + Sync + 'static) -> HealthGot {
    let server = Server::start(answer);
    let endpoint = plan::health(&format!("{}/health", server.url()), &[("/status", json!("UP"))]);
    let plan = Plan { health: vec![endpoint], ..plan::empty() };
    observe::once(&plan, Clock::real()).await.health.remove(0).got
}

#[tokio::test]
async fn a_health_endpoint_is_up_or_says_why_not() {
    let up = health(|_, stream| json_answer(stream, r#"{"status":"UP","disk":{"free":1}}"#)).await;
    assert!(matches!(up, HealthGot::Up { .. }), "{up:?}");
    for (status, body, why) in [
        ("200 OK", r#"{"status":"DOWN"}"#, r#"/status is "DOWN", not "UP""#),
        ("200 OK", r#"{"state":"UP"}"#, "/status is missing"),
        ("200 OK", "OK", "its body is not JSON"),
        ("503 Service Unavailable", r#"{"status":"UP"}"#, "HTTP 503 Service Unavailable"),
        ("302 Found", "", "HTTP 302 Found"),
    ] {
        let found = health(move |_, stream| respond(stream, status, "text/plain", body.as_bytes())).await;
        assert_eq!(found, HealthGot::Down { why: why.to_owned() });
    }
    let large = health(|_, stream| respond(stream, "200 OK", "application/json", &vec![b' '; 100_000])).await;
    assert_eq!(large, HealthGot::Down { why: "the answer is larger than 64 KiB".to_owned() });
}

#[tokio::test]
async fn a_health_endpoint_that_does_not_answer_is_down() {
    let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let mut hung = plan::health(&format!("http://{}", silent.local_addr().expect("an address")), &[]);
    hung.timeout = Millis(200);
    let refused = plan::health(&format!("http://{port}/health"), &[]);
    let no_cipher = Server::start(|_, stream| respond(stream, "200 OK", "text/plain", b"OK"));
    let no_tls = plan::health(&no_cipher.url().replace("http:", "https:"), &[]);
    let plan = Plan { health: vec![hung, refused, no_tls], ..plan::empty() };
    let found = observe::once(&plan, Clock::real()).await.health;
    let why: Vec<&str> = found
        .iter()
        .map(|reading| match &reading.got {
            HealthGot::Down { why } => why.as_str(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(why[..2], ["no answer within 200ms", "connection refused"]);
    assert!(why[2].to_lowercase().contains("tls"), "{why:?}");
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_that_takes_half_its_time_is_slow() {
    let server = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", server.local_addr().expect("an address"));
    let plan = Plan { health: vec![plan::health(&url, &[])], ..plan::empty() };
    let clock = Clock::real();
    let answer = async {
        let (mut stream, _) = server.accept().await.expect("a client");
        clock.sleep(Millis(1_500)).await;
        let whole = b"HTTP/1.1 204 No Content\r\n\r\n";
        tokio::io::AsyncWriteExt::write_all(&mut stream, whole).await.expect("a client");
    };
    let (batch, ()) = tokio::join!(observe::once(&plan, clock), answer);
    assert!(matches!(batch.health[0].got, HealthGot::Slow { took } if took >= Millis(1_500)), "{batch:?}");
}
