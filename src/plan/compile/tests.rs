mod abroad;
mod bad_input;
mod figures;
mod public;
mod ramps;
mod rules;
mod soup;
mod unseen;

use super::*;
use crate::plan::{Duty, OnFail, Op, Origin, Role, Scope, StageId};
use crate::text::{Millis, Unit};

const NIGHT: &str = "\
# Orders v2
## Before
- [ ] Backup taken
## Ramp
- [ ] 10% traffic - monitor 10 minutes
  - [ ] Error rate < 0.5%
  - [ ] Latency within SLA
- [ ] 100% traffic - monitor 30 minutes
  - [ ] Error rate < 0.5% (target: 0.1%)
  - [ ] Latency p99 < 900ms
  - [ ] Health checks answering
## Afterwards
- [ ] Error rate < 0.2%
## Rollback triggers
- [ ] Error rate > 5% sustained
- [ ] Orders lost
";

const SOURCE: &str = "[source.prod]\nkind = \"prometheus\"\nurl = \"http://127.0.0.1:9090\"\nevery = \"2s\"\n";

const ERRORS: &str = "[metric.\"error rate\"]\nquery = 'sum(rate(bad_total[1m])) / sum(rate(all_total[1m]))'\n";

fn compiled(checklist: &str, bindings: &str) -> Compiled {
    compile(Input {
        checklist: Text { name: "GO.md", text: checklist },
        bindings: Some(Text { name: "go.toml", text: bindings }),
    })
}

fn bound(bindings: &str) -> Compiled {
    compiled(NIGHT, &format!("{SOURCE}{bindings}"))
}

fn complaints(compiled: &Compiled, severity: Severity) -> Vec<&str> {
    compiled.diagnostics.iter().filter(|d| d.severity == severity).map(|d| d.message.as_str()).collect()
}

fn errors(compiled: &Compiled) -> Vec<&str> {
    complaints(compiled, Severity::Error)
}

#[test]
fn bound_lines_become_gates_where_they_stand() {
    let found = bound(ERRORS);
    assert_eq!(errors(&found), Vec::<&str>::new());
    let plan = &found.plan;
    assert_eq!(plan.poll, Millis::from_secs(2));
    assert_eq!(plan.probes.len(), 1);
    assert_eq!((plan.probes[0].name.as_str(), plan.probes[0].unit), ("error rate", Unit::Ratio));
    assert_eq!(plan.probes[0].query.window, Some(Millis::from_mins(1)));
    let gates: Vec<_> = plan.gates.iter().map(|gate| (gate.line, gate.scope.clone(), gate.advisory)).collect();
    let [first, second] = [0, 1].map(|at| Scope::Stages(vec![StageId(at)]));
    assert_eq!(gates, [(Some(6), first, false), (Some(9), second, false), (Some(13), Scope::Nowhere, true)]);
    assert!(plan.gates[0].pass.holds(0.004_999) && !plan.gates[0].pass.holds(0.005));
    assert_eq!(plan.gates[1].target, Some(0.1));
    assert_eq!(plan.item(plan.gates[0].item.expect("its line")).text, "Error rate < 0.5%");
}

#[test]
fn triggers_are_measured_where_they_are_bound() {
    let found = bound(&format!("{ERRORS}[trigger.\"orders lost\"]\nseverity = \"graceful\"\ndismissable = false\n"));
    let [measured, declared] = &found.plan.triggers[..] else { panic!("two triggers") };
    let watch = measured.watch.as_ref().expect("it is bound");
    assert_eq!(
        (measured.name.as_str(), watch.bad.op, watch.hold),
        ("error rate", Op::Above, Some(Millis::from_mins(1)))
    );
    assert!(watch.bad.holds(0.0501));
    assert_eq!((declared.name.as_str(), declared.dismissable, declared.watch.is_none()), ("Orders lost", false, true));
}

#[test]
fn a_phrase_takes_its_limit_from_the_bindings() {
    let latency = "[metric.latency]\nphrases = [\"latency within sla\"]\nquery = 'histogram_quantile(0.95, rate(t_seconds_bucket[5m]))'\npass = \"< 300ms\"\n";
    let found = bound(latency);
    assert_eq!(errors(&found), Vec::<&str>::new());
    let [gate] = &found.plan.gates[..] else { panic!("one gate: p99 is another metric: {:?}", found.plan.gates) };
    assert_eq!((gate.line, gate.pass.to_string().as_str()), (Some(7), "< 300 ms"));
    assert!(gate.pass.holds(0.299) && !gate.pass.holds(0.3));
    let without = bound(&latency.replace("pass =", "max_age = \"1m\" #"));
    assert_eq!(errors(&without), ["phrases carry no figure: a gate without a limit is not started"]);
}

#[test]
fn a_quantile_is_served_by_its_own_query_only() {
    let p95 = "[metric.\"latency p95\"]\nquery = 'histogram_quantile(0.95, rate(t_seconds_bucket[5m]))'\n";
    let found = bound(p95);
    assert!(found.plan.gates.is_empty());
    assert_eq!(complaints(&found, Severity::Warning), ["[metric.\"latency p95\"] matches nothing in the checklist"]);
    let all = bound("[metric.latency]\nquery = 'histogram_quantile($quantile, rate(t_seconds_bucket[5m]))'\n");
    let [probe] = &all.plan.probes[..] else { panic!("one probe for the one quantile") };
    assert_eq!(probe.name, "latency p99");
    assert!(probe.query.text.contains("0.99"));
    let wrong = bound("[metric.\"latency p99\"]\nquery = 'histogram_quantile(0.95, rate(t_seconds_bucket[5m]))'\n");
    assert_eq!(errors(&wrong), ["bound for p99 but its query asks for p95"]);
}

#[test]
fn gates_of_the_bindings_come_last() {
    let throughput = "[metric.throughput]\nquery = 'sum(rate(orders_total[1m]))'\n[[gate]]\nmetric = \"throughput\"\nlimit = \"> 50 tps\"\nstages = \"ramp\"\non_fail = \"rollback\"\n[[gate]]\nmetric = \"error rate\"\nlimit = \"< 1%\"\nstages = [\"100\"]\n";
    let found = bound(&format!("{ERRORS}{throughput}"));
    assert_eq!(errors(&found), Vec::<&str>::new());
    let [.., tps, rate] = &found.plan.gates[..] else { panic!("gates") };
    assert_eq!(
        (tps.line, &tps.scope, tps.on_fail),
        (None, &Scope::Stages(vec![StageId(0), StageId(1)]), OnFail::Rollback)
    );
    assert_eq!(rate.scope, Scope::Stages(vec![StageId(1)]));
    assert_eq!(found.plan.probes.len(), 2);
}

#[test]
fn a_block_in_an_item_is_its_query_and_that_of_later_lines() {
    let text = "- [ ] 10% traffic\n  - [ ] Error rate < 1%\n    ```promql\n    100 * sum(rate(bad_total[5m])) / sum(rate(all_total[5m]))\n    ```\n- [ ] 50% traffic\n  - [ ] Error rate < 1%\n";
    let found = compiled(text, SOURCE);
    assert_eq!(errors(&found), Vec::<&str>::new());
    assert_eq!(found.plan.gates.len(), 2);
    let [probe] = &found.plan.probes[..] else { panic!("one probe") };
    assert_eq!((probe.unit, probe.origin), (Unit::Percent, Origin::Checklist { line: 3 }));
    let alone = compile(Input { checklist: Text { name: "a", text }, bindings: None });
    assert!(alone.is_valid() && alone.plan.gates.is_empty());
    assert!(alone.plan.conditions.iter().all(|condition| condition.query.is_some()));
}

#[test]
fn what_cannot_be_judged_safely_stops_the_plan() {
    for (bindings, want) in [
        (
            "[metric.\"error rate\"]\nquery = 'up'\n",
            "[metric.\"error rate\"] needs `unit`: its query does not prove one",
        ),
        (
            "[metric.\"error rate\"]\nquery = 't_seconds'\n",
            "the limit < 0.5 % cannot be held against [error rate], whose query returns s",
        ),
        (
            "[metric.\"error rate\"]\nquery = 'sum('\nunit = \"ratio\"\n",
            "the query does not parse at character 4: unclosed left parenthesis",
        ),
        ("[metric.\"error rate\"]\nquery = 'up{v=\"$v\"}'\nunit = \"ratio\"\n", "unknown variable `$v` in a query"),
        ("[metric.\"error rate\"]\nquery = 'up'\nunit = \"ratio\"\nsource = \"prd\"\n", "unknown source \"prd\""),
        (
            "[metric.x]\nquery = 'up'\nunit = \"ratio\"\n[[gate]]\nmetric = \"x\"\n",
            "a gate on \"x\" without a limit is not started",
        ),
        ("[stage.\"75%\"]\nsoak = \"5m\"\n", "unknown stage \"75%\""),
    ] {
        assert!(errors(&bound(bindings)).contains(&want), "{bindings}: {:?}", bound(bindings).diagnostics);
    }
}

#[test]
fn limits_that_contradict_each_other_stop_the_plan() {
    let hard = bound(&format!("{ERRORS}hard = \"> 0.1%\"\n"));
    assert_eq!(errors(&hard)[0], "the hard limit > 0.1 % is reached while the checklist's limit < 0.5 % still passes");
    let gate = bound(&format!("{ERRORS}[[gate]]\nmetric = \"error rate\"\nlimit = \"> 2%\"\n"));
    assert_eq!(errors(&gate), ["error rate > 2 % contradicts < 0.5 % in the same stage: no value passes both"]);
    let early = compiled(&NIGHT.replace("> 5%", "> 0.3%"), &format!("{SOURCE}{ERRORS}"));
    assert_eq!(
        complaints(&early, Severity::Warning),
        ["the trigger error rate > 0.3 % can be true while the gate < 0.5 % passes"]
    );
}

#[test]
fn two_sources_must_be_told_apart() {
    let two = format!("{ERRORS}[source.b]\nkind = \"scrape\"\ntargets = [\"http://127.0.0.1:1/m\"]\n");
    assert_eq!(errors(&bound(&two)), ["[metric.\"error rate\"] could be asked of several sources"]);
}

#[test]
fn a_unit_that_the_names_deny_is_doubted() {
    let found = bound(
        "[metric.\"latency p99\"]\nquery = 'histogram_quantile(0.99, rate(t_seconds_bucket[5m]))'\nunit = \"ms\"\n",
    );
    assert_eq!(complaints(&found, Severity::Warning), ["declared as ms, but the query's names say s"]);
}

#[test]
fn a_figure_without_a_unit_takes_the_limit_of_the_bindings() {
    let text = "- [ ] 5% traffic\n  - [ ] Throughput > 500\n  - [ ] Dropped orders: 0\n";
    let rate = "[metric.throughput]\nquery = 'sum(rate(orders_total[1m]))'\n[metric.\"dropped orders\"]\nquery = 'sum(rate(dropped_total[1m]))'\n";
    let found = compiled(text, &format!("{SOURCE}{rate}"));
    assert_eq!(errors(&found), ["the limit > 500 cannot be held against [throughput], whose query returns tps"]);
    let found =
        compiled(text, &format!("{SOURCE}{}", rate.replacen("\n[metric", "\npass = \"> 400 tps\"\n[metric", 1)));
    assert_eq!(errors(&found), Vec::<&str>::new());
    let limits: Vec<_> = found.plan.gates.iter().map(|gate| gate.pass.to_string()).collect();
    assert_eq!(limits, ["> 400 tps", "== 0 tps"]);
}

#[test]
fn words_count_only_where_they_are_bound() {
    let text = "- [ ] 5% traffic\n  - [ ] Error rate at most 1%\n  - [ ] Lag below 5 s\n  - [ ] Load > 2x baseline\n";
    let found = compiled(text, &format!("{SOURCE}{ERRORS}"));
    let shown = |c: &Condition| (c.metric.clone(), c.limit.to_string(), c.query.is_some());
    let known: Vec<_> = found.plan.conditions.iter().map(shown).collect();
    // What is relative is a limit by its signs, and listed as one that nothing measures.
    let want = [("error rate", "<= 1 %", true), ("load", "> 2x baseline", false)];
    assert_eq!(known, want.map(|(name, limit, is_bound)| (name.to_owned(), limit.to_owned(), is_bound)));
    assert_eq!(found.plan.gates.len(), 1);
    assert_eq!(complaints(&found, Severity::Info).len(), 2);
}

#[test]
fn stages_of_the_bindings_take_their_place() {
    let found = bound(&format!(
        "{ERRORS}[stage.\"50%\"]\ntraffic_percent = 50\nsoak = \"5m\"\n[stage.\"100%\"]\napprovals = 2\nmax_gap = \"30s\"\n"
    ));
    assert_eq!(errors(&found), Vec::<&str>::new());
    let names: Vec<_> = found.plan.stages.iter().map(|stage| (stage.name.as_str(), stage.line)).collect();
    assert_eq!(names, [("10%", 5), ("50%", 0), ("100%", 8)]);
    assert_eq!((found.plan.stages[2].approvals, found.plan.stages[2].max_gap), (2, Millis::from_secs(30)));
    assert_eq!(found.plan.gates[1].scope, Scope::Stages(vec![StageId(2)]));
    assert_eq!(found.plan.items.iter().filter(|item| item.stage == Some(StageId(2))).count(), 4);
}

#[test]
fn health_is_the_evidence_of_its_line() {
    let found = bound("[health.api]\nurl = \"http://127.0.0.1:1/health\"\nphrases = [\"health checks answering\"]\n");
    let item = found.plan.health[0].items[0];
    assert_eq!(found.plan.item(item).line, 11);
    assert_eq!(found.plan.item(item).duty, Duty::Stage);
}

#[test]
fn an_empty_plan_is_refused_and_a_list_of_boxes_is_not() {
    let run = |text| compile(Input { checklist: Text { name: "GO.md", text }, bindings: None });
    assert!(!run("# Only a title\n").is_valid());
    assert!(run("- [ ] a\n").is_valid());
    assert_eq!(run("- [ ] a\n").plan.title, "GO.md");
    assert_eq!(run("\u{feff}# T\r\n- [ ] a\r\n").plan.title, "T");
}

#[test]
fn nothing_shown_acts_on_the_terminal() {
    let found = compile(Input {
        checklist: Text { name: "a", text: "# A\u{1b}[31m\n- [ ] b\u{202e}c\u{9b}\n" },
        bindings: None,
    });
    let shown = serde_json::to_string(&found.plan).expect("a plan is plain data");
    assert!(!shown.contains(['\u{1b}', '\u{202e}', '\u{9b}']) && !shown.contains("\\u001b"), "{shown}");
    assert_eq!(found.plan.items[0].text, "b<U+202E>c<U+009B>");
}

mod properties {
    use super::*;
    use proptest::prelude::*;

    /// Pieces of checklists, so that the texts are often nearly right.
    fn piece() -> impl Strategy<Value = String> {
        let known = [
            "# ",
            "## Rollback triggers",
            "\n",
            "\n\n",
            "- [ ] ",
            "  - [x] ",
            "1. ",
            "**",
            ":",
            " | ",
            "|---|---|\n",
            "```",
            "```promql\n",
            "```bash\n",
            "10% traffic",
            "monitor for 5 min",
            "Error rate ",
            "p95",
            "< ",
            "> ",
            "5%",
            "0",
            "1,247+ TPS",
            "40-70%",
            "(target: ",
            ")",
            "→",
            "Hour 1",
            "☐",
            "é",
            "‚úÖ",
            "\u{202e}",
            "\t",
            "$quantile",
            "up",
            "100",
            "99999999999999999999h",
            "if",
            "—",
            "<!--",
            "---\n",
        ];
        prop_oneof![4 => prop::sample::select(known.to_vec()).prop_map(str::to_owned), 1 => any::<String>()]
    }

    fn toml_piece() -> impl Strategy<Value = String> {
        let known = [
            SOURCE,
            ERRORS,
            "[metric.\"latency\"]\n",
            "query = 'up'\n",
            "query = \"\"\"\nup $x\n\"\"\"\n",
            "unit = \"ratio\"\n",
            "pass = \"< 1%\"\n",
            "phrases = [\"\"]\n",
            "[[gate]]\n",
            "metric = \"error rate\"\n",
            "stages = [\"10%\", 3]\n",
            "hard = \"> 0%\"\n",
            "[stage.\"10%\"]\n",
            "traffic_percent = 7\n",
            "[trigger.\"\"]\n",
            "[health.a]\n",
            "json = { \"/a\" = 1.5 }\n",
            "source = 1\n",
            "\"",
            "=",
            "[",
        ];
        prop_oneof![6 => prop::sample::select(known.to_vec()).prop_map(str::to_owned), 1 => any::<String>()]
    }

    proptest! {
        #[test]
        fn no_text_panics(pieces in prop::collection::vec(piece(), 0..40), toml in prop::collection::vec(toml_piece(), 0..12)) {
            let (text, toml) = (pieces.concat(), toml.concat());
            let found = compiled(&text, &toml);
            let plan = &found.plan;
            for item in &plan.items {
                prop_assert!(item.stage.is_none_or(|id| id.index() < plan.stages.len()));
                prop_assert!(item.parent.is_none_or(|id| id.index() < plan.items.len()));
            }
            for gate in &plan.gates {
                prop_assert!(gate.probe.index() < plan.probes.len());
                prop_assert_eq!(gate.pass.measured, plan.probe(gate.probe).unit);
            }
            for probe in &plan.probes {
                prop_assert!(probe.source.index() < plan.sources.len());
            }
            let lines = u32::try_from(text.split('\n').count()).unwrap_or(u32::MAX);
            prop_assert!(found.diagnostics.iter().filter(|d| d.file == File::Checklist).all(|d| d.line.is_none_or(|line| (1..=lines).contains(&line))));
        }
    }
}

#[test]
fn what_the_embedded_engine_does_not_know_is_said_before_the_night() {
    let bindings = "[source.shop]\nkind = \"scrape\"\ntargets = [\"http://127.0.0.1:1/metrics\"]\n\
                    [metric.\"error rate\"]\nquery = 'hour(errors)'\nunit = \"ratio\"\n";
    let checklist = "# A\n## Ramp\n- [ ] 10% traffic - monitor 5 minutes\n  - [ ] Error rate < 1%\n";
    let text = |text| Text { name: "", text };
    let compiled = compile(Input { checklist: text(checklist), bindings: Some(text(bindings)) });
    let said: Vec<_> = compiled.diagnostics.iter().filter(|d| d.severity == Severity::Error).collect();
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].message.contains("does not know") && said[0].line == Some(4), "{said:?}");
}

const BESIDE: &str = "[vars]\nversion = \"v2\"\n[alerts]\nmatch = { severity = \"page\" }\nphrases = [\"health checks answering\"]\n\
    [traffic]\nquery = '100 * sum(rate(new_total[1m])) / sum(rate(all_total[1m]))'\n\
    [build]\nquery = 'count by (revision) (build_info{track=\"new\"})'\nlabel = \"revision\"\n";

#[test]
fn alerts_share_and_build_are_watched_beside_the_gates() {
    let found = bound(&format!("{ERRORS}{BESIDE}"));
    assert_eq!(errors(&found), Vec::<&str>::new());
    let plan = &found.plan;
    let alerts = plan.alerts.as_ref().expect("alerts");
    assert_eq!(alerts.items.iter().map(|item| plan.item(*item).line).collect::<Vec<_>>(), [11]);
    let (share, build) = (plan.traffic.as_ref().expect("a share"), plan.build.as_ref().expect("a build"));
    assert_eq!((plan.probe(share.probe).name.as_str(), plan.probe(share.probe).unit), ("traffic", Unit::Percent));
    assert!((share.tolerance - 3.0).abs() < f64::EPSILON);
    assert_eq!((build.expected.as_deref(), plan.probe(build.probe).label.as_deref()), (Some("v2"), Some("revision")));
}

#[test]
fn what_is_watched_beside_the_gates_is_complained_of_with_its_line() {
    let with = |more: &str| {
        let found = bound(&format!("{ERRORS}{more}"));
        let first = found.diagnostics.iter().find(|d| d.severity == Severity::Error).expect("a complaint").clone();
        format!("{}: {}", first.line.unwrap_or(0), first.message)
    };
    let targets = "[source.edge]\nkind = \"scrape\"\ntargets = [\"http://127.0.0.1:1/metrics\"]\n";
    for (more, want) in [
        (format!("{targets}[alerts]\nsource = \"edge\"\n"), "5: [metric.\"error rate\"] could be asked of several sources"),
        ("[alerts]\nsource = \"pord\"\n".to_owned(), "8: unknown source \"pord\""),
        ("[alerts]\nmatch = \"critical\"\n".to_owned(), "8: `match` must be a table"),
        ("[traffic]\nquery = 'sum('\n".to_owned(), "8: the query does not parse"),
        ("[traffic]\nquery = 'sum(rate(a_total[1m])) / sum(rate(b_total[1m]))'\n".to_owned(), "8: [traffic] is a percent, and this query returns a ratio"),
        ("[traffic]\nquery = 'x'\nunit = \"seconds\"\n".to_owned(), "9: a share of the traffic is"),
        ("[traffic]\nquery = 'x'\ntolerance = 300\n".to_owned(), "9: `tolerance` must be a number from 0 to 100"),
        ("[traffic]\nquery = 'x'\nmin_traffic = 3\n".to_owned(), "8: `min_traffic` needs `traffic`"),
        ("[build]\nquery = 'x{v=\"$verison\"}'\n".to_owned(), "8: unknown variable `$verison`"),
        ("[metric.build]\nquery = 'x'\nunit = \"count\"\n[[gate]]\nmetric = \"build\"\nlimit = \"> 1\"\n[build]\nquery = 'y'\n".to_owned(), "13: [metric.build] has the name of [build]"),
    ] {
        let got = with(&more);
        assert!(got.starts_with(want), "{got}\nis not\n{want}");
    }
}

#[test]
fn an_alertmanager_is_asked_for_alerts_and_for_nothing_else() {
    let manager = "[source.pager]\nkind = \"alertmanager\"\nurl = \"http://127.0.0.1:9093\"\n";
    let found = bound(&format!("{ERRORS}{manager}[alerts]\nsource = \"pager\"\n"));
    assert_eq!(errors(&found), Vec::<&str>::new());
    assert_eq!(found.plan.alerts.as_ref().map(|alerts| alerts.source.index()), Some(1));
    assert_eq!(found.plan.probes[0].source.index(), 0);
    let asked = bound(&format!("{ERRORS}source = \"pager\"\n{manager}"));
    assert_eq!(errors(&asked), ["the source \"pager\" answers no queries"]);
}

#[test]
fn a_query_that_names_a_region_is_asked_in_each() {
    let metric = "[metric.\"error rate\"]\nunit = \"ratio\"\nquery = 'bad:ratio{region=\"$region\"}'\n";
    let found = bound(&format!("{metric}[cutover]\nregions = [\"eu\", \"us\"]\n"));
    assert_eq!(errors(&found), Vec::<&str>::new());
    let probe = &found.plan.probes[0];
    let asked: Vec<_> = probe.queries().map(|query| query.text.as_str()).collect();
    assert_eq!(asked, [r#"bad:ratio{region="eu"}"#, r#"bad:ratio{region="us"}"#]);
    assert_eq!(probe.query.text, r#"bad:ratio{region="$region"}"#);
    assert_eq!(errors(&bound(metric)), ["unknown variable `$region` in a query"]);
    let zero = bound(&format!("{metric}empty = \"zero\"\n[cutover]\nregions = [\"eu\", \"us\"]\n"));
    assert_eq!(errors(&zero), ["`empty = \"zero\"` is not proven region by region"]);
    let twice = bound(&format!("{ERRORS}[cutover]\nregions = [\"eu\", \"eu\"]\n"));
    assert_eq!(errors(&twice), ["the region \"eu\" is empty or named twice"]);
}
