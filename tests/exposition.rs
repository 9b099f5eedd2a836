//! The exposition reader: what it must read whole, what it must refuse and where, and that nothing
//! an exporter can write is read as something else.
//!
//! `WARROOM_EXPOSITION_CASES=DIR` adds a directory of outside cases: a folder each, with `metrics`
//! and `test.json`, as in the OpenMetrics repository's `tests/testdata/parsers`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use proptest::prelude::*;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use warroom::promql::exposition::{Format, Malformed, Sample, read};

fn text(body: &str) -> Result<Vec<Sample>, Malformed> {
    read(body.as_bytes(), Format::Text)
}

fn open(body: &str) -> Result<Vec<Sample>, Malformed> {
    read(body.as_bytes(), Format::OpenMetrics)
}

fn sample(name: &str, labels: &[(&str, &str)], value: f64, timestamp_ms: Option<i64>) -> Sample {
    let labels = labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Sample { name: name.to_owned(), labels, value, timestamp_ms }
}

#[test]
fn reads_what_the_crate_behind_it_misreads() {
    for (line, want) in [
        ("job:up:sum 1", sample("job:up:sum", &[], 1.0, None)),
        ("a{} 1", sample("a", &[], 1.0, None)),
        (r#"a{path="/u/{id}",y="z"} 1"#, sample("a", &[("path", "/u/{id}"), ("y", "z")], 1.0, None)),
        (r#"{"http.requests",x="1"} 5"#, sample("http.requests", &[("x", "1")], 5.0, None)),
        (r#"{"größe"} 5"#, sample("größe", &[], 5.0, None)),
        (r#"a{"k8s.pod"="p"} 5"#, sample("a", &[("k8s.pod", "p")], 5.0, None)),
        (r#"a { x="1" } 1"#, sample("a", &[("x", "1")], 1.0, None)),
        (r#"a{x="1"}1"#, sample("a", &[("x", "1")], 1.0, None)),
        (r#"a{path="/q?a=b",y="z"} 1"#, sample("a", &[("path", "/q?a=b"), ("y", "z")], 1.0, None)),
        (r#"a{x="1,2"} 1"#, sample("a", &[("x", "1,2")], 1.0, None)),
        (r#"a{y="2", x="1"} 1"#, sample("a", &[("x", "1"), ("y", "2")], 1.0, None)),
        (r#"a{x="say \"hi\""} 1"#, sample("a", &[("x", "say \"hi\"")], 1.0, None)),
        (r#"a{x="C:\\new\\\n"} 1"#, sample("a", &[("x", "C:\\new\\\n")], 1.0, None)),
        (r#"a{x=""} 1"#, sample("a", &[("x", "")], 1.0, None)),
        (r#"a{x="%2c",} 1"#, sample("a", &[("x", "%2c")], 1.0, None)),
        ("a{x=\"\t # \u{2028}\"} 1", sample("a", &[("x", "\t # \u{2028}")], 1.0, None)),
        (r#"h_bucket{p="a,b",le="+Inf"} 3"#, sample("h_bucket", &[("le", "+Inf"), ("p", "a,b")], 3.0, None)),
        ("a 1 1700000000500", sample("a", &[], 1.0, Some(1_700_000_000_500))),
        ("  a\t-Inf  -5 ", sample("a", &[], f64::NEG_INFINITY, Some(-5))),
        ("a 1e-320", sample("a", &[], 1e-320, None)),
        ("named_by_label 1", sample("named_by_label", &[], 1.0, None)),
    ] {
        assert_eq!(text(&format!("{line}\n")), Ok(vec![want]), "{line}");
    }
}

#[test]
fn reads_a_whole_body_in_its_order() {
    let body = "# a comment\n\n# HELP h Time \\n taken.\n# TYPE h histogram\n\
                h_bucket{le=\"0.1\"} 2\nh_bucket{le=\"+Inf\"} 3\nh_sum 0.4\nh_count 3\n\
                # TYPE s summary\ns{quantile=\"0.5\"} NaN\ns_sum 0\ns_count 0\n#TYPE c counter\nc 7\n";
    let read = text(body).unwrap();
    let names: Vec<_> = read.iter().map(|sample| sample.name.as_str()).collect();
    assert_eq!(names, ["h_bucket", "h_bucket", "h_sum", "h_count", "s", "s_sum", "s_count", "c"]);
    assert!(read[4].value.is_nan());
    assert_eq!(text(""), Ok(vec![]));
}

#[test]
fn refuses_text_that_is_malformed_and_says_where() {
    for (body, line, problem) in [
        ("a 1\nrequests_total 98765", 2, "a newline at the end"),
        ("a 1\nb 2\n<html>502 Bad Gateway</html>\n", 3, "a metric name, got \"<html>"),
        ("{\"status\":\"UP\"}\n", 1, "behind a label, got \":"),
        ("[]\n", 1, "a metric name"),
        ("null\n", 1, "a number as the value, got the end of the line"),
        ("a b\n", 1, "a number as the value, got \"b\""),
        ("a 1_000\n", 1, "a number"),
        ("a 0x1p-3\n", 1, "a number"),
        ("a 1e400\n", 1, "fits into 64 bits"),
        ("a -nan\n", 1, "a number"),
        ("a 1\r\n", 1, "a number"),
        ("a 1 2.5\n", 1, "whole milliseconds"),
        ("a 1 2 3\n", 1, "the end of the line"),
        ("a{x='1'} 1\n", 1, "double quotes"),
        ("a{x=1} 1\n", 1, "double quotes"),
        ("a{x} 1\n", 1, "\"=\" behind a label name"),
        ("a{x=\"1} 1\n", 1, "a closing double quote"),
        ("a{x=\"\\t\"} 1\n", 1, "one of the escapes"),
        ("a{x=\"1\"y=\"2\"} 1\n", 1, "\",\" or \"}\""),
        ("a{,} 1\n", 1, "a label name"),
        ("a{x=\"1\",x=\"2\"} 1\n", 1, "each label once"),
        ("a{__name__=\"b\"} 1\n", 1, "a label name of its own"),
        ("a{1x=\"1\"} 1\n", 1, "a label name"),
        ("{x=\"1\"} 1\n", 1, "a metric name, got labels only"),
        ("a{\"b\"} 1\n", 1, "\"=\" behind a label name"),
        ("1a 1\n", 1, "a metric name"),
        ("a-b 1\n", 1, "a blank or \"{\""),
        ("a 1\na 2\n", 2, "each series once"),
        ("a{x=\"\"} 1\na 2\n", 2, "each series once"),
        ("# TYPE a counter\n# TYPE a gauge\n", 2, "one TYPE for a"),
        ("# HELP a x\n# HELP a y\n", 2, "one HELP for a"),
        ("a 1\n# TYPE a counter\n", 2, "before its samples"),
        ("# TYPE a meter\n", 1, "counter, gauge"),
        ("# TYPE h histogram\nh_bucket{le=\"fast\"} 1\n", 2, "a number as the label le"),
        ("# TYPE s summary\ns{quantile=\"half\"} 1\n", 2, "a number as the label quantile"),
    ] {
        let refused = text(body).expect_err(body);
        assert_eq!(refused.line, line, "{body}: {refused}");
        assert!(refused.problem.contains(problem), "{body}: {refused}");
    }
    assert_eq!(read(b"a 1\n\xff 2\n", Format::Text).unwrap_err().line, 2);
}

#[test]
fn what_it_quotes_cannot_reach_the_terminal_raw() {
    let refused = text("a \u{1b}[31m\u{202e}x\n").unwrap_err().to_string();
    assert!(!refused.contains(['\u{1b}', '\u{202e}']), "{refused}");
}

#[test]
fn reads_open_metrics() {
    let body = "# TYPE job:a_seconds counter\n# UNIT job:a_seconds seconds\n# HELP job:a_seconds help \n\
                job:a_seconds_total{x=\"b\\a \"} 2 1700000000.5 # {trace=\"},=\"} 0.5 1\n\
                job:a_seconds_created{x=\"b\\a \"} 1 1700000000.5\n# TYPE s stateset\ns{s=\"on\"} 1\n# EOF\n";
    let want = [
        sample("job:a_seconds_total", &[("x", "b\\a ")], 2.0, Some(1_700_000_000_500)),
        sample("job:a_seconds_created", &[("x", "b\\a ")], 1.0, Some(1_700_000_000_500)),
        sample("s", &[("s", "on")], 1.0, None),
    ];
    assert_eq!(open(body), Ok(want.to_vec()));
    assert_eq!(open("# EOF"), Ok(vec![]));
}

#[test]
fn refuses_open_metrics_that_break_its_rules() {
    for (body, line, problem) in [
        ("a 1\n", 2, "# EOF"),
        ("", 1, "# EOF"),
        ("a 1\n# EOF\n\n", 3, "nothing behind"),
        ("a 1\n# EOF\nb 2", 3, "nothing behind"),
        ("a 1\n\n# EOF\n", 2, "a metric name"),
        ("a  1\n# EOF\n", 1, "a number"),
        ("a 1 \n# EOF\n", 1, "seconds as the timestamp"),
        ("a 1 Inf\n# EOF\n", 1, "seconds as the timestamp"),
        ("a{x=\"1\",} 1\n# EOF\n", 1, "a label name"),
        ("a{x=\"1\"}1\n# EOF\n", 1, "one space"),
        ("# note\na 1\n# EOF\n", 1, "# HELP, # TYPE"),
        ("# TYPE a untyped\n# EOF\n", 1, "OpenMetrics types"),
        ("# TYPE a counter\na 1\n# EOF\n", 2, "together"),
        ("# TYPE a counter\na_total -1\n# EOF\n", 2, "a count from 0 up"),
        ("# TYPE a gauge\na{b=\"1\"} 1\nc 1\na{b=\"2\"} 1\n# EOF\n", 4, "together"),
        ("a{b=\"1\"} 1\na{b=\"1\"} 1\n# EOF\n", 2, "each series once"),
        ("# TYPE a histogram\na_bucket{le=\"1\"} 1\n# EOF\n", 1, "a bucket +Inf"),
        ("a 1 # {} 1\n# EOF\n", 1, "no exemplar"),
    ] {
        let refused = open(body).expect_err(body);
        assert_eq!(refused.line, line, "{body}: {refused}");
        assert!(refused.problem.contains(problem), "{body}: {refused}");
    }
}

#[test]
fn tells_the_format_by_the_content_type() {
    for (header, want) in [
        (None, Some(Format::Text)),
        (Some("text/plain; version=0.0.4; charset=utf-8"), Some(Format::Text)),
        (Some("text/plain"), Some(Format::Text)),
        (Some("application/openmetrics-text; version=1.0.0; charset=utf-8"), Some(Format::OpenMetrics)),
        (Some("text/html; charset=utf-8"), None),
        (Some("application/json"), None),
        (Some("text/plain; version=2"), None),
    ] {
        assert_eq!(Format::of(header).ok(), want, "{header:?}");
    }
}

#[test]
fn outside_cases() {
    let Some(cases) = std::env::var_os("WARROOM_EXPOSITION_CASES") else { return };
    let (mut passed, mut failed) = (0, Vec::new());
    let mut folders: Vec<_> = fs::read_dir(&cases).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    for folder in folders.iter().filter(|folder| folder.join("test.json").is_file()) {
        match outside_case(folder) {
            Ok(()) => passed += 1,
            Err(why) => failed.push(format!("{}: {why}", folder.display())),
        }
    }
    println!("exposition cases: {passed} passed, {} failed", failed.len());
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(passed > 0, "no case in {}", cases.display());
}

fn outside_case(folder: &Path) -> Result<(), String> {
    let case: serde_json::Value = serde_json::from_slice(&fs::read(folder.join("test.json")).unwrap()).unwrap();
    let body = fs::read(folder.join(case["file"].as_str().unwrap())).unwrap();
    let format = Format::of(case["contentType"].as_str().or(Some("application/openmetrics-text"))).unwrap();
    let should = case["shouldParse"].as_bool().unwrap();
    match read(&body, format) {
        Ok(samples) if should => {
            let lines = body.split(|&byte| byte == b'\n').filter(|line| !line.is_empty() && line[0] != b'#').count();
            if samples.len() == lines { Ok(()) } else { Err(format!("{} samples of {lines} lines", samples.len())) }
        }
        Ok(_) => Err("accepted".to_owned()),
        Err(problem) if should => Err(format!("refused: {problem}")),
        Err(_) => Ok(()),
    }
}

fn escape(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

/// Any sample there can be, named in quotes.
fn any_sample() -> impl Strategy<Value = Sample> {
    let labels = prop::collection::btree_map("[^\0]{1,8}", any::<String>(), 0..4);
    let value = prop_oneof![any::<f64>().prop_filter("a NaN is no value to compare", |value| !value.is_nan())];
    (any::<String>(), labels, value, any::<Option<i32>>()).prop_map(|(name, labels, value, time)| Sample {
        name: format!("n{name}"),
        labels: labels.into_iter().filter(|(name, _)| name != "__name__").collect(),
        value,
        timestamp_ms: time.map(i64::from),
    })
}

fn print(samples: &[Sample]) -> String {
    let mut body = String::new();
    for sample in samples {
        write!(body, "{{\"{}\"", escape(&sample.name)).unwrap();
        for (name, value) in &sample.labels {
            write!(body, ",\"{}\"=\"{}\"", escape(name), escape(value)).unwrap();
        }
        let time = sample.timestamp_ms.map_or(String::new(), |time| format!(" {time}"));
        writeln!(body, "}} {:?}{time}", sample.value).unwrap();
    }
    body
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_what_is_read(samples in prop::collection::vec(any_sample(), 0..6)) {
        let body = print(&samples);
        match text(&body) {
            Ok(read) => prop_assert_eq!(read, samples),
            // Two samples of one series are refused, whatever they hold.
            Err(problem) => prop_assert!(problem.problem.contains("each series once"), "{}", problem),
        }
    }

    #[test]
    fn a_torn_body_gives_no_other_number(samples in prop::collection::vec(any_sample(), 1..4), cut in any::<prop::sample::Index>()) {
        let body = print(&samples);
        let cut = cut.index(body.len());
        if let Ok(read) = read(&body.as_bytes()[..cut], Format::Text) {
            prop_assert_eq!(&read[..], &samples[..read.len()]);
        }
    }

    #[test]
    fn no_body_makes_it_panic(body in r#"([a-z{}"=,:\\#+ \t\n0-9.]|# TYPE |# EOF|NaN|Inf|\PC){0,60}"#) {
        for format in [Format::Text, Format::OpenMetrics] {
            let _ = read(body.as_bytes(), format);
        }
    }
}
