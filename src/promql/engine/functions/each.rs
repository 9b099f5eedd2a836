//! Functions of each value by itself.

use super::{Function, Table};

pub(super) const TABLE: Table = &[
    ("abs", Function::Each(|value, _| Some(value.abs()))),
    ("ceil", Function::Each(|value, _| Some(value.ceil()))),
    ("floor", Function::Each(|value, _| Some(value.floor()))),
    ("round", Function::Each(|value, figures| Some(round(value, figures.first().copied().unwrap_or(1.0))))),
    ("sgn", Function::Each(|value, _| Some(sign(value)))),
    ("sqrt", Function::Each(|value, _| Some(value.sqrt()))),
    ("exp", Function::Each(|value, _| Some(value.exp()))),
    ("ln", Function::Each(|value, _| Some(value.ln()))),
    ("log2", Function::Each(|value, _| Some(value.log2()))),
    ("log10", Function::Each(|value, _| Some(value.log10()))),
    ("clamp", Function::Each(clamp)),
    ("clamp_min", Function::Each(|value, figures| Some(at_least(value, figure(figures, 0))))),
    ("clamp_max", Function::Each(|value, figures| Some(at_most(value, figure(figures, 0))))),
];

fn figure(figures: &[f64], place: usize) -> f64 {
    figures.get(place).copied().unwrap_or(f64::NAN)
}

/// To the nearest multiple, halves upwards.
fn round(value: f64, to: f64) -> f64 {
    // As Prometheus does it: 1/0.1 is exact where 0.1 is not.
    let inverse = 1.0 / to;
    (value * inverse + 0.5).floor() / inverse
}

fn sign(value: f64) -> f64 {
    if value > 0.0 {
        1.0
    } else if value < 0.0 {
        -1.0
    } else {
        value
    }
}

/// Between two figures; nothing lies between them where they are the wrong way round.
fn clamp(value: f64, figures: &[f64]) -> Option<f64> {
    let (low, high) = (figure(figures, 0), figure(figures, 1));
    if low > high { None } else { Some(at_least(at_most(value, high), low)) }
}

/// The greater of two, and not a number if one is not: unlike `f64::max`.
fn at_least(value: f64, low: f64) -> f64 {
    if value.is_nan() || low.is_nan() { f64::NAN } else { value.max(low) }
}

fn at_most(value: f64, high: f64) -> f64 {
    if value.is_nan() || high.is_nan() { f64::NAN } else { value.min(high) }
}
