//! What a query returns, as far as its names and its arithmetic prove it.
//!
//! Seconds judged as milliseconds would be a false GO. So a unit is inferred only from what the
//! naming rules of Prometheus promise (`_seconds`, `_bytes`, `_total`, …) carried through the
//! query's arithmetic, and from a ratio of like things; anything else is unknown.

use super::raw;
use crate::text::Unit;
use promql_parser::parser::{self, AggregateExpr, BinaryExpr, Call, Expr, token};

/// The unit of a query's values; none where it is not certain. The query must have passed
/// [`inspect`](super::inspect).
#[must_use]
pub fn unit(query: &str) -> Option<Unit> {
    let found = quantity(&parse(query)?)?;
    let base = match (found.kind, found.per_second) {
        (Kind::Is(Unit::Count), true) => Unit::Tps,
        (Kind::Is(unit), false) => unit,
        _ => return None,
    };
    UNITS.into_iter().find(|unit| {
        let factor = base.convert(1.0, *unit);
        factor.is_some_and(|factor| (factor / found.factor - 1.0).abs() < 1e-9)
    })
}

/// What can be told apart by name and factor.
const UNITS: [Unit; 11] = [
    Unit::Ratio,
    Unit::Percent,
    Unit::Seconds,
    Unit::Millis,
    Unit::Micros,
    Unit::Nanos,
    Unit::Count,
    Unit::Tps,
    Unit::Bytes,
    Unit::Megabytes,
    Unit::Gigabytes,
];

/// The quantile that a query asks a histogram for: 0.95 of `histogram_quantile(0.95, …)`; none
/// where it asks for none, or for several different ones.
#[must_use]
pub fn quantile(query: &str) -> Option<f64> {
    let mut found = Vec::new();
    quantiles(&parse(query)?, &mut found);
    found.dedup();
    match found.as_slice() {
        [only] => Some(*only),
        _ => None,
    }
}

fn parse(query: &str) -> Option<Expr> {
    parser::parse(&raw::quote(query).text).ok()
}

/// A figure of a base unit (a ratio, seconds, a count, bytes), scaled, per second or not.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Quantity {
    kind: Kind,
    /// How many of it one base unit is: 1000 for milliseconds, 100 for percent.
    factor: f64,
    per_second: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Is(Unit),
    /// Buckets of a histogram of this unit: counts until a quantile is taken.
    Buckets(Unit),
    /// A figure written in the query: the factor.
    Number,
}

impl Quantity {
    /// In a unit, expressed by the base unit of its dimension.
    fn of(unit: Unit) -> Self {
        let bases = [Unit::Ratio, Unit::Seconds, Unit::Count, Unit::Tps, Unit::Bytes];
        let base = bases.into_iter().find(|base| base.fits(unit)).unwrap_or(unit);
        Self { kind: Kind::Is(base), factor: base.convert(1.0, unit).unwrap_or(1.0), per_second: false }
    }

    fn buckets(unit: Unit) -> Self {
        let Self { kind, factor, .. } = Self::of(unit);
        let Kind::Is(base) = kind else { return Self::of(unit) };
        Self { kind: Kind::Buckets(base), factor, per_second: false }
    }
}

fn quantity(expr: &Expr) -> Option<Quantity> {
    match expr {
        Expr::Paren(paren) => quantity(&paren.expr),
        Expr::Unary(unary) => quantity(&unary.expr),
        Expr::Subquery(subquery) => quantity(&subquery.expr),
        Expr::NumberLiteral(number) => Some(Quantity { kind: Kind::Number, factor: number.val, per_second: false }),
        Expr::VectorSelector(selector) => named(selector.name.as_deref()?),
        Expr::MatrixSelector(selector) => named(selector.vs.name.as_deref()?),
        Expr::Aggregate(aggregate) => aggregated(aggregate),
        Expr::Call(call) => called(call),
        Expr::Binary(binary) => combined(binary),
        Expr::StringLiteral(_) | Expr::Extension(_) => None,
    }
}

/// What the name of a series promises.
fn named(name: &str) -> Option<Quantity> {
    if let Some(base) = name.strip_suffix("_bucket") {
        return base_unit(base).map(Quantity::buckets);
    }
    if name.ends_with("_count") {
        return Some(Quantity::of(Unit::Count));
    }
    let base = name.strip_suffix("_sum").or_else(|| name.strip_suffix("_total"));
    match base_unit(base.unwrap_or(name)) {
        Some(unit) => Some(Quantity::of(unit)),
        None => name.ends_with("_total").then(|| Quantity::of(Unit::Count)),
    }
}

fn base_unit(base: &str) -> Option<Unit> {
    const ENDINGS: [(&str, Unit); 9] = [
        ("_milliseconds", Unit::Millis),
        ("_microseconds", Unit::Micros),
        ("_nanoseconds", Unit::Nanos),
        ("_seconds", Unit::Seconds),
        ("_ms", Unit::Millis),
        ("_bytes", Unit::Bytes),
        ("_ratio", Unit::Ratio),
        ("_percent", Unit::Percent),
        ("_percentage", Unit::Percent),
    ];
    ENDINGS.iter().find(|(ending, _)| base.ends_with(ending)).map(|(_, unit)| *unit)
}

fn aggregated(aggregate: &AggregateExpr) -> Option<Quantity> {
    match aggregate.op.id() {
        token::T_COUNT => Some(Quantity::of(Unit::Count)),
        token::T_SUM
        | token::T_AVG
        | token::T_MIN
        | token::T_MAX
        | token::T_TOPK
        | token::T_BOTTOMK
        | token::T_QUANTILE => quantity(&aggregate.expr),
        _ => None,
    }
}

fn called(call: &Call) -> Option<Quantity> {
    let argument = |at: usize| call.args.args.get(at).and_then(|expr| quantity(expr));
    match call.func.name {
        "rate" | "irate" | "deriv" => argument(0).filter(|q| !q.per_second).map(|q| Quantity { per_second: true, ..q }),
        "histogram_quantile" => match argument(1)? {
            Quantity { kind: Kind::Buckets(base), factor, .. } => {
                Some(Quantity { kind: Kind::Is(base), factor, per_second: false })
            }
            _ => None,
        },
        "quantile_over_time" => argument(1),
        "count_over_time" => Some(Quantity::of(Unit::Count)),
        "time" => Some(Quantity::of(Unit::Seconds)),
        "increase" | "delta" | "idelta" | "abs" | "ceil" | "floor" | "round" | "sort" | "sort_desc" | "clamp"
        | "clamp_min" | "clamp_max" | "scalar" | "vector" | "label_replace" | "label_join" | "avg_over_time"
        | "max_over_time" | "min_over_time" | "last_over_time" => argument(0),
        _ => None,
    }
}

fn combined(binary: &BinaryExpr) -> Option<Quantity> {
    let (left, right) = (quantity(&binary.lhs), quantity(&binary.rhs));
    match binary.op.id() {
        // The right side only decides which series remain.
        token::T_LAND | token::T_LUNLESS => left,
        token::T_LOR | token::T_ADD | token::T_SUB => alike(left?, right?),
        token::T_MUL => product(left?, right?),
        token::T_DIV => ratio(left?, right?),
        _ => None,
    }
}

/// Two of the same, or one beside a figure: `1 - ratio`, `x or vector(0)`.
fn alike(left: Quantity, right: Quantity) -> Option<Quantity> {
    match (left.kind, right.kind) {
        (Kind::Number, _) => Some(right),
        (_, Kind::Number) => Some(left),
        _ => (left == right).then_some(left),
    }
}

fn product(left: Quantity, right: Quantity) -> Option<Quantity> {
    let factor = left.factor * right.factor;
    match (left.kind, right.kind) {
        (_, Kind::Number) => Some(Quantity { factor, ..left }),
        (Kind::Number, _) => Some(Quantity { factor, ..right }),
        _ => None,
    }
}

fn ratio(left: Quantity, right: Quantity) -> Option<Quantity> {
    let factor = left.factor / right.factor;
    let kind = match (left.kind, right.kind) {
        (_, Kind::Number) => return Some(Quantity { factor, ..left }),
        _ if left.per_second != right.per_second => return None,
        // Buckets count: those up to a bound, over all.
        (Kind::Buckets(_), Kind::Buckets(_) | Kind::Is(Unit::Count)) => return Some(Quantity::of(Unit::Ratio)),
        (Kind::Is(a), Kind::Is(b)) if a == b => Kind::Is(Unit::Ratio),
        // A sum of seconds over a count of requests is seconds for each of them.
        (Kind::Is(unit), Kind::Is(Unit::Count)) => Kind::Is(unit),
        _ => return None,
    };
    Some(Quantity { kind, factor, per_second: false })
}

fn quantiles(expr: &Expr, found: &mut Vec<f64>) {
    match expr {
        Expr::Paren(paren) => quantiles(&paren.expr, found),
        Expr::Unary(unary) => quantiles(&unary.expr, found),
        Expr::Subquery(subquery) => quantiles(&subquery.expr, found),
        Expr::Aggregate(aggregate) => quantiles(&aggregate.expr, found),
        Expr::Binary(binary) => {
            quantiles(&binary.lhs, found);
            quantiles(&binary.rhs, found);
        }
        Expr::Call(call) => {
            let first = call.args.args.first().map(AsRef::as_ref);
            if let ("histogram_quantile" | "quantile_over_time", Some(Expr::NumberLiteral(number))) =
                (call.func.name, first)
            {
                found.push(number.val);
            }
            call.args.args.iter().for_each(|argument| quantiles(argument, found));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_that_names_and_arithmetic_prove() {
        for (query, want) in [
            ("histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[5m])))", Unit::Seconds),
            ("histogram_quantile(0.9, rate(call_ms_bucket[1m]))", Unit::Millis),
            ("sum(rate(req_total{code=~\"5..\"}[1m])) / sum(rate(req_total[1m]))", Unit::Ratio),
            ("100 * sum(rate(bad_total[1m])) / sum(rate(req_total[1m]))", Unit::Percent),
            ("sum(rate(bad_total[1m])) / sum(rate(req_total[1m])) * 100", Unit::Percent),
            ("1 - (sum(rate(bad_total[1m])) / sum(rate(req_total[1m])))", Unit::Ratio),
            ("rate(t_seconds_sum[5m]) / rate(t_seconds_count[5m])", Unit::Seconds),
            ("sum(rate(orders_total[1m]))", Unit::Tps),
            ("sum(increase(restarts_total[1h]))", Unit::Count),
            ("max(process_resident_memory_bytes)", Unit::Bytes),
            ("heap_used_bytes / heap_max_bytes", Unit::Ratio),
            ("max(lag_seconds) * 1000", Unit::Millis),
            ("time() - max(last_success_timestamp_seconds)", Unit::Seconds),
            ("sum(rate(bad_total[1m])) or vector(0)", Unit::Tps),
        ] {
            assert_eq!(unit(query), Some(want), "{query}");
        }
    }

    #[test]
    fn what_is_not_certain_stays_unknown() {
        for query in [
            "consumer_lag",
            "job:latency:p95",
            "rate(process_cpu_seconds_total[1m])",
            "sum(rate(sent_bytes_total[1m]))",
            "histogram_quantile(0.95, rate(latency_bucket[5m]))",
            "lag_seconds * 60",
            "lag_seconds / queue_bytes",
            "sum(rate(a_total[1m])) / 2",
        ] {
            assert_eq!(unit(query), None, "{query}");
        }
    }

    #[test]
    fn the_quantile_a_query_asks_for() {
        assert_eq!(quantile("1000 * histogram_quantile(0.99, rate(a_bucket[5m]))"), Some(0.99));
        assert_eq!(quantile("histogram_quantile(0.9, a) - histogram_quantile(0.5, a)"), None);
        assert_eq!(quantile("up"), None);
    }
}
