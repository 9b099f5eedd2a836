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
    use crate::plan::{GateId, Input, ProbeId, Text, compile};

    #[test]
    fn what_has_grown_old_says_nothing_of_the_old_version() {
        let list = Text { name: "a.md", text: "## Ramp\n- [ ] 10% traffic\n  - [ ] Errors < 1%\n" };
        let bindings = "[source.prom]\nkind = \"prometheus\"\nurl = \"http://127.0.0.1:1\"\nevery = \"5s\"\n\
                        [metric.errors]\nquery = \"new\"\nbaseline = \"old\"\nunit = \"ratio\"\n";
        let plan = compile(Input { checklist: list, bindings: Some(Text { name: "b.toml", text: bindings }) }).plan;
        let mut ramp = Ramp::new(&plan);
        let reading = Reading {
            probe: ProbeId(0),
            got: Got::Miss(Miss { why: Why::NoData, detail: "empty".to_owned() }),
            traffic: None,
            baseline: Some(Baseline::Measured { lowest: 0.002, highest: 0.002, cells: Vec::new() }),
        };
        ramp.advance(&plan, Moment(0), &Batch { readings: vec![reading], ..Batch::default() });
        assert_eq!(ramp.old_value(&plan, GateId(0)), Ok(0.002));
        for poll in 1..=12 {
            ramp.advance(&plan, Moment(poll * 5_000), &Batch::default());
        }
        assert_eq!(ramp.old_value(&plan, GateId(0)), Err("nothing was read for 1m".to_owned()));
    }
}
