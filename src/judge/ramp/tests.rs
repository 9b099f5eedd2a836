use super::*;
use crate::plan::{Input, Text, compile};

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
