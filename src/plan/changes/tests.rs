use super::*;
use crate::plan::{Input, Text, compile};

const LIST: &str = "\
# Go-live

## Before
- [ ] Backups verified
- [ ] Backups verified

## Ramp
- [ ] 10% traffic - monitor 10 minutes
  - [ ] Error rate < 0.1%
- [ ] 50% traffic - monitor 15 minutes
  - [ ] Error rate < 0.1%

## Rollback triggers
- Error rate > 5%
";

const BINDINGS: &str = r#"
[source.prod]
kind = "prometheus"
url = "http://127.0.0.1:9090"
[metric."error rate"]
query = 'sum(rate(errors_total[1m])) / sum(rate(requests_total[1m]))'
unit = "ratio"
"#;

fn plan(list: &str, bindings: &str) -> Plan {
    let bindings = Some(Text { name: "b.toml", text: bindings });
    let compiled = compile(Input { checklist: Text { name: "a.md", text: list }, bindings });
    assert!(compiled.is_valid(), "{:?}", compiled.diagnostics);
    compiled.plan
}

fn changes(old: &Plan, new: &Plan) -> Vec<String> {
    difference(old, new).iter().map(ToString::to_string).collect()
}

fn starts_again(old: &Plan, new: &Plan) -> bool {
    judges_otherwise(old, StageId(0), new, StageId(0), &Carried::between(old, new))
}

#[test]
fn a_checklist_that_only_moves_is_the_same() {
    let old = plan(LIST, BINDINGS);
    let new = plan(&LIST.replace("## Before", "Read this first.\n\n## Before"), BINDINGS);
    assert_eq!(changes(&old, &new), Vec::<String>::new());
    assert!(!starts_again(&old, &new));
    assert_eq!(
        Carried::between(&old, &new).items,
        (0..old.items.len()).map(|at| Some(ItemId::at(at))).collect::<Vec<_>>()
    );
}

#[test]
fn a_box_that_is_ticked_or_opened_in_the_file_is_a_change() {
    let open = plan(LIST, BINDINGS);
    let ticked = plan(&LIST.replacen("- [ ] Backups", "- [x] Backups", 1), BINDINGS);
    assert_eq!(changes(&open, &ticked), ["~ item \"Backups verified\": ticked in the file"]);
    assert_eq!(changes(&ticked, &open), ["~ item \"Backups verified\": opened in the file"]);
    assert!(!starts_again(&open, &ticked));
}

#[test]
fn equal_items_are_told_apart_by_their_order() {
    let old = plan(LIST, BINDINGS);
    let new = plan(&LIST.replacen("- [ ] Backups verified\n", "- [ ] Logs quiet\n", 1), BINDINGS);
    assert_eq!(changes(&old, &new), ["+ item \"Logs quiet\"", "- item \"Backups verified\""]);
    let carried = Carried::between(&old, &new);
    assert_eq!((carried.items[0], carried.items[1]), (None, Some(ItemId(0))));
}

#[test]
fn a_new_limit_is_a_change_of_its_own_stage_only() {
    let old = plan(LIST, BINDINGS);
    let new = plan(&LIST.replacen("  - [ ] Error rate < 0.1%", "  - [ ] Error rate < 0.5%", 1), BINDINGS);
    assert_eq!(
        changes(&old, &new),
        [
            "~ gate error rate < 0.5 %: limit < 0.5 %, was < 0.1 %",
            "+ item \"Error rate < 0.5%\"",
            "- item \"Error rate < 0.1%\""
        ]
    );
    assert!(starts_again(&old, &new));
    assert!(!judges_otherwise(&old, StageId(1), &new, StageId(1), &Carried::between(&old, &new)));
}

#[test]
fn a_soak_and_a_poll_interval_change_without_changing_what_is_judged() {
    let old = plan(LIST, BINDINGS);
    let list = LIST.replace("monitor 10 minutes", "monitor 20 minutes");
    let new = plan(&list, &BINDINGS.replace("9090\"", "9090\"\nevery = \"10s\""));
    assert_eq!(changes(&old, &new).first().map(String::as_str), Some("~ stage 10%: soak 20m, was 10m"));
    assert!(!starts_again(&old, &new));
}

#[test]
fn another_query_source_or_rule_is_judged_otherwise() {
    let old = plan(LIST, BINDINGS);
    for (was, is) in [
        ("[1m]", "[2m]"),
        ("127.0.0.1:9090", "127.0.0.1:9091"),
        ("unit = \"ratio\"", "unit = \"ratio\"\nhard = \"> 5%\""),
        (
            "unit = \"ratio\"",
            "unit = \"ratio\"\nempty = \"zero\"\ntraffic = 'sum(rate(requests_total[1m]))'\nmin_traffic = 1",
        ),
        ("unit = \"ratio\"", "unit = \"ratio\"\n[health.api]\nurl = \"http://127.0.0.1:1/health\""),
    ] {
        let new = plan(LIST, &BINDINGS.replace(was, is));
        assert!(starts_again(&old, &new), "{is}");
        assert!(!changes(&old, &new).is_empty(), "{is}");
    }
}

#[test]
fn a_trigger_is_its_sentence() {
    let old = plan(LIST, BINDINGS);
    let new = plan(&LIST.replace("Error rate > 5%", "Error rate > 2%"), BINDINGS);
    assert_eq!(changes(&old, &new), ["+ trigger \"Error rate > 2%\"", "- trigger \"Error rate > 5%\""]);
    let slower = plan(LIST, &format!("{BINDINGS}[trigger.\"error rate\"]\nfor = \"2m\"\n"));
    assert_eq!(changes(&old, &slower), ["~ trigger \"Error rate > 5%\": for 2m, was none"]);
    assert!(!watches_the_same(&old, TriggerId(0), &slower, TriggerId(0)));
    assert!(!starts_again(&old, &new), "triggers are no gates");
}
