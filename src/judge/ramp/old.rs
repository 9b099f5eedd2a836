//! What is known of the old version.

use super::Ramp;
use crate::judge::Baseline;
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
