//! What a relative limit is relative to, and the old version beside the new one.

use super::evidence::{Known, Rule};
use super::{Baseline, Code, Unknown, Weighed};
use crate::plan::{Limit, Op};

/// A limit as it is now: made absolute where it is relative, with what it was made from.
#[derive(Clone, Debug, PartialEq)]
pub struct InForce {
    pub limit: Limit,
    /// `5x baseline, which is 100 ms`; none for a limit that is what it says.
    pub made_from: Option<String>,
}

/// A limit as it is now. Of several series' baselines the highest is what to be above of, the
/// lowest what to be below of: a gate asks the most, a trigger calls the least.
///
/// # Errors
/// `no-baseline`: there is nothing that it could be relative to. Where there is no value that could be
/// held against it, why there is none.
pub fn in_force(limit: Limit, known: Known<'_>) -> Result<InForce, Unknown> {
    if limit.relative.is_none() {
        return Ok(InForce { limit, made_from: None });
    }
    known.read()?;
    let none = |why: &str| Unknown::new(Code::NoBaseline, format!("{limit}, and {why}"));
    let (lowest, highest) = baseline(known).map_err(|why| none(&why))?;
    let of = |base: f64| {
        let nothing = || none(&format!("its baseline is {}: nothing can be compared with that", limit.show(base)));
        limit.for_baseline(base).ok_or_else(nothing)
    };
    let (below, above) = (of(lowest)?, of(highest)?);
    let absolute = match limit.op {
        Op::Above | Op::AtLeast => above,
        Op::Range => Limit { high: below.high, ..above },
        Op::Below | Op::AtMost | Op::Equal => below,
    };
    let base = if absolute == above { highest } else { lowest };
    let made_from = Some(format!("{}, which is {}", limit.bound(), limit.show(base)));
    Ok(InForce { limit: absolute, made_from })
}

/// What a probe is compared with, lowest and highest: the old version as it is measured now, or what
/// was read before the ramp where no query measures it. One that is measured and cannot be seen may be
/// any better than it was then: what was read before would be a guess, and perhaps a looser one.
fn baseline(known: Known<'_>) -> Result<(f64, f64), String> {
    let now = known.seen.and_then(|seen| seen.reading.baseline.as_ref());
    let before = known.captured.filter(|_| !known.probe.measures_old_version());
    let mut why = None;
    for baseline in [now, before].into_iter().flatten() {
        match baseline {
            Baseline::Measured { lowest, highest, .. } => return Ok((*lowest, *highest)),
            Baseline::Unknown(miss) => why = why.or_else(|| Some(miss.detail.clone())),
        }
    }
    Err(why.map_or_else(|| "no baseline was captured".to_owned(), |why| format!("its baseline is not known: {why}")))
}

/// A value over the limit says nothing of the new version where the old one, measured beside it, is
/// over the limit too.
#[must_use]
pub fn ambiguous(limit: &Limit, weighed: &Weighed, known: Known<'_>) -> Option<Unknown> {
    let Some(Baseline::Measured { lowest, highest, cells }) = &known.seen?.reading.baseline else { return None };
    if limit.holds(weighed.value) {
        return None;
    }
    let (region, _) = weighed.labels.split_once(": ").unwrap_or((&weighed.labels, ""));
    // One region's trouble is no excuse for another's.
    let own = cells.iter().find(|cell| cell.labels == region).map(|cell| cell.value);
    let rule = Rule::Pass(limit);
    let worst = own.unwrap_or(if rule.badness(*lowest) > rule.badness(*highest) { *lowest } else { *highest });
    let (new, old) = (limit.show(weighed.value), limit.show(worst));
    let detail = format!("{new}, and the old version is just as bad: {old} (limit {limit})");
    (!limit.holds(worst)).then_some(Unknown { code: Code::Ambiguous, detail })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::evidence::{DataAt, Seen};
    use crate::judge::{Got, Moment, Point, Reading, Sample};
    use crate::plan::{Input, Plan, ProbeId, Text, compile};
    use crate::text::Millis;

    /// One gate with the old version beside it.
    fn plan(limit: &str) -> Plan {
        let list = format!("## Ramp\n- [ ] 10% traffic\n  - [ ] Errors {limit}\n");
        let bindings = "[source.prom]\nkind = \"prometheus\"\nurl = \"http://127.0.0.1:1\"\n\
                        [metric.errors]\nquery = \"new\"\nbaseline = \"old\"\nunit = \"ratio\"\n";
        let bindings = Some(Text { name: "b.toml", text: bindings });
        compile(Input { checklist: Text { name: "a.md", text: &list }, bindings }).plan
    }

    /// The old version's worst and best, and each region of it.
    fn seen(lowest: f64, highest: f64, cells: &[(&str, f64)]) -> Seen {
        let cells = cells.iter().map(|(labels, value)| Point { value: *value, labels: (*labels).to_owned() }).collect();
        let baseline = Some(Baseline::Measured { lowest, highest, cells });
        let got = Got::Sample(Sample { value: 0.02, ..Sample::default() });
        let reading = Reading { probe: ProbeId(0), got, traffic: None, baseline };
        Seen { reading, at: Moment(0), holds: Millis::ZERO }
    }

    fn is_shared(limit: &str, value: f64, labels: &str, seen: &Seen) -> bool {
        let plan = plan(limit);
        let known = Known { probe: &plan.probes[0], seen: Some(seen), captured: None, now: Moment(0) };
        let (labels, data_at) = (labels.to_owned(), DataAt::Poll(Moment(0)));
        let weighed = Weighed { value, labels, age: Millis::ZERO, data_at, silent: Vec::new() };
        ambiguous(&plan.gates[0].pass, &weighed, known).is_some()
    }

    #[test]
    fn the_worst_of_the_old_version_excuses_and_nothing_better() {
        assert!(is_shared("< 1%", 0.02, "", &seen(0.001, 0.03, &[])));
        assert!(!is_shared("< 1%", 0.02, "", &seen(0.001, 0.002, &[])));
        // The other way round the lowest is the worst.
        assert!(is_shared("> 99%", 0.98, "", &seen(0.97, 0.999, &[])));
        assert!(!is_shared("> 99%", 0.98, "", &seen(0.995, 0.999, &[])));
    }

    #[test]
    fn what_passes_needs_no_excuse() {
        assert!(!is_shared("< 1%", 0.002, "", &seen(0.03, 0.03, &[])));
    }

    #[test]
    fn a_region_is_excused_by_its_own_trouble_only() {
        let old = seen(0.001, 0.03, &[("eu", 0.001), ("us", 0.03)]);
        assert!(!is_shared("< 1%", 0.02, "eu", &old) && is_shared("< 1%", 0.02, "us", &old));
        assert!(is_shared("< 1%", 0.02, "us: pod=\"a\"", &old), "the region of a series is its own");
    }

    #[test]
    fn of_several_baselines_a_range_lies_within_that_of_each() {
        let (plan, seen) = (plan("within 5% of baseline"), seen(0.100, 0.102, &[]));
        let known = Known { probe: &plan.probes[0], seen: Some(&seen), captured: None, now: Moment(0) };
        let limit = in_force(plan.gates[0].pass, known).expect("a baseline").limit;
        for (value, holds) in [(0.096, false), (0.097, true), (0.1049, true), (0.106, false)] {
            assert_eq!(limit.holds(value), holds, "{value} in {limit}");
        }
    }

    #[test]
    fn a_limit_says_what_it_was_made_from() {
        for (limit, made_from) in [
            ("< 110% of baseline", "110 % of baseline, which is 0.1 %"),
            ("> 5x baseline", "5x baseline, which is 0.3 %"),
        ] {
            let (plan, seen) = (plan(limit), seen(0.001, 0.003, &[]));
            let known = Known { probe: &plan.probes[0], seen: Some(&seen), captured: None, now: Moment(0) };
            let made = in_force(plan.gates[0].pass, known).expect("a baseline");
            assert_eq!(made.made_from.as_deref(), Some(made_from));
        }
    }
}
