use super::*;
use crate::judge::{Alerts, Code, Got, HealthGot, HealthReading, Miss, Reading, Sample, Why};
use crate::plan::{HealthId, Input, ProbeId, Text, compile};

fn plan() -> Plan {
    let list = "## Ramp\n- [ ] 10% traffic - monitor 1 minute\n- [ ] 50% traffic\n- [ ] 100% traffic\n";
    compile(Input { checklist: Text { name: "a.md", text: list }, bindings: None }).plan
}

fn statuses(ramp: &Ramp) -> Vec<Status> {
    ramp.stages.iter().map(|track| track.status).collect()
}

#[test]
fn a_stage_that_is_left_behind_has_passed_and_one_gone_back_from_has_not() {
    let plan = plan();
    let mut ramp = Ramp::new(&plan);
    ramp.start(&plan, StageId(0), Moment(0));
    ramp.start(&plan, StageId(2), Moment(1));
    assert_eq!(statuses(&ramp), [Status::Passed, Status::Skipped, Status::Shifting]);
    ramp.start(&plan, StageId(0), Moment(2));
    assert_eq!(statuses(&ramp), [Status::Shifting, Status::Skipped, Status::RolledBack]);
}

#[test]
fn the_earliest_go_is_told_only_while_time_can_bring_it() {
    let plan = plan();
    let mut ramp = Ramp::new(&plan);
    ramp.start(&plan, StageId(0), Moment(0));
    ramp.moved(&plan, Moment(0));
    assert_eq!(ramp.verdict(&plan).earliest, Some(Moment(60_000)));
    for poll in 1..=24 {
        ramp.advance(&plan, Moment(poll * 2_500), &Batch::default());
    }
    let verdict = ramp.verdict(&plan);
    assert_eq!((verdict.reasons.len(), verdict.earliest), (1, None), "{:?}", verdict.reasons);
}

#[test]
fn what_is_asked_seldom_holds_until_it_is_asked_again() {
    let list = "## Ramp\n- [ ] 10% traffic\n  - [ ] Errors < 1%\n";
    let bindings = "[source.prom]\nkind = \"prometheus\"\nurl = \"http://127.0.0.1:1\"\nevery = \"5s\"\n\
                    [source.am]\nkind = \"alertmanager\"\nurl = \"http://127.0.0.1:1\"\nevery = \"60s\"\n\
                    [metric.errors]\nsource = \"prom\"\nquery = \"errors\"\nunit = \"ratio\"\n\
                    [alerts]\nsource = \"am\"\n";
    let bindings = Some(Text { name: "b.toml", text: bindings });
    let plan = compile(Input { checklist: Text { name: "a.md", text: list }, bindings }).plan;
    let mut ramp = Ramp::new(&plan);
    let quiet = Batch { alerts: Some(Alerts::Firing(Vec::new())), ..Batch::default() };
    ramp.advance(&plan, Moment(0), &quiet);
    let is_quiet = |ramp: &Ramp| ramp.alerts_state(&plan).is_some_and(|state| state.is_quiet());
    for poll in 1..=36 {
        ramp.advance(&plan, Moment(poll * 5_000), &Batch::default());
        assert!(is_quiet(&ramp), "after {poll} polls of the other source");
    }
    ramp.advance(&plan, Moment(185_000), &Batch::default());
    assert!(!is_quiet(&ramp), "three of its own intervals have passed");
}

#[test]
fn the_stage_that_was_left_by_rollback_says_so() {
    let plan = plan();
    let mut ramp = Ramp::new(&plan);
    ramp.start(&plan, StageId(0), Moment(0));
    ramp.roll_back(&plan, "Ana", "the bank called", Moment(1));
    assert_eq!(statuses(&ramp), [Status::RolledBack, Status::Pending, Status::Pending]);
}

/// A hold stops the soak at once, not at the next poll, and its end does not start it any later.
#[test]
fn what_is_held_is_held_from_now_on() {
    let list = "## Ramp\n- [ ] 10% traffic - monitor 1 minute\n  - [ ] Errors < 1%\n";
    let bindings = "[source.prom]\nkind = \"prometheus\"\nurl = \"http://127.0.0.1:1\"\nevery = \"20s\"\n\
                    [metric.errors]\nquery = \"errors\"\nunit = \"ratio\"\n";
    let bindings = Some(Text { name: "b.toml", text: bindings });
    let plan = compile(Input { checklist: Text { name: "a.md", text: list }, bindings }).plan;
    let good = |at: i64| {
        let got = Got::Sample(Sample { value: 0.001, data_at: at, ..Sample::default() });
        Batch { readings: vec![Reading { probe: ProbeId(0), got, traffic: None, baseline: None }], ..Batch::default() }
    };
    let left = |ramp: &Ramp| ramp.stages[0].soak_left(plan.stage(StageId(0)), ramp.now).as_secs();
    let mut ramp = Ramp::new(&plan);
    ramp.start(&plan, StageId(0), Moment(0));
    ramp.moved(&plan, Moment(0));
    ramp.advance(&plan, Moment(0), &good(0));
    ramp.pass_time(&plan, Moment(10_000));
    let held = Held { by: "Ben".to_owned(), reason: "the bank called".to_owned() };
    ramp.hold(&plan, Some(held));
    ramp.pass_time(&plan, Moment(15_000));
    assert_eq!(left(&ramp), 50);
    ramp.hold(&plan, None);
    ramp.pass_time(&plan, Moment(19_000));
    assert_eq!(left(&ramp), 46);
}

/// Two sources: one is asked every five seconds, the other once a minute; both are measured.
fn two_sources() -> Plan {
    let list = "## Ramp\n- [ ] 10% traffic\n  - [ ] Errors < 1%\n  - [ ] Refunds < 1%\n";
    let bindings = "[source.prom]\nkind = \"prometheus\"\nurl = \"http://127.0.0.1:1\"\nevery = \"5s\"\n\
                    [source.bank]\nkind = \"prometheus\"\nurl = \"http://127.0.0.1:2\"\nevery = \"60s\"\n\
                    [metric.errors]\nsource = \"prom\"\nquery = \"errors\"\nunit = \"percent\"\n\
                    [metric.refunds]\nsource = \"bank\"\nquery = \"refunds\"\nunit = \"percent\"\n";
    let bindings = Some(Text { name: "b.toml", text: bindings });
    compile(Input { checklist: Text { name: "a.md", text: list }, bindings }).plan
}

fn read(probe: u32, value: f64) -> Reading {
    let got = Got::Sample(Sample { value, ..Sample::default() });
    Reading { probe: ProbeId(probe), got, traffic: None, baseline: None }
}

#[test]
fn a_reading_holds_until_its_source_is_asked_again() {
    let plan = two_sources();
    let mut ramp = Ramp::new(&plan);
    ramp.advance(&plan, Moment(0), &Batch { readings: vec![read(0, 0.1), read(1, 0.1)], ..Batch::default() });
    let passes = |ramp: &Ramp| [0, 1].map(|gate: usize| matches!(ramp.gates[gate].state, GateState::Pass(_)));
    for poll in 1..=19 {
        ramp.advance(&plan, Moment(poll * 5_000), &Batch::default());
        assert_eq!(passes(&ramp), [poll <= 3, poll <= 18], "after {poll} polls");
    }
}

#[test]
fn what_was_measured_before_the_ramp_is_not_unlearned() {
    let plan = plan_of("[metric.errors]\nquery = \"errors\"\nunit = \"percent\"\n", "5x baseline");
    let mut ramp = Ramp::new(&plan);
    let missed = Miss { why: Why::SourceDown, detail: "refused".to_owned() };
    let measured = Baseline::Measured { lowest: 0.1, highest: 0.1, cells: Vec::new() };
    let mut capture = |second: u64, baseline: Baseline| {
        let captured = vec![Captured { probe: ProbeId(0), baseline }];
        ramp.advance(
            &plan,
            Moment(second * 1_000),
            &Batch { captured, readings: vec![read(0, 0.2)], ..Batch::default() },
        );
        ramp.gates[0].word()
    };
    assert_eq!(capture(0, Baseline::Unknown(missed.clone())), "unknown");
    assert_eq!(capture(5, measured), "pass");
    assert_eq!(capture(10, Baseline::Unknown(missed)), "pass");
    let lower = Baseline::Measured { lowest: 0.01, highest: 0.01, cells: Vec::new() };
    assert_eq!(capture(15, lower), "breaching", "what was measured last before the ramp");
}

/// One gate, and its metric.
fn plan_of(metric: &str, limit: &str) -> Plan {
    let list = format!("## Ramp\n- [ ] 10% traffic - monitor 1 minute\n  - [ ] Errors < {limit}\n");
    let bindings =
        format!("[source.prom]\nkind = \"prometheus\"\nurl = \"http://127.0.0.1:1\"\nevery = \"5s\"\n{metric}");
    let bindings = Some(Text { name: "b.toml", text: &bindings });
    compile(Input { checklist: Text { name: "a.md", text: &list }, bindings }).plan
}

/// What is decided between two polls has its own moment, and the time until then its due.
#[test]
fn a_stage_ends_when_it_is_ended_and_not_at_the_poll_before() {
    type End = fn(&mut Ramp, &Plan, Moment);

    let plan = plan_of("[metric.errors]\nquery = \"errors\"\nunit = \"percent\"\n", "1%");
    let ends: [End; 2] = [Ramp::pass_last, |ramp, plan, now| ramp.roll_back(plan, "Ana", "the bank called", now)];
    for end in ends {
        let mut ramp = Ramp::new(&plan);
        ramp.start(&plan, StageId(0), Moment(0));
        ramp.moved(&plan, Moment(0));
        ramp.advance(&plan, Moment(0), &Batch { readings: vec![read(0, 0.1)], ..Batch::default() });
        end(&mut ramp, &plan, Moment(4_000));
        let track = &ramp.stages[0];
        assert_eq!((track.ended_at, track.soak), (Some(Moment(4_000)), Millis(4_000)));
        assert_eq!(ramp.open_items(&plan).count(), usize::from(track.status == Status::Passed));
    }
}

#[test]
fn the_earliest_go_waits_for_the_longest_window_and_for_nothing_unknown() {
    let metrics = "[metric.errors]\nquery = \"sum(rate(errors[3m]))\"\nunit = \"percent\"\n\
                   [metric.refunds]\nquery = \"sum(rate(refunds[2m]))\"\nunit = \"percent\"\n\
                   [[gate]]\nmetric = \"refunds\"\nlimit = \"< 1%\"\nstages = \"ramp\"\n";
    let plan = plan_of(metrics, "1%");
    let mut ramp = Ramp::new(&plan);
    let found = |readings| Batch { readings, ..Batch::default() };
    assert_eq!(ramp.verdict(&plan).earliest, None, "it has not begun");
    ramp.start(&plan, StageId(0), Moment(0));
    ramp.moved(&plan, Moment(0));
    ramp.advance(&plan, Moment(0), &found(vec![read(0, 0.1), read(1, 0.1)]));
    assert_eq!(ramp.verdict(&plan).earliest, Some(Moment(180_000)));
    ramp.advance(&plan, Moment(5_000), &found(vec![read(0, 0.1)]));
    assert_eq!(ramp.verdict(&plan).earliest, Some(Moment(180_000)));
    ramp.advance(&plan, Moment(20_000), &found(vec![read(0, 0.1)]));
    let verdict = ramp.verdict(&plan);
    assert!(verdict.reasons.iter().any(|reason| reason.code == Code::Stale), "{:?}", verdict.reasons);
    assert_eq!(verdict.earliest, None, "nobody knows when refunds are seen again");
    ramp.roll_back(&plan, "Ana", "the bank called", Moment(20_000));
    assert_eq!(ramp.verdict(&plan).earliest, None);
}

/// Asked every second, it may miss a few answers before it is not known to be up.
#[test]
fn an_endpoint_that_is_asked_often_is_believed_a_quarter_of_a_minute() {
    let list = "## Ramp\n- [ ] 10% traffic\n";
    let bindings = "[source.prom]\nkind = \"prometheus\"\nurl = \"http://127.0.0.1:1\"\nevery = \"1s\"\n\
                    [health.api]\nurl = \"http://127.0.0.1:1/health\"\n";
    let bindings = Some(Text { name: "b.toml", text: bindings });
    let plan = compile(Input { checklist: Text { name: "a.md", text: list }, bindings }).plan;
    let mut ramp = Ramp::new(&plan);
    let up = HealthReading { health: HealthId(0), got: HealthGot::Up { took: Millis(20) } };
    ramp.advance(&plan, Moment(0), &Batch { health: vec![up], ..Batch::default() });
    for second in 1..=16 {
        ramp.advance(&plan, Moment(second * 1_000), &Batch::default());
        let is_up = ramp.health_states(&plan).all(|state| state.is_up());
        assert_eq!(is_up, second <= 15, "after {second} seconds");
    }
}

#[test]
fn blind_for_five_minutes_people_decide() {
    let plan = plan_of("[metric.errors]\nquery = \"errors\"\nunit = \"percent\"\n", "1%");
    let mut ramp = Ramp::new(&plan);
    ramp.start(&plan, StageId(0), Moment(0));
    ramp.moved(&plan, Moment(0));
    for poll in 0..=60 {
        ramp.advance(&plan, Moment(poll * 5_000), &Batch::default());
        let verdict = ramp.verdict(&plan);
        let is_told = verdict.reasons.iter().any(|reason| reason.text.ends_with("blind for 5m: decide by hand"));
        assert_eq!(is_told, poll == 60, "after {poll} polls");
    }
}
