//! The readiness score: a table of categories, with weights or with points, and the figure it must reach.

use super::checklist::Checklist;
use super::markdown::{Entry, Row};
use super::words::{self, List};
use serde::{Deserialize, Serialize};

/// A category of the readiness score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Score {
    pub line: u32,
    pub category: String,
    /// Its part of the whole: 0.25 for `25%`; as many as its points where no weights are written.
    pub weight: f64,
    /// The best there is: 10 of `___/10`.
    pub most: f64,
}

/// Where nothing says out of how many.
const MOST: f64 = 10.0;

/// What the categories are scored in: the words at the head of its column.
const SCORED: [&str; 8] = ["score", "points", "rating", "punkte", "pontos", "nota", "puntos", "note"];

/// The rows of tables that have a column for a score, and one for a weight or room to fill the score in.
pub(super) fn read(list: &Checklist) -> Vec<Score> {
    list.lines().filter_map(|(_, entry)| score(entry)).collect()
}

fn score(entry: &Entry) -> Option<Score> {
    let Row { cells, head, .. } = entry.row()?;
    let column = |words: &[&str]| head.keys.iter().position(|head| words.iter().any(|word| head.starts_with(word)));
    let scored = column(&SCORED)?;
    let category = cells.first().filter(|_| scored > 0)?.trim();
    let cell = cells.get(scored)?;
    let written =
        cells.get(column(&["max", "out of"]).unwrap_or(cells.len())).and_then(|cell| cell.trim().parse().ok());
    let most = written.or_else(|| out_of(cell)).or_else(|| in_head(&head.cells[scored]));
    let weight = match column(&["weight", "gewicht", "peso", "poids"]) {
        Some(weight) => cells.get(weight)?.trim().trim_end_matches('%').trim().parse::<f64>().ok()? / 100.0,
        // Without weights the points are the weight, where there is room for them.
        None => most.filter(|_| is_open(cell))?,
    };
    let is_one = !is_total(category) && !category.is_empty();
    let most = most.unwrap_or(MOST);
    is_one.then(|| Score { line: entry.line, category: category.to_owned(), weight, most })
}

fn is_total(category: &str) -> bool {
    ["total", "sum", "summe", "gesamt", "overall"].iter().any(|word| words::key(category).starts_with(word))
}

/// Nothing, or a blank: `___/10`.
fn is_open(cell: &str) -> bool {
    !cell.contains(|c: char| c.is_ascii_digit()) || cell.split('/').next().is_some_and(|given| given.contains('_'))
}

/// `8.0/10`: the figure behind the stroke.
fn out_of(text: &str) -> Option<f64> {
    let (_, most) = text.rsplit_once('/')?;
    let most = most.trim().split([' ', ')', '*']).next()?;
    most.parse().ok().filter(|most| *most > 0.0)
}

/// `Score (0-10)`, `Score (/5)`: the most there is.
fn in_head(title: &str) -> Option<f64> {
    let (_, inside) = title.split_once('(')?;
    let most = inside.split(')').next()?.rsplit(['-', '–', '/']).next()?;
    most.trim().parse().ok().filter(|most| *most > 0.0)
}

/// What the whole is out of, where that is not what a category is: `___/20` of the total, `16/20` of the minimum,
/// or all points together.
pub(super) fn whole(list: &Checklist, scores: &[Score]) -> Option<f64> {
    let first = scores.first()?;
    let last = scores.last()?.line;
    let total = list.lines().find(|(_, entry)| entry.line == last + 1).and_then(|(_, entry)| {
        let row = entry.row().filter(|row| row.cells.first().is_some_and(|cell| is_total(cell)))?;
        row.cells.iter().find_map(|cell| out_of(cell))
    });
    let of_minimum = || asked(list).and_then(|(_, most)| most);
    let points = || (first.weight >= first.most).then(|| scores.iter().map(|score| score.most).sum());
    total.or_else(of_minimum).or_else(points).filter(|whole: &f64| whole.to_bits() != first.most.to_bits())
}

/// `Minimum Score for Production: 8.0/10`.
pub(super) fn minimum(list: &Checklist) -> Option<f64> {
    asked(list).map(|(least, _)| least)
}

/// The least score that is asked for, and what it is out of.
fn asked(list: &Checklist) -> Option<(f64, Option<f64>)> {
    list.having(List::Scored).find_map(|(_, entry)| {
        let (label, value) = entry.text.split_once(':')?;
        let key = words::key(label);
        let is_minimum = words::has(&key, &["minimum", "min", "required", "threshold"]) && key.has(List::Scored);
        let value = value.trim().trim_start_matches(['≥', '>', '=', ' ']);
        let figure = value.split(['/', ' ', '%']).next()?;
        let most = if value.contains('%') { Some(100.0) } else { out_of(value) };
        is_minimum.then(|| Some((figure.parse().ok()?, most))).flatten()
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
    fn without_weights_points_are_added_up() {
        let head = "## Readiness\n| Area | Max points | Points |\n|---|---|---|\n";
        let list = Checklist::read(&format!(
            "{head}| Code | 30 | |\n| Ops | 70 | ___ |\n| **Total** | 100 | |\n\nMinimum score: 85%\n"
        ));
        let found = read(&list);
        let shown: Vec<_> = found.iter().map(|score| (score.line, score.weight, score.most)).collect();
        assert_eq!(shown, [(4, 30.0, 30.0), (5, 70.0, 70.0)]);
        assert_eq!((minimum(&list), whole(&list, &found)), (Some(85.0), Some(100.0)));
    }

    #[test]
    fn the_whole_may_be_out_of_more_than_its_parts() {
        let table = "| Area | Score |\n|---|---|\n| Code | ___/10 |\n| Ops | ___/10 |\n";
        let of = |more: &str| {
            let list = Checklist::read(&format!("{table}{more}"));
            whole(&list, &read(&list))
        };
        assert_eq!(of("| Total | ___/20 |\n"), Some(20.0));
        assert_eq!(of("\nMinimum score: 16/20\n"), Some(20.0));
        assert_eq!(of("\nMinimum score: 8/10\n"), None);
    }

    #[test]
    fn other_tables_have_no_scores() {
        let list = Checklist::read("| Role | Score |\n|---|---|\n| Lead | 3/10 |\n\nMinimum replicas: 3\n");
        assert!(read(&list).is_empty() && minimum(&list).is_none());
    }
}
