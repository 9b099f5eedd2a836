//! What is known of the old version.

use super::Ramp;
use crate::judge::Baseline;
use crate::judge::evidence::max_age;
use crate::plan::{GateId, Op, Plan};

impl Ramp {
    /// What a gate's metric reads on the old version, the worst of it, as it was last polled.
    ///
    /// # Errors
    /// Why nobody knows.
    pub fn old_value(&self, plan: &Plan, gate: GateId) -> Result<f64, String> {
        let gate = plan.gate(gate);
        if plan.probe(gate.probe).baseline.is_none() {
            return Err(format!("no query measures {} of the old version: `baseline` in its binding does", gate.name));
        }
        let Some(seen) = self.probes.get(gate.probe.index()).and_then(Option::as_ref) else {
            return Err("not read yet".to_owned());
        };
        let silent = seen.overdue(self.now);
        if silent > max_age(plan.probe(gate.probe), None) {
            return Err(format!("nothing was read for {silent}"));
        }
        match &seen.reading.baseline {
            Some(Baseline::Measured { lowest, highest, .. }) => Ok(match gate.pass.op {
                Op::Above | Op::AtLeast => *lowest,
                Op::Range if gate.pass.holds(*highest) => *lowest,
                _ => *highest,
            }),
            Some(Baseline::Unknown(miss)) => Err(miss.detail.clone()),
            None => Err("the last poll did not read it".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::judge::{Baseline, Batch, Got, Miss, Moment, Ramp, Reading, Why};
    use crate::plan::{GateId, Input, Plan, ProbeId, Text, compile};

    /// A plan with one gate, and what a poll reads of the old version beside it.
    fn night(limit: &str, baseline: Option<Baseline>) -> (Plan, Ramp) {
        let list = format!("## Ramp\n- [ ] 10% traffic\n  - [ ] Errors {limit}\n");
        let bindings = "[source.prom]\nkind = \"prometheus\"\nurl = \"http://127.0.0.1:1\"\nevery = \"5s\"\n\
                        [metric.errors]\nquery = \"new\"\nbaseline = \"old\"\nunit = \"percent\"\n";
        let bindings = Some(Text { name: "b.toml", text: bindings });
        let plan = compile(Input { checklist: Text { name: "a.md", text: &list }, bindings }).plan;
        let mut ramp = Ramp::new(&plan);
        let got = Got::Miss(Miss { why: Why::NoData, detail: "empty".to_owned() });
        let reading = Reading { probe: ProbeId(0), got, traffic: None, baseline };
        ramp.advance(&plan, Moment(0), &Batch { readings: vec![reading], ..Batch::default() });
        (plan, ramp)
    }

    const fn measured(lowest: f64, highest: f64) -> Baseline {
        Baseline::Measured { lowest, highest, cells: Vec::new() }
    }

    #[test]
    fn the_worst_of_the_old_version_is_told() {
        for (limit, lowest, highest, worst) in [
            ("< 1%", 0.2, 0.4, 0.4),
            ("> 99%", 99.2, 99.4, 99.2),
            (">= 99%", 99.2, 99.4, 99.2),
            ("1-3%", 0.5, 2.0, 0.5),
            ("1-3%", 2.0, 4.0, 4.0),
        ] {
            let (plan, ramp) = night(limit, Some(measured(lowest, highest)));
            assert_eq!(ramp.old_value(&plan, GateId(0)), Ok(worst), "{limit}");
        }
    }

    #[test]
    fn what_nobody_asks_of_the_old_version_is_not_said_to_be_unread() {
        let (mut plan, ramp) = night("< 1%", None);
        assert_eq!(ramp.old_value(&plan, GateId(0)), Err("the last poll did not read it".to_owned()));
        plan.probes[0].baseline = None;
        let why = ramp.old_value(&plan, GateId(0)).expect_err("nothing measures it");
        assert!(why.starts_with("no query measures errors of the old version"), "{why}");
    }

    #[test]
    fn what_has_grown_old_says_nothing_of_the_old_version() {
        let (plan, mut ramp) = night("< 1%", Some(measured(0.2, 0.2)));
        let after = |ramp: &mut Ramp, polls: std::ops::RangeInclusive<u64>| {
            for poll in polls {
                ramp.advance(&plan, Moment(poll * 5_000), &Batch::default());
            }
            ramp.old_value(&plan, GateId(0))
        };
        // Three scrapes, and at least a quarter of a minute.
        assert_eq!(after(&mut ramp, 1..=3), Ok(0.2));
        assert_eq!(after(&mut ramp, 4..=12), Err("nothing was read for 1m".to_owned()));
    }
}
