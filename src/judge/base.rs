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
