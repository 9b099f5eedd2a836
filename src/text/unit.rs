//! Units of what is measured, and exact conversion between those of one dimension.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A unit a limit or a query can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    Ratio,
    Percent,
    Nanos,
    Micros,
    Millis,
    Seconds,
    Minutes,
    Hours,
    Days,
    Count,
    /// Per second: requests, transactions, messages.
    Tps,
    Bytes,
    Kilobytes,
    Megabytes,
    Gigabytes,
    Kibibytes,
    Mebibytes,
    Gibibytes,
    Dollars,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Dimension {
    Share,
    Time,
    Count,
    Rate,
    Size,
    Money,
}

impl Unit {
    /// All units, for messages and tests.
    pub const ALL: [Self; 19] = [
        Self::Ratio,
        Self::Percent,
        Self::Nanos,
        Self::Micros,
        Self::Millis,
        Self::Seconds,
        Self::Minutes,
        Self::Hours,
        Self::Days,
        Self::Count,
        Self::Tps,
        Self::Bytes,
        Self::Kilobytes,
        Self::Megabytes,
        Self::Gigabytes,
        Self::Kibibytes,
        Self::Mebibytes,
        Self::Gibibytes,
        Self::Dollars,
    ];

    /// The words bindings accept, as an error message lists them.
    pub const WORDS: &str = "ratio, percent, ns, us, ms, seconds, minutes, hours, days, count, tps, bytes, KB, MB, GB, \
                              KiB, MiB, GiB, usd";

    /// Reads a unit word of a checklist, a binding or a query's name, in any case.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word.trim().to_lowercase().as_str() {
            "ratio" => Self::Ratio,
            "%" | "percent" | "pct" => Self::Percent,
            "ns" | "nanos" | "nanoseconds" => Self::Nanos,
            "us" | "µs" | "μs" | "micros" | "microseconds" => Self::Micros,
            "ms" | "msec" | "millis" | "millisecond" | "milliseconds" => Self::Millis,
            "s" | "sec" | "secs" | "second" | "seconds" | "segundo" | "segundos" | "seconde" | "secondes"
            | "sekunde" | "sekunden" | "秒" => Self::Seconds,
            "m" | "min" | "mins" | "minute" | "minutes" | "minuto" | "minutos" | "minuten" | "分钟" | "分鐘" | "分" => {
                Self::Minutes
            }
            "h" | "hr" | "hrs" | "hour" | "hours" | "hora" | "horas" | "heure" | "heures" | "stunde" | "stunden"
            | "小时" | "小時" => Self::Hours,
            "d" | "day" | "days" | "dia" | "dias" | "día" | "días" | "jour" | "jours" | "tag" | "tage" | "天" => {
                Self::Days
            }
            "$" | "usd" => Self::Dollars,
            "count" | "counts" => Self::Count,
            "tps" | "rps" | "qps" | "ops" | "req/s" | "req/sec" | "reqs/s" | "requests/s" | "requests/sec"
            | "ops/s" | "ops/sec" | "/s" | "/sec" | "tx/s" | "msg/s" | "msgs/s" | "messages/s" | "messages/sec"
            | "transactions/s" | "orders/sec" | "orders/s" | "events/s" | "events/sec" => Self::Tps,
            "b" | "byte" | "bytes" => Self::Bytes,
            "kb" => Self::Kilobytes,
            "mb" => Self::Megabytes,
            "gb" => Self::Gigabytes,
            "kib" => Self::Kibibytes,
            "mib" => Self::Mebibytes,
            "gib" => Self::Gibibytes,
            _ => return None,
        })
    }

    const fn dimension(self) -> Dimension {
        match self {
            Self::Ratio | Self::Percent => Dimension::Share,
            Self::Nanos | Self::Micros | Self::Millis | Self::Seconds | Self::Minutes | Self::Hours | Self::Days => {
                Dimension::Time
            }
            Self::Dollars => Dimension::Money,
            Self::Count => Dimension::Count,
            Self::Tps => Dimension::Rate,
            Self::Bytes
            | Self::Kilobytes
            | Self::Megabytes
            | Self::Gigabytes
            | Self::Kibibytes
            | Self::Mebibytes
            | Self::Gibibytes => Dimension::Size,
        }
    }

    /// One of this unit in the base of its dimension, as `factor * 10^exponent`.
    const fn scale(self) -> (u32, i32) {
        match self {
            Self::Ratio | Self::Seconds | Self::Count | Self::Tps | Self::Bytes | Self::Dollars => (1, 0),
            Self::Percent => (1, -2),
            Self::Nanos => (1, -9),
            Self::Micros => (1, -6),
            Self::Millis => (1, -3),
            Self::Minutes => (60, 0),
            Self::Hours => (3_600, 0),
            Self::Days => (86_400, 0),
            Self::Kilobytes => (1, 3),
            Self::Megabytes => (1, 6),
            Self::Gigabytes => (1, 9),
            Self::Kibibytes => (1 << 10, 0),
            Self::Mebibytes => (1 << 20, 0),
            Self::Gibibytes => (1 << 30, 0),
        }
    }

    /// Says whether a value in this unit can be compared with one in `other`.
    #[must_use]
    pub fn fits(self, other: Self) -> bool {
        self.dimension() == other.dimension()
    }

    /// Converts a value of this unit to `other`; none where the dimensions differ.
    ///
    /// Powers of ten are moved in the decimal text, so that `0.7 %` is exactly the ratio `0.007`
    /// and a value at the limit is judged as printed.
    #[must_use]
    pub fn convert(self, value: f64, other: Self) -> Option<f64> {
        if !self.fits(other) {
            return None;
        }
        let ((from, from_exponent), (to, to_exponent)) = (self.scale(), other.scale());
        let shifted = shift(value, from_exponent - to_exponent);
        Some(shifted * f64::from(from) / f64::from(to))
    }

    /// How the unit is written behind a figure: `" %"`, `" ms"`, nothing for a bare count.
    #[must_use]
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Ratio | Self::Count => "",
            Self::Percent => " %",
            Self::Nanos => " ns",
            Self::Micros => " µs",
            Self::Millis => " ms",
            Self::Seconds => " s",
            Self::Minutes => " min",
            Self::Hours => " h",
            Self::Days => " days",
            Self::Dollars => " $",
            Self::Tps => " tps",
            Self::Bytes => " B",
            Self::Kilobytes => " KB",
            Self::Megabytes => " MB",
            Self::Gigabytes => " GB",
            Self::Kibibytes => " KiB",
            Self::Mebibytes => " MiB",
            Self::Gibibytes => " GiB",
        }
    }

    /// The word `check` prints: `%`, `ms`, `tps`, `count`, …
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ratio => "ratio",
            Self::Percent => "%",
            Self::Nanos => "ns",
            Self::Micros => "us",
            Self::Millis => "ms",
            Self::Seconds => "s",
            Self::Minutes => "min",
            Self::Hours => "h",
            Self::Days => "days",
            Self::Dollars => "$",
            Self::Count => "count",
            Self::Tps => "tps",
            Self::Bytes => "bytes",
            Self::Kilobytes => "KB",
            Self::Megabytes => "MB",
            Self::Gigabytes => "GB",
            Self::Kibibytes => "KiB",
            Self::Mebibytes => "MiB",
            Self::Gibibytes => "GiB",
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

fn shift(value: f64, exponent: i32) -> f64 {
    if exponent == 0 || !value.is_finite() {
        return value;
    }
    shift_short(value, exponent).unwrap_or_else(|| shift_text(value, exponent))
}

/// The same where the text has few digits, as limits have: an integer and a power of ten that are both exact,
/// of which one operation gives the nearest value there is.
fn shift_short(value: f64, exponent: i32) -> Option<f64> {
    const EXACT: f64 = 1e15;
    let power = |exponent: i32| 10_f64.powi(exponent);
    let (places, digits) = (0..=6)
        .map(|places| (places, (value * power(places)).round()))
        .find(|&(places, digits)| digits.abs() < EXACT && (digits / power(places)).to_bits() == value.to_bits())?;
    match exponent - places {
        down @ -22..=0 => Some(digits / power(-down)),
        up @ 1..=22 => Some(digits * power(up)).filter(|shifted| shifted.abs() < EXACT),
        _ => None,
    }
}

fn shift_text(value: f64, exponent: i32) -> f64 {
    format!("{value}e{exponent}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn few_digits_are_moved_as_in_the_text(
            digits in -1_000_000_i64..1_000_000, places in 0_i32..9, any in proptest::num::f64::NORMAL, by in -24_i32..24,
        ) {
            let short: f64 = format!("{digits}e-{places}").parse().expect("a figure");
            for value in [short, any, short + any.fract()] {
                let moved = shift_short(value, by);
                prop_assert!(moved.is_none_or(|moved| moved.to_bits() == shift_text(value, by).to_bits()), "{value}e{by}");
            }
            prop_assert!(places > 6 || shift_short(short, -2).is_some(), "{short}");
        }
    }

    #[test]
    fn a_limit_in_percent_is_exactly_its_ratio() {
        for (percent, ratio) in [(0.7, 0.007), (0.1, 0.001), (1.0, 0.01), (99.95, 0.9995), (0.29, 0.0029)] {
            assert_eq!(Unit::Percent.convert(percent, Unit::Ratio), Some(ratio));
            assert_eq!(Unit::Ratio.convert(ratio, Unit::Percent), Some(percent));
        }
    }

    #[test]
    fn times_convert_and_other_dimensions_do_not() {
        assert_eq!(Unit::Millis.convert(500.0, Unit::Seconds), Some(0.5));
        assert_eq!(Unit::Minutes.convert(5.0, Unit::Millis), Some(300_000.0));
        assert_eq!(Unit::Seconds.convert(90.0, Unit::Minutes), Some(1.5));
        assert_eq!(Unit::Millis.convert(500.0, Unit::Percent), None);
        assert_eq!(Unit::Count.convert(5.0, Unit::Tps), None);
    }

    #[test]
    fn a_mebibyte_is_more_than_a_megabyte() {
        assert_eq!(Unit::Mebibytes.convert(512.0, Unit::Bytes), Some(536_870_912.0));
        assert_eq!(Unit::Bytes.convert(536_870_912.0, Unit::Mebibytes), Some(512.0));
        assert_eq!(Unit::Megabytes.convert(512.0, Unit::Bytes), Some(512_000_000.0));
    }

    #[test]
    fn every_unit_reads_its_own_word() {
        for unit in Unit::ALL {
            assert_eq!(Unit::parse(unit.word()), Some(unit));
        }
    }
}
