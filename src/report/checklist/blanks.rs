//! Blanks, choices, signatures, decisions and answers.

use super::edits::Draft;
use super::tables;
use super::{escape, who};
use crate::plan::{Field, FieldId, Plan, blank_runs};
use crate::session::State;
use crate::session::event::show_minute;
use std::ops::Range;

pub(super) fn fill(plan: &Plan, state: &State, draft: &mut Draft<'_, '_>) {
    signatures(plan, state, draft);
    for (at, field) in plan.fields.iter().enumerate() {
        let Some(filled) = state.filled(FieldId::at(at)) else { continue };
        let is_in = if field.choices.is_empty() {
            // Several blanks of a line are filled from the left.
            let nth = plan.fields.iter().take(at).rev().take_while(|before| before.line == field.line).count();
            blank(field, nth, &filled.value, draft)
        } else {
            choose(field, &filled.value, draft)
        };
        if let (Some((by, at)), true) = (filled.by, is_in) {
            draft.say(field.line, who(&by, at));
        }
    }
    for (decision, entry) in plan.decisions.iter().zip(&state.record.decisions) {
        if let Some(entry) = entry {
            draft.say(decision.line, format!("{}: {}", escape::markdown(&entry.value.text), who(&entry.by, entry.at)));
        }
    }
    for (question, entry) in plan.questions.iter().zip(&state.record.answers) {
        if let Some(entry) = entry {
            draft.say(question.line, format!("{} ({})", escape::markdown(&entry.value), who(&entry.by, entry.at)));
        }
    }
    for (check, made) in plan.recurring.iter().zip(&state.record.checks).filter(|(_, made)| !made.is_empty()) {
        let times: Vec<_> = made.iter().map(|entry| who(&entry.by, entry.at)).collect();
        draft.say(check.line, format!("made {} times: {}", made.len(), times.join("; ")));
    }
    durations(plan, state, draft);
}

/// Roles that sign on one line: `QA Lead: ____ Date: ____`.
fn signatures(plan: &Plan, state: &State, draft: &mut Draft<'_, '_>) {
    for (sign_off, entry) in plan.sign_offs.iter().zip(&state.record.sign_offs) {
        let Some((entry, (line, start))) = entry.as_ref().zip(draft.line(sign_off.line)) else { continue };
        let blanks: Vec<Range<usize>> = blank_runs(line).collect();
        for (nth, range) in blanks.iter().enumerate() {
            let put = if nth == 0 { escape::markdown(&entry.by) } else { show_minute(entry.at) };
            draft.put(start + range.start..start + range.end, put);
        }
        if blanks.is_empty() && !line.trim_start().starts_with('|') {
            draft.say(sign_off.line, format!("signed: {}", who(&entry.by, entry.at)));
        } else if blanks.len() == 1 {
            draft.say(sign_off.line, format!("signed {}", show_minute(entry.at)));
        }
    }
}

/// Puts a value in the place of the nth blank of its line; says whether there was one.
fn blank(field: &Field, nth: usize, value: &str, draft: &mut Draft<'_, '_>) -> bool {
    let Some((line, start)) = draft.line(field.line) else { return false };
    if line.trim_start().starts_with('|') {
        let column = field.label.rsplit_once(": ").map_or("", |(_, column)| column);
        return tables::cell(draft, field.line, &column.to_lowercase(), value).is_some();
    }
    let range = blank_runs(line).nth(nth).or_else(|| bracketed(line)).or_else(|| word(line));
    range.is_some_and(|range| draft.put(start + range.start..start + range.end, escape::markdown(value)))
}

/// Ticks the box of a choice.
fn choose(field: &Field, value: &str, draft: &mut Draft<'_, '_>) -> bool {
    let Some(chosen) = field.choices.iter().position(|choice| choice == value) else { return false };
    let Some((line, start)) = draft.line(field.line) else { return false };
    let mut found: Vec<(usize, &str)> =
        ["[ ]", "[x]", "[X]", "☐"].iter().flat_map(|text| line.match_indices(text)).collect();
    found.sort_unstable();
    for (nth, (at, text)) in found.into_iter().enumerate() {
        let put = match (text, nth == chosen) {
            ("[ ]", true) => "[x]",
            ("☐", true) => "☑",
            ("[x]" | "[X]", false) => "[ ]",
            _ => continue,
        };
        draft.put(start + at..start + at + text.len(), put);
    }
    true
}

/// `[Add link]`, `[TIMESTAMP]`: no box, and no link.
fn bracketed(line: &str) -> Option<Range<usize>> {
    line.match_indices('[').find_map(|(start, _)| {
        let rest = line.get(start..)?;
        let end = start + rest.find(']')? + 1;
        let is_link = line.get(end..)?.starts_with('(');
        (end - start > 3 && !is_link).then_some(start..end)
    })
}

/// `TBD`, `TODO`.
fn word(line: &str) -> Option<Range<usize>> {
    let (head, tail) = line.split_once(':')?;
    let value = tail.trim().trim_start_matches('*').trim();
    let is_word = matches!(value, "TBD" | "tbd" | "TODO" | "…" | "...");
    let at = head.len() + 1 + tail.find(value)?;
    is_word.then(|| at..at + value.len())
}

/// How long a phase took, beside how long it was to take.
fn durations(plan: &Plan, state: &State, draft: &mut Draft<'_, '_>) {
    for planned in &plan.durations {
        let pace = plan.section_at(planned.line).and_then(|section| state.pace_of(section, state.at));
        if let Some(pace) = pace.filter(|pace| !pace.goes_on) {
            draft.say(planned.line, pace.to_string());
        }
    }
}
