//! `warroom check --live`: every query is asked once, of a real Prometheus and of one that is down.

use crate::support::prometheus::Prometheus;
use crate::support::service::Service;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

const CHECKLIST: &str = "\
# Shop v2

## Ramp
- [ ] 10% traffic - monitor 10 minutes
  - [ ] Error rate < 1%
  - [ ] Checkout time p95 < 400ms
  - [ ] Cache hits > 90%
  - [ ] Health endpoint responds

## Rollback triggers
- [ ] Error rate > 0.1%
";

const METRICS: &str = "error_ratio{pod=\"a\"} 0.002\nerror_ratio{pod=\"b\"} 0.001\ncheckout_seconds 0.45\n";

fn bindings(url: &str, health: &str) -> String {
    format!(
        "checklist = \"shop.md\"\n[source.prod]\nkind = \"prometheus\"\nurl = \"{url}\"\nevery = \"1s\"\n\
         [metric.\"error rate\"]\nquery = \"error_ratio\"\nunit = \"ratio\"\n\
         [metric.\"checkout time p95\"]\nquery = \"max(checkout_seconds)\"\nunit = \"seconds\"\n\
         [metric.\"cache hits\"]\nquery = \"cache_hit_ratoi\"\nunit = \"ratio\"\n\
         [health.shop]\nurl = \"{health}\"\nphrases = [\"health endpoint responds\"]\n"
    )
}

fn check(folder: &Path, arguments: &[&str]) -> Output {
    let plan = folder.join("shop.toml");
    Command::new(env!("CARGO_BIN_EXE_warroom")).arg("check").arg(plan).args(arguments).output().expect("warroom runs")
}

fn night(url: &str, health: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("shop.md"), CHECKLIST).expect("a file");
    fs::write(folder.path().join("shop.toml"), bindings(url, health)).expect("a file");
    folder
}

fn live(output: &Output) -> Value {
    let read: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    read["live"].clone()
}

#[test]
fn every_query_is_asked_once_and_says_what_it_stands_at() {
    let service = Service::start(METRICS);
    let Some(server) = Prometheus::start(&[service.target()], Duration::from_secs(1)) else { return };
    let folder = night(&server.url(), &service.health_url());
    // It is asked until the first scrape has been made, which may be five seconds from now: what is there then is
    // asserted below.
    let scraped = || {
        let read = live(&check(folder.path(), &["--live", "--format", "json"]));
        (read["measured"][0]["why"].is_null()).then_some(read)
    };
    let until = std::iter::repeat_with(scraped).take(5_000);
    let read = until.flatten().next().expect("Prometheus scrapes once a second");

    let [errors, time, hits, trigger] = read["measured"].as_array().expect("a list").as_slice() else {
        panic!("{read:#}")
    };
    let figure = |of: &Value, name: &str| of[name].as_f64().unwrap_or_else(|| panic!("{name}: {of:#}"));
    assert_eq!((errors["line"].clone(), errors["limit"].clone()), (5.into(), "< 1 %".into()));
    assert_eq!((figure(errors, "value"), figure(errors, "limit_converted")), (0.002, 0.01));
    assert_eq!((errors["series"].clone(), errors["true"].clone()), (2.into(), true.into()));
    assert!(errors["labels"].as_str().is_some_and(|labels| labels.contains("pod=\"a\"")), "the worst: {errors:#}");
    assert!((0.0..15.0).contains(&figure(errors, "age_seconds")), "{errors:#}");

    assert_eq!((figure(time, "value"), figure(time, "limit_converted")), (0.45, 0.4));
    assert_eq!((time["true"].clone(), time["unit"].clone()), (false.into(), "s".into()));

    assert_eq!((hits["value"].clone(), hits["why"]["code"].clone()), (Value::Null, "no-data".into()));
    assert!(hits["why"]["detail"].as_str().is_some_and(|why| why.contains("cache_hit_ratoi")), "{hits:#}");
    assert_eq!((trigger["kind"].clone(), trigger["true"].clone()), ("trigger".into(), true.into()));
    assert_eq!(read["health"][0]["is"], "up");

    let told = check(folder.path(), &["--live"]);
    assert_eq!(told.status.code(), Some(4), "a query with a slip gives nothing");
    let told = String::from_utf8_lossy(&told.stdout).into_owned();
    for words in [
        "error rate < 1 %  (line 5)\n      0.2 %, holds: 0.002 < 0.01 ratio; data ",
        "old, 2 series\n",
        "checkout time p95 < 400 ms  (line 6)\n      450 ms, DOES NOT HOLD: 0.45 < 0.4 s; data ",
        "cache hits > 90 %  (line 7)\n      NOT KNOWN, no-data: no samples of cache_hit_ratoi",
        "trigger: error rate > 0.1 %  (line 11)\n      0.2 %, TRUE NOW: 0.002 > 0.001 ratio; data ",
        "health shop\n      up, answered in ",
    ] {
        assert!(told.contains(words), "{words}\n\n{told}");
    }
}

#[test]
fn a_source_that_is_down_is_the_reason_of_each_of_its_lines() {
    let mut gone = Service::start("");
    let (url, health) = (format!("http://{}", gone.target()), gone.health_url());
    gone.shut();
    let folder = night(&url, &health);
    let told = check(folder.path(), &["--live", "--format", "json"]);
    assert_eq!(told.status.code(), Some(4));
    let read = live(&told);
    for each in read["measured"].as_array().expect("a list") {
        assert_eq!(
            (each["why"]["code"].clone(), each["true"].clone()),
            ("source-down".into(), Value::Null),
            "{each:#}"
        );
    }
    assert_eq!(read["health"][0]["is"], "down");
    let told = check(folder.path(), &["--live"]);
    let told = String::from_utf8_lossy(&told.stdout).into_owned();
    assert!(told.contains("NOT KNOWN, source-down: "), "{told}");
}

#[test]
fn nobody_is_asked_about_a_plan_that_cannot_be_run_or_binds_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("shop.md"), CHECKLIST).expect("a file");
    fs::write(folder.path().join("shop.toml"), "checklist = \"shop.md\"\n").expect("a file");
    let told = check(folder.path(), &["--live"]);
    assert_eq!(told.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&told.stdout).contains("nothing is bound: there is nobody to ask"));
    fs::write(folder.path().join("shop.toml"), "checklist = \"shop.md\"\nnonsense = 1\n").expect("a file");
    let told = check(folder.path(), &["--live"]);
    assert_eq!(told.status.code(), Some(5));
    assert!(!String::from_utf8_lossy(&told.stdout).contains("Live, asked"));
}
