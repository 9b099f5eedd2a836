//! What the samples of one histogram at one moment owe each other in OpenMetrics.

/// A histogram as far as it has been read.
#[derive(Clone, Debug, Default)]
pub(super) struct Buckets {
    /// Bound and count of the last bucket.
    last: Option<(f64, f64)>,
    count: Option<f64>,
    sum: Sum,
    below_zero: bool,
    begun: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Sum {
    #[default]
    None,
    /// `_sum`: what was counted only grows.
    Growing,
    /// `_gsum`.
    Gauge(f64),
}

impl Buckets {
    pub(super) fn add(&mut self, suffix: &str, bound: Option<&str>, value: f64) -> Result<(), String> {
        self.begun = true;
        match suffix {
            "_bucket" => self.add_bucket(bound.and_then(|bound| bound.parse().ok()).unwrap_or(f64::NAN), value)?,
            "_count" | "_gcount" => self.count = Some(value),
            "_sum" => self.sum = Sum::Growing,
            "_gsum" => self.sum = Sum::Gauge(value),
            _ => {}
        }
        Ok(())
    }

    fn add_bucket(&mut self, bound: f64, value: f64) -> Result<(), String> {
        if let Some((last_bound, last_value)) = self.last {
            if bound <= last_bound {
                return Err("expected the buckets in the order of their bounds".to_owned());
            }
            if value < last_value {
                return Err("expected buckets that count what the ones below them count".to_owned());
            }
        }
        self.below_zero |= bound < 0.0;
        self.last = Some((bound, value));
        Ok(())
    }

    /// Checks the whole, when no more of it follows.
    pub(super) fn end(self) -> Result<(), String> {
        let problem = match (self.last, self.count, self.sum) {
            _ if !self.begun => return Ok(()),
            (last, ..) if last.is_none_or(|(bound, _)| bound < f64::INFINITY) => "expected a bucket +Inf",
            (Some((_, all)), Some(count), _) if all.to_bits() != count.to_bits() => {
                "expected the count to be that of the bucket +Inf"
            }
            (_, None, Sum::Growing | Sum::Gauge(_)) => "expected a count beside the sum",
            (_, Some(_), Sum::None) => "expected a sum beside the count",
            (_, _, Sum::Growing) if self.below_zero => "expected no sum of a histogram with buckets below zero",
            (_, _, Sum::Gauge(sum)) if sum < 0.0 && !self.below_zero => {
                "expected no negative sum of a histogram without buckets below zero"
            }
            _ => return Ok(()),
        };
        Err(problem.to_owned())
    }
}
