use super::*;
use crate::judge::{Alerts, Got, Reading, Sample};
use crate::plan::{Input, ProbeId, Text, compile};

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
