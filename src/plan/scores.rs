//! The readiness score: a table of categories with weights, and the figure it must reach.

use super::checklist::Checklist;
use super::markdown::{Entry, Kind};
use super::words::{self, List};
use serde::{Deserialize, Serialize};

/// A category of the readiness score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Score {
    pub line: u32,
    pub category: String,
    /// Its part of the whole: 0.25 for `25%`.
    pub weight: f64,
    /// The best there is: 10 of `___/10`.
    pub most: f64,
}

/// Where nothing says out of how many.
const MOST: f64 = 10.0;

/// The rows of tables that have a column for a weight and one for a score.
pub(super) fn read(list: &Checklist) -> Vec<Score> {
    list.lines().filter_map(|(_, entry)| score(entry)).collect()
}

fn score(entry: &Entry) -> Option<Score> {
    let Kind::Row { cells, head, .. } = &entry.kind else { return None };
    let column = |word: &str| head.keys.iter().position(|head| head.starts_with(word));
    let (weight, score) = (column("weight")?, column("score")?);
    let category = cells.first()?.trim();
    let is_total = words::key(category).starts_with("total");
    let weight: f64 = cells.get(weight)?.trim().trim_end_matches('%').trim().parse().ok()?;
    let most = cells.get(score).and_then(|cell| out_of(cell)).unwrap_or(MOST);
    (!is_total && !category.is_empty()).then(|| Score {
        line: entry.line,
        category: category.to_owned(),
        weight: weight / 100.0,
        most,
    })
}

/// `8.0/10`: the figure behind the stroke.
fn out_of(text: &str) -> Option<f64> {
    let (_, most) = text.rsplit_once('/')?;
    most.trim().parse().ok().filter(|most| *most > 0.0)
}

/// `Minimum Score for Production: 8.0/10`.
pub(super) fn minimum(list: &Checklist) -> Option<f64> {
    list.lines().find_map(|(_, entry)| {
        let (label, value) = entry.text.split_once(':').filter(|_| entry.key().has(List::Scored))?;
        let key = words::key(label);
        let is_minimum = words::has(&key, &["minimum", "min", "required", "threshold"]) && key.has(List::Scored);
        let value = value.trim().trim_start_matches(['≥', '>', '=', ' ']);
        let figure = value.split(['/', ' ']).next()?;
        is_minimum.then(|| figure.parse().ok()).flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_have_weights_and_the_whole_a_minimum() {
        let list = Checklist::read(
            "## Readiness\n| Category | Weight | Score (0-10) |\n|---|---|---|\n| Code | 60% | ___/10 |\n| Ops | 40% | ___/10 |\n| **Total** | 100% | - |\n\n**Minimum score to launch**: 7.5/10\n",
        );
        let found: Vec<_> = read(&list).into_iter().map(|s| (s.line, s.category, s.weight, s.most)).collect();
        assert_eq!(found, [(4, "Code".to_owned(), 0.6, 10.0), (5, "Ops".to_owned(), 0.4, 10.0)]);
        assert_eq!(minimum(&list), Some(7.5));
    }

    #[test]
    fn other_tables_have_no_scores() {
        let list = Checklist::read("| Role | Score |\n|---|---|\n| Lead | 3/10 |\n\nMinimum replicas: 3\n");
        assert!(read(&list).is_empty() && minimum(&list).is_none());
    }
}
