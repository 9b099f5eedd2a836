//! `warroom backtest` over what a real Prometheus remembers: a good quarter of a minute, a bad moment,
//! and good again. The limit is broken once, the trigger trips once, and the soak begins again once.

use crate::support::plan;
use crate::support::prometheus::Prometheus;
use crate::support::service::Service;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;
use warroom::clock::Clock;
use warroom::observe::past::values;
use warroom::observe::span::Span;
use warroom::text::Millis;

const CHECKLIST: &str = "\
# Shop v2

## Ramp
- [ ] 10% traffic - monitor 10 minutes
  - [ ] Error rate < 1%
- [ ] 50% traffic - monitor 1 hour
  - [ ] Error rate < 1%

## Rollback triggers
- [ ] Error rate > 10%
";

fn bindings(url: &str) -> String {
    format!(
        "checklist = \"shop.md\"\n[source.prod]\nkind = \"prometheus\"\nurl = \"{url}\"\nevery = \"1s\"\n\
         [metric.\"error rate\"]\nquery = \"max(error_ratio)\"\nunit = \"ratio\"\n\
         [stage.\"10%\"]\nsoak = \"4s\"\n"
    )
}

/// Waits until Prometheus has scraped a value so often within the last two minutes.
async fn scraped(url: &str, value: &str, times: f64) {
    let (plan, clock) = (plan::asking(url, &["up"]), Clock::real());
    let query = format!("sum(count_over_time((error_ratio == {value})[2m:1s]))");
    let search = async {
        loop {
            let now = clock.now().at;
            let rows = values(&plan.sources[0], &query, Span { from: now, to: now, step: Millis(1_000) }, clock).await;
            let counted = rows.expect("an answer").first().and_then(|row| row.points.first()).map(|point| point.1);
            if counted.is_some_and(|counted| counted >= times) {
                return;
            }
            clock.sleep(Millis(100)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(90), search).await.expect("it is scraped");
}

fn backtest(folder: &Path, arguments: &[&str]) -> Output {
    let plan = folder.join("shop.toml").display().to_string();
    let mut command = Command::new(env!("CARGO_BIN_EXE_warroom"));
    command.args(["backtest", &plan]).args(arguments).current_dir(folder).output().expect("warroom runs")
}

#[tokio::test]
async fn one_bad_moment_breaks_the_limit_once() {
    let service = Service::start("error_ratio 0.002\n");
    let Some(server) = Prometheus::start(&[service.target()], Duration::from_secs(1)) else { return };
    scraped(&server.url(), "0.002", 12.0).await;
    service.expose("error_ratio 0.4\n");
    scraped(&server.url(), "0.4", 4.0).await;
    service.expose("error_ratio 0.003\n");
    scraped(&server.url(), "0.003", 8.0).await;

    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("shop.md"), CHECKLIST).expect("a file");
    fs::write(folder.path().join("shop.toml"), bindings(&server.url())).expect("a file");
    let told = backtest(folder.path(), &["--from", "2m", "--format", "json", "--page", "page.html"]);
    assert_eq!(told.status.code(), Some(0), "{}", String::from_utf8_lossy(&told.stderr));
    let told: Value = serde_json::from_slice(&told.stdout).expect("JSON");

    let [ten, fifty] = told["stages"].as_array().expect("stages").as_slice() else { panic!("{told:#}") };
    let trials = ten["trials"].as_array().expect("trials");
    assert!(trials.len() >= 3, "a soak of four seconds is earned again and again: {ten:#}");
    let least = |trial: &Value| trial["took_seconds"].as_f64().expect("a span");
    assert!(trials.iter().all(|trial| least(trial) >= 4.0), "{trials:#?}");
    assert_eq!(ten["resets"], 1, "{ten:#}");
    assert_eq!(fifty["trials"], Value::Array(vec![]), "an hour does not fit into two minutes");
    assert!(fifty["under_way"]["soak_seconds"].as_f64().is_some_and(|soak| soak < 60.0), "{fifty:#}");

    let gate = &ten["gates"][0];
    assert_eq!((&gate["name"], &gate["limit"]), (&"error rate".into(), &"< 1 %".into()), "{gate:#}");
    let [breach] = gate["breaches"].as_array().expect("breaches").as_slice() else { panic!("{gate:#}") };
    assert_eq!((&breach["worst"], &gate["worst"]), (&0.4.into(), &0.4.into()), "{gate:#}");
    assert!(gate["within"]["0.5"].as_f64().is_some_and(|value| value < 0.01), "{gate:#}");
    assert!(
        gate["unknown_seconds"]["no-data"].as_f64().is_some_and(|span| span > 10.0),
        "it was not there yet: {gate:#}"
    );
    let trips = told["triggers"][0]["trips"].as_array().expect("trips");
    assert!(trips.len() == 1 && trips[0]["on"].as_str().is_some_and(|on| on.contains("40 %")), "{told:#}");

    let page = fs::read_to_string(folder.path().join("page.html")).expect("a page");
    for part in
        ["<h1>Shop v2</h1>", "error rate &lt; 1 %", "<svg class=\"chart\"", "class=\"rollback\"", "class=\"limit\""]
    {
        assert!(page.contains(part), "{part} is not on the page");
    }
    assert!(!page.contains("<script"), "a page needs none");

    let told = backtest(folder.path(), &["--from", "2m"]);
    let told = String::from_utf8_lossy(&told.stdout).into_owned();
    for line in ["10%  soak 4s", "it began again once", "error rate < 1 %: broken once", "would have tripped once"] {
        assert!(told.contains(line), "{line} is not told:\n{told}");
    }
}

#[test]
fn what_cannot_be_looked_at_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("shop.md"), CHECKLIST).expect("a file");
    // Nobody listens there.
    fs::write(folder.path().join("shop.toml"), bindings("http://127.0.0.1:9")).expect("a file");
    for (arguments, code, words) in [
        (&["--from", "10s"][..], 4, "error rate < 1 %: never measured"),
        (&["--from", "yesterday"], 2, "is no time"),
        (&["--from", "now"], 2, "--from must be before --to"),
        (&["--from", "1h", "--step", "0s"], 2, "longer than nothing"),
    ] {
        let told = backtest(folder.path(), arguments);
        let said = String::from_utf8_lossy(&[told.stdout, told.stderr].concat()).into_owned();
        assert_eq!(told.status.code(), Some(code), "{said}");
        assert!(said.contains(words), "{said}");
    }
    fs::write(folder.path().join("shop.toml"), "checklist = \"shop.md\"\nnonsense = 1\n").expect("a file");
    assert_eq!(backtest(folder.path(), &["--from", "1h"]).status.code(), Some(5));
}
