//! The highest value a quantile of a histogram can be told as.
//!
//! A quantile that lies in the top bucket, the one without an upper end, is told as the end of the
//! bucket before it: 10 s where it may be a minute. The quantile 1 of the same histogram is told so
//! too, and only then are the two the same: anything lower lies inside its bucket, not at its end.

/// The call whose values may be at the ceiling.
const CALL: &str = "histogram_quantile";

/// The query with 1 in place of its quantile, if it asks for one quantile below 1 of one histogram.
/// Where it gives the same value as the query does, that value is the least that it can be.
#[must_use]
pub fn ceiling(query: &str) -> Option<String> {
    let (before, after) = query.split_once(CALL)?;
    if after.contains(CALL) {
        return None;
    }
    let (quantile, histogram) = after.trim_start().strip_prefix('(')?.split_once(',')?;
    let is_below_one = quantile.trim().parse().is_ok_and(|quantile: f64| (0.0..1.0).contains(&quantile));
    is_below_one.then(|| format!("{before}{CALL}(1,{histogram}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quantile_alone_is_replaced() {
        let query = "1000 * histogram_quantile (0.99, sum by (le) (rate(a_seconds_bucket{x=\"a,b\"}[1m]))) > 0";
        let want = "1000 * histogram_quantile(1, sum by (le) (rate(a_seconds_bucket{x=\"a,b\"}[1m]))) > 0";
        assert_eq!(ceiling(query).as_deref(), Some(want));
    }

    #[test]
    fn nothing_is_said_of_what_has_no_ceiling_or_several() {
        for query in [
            "rate(a[1m])",
            "histogram_quantile(1, a_bucket)",
            "histogram_quantile(scalar(q), a_bucket)",
            "histogram_quantile(0.9, a_bucket) / histogram_quantile(0.9, b_bucket)",
        ] {
            assert_eq!(ceiling(query), None, "{query}");
        }
    }
}
