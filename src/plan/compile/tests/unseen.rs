//! Checklists as other teams write them, each read by a person first.

use super::*;

fn read(text: &str) -> Compiled {
    compile(Input { checklist: Text { name: "list.md", text }, bindings: None })
}

fn ramp(found: &Compiled) -> Vec<(Option<f64>, Option<u64>)> {
    found.plan.stages.iter().map(|stage| (stage.share, stage.soak.map(Millis::as_secs))).collect()
}

fn limits(found: &Compiled) -> Vec<String> {
    let shown = |c: &Condition| {
        let role = if c.role == Role::Trigger { " (bad)" } else { "" };
        let hold = c.hold.map(|hold| format!(" for {hold}")).unwrap_or_default();
        format!("{} {}{hold}{role}", c.metric, c.limit)
    };
    found.plan.conditions.iter().map(shown).collect()
}

#[test]
fn numbered_boxes_and_headings_in_german() {
    let found = read(
        "## Voraussetzungen\n1. [ ] Datensicherung geprüft\n2. [ ] Bereitschaft: ______\n\n\
         ## Phase 1: 5 % des Verkehrs\n- [ ] 15 Minuten beobachten\n- [ ] Fehlerrate < 0,5 %\n\
         ## Phase 2: 100 % des Verkehrs\n- [ ] 30 Minuten beobachten\n\
         ## Abbruchkriterien\n- Fehlerrate > 2 %\n- Warteschlange > 10000\n",
    );
    assert_eq!(ramp(&found), [(Some(5.0), Some(900)), (Some(100.0), Some(1_800))]);
    assert_eq!(limits(&found), ["fehlerrate < 0.5 %", "fehlerrate > 2 % (bad)", "warteschlange > 10,000 (bad)"]);
    assert_eq!((found.plan.items.len(), found.plan.triggers.len(), found.plan.fields.len()), (5, 2, 1));
}

#[test]
fn a_table_is_the_ramp_and_says_what_must_hold() {
    let found = read(
        "| Step | Share | Bake time | Go when |\n|---|---|---|---|\n| Canary | 1% | 30 min | bounce rate < 2% |\n\
         | All | 100% | 4 h | bounce rate < 1.5%, queue depth < 5,000 |\n\n\
         **Abort if:**\n* bounce rate > 5% for 5 minutes\n* any customer reports lost mail\n\n**Do**\n+ [ ] Tell support\n",
    );
    assert_eq!(ramp(&found), [(Some(1.0), Some(1_800)), (Some(100.0), Some(14_400))]);
    let want = ["bounce rate < 2 %", "bounce rate < 1.5 %", "queue depth < 5,000", "bounce rate > 5 % for 5m (bad)"];
    assert_eq!(limits(&found), want);
    assert_eq!(found.plan.triggers.len(), 2);
}

#[test]
fn portuguese_triggers_with_their_time() {
    let found = read(
        "## Tráfego\n- [ ] 25% do tráfego - monitorar por 30 minutos\n- [ ] 100% do tráfego - monitorar por 2 horas\n\
         ## Critérios de reversão\n- Taxa de erro > 2%\n- Latência > 1s por 5 minutos\n",
    );
    assert_eq!(ramp(&found), [(Some(25.0), Some(1_800)), (Some(100.0), Some(7_200))]);
    assert_eq!(limits(&found), ["taxa de erro > 2 % (bad)", "latência > 1 s for 5m (bad)"]);
}

#[test]
fn steps_of_a_switch_without_a_ramp() {
    let found = read(
        "1) Pre-flight\n   1. [x] Dry run\n   2. [ ] Replica lag < 2s\n2) Watch\n   - [ ] Deadlocks: 0\n\
         \x20  - [ ] CPU 20-60%\n   - [ ] Connections < 1.5x baseline\n\nRollback triggers: any of these\n\
         - Replica lag > 30s\n- Data mismatch\n",
    );
    let want = [
        "replica lag < 2 s",
        "deadlocks == 0",
        "cpu 20–60 %",
        "connections < 1.5x baseline",
        "replica lag > 30 s (bad)",
    ];
    assert_eq!(limits(&found), want);
    assert_eq!((found.plan.stages.len(), found.plan.items[0].ticked, found.plan.triggers.len()), (0, true, 2));
}

#[test]
fn a_kill_switch_is_a_trigger_list() {
    let found = read(
        "**Rollout**\n- [ ] Enable for 10% of users, hold for 2h\n- [ ] Enable for 50% of users, hold for 4h\n\
         - [ ] Enable for everyone\n\n**Kill switch conditions**\n- [ ] Errors > 1% sustained\n",
    );
    assert_eq!(ramp(&found), [(Some(10.0), Some(7_200)), (Some(50.0), Some(14_400)), (Some(100.0), None)]);
    assert_eq!(limits(&found), ["errors > 1 % (bad)"]);
    assert!(found.plan.triggers[0].sustained);
}

#[test]
fn options_by_their_headings_are_alternatives() {
    let found = read(
        "- [ ] Deploy\n## Option A: blue/green\n```sh\na\n```\n## Option B: rolling\n```sh\nb\n```\n\
         ## Status\n- [ ] SUCCESS\n- [ ] PARTIAL\n- [ ] FAILED\n",
    );
    let ways: Vec<_> = found.plan.commands.iter().map(|command| command.alternative).collect();
    assert_eq!(ways, [Some(1), Some(2)]);
    let choices: Vec<_> = found.plan.items.iter().map(|item| item.choice.is_some()).collect();
    assert_eq!(choices, [false, true, true, true]);
}

#[test]
fn scores_deviations_and_marks() {
    let found = read(
        "- [ ] **CRITICAL** Snapshot taken\n- [ ] *(optional)* Cake\n- [ ] Traffic at 33% (bake 12h)\n\
         \x20 - [ ] Satisfaction ≥ 4.2/5\n  - [ ] Anomaly score < 3σ\n  - [ ] Price deviation within 0.5% of baseline\n",
    );
    let want = ["satisfaction >= 4.2", "anomaly score < 3", "price deviation within 0.5 % of baseline"];
    assert_eq!(limits(&found), want);
    assert_eq!(found.plan.items[0].duty, Duty::Start);
    assert_eq!(found.plan.items[1].duty, Duty::None);
    assert_eq!(ramp(&found), [(Some(33.0), Some(43_200))]);
}

#[test]
fn waves_of_logins() {
    let found = read(
        "#### Wave 1 (2% of logins, soak 1 hour)\n- [ ] Success rate > 99.5% (baseline: 99.7%)\n\
         #### Wave 2 (30% of logins, soak 2-3 hours)\n- [ ] Token refresh p50 < 20 ms\n\n\
         Roll back if any of:\n1. Success rate < 98% for 3 min\n2. Sessions dropped > 50/min\n",
    );
    assert_eq!(ramp(&found), [(Some(2.0), Some(3_600)), (Some(30.0), Some(7_200))]);
    let want = [
        "success rate > 99.5 %",
        "token refresh < 20 ms",
        "success rate < 98 % for 3m (bad)",
        "sessions dropped > 50 for 1m (bad)",
    ];
    assert_eq!(limits(&found), want);
}
