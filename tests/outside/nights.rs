//! `warroom test` as it is used on the shell and in CI.

use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Output};

fn test(folder: &str, arguments: &[&str]) -> Output {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/nights").join(folder);
    let mut command = Command::new(env!("CARGO_BIN_EXE_warroom"));
    command.current_dir(folder).arg("test").args(arguments).output().expect("the program starts")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

#[test]
fn the_shell_sees_what_held_and_what_did_not() {
    trycmd::TestCases::new().case("tests/nights/*.trycmd").run();
}

#[test]
fn programs_read_the_same_story() {
    let output = test("text.in", &["--format", "json", "nights"]);
    assert_eq!(output.status.code(), Some(3));
    let document: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(document["format"], 1);
    assert_eq!(document["totals"], json!({ "passed": 1, "failed": 1, "invalid": 0 }));
    assert_eq!(document["passed_over"], json!(["nights/checkout.toml"]));
    let [breach, quiet] = document["scenarios"].as_array().expect("a list").as_slice() else {
        panic!("two scenarios: {document:#}");
    };
    assert_eq!((&breach["file"], &breach["result"]), (&json!("nights/breach.toml"), &json!("failed")));
    assert_eq!((&quiet["result"], &quiet["failures"], &quiet["problems"]), (&json!("passed"), &json!([]), &json!([])));
    let expected = breach["failures"].as_array().and_then(|failures| failures.last()).expect("a failure");
    assert_eq!(expected["t"], "10m10s");
    assert_eq!(expected["t_ms"], 610_000);
    assert_eq!(expected["line"], 18);
    assert_eq!(expected["misses"], json!(["verdict: expected GO, got HOLD", "resets: expected 0, got 1"]));
    assert_eq!(expected["verdict"], "HOLD");
    assert_eq!(expected["reasons"][0]["code"], "soaking");
    assert!(breach["timeline"].as_array().is_some_and(|told| told.iter().any(|told| told["what"] == "HOLD")));
}

#[test]
fn programs_read_where_a_slip_is() {
    let output = test("broken.in", &["--format", "json", "bindings.toml", "slips.toml", "nowhere.toml"]);
    assert_eq!(output.status.code(), Some(5));
    let document: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let problem = |at: usize| {
        let problem = &document["scenarios"][at]["problems"][0];
        (problem["file"].clone(), problem["line"].clone(), problem["column"].clone())
    };
    assert_eq!(problem(0), (json!("bound.toml"), json!(4), json!(1)));
    assert_eq!(problem(1), (json!("slips.toml"), json!(7), json!(1)));
    assert_eq!(problem(2), (json!("nowhere.toml"), json!(2), json!(8)));
    assert_eq!(document["totals"]["invalid"], 3);
}

#[test]
fn ci_reads_xml_that_is_whole() {
    let output = test("text.in", &["--format", "junit", "nights"]);
    assert_eq!(output.status.code(), Some(3));
    insta::assert_snapshot!("junit", stdout(&output));
}

#[test]
fn outside_text_cannot_break_the_xml_nor_the_terminal() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("evil.toml");
    let evil = "about = \"</testcase>\\u001b[31m & \\\"co\\\"\"\nplan = \"# Nothing\"\n";
    std::fs::write(&path, evil).expect("a file");
    let path = path.display().to_string();
    let xml = stdout(&test("text.in", &["--format", "junit", &path]));
    assert!(xml.contains("name=\"&lt;/testcase&gt;\u{fffd}[31m &amp; &quot;co&quot;\""), "{xml}");
    assert!(!xml.contains('\u{1b}'));
    assert_eq!(xml.matches("</testcase>").count(), 1);
    assert!(!stdout(&test("text.in", &[&path])).contains('\u{1b}'));
}

#[test]
fn a_directory_without_a_scenario_is_a_mistake_in_the_command() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("bound.toml"), "[source.prod]\n").expect("a file");
    let output = test("text.in", &[&folder.path().display().to_string()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("there is no scenario in"));
}

#[test]
fn the_examples_of_the_documentation_hold() {
    let page = include_str!("../../docs/scenarios.md");
    let folder = tempfile::tempdir().expect("a folder");
    let blocks = page.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap_or_default());
    let mut count = 0;
    for (at, block) in blocks.enumerate() {
        std::fs::write(folder.path().join(format!("{at}.toml")), block).expect("a file");
        count += 1;
    }
    let output = test("text.in", &[&folder.path().display().to_string()]);
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    assert!(count >= 3 && stdout(&output).contains(&format!("{count} nights: {count} held")), "{}", stdout(&output));
}

#[test]
fn the_documentation_names_every_command() {
    let page = include_str!("../../docs/scenarios.md");
    for (usage, _) in warroom::session::command::usage() {
        let word = usage.split_whitespace().next().unwrap_or_default().trim_end_matches('!');
        assert!(page.contains(&format!("`{word}")), "docs/scenarios.md does not name \"{word}\"");
    }
}
