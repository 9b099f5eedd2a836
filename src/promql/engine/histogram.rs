//! Quantiles of classic histograms, estimated as Prometheus does.

use super::group::By;
use super::{Element, Vector};
use crate::promql::samples::Labels;

#[derive(Clone, Copy)]
struct Bucket {
    /// The upper bound.
    bound: f64,
    /// How many observations were at or below it.
    count: f64,
}

/// Estimates a quantile of each histogram among the buckets. What has no bound is no bucket.
pub(super) fn histogram_quantile(quantile: f64, mut vector: Vector<'_>) -> Vector<'_> {
    vector.retain(|element| element.labels.get("le").parse::<f64>().is_ok());
    let (le, bucket) = (["le".to_owned()], |element: &&Element<'_>| {
        let bound = element.labels.get("le").parse().unwrap_or(f64::NAN);
        Bucket { bound, count: element.value }
    });
    let by = By::AllBut(&le);
    let histograms = by.group(&vector).into_iter().map(|members| {
        let labels = members.first().map_or_else(Labels::default, |element| by.labels(&element.labels));
        Element { labels, value: estimate(quantile, members.iter().map(bucket).collect()) }
    });
    histograms.collect()
}

fn estimate(quantile: f64, buckets: Vec<Bucket>) -> f64 {
    if quantile.is_nan() {
        return f64::NAN;
    }
    if !(0.0..=1.0).contains(&quantile) {
        return if quantile < 0.0 { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    let buckets = in_order(buckets);
    let [finite @ .., all] = buckets.as_slice() else { return f64::NAN };
    let (Some(widest), true, false) = (finite.last(), all.bound == f64::INFINITY, is_nothing(all.count)) else {
        return f64::NAN;
    };
    let rank = quantile * all.count;
    let Some(at) = finite.iter().position(|bucket| bucket.count >= rank) else {
        // It lies beyond the last bound; nobody knows how far.
        return widest.bound;
    };
    let bucket = finite[at];
    let below = match at.checked_sub(1) {
        Some(below) => finite[below],
        None if bucket.bound <= 0.0 => return bucket.bound,
        None => Bucket { bound: 0.0, count: 0.0 },
    };
    below.bound + (bucket.bound - below.bound) * ((rank - below.count) / (bucket.count - below.count))
}

/// Sorts the buckets, adds up those of one bound, and lets none count less than those below it.
fn in_order(mut buckets: Vec<Bucket>) -> Vec<Bucket> {
    buckets.sort_by(|one, other| one.bound.total_cmp(&other.bound));
    let mut ordered: Vec<Bucket> = Vec::with_capacity(buckets.len());
    for bucket in buckets {
        match ordered.last_mut() {
            Some(last) if last.bound.total_cmp(&bucket.bound).is_eq() => last.count += bucket.count,
            _ => ordered.push(bucket),
        }
    }
    let mut most = f64::NEG_INFINITY;
    for bucket in &mut ordered {
        most = most.max(bucket.count);
        bucket.count = most;
    }
    ordered
}

fn is_nothing(count: f64) -> bool {
    count.is_nan() || count <= 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn p(quantile: f64, buckets: &[(f64, f64)]) -> f64 {
        estimate(quantile, buckets.iter().map(|&(bound, count)| Bucket { bound, count }).collect())
    }

    #[test]
    fn it_lies_within_its_bucket() {
        let buckets = [(0.1, 50.0), (0.2, 90.0), (0.4, 100.0), (f64::INFINITY, 100.0)];
        assert!((p(0.5, &buckets) - 0.1).abs() < 1e-12);
        assert!((p(0.7, &buckets) - 0.15).abs() < 1e-12);
        assert!((p(0.95, &buckets) - 0.3).abs() < 1e-12);
        assert!((p(0.0, &buckets)).abs() < 1e-12);
    }

    #[test]
    fn beyond_the_last_bound_it_is_the_last_bound() {
        assert!((p(0.95, &[(0.1, 50.0), (f64::INFINITY, 100.0)]) - 0.1).abs() < 1e-12);
    }

    #[test]
    fn without_what_it_takes_it_is_not_a_number() {
        assert!(p(0.5, &[(0.1, 50.0)]).is_nan());
        assert!(p(0.5, &[(f64::INFINITY, 50.0)]).is_nan());
        assert!(p(0.5, &[(0.1, 0.0), (f64::INFINITY, 0.0)]).is_nan());
        assert!(p(f64::NAN, &[(0.1, 50.0), (f64::INFINITY, 50.0)]).is_nan());
    }
}
