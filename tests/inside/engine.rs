//! The embedded engine: what it answers over a few scrapes of a small shop, and what it refuses.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use warroom::promql::engine::{EvalError, Value, check, evaluate};
use warroom::promql::exposition::{Format, read};
use warroom::promql::samples::{Bounds, Ring, Target};
use warroom::text::Millis;

const SECOND: i64 = 1_000;

/// Twelve scrapes, ten seconds apart, of two targets; the second target dies after the ninth.
fn ring() -> Ring {
    let mut ring = Ring::new(Bounds::reaching(Millis::from_mins(5), Millis::from_secs(10)));
    for step in 0..12 {
        for (number, instance) in (1..).zip(["a:80", "b:80"]) {
            let target = Target { job: "shop".to_owned(), instance: instance.to_owned() };
            let at = step * 10 * SECOND;
            if instance == "b:80" && step > 8 {
                ring.failed(&target, at);
                continue;
            }
            let body = format!(
                "requests_total{{version=\"v1\",code=\"200\"}} {}\n\
                 requests_total{{version=\"v2\",code=\"200\"}} {}\n\
                 requests_total{{version=\"v2\",code=\"500\"}} {}\n\
                 queue_depth {}\n\
                 took_bucket{{le=\"0.1\"}} {}\ntook_bucket{{le=\"0.5\"}} {}\ntook_bucket{{le=\"+Inf\"}} {}\n",
                1_000 + step * 90 * number,
                500 + step * 10 * number,
                20 + step * number,
                5 - number,
                100 + step * 8,
                100 + step * 9,
                100 + step * 10,
            );
            ring.scraped(&target, at, &read(body.as_bytes(), Format::Text).unwrap()).unwrap();
        }
    }
    ring
}

fn ask(query: &str, at: i64) -> Vec<(String, f64)> {
    match evaluate(&ring(), query, at).unwrap() {
        Value::Scalar(value) => vec![("scalar".to_owned(), value)],
        Value::Vector(vector) => {
            vector.into_iter().map(|element| (element.labels.to_string(), element.value)).collect()
        }
    }
}

#[track_caller]
fn expect(query: &str, at: i64, want: &[(&str, f64)]) {
    let got = ask(query, at * SECOND);
    let close = got.len() == want.len()
        && got.iter().zip(want).all(|((labels, value), (other, expected))| {
            labels == other && ((value - expected).abs() < 1e-9 || value.is_nan() && expected.is_nan())
        });
    assert!(close, "{query} at {at} s\n got {got:?}\nwant {want:?}");
}

#[test]
fn selectors_find_what_their_matchers_say() {
    let (a, b) = (r#"instance="a:80", job="shop""#, r#"instance="b:80", job="shop""#);
    expect("queue_depth", 80, &[(a, 4.0), (b, 3.0)]);
    expect(r#"queue_depth{instance="a:80"}"#, 80, &[(a, 4.0)]);
    expect(r#"queue_depth{instance!="a:80"}"#, 80, &[(b, 3.0)]);
    expect(r#"queue_depth{instance=~"a.*",absent=""}"#, 80, &[(a, 4.0)]);
    expect(r#"queue_depth{instance!~"(a|c).*"}"#, 80, &[(b, 3.0)]);
    expect(r#"{__name__=~"queue_.*",instance="b:80"}"#, 80, &[(b, 3.0)]);
    expect("queue_depth{instance=\"a\"}", 80, &[]);
}

#[test]
fn a_dead_target_is_gone_at_once_and_its_window_is_not() {
    expect("up", 95, &[(r#"instance="a:80", job="shop""#, 1.0), (r#"instance="b:80", job="shop""#, 0.0)]);
    expect("count(queue_depth)", 89, &[("", 2.0)]);
    expect("count(queue_depth)", 90, &[("", 1.0)]);
    expect("count(count_over_time(queue_depth[1m]))", 95, &[("", 2.0)]);
    expect("count(queue_depth offset 20s)", 105, &[("", 2.0)]);
    expect("count(rate(requests_total{version=\"v1\"}[1m]))", 95, &[("", 2.0)]);
}

#[test]
fn the_last_sample_stands_for_five_minutes() {
    expect("count(queue_depth)", 110 + 300, &[("", 1.0)]);
    expect("count(queue_depth)", 110 + 301, &[]);
}

#[test]
fn gates_are_computed() {
    let errors = r#"sum(rate(requests_total{version="v2",code=~"5.."}[1m]))"#;
    expect(errors, 60, &[("", 0.3)]);
    expect(&format!(r#"{errors} / sum(rate(requests_total{{version="v2"}}[1m]))"#), 60, &[("", 1.0 / 11.0)]);
    expect("histogram_quantile(0.85, sum by (le) (rate(took_bucket[1m])))", 60, &[("", 0.3)]);
    expect("histogram_quantile(0.99, sum by (le) (rate(took_bucket[1m])))", 60, &[("", 0.5)]);
    expect(
        "100 * sum(rate(requests_total{version=\"v2\"}[1m])) / sum(rate(requests_total[1m]))",
        60,
        &[("", 1_100.0 / 101.0)],
    );
    expect("sum(rate(requests_total{version=\"v3\"}[1m])) / sum(rate(requests_total[1m]))", 60, &[]);
}

#[test]
fn ages_are_told_by_the_samples() {
    expect("time() - max(timestamp(up))", 63, &[("", 3.0)]);
    expect("min(timestamp(queue_depth offset 10s))", 63, &[("", 50.0)]);
    expect("max(timestamp(queue_depth * 1))", 63, &[("", 63.0)]);
}

#[test]
fn series_are_aggregated() {
    expect("max by (instance) (queue_depth)", 0, &[(r#"instance="a:80""#, 4.0), (r#"instance="b:80""#, 3.0)]);
    expect("avg without (instance) (queue_depth)", 0, &[(r#"job="shop""#, 3.5)]);
    expect("sum(queue_depth) + min(queue_depth) + count(queue_depth) + group(queue_depth)", 0, &[("", 13.0)]);
    expect("sum by (version) (requests_total)", 0, &[(r#"version="v1""#, 2_000.0), (r#"version="v2""#, 1_040.0)]);
}

#[test]
fn series_are_paired() {
    let v2 = r#"requests_total{version="v2",code="500"} / ignoring(code) requests_total{version="v2",code="200"}"#;
    let with = |instance: &str| format!(r#"instance="{instance}:80", job="shop", version="v2""#);
    expect(v2, 0, &[(&with("a"), 0.04), (&with("b"), 0.04)]);
    expect("count(requests_total / on(instance) group_left queue_depth)", 0, &[("", 6.0)]);
    expect("count(queue_depth * on(instance) group_right requests_total)", 0, &[("", 6.0)]);
    expect("queue_depth == on(instance) queue_depth > 3", 0, &[(r#"instance="a:80""#, 4.0)]);
    expect("sum(queue_depth >= bool 4)", 0, &[("", 1.0)]);
    expect("count(queue_depth and on(instance) up == 1)", 95, &[("", 1.0)]);
    expect("count(up unless on(instance) queue_depth)", 95, &[("", 1.0)]);
    expect("count(count_over_time(queue_depth[30s]) unless queue_depth)", 95, &[("", 1.0)]);
    expect("count(count_over_time(queue_depth[30s]) and queue_depth)", 95, &[("", 1.0)]);
    // The name is not looked at: who has the depth of a queue is up.
    expect(r#"{__name__=~"up|queue_depth"} unless queue_depth"#, 0, &[]);
    expect("sum(queue_depth or vector(100))", 0, &[("", 107.0)]);
    let twice = evaluate(&ring(), "queue_depth / on(job) queue_depth", 0).unwrap_err();
    assert!(matches!(&twice, EvalError::Series(why) if why.contains("two series of one side")), "{twice}");
    let ring = ring();
    let same = evaluate(&ring, r#"rate({__name__=~"requests_total|took_bucket|up|queue_depth"}[1m])"#, 60_000);
    assert!(matches!(&same, Err(EvalError::Series(why)) if why.contains("the same labels")), "{same:?}");
    for sum in ["sum(rate({__name__=~\"up|queue_depth\"}[1m]))", "max(timestamp({__name__=~\"up|queue_depth\"}))"] {
        let same = evaluate(&ring, sum, 60_000);
        assert!(matches!(&same, Err(EvalError::Series(why)) if why.contains("the same labels")), "{sum}: {same:?}");
    }
    let apart = evaluate(&ring, "count(rate({__name__=~\"requests_total|up\"}[1m]))", 60_000);
    assert!(matches!(&apart, Ok(Value::Vector(one)) if one.len() == 1 && one[0].value > 7.5), "{apart:?}");
}

#[test]
fn a_large_estate_is_read_as_a_small_one_is() {
    let target = Target { job: "shop".to_owned(), instance: "a:80".to_owned() };
    let mut ring = Ring::new(Bounds::reaching(Millis::from_mins(5), Millis::from_secs(10)));
    for step in 0..2 {
        let line = |at: i64| format!("hits{{route=\"{at}\"}} {}\n", at + step);
        let body: String = (0..20_000).map(line).collect::<Vec<_>>().concat();
        ring.scraped(&target, step * 10 * SECOND, &read(body.as_bytes(), Format::Text).unwrap()).unwrap();
    }
    for (query, want) in [
        ("sum(increase(hits[10s])) / count(hits)", 1.0),
        (r#"count(hits unless hits{route=~".*7"})"#, 18_000.0),
        (r#"count(hits{route="7"} or hits{route="8"} or nothing)"#, 2.0),
    ] {
        let Value::Vector(vector) = evaluate(&ring, query, 10 * SECOND).unwrap() else { panic!("{query}: a scalar") };
        let values: Vec<f64> = vector.iter().map(|element| element.value).collect();
        assert_eq!(values, [want], "{query}");
    }
    let deep = vec!["up"; 300].join(" + ");
    let deep = evaluate(&ring, &deep, 10 * SECOND);
    assert!(matches!(&deep, Ok(Value::Vector(one)) if one.len() == 1), "{deep:?}");
    let refused = evaluate(&ring, "sum(hits) / sum(hits @ 10)", 10 * SECOND);
    assert!(matches!(refused, Err(EvalError::Unsupported { .. })), "{refused:?}");
}

#[test]
fn more_than_is_kept_is_not_computed() {
    let refused = evaluate(&ring(), "sum(rate(requests_total[5m] offset 2m))", 60_000).unwrap_err();
    assert_eq!(refused.to_string(), "the query looks back 7m, and samples are kept for 6m");
}

#[test]
fn labels_are_replaced_and_series_ranked() {
    let part = r#"label_replace(queue_depth{instance="a:80"}, "host", "$1", "instance", "(.*):.*")"#;
    expect(part, 0, &[(r#"host="a", instance="a:80", job="shop""#, 4.0)]);
    expect(r#"label_replace(vector(1), "part", "now", "", "")"#, 0, &[(r#"part="now""#, 1.0)]);
    expect(r#"label_replace(sum by (job) (up), "job", "", "job", "shop")"#, 0, &[("", 2.0)]);
    expect(r#"label_replace(sum by (job) (up), "job", "x", "job", "sho")"#, 0, &[(r#"job="shop""#, 2.0)]);
    expect("topk(1, queue_depth)", 0, &[(r#"instance="a:80", job="shop""#, 4.0)]);
    expect("bottomk by (job) (1, queue_depth)", 0, &[(r#"instance="b:80", job="shop""#, 3.0)]);
    expect("topk(0, queue_depth)", 0, &[]);
}

#[test]
fn scalars_are_computed() {
    for (query, want) in [
        ("1 + 2 * 3 ^ 2 % 5", 4.0),
        ("-2 ^ 2", -4.0),
        ("(1 > bool 2) + (2 >= bool 2)", 1.0),
        ("scalar(vector(7)) / 2", 3.5),
        ("scalar(queue_depth)", f64::NAN),
        ("time()", 0.0),
    ] {
        expect(query, 0, &[("scalar", want)]);
    }
    expect("absent(nothing{a=\"1\",b=~\"2\"})", 0, &[(r#"a="1""#, 1.0)]);
    expect("absent(queue_depth)", 0, &[]);
    expect("clamp_max(clamp_min(abs(vector(-7)), 2), 5)", 0, &[("", 5.0)]);
}

#[test]
fn what_it_does_not_know_is_named_with_its_place() {
    for (query, what, at) in [
        ("1 + hour(queue_depth)", "the function hour()", Some(4)),
        ("queue_depth @ 5", "the modifier @", Some(12)),
        (r#"sum(hour(up{a="hour @"}))"#, "the function hour()", Some(4)),
        (r#"up{a="month"} + month(up)"#, "the function month()", Some(16)),
    ] {
        match check(query) {
            Err(EvalError::Unsupported { what: got, at: place }) => {
                assert_eq!((got.as_str(), place), (what, at), "{query}");
            }
            other => panic!("{query}: {other:?}"),
        }
    }
    assert!(matches!(check("sum("), Err(EvalError::Syntax(_))));
    assert!(matches!(check("requests_total[5m]"), Err(EvalError::Syntax(_))));
    let known = "histogram_quantile(0.95, sum by (le) (rate(x_bucket[10m] offset 1m)))";
    assert_eq!(check(known), Ok(Millis::from_mins(11)));
}
