//! Queries that nobody thought of: drawn from the grammar by a seed.
//!
//! Two kinds are told apart. Of an *exact* expression both engines know every digit, so that it may
//! be compared, rounded and counted; a *smooth* one may differ in its last digit, and is only carried
//! on by what is smooth itself.

use std::fmt::Write;

/// A stream of numbers that a seed decides (splitmix64).
pub(crate) struct Draw(u64);

impl Draw {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    fn below(&mut self, most: u64) -> u64 {
        self.next() % most
    }

    fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        let place = usize::try_from(self.below(of.len() as u64)).expect("a place");
        of[place]
    }

    /// A query that gives a vector or a scalar.
    pub(crate) fn query(&mut self) -> String {
        match self.below(10) {
            0 => self.scalar(),
            1..=4 => self.exact(2),
            _ => self.smooth(2),
        }
    }

    fn selector(&mut self) -> String {
        let series = self.one(&[
            "requests_total",
            "requests_total",
            "requests_total{code=\"500\"}",
            "requests_total{version=~\"v1|v3\"}",
            "requests_total{code!~\"5..\",version!=\"v2\"}",
            "queue_depth",
            "{__name__=\"queue_depth\",queue=~\".+\"}",
            "odd",
            "odd{kind=\"b\"}",
            "visitor",
            "visitor_total",
            "newcomer_total",
            "took_seconds_bucket{version=\"v1\"}",
            "up",
            "nothing",
        ]);
        series.to_owned()
    }

    fn offset(&mut self) -> String {
        if self.below(4) == 0 { format!(" offset {}s", self.below(15) + 1) } else { String::new() }
    }

    fn range(&mut self) -> String {
        let width = self.one(&["2s", "3s", "5s", "10s", "17s", "30s", "1m", "5m"]);
        format!("{}[{width}]{}", self.selector(), self.offset())
    }

    fn number(&mut self) -> &'static str {
        self.one(&["0", "1", "2", "3", "0.5", "-1", "10", "50", "1e3", "0.95"])
    }

    fn scalar(&mut self) -> String {
        match self.below(4) {
            0 => format!("scalar({})", self.exact(1)),
            1 => format!("{} {} {}", self.number(), self.one(&["+", "-", "*", "/", "%", "^"]), self.number()),
            2 => format!("{} {} bool {}", self.number(), self.comparison(), self.number()),
            _ => self.number().to_owned(),
        }
    }

    fn comparison(&mut self) -> &'static str {
        self.one(&["==", "!=", "<", "<=", ">", ">="])
    }

    fn grouping(&mut self) -> &'static str {
        self.one(&["", "", " by (version)", " by (code, queue)", " without (code)", " without (instance, job, le)"])
    }

    fn matching(&mut self) -> String {
        let by =
            self.one(&["on(version)", "on(job)", "ignoring(code)", "on(version, code)", "ignoring(le, code)", "on()"]);
        let group = self.one(&["", "", " group_left", " group_right", " group_left(queue)"]);
        if self.below(3) == 0 { String::new() } else { format!("{by}{group}") }
    }

    fn exact(&mut self, depth: u64) -> String {
        if depth == 0 {
            return format!("{}{}", self.selector(), self.offset());
        }
        let inner = depth - 1;
        match self.below(12) {
            0 => format!(
                "{}{} ({})",
                self.one(&["min", "max", "count", "group", "sum"]),
                self.grouping(),
                self.exact(inner)
            ),
            1 => {
                let over = self.one(&[
                    "min_over_time",
                    "max_over_time",
                    "count_over_time",
                    "last_over_time",
                    "present_over_time",
                    "resets",
                    "changes",
                    "idelta",
                    "sum_over_time",
                ]);
                format!("{over}({})", self.range())
            }
            2 => {
                let over =
                    self.one(&["min_over_time", "max_over_time", "count_over_time", "last_over_time", "sum_over_time"]);
                let step = self.one(&["1s", "2s", "3s", "7s"]);
                format!("{over}(({})[{}s:{step}]{})", self.exact(inner), self.below(20) + 2, self.offset())
            }
            3 => format!("{} {} {}", self.exact(inner), self.comparison(), self.number()),
            4 => format!("{} {} bool {}", self.number(), self.comparison(), self.exact(inner)),
            5 => {
                let set = self.one(&["and", "or", "unless"]);
                let on = self.one(&["", "on(version)", "on(job)", "ignoring(code)", "on()"]);
                format!("({}) {set} {on} ({})", self.exact(inner), self.exact(inner))
            }
            6 => format!("{}({})", self.one(&["abs", "ceil", "floor", "round", "sgn", "-"]), self.exact(inner)),
            7 => format!("clamp_{}({}, {})", self.one(&["min", "max"]), self.exact(inner), self.number()),
            8 => format!("clamp({}, {}, {})", self.exact(inner), self.number(), self.number()),
            9 => format!("({}) {} {} ({})", self.exact(inner), self.comparison(), self.matching(), self.exact(inner)),
            10 => match self.below(3) {
                0 => format!("absent({})", self.exact(0)),
                1 => format!("absent_over_time({})", self.range()),
                _ => format!("count_values{} (\"value\", {})", self.grouping(), self.selector()),
            },
            _ => format!("({}) or vector({})", self.exact(inner), self.number()),
        }
    }

    fn smooth(&mut self, depth: u64) -> String {
        if depth == 0 {
            return self.exact(0);
        }
        let inner = depth - 1;
        match self.below(10) {
            0 | 1 => {
                let over = self.one(&[
                    "rate",
                    "rate",
                    "irate",
                    "increase",
                    "delta",
                    "deriv",
                    "avg_over_time",
                    "stddev_over_time",
                    "stdvar_over_time",
                ]);
                format!("{over}({})", self.range())
            }
            2 => format!("quantile_over_time({}, {})", self.one(&["0", "0.3", "0.5", "0.95", "1"]), self.range()),
            3 => format!("predict_linear({}, {})", self.range(), self.number()),
            4 => format!("{}{} ({})", self.one(&["sum", "avg", "min", "max"]), self.grouping(), self.smooth(inner)),
            5 => format!(
                "stddev{} ({})",
                self.grouping(),
                self.one(&["requests_total", "queue_depth", "took_seconds_bucket"])
            ),
            6 => {
                format!("quantile{} ({}, {})", self.grouping(), self.one(&["0", "0.25", "0.9", "1"]), self.exact(inner))
            }
            7 => {
                let buckets = self.one(&[
                    "took_seconds_bucket",
                    "rate(took_seconds_bucket[10s])",
                    "sum by (le) (rate(took_seconds_bucket[5s]))",
                    "sum by (le, version) (increase(took_seconds_bucket[30s]))",
                ]);
                format!("histogram_quantile({}, {buckets})", self.one(&["0", "0.5", "0.9", "0.99", "0.999", "1"]))
            }
            8 => format!("({}) {} {}", self.smooth(inner), self.one(&["+", "-", "*", "/"]), self.number()),
            _ => {
                let mut query = String::new();
                let _ =
                    write!(query, "({}) {} {} ", self.smooth(inner), self.one(&["+", "-", "*", "/"]), self.matching());
                let _ = write!(query, "({})", self.smooth(inner));
                query
            }
        }
    }
}
