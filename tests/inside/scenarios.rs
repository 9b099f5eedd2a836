//! Nights that must be judged as the specification says: every file under `tests/scenarios`, and
//! those of the directory in `WARROOM_SCENARIOS`.
//!
//! All failures are reported at once, each with its file, its moment, what was expected, what it
//! was, and the timeline of the night.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use warroom::rehearse::{self, Night, Scenario};

/// The scenario files of a directory and of those in it, in the order of their names.
fn files(directory: &Path) -> Vec<PathBuf> {
    let entries =
        fs::read_dir(directory).unwrap_or_else(|error| panic!("cannot read {}: {error}", directory.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a directory entry").path()).collect();
    paths.sort();
    let is_scenario = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "toml");
    let within = |path: PathBuf| {
        if path.is_dir() { files(&path) } else { Some(path).filter(is_scenario).into_iter().collect() }
    };
    paths.into_iter().flat_map(within).collect()
}

/// Runs the night of a file; the plan and the bindings that it names stand beside it.
fn rehearse(path: &Path) -> Result<(Scenario, Night), String> {
    let read =
        |path: &Path| fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()));
    let beside = |name: &str| read(&path.with_file_name(name));
    let scenario = Scenario::parse(&read(path)?, &beside).map_err(|error| error.to_string())?;
    let night = rehearse::run(&scenario).map_err(|error| error.to_string())?;
    Ok((scenario, night))
}

/// What is wrong with the night of a file, and how it went; nothing where all of it held.
fn complaint(path: &Path) -> Option<String> {
    let mut text = format!("{}\n", path.display());
    match rehearse(path) {
        Err(error) => write!(text, "  it cannot be run: {}", error.replace('\n', "\n  ")),
        Ok((_, night)) if night.failures.is_empty() => return None,
        Ok((scenario, night)) => write!(
            text,
            "  {}\n\n  {}\n\n  the night:\n    {}",
            scenario.about,
            lines(&night.failures, "\n  "),
            lines(&night.timeline, "\n    ")
        ),
    }
    .expect("writing to a string");
    Some(text)
}

/// Each of a list, its lines set in.
fn lines<T: ToString>(list: &[T], end: &str) -> String {
    list.iter().map(|each| each.to_string().replace('\n', end)).collect::<Vec<_>>().join(end)
}

#[test]
fn every_night_is_judged_as_the_specification_says() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let given = std::env::var_os("WARROOM_SCENARIOS").map(PathBuf::from);
    let mut run = 0;
    let mut complaints = Vec::new();
    for directory in std::iter::once(own).chain(given) {
        let nights = files(&directory);
        assert!(!nights.is_empty(), "there is no scenario in {}", directory.display());
        run += nights.len();
        complaints.extend(nights.iter().filter_map(|path| complaint(path)));
    }
    println!("{run} nights were rehearsed");
    let failed = complaints.len();
    assert!(complaints.is_empty(), "{failed} of {run} nights were judged otherwise:\n\n{}\n", complaints.join("\n\n"));
}

/// What a page names in backticks with one of these endings.
fn named<'p>(page: &'p str, ending: &'p str) -> impl Iterator<Item = &'p str> {
    page.split('`').skip(1).step_by(2).filter(move |name| name.ends_with(ending) && !name.contains(' '))
}

#[test]
fn every_rule_names_nights_that_there_are_and_every_night_is_a_rules() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let nights = root.join("tests/scenarios");
    let page = fs::read_to_string(nights.join("RULES.md")).expect("the list of rules");
    let is_rule = |line: &&str| line.starts_with("- ");
    for rule in page.lines().filter(is_rule) {
        let holders = named(rule, ".toml").chain(named(rule, ".rs")).count();
        assert!(holders > 0, "nothing holds the judgement to it: {rule}");
    }
    let gone =
        named(&page, ".toml").map(|name| nights.join(name)).chain(named(&page, ".rs").map(|name| root.join(name)));
    let gone: Vec<_> = gone.filter(|path| !path.is_file()).collect();
    assert!(gone.is_empty(), "RULES.md names what is not there: {gone:?}");
    let unnamed = files(&nights).into_iter().filter(|path| {
        let name = path.strip_prefix(&nights).expect("a night of the folder").to_string_lossy().replace('\\', "/");
        named(&page, ".toml").all(|known| known != name)
    });
    let unnamed: Vec<_> = unnamed.collect();
    assert!(unnamed.is_empty(), "RULES.md does not say what these hold: {unnamed:?}");
}

/// A short night with one more line in its last moment.
fn short_night(line: &str) -> Result<Night, String> {
    let text = format!(
        r#"
about = "a short night"
plan = """
## Ramp
- [ ] 10% traffic - monitor 1 minute
  - [x] Error rate < 0.1%

## Rollback triggers
- Error rate > 5%
"""
bindings = """
[source.prod]
kind = "prometheus"
url = "http://127.0.0.1:9090"
every = "5s"
[metric."error rate"]
query = "job:error_ratio"
unit = "ratio"
"""
[[at]]
t = "0s"
readings = {{ "error rate" = 0.0004 }}
do = ["as Ana: start 10%", "moved"]
[[at]]
t = "30s"
{line}
"#
    );
    let scenario = Scenario::parse(&text, &|name| Err(format!("no file {name}"))).map_err(|error| error.to_string())?;
    rehearse::run(&scenario).map_err(|error| error.to_string())
}

#[test]
fn what_is_expected_wrongly_is_reported() {
    for (line, complaint) in [
        (r#"expect = { verdict = "GO" }"#, "expected GO, got HOLD"),
        (r#"expect = { reasons = ["failing error rate"] }"#, r#"expected "failing error rate""#),
        (r#"expect = { no_reasons = ["soaking"] }"#, r#"did not expect "soaking""#),
        (r"expect = { only_reasons = [] }", "expected only []"),
        (r#"expect = { only_reasons = ["soaking", "held"] }"#, "expected only [soaking, held]"),
        (r#"expect = { soak_left = "20s" }"#, "expected 20s, got 30s"),
        (r"expect = { resets = 1 }", "expected 1, got 0"),
        (r#"expect = { stage = "25%" }"#, r#"expected "25%", got "10%""#),
        (r#"expect = { gates = { "error rate" = "failing" } }"#, "expected failing, got pass"),
        (r#"expect = { gates = { "latency" = "pass" } }"#, "no such gate"),
        (r#"expect = { triggers = { "error rate" = "tripped" } }"#, "expected tripped, got armed"),
        (r#"expect = { triggers = { "latency" = "armed" } }"#, "trigger latency"),
        (r#"expect = { outcome = "succeeded" }"#, "expected succeeded, got none"),
        (r#"do = ["as Ana: promote"]"#, "was refused"),
        (r#"do = ["refused: as Ana: hold wait"]"#, "was to be refused, and was not"),
    ] {
        let failures = short_night(line).expect("a night that can be run").failures;
        assert_eq!(failures.len(), 1, "{line}: {failures:?}");
        assert!(failures[0].to_string().contains(complaint), "{line}: {failures:?}");
    }
}

#[test]
fn what_is_expected_rightly_is_not() {
    let line =
        r#"expect = { verdict = "HOLD", reasons = ["soaking"], no_reasons = ["held"], only_reasons = ["soaking"],
        soak_left = "30s", resets = 0, stage = "10%", gates = { "error rate" = "pass" },
        triggers = { "error rate" = "armed" } }"#
            .replace("\n        ", " ");
    assert_eq!(short_night(&line).expect("a night that can be run").failures, []);
}

#[test]
fn what_is_no_scenario_cannot_be_run() {
    for (line, complaint) in [
        ("expect = { verdikt = \"GO\" }", "verdikt"),
        ("surprise = 1", "surprise"),
        ("readings = { \"latency\" = 1 }", "no metric \"latency\""),
        ("readings = { \"error rate\" = \"gone\" }", "\"empty\""),
        ("health = { api = \"down\" }", "no health endpoint \"api\""),
        ("sleep = \"soon\"", "soon"),
    ] {
        let error = short_night(line).expect_err("no scenario");
        assert!(error.contains(complaint), "{line}: {error}");
    }
}
