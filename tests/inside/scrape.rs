//! A scraped source whose target is not what it should be: each fault is a reading that names it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use futures_util::future::join_all;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use warroom::clock::Clock;
use warroom::judge::{Got, Miss, Why};
use warroom::observe;
use warroom::plan::{Input, Plan, Text, compile};

const TEXT: &str = "Content-Type: text/plain; version=0.0.4\r\n";

fn answer(head: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {head}Connection: close\r\n\r\n{body}").into_bytes()
}

/// Answers everybody with the same bytes, or not at all.
async fn target(bytes: Option<Vec<u8>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(serve(stream, bytes.clone()));
        }
    });
    address
}

async fn serve(mut stream: TcpStream, bytes: Option<Vec<u8>>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    match bytes {
        Some(bytes) => {
            // Whoever has read enough closes early.
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
        None => std::future::pending().await,
    }
}

fn plan(targets: &[String]) -> Plan {
    let urls: Vec<String> = targets.iter().map(|target| format!("\"http://{target}/metrics\"")).collect();
    let bindings = format!(
        "[source.shop]\nkind = \"scrape\"\ntargets = [{}]\nevery = \"10s\"\n\
         [metric.\"queue depth\"]\nquery = \"max by (instance) (queue_depth)\"\nunit = \"count\"\n",
        urls.join(", ")
    );
    let checklist = "# Go\n\n## Ramp\n\n- [ ] 10% traffic - monitor 5 minutes\n  - [ ] Queue depth < 100\n";
    let checklist = Text { name: "go.md", text: checklist };
    let compiled = compile(Input { checklist, bindings: Some(Text { name: "go.toml", text: &bindings }) });
    assert!(compiled.is_valid(), "{:#?}", compiled.diagnostics);
    compiled.plan
}

async fn look(targets: &[String]) -> Got {
    observe::once(&plan(targets), Clock::faster(10)).await.readings.pop().unwrap().got
}

async fn trouble(target: String) -> String {
    match look(std::slice::from_ref(&target)).await {
        Got::Miss(Miss { why, detail }) => {
            assert_eq!(why, Why::SourceDown, "{detail}");
            detail.strip_prefix(&format!("{target}: ")).unwrap_or_else(|| panic!("{detail}")).to_owned()
        }
        Got::Sample(sample) => panic!("{sample:?}"),
    }
}

#[tokio::test]
async fn a_target_that_answers_is_read() {
    let good = target(Some(answer(&format!("200 OK\r\n{TEXT}"), "queue_depth{queue=\"a\"} 7\n"))).await;
    let open = "Content-Type: application/openmetrics-text; version=1.0.0\r\n";
    let open = target(Some(answer(&format!("200 OK\r\n{open}"), "queue_depth 9\n# EOF\n"))).await;
    let Got::Sample(sample) = look(&[good.clone(), open.clone()]).await else { panic!("no sample") };
    assert_eq!((sample.value, sample.labels), (9.0, format!("instance=\"{open}\"")));
    assert_eq!(sample.lowest.map(|lowest| (lowest.value, lowest.labels)), Some((7.0, format!("instance=\"{good}\""))));
}

#[tokio::test]
async fn one_target_in_trouble_does_not_silence_the_other() {
    let good = target(Some(answer(&format!("200 OK\r\n{TEXT}"), "queue_depth 7\n"))).await;
    let hanging = target(None).await;
    let Got::Sample(sample) = look(&[hanging, good]).await else { panic!("no sample") };
    assert!((sample.value - 7.0).abs() < f64::EPSILON);
}

#[tokio::test]
async fn every_fault_is_named() {
    let text = format!("200 OK\r\n{TEXT}");
    let html = "<html><body>502 Bad Gateway</body></html>\n";
    let cases = [
        (answer("200 OK\r\nContent-Type: text/html\r\n", html), "got content type \"text/html\""),
        (answer("200 OK\r\nContent-Type: application/json\r\n", "{}"), "got content type \"application/json\""),
        (answer(&text, html), "line 1: expected a metric name, got \"<html>"),
        (answer(&text, "queue_depth 7\nother_total 98765"), "line 2: expected a newline at the end, the body is torn"),
        (answer(&format!("{text}Content-Length: 99\r\n"), "queue_depth 7\n"), "the answer broke off"),
        (answer("503 Service Unavailable\r\n", ""), "HTTP 503 Service Unavailable"),
        (answer("302 Found\r\nLocation: http://127.0.0.1:1/login\r\n", ""), "HTTP 302 Found"),
        (
            answer(&format!("{text}Content-Length: 33554433\r\n"), "queue_depth 7\n"),
            "the answer is larger than 32768 KiB",
        ),
        (answer(&text, "queue_depth 1\nqueue_depth 2\n"), "line 2: expected each series once"),
    ];
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().to_string();
    let mut looks = vec![(trouble(free), "connection refused"), (trouble(target(None).await), "no answer within 10s")];
    for (bytes, want) in cases {
        looks.push((trouble(target(Some(bytes)).await), want));
    }
    let (looks, wanted): (Vec<_>, Vec<_>) = looks.into_iter().unzip();
    for (detail, want) in join_all(looks).await.into_iter().zip(wanted) {
        assert!(detail.contains(want), "{detail} is not {want}");
    }
}
