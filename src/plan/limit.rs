//! A comparison with a limit, judged on the raw value and inclusive or exclusive as printed.

pub mod relative;

pub use relative::Relative;

use crate::text::{Unit, number};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Op {
    #[serde(rename = "<")]
    Below,
    #[serde(rename = "<=")]
    AtMost,
    #[serde(rename = ">")]
    Above,
    #[serde(rename = ">=")]
    AtLeast,
    #[serde(rename = "==")]
    Equal,
    /// Both ends belong to it.
    #[serde(rename = "range")]
    Range,
}

impl Op {
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Below => "<",
            Self::AtMost => "<=",
            Self::Above => ">",
            Self::AtLeast => ">=",
            Self::Equal => "==",
            Self::Range => "range",
        }
    }

    /// The comparison that is true where this one is false; none for a range.
    #[must_use]
    pub const fn opposite(self) -> Option<&'static str> {
        Some(match self {
            Self::Below => ">=",
            Self::AtMost => ">",
            Self::Above => "<=",
            Self::AtLeast => "<",
            Self::Equal => "!=",
            Self::Range => return None,
        })
    }
}

/// A comparison as printed, with what it is in the unit of the values it is held against.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Limit {
    pub op: Op,
    /// In `unit`, as printed.
    pub value: f64,
    /// The upper end of a range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
    /// The unit it was printed in.
    pub unit: Unit,
    /// The unit of the values it is held against.
    pub measured: Unit,
    /// How the figure is measured against a baseline; none for an absolute limit. A relative limit
    /// holds for nothing until it is [made absolute](Self::for_baseline).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relative: Option<Relative>,
}

impl Limit {
    /// A limit for values in its own unit.
    #[must_use]
    pub const fn new(op: Op, value: f64, unit: Unit) -> Self {
        Self { op, value, high: None, unit, measured: unit, relative: None }
    }

    /// Reads a limit as checklists and bindings write it: `< 1 %`, `40-70%`.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        super::condition::alone(text)
    }

    /// The same limit for values in another unit; none where they cannot be compared.
    #[must_use]
    pub fn against(self, measured: Unit) -> Option<Self> {
        (self.relative.is_some() || self.unit.fits(measured)).then_some(Self { measured, ..self })
    }

    /// Says whether the comparison is true of a finite raw value in `measured`.
    #[must_use]
    pub fn holds(&self, value: f64) -> bool {
        let limit = self.raw(self.value);
        match self.op {
            Op::Below => value < limit,
            Op::AtMost => value <= limit,
            Op::Above => value > limit,
            Op::AtLeast => value >= limit,
            #[expect(clippy::float_cmp, reason = "a count is compared with the count that was printed")]
            Op::Equal => value == limit,
            Op::Range => value >= limit && value <= self.raw(self.high.unwrap_or(self.value)),
        }
    }

    /// How far a raw value lies on the wrong side; larger is worse, whatever the comparison.
    /// Only an order among values of one metric: the worst series has the largest.
    #[must_use]
    pub fn badness(&self, value: f64) -> f64 {
        let low = self.raw(self.value);
        match self.op {
            Op::Below | Op::AtMost => value - low,
            Op::Above | Op::AtLeast => low - value,
            Op::Equal => (value - low).abs(),
            Op::Range => (low - value).max(value - self.raw(self.high.unwrap_or(self.value))),
        }
    }

    /// Shows a raw value in the limit's printed unit, with digits enough to see the comparison.
    #[must_use]
    pub fn show(&self, value: f64) -> String {
        if self.relative.is_some() {
            let unit = relative::readable(self.measured, value);
            let printed = self.measured.convert(value, unit).unwrap_or(value);
            return format!("{}{}", number::show(printed), unit.suffix());
        }
        let printed = self.measured.convert(value, self.unit).unwrap_or(value);
        let beside = match self.high {
            Some(high) if (printed - high).abs() < (printed - self.value).abs() => high,
            _ => self.value,
        };
        format!("{}{}", number::show_beside(printed, beside), self.unit.suffix())
    }

    /// The values that part good from bad, in `measured`: two of a range.
    pub fn bounds(&self) -> impl Iterator<Item = f64> {
        [Some(self.value), self.high].into_iter().flatten().map(|bound| self.raw(bound))
    }

    /// The bound alone, as printed: `0.1 %`, `40–70 %`.
    #[must_use]
    pub fn bound(&self) -> String {
        match self.high {
            _ if self.relative.is_some() => self.relative.map(|how| how.say(self.value)).unwrap_or_default(),
            Some(high) => {
                format!("{}–{}{}", number::show_exact(self.value), number::show_exact(high), self.unit.suffix())
            }
            None => format!("{}{}", number::show_exact(self.value), self.unit.suffix()),
        }
    }

    /// Says whether some value satisfies both; both are held against the same unit.
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        if self.relative.is_some() || other.relative.is_some() {
            // Nobody knows before the baseline does.
            return false;
        }
        let ((a_low, a_high), (b_low, b_high)) = (self.ends(), other.ends());
        let low = if b_low.0 > a_low.0 || (b_low.0 >= a_low.0 && !b_low.1) { b_low } else { a_low };
        let high = if b_high.0 < a_high.0 || (b_high.0 <= a_high.0 && !b_high.1) { b_high } else { a_high };
        low.0 < high.0 || (low.0 <= high.0 && low.1 && high.1)
    }

    /// Which of two limits in the same unit begins to be true further down.
    #[must_use]
    pub fn by_start(&self, other: &Self) -> Ordering {
        let ((own, own_in), (its, its_in)) = (self.ends().0, other.ends().0);
        own.total_cmp(&its).then(its_in.cmp(&own_in))
    }

    /// Which of two limits in the same unit ceases to be true further down.
    #[must_use]
    pub fn by_end(&self, other: &Self) -> Ordering {
        let ((own, own_in), (its, its_in)) = (self.ends().1, other.ends().1);
        own.total_cmp(&its).then(own_in.cmp(&its_in))
    }

    /// Whether it is true of nothing that is as low as where another limit ends.
    #[must_use]
    pub fn is_above(&self, other: &Self) -> bool {
        let ((own, own_in), (its, its_in)) = (self.ends().0, other.ends().1);
        own > its || (own >= its && !(own_in && its_in))
    }

    /// The lowest and the highest value for which it is true, and whether each belongs to it.
    fn ends(&self) -> ((f64, bool), (f64, bool)) {
        let (limit, none, all) = (self.raw(self.value), (f64::NEG_INFINITY, true), (f64::INFINITY, true));
        match self.op {
            Op::Below => (none, (limit, false)),
            Op::AtMost => (none, (limit, true)),
            Op::Above => ((limit, false), all),
            Op::AtLeast => ((limit, true), all),
            Op::Equal => ((limit, true), (limit, true)),
            Op::Range => ((limit, true), (self.raw(self.high.unwrap_or(self.value)), true)),
        }
    }

    fn raw(&self, printed: f64) -> f64 {
        if self.relative.is_some() {
            return f64::NAN;
        }
        self.unit.convert(printed, self.measured).unwrap_or(f64::NAN)
    }
}

/// Shows the comparison as printed: `< 0.1 %`, `40–70 %`.
impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(relative) = self.relative {
            return relative::show(self, relative, f);
        }
        match self.op {
            Op::Range => f.write_str(&self.bound()),
            op => write!(f, "{} {}", op.symbol(), self.bound()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_printed_limit_is_exact_in_the_query_unit() {
        let limit = Limit::new(Op::AtMost, 0.7, Unit::Percent).against(Unit::Ratio).expect("both are shares");
        assert!(limit.holds(0.007));
        assert!(!limit.holds(0.007_000_1));
        assert_eq!(limit.show(0.007_000_1), "0.70001 %");
    }

    #[test]
    fn a_range_holds_both_ends_and_names_the_nearer_one() {
        let limit = Limit { high: Some(70.0), ..Limit::new(Op::Range, 40.0, Unit::Percent) };
        assert!(limit.holds(40.0) && limit.holds(70.0) && !limit.holds(70.1) && !limit.holds(39.9));
        assert_eq!(limit.to_string(), "40–70 %");
        assert_eq!(limit.show(70.04), "70.04 %");
    }

    #[test]
    fn limits_meet_where_a_value_satisfies_both() {
        let limit = |op, value| Limit::new(op, value, Unit::Percent);
        assert!(limit(Op::Below, 1.0).meets(&limit(Op::Above, 0.5)));
        assert!(!limit(Op::Below, 1.0).meets(&limit(Op::Above, 1.0)));
        assert!(!limit(Op::Below, 1.0).meets(&limit(Op::AtLeast, 1.0)));
        assert!(limit(Op::AtMost, 1.0).meets(&limit(Op::AtLeast, 1.0)));
        assert!(!limit(Op::Below, 1.0).meets(&limit(Op::Above, 5.0)));
        assert!(limit(Op::Below, 0.2).against(Unit::Ratio).is_some_and(|a| a.meets(&limit(Op::Below, 5.0))));
    }

    #[test]
    fn seconds_are_never_held_against_percent() {
        assert_eq!(Limit::new(Op::Below, 500.0, Unit::Millis).against(Unit::Percent), None);
    }
}
