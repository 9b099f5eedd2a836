//! Limits as people write them: how figures, units and names are told apart.

use super::*;

/// What is read out of one box: each with its figure, the unsure ones with what they are relative to.
fn read(line: &str) -> Vec<String> {
    let text = format!("- [ ] {line}\n");
    shown(&compile(Input { checklist: Text { name: "list.md", text: &text }, bindings: None }).plan.conditions)
}

fn shown(conditions: &[Condition]) -> Vec<String> {
    let show = |c: &Condition| {
        let quantile = c.quantile.map(|q| format!(" q{q}")).unwrap_or_default();
        let target = c.target.map(|target| format!(" target {target}")).unwrap_or_default();
        let against = c.relative_to.as_ref().map(|to| format!(" against {to}")).unwrap_or_default();
        format!("{}{quantile} {}{target}{against}", c.metric, c.limit)
    };
    conditions.iter().map(show).collect()
}

#[test]
fn thousands_stand_apart_in_many_ways() {
    for (line, want) in [
        ("Backlog < 4 000 jobs", "backlog < 4,000"),
        ("Backlog < 2 500 000", "backlog < 2,500,000"),
        ("Backlog < 6.000 Aufträge", "backlog < 6,000"),
        ("Apdex > 0.925", "apdex > 0.925"),
        ("Load < 1.125", "load < 1.125"),
        ("Settle time < 1.250 s", "settle time < 1.25 s"),
    ] {
        assert_eq!(read(line), [want], "{line}");
    }
}

#[test]
fn a_unit_may_stand_in_the_name_or_be_a_rate_of_bytes() {
    for (line, want) in [
        ("Lag (seconds) < 7", "lag < 7 s"),
        ("**Render time (ms)**: < 90", "render time < 90 ms"),
        ("Egress < 8 MB/s", "egress < 8 MB"),
    ] {
        assert_eq!(read(line), [want], "{line}");
    }
}

#[test]
fn what_is_filled_in_names_what_stands_before_the_blank() {
    for (line, want) in [
        ("Pool usage: ___ connections (target: <12)", "pool usage < 12"),
        ("Query time (orders table): ____ms (must be <60ms)", "query time < 60 ms"),
        ("Error rate from 10%: ___% (must be <1%)", "error rate < 1 %"),
        ("Banner CTR: ___% (expected: >5% if shown)", "banner ctr > 5 %"),
    ] {
        assert_eq!(read(line), [want], "{line}");
    }
}

#[test]
fn names_are_what_is_measured() {
    for (line, want) in [
        ("99th percentile of search time ≤ 1.3s", "search time q0.99 <= 1.3 s"),
        ("Unit tests: 106 passing (≥71% coverage)", "coverage >= 71 %"),
        ("Command wait within SLO (p95 < 800ms)", "command wait q0.95 < 800 ms"),
        ("Response times monitored (<450ms)", "response times < 450 ms"),
        ("Conversion (Lead → Kunde) > 22%", "conversion > 22 %"),
    ] {
        assert_eq!(read(line), [want], "{line}");
    }
}

#[test]
fn an_expectation_is_of_what_the_item_above_it_limits() {
    let text = "- [ ] **P95 wait <15s (light):** on the board\n  - Expected: <14s (ideal: <12s)\n";
    let plan = compile(Input { checklist: Text { name: "list.md", text }, bindings: None }).plan;
    assert_eq!(shown(&plan.conditions), ["wait q0.95 < 15 s", "wait q0.95 < 14 s target 12"]);
}

#[test]
fn what_is_held_against_something_else_says_so() {
    for (line, want) in [
        ("Latency within 6% of targets", "latency <= 6 % against targets"),
        ("Spread within 3x baseline", "spread <= 3x baseline against baseline"),
        ("Spend > 40% from baseline", "spend > 40 % against baseline"),
        ("Spend > 40% compared to baseline", "spend > 40 % against baseline"),
        ("No latency increase > 5%", "latency <= 5 % against what it was"),
        ("Latencia estable (sin degradación > 20%)", "latencia estable <= 20 % against what it was"),
        ("Correction ≤ ±3%", "correction -3–3 %"),
    ] {
        assert_eq!(read(line), [want], "{line}");
    }
}

#[test]
fn a_time_for_which_something_lasts_is_no_limit() {
    assert_eq!(read("Stable for ≥ 3 hours"), Vec::<String>::new());
    assert_eq!(read("Budget burnt > 10% in < 1 hour"), ["budget burnt > 10 %"]);
}

#[test]
fn how_many_alerts_there_are_is_counted_and_what_they_are_at_is_not() {
    assert_eq!(read("Warning alerts ≤ 4, all resolved"), ["warning alerts <= 4"]);
    assert_eq!(read("Memory alerts (>85%)"), Vec::<String>::new());
    let plan = compile(Input {
        checklist: Text {
            name: "list.md",
            text: "- [ ] Go\n\n**Alerts:**\n- Heap > 91%\n\n**Gates:**\n- Heap < 80%\n",
        },
        bindings: None,
    })
    .plan;
    assert_eq!(shown(&plan.conditions), ["heap < 80 %"]);
}

#[test]
fn how_fast_the_way_back_is_judges_nothing() {
    let text = "- [ ] Go\n\n**Rollback SLA:** <20 seconds\n\n## Rollback steps\n1. Flip the flag (< 2 minutes)\n";
    let plan = compile(Input { checklist: Text { name: "list.md", text }, bindings: None }).plan;
    assert_eq!(shown(&plan.conditions), Vec::<String>::new());
}

#[test]
fn a_row_of_go_and_no_go_is_both() {
    let text = "- [ ] Go\n## Go/no-go criteria\n| Metric | Go | No-go |\n|---|---|---|\n| Error rate | < 2% | > 6% |\n| Breaker opens | 0 | > 2 |\n| p99 | < 1 s | > 3 s |\n";
    let plan = compile(Input { checklist: Text { name: "list.md", text }, bindings: None }).plan;
    let roles: Vec<_> = plan.conditions.iter().map(|c| c.role == Role::Trigger).collect();
    let want = [
        "error rate < 2 %",
        "error rate > 6 %",
        "breaker opens == 0",
        "breaker opens > 2",
        "latency q0.99 < 1 s",
        "latency q0.99 > 3 s",
    ];
    assert_eq!(shown(&plan.conditions), want);
    assert_eq!(roles, [false, true, false, true, false, true]);
}

#[test]
fn a_box_before_the_words_of_a_cell_is_an_item() {
    let text = "| Task | Owner |\n|---|---|\n| ☐ Backup taken | Ana |\n| ☑ Freeze on | Bo |\n| ☐ yes ☐ no | Cy |\n";
    let plan = compile(Input { checklist: Text { name: "list.md", text }, bindings: None }).plan;
    let items: Vec<_> = plan.items.iter().map(|item| (item.line, item.text.as_str(), item.ticked)).collect();
    assert_eq!(items, [(3, "Backup taken | Ana", false), (4, "Freeze on | Bo", true)]);
}

#[test]
fn what_a_team_counts_its_lines_by_is_no_name() {
    for (line, want) in [
        ("**SEC-005** Encryption overhead acceptable (<12%)", "encryption overhead < 12 %"),
        ("Response time SLA: P95 < 210ms", "response time q0.95 < 210 ms"),
        ("[T+10] Service restored, error rate < 0.2%", "error rate < 0.2 %"),
        ("Errors > 4% OR timeouts > 9%", "errors > 4 %"),
    ] {
        assert_eq!(read(line).first().map(String::as_str), Some(want), "{line}");
    }
    assert_eq!(read("Errors > 4% OU délais > 9%"), ["errors > 4 %", "délais > 9 %"]);
}

#[test]
fn units_beside_a_stroke_and_spans_of_months() {
    assert_eq!(read("Heap < 2.5GB/node"), ["heap < 2.5 GB"]);
    assert_eq!(read("Short term (<3 months): three actions"), Vec::<String>::new());
    assert_eq!(read("Throughput < 80% of target"), ["throughput < 80 % against target"]);
    assert_eq!(read("Heap < 110% of v1"), ["heap < 110 % against v1"]);
}

#[test]
fn a_range_alone_is_a_limit_where_limits_stand() {
    let table = |head: &str| {
        let text =
            format!("- [ ] Go\n\n| Metric | {head} | Alert threshold |\n|---|---|---|\n| Packing | 70-85% | < 64% |\n");
        shown(&compile(Input { checklist: Text { name: "list.md", text: &text }, bindings: None }).plan.conditions)
    };
    assert_eq!(table("Target"), ["packing 70–85 %"]);
    assert_eq!(table("Measured"), Vec::<String>::new());
}

#[test]
fn a_trigger_says_for_how_long_in_many_ways() {
    for (line, minutes) in [
        ("p99 > 3 s over 10 min", 10),
        ("5xx > 40 in 5 min", 5),
        ("Timeouts > 9 per hour", 60),
        ("Latency > 2s for more than 3 minutes", 3),
        ("Crash rate > 1% (5 min window)", 5),
        ("CPU > 95% (sustained 10 min)", 10),
        ("Error rate > 6% for 3 consecutive minutes", 3),
        ("Fehlerrate > 3% für 10 Minuten", 10),
        ("Tasa de error > 3% durante 4 minutos", 4),
    ] {
        let text = format!("- [ ] Go\n## Rollback triggers\n- {line}\n");
        let plan = compile(Input { checklist: Text { name: "list.md", text: &text }, bindings: None }).plan;
        let holds: Vec<_> = plan.conditions.iter().map(|c| c.hold).collect();
        assert_eq!(holds, [Some(Millis::from_mins(minutes))], "{line}");
    }
}
