//! Limits that are relative to a baseline: `> 5x baseline`, `< 110% of baseline`, `> 50% slower`.

use super::{Limit, Op};
use crate::text::{Unit, number};
use serde::{Deserialize, Serialize};
use std::fmt;

/// How a figure is measured against the baseline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relative {
    /// `5x baseline`.
    Times,
    /// `110% of baseline`.
    PercentOf,
    /// `50% slower`, `20% above baseline`.
    PercentAbove,
    /// `20% below baseline`.
    PercentBelow,
    /// `within 5% of baseline`; both ends belong to it.
    Within,
}

impl Relative {
    /// What a figure stands for, as percents of the baseline; both ends of a range.
    fn percents(self, figure: f64) -> (f64, f64) {
        match self {
            Self::Times => (figure * 100.0, figure * 100.0),
            Self::PercentOf => (figure, figure),
            Self::PercentAbove => (100.0 + figure, 100.0 + figure),
            Self::PercentBelow => (100.0 - figure, 100.0 - figure),
            Self::Within => (100.0 - figure, 100.0 + figure),
        }
    }

    /// The comparison as a sign: `20% below baseline` is met by what is under 80 % of it.
    #[must_use]
    pub const fn op(self, op: Op) -> Op {
        match (self, op) {
            (Self::Within, _) => Op::Range,
            (Self::PercentBelow, Op::Below) => Op::Above,
            (Self::PercentBelow, Op::AtMost) => Op::AtLeast,
            (Self::PercentBelow, Op::Above) => Op::Below,
            (Self::PercentBelow, Op::AtLeast) => Op::AtMost,
            (_, op) => op,
        }
    }

    /// Says a figure: `5x baseline`, `110 % of baseline`.
    pub(super) fn say(self, figure: f64) -> String {
        let figure = number::show_exact(figure);
        match self {
            Self::Times => format!("{figure}x baseline"),
            Self::PercentOf => format!("{figure} % of baseline"),
            Self::PercentAbove => format!("{figure} % above baseline"),
            Self::PercentBelow => format!("{figure} % below baseline"),
            Self::Within => format!("within {figure} % of baseline"),
        }
    }
}

impl Limit {
    /// The absolute limit that this one is for a baseline in the unit of the values.
    ///
    /// An absolute limit stays what it is. None for a baseline that nothing can be compared with:
    /// five times nothing is nothing.
    #[must_use]
    pub fn for_baseline(self, baseline: f64) -> Option<Self> {
        let Some(relative) = self.relative else { return Some(self) };
        if !baseline.is_finite() || baseline <= 0.0 {
            return None;
        }
        let (low, high) = relative.percents(self.value);
        let unit = readable(self.measured, baseline);
        let of = |percent| self.measured.convert(share_of(baseline, percent), unit);
        let high = if relative == Relative::Within { Some(of(high)?) } else { None };
        Some(Self { value: of(low)?, high, unit, relative: None, ..self })
    }
}

/// The unit that a value is best read in.
pub(super) fn readable(measured: Unit, value: f64) -> Unit {
    match measured {
        Unit::Ratio => Unit::Percent,
        Unit::Seconds if value.abs() < 1.0 => Unit::Millis,
        unit => unit,
    }
}

/// So many percent of a value, exact in decimals where that is possible: 110 % of 0.1 is 0.11.
fn share_of(value: f64, percent: f64) -> f64 {
    let product = decimal(value).zip(decimal(percent)).and_then(|((a, a_exponent), (b, b_exponent))| {
        format!("{}e{}", a.checked_mul(b)?, a_exponent + b_exponent - 2).parse().ok()
    });
    product.unwrap_or(value * percent / 100.0)
}

/// The digits of a number's shortest decimal form, and its power of ten.
fn decimal(value: f64) -> Option<(i128, i32)> {
    let text = format!("{value:e}");
    let (digits, exponent) = text.split_once('e')?;
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let exponent: i32 = exponent.parse().ok()?;
    Some((format!("{whole}{fraction}").parse().ok()?, exponent - i32::try_from(fraction.len()).ok()?))
}

/// Shows what is relative as it was meant: `> 5x baseline`, `within 5 % of baseline`.
pub(super) fn show(limit: &Limit, relative: Relative, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let said = relative.say(limit.value);
    match relative {
        Relative::Within => f.write_str(&said),
        // Printed as it was written: `> 20 % below baseline`.
        _ => write!(f, "{} {said}", relative.op(limit.op).symbol()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(op: Op, value: f64, relative: Relative) -> Limit {
        Limit { relative: Some(relative), ..Limit::new(relative.op(op), value, Unit::Percent) }
            .against(Unit::Seconds)
            .expect("a relative limit fits every unit")
    }

    #[test]
    fn a_relative_limit_is_exact_for_its_baseline() {
        let below = limit(Op::Below, 110.0, Relative::PercentOf);
        let absolute = below.for_baseline(0.1).expect("a baseline");
        assert_eq!(absolute.to_string(), "< 110 ms");
        assert!(absolute.holds(0.109_999) && !absolute.holds(0.11));
        let above = limit(Op::Above, 5.0, Relative::Times).for_baseline(0.3).expect("a baseline");
        assert!(above.holds(1.500_001) && !above.holds(1.5));
    }

    #[test]
    fn each_way_of_saying_it_is_read_and_printed_as_written() {
        for (op, value, relative, printed, absolute) in [
            (Op::Above, 5.0, Relative::Times, "> 5x baseline", "> 10 s"),
            (Op::Above, 50.0, Relative::PercentAbove, "> 50 % above baseline", "> 3 s"),
            (Op::Above, 20.0, Relative::PercentBelow, "> 20 % below baseline", "< 1.6 s"),
            (Op::Below, 20.0, Relative::PercentBelow, "< 20 % below baseline", "> 1.6 s"),
            (Op::Range, 5.0, Relative::Within, "within 5 % of baseline", "1.9–2.1 s"),
        ] {
            let limit = limit(op, value, relative);
            assert_eq!(limit.to_string(), printed);
            assert_eq!(limit.for_baseline(2.0).expect("a baseline").to_string(), absolute);
        }
    }

    #[test]
    fn nothing_is_compared_with_nothing() {
        let limit = limit(Op::Above, 5.0, Relative::Times);
        for baseline in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(limit.for_baseline(baseline), None);
        }
    }
}
