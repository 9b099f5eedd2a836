//! The rules by which checklists are read, each on lines that break when the rule is lost.

use super::*;

fn read(text: &str) -> Plan {
    compile(Input { checklist: Text { name: "list.md", text }, bindings: None }).plan
}

fn stages(text: &str) -> Vec<(String, Option<f64>, Option<u64>)> {
    let of = |stage: &crate::plan::Stage| (stage.name.clone(), stage.share, stage.soak.map(Millis::as_secs));
    read(text).stages.iter().map(of).collect()
}

fn stage(
    name: &str,
    share: impl Into<Option<f64>>,
    minutes: impl Into<Option<u64>>,
) -> (String, Option<f64>, Option<u64>) {
    (name.to_owned(), share.into(), minutes.into().map(|minutes| minutes * 60))
}

/// Lines with what is read from them.
fn limits(text: &str) -> Vec<(u32, String)> {
    read(text).conditions.iter().map(|c| (c.line, format!("{} {}", c.metric, c.limit))).collect()
}

fn labels(text: &str) -> Vec<(u32, String)> {
    read(text).fields.into_iter().map(|field| (field.line, field.label)).collect()
}

mod stages_by_name {
    use super::*;

    #[test]
    fn cohorts_are_stages() {
        let found = stages(
            "## Phase 1: Internal users (24 hours)\n- [ ] Badge readers work\n\
             ## Phase 2: Beta customers\n- [ ] Watch for 2 days\n\
             ## Phase 3: 20% of users\n- [ ] Wait 1 hour\n## Phase 4: All users\n- [ ] Watch for 3 hours\n",
        );
        let want = [
            stage("Internal users", None, 24 * 60),
            stage("Beta customers", None, 48 * 60),
            stage("20%", 20.0, 60),
            stage("100%", 100.0, 180),
        ];
        assert_eq!(found, want);
    }

    #[test]
    fn tiers_are_stages_where_they_are_numbered_or_named() {
        let found = stages(
            "- [ ] Enable for internal staff, monitor 30 min\n- [ ] Enable for beta testers, monitor 4 h\n- [ ] Enable for everyone\n",
        );
        assert_eq!(
            found,
            [stage("internal staff", None, 30), stage("beta testers", None, 240), stage("100%", 100.0, None)]
        );
        let found =
            stages("## Ring 0: canary tenants (2 hours)\n- [ ] a\n## Ring 1: small tenants (6 hours)\n- [ ] b\n");
        assert_eq!(found, [stage("Ring 0", None, 120), stage("Ring 1", None, 360)]);
    }

    #[test]
    fn who_is_only_told_is_no_cohort() {
        let found = stages(
            "## Before\n- [ ] Internal users told\n- [ ] Beta customers have the new terms\n## Internal review\n- [ ] a\n",
        );
        assert_eq!(found, []);
    }
}

mod inherited {
    use super::*;

    const STEPS: &str = "## Step 1: 5% traffic\n- [ ] Error rate < 1%\n- [ ] Queue age < 20 s\n\
                         ## Step 2: 50% traffic\n- [ ] Same as Step 1, plus:\n- [ ] Refunds < 3%\n";

    #[test]
    fn a_step_holds_what_it_says_is_the_same() {
        let bound = compiled(STEPS, &format!("{SOURCE}{ERRORS}"));
        let [errors] = &bound.plan.gates[..] else { panic!("one gate: {:?}", bound.plan.gates) };
        assert_eq!(errors.scope, Scope::Stages(vec![StageId(0), StageId(1)]));
    }

    #[test]
    fn triggers_that_are_the_same_are_not_declared_twice() {
        let text = "## Step 1: 5% traffic\n**Roll back if**:\n- Errors > 4%\n## Step 2: 50% traffic\n**Roll back if**:\n\
                    - Same as Step 1, plus:\n- Refunds > 9%\n";
        let lines: Vec<_> = read(text).triggers.iter().map(|trigger| trigger.line).collect();
        assert_eq!(lines, [3, 7]);
    }
}

mod conditional {
    use super::*;

    fn duties(text: &str) -> Vec<Duty> {
        read(text).items.iter().map(|item| item.duty).collect()
    }

    #[test]
    fn a_section_that_begins_with_if_stands_against_nothing() {
        for title in [
            "If the import stalls",
            "In case of a full disk",
            "Only if the pool is exhausted",
            "Falls der Import hängt",
        ] {
            let found = duties(&format!("- [ ] Ready\n## {title}\n- [ ] Restart it\n## Then\n- [ ] Go\n"));
            assert_eq!(found, [Duty::Start, Duty::None, Duty::Start], "{title}");
        }
    }

    #[test]
    fn what_is_done_when_all_is_well_is_to_be_done() {
        assert_eq!(duties("## If all checks pass\n- [ ] Go on\n"), [Duty::Start]);
    }
}

mod papers {
    use super::*;

    #[test]
    fn two_blanks_in_a_line_are_two_fields() {
        let found = labels("**Begun:** ____ **Ended:** ____\n\n- [ ] Lead: ____ Deputy: ____\n\nCost: ____ EUR\n");
        let want = [(1, "Begun"), (1, "Ended"), (3, "Lead"), (3, "Deputy"), (5, "Cost")];
        assert_eq!(found, want.map(|(line, label)| (line, label.to_owned())));
    }

    #[test]
    fn an_empty_cell_of_a_contact_is_to_be_filled_in() {
        let plan = read(
            "- [ ] a\n## Contacts\n| Role | Name | Phone |\n|---|---|---|\n| DBA | | 555 |\n| Lead | Ana | ____ |\n",
        );
        let fields: Vec<_> = plan.fields.iter().map(|field| (field.line, field.label.as_str())).collect();
        assert_eq!(fields, [(5, "DBA: Name"), (6, "Lead: Phone")]);
        assert_eq!(plan.contacts.len(), 2);
    }

    #[test]
    fn contacts_may_be_a_paragraph() {
        let plan = read("- [ ] a\n\nContacts:\n- DBA: Ana, 555\n- Lead: Bo\n\nOther words.\n\n- Not: one\n");
        let found: Vec<_> = plan.contacts.iter().map(|c| (c.line, c.role.as_str(), c.details.join(" "))).collect();
        assert_eq!(found, [(4, "DBA", "Ana, 555".to_owned()), (5, "Lead", "Bo".to_owned())]);
        let plan = read("- [ ] a\n\n**Contacts:** DBA - Ana (555), Lead - Bo\n");
        let found: Vec<_> = plan.contacts.iter().map(|c| (c.role.as_str(), c.details.join(" "))).collect();
        assert_eq!(found, [("DBA", "Ana (555)".to_owned()), ("Lead", "Bo".to_owned())]);
    }

    #[test]
    fn boxes_behind_a_decision_are_its_answers_though_the_list_goes_on() {
        let plan = read(
            "- [ ] 10% traffic\n\n**Decision point**: widen?\n- [ ] YES - go on\n- [ ] NO - roll back\n- [ ] Tell the others\n- [ ] Write it down\n",
        );
        let choices: Vec<_> = plan.items.iter().map(|item| item.choice.is_some()).collect();
        assert_eq!(choices, [false, true, true, false, false]);
        assert!(plan.decisions[0].choice.is_some());
    }
}

mod commands {
    use super::*;

    fn expected(text: &str) -> Vec<Option<String>> {
        read(text).commands.into_iter().map(|command| command.expect).collect()
    }

    #[test]
    fn what_to_expect_may_stand_behind_a_block() {
        for behind in [
            "Expected: three pods",
            "**Expected result:** three pods",
            "Expected output:\n```\nthree pods\n```",
            "Should be: three pods",
        ] {
            let text = format!("- [ ] a\n## Look\n```sh\nkubectl get pods\n```\n{behind}\n\nWords.\n");
            assert_eq!(expected(&text), [Some("three pods".to_owned())], "{behind}");
        }
        assert_eq!(expected("- [ ] a\n```sh\nrun\n```\nWords.\n"), [None]);
    }

    #[test]
    fn what_to_expect_may_stand_behind_its_command() {
        assert_eq!(
            expected("- [ ] a\n```sh\nrun --fast  # Expected: done in 3 s\n```\n"),
            [Some("done in 3 s".to_owned())]
        );
        assert_eq!(expected("- [ ] a\n```sh\nrun  # -> done\n```\n"), [Some("done".to_owned())]);
    }
}

mod tables {
    use super::*;

    #[test]
    fn warning_and_critical_are_offered_outside_of_triggers() {
        let text = "- [ ] 10% traffic\n## Watched\n| SLI | Warning | Critical |\n|---|---|---|\n| Error rate | > 0.5% | > 2% |\n";
        let found = compiled(text, SOURCE);
        let offered: Vec<_> = found.suggestions.iter().map(|c| format!("{} {}", c.metric, c.limit)).collect();
        assert_eq!(offered, ["error rate <= 0.5 %"]);
        assert!(found.plan.conditions.is_empty());
        // Who binds it has it judged: beyond the warning is not good.
        let found = compiled(text, &format!("{SOURCE}{ERRORS}"));
        let judged: Vec<_> = found.plan.conditions.iter().map(|c| format!("{} {}", c.metric, c.limit)).collect();
        assert_eq!(judged, ["error rate <= 0.5 %"]);
    }
}

mod conditions {
    use super::*;

    fn limit(line: &str) -> Vec<String> {
        limits(&format!("- [ ] {line}\n")).into_iter().map(|(_, limit)| limit).collect()
    }

    #[test]
    fn limits_stand_in_items_bullets_rows_and_paragraphs_alike() {
        let text =
            "- [ ] Lag < 3 s\n- Heap < 2 GB\n\nQueue age: <40 s\n\n| Metric | Limit |\n|---|---|\n| Load | < 8 |\n";
        let want = [(1, "lag < 3 s"), (2, "heap < 2 GB"), (4, "queue age < 40 s"), (8, "load < 8")];
        assert_eq!(limits(text), want.map(|(line, limit)| (line, limit.to_owned())));
    }

    #[test]
    fn units_as_they_are_written() {
        for (line, want) in [
            ("Cost < $40", "cost < 40 $"),
            ("Satisfaction > 4.1/5", "satisfaction > 4.1"),
            ("Lookup latency < 5m", "lookup latency < 5 min"),
            ("Bounce ratio < 0.005 (0.5%)", "bounce ratio < 0.5 %"),
            ("Ingest > 12k/s", "ingest > 12,000 tps"),
            ("Drift < 3σ", "drift < 3"),
            ("Orders > 1,200 req/sec", "orders > 1,200 tps"),
        ] {
            assert_eq!(limit(line), [want], "{line}");
        }
    }

    #[test]
    fn not_turns_a_comparison_round() {
        for (line, want) in [
            ("Refund rate must not be > 4%", "refund rate <= 4 %"),
            ("Search time is not degraded by > 25%", "search time <= 25 %"),
            ("Error rate does not increase > 0.5%", "error rate <= 0.5 %"),
        ] {
            assert_eq!(limit(line), [want], "{line}");
        }
        // What must not change is held against what it was, and so against nothing that is measured.
        let bound =
            compiled("- [ ] 10% traffic\n  - [ ] Error rate does not increase > 0.5%\n", &format!("{SOURCE}{ERRORS}"));
        assert!(bound.plan.gates.is_empty());
        assert_eq!(bound.plan.conditions[0].relative_to.as_deref(), Some("what it was"));
    }

    #[test]
    fn the_list_says_whether_a_limit_is_good() {
        let plan = read("- [ ] Free space > 5%\n## Rollback triggers\n- [ ] Free space > 5%\n");
        let roles: Vec<_> = plan.conditions.iter().map(|condition| condition.role).collect();
        assert_eq!(roles, [Role::Gate, Role::Trigger]);
        // A trigger's box says that it happened: nobody has to tick it.
        assert_eq!(plan.items.iter().map(|item| item.duty).collect::<Vec<_>>(), [Duty::Start, Duty::None]);
    }

    #[test]
    fn a_query_belongs_to_the_item_it_stands_in_or_to_the_title_it_has() {
        let block = |comment: &str| {
            format!(
                "- [ ] 10% traffic\n- [ ] Queue age < 9 s\n\n## Queries\n\n```promql\n# {comment}\nmax(queue_age_seconds)\n```\n"
            )
        };
        let bound =
            |comment: &str| read(&block(comment)).conditions.iter().map(|c| c.query.is_some()).collect::<Vec<_>>();
        assert_eq!((bound("Queue age"), bound("Something")), (vec![true], vec![false]));
    }
}

mod soaks {
    use super::*;

    fn soak(text: &str) -> Option<u64> {
        stages(text).first().and_then(|(_, _, soak)| *soak)
    }

    #[test]
    fn the_soak_is_the_first_time_beside_a_word_for_watching() {
        for (text, want) in [
            ("- [ ] 10% traffic, hold 20 min\n", 1_200),
            ("- [ ] 10% traffic\n- [ ] Look around\n- [ ] Leave running for 2 hours\n", 7_200),
            ("- [ ] 10% traffic\n\nObserve for 30-45 minutes.\n", 1_800),
            ("## 10% traffic\n- [ ] Go\n\n**Duration:** 25 minutes\n", 1_500),
            ("| Share of traffic | Time |\n|---|---|\n| 10% | 5 min |\n\n- [ ] 10% traffic\n", 300),
            ("## 10% traffic\n- [ ] 15-minute monitoring window\n", 900),
        ] {
            assert_eq!(soak(text), Some(want), "{text}");
        }
    }

    #[test]
    fn other_times_are_no_soaks() {
        for line in ["TTL set to 300 seconds", "48h notice given", "Logs of the past 30d kept", "Someone is there 24/7"]
        {
            assert_eq!(soak(&format!("- [ ] 10% traffic\n  - [ ] {line}\n")), None, "{line}");
        }
    }

    #[test]
    fn windows_that_touch_are_elapsed_time() {
        let found =
            stages("- [ ] 5% traffic (0-10 min)\n- [ ] 50% traffic (10-30 min)\n- [ ] 100% traffic (30-90 min)\n");
        assert_eq!(found.iter().map(|(_, _, soak)| *soak).collect::<Vec<_>>(), [Some(600), Some(1_200), Some(3_600)]);
    }

    #[test]
    fn a_table_and_a_list_of_the_same_shares_are_one_ramp() {
        let text = "| Traffic | Wait |\n|---|---|\n| 20% | 8 min |\n| 100% | 9 min |\n\n- [ ] 20% traffic\n- [ ] 100% traffic\n";
        assert_eq!(stages(text), [stage("20%", 20.0, 8), stage("100%", 100.0, 9)]);
    }
}

mod trigger_lists {
    use super::*;

    fn lines(text: &str) -> Vec<u32> {
        read(text).triggers.iter().map(|trigger| trigger.line).collect()
    }

    #[test]
    fn each_name_of_the_list() {
        for title in [
            "## Rollback triggers",
            "## Rollback criteria",
            "## Rollback conditions",
            "## Automatic halt rules",
            "## Failure signals",
            "## Escalation triggers",
            "## No-go conditions",
            "Roll back if any of:",
            "## Halt the rollout if",
            "## Stop and go back when any of these happens",
        ] {
            assert_eq!(lines(&format!("- [ ] a\n\n{title}\n\n- Pages are blank\n")), [5], "{title}");
        }
    }

    #[test]
    fn what_is_to_be_done_in_such_a_section_is_no_trigger() {
        let text = "## Rollback triggers\n- Pages are blank\n\n**Immediate action:**\n- [ ] Wake Ana\n";
        assert_eq!(lines(text), [2]);
    }
}

mod more_papers {
    use super::*;

    #[test]
    fn a_box_that_is_ticked_in_the_file_was_done_before() {
        assert_eq!(read("- [x] a\n- [ ] b\n").items.iter().map(|item| item.ticked).collect::<Vec<_>>(), [true, false]);
    }

    #[test]
    fn the_same_words_twice_are_two_items() {
        let plan = read("## One\n- [ ] Lag < 1 s\n## Two\n- [ ] Lag < 1 s\n");
        assert_eq!(plan.items.iter().map(|item| item.section).collect::<Vec<_>>().len(), 2);
        assert_ne!(plan.items[0].section, plan.items[1].section);
    }

    #[test]
    fn blanks_are_fields_and_never_metrics() {
        let plan = read("- [ ] Error rate: ____ (must be < 1%)\n- [ ] Captain: TBD\n");
        assert_eq!(plan.fields.iter().map(|field| field.label.as_str()).collect::<Vec<_>>(), ["Error rate", "Captain"]);
        assert!(plan.conditions.iter().all(|condition| condition.metric == "error rate"));
    }
}

#[test]
fn limits_held_against_many_others_are_found_however_many_there_are() {
    use std::fmt::Write;
    let mut text = "## 10% traffic\n".to_owned();
    for n in 1..400 {
        let _ = writeln!(text, "- [ ] Error rate < {}%", 100.0 - f64::from(n) / 10.0);
    }
    text.push_str("- [ ] Error rate > 60.2%\n- [ ] Error rate: 60.05-60.15%\n");
    text.push_str("## Rollback triggers\n- Error rate > 90%\n- Error rate: 70-71%\n- Error rate > 60.05%\n");
    let found = compiled(&text, &format!("{SOURCE}{ERRORS}[[line]]\nline = 401\nrole = \"gate\"\n"));
    assert_eq!(
        errors(&found),
        [
            "error rate > 60.2 % contradicts < 60.1 % in the same stage: no value passes both",
            "error rate 60.05–60.15 % contradicts > 60.2 % in the same stage: no value passes both"
        ]
    );
    // Each gate under which a trigger can be true is told once.
    let tripped =
        complaints(&found, Severity::Warning).iter().filter(|told| told.contains("can be true while")).count();
    assert_eq!(tripped, 401);
}
