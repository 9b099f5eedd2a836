//! Ramps as people write them: which of several lines is the stage, and where its soak stands.

use super::*;

/// Line, share and soak in minutes.
fn stages(text: &str) -> Vec<(u32, Option<f64>, Option<u64>)> {
    let plan = compile(Input { checklist: Text { name: "list.md", text }, bindings: None }).plan;
    plan.stages.iter().map(|stage| (stage.line, stage.share, stage.soak.map(|soak| soak.as_secs() / 60))).collect()
}

fn stage(line: u32, share: f64, minutes: impl Into<Option<u64>>) -> (u32, Option<f64>, Option<u64>) {
    (line, Some(share), minutes.into())
}

#[test]
fn a_list_of_contents_is_not_the_ramp() {
    let text = "1. Ready (before 10%)\n2. 10% rollout\n3. 50% rollout\n\n## Phase 1: 10% rollout\n- [ ] Watch for 2 hours\n\
                ## Phase 2: 50% rollout\n- [ ] Watch for 4 hours\n";
    assert_eq!(stages(text), [stage(5, 10.0, 120), stage(7, 50.0, 240)]);
    // Without headings the list is the ramp.
    assert_eq!(stages("1. 10% rollout, 2 h\n2. 50% rollout, 4 h\n"), [stage(1, 10.0, 120), stage(2, 50.0, 240)]);
}

#[test]
fn a_table_says_more_than_the_headings_of_some_of_its_stages() {
    let text = "| Phase | Traffic | Soak |\n|---|---|---|\n| 1 | 2% | 1 day |\n| 2 | 20% | 2 days |\n| 3 | 40% | 1 week |\n| 4 | 100% | 1 week |\n\n## Phase 1: 2% traffic\n- [ ] a\n## Phase 4: 100% traffic\n- [ ] b\n";
    let shares: Vec<_> = stages(text).into_iter().map(|(_, share, soak)| (share, soak)).collect();
    let days = |n: u64| Some(n * 24 * 60);
    assert_eq!(shares, [(Some(2.0), days(1)), (Some(20.0), days(2)), (Some(40.0), days(7)), (Some(100.0), days(7))]);
}

#[test]
fn what_comes_next_is_not_there_yet() {
    let text = "1. Canary (1% traffic, 30 min)\n   - If stable, ramp to 5%\n2. Ramp (5% → 25%)\n   - Wait 1-2 h at each stage\n3. All of it (100% traffic)\n";
    let want = [stage(1, 1.0, 30), stage(3, 5.0, 60), stage(3, 25.0, 60), stage(5, 100.0, None)];
    assert_eq!(stages(text), want);
}

#[test]
fn headings_beside_a_stage_need_no_more_than_their_share() {
    let text = "### Canary (5%) - day 1\n- [ ] Hold for 3 hours\n### Most of them (60%) - day 2\n- [ ] Hold for 5 hours\n### Coverage (80%)\n- [ ] x\n";
    assert_eq!(stages(text), [stage(1, 5.0, 180), stage(3, 60.0, 300)]);
}

#[test]
fn a_soak_may_stand_under_its_label() {
    let text = "## Phase 1: 10% traffic\n\nMinimum duration:\n- 20 to 30 minutes.\n\n## Phase 2: 100% traffic\n\nWatching closely:\n- 90 minutes continuously\n- Ana at the desk\n";
    assert_eq!(stages(text), [stage(1, 10.0, 20), stage(6, 100.0, 90)]);
}

#[test]
fn words_behind_a_time_do_not_take_it_away() {
    for (line, minutes) in [
        ("Watch it for at least 25 minutes before going on", Some(25)),
        ("Monitor for 15 minutes after the switch", Some(15)),
        ("Monitor the dashboards every 5 minutes", None),
        ("Monitor with a 30s interval", None),
        ("Watch the last 40 minutes of logs", None),
    ] {
        assert_eq!(stages(&format!("- [ ] 10% traffic\n- [ ] {line}\n")), [stage(1, 10.0, minutes)], "{line}");
    }
}

#[test]
fn a_question_mark_may_be_decoration() {
    assert_eq!(stages("- [ ] Traffic at 10% ?\n- [ ] Watch 5 min ?\n"), [stage(1, 10.0, 5)]);
    assert_eq!(stages("- [ ] Traffic to 10% or back ?\n- [ ] Proceed to 50% traffic?\n"), []);
}

#[test]
fn the_whole_is_called_ga_or_all_traffic_too() {
    let text = "## Phase 1: 10% traffic\n- [ ] a\n## Phase 2: GA\n- [ ] Watch for 6 hours\n";
    assert_eq!(stages(text), [stage(1, 10.0, None), stage(3, 100.0, 360)]);
    assert_eq!(
        stages("1. Send 5% of requests to v2\n2. Send all traffic to v2\n"),
        [stage(1, 5.0, None), stage(2, 100.0, None)]
    );
    assert_eq!(stages("- [ ] 10% traffic\n- [ ] Tag the GA release\n"), [stage(1, 10.0, None)]);
}

#[test]
fn other_shares_and_other_tables_are_no_stages() {
    let risks = "| Risk | Phase | Mitigation |\n|---|---|---|\n| Late | 2 | Add 20% more to each phase |\n\n";
    let steps = "- [ ] Route 10% of traffic\n- [ ] Route 100% of traffic\n";
    assert_eq!(stages(&format!("{risks}{steps}")), [stage(5, 10.0, None), stage(6, 100.0, None)]);
    assert_eq!(stages("- [ ] 30% of users enroll within 3 weeks\n- [ ] Prepare for 100% cutover\n"), []);
}
