//! Blanks to fill in, choices to make, and the questions a checklist asks between stages.

use super::checklist::{Checklist, LONG};
use super::markdown::{Entry, Kind};
use super::signs::Sign;
use super::{Decision, Field, people, words};
use crate::cores::gathered;
use std::ops::Range;

/// `**Assigned To:** ____`, `Status: [ ] Good [ ] Bad`, `Approved by: [Name]`.
pub(super) fn fields(list: &Checklist) -> Vec<Field> {
    let of = |at: usize| match choice(&list.entries[at]) {
        Some(choice) => vec![choice],
        None => blanks(&list.entries[at]).into_iter().chain(people::unknown(list, at)).collect(),
    };
    gathered(0..list.entries.len(), LONG, &|places| places.flat_map(of).collect())
}

fn choice(entry: &Entry) -> Option<Field> {
    let has_sign = || entry.signs().has(Sign::Other) && entry.text.contains('☐');
    if !entry.signs().has(Sign::Bracket) && !has_sign() {
        return None;
    }
    let can_choose = matches!(entry.kind, Kind::Paragraph | Kind::Item { .. } | Kind::Row(_));
    let text = entry.text.replace("[x]", "[ ]").replace("[X]", "[ ]").replace('☐', "[ ]");
    let mut parts = text.split("[ ]");
    let label = label_of(parts.next()?);
    let choices: Vec<String> = parts.map(|part| part.trim().trim_end_matches('|').trim().to_owned()).collect();
    let is_choice = choices.len() >= 2 && choices.iter().all(|choice| !choice.is_empty());
    (can_choose && is_choice).then_some(Field { line: entry.line, label, choices })
}

/// `Begun: ____ Ended: ____`: the blank that a line ends its label with, and those behind it.
fn blanks(entry: &Entry) -> Vec<Field> {
    let Some(first) = blank(entry) else { return Vec::new() };
    let mut parts: Vec<_> = entry.text.split("___").skip(1).map(|part| part.trim_start_matches('_')).collect();
    // The first blank is known, and nothing is to be filled in behind the last one.
    parts.pop();
    let more = parts.into_iter().filter_map(|part| {
        let label = label_of(part.trim_start_matches(|c: char| !c.is_alphanumeric()));
        let is_named = part.trim_end().ends_with(':') && !words::is_signature_part(&words::key(&label));
        is_named.then(|| Field { line: entry.line, label, choices: Vec::new() })
    });
    std::iter::once(first).chain(more).collect()
}

fn blank(entry: &Entry) -> Option<Field> {
    let may_be = entry.signs().has(Sign::Colon) || entry.signs().has(Sign::Underscore);
    if !may_be || !matches!(entry.kind, Kind::Paragraph | Kind::Item { .. }) {
        return None;
    }
    let (label, value) = match entry.text.split_once(':') {
        Some((label, value)) => (label, value.trim()),
        None => entry.text.split_once("___").map(|(label, _)| (label, "___"))?,
    };
    if !is_blank(value) {
        return None;
    }
    let label = label_of(label);
    (!label.is_empty()).then_some(Field { line: entry.line, label, choices: Vec::new() })
}

/// `____`, `TBD`, `[Add link]`: nothing has been written yet.
pub(super) fn is_blank(value: &str) -> bool {
    let is_bracketed =
        value.starts_with('[') && value.ends_with(']') && value.len() > 3 && value.matches('[').count() == 1;
    value.starts_with("___") || is_bracketed || matches!(value, "TBD" | "tbd" | "TODO" | "…" | "...")
}

fn label_of(text: &str) -> String {
    text.trim().trim_end_matches(':').trim().to_owned()
}

/// `**Decision point**: Proceed to 50% if all is green`.
pub(super) fn decisions(list: &Checklist) -> Vec<Decision> {
    let asks = |entry: &Entry| {
        !matches!(entry.kind, Kind::Fence(_) | Kind::Comment | Kind::Row(_)) && words::is_decision(entry.key())
    };
    // `# Go/No-Go Checklist` names what all of it is for, and asks nothing.
    let first = list.entries.iter().position(|entry| entry.level().is_some());
    let is_title = |at: usize, entry: &Entry| {
        let asks = entry.text.ends_with('?') || answers(list, at).next().is_some();
        Some(at) == first && entry.level() == Some(1) && !asks
    };
    let asked = list.lines().filter(|(at, entry)| asks(entry) && !is_title(*at, entry));
    asked
        .map(|(at, entry)| Decision {
            line: entry.line,
            text: entry.text.clone(),
            stage: list.stages.of(at),
            choice: answers(list, at).find_map(|answer| list.choices[answer]),
        })
        .collect()
}

/// The boxes right behind a question.
fn answers(list: &Checklist, question: usize) -> impl Iterator<Item = usize> {
    let is_box = |at: &usize| list.entries.get(*at).is_some_and(|entry| entry.ticked().is_some());
    (question + 1..).take_while(is_box)
}

/// Runs of three and more underscores that stand by themselves.
pub fn runs(line: &str) -> impl Iterator<Item = Range<usize>> {
    let mut runs = Vec::new();
    let mut from = None;
    for (at, byte) in line.bytes().chain([b' ']).enumerate() {
        match (byte == b'_', from) {
            (true, None) => from = Some(at),
            (false, Some(start)) => {
                if at - start >= 3 {
                    runs.push(start..at);
                }
                from = None;
            }
            _ => {}
        }
    }
    runs.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_and_choices_are_fields() {
        let list = Checklist::read(
            "**By:** ____\nLink: [Add link]\nPlain: yes\nEnd: [ ] Good [x] Bad\n\n- [ ] Lead on call: ___\n- [ ] Done\n",
        );
        let found: Vec<_> = fields(&list).into_iter().map(|f| (f.line, f.label, f.choices.join("/"))).collect();
        let want = [(1, "By", ""), (2, "Link", ""), (4, "End", "Good/Bad"), (6, "Lead on call", "")];
        assert_eq!(found, want.map(|(line, label, choices)| (line, label.to_owned(), choices.to_owned())));
    }

    #[test]
    fn a_decision_knows_its_stage_and_its_answers() {
        let list = Checklist::read(
            "- [ ] 10% traffic\n\n**Decision point**: widen?\n- [ ] All fine → proceed\n- [ ] Not fine → rollback\n",
        );
        let found = decisions(&list);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].stage.map(|id| id.0), found[0].choice.map(|id| id.0)), (Some(0), Some(0)));
    }

    #[test]
    fn decisions_are_asked() {
        let list =
            Checklist::read("# Go/No-Go list\n### Decision Point: widen?\n**Go/No-Go**: all in\nWe decide later\n");
        assert_eq!(decisions(&list).iter().map(|d| d.line).collect::<Vec<_>>(), [2, 3]);
        for first in ["### Decision Point: widen?\n", "# Go/No-Go\n- [ ] GO\n- [ ] NO-GO\n", "# Go/No-Go: widen?\n"] {
            assert_eq!(decisions(&Checklist::read(first)).len(), 1, "{first}");
        }
    }
}
