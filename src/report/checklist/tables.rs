//! Scores and signatures in tables.

use super::edits::Draft;
use super::{escape, who};
use crate::plan::{Plan, blank_runs};
use crate::session::State;
use crate::session::event::show_minute;
use crate::text::number;
use std::ops::Range;

pub(super) fn fill(plan: &Plan, state: &State, draft: &mut Draft<'_, '_>) {
    scores(plan, state, draft);
    for (sign_off, entry) in plan.sign_offs.iter().zip(&state.record.sign_offs) {
        let Some(entry) = entry else { continue };
        let columns =
            [("name", entry.by.clone()), ("sign", format!("signed by {}", entry.by)), ("date", show_minute(entry.at))];
        for (column, text) in columns {
            cell(draft, sign_off.line, column, &text);
        }
    }
}

fn scores(plan: &Plan, state: &State, draft: &mut Draft<'_, '_>) {
    let mut last = None;
    for (score, entry) in plan.scores.iter().zip(&state.record.scores) {
        last = Some(score.line);
        let Some(entry) = entry else { continue };
        let value = number::show(entry.value);
        let is_in = cell(draft, score.line, "score", &value).is_some();
        cell(draft, score.line, "weighted", &number::show(entry.value * score.weight));
        let who = who(&entry.by, entry.at);
        draft.say(score.line, if is_in { who } else { format!("{value}: {who}") });
    }
    let total = state.record.readiness(plan).and_then(|readiness| readiness.total);
    if let (Some(line), Some(total)) = (last.map(|line| line + 1), total) {
        let is_total = draft.line(line).is_some_and(|(text, _)| text.to_lowercase().contains("total"));
        if is_total {
            let total = number::show(total);
            if cell(draft, line, "weighted", &total).is_none() {
                cell(draft, line, "score", &total);
            }
        }
    }
}

/// Fills the blank, or the empty cell, of a row in the column whose head begins with a word; none where
/// there is no room for it.
pub(super) fn cell(draft: &mut Draft<'_, '_>, line: u32, column: &str, text: &str) -> Option<()> {
    let at =
        head(draft, line)?.iter().position(|cell| cell.trim_matches([' ', '*']).to_lowercase().starts_with(column))?;
    let (row, start) = draft.line(line)?;
    let range = cells(row)?.into_iter().nth(at)?;
    let inside = row.get(range.clone())?;
    let text = escape::markdown(text);
    if let Some(blank) = blank_runs(inside).next().or_else(|| before_stroke(inside)) {
        draft.put(start + range.start + blank.start..start + range.start + blank.end, text).then_some(())
    } else if inside.trim().is_empty() {
        let at = start + range.start + inside.len().min(1);
        draft.put(at..at, format!("{text} ")).then_some(())
    } else {
        None
    }
}

/// The blank of `__/10`, however short.
fn before_stroke(cell: &str) -> Option<Range<usize>> {
    let (before, _) = cell.split_once('/')?;
    let blank = before.trim_start();
    let start = before.len() - blank.len();
    (!blank.is_empty() && blank.chars().all(|c| c == '_')).then(|| start..start + blank.len())
}

/// The cells of the row above the dashes of the table that a line stands in.
fn head<'t>(draft: &Draft<'t, '_>, line: u32) -> Option<Vec<&'t str>> {
    let rule = (1..line).rev().map_while(|at| {
        let (text, _) = draft.line(at)?;
        text.trim_start().starts_with('|').then_some((at, text))
    });
    let is_rule = |text: &str| text.contains("--") && text.chars().all(|c| matches!(c, '|' | '-' | ':' | ' ' | '\t'));
    let (at, _) = rule.into_iter().find(|(_, text)| is_rule(text.trim_end()))?;
    let (text, _) = draft.line(at.checked_sub(1)?)?;
    Some(cells(text)?.into_iter().filter_map(|range| text.get(range)).collect())
}

/// The bytes between the strokes of a row.
fn cells(row: &str) -> Option<Vec<Range<usize>>> {
    let strokes: Vec<usize> = row
        .match_indices('|')
        .filter(|(at, _)| !row.get(..*at).is_some_and(|before| before.ends_with('\\')))
        .map(|(at, _)| at)
        .collect();
    (strokes.len() >= 2).then(|| strokes.windows(2).map(|pair| pair[0] + 1..pair[1]).collect())
}
