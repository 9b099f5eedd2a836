use super::*;
use crate::plan::markdown;

fn ramp(text: &str) -> Vec<(String, Option<u64>, Option<u64>)> {
    let (_, stages) = parsed(text);
    stages.list.iter().map(|s| (s.name.clone(), s.soak.map(Millis::as_secs), s.soak_max.map(Millis::as_secs))).collect()
}

fn parsed(text: &str) -> (Vec<Entry>, Stages) {
    let entries = markdown::read(text);
    let outline = Outline::read(&entries);
    let stages = read(&entries, &outline);
    (entries, stages)
}

/// Each line of the text with the stage it stands in.
fn membership(text: &str) -> Vec<(u32, Option<String>)> {
    let (entries, stages) = parsed(text);
    entries
        .iter()
        .enumerate()
        .map(|(at, e)| (e.line, stages.of(at).map(|id| stages.list[id.index()].name.clone())))
        .collect()
}

fn want(list: &[(&str, Option<u64>, Option<u64>)]) -> Vec<(String, Option<u64>, Option<u64>)> {
    list.iter().map(|(name, low, high)| ((*name).to_owned(), *low, *high)).collect()
}

#[test]
fn items_with_their_soak() {
    let text = "## Shift\n- [ ] 5% traffic on v9, watch 10 minutes\n  - [ ] quiet\n- [ ] 50% traffic on v9 (1-2 hours)\n- [ ] 100% of users\n";
    assert_eq!(ramp(text), want(&[("5%", Some(600), None), ("50%", Some(3_600), Some(7_200)), ("100%", None, None)]));
}

#[test]
fn items_with_the_soak_in_a_later_line() {
    let text = "1. Prepare\n   - [ ] x\n2. Cut over\n   - [ ] Begin at 1% traffic: start with 1%\n   - [ ] Wait 20 min\n   - [ ] Increase to 10% traffic\n   - [ ] Errors quiet\n   - [ ] Hold for 2 hours\n3. Tidy\n   - [ ] Observe for 9 hours\n";
    assert_eq!(ramp(text), want(&[("1%", Some(1_200), None), ("10%", Some(7_200), None)]));
    assert_eq!(membership(text).last(), Some(&(10, None)));
}

#[test]
fn headings_hold_what_stands_under_them() {
    let text = "## Phase 1: Canary (5% traffic)\n**Watching (15 min - 1 hour)**:\n- [ ] a\n## Phase 2: Half (50% traffic, 12 hours)\n- [ ] 5% phase stable for 3 hours\n- [ ] Point 50% of traffic at it\n## Afterwards\n- [ ] c\n";
    assert_eq!(ramp(text), want(&[("5%", Some(900), Some(3_600)), ("50%", Some(43_200), None)]));
    let (entries, stages) = parsed(text);
    let moves: Vec<_> = stages.moves.iter().map(|at| entries[*at].line).collect();
    assert_eq!(moves, [6]);
    assert_eq!(membership(text).last(), Some(&(8, None)));
}

#[test]
fn a_heading_that_watches_belongs_to_the_stage_before() {
    let text = "### Widen (10% → 30%)\n#### Scale to 10%\n- [ ] a\n#### Monitor 10% (7 minutes)\n- [ ] b\n#### Scale to 30%\n- [ ] c\n#### Observe (9 min)\n- [ ] d\n";
    assert_eq!(ramp(text), want(&[("10%", Some(420), None), ("30%", Some(540), None)]));
    let of: Vec<_> = membership(text).into_iter().filter_map(|(line, stage)| Some((line, stage?))).collect();
    assert_eq!(of.iter().filter(|(_, stage)| stage == "10%").map(|(line, _)| *line).collect::<Vec<_>>(), [2, 3, 4, 5]);
}

#[test]
fn a_heading_ends_a_stage_that_is_a_line() {
    let text = "# Night\n- [ ] 10% traffic\n  - [ ] a\n## Monitor (5 min)\n### Errors\n- [ ] b\n## Tests\n- [ ] c\n";
    assert_eq!(ramp(text), want(&[("10%", Some(300), None)]));
    let inside: Vec<_> =
        membership(text).into_iter().filter(|(_, stage)| stage.is_some()).map(|(line, _)| line).collect();
    assert_eq!(inside, [2, 3, 4, 5, 6]);
}

#[test]
fn comments_in_a_block_of_commands() {
    let text = "## Ramp\n```bash\n# 20% traffic to green\nmove 20\n# Wait for 5 minutes\n# If quiet, increase to 60%\nmove 60\n```\n## Rollback\n```bash\n# 100% traffic to blue\n```\n";
    assert_eq!(ramp(text), want(&[("20%", Some(300), None), ("60%", None, None)]));
}

#[test]
fn a_table_is_a_ramp_unless_its_steps_are() {
    let table = "| Traffic | Soak |\n|---|---|\n| 1% | 10 min |\n| 20% | 1 hour |\n";
    assert_eq!(ramp(table), want(&[("1%", Some(600), None), ("20%", Some(3_600), None)]));
    let both = format!("{table}\n- [ ] Route 1% traffic\n- [ ] Route 20% traffic, watch 5 min\n");
    assert_eq!(ramp(&both), want(&[("1%", Some(600), None), ("20%", Some(300), None)]));
    let (entries, stages) = parsed(&both);
    assert_eq!(stages.starts.iter().map(|at| entries[*at].line).collect::<Vec<_>>(), [6, 7]);
}

#[test]
fn weights_and_rates_in_a_table_are_no_ramp() {
    assert_eq!(ramp("| Category | Weight |\n|---|---|\n| Tests | 25% |\n"), []);
    assert_eq!(ramp("| Feature | % | Time |\n|---|---|---|\n| Search | 10% | 30 min |\n"), []);
    assert_eq!(ramp("| Phase | Success rate |\n|---|---|\n| Canary | 99% |\n"), []);
}

#[test]
fn a_row_of_arrows_is_a_ramp() {
    assert_eq!(
        ramp("Rollout: 1% → 10% → 100% of traffic\n"),
        want(&[("1%", None, None), ("10%", None, None), ("100%", None, None)])
    );
}

#[test]
fn a_heading_with_a_row_of_arrows_holds_what_stands_under_it() {
    let text = "### Rollout (10% → 100%)\n**Monitoring (30 min)**:\n- [ ] a\n### Later\n- [ ] b\n";
    assert_eq!(ramp(text), want(&[("10%", Some(1_800), None), ("100%", Some(1_800), None)]));
    let (_, stages) = parsed(text);
    assert_eq!(stages.together(StageId(1)), [StageId(0), StageId(1)]);
}

#[test]
fn stage_tables_as_people_write_them() {
    let text = "| Stage | Traffic % | Hold time | Promotion criteria |\n|---|---:|---|---|\n| 1 | 10% | 30 min | quiet |\n| 2 | 100% | 24h observation | quiet |\n";
    assert_eq!(ramp(text), want(&[("10%", Some(1_800), None), ("100%", Some(86_400), None)]));
}

#[test]
fn hours_that_touch_have_passed_and_others_are_counted() {
    let hours = |titles: [&str; 3]| {
        let text = titles.map(|title| format!("## {title}\n- [ ] look\n")).join("\n");
        let soaks = ramp(&text).into_iter().map(|(_, soak, _)| soak.map(|seconds| seconds / 3_600));
        soaks.collect::<Vec<_>>()
    };
    assert_eq!(hours(["Hour 0-1", "Hours 1-4", "Hours 4-24"]), [Some(1), Some(3), Some(20)]);
    assert_eq!(hours(["Hours 1-2", "Hours 2-6", "Hours 6-8"]), [Some(1), Some(4), Some(2)]);
    assert_eq!(hours(["Hour 1", "Hour 2-3", "Hour 4"]), [Some(1), Some(2), Some(1)]);
    assert_eq!(hours(["Hour 0-1", "Hour 2-4", "Hour 5-8"]), [Some(2), Some(3), Some(4)]);
    assert_eq!(hours(["Hour 0-1", "Hour 1-2", "Hour 3-4"]), [Some(1), Some(1), Some(2)]);
    assert_eq!(hours(["Hour 0", "Hour 1", "Hour 2"]), [Some(1), Some(1), Some(1)]);
}

#[test]
fn hours_to_observe_come_after_the_ramp() {
    let text = "**Hour 1:** look\n**Hour 2-3:** look\n\n## Go\n- [ ] 100% traffic\n";
    assert_eq!(
        ramp(text),
        want(&[("100%", None, None), ("Hour 1", Some(3_600), None), ("Hour 2-3", Some(7_200), None)])
    );
}

#[test]
fn a_share_that_was_reached_is_not_a_second_stage() {
    let text = "- [ ] 50% traffic\n- [ ] 50% traffic\n- [ ] 10% traffic\n";
    let (_, stages) = parsed(text);
    assert_eq!(stages.list.len(), 1);
    let lines: Vec<_> = stages.diagnostics.iter().filter_map(|d| d.line).collect();
    assert_eq!(lines, [2, 3]);
}
