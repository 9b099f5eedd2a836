//! What is observed of a real Prometheus, while it is well and while it is not.
#![expect(clippy::float_cmp, reason = "what was exposed is what was found, to the bit")]

use crate::support::plan;
use crate::support::prometheus::Prometheus;
use crate::support::service::Service;
use std::time::Duration;
use tokio::sync::mpsc::{self, Receiver};
use warroom::clock::Clock;
use warroom::judge::{Baseline, Batch, Got, HealthGot, Miss, Reading, Sample, Why};
use warroom::observe::{self, Found};
use warroom::plan::{Empty, Plan, Region};
use warroom::promql;
use warroom::text::Millis;

const PATIENCE: Duration = Duration::from_secs(60);

const METRICS: &str = "# TYPE requests_total counter\nrequests_total{path=\"/\"} 100\nwaiting 7\n";

/// Waits for something that fits among what is found.
async fn wait<T>(found: &mut Receiver<Found>, what: &str, fits: impl Fn(&Found) -> Option<T>) -> T {
    let mut last = None;
    let search = async {
        loop {
            let next = found.recv().await.expect("the observers run");
            if let Some(fitting) = fits(&next) {
                return fitting;
            }
            last = Some(next);
        }
    };
    let search = tokio::time::timeout(PATIENCE, search).await;
    search.unwrap_or_else(|_| panic!("waited in vain for {what}, last was {last:?}"))
}

async fn wait_sample(found: &mut Receiver<Found>, probe: usize, what: &str, fits: impl Fn(&Sample) -> bool) -> Sample {
    wait(found, what, |found| match found {
        Found::Reading(Reading { probe: id, got: Got::Sample(sample), .. }) if id.index() == probe && fits(sample) => {
            Some(sample.clone())
        }
        _ => None,
    })
    .await
}

async fn wait_miss(found: &mut Receiver<Found>, probe: usize, why: Why) -> Miss {
    wait(found, &format!("{why:?}"), |found| match found {
        Found::Reading(Reading { probe: id, got: Got::Miss(miss), .. }) if id.index() == probe && miss.why == why => {
            Some(miss.clone())
        }
        _ => None,
    })
    .await
}

#[tokio::test]
async fn a_night_with_prometheus() {
    let (mut one, mut two) = (Service::start(METRICS), Service::start(METRICS));
    let Some(mut server) = Prometheus::start(&[one.target(), two.target()], Duration::from_secs(1)) else { return };
    let queries =
        ["sum(waiting)", "sum(rate(requests_total[10s]))", "max by (instance) (waiting)", "waiting + on() waiting"];
    let mut plan = plan::asking(&server.url(), &queries);
    plan.health = vec![plan::health(&one.health_url(), &[])];
    let (sender, mut found) = mpsc::channel(64);
    let _observers = observe::start(&plan, Clock::real(), sender);

    let sample = wait_sample(&mut found, 0, "both targets", |sample| sample.value == 14.0).await;
    assert!((-1_000..15_000).contains(&sample.age), "{sample:?}");
    assert_eq!((sample.labels.as_str(), sample.lowest), ("", None));
    let measured = wait_sample(&mut found, 0, "the interval", |sample| sample.interval.is_some()).await;
    assert!(measured.interval.is_some_and(|interval| interval <= Millis::from_secs(2)), "{measured:?}");
    let newer = wait_sample(&mut found, 0, "newer data", |next| next.data_at > measured.data_at).await;
    assert!(newer.silent.is_empty() && newer.gone.is_empty(), "{newer:?}");
    let rate = wait_sample(&mut found, 1, "a rate", |_| true).await;
    assert_eq!(rate.value, 0.0);
    let many_to_many = wait_miss(&mut found, 3, Why::Config).await;
    assert!(many_to_many.detail.starts_with("HTTP 422: "), "{many_to_many:?}");
    let up = |found: &Found| matches!(found, Found::Health(reading) if matches!(reading.got, HealthGot::Up { .. }));
    wait(&mut found, "health", |found| up(found).then_some(())).await;

    two.shut();
    let lone = wait_sample(&mut found, 0, "a silent target", |sample| !sample.silent.is_empty()).await;
    assert_eq!(lone.value, 7.0);
    assert_eq!(lone.silent[0].labels, format!(r#"instance="{}", job="api""#, two.target()));
    let series = wait_sample(&mut found, 2, "a silent series", |sample| !sample.silent.is_empty()).await;
    assert_eq!((series.silent[0].last, series.silent.len()), (Some(7.0), 1));

    one.shut();
    let gone = wait_sample(&mut found, 1, "a rate of what is gone", |sample| !sample.gone.is_empty()).await;
    assert_eq!(gone.gone, ["requests_total"]);
    wait_miss(&mut found, 0, Why::NoData).await;
    wait(&mut found, "health that is down", |found| match found {
        Found::Health(reading) => {
            matches!(&reading.got, HealthGot::Down { why } if why == "connection refused").then_some(())
        }
        _ => None,
    })
    .await;

    one.reopen();
    two.reopen();
    wait_sample(&mut found, 0, "both back", |sample| sample.value == 14.0 && sample.silent.is_empty()).await;

    server.stop();
    let down = wait_miss(&mut found, 0, Why::SourceDown).await;
    assert_eq!(down.detail, "connection refused");
    server.restart();
    wait_sample(&mut found, 0, "prometheus back", |sample| sample.value == 14.0 && sample.age < 5_000).await;
}

/// Looks again and again until a batch fits.
async fn look_until(plan: &Plan, fits: impl Fn(&Batch) -> bool) -> Batch {
    let clock = Clock::real();
    let search = async {
        loop {
            let batch = observe::once(plan, clock).await;
            if fits(&batch) {
                return batch;
            }
            clock.sleep(Millis(100)).await;
        }
    };
    tokio::time::timeout(PATIENCE, search).await.expect("a batch that fits")
}

#[tokio::test]
async fn traffic_proves_a_counter_that_never_counted() {
    let service = Service::start(METRICS);
    let Some(server) = Prometheus::start(&[service.target()], Duration::from_secs(1)) else { return };
    let mut plan = plan::asking(&server.url(), &["sum(rate(errors_total[10s]))", "sum(nothing_at_all)", "vector(3)"]);
    plan.probes[0].traffic = Some(promql::inspect("sum(rate(requests_total[10s]))").expect("a query"));
    plan.probes[0].empty = Empty::Zero;
    let proven = |batch: &Batch| matches!(batch.readings[0].traffic, Some(warroom::judge::Traffic::Rate(_)));
    let batch = look_until(&plan, proven).await;
    let misses: Vec<Option<Why>> = batch
        .readings
        .iter()
        .map(|reading| match &reading.got {
            Got::Miss(miss) => Some(miss.why),
            Got::Sample(_) => None,
        })
        .collect();
    assert_eq!(misses, [Some(Why::NoData), Some(Why::NoData), None]);

    // The first error: there is a sample, and not yet a rate. That is not zero.
    service.expose(&format!("{METRICS}errors_total 1\n"));
    let doubted = |batch: &Batch| matches!(batch.readings[0].traffic, Some(warroom::judge::Traffic::Unknown(_)));
    let counted = |batch: &Batch| matches!(batch.readings[0].got, Got::Sample(_));
    look_until(&plan, |batch| doubted(batch) || counted(batch)).await;
    look_until(&plan, counted).await;
}

#[tokio::test]
async fn selectors_of_every_kind_can_be_asked_about() {
    let odd = "waiting{path=\"a\\\\d+\\n\\\"b\\\"\"} 1\nwaiting{path=\"ü\"} 2\n";
    let service = Service::start(odd);
    let Some(server) = Prometheus::start(&[service.target()], Duration::from_secs(1)) else { return };
    let queries = [
        r#"sum(waiting{path="a\\d+\n\"b\""})"#,
        r#"sum({__name__="waiting",path!~`a\\d\+(?s:.*)`})"#,
        r#"sum({__name__=~"wait.*"})"#,
        r#"max_over_time(sum(waiting{path="ü"})[1m:1s])"#,
        "sum(waiting offset 1s) / sum(waiting)",
    ];
    let plan = plan::asking(&server.url(), &queries);
    let all = |batch: &Batch| batch.readings.iter().all(|reading| matches!(reading.got, Got::Sample(_)));
    let batch = look_until(&plan, all).await;
    let values: Vec<f64> = batch
        .readings
        .iter()
        .map(|reading| match &reading.got {
            Got::Sample(sample) => sample.value,
            Got::Miss(miss) => panic!("{miss:?}"),
        })
        .collect();
    assert_eq!(values, [1.0, 2.0, 3.0, 2.0, 1.0]);
}

#[tokio::test]
async fn the_old_version_is_measured_beside_the_new_one() {
    let service = Service::start("errors{track=\"new\"} 3\nerrors{track=\"old\"} 2\n");
    let Some(server) = Prometheus::start(&[service.target()], Duration::from_secs(1)) else { return };
    let mut plan = plan::asking(&server.url(), &[r#"sum(errors{track="new"})"#]);
    plan.probes[0].baseline = Some(promql::inspect(r#"sum(errors{track="old"})"#).expect("a query"));
    let measured = Some(Baseline::Measured { lowest: 2.0, highest: 2.0, cells: Vec::new() });
    look_until(&plan, |batch| batch.readings[0].baseline == measured).await;
    service.expose("errors{track=\"new\"} 3\n");
    let unknown = |batch: &Batch| matches!(batch.readings[0].baseline, Some(Baseline::Unknown(_)));
    let batch = look_until(&plan, unknown).await;
    assert!(matches!(batch.readings[0].got, Got::Sample(_)), "{batch:?}");
}

#[tokio::test]
async fn every_region_is_asked_for_by_itself() {
    let all = "errors{region=\"eu\"} 3\nerrors{region=\"us\"} 5\n";
    let service = Service::start(all);
    let Some(server) = Prometheus::start(&[service.target()], Duration::from_secs(1)) else { return };
    let mut plan = plan::asking(&server.url(), &[r#"sum(errors{region="$region"})"#]);
    let region = |name: &str| Region {
        name: name.to_owned(),
        query: promql::inspect(&format!("sum(errors{{region=\"{name}\"}})")).expect("a query"),
        traffic: None,
        baseline: None,
    };
    plan.probes[0].regions = vec![region("eu"), region("us")];
    let found = |batch: &Batch| match &batch.readings[0].got {
        Got::Sample(sample) => Some(sample.clone()),
        Got::Miss(_) => None,
    };
    let both = |batch: &Batch| found(batch).is_some_and(|sample| sample.cells.len() == 2);
    let sample = found(&look_until(&plan, both).await).expect("a sample");
    assert_eq!((sample.value, sample.labels.as_str()), (5.0, "us"));
    assert_eq!(sample.lowest.map(|lowest| (lowest.value, lowest.labels)), Some((3.0, "eu".to_owned())));
    assert!(sample.silent.is_empty());

    service.expose("errors{region=\"eu\"} 3\n");
    let one = |batch: &Batch| found(batch).is_some_and(|sample| sample.cells.len() == 1);
    let sample = found(&look_until(&plan, one).await).expect("a sample");
    assert_eq!((sample.value, sample.silent.len(), sample.silent[0].labels.as_str()), (3.0, 1, "us"));
}

#[tokio::test]
async fn a_quantile_in_the_top_bucket_is_told_as_such() {
    let buckets = |slow: u64| {
        let bucket = |le: &str, count: u64| format!("took_seconds_bucket{{le=\"{le}\"}} {count}\n");
        format!("# TYPE took_seconds histogram\n{}{}", bucket("1", 100) + &bucket("2", 150), bucket("+Inf", 150 + slow))
    };
    let service = Service::start(&buckets(0));
    let Some(server) = Prometheus::start(&[service.target()], Duration::from_secs(1)) else { return };
    let plan = plan::asking(&server.url(), &["histogram_quantile(0.99, took_seconds_bucket)"]);
    let sample = |batch: &Batch| match &batch.readings[0].got {
        Got::Sample(sample) => Some(sample.clone()),
        Got::Miss(_) => None,
    };
    let inside = look_until(&plan, |batch| sample(batch).is_some()).await;
    let inside = sample(&inside).expect("a sample");
    assert!(inside.value < 2.0 && inside.topped.is_none(), "{inside:?}");

    service.expose(&buckets(20));
    let topped = |batch: &Batch| sample(batch).is_some_and(|sample| sample.topped.is_some());
    let top = sample(&look_until(&plan, topped).await).expect("a sample");
    assert_eq!((top.value, top.topped.map(|point| point.value)), (2.0, Some(2.0)));
}
