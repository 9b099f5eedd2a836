//! Limits whose metric stands elsewhere: `Expected: < 1%` under an item, `**Target:** < 2` behind a
//! block of PromQL.

use crate::plan::checklist::Checklist;
use crate::plan::condition::{self, Comparison};
use crate::plan::markdown::Kind;
use crate::plan::words::{self, List};

/// A name of more words than this is a sentence.
const LONGEST: usize = 6;

/// Gives comparisons that name nothing the metric of the line they belong to.
pub(super) fn name(list: &Checklist, at: usize, found: &mut [Comparison]) {
    if found.iter().all(|comparison| !comparison.metric.is_empty()) || !is_label(&list.entries[at].text) {
        return;
    }
    let Some((metric, quantile)) = above(list, at).or_else(|| block_before(list, at)) else { return };
    for comparison in found.iter_mut().filter(|comparison| comparison.metric.is_empty()) {
        comparison.metric.clone_from(&metric);
        comparison.quantile = comparison.quantile.or(quantile);
    }
}

/// `Target:`, `Expected`, `Must be`: words for a limit that do not say of what.
fn is_label(line: &str) -> bool {
    const LABELS: [&str; 10] =
        ["target", "expected", "threshold", "limit", "acceptable", "should be", "must be", "goal", "pass", "slo"];
    let key = words::key(line);
    LABELS.iter().any(|label| key.starts_with(label))
}

/// The item that the line is nested in.
fn above(list: &Checklist, at: usize) -> Option<(String, Option<f64>)> {
    let item = list.above(at).next()?;
    named(list.entries[item].text.as_str())
}

/// The title of the block that stands before the line.
fn block_before(list: &Checklist, at: usize) -> Option<(String, Option<f64>)> {
    let fence = (0..at).rev().take(8).find(|before| matches!(list.entries[*before].kind, Kind::Fence(_)))?;
    let title = list.entries.get(fence + 1).filter(|entry| entry.kind == Kind::Comment);
    let line = fence.checked_sub(1).map(|before| &list.entries[before]);
    let line = line.filter(|entry| !matches!(entry.kind, Kind::Fence(_) | Kind::Comment));
    title.into_iter().chain(line).find_map(|entry| named(&entry.text))
}

fn named(line: &str) -> Option<(String, Option<f64>)> {
    // The threshold of an alert says when somebody is called.
    if words::key(line).has(List::Alert) {
        return None;
    }
    // `P95 latency < 15s (light search):` names what its own limit is of.
    if let Some(own) = condition::read(line).into_iter().find(|own| !own.metric.is_empty()) {
        return Some((own.metric, own.quantile));
    }
    let title = line.split([':', '(', '→']).next().unwrap_or(line);
    let (name, quantile) = condition::name(title);
    let words: Vec<_> = name.split(' ').collect();
    let is_verb = |word: &str| ["check", "verify", "monitor", "query", "measure", "confirm", "watch"].contains(&word);
    let kept: Vec<_> = words.into_iter().filter(|word| !is_verb(word)).collect();
    ((1..=LONGEST).contains(&kept.len()) && !kept[0].is_empty()).then(|| (kept.join(" "), quantile))
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;

    #[test]
    fn a_limit_takes_its_name_from_the_line_it_belongs_to() {
        let text = "- [ ] **Check error rate**: on the board\n  - Expected: < 1%\n\n```promql\n# Queue age p95\nage\n```\n**Target:** < 2 s\n\nExpected: < 3 s\n\nand < 4 s\n";
        let found = read(&Checklist::read(text));
        let shown: Vec<_> =
            found.iter().map(|f| (f.condition.line, f.condition.metric.as_str(), f.condition.quantile)).collect();
        assert_eq!(shown, [(2, "error rate", None), (8, "queue age", Some(0.95)), (10, "queue age", Some(0.95))]);
    }
}
