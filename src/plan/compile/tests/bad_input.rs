//! What is wrong in a checklist says what and where.

use super::*;

#[test]
fn gates_that_no_value_passes_both() {
    let text = "## 10% traffic, 10 minutes\n- [ ] Error rate < 0.5%\n- [ ] Error rate: 2-4%\n";
    let found = compiled(text, &format!("{SOURCE}{ERRORS}"));
    let wrong: Vec<_> = found.diagnostics.iter().filter(|d| d.severity == Severity::Error).collect();
    assert_eq!(wrong.len(), 1, "{wrong:?}");
    assert!(wrong[0].message.contains("contradicts < 0.5 % in the same stage"), "{wrong:?}");
    assert_eq!(wrong[0].line, Some(3));
}

#[test]
fn the_same_limits_in_another_stage_are_no_contradiction() {
    let text = "## 10% traffic\n- [ ] Error rate < 0.5%\n## 50% traffic\n- [ ] Error rate: 2-4%\n";
    assert_eq!(errors(&compiled(text, &format!("{SOURCE}{ERRORS}"))), Vec::<&str>::new());
}

#[test]
fn a_stage_that_is_named_twice() {
    let text = "## Phase 1: 50% traffic\n- [ ] a\n## Phase 2: 50% traffic\n- [ ] b\n";
    let found = compiled(text, "");
    let want = ["50% is named a second time; the stage is the one in line 1"];
    assert_eq!(complaints(&found, Severity::Warning), want);
}

#[test]
fn a_binding_that_matches_nothing() {
    let text = "## 10% traffic\n- [ ] Queue age < 30 s\n";
    let metric = "[metric.\"quue age\"]\nquery = 'max(queue_age_seconds)'\n";
    let found = compiled(text, &format!("{SOURCE}{metric}"));
    let warned = found.diagnostics.iter().find(|d| d.message.contains("matches nothing")).expect("a warning");
    assert_eq!(warned.help.as_deref(), Some("did you mean \"queue age\"?"));
}

/// A night that would end in HOLD whatever happens says so in the afternoon.
#[test]
fn an_old_version_that_is_gone_when_it_is_compared_with() {
    let text = "- [ ] 50% traffic\n  - [ ] Latency p95 < 110% of baseline\n- [ ] 100% traffic\n";
    let query =
        |version: &str| format!("histogram_quantile(0.95, rate(t_seconds_bucket{{version=\"{version}\"}}[1m]))");
    let metric = format!("[metric.\"latency p95\"]\nquery = '{}'\nunit = \"seconds\"\n", query("new"));
    let live = format!("{SOURCE}{metric}baseline = '{}'\n", query("old"));
    let later = format!("{text}  - [ ] Latency p95 < 110% of baseline\n");
    let found = compiled(&later, &live);
    let warned: Vec<_> = found.diagnostics.iter().filter(|d| d.severity == Severity::Warning).collect();
    assert_eq!(warned.len(), 1, "{warned:?}");
    assert_eq!(warned[0].message, "latency p95 < 110 % of baseline in 100%, where nothing runs on the old version");
    let pointed = warned[0].span.clone().and_then(|span| live.get(span)).expect("a place");
    assert!(pointed.contains("version=\"old\""), "{pointed}");
    // A trigger is armed in every stage, a hard limit is held wherever its gate counts, and the hours after a
    // stage with all the traffic have all of it.
    let trigger = format!("{text}\n## Rollback triggers\n- Latency p95 > 5x baseline\n");
    let hard = format!("{live}pass = \"< 500 ms\"\nhard = \"> 5x baseline\"\n");
    let absolute = "- [ ] 100% traffic\n  - [ ] Latency p95 < 500 ms\n";
    let hours = format!("{text}\n## Hour 1 Checklist\n- [ ] Latency p95 < 5x baseline\n");
    for (text, bindings, held) in [
        (trigger.as_str(), &live, "> 5x baseline, a trigger, in 100%"),
        (absolute, &hard, "> 5x baseline, its hard limit, in 100%"),
        (&hours, &live, "< 5x baseline in Hour 1 Checklist"),
    ] {
        let found = compiled(text, bindings);
        let want = format!("latency p95 {held}, where nothing runs on the old version");
        assert_eq!(complaints(&found, Severity::Warning), [want.as_str()]);
    }
    // Half of the traffic is still there, or what was read before the ramp is meant.
    for (text, bindings) in [(text, live.as_str()), (later.as_str(), &format!("{SOURCE}{metric}"))] {
        assert_eq!(complaints(&compiled(text, bindings), Severity::Warning), Vec::<&str>::new());
    }
}

/// The line and the column in the checklist, also where the block is indented.
#[test]
fn a_block_that_is_not_promql_is_pointed_into() {
    for (text, line, pointed) in [
        ("- [ ] Queue age < 30 s\n  ```promql\n  max(\n    queue_age_seconds{\n  ```\n", 4, "{"),
        ("- [ ] Queue age < 30 s\n  ```promql\n  # how old\n  max(queue_age_seconds\n  ```\n", 4, "("),
        ("- [ ] Queue age < 30 s\n\n  ```promql\n  max(queue_age_seconds ! 3)\n  ```\n", 4, " "),
    ] {
        let found = compiled(text, SOURCE);
        let wrong = found.diagnostics.iter().find(|d| d.message.contains("does not parse")).expect("an error");
        let span = wrong.span.clone().expect("a place");
        assert_eq!((wrong.line, text.get(span)), (Some(line), Some(pointed)), "{}", wrong.message);
    }
}

/// A block that is the query of no line is not judged by; that it is none is worth a doubt.
#[test]
fn a_block_of_nothing_that_is_not_promql() {
    let text = "- [ ] 10% traffic\n\n```promql\n# something\nmax(queue_age_seconds{\n```\n\n```promql\nrate(a_total[$span])\n```\n";
    let found = compiled(text, SOURCE);
    let doubts: Vec<_> = found.diagnostics.iter().filter(|d| d.severity == Severity::Warning).collect();
    let [doubt] = doubts[..] else { panic!("{doubts:?}") };
    assert_eq!((doubt.line, doubt.span.clone().and_then(|span| text.get(span))), (Some(5), Some("{")));
    assert!(doubt.message.contains("does not parse") && doubt.help.is_some(), "{doubt:?}");
}

#[test]
fn a_checklist_with_nothing_to_do() {
    let found = compiled("# Go-live\n\nWords.\n\n- one bullet\n", "");
    assert_eq!(errors(&found), ["nothing to do: no boxes to tick and no stages"]);
}
