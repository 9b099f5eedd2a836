//! What a source remembers: the past of a real Prometheus, walked through as if it were now.

use crate::support::http;
use crate::support::plan;
use crate::support::prometheus::Prometheus;
use crate::support::service::Service;
use std::time::Duration;
use warroom::clock::Clock;
use warroom::judge::{Got, Why};
use warroom::observe::past::{Past, values};
use warroom::observe::span::Span;
use warroom::text::Millis;

const SECOND: Millis = Millis::from_secs(1);

#[tokio::test]
async fn the_past_is_read_as_it_was() {
    let mut service = Service::start("waiting{queue=\"a\"} 7\nwaiting{queue=\"b\"} 3\n");
    let Some(server) = Prometheus::start(&[service.target()], Duration::from_secs(1)) else { return };
    let plan = plan::asking(&server.url(), &["max by (queue) (waiting)"]);
    let clock = Clock::real();
    let begun = clock.now().at;
    let samples = |least: usize| {
        let (source, until) = (plan.sources[0].clone(), clock);
        async move {
            loop {
                let span = Span::new(begun, until.now().at, SECOND);
                let rows =
                    values(&source, "count_over_time(waiting{queue=\"a\"}[1s])", span, until).await.expect("an answer");
                if rows.first().is_some_and(|row| row.points.len() >= least) {
                    return;
                }
                until.sleep(Millis(100)).await;
            }
        }
    };
    samples(4).await;
    service.expose("waiting{queue=\"a\"} 9\n");
    samples(7).await;
    service.shut();
    let gone = async {
        loop {
            let span = Span::new(clock.now().at, clock.now().at, SECOND);
            if values(&plan.sources[0], "waiting", span, clock).await.expect("an answer").is_empty() {
                return;
            }
            clock.sleep(Millis(100)).await;
        }
    };
    gone.await;

    let mut past = Past::new(&plan, Span::new(begun, clock.now().at, SECOND), clock);
    let mut story = Vec::new();
    while let Some((at, batch)) = past.next().await {
        let told = match &batch.readings[0].got {
            Got::Sample(sample) => {
                assert!(sample.data_at <= at && sample.age <= 2_000, "{sample:?}");
                format!("{} silent {}", sample.value, sample.silent.len())
            }
            Got::Miss(miss) => {
                assert_eq!(miss.why, Why::NoData, "{miss:?}");
                "nothing".to_owned()
            }
        };
        if story.last() != Some(&told) {
            story.push(told);
        }
    }
    let story: Vec<&str> = story.iter().map(String::as_str).skip_while(|told| *told == "nothing").collect();
    assert_eq!(story, ["7 silent 0", "9 silent 2", "nothing"]);
}

#[tokio::test]
async fn a_source_without_a_past_says_so() {
    let server = http::Server::start(|_, stream| http::respond(stream, "502 Bad Gateway", "text/html", b"<html>"));
    let plan = plan::asking(&server.url(), &["up"]);
    let mut past = Past::new(&plan, Span::new(0, 3_000, SECOND), Clock::real());
    let mut moments = 0;
    while let Some((_, batch)) = past.next().await {
        assert!(matches!(&batch.readings[0].got, Got::Miss(miss) if miss.why == Why::SourceDown), "{batch:?}");
        moments += 1;
    }
    assert_eq!(moments, 4);
}
