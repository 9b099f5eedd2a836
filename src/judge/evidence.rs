//! A raw reading weighed at this moment: a value that proves something, or why it proves nothing.
//!
//! This is where not knowing is told apart: each way of it has its own code, from here to the
//! screen.

use super::silence::Silence;
use super::{Baseline, Code, Got, Miss, Moment, Point, Reading, Sample, Silent, Traffic, Why};
use crate::plan::{Empty, Limit, MissingSeries, Probe};
use crate::text::{Millis, number};

/// A source's data may run ahead of its own clock by this much: two clocks are never one.
const FUTURE_TOLERANCE: i64 = 1_000;
/// Data is never called stale before this, however short the scrape interval.
const LEAST_MAX_AGE: Millis = Millis::from_secs(15);
/// A source's clock that runs back by more than this was set; by less, two servers answer in turn.
const SET_BACK: i64 = 15_000;

/// The last reading of a probe and when it came in.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    pub reading: Reading,
    pub at: Moment,
    /// It holds for so long: its source is asked more seldom than others, and not due before.
    pub holds: Millis,
}

impl Seen {
    /// The sample, where there was one.
    #[must_use]
    pub const fn sample(&self) -> Option<&Sample> {
        match &self.reading.got {
            Got::Sample(sample) => Some(sample),
            Got::Miss(_) => None,
        }
    }

    /// For how long its source has been silent beyond what it may be.
    pub(super) fn overdue(&self, now: Moment) -> Millis {
        let held = now.since(self.at);
        if held > self.holds { held } else { Millis::ZERO }
    }
}

/// All that is known of a probe at a moment.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    pub probe: &'a Probe,
    pub seen: Option<&'a Seen>,
    /// What it read before the ramp.
    pub captured: Option<&'a Baseline>,
    pub now: Moment,
}

/// A value that can be judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Weighed {
    /// Of the worst series, in the query's unit.
    pub value: f64,
    /// Its labels; empty for a sum.
    pub labels: String,
    /// How old its data is now.
    pub age: Millis,
    /// When its data was written, by the source's clock; the reading's own moment for a proven zero.
    pub data_at: DataAt,
    /// The labels of series that have gone silent beside it.
    pub silent: Vec<String>,
}

/// Orders the data of one probe's readings in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataAt {
    /// By the source's clock, unix milliseconds: when it was written and when it was asked for.
    Source { written: i64, asked: i64 },
    /// A proven zero has no sample: the poll that proved it.
    Poll(Moment),
}

impl DataAt {
    /// Says whether this data is newer than what was last judged. Polling twice between two
    /// scrapes brings nothing new; where the source's clock was set back, all is new from there on.
    #[must_use]
    pub fn is_newer_than(self, last: Option<Self>) -> bool {
        match (self, last) {
            (_, None) | (Self::Source { .. }, Some(Self::Poll(_))) | (Self::Poll(_), Some(Self::Source { .. })) => true,
            (Self::Source { written, asked }, Some(Self::Source { written: last, asked: before })) => {
                written > last || asked < before - SET_BACK
            }
            (Self::Poll(now), Some(Self::Poll(last))) => now > last,
        }
    }
}

/// Which values are bad: those a gate's limit does not hold for, or those a trigger's does.
#[derive(Clone, Copy, Debug)]
pub enum Rule<'p> {
    /// Good when true.
    Pass(&'p Limit),
    /// Bad when true.
    Bad(&'p Limit),
}

impl Rule<'_> {
    /// Says whether a raw value is on the wrong side.
    #[must_use]
    pub fn is_over(self, value: f64) -> bool {
        match self {
            Self::Pass(limit) => !limit.holds(value),
            Self::Bad(limit) => limit.holds(value),
        }
    }

    /// How bad a raw value is; only an order among values of one metric.
    pub(super) fn badness(self, value: f64) -> f64 {
        match self {
            Self::Pass(limit) => limit.badness(value),
            Self::Bad(limit) => -limit.badness(value),
        }
    }

    fn show(self, value: f64) -> String {
        match self {
            Self::Pass(limit) | Self::Bad(limit) => limit.show(value),
        }
    }
}

/// Why there is nothing to judge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    pub code: Code,
    /// A sentence fragment: what is not known, and why.
    pub detail: String,
}

impl Unknown {
    pub(super) fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }
}

impl From<&Miss> for Unknown {
    fn from(miss: &Miss) -> Self {
        let code = match miss.why {
            Why::NoData => Code::NoData,
            Why::NotFinite => Code::NotFinite,
            Why::SourceDown => Code::SourceDown,
            Why::Config => Code::Config,
            Why::Partial => Code::Partial,
        };
        Self::new(code, miss.detail.clone())
    }
}

impl<'a> Known<'a> {
    /// The sample that was read last, where there was one.
    #[must_use]
    pub fn sample(self) -> Option<&'a Sample> {
        self.seen?.sample()
    }

    /// The last reading, where it has a value, or an emptiness that may be proven to be zero.
    ///
    /// # Errors
    /// Why there is no value, whatever limit it would be held against.
    pub(super) fn read(self) -> Result<&'a Seen, Unknown> {
        let seen = self.seen.ok_or_else(|| Unknown::new(Code::NoData, "not read yet"))?;
        match &seen.reading.got {
            Got::Miss(miss) if miss.why != Why::NoData || self.probe.empty != Empty::Zero => Err(Unknown::from(miss)),
            Got::Miss(_) | Got::Sample(_) => Ok(seen),
        }
    }

    /// Weighs what is known under a rule: of several series the worst for that rule.
    ///
    /// # Errors
    /// Why nothing is known: each way of not knowing has its own code.
    pub fn weigh(self, rule: Rule<'_>, silence: &Silence) -> Result<Weighed, Unknown> {
        let seen = self.read()?;
        let weighed = match &seen.reading.got {
            Got::Miss(miss) => prove_zero(self.probe, seen, miss, self.now)?,
            Got::Sample(sample) => weigh_sample(self.probe, rule, seen, sample, self.now)?,
        };
        if let Some((labels, last)) = silence.first().filter(|_| !rule.is_over(weighed.value)) {
            return Err(silent(labels, Some(&rule.show(last))));
        }
        check_traffic(self.probe, seen.reading.traffic.as_ref())?;
        Ok(weighed)
    }
}

/// An error counter that has never counted is zero, where requests are proven to flow.
fn prove_zero(probe: &Probe, seen: &Seen, miss: &Miss, now: Moment) -> Result<Weighed, Unknown> {
    let enough = |rate: f64| rate > 0.0 && rate >= probe.min_traffic.unwrap_or(0.0);
    match &seen.reading.traffic {
        Some(Traffic::Rate(rate)) if enough(*rate) && seen.overdue(now) <= max_age(probe, None) => Ok(Weighed {
            value: 0.0,
            labels: String::new(),
            age: now.since(seen.at),
            data_at: DataAt::Poll(seen.at),
            silent: Vec::new(),
        }),
        Some(Traffic::Unknown(why)) => {
            Err(Unknown::new(Code::NoData, format!("{}, and its traffic is not proven: {}", miss.detail, why.detail)))
        }
        Some(Traffic::Rate(rate)) if !enough(*rate) => Err(Unknown::new(
            Code::NoData,
            format!("{}, and its traffic of {}/s proves nothing", miss.detail, number::show(*rate)),
        )),
        _ => Err(Unknown::from(miss)),
    }
}

fn weigh_sample(probe: &Probe, rule: Rule<'_>, seen: &Seen, sample: &Sample, now: Moment) -> Result<Weighed, Unknown> {
    let (mut value, labels) = worst(rule, sample);
    let age = fresh(probe, seen, sample, now, || rule.show(value))?;
    if let Some(topped) = sample.topped.as_ref().filter(|_| !rule.is_over(value)) {
        value = beyond(rule, topped)?;
    }
    if !rule.is_over(value) {
        check_silent(probe, rule, sample)?;
    }
    Ok(Weighed {
        value,
        labels: labels.to_owned(),
        age,
        data_at: DataAt::Source { written: sample.data_at, asked: sample.data_at.saturating_add(sample.age) },
        silent: sample.silent.iter().map(|silent| silent.labels.clone()).collect(),
    })
}

/// The age of a sample's data now.
///
/// # Errors
/// Why it is too old, or too young, to prove anything; `last` tells what it said.
pub(super) fn fresh(
    probe: &Probe,
    seen: &Seen,
    sample: &Sample,
    now: Moment,
    last: impl FnOnce() -> String,
) -> Result<Millis, Unknown> {
    if sample.age < -FUTURE_TOLERANCE {
        let ahead = Millis(sample.age.unsigned_abs());
        return Err(Unknown::new(Code::Skew, format!("its data is {ahead} in the future: a clock is wrong")));
    }
    let when_read = Millis(u64::try_from(sample.age).unwrap_or(0));
    let age = when_read + now.since(seen.at);
    if let Some(gone) = sample.gone.first() {
        let detail = format!("last {}, {age} old: nothing is scraped any more for {gone}", last());
        return Err(Unknown::new(Code::Stale, detail));
    }
    let allowed = max_age(probe, sample.interval);
    if when_read + seen.overdue(now) > allowed {
        let detail = format!("last {}, {age} old, at most {allowed} is fresh", last());
        return Err(Unknown::new(Code::Stale, detail));
    }
    Ok(age)
}

/// A quantile in the top bucket is more than its figure says: over the limit where the figure has
/// reached it, else nobody knows.
fn beyond(rule: Rule<'_>, topped: &Point) -> Result<f64, Unknown> {
    let more = topped.value.next_up();
    let least = rule.show(topped.value);
    let unknown =
        || Unknown::new(Code::NotFinite, format!("at least {least}: it lies in the top bucket of its histogram"));
    rule.is_over(more).then_some(more).ok_or_else(unknown)
}

fn worst<'s>(rule: Rule<'_>, sample: &'s Sample) -> (f64, &'s str) {
    match &sample.lowest {
        Some(lowest) if rule.badness(lowest.value) > rule.badness(sample.value) => (lowest.value, &lowest.labels),
        _ => (sample.value, &sample.labels),
    }
}

/// A silent series holds a gate that the others pass where the plan wants every series to speak.
fn check_silent(probe: &Probe, rule: Rule<'_>, sample: &Sample) -> Result<(), Unknown> {
    let holding = sample.silent.iter().find(|_| probe.missing_series == MissingSeries::Hold);
    let last = |of: &Silent| of.last.map(|value| rule.show(value));
    holding.map_or(Ok(()), |of| Err(silent(&of.labels, last(of).as_deref())))
}

fn silent(labels: &str, last: Option<&str>) -> Unknown {
    let last = last.map(|value| format!(", last {value}")).unwrap_or_default();
    Unknown::new(Code::NoData, format!("{{{labels}}} has gone silent{last}"))
}

fn check_traffic(probe: &Probe, traffic: Option<&Traffic>) -> Result<(), Unknown> {
    let (Some(least), true) = (probe.min_traffic, probe.traffic.is_some()) else {
        return Ok(());
    };
    match traffic {
        Some(Traffic::Rate(rate)) if *rate >= least => Ok(()),
        Some(Traffic::Rate(rate)) => Err(Unknown::new(
            Code::LowTraffic,
            format!("{}/s, at least {}/s proves something", number::show(*rate), number::show_exact(least)),
        )),
        Some(Traffic::Unknown(miss)) => {
            let Unknown { code, detail } = Unknown::from(miss);
            Err(Unknown::new(code, format!("its traffic is not known: {detail}")))
        }
        None => Err(Unknown::new(Code::NoData, "its traffic is not known")),
    }
}

/// How old data may be: as the plan says, else three scrape intervals, at least 15 s.
#[must_use]
pub fn max_age(probe: &Probe, interval: Option<Millis>) -> Millis {
    probe.max_age.unwrap_or_else(|| (interval.unwrap_or_default() * 3).max(LEAST_MAX_AGE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Input, Op, ProbeId, Text, compile};
    use crate::text::Unit;

    #[test]
    fn a_quantile_in_the_top_bucket_is_over_a_limit_it_has_reached_and_else_unknown() {
        let topped = Point { value: 1.0, labels: String::new() };
        let limit =
            |op, millis: f64| Limit::new(op, millis, Unit::Millis).against(Unit::Seconds).expect("both are times");
        for (op, millis, is_over) in [
            (Op::Below, 1_000.0, true),
            (Op::AtMost, 1_000.0, true),
            (Op::Below, 500.0, true),
            (Op::Below, 1_500.0, false),
        ] {
            let limit = limit(op, millis);
            match beyond(Rule::Pass(&limit), &topped) {
                Ok(value) => assert!(is_over && !limit.holds(value), "{limit}"),
                Err(unknown) => assert!(!is_over && unknown.code == Code::NotFinite, "{limit}: {unknown:?}"),
            }
        }
        let bad = limit(Op::Above, 2_000.0);
        assert!(beyond(Rule::Bad(&bad), &topped).is_err());
    }

    #[test]
    fn the_same_data_is_not_news() {
        let source = |written, asked| DataAt::Source { written, asked };
        for (now, last, is_newer) in [
            (source(2, 9), source(1, 8), true),
            (source(2, 9), source(2, 8), false),
            (source(1, 9), source(2, 8), false),
            (DataAt::Poll(Moment(2)), DataAt::Poll(Moment(1)), true),
            (DataAt::Poll(Moment(2)), DataAt::Poll(Moment(2)), false),
            (source(1, 1), DataAt::Poll(Moment(2)), true),
        ] {
            assert_eq!(now.is_newer_than(Some(last)), is_newer, "{now:?} after {last:?}");
        }
        assert!(source(0, 0).is_newer_than(None));
    }

    #[test]
    fn a_clock_that_is_set_back_brings_news_again() {
        let hour = 3_600_000;
        let source = |asked: i64| DataAt::Source { written: asked - 2_000, asked };
        assert!(source(hour).is_newer_than(Some(source(2 * hour))));
        assert!(source(hour + 5_000).is_newer_than(Some(source(hour))));
        assert!(!source(hour - SET_BACK).is_newer_than(Some(source(hour))), "two servers that answer in turn");
    }

    #[test]
    fn what_a_slow_source_said_holds_until_it_is_asked_again() {
        let (probe, limit) = (probe(), Limit::new(Op::Below, 1.0, Unit::Percent));
        let got = Got::Sample(Sample { value: 0.5, age: 10_000, ..Sample::default() });
        let reading = Reading { probe: ProbeId(0), got, traffic: None, baseline: None };
        let mut seen = Seen { reading, at: Moment(0), holds: Millis::from_secs(90) };
        let weigh = |seen: &Seen, now: u64| {
            let known = Known { probe: &probe, seen: Some(seen), captured: None, now: Moment(now) };
            known.weigh(Rule::Pass(&limit), &Silence::default()).map(|weighed| weighed.age).map_err(|why| why.code)
        };
        assert_eq!(weigh(&seen, 90_000), Ok(Millis::from_secs(100)));
        assert_eq!(weigh(&seen, 90_001), Err(Code::Stale));
        seen.holds = Millis::ZERO;
        assert_eq!(weigh(&seen, 5_000), Ok(Millis::from_secs(15)));
        assert_eq!(weigh(&seen, 5_001), Err(Code::Stale));
    }

    /// A probe's one gate, `< 1 %`, held against one reading at the moment it came in.
    fn weigh(probe: &Probe, limit: f64, got: Got, traffic: Option<Traffic>, after: u64) -> Result<f64, Unknown> {
        let reading = Reading { probe: ProbeId(0), got, traffic, baseline: None };
        let seen = Seen { reading, at: Moment(0), holds: Millis::ZERO };
        let known = Known { probe, seen: Some(&seen), captured: None, now: Moment(after) };
        let limit = Limit::new(Op::Below, limit, Unit::Percent);
        known.weigh(Rule::Pass(&limit), &Silence::default()).map(|weighed| weighed.value)
    }

    #[test]
    fn a_top_bucket_is_unknown_within_the_limit_and_hides_nothing_that_is_over_it() {
        let topped = |value: f64| {
            let topped = Some(Point { value: 1.0, labels: "a".to_owned() });
            Got::Sample(Sample { value, topped, ..Sample::default() })
        };
        let code = |limit, value| weigh(&probe(), limit, topped(value), None, 0).map_err(|why| why.code);
        assert_eq!(code(1.5, 1.0), Err(Code::NotFinite));
        assert_eq!(code(1.0, 1.0), Ok(1.0));
        assert_eq!(code(1.5, 2.0), Ok(2.0), "another series is worse, and known");
    }

    #[test]
    fn an_empty_answer_says_why_it_is_not_zero() {
        let probe = Probe { empty: Empty::Zero, min_traffic: Some(5.0), ..probe() };
        let miss = |detail: &str| Miss { why: Why::NoData, detail: detail.to_owned() };
        let why = |traffic, after| {
            weigh(&probe, 1.0, Got::Miss(miss("it is empty")), traffic, after).map_err(|why| why.detail)
        };
        let says = |text: &str| Err(text.to_owned());
        assert_eq!(why(Some(Traffic::Rate(12.0)), 15_000), Ok(0.0));
        assert_eq!(why(Some(Traffic::Rate(12.0)), 15_001), says("it is empty"), "that proof is old");
        assert_eq!(why(Some(Traffic::Rate(4.0)), 0), says("it is empty, and its traffic of 4/s proves nothing"));
        let unknown = Some(Traffic::Unknown(miss("refused")));
        assert_eq!(why(unknown, 0), says("it is empty, and its traffic is not proven: refused"));
        assert_eq!(why(None, 0), says("it is empty"));
    }

    fn probe() -> Probe {
        let list = "## Ramp\n- [ ] 10% traffic\n  - [ ] Errors < 1%\n";
        let bindings = "[source.p]\nkind = \"prometheus\"\nurl = \"http://127.0.0.1:1\"\n\
                        [metric.errors]\nquery = \"errors\"\nunit = \"percent\"\n";
        let bindings = Some(Text { name: "b.toml", text: bindings });
        compile(Input { checklist: Text { name: "a.md", text: list }, bindings }).plan.probes.remove(0)
    }
}
