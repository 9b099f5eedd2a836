use super::*;

fn complaints(text: &str) -> Vec<String> {
    let (_, mut diagnostics) = read(text);
    diagnostics.sort_by_key(|d| d.line);
    let shown = diagnostics.into_iter().map(|d| {
        let help = d.help.map(|help| format!(" ({help})")).unwrap_or_default();
        format!("{}: {}{help}", d.line.unwrap_or(0), d.message)
    });
    shown.collect()
}

#[test]
fn a_whole_file_is_read_in_its_order() {
    let (bindings, diagnostics) = read(
        r#"
checklist = "GO.md"
[vars]
version = "v2"
shard = 3
[source.prod]
kind = "prometheus"
url = "http://127.0.0.1:9090/"
every = "2s"
[source.edge]
kind = "scrape"
targets = ["http://127.0.0.1:1/metrics"]
[metric."Error Rate"]
query = "x"
unit = "ratio"
hard = "> 5%"
[metric.apples]
query = "y"
[[gate]]
metric = "apples"
limit = "> 3 tps"
stages = ["10%", "50%"]
[health.api]
url = "http://127.0.0.1:2/health"
json = { "/status" = "UP", "/checks/0/ok" = true }
[stage."100%"]
approvals = 2
[trigger."error rate"]
for = "2m"
"#,
    );
    assert_eq!(diagnostics, []);
    assert_eq!(bindings.vars["shard"], "3");
    assert_eq!(bindings.sources[0].kind, SourceKind::Prometheus { url: "http://127.0.0.1:9090".to_owned() });
    assert_eq!(
        (bindings.sources[0].timeout, bindings.sources[1].timeout),
        (Millis::from_secs(4), Millis::from_secs(10))
    );
    let names: Vec<_> = bindings.metrics.iter().map(|metric| metric.name.value.as_str()).collect();
    assert_eq!(names, ["error rate", "apples"]);
    assert_eq!(bindings.metrics[0].manner.hard.as_ref().map(|hard| hard.value.to_string()).as_deref(), Some("> 5 %"));
    assert!(matches!(&bindings.gates[0].stages, Where::Named(names) if names.len() == 2));
    assert_eq!(bindings.health[0].json.len(), 2);
    assert_eq!(bindings.stages[0].approvals, Some(2));
    assert_eq!(bindings.triggers[0].hold, Some(Millis::from_mins(2)));
}

#[test]
fn every_mistake_is_complained_of_at_once_with_its_line() {
    let found = complaints(
        r#"checklst = "x"
[source.a]
kind = "promethius"
[source.b]
kind = "prometheus"
url = "http://ana:secret@h/"
every = "5 parsecs"
[metric.m]
qurey = "x"
unit = "furlongs"
pass = "fast"
advisory = "yes"
[[gate]]
limit = "< 5%"
[health.h]
url = "ftp://h"
json = { status = "UP" }
[traffic]
qurey = "x"
[webhook]
url = "x"
"#,
    );
    let want = [
        "1: unknown key `checklst` (did you mean `checklist`?)",
        "3: `kind` cannot be \"promethius\"",
        "6: a user or password must not stand in an address",
        "7: `every`: expected a duration",
        "9: unknown key `qurey` in [metric.m] (did you mean `query`?)",
        "10: unknown unit \"furlongs\" (units are",
        "11: `pass` is no comparison: \"fast\"",
        "12: `advisory` must be true or false",
        "13: [gate] needs `metric`",
        "16: not an address that starts with",
        "17: \"status\" is no JSON pointer (write \"/status\")",
        "18: [traffic] needs `query`",
        "19: unknown key `qurey` in [traffic] (did you mean `query`?)",
        "20: [webhook] is not understood",
    ];
    for (found, want) in found.iter().zip(want) {
        assert!(found.starts_with(want), "{found}\nis not\n{want}");
    }
    assert_eq!(found.len(), want.len(), "{found:#?}");
    assert!(!found.iter().any(|text| text.contains("secret")));
}

#[test]
fn broken_toml_names_its_line() {
    let found = complaints("a = 1\nb = = 2\n");
    assert!(found[0].starts_with("2: not TOML"), "{found:?}");
}

#[test]
fn a_checklist_is_not_taken_for_broken_bindings() {
    let found = complaints("# Go live\n\n- [ ] Backup taken\n- [ ] Error rate < 1%\n");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("3: a checklist, where bindings are expected"), "{found:?}");
    let found = complaints("text = \"\"\"\n- [ ] Backup taken\n\"\"\"\nb = = 2\n");
    assert!(found[0].starts_with("4: not TOML"), "{found:?}");
}

#[test]
fn the_checklist_is_found_before_anything_else_is_checked() {
    assert_eq!(checklist_of("checklist = \"A.md\"\nx = 1\n").as_deref(), Some("A.md"));
    assert_eq!(checklist_of("x = 1"), None);
}
