//! How far back a query looks, selector by selector.

use super::engine::LOOK_BACK;
use crate::text::Millis;
use promql_parser::parser::{AtModifier, Expr, Offset, VectorSelector};
use std::time::Duration;

/// One place of a query where series are read.
pub(super) struct Look<'a> {
    pub(super) selector: &'a VectorSelector,
    /// From now back to the oldest sample that bears on the value.
    pub(super) window: Option<Millis>,
}

/// What lies around a place: the ranges of the subqueries it stands in, and their shifts.
#[derive(Clone, Copy, Default)]
struct Span {
    range: Duration,
    shift: Duration,
    /// Fixed by `@` to a moment that does not move.
    pinned: bool,
}

/// Lists the selectors of a query in the order they are written, parameters last.
///
/// Ranges of subqueries add up with the ranges inside them. An offset belongs to the window where it
/// is shorter than the range it shifts, so that the two overlap, or where the whole query is shifted
/// at least that far. Any other offset compares with the past on purpose (last week's traffic beside
/// today's); such a place says nothing about now, and is left out.
pub(super) fn looks(tree: &Expr) -> Vec<Look<'_>> {
    let mut seen = Vec::new();
    visit(tree, Span::default(), &mut seen);
    let everywhere = seen.iter().map(|(_, span)| span.shift).min().unwrap_or_default();
    let is_now = |span: &Span| !span.pinned && (span.shift <= everywhere || span.shift < span.range);
    let only_past = !seen.iter().any(|(_, span)| is_now(span));
    seen.into_iter()
        .filter(|(_, span)| only_past || is_now(span))
        .map(|(selector, span)| {
            let window = if span.pinned { Duration::ZERO } else { span.range.saturating_add(span.shift) };
            Look { selector, window: (!window.is_zero()).then(|| window.into()) }
        })
        .collect()
}

/// From now back to the oldest sample that any part of a query reads, also of the past.
pub(super) fn reach(tree: &Expr) -> Millis {
    let mut seen = Vec::new();
    visit(tree, Span::default(), &mut seen);
    let reaches = seen.iter().map(|(_, span)| Millis::from(span.range).max(LOOK_BACK) + span.shift.into());
    reaches.max().unwrap_or_default()
}

fn visit<'a>(expr: &'a Expr, around: Span, seen: &mut Vec<(&'a VectorSelector, Span)>) {
    match expr {
        Expr::VectorSelector(it) => seen.push((it, around.with(Duration::ZERO, it.offset.as_ref(), it.at.as_ref()))),
        Expr::MatrixSelector(it) => {
            seen.push((&it.vs, around.with(it.range, it.vs.offset.as_ref(), it.vs.at.as_ref())));
        }
        Expr::Subquery(it) => visit(&it.expr, around.with(it.range, it.offset.as_ref(), it.at.as_ref()), seen),
        Expr::Aggregate(it) => {
            visit(&it.expr, around, seen);
            it.param.iter().for_each(|param| visit(param, around, seen));
        }
        Expr::Binary(it) => {
            visit(&it.lhs, around, seen);
            visit(&it.rhs, around, seen);
        }
        Expr::Call(it) => it.args.args.iter().for_each(|argument| visit(argument, around, seen)),
        Expr::Unary(it) => visit(&it.expr, around, seen),
        Expr::Paren(it) => visit(&it.expr, around, seen),
        Expr::NumberLiteral(_) | Expr::StringLiteral(_) | Expr::Extension(_) => {}
    }
}

impl Span {
    fn with(self, range: Duration, offset: Option<&Offset>, at: Option<&AtModifier>) -> Self {
        let shift = match offset {
            Some(Offset::Pos(back)) => *back,
            Some(Offset::Neg(_)) | None => Duration::ZERO,
        };
        Self {
            range: self.range.saturating_add(range),
            shift: self.shift.saturating_add(shift),
            pinned: self.pinned || matches!(at, Some(AtModifier::At(_))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::inspect;
    use crate::text::Millis;

    fn window(text: &str) -> Option<u64> {
        inspect(text).unwrap().window.map(Millis::as_secs)
    }

    fn names(text: &str) -> Vec<String> {
        inspect(text).unwrap().selectors.into_iter().map(|selector| selector.text).collect()
    }

    #[test]
    fn the_widest_range_counts() {
        assert_eq!(window("x"), None);
        assert_eq!(window("rate(x[1m]) / rate(y[5m])"), Some(300));
        assert_eq!(window("histogram_quantile(0.95, sum by (le) (rate(d_bucket[2m])))"), Some(120));
    }

    #[test]
    fn a_subquery_adds_to_what_it_holds() {
        assert_eq!(window("min_over_time(rate(x[5m])[30m:])"), Some(35 * 60));
        assert_eq!(window("max_over_time(x[10m:1m])"), Some(600));
        assert_eq!(window("max_over_time(max_over_time(rate(x[1m])[2m:])[3m:])"), Some(360));
    }

    #[test]
    fn an_offset_counts_unless_it_compares_with_the_past() {
        assert_eq!(window("rate(x[5m] offset 1m)"), Some(360));
        assert_eq!(window("rate(x[5m] offset 1m) / rate(y[5m])"), Some(360));
        assert_eq!(window("rate(x[5m]) / rate(x[5m] offset 1w)"), Some(300));
        assert_eq!(window("rate(x[5m] offset 1w)"), Some(300 + 604_800));
        assert_eq!(window("max_over_time(rate(x[5m])[10m:] offset 1m)"), Some(960));
        assert_eq!(window("rate(x[5m] offset -1m)"), Some(300));
    }

    #[test]
    fn what_is_read_of_the_past_is_not_asked_to_be_fresh() {
        assert_eq!(names("rate(new[5m]) / rate(old[5m] offset 1w)"), ["new"]);
        assert_eq!(names("x - y @ 1700000000"), ["x"]);
        assert_eq!(names("y @ 1700000000"), ["y"]);
        assert_eq!(names("rate(old[5m] offset 1w)"), ["old"]);
    }
}
