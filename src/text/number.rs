//! Figures as people read them, with enough digits that a comparison is visibly true.

/// Shows a value with about three significant digits and no needless zeros: `0.043`, `84`, `1,247`.
#[must_use]
pub fn show(value: f64) -> String {
    show_digits(value, 3)
}

/// Shows a value beside a limit with as many digits as it takes for the two to look different
/// where they are different: `1.004` beside `1`, never `1.00 > 1`.
#[must_use]
pub fn show_beside(value: f64, limit: f64) -> String {
    let shown_limit = show_exact(limit);
    if value.to_bits() == limit.to_bits() {
        return shown_limit;
    }
    (3..=17)
        .map(|digits| show_digits(value, digits))
        .find(|text| visibly_differs(text, value, limit))
        .unwrap_or_else(|| format!("{value}"))
}

/// Shows a limit as it was written: every digit it has, thousands separated.
#[must_use]
pub fn show_exact(value: f64) -> String {
    group(&format!("{value}"))
}

fn visibly_differs(text: &str, value: f64, limit: f64) -> bool {
    let shown: f64 = text.replace(',', "").parse().unwrap_or(value);
    shown.partial_cmp(&limit) == value.partial_cmp(&limit)
}

fn show_digits(value: f64, digits: i32) -> String {
    if !value.is_finite() {
        return format!("{value}");
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    let magnitude = value.abs().log10().floor();
    if !(-6.0..15.0).contains(&magnitude) {
        return format!("{value:.*e}", usize::try_from(digits - 1).unwrap_or(2));
    }
    #[expect(clippy::cast_possible_truncation, reason = "between -6 and 15")]
    let decimals = usize::try_from(digits - 1 - magnitude as i32).unwrap_or(0);
    let text = format!("{value:.decimals$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    group(text)
}

fn group(text: &str) -> String {
    let (whole, rest) = text.split_once('.').map_or((text, None), |(whole, rest)| (whole, Some(rest)));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    if digits.len() <= 3 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return text.to_owned();
    }
    let mut out = sign.to_owned();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(rest) = rest {
        out.push('.');
        out.push_str(rest);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_what_matters() {
        for (value, want) in [
            (0.0, "0"),
            (0.0433, "0.0433"),
            (84.0, "84"),
            (84.26, "84.3"),
            (1247.0, "1,247"),
            (-1_234_567.0, "-1,234,567"),
            (0.1, "0.1"),
            (1e-9, "1.00e-9"),
        ] {
            assert_eq!(show(value), want);
        }
    }

    #[test]
    fn a_breach_never_looks_like_the_limit() {
        assert_eq!(show_beside(1.004, 1.0), "1.004");
        assert_eq!(show_beside(0.1, 0.1), "0.1");
        assert_eq!(show_beside(99.999, 100.0), "99.999");
        assert_eq!(show_beside(0.099_999_999, 0.1), "0.099999999");
        assert_eq!(show_beside(1.42, 1.0), "1.42");
    }
}
