//! What people wrote down, in the blocks that wait for it: issues, lessons, improvements, notes.

use super::edits::Draft;
use crate::plan::{Plan, blank_runs};
use crate::session::State;
use crate::session::event::{Fact, show_minute};
use crate::session::record::remark::About;
use crate::text::sanitize;

pub(super) fn write(plan: &Plan, state: &State, draft: &mut Draft<'_, '_>) {
    let remarks = |about: About| {
        let of = state.record.remarks.iter().filter(move |entry| entry.value.about == about);
        of.map(|entry| format!("{} ({}, {})", plain(&entry.value.text), plain(&entry.by), show_minute(entry.at)))
            .collect::<Vec<_>>()
    };
    let notes: Vec<String> = state
        .timeline
        .iter()
        .filter_map(|event| match &event.fact {
            Fact::Noted { text } => Some(format!("{} ({}, {})", plain(text), plain(&event.by), show_minute(event.at))),
            _ => None,
        })
        .collect();
    let kinds: [(&[&str], Vec<String>); 4] = [
        (&["issue"], remarks(About::Issue)),
        (&["lesson"], remarks(About::Lesson)),
        (&["improvement"], remarks(About::Improvement)),
        (&["note"], notes),
    ];
    for (words, texts) in kinds.iter().filter(|(_, texts)| !texts.is_empty()) {
        if let Some(block) = block(plan, draft, words) {
            set(draft, block, texts, words[0] == "issue");
        }
    }
}

fn plain(text: &str) -> String {
    sanitize::line(text).into_owned()
}

/// The first block under a heading or label that is about one of the words: its first line inside,
/// and its closing fence.
fn block(plan: &Plan, draft: &Draft<'_, '_>, words: &[&str]) -> Option<(u32, u32)> {
    let about = |title: &str| words.iter().any(|word| title.to_lowercase().contains(word));
    plan.sections.iter().enumerate().filter(|(_, section)| about(&section.title)).find_map(|(at, section)| {
        let end = plan.sections.get(at + 1).map_or(u32::MAX, |next| next.line);
        let mut lines = (section.line + 1..end).map_while(|line| draft.line(line).map(|(text, _)| (line, text.trim())));
        let (open, _) = lines.find(|(_, text)| text.starts_with("```"))?;
        let (close, _) = lines.find(|(_, text)| text.starts_with("```"))?;
        Some((open + 1, close))
    })
}

/// Texts go where the block has blanks for them, one each; those that are left stand before its end.
fn set(draft: &mut Draft<'_, '_>, (first, close): (u32, u32), texts: &[String], is_issue: bool) {
    let mut texts = texts.iter();
    for line in first..close {
        let Some((text, start)) = draft.line(line) else { break };
        let label = text.trim().to_lowercase();
        let is_place = !is_issue || label.starts_with("description") || label.starts_with("what");
        let Some(blank) = blank_runs(text).next().filter(|_| is_place) else { continue };
        let Some(put) = texts.next() else { return };
        draft.put(start + blank.start..start + blank.end, put.clone());
    }
    let Some((_, end)) = draft.line(close) else { return };
    let rest: Vec<&str> = texts.map(String::as_str).collect();
    if !rest.is_empty() {
        draft.put(end..end, format!("{}\n", rest.join("\n")));
    }
}
