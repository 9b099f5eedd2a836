//! Lines that call for rollback: what is bad when it is true.
//!
//! The list a line stands in decides, not its sign: under "Rollback triggers" `> 5%` is bad, and
//! so is a sentence without any figure, which a person declares.

use super::TriggerSeverity;
use super::conditions;
use super::markdown::{Entry, Kind};
use super::outline::{Outline, Topic};
use super::stages::same;
use super::words::{self, Key, List};
use std::collections::BTreeSet;

/// The entries that are triggers.
#[derive(Debug)]
pub(super) struct TriggerLines {
    /// Beside the entries.
    severities: Vec<Option<TriggerSeverity>>,
}

impl TriggerLines {
    pub(super) fn holds(&self, entry: usize) -> bool {
        self.severities.get(entry).is_some_and(Option::is_some)
    }

    /// Makes a line a trigger, or gives it another severity.
    pub(super) fn add(&mut self, entry: usize, severity: TriggerSeverity) {
        self.severities[entry] = Some(severity);
    }

    /// Makes a line no trigger.
    pub(super) fn release(&mut self, entry: usize) {
        self.severities[entry] = None;
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, TriggerSeverity)> {
        self.severities.iter().enumerate().filter_map(|(at, severity)| Some((at, (*severity)?)))
    }
}

pub(super) fn find(entries: &[Entry], outline: &Outline) -> TriggerLines {
    let mut found = TriggerLines { severities: vec![None; entries.len()] };
    let groups = groups(entries);
    let mut sentence = None;
    for (at, entry) in entries.iter().enumerate() {
        sentence = sentence_above(entry, at, sentence);
        let in_list = (stands_among_triggers(entries, outline, at, &groups) && !is_remedy(entry, outline, at))
            || follows(entries, at, sentence);
        let is_detail = above(entries, at).any(|item| found.holds(item));
        if is_detail || groups.contains(&at) || entry.text.is_empty() || same::is_said(entry) {
            continue;
        }
        let is_answer = || entry.ticked().is_some() && words::is_answer(entry.key());
        let says_so = || says_so_itself(entry) || (is_labelled(entry) && !outline.within(at, Topic::Alerts));
        if ((in_list && is_line(entry)) || says_so()) && !is_answer() {
            let severity = severity(entries, outline, at, sentence.filter(|_| follows(entries, at, sentence)));
            found.add(at, severity);
        }
    }
    found
}

/// `If a node hangs` among triggers holds what is done then, unless it says a limit.
fn is_remedy(entry: &Entry, outline: &Outline, at: usize) -> bool {
    outline.within(at, Topic::Conditional) && conditions::comparisons(entry).is_empty()
}

const fn is_line(entry: &Entry) -> bool {
    matches!(entry.kind, Kind::Item { .. } | Kind::Row(_))
}

/// Items that introduce the items nested in them: `Immediate rollback (any of the following):`.
fn groups(entries: &[Entry]) -> BTreeSet<usize> {
    let is_nested = |at: usize| entries.get(at + 1).is_some_and(|next| next.under == Some(at) && is_line(next));
    (0..entries.len())
        .filter(|at| is_line(&entries[*at]) && is_nested(*at) && entries[*at].text.ends_with(':'))
        .collect()
}

/// `Roll back if any of these happens:` is followed by triggers until something else begins.
fn sentence_above(entry: &Entry, at: usize, before: Option<usize>) -> Option<usize> {
    match entry.kind {
        Kind::Paragraph if words::is_trigger(entry.key()) && introduces(entry) => Some(at),
        Kind::Paragraph if entry.under.is_some() => before,
        Kind::Paragraph | Kind::Heading { .. } => None,
        _ => before,
    }
}

/// `…:`, `Rollback triggers: any of these`.
fn introduces(entry: &Entry) -> bool {
    entry.text.ends_with(':') || entry.key().has(List::AnyOf)
}

fn follows(entries: &[Entry], at: usize, sentence: Option<usize>) -> bool {
    sentence.is_some_and(|sentence| sentence < at && is_line(&entries[at]))
}

/// The innermost section, or group, that says what its lines are for.
fn stands_among_triggers(entries: &[Entry], outline: &Outline, at: usize, groups: &BTreeSet<usize>) -> bool {
    let in_group = !groups.is_empty()
        && above(entries, at).any(|item| groups.contains(&item) && words::is_trigger(entries[item].key()));
    in_group || outline.calls(at)
}

/// `Roll back if the error rate > 5%`, or a row `> 5% | roll back`, wherever it stands.
fn says_so_itself(entry: &Entry) -> bool {
    let key = entry.key();
    let has_call = key.has(List::Calls);
    let calls = match &entry.kind {
        Kind::Row(row) => {
            (has_call && row.cells.iter().any(|cell| is_call(&words::key(cell))))
                || conditions::has_rollback_column(row)
        }
        Kind::Item { .. } | Kind::Paragraph if !entry.is_label() => {
            let then = || key.rsplit_once(['→', '>']).is_some_and(|(_, then)| is_call(&words::key(then)));
            words::is_trigger(key) || (has_call && then())
        }
        _ => false,
    };
    calls && !conditions::comparisons(entry).is_empty()
}

/// `**Trigger:** errors > 5%`: a label that says what its line is.
fn is_labelled(entry: &Entry) -> bool {
    // Most lines that begin in bold begin with more, and a long checklist has many of them.
    const LONGEST: usize = 16;
    const LABELS: [&str; 7] = ["trigger", "triggers", "gatilho", "déclencheur", "auslöser", "disparador", "gatillo"];
    let names = |lead: &str| lead.len() <= LONGEST && LABELS.contains(&words::key(lead).trim_end_matches([':', ' ']));
    entry.lead.as_deref().is_some_and(names) && !entry.is_label() && !conditions::comparisons(entry).is_empty()
}

/// `Immediate rollback`, `Roll back`, `Abort`: what to do, and nothing else.
fn is_call(key: &Key) -> bool {
    key.has(List::Calls) && key.split(' ').count() <= 4
}

fn severity(entries: &[Entry], outline: &Outline, at: usize, sentence: Option<usize>) -> TriggerSeverity {
    let said = std::iter::once(at).chain(above(entries, at)).chain(sentence);
    if said.into_iter().any(|at| words::is_graceful(entries[at].key())) || outline.within(at, Topic::Graceful) {
        TriggerSeverity::Graceful
    } else {
        TriggerSeverity::Immediate
    }
}

fn above(entries: &[Entry], at: usize) -> impl Iterator<Item = usize> {
    std::iter::successors(entries[at].under, |at| entries[*at].under)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::markdown;

    fn lines(text: &str) -> Vec<(u32, TriggerSeverity)> {
        let entries = markdown::read(text);
        find(&entries, &Outline::read(&entries)).iter().map(|(at, severity)| (entries[at].line, severity)).collect()
    }

    use TriggerSeverity::{Graceful, Immediate};

    #[test]
    fn the_list_decides() {
        let text = "## Rollback triggers\n- Errors > 5%\n- [ ] Data lost\n\n**Graceful rollback if**:\n- [ ] Slow pages\n### Actions\n- [ ] Call Ana\n## Then\n- [ ] Errors > 5%\n";
        assert_eq!(lines(text), [(2, Immediate), (3, Immediate), (6, Graceful)]);
    }

    #[test]
    fn groups_and_details_are_no_triggers() {
        let text = "## Rollback criteria\n- [ ] Graceful (any of the following):\n  - [ ] Slow\n    - see board\n  - [ ] Leaks\n- Gone\n";
        assert_eq!(lines(text), [(3, Graceful), (5, Graceful), (6, Immediate)]);
    }

    #[test]
    fn a_sentence_is_enough() {
        let text =
            "## Watch\nWe roll back if any of:\n\n- Pages gone\n\nElse go on.\n\n- Fine\n\nRoll back if errors > 3%.\n";
        assert_eq!(lines(text), [(4, Immediate), (10, Immediate)]);
    }

    #[test]
    fn a_label_is_enough_where_a_limit_stands_behind_it() {
        let text = "**Trigger:** errors > 5%\n\n**Trigger:** a push to main\n\n- **Auslöser:** Fehler > 5%\n\n## Alerts\n**Trigger:** errors > 5%\n";
        assert_eq!(lines(text), [(1, Immediate), (5, Immediate)]);
    }

    #[test]
    fn rows_are_triggers_too() {
        let limits = "| Metric | Limit | Then |\n|---|---|---|\n| Errors | > 5% | Immediate rollback |\n| Lag | > 5 s | Look |\n";
        assert_eq!(lines(limits), [(3, Immediate)]);
        assert_eq!(lines("## Halt conditions\n| What | Limit |\n|---|---|\n| Errors | > 5% |\n"), [(4, Immediate)]);
    }
}
