//! Clocks that disagree: a source's and ours. The data is judged by the source's own, so that this is
//! shown and stands against nothing.

use super::ramp::Ramp;
use crate::plan::{Plan, ProbeId, SourceId};
use crate::text::Millis;

impl Ramp {
    /// How far a source's clock is ahead of ours, milliseconds, where they differ.
    #[must_use]
    pub fn skew(&self, plan: &Plan, source: SourceId) -> Option<i64> {
        let of_source = plan.probes.iter().enumerate().filter(|(_, probe)| probe.source == source);
        let skews = of_source.filter_map(|(at, _)| self.seen(ProbeId::at(at))?.sample()?.skew);
        skews.max_by_key(|skew| skew.unsigned_abs())
    }
}

/// `its clock is 3s ahead of ours`.
#[must_use]
pub fn say(skew: i64) -> String {
    let way = if skew > 0 { "ahead of" } else { "behind" };
    format!("its clock is {} {way} ours", Millis(skew.unsigned_abs()))
}

#[cfg(test)]
mod tests {
    use super::say;

    #[test]
    fn whose_clock_is_ahead_is_said() {
        assert_eq!(say(3_000), "its clock is 3s ahead of ours");
        assert_eq!(say(-3_000), "its clock is 3s behind ours");
    }
}
