//! `Same as Step 1, plus:`: what one stage asks for, another one asks for too.

use super::Stages;
use crate::plan::StageId;
use crate::plan::markdown::Entry;
use crate::plan::tokens;
use crate::plan::words::List;

/// Each stage that asks for what an earlier one does, with that one; in the order of the text.
pub(super) fn read(entries: &[Entry], stages: &Stages) -> Vec<(StageId, StageId)> {
    let said = entries.iter().enumerate().filter(|(_, entry)| is_said(entry));
    let pairs = said.filter_map(|(at, entry)| {
        let later = stages.of(at)?;
        let earlier = meant(entry.key(), later, stages).filter(|earlier| *earlier < later)?;
        Some((later, earlier))
    });
    pairs.collect()
}

/// Says whether a line stands for lines that were read before.
pub(in crate::plan) fn is_said(entry: &Entry) -> bool {
    let key = entry.key();
    key.has(List::Same) && split(key).is_some()
}

/// What is the same, and as what: `Same checks as 10%`, `Mismos criterios de fase 10%`.
fn split(key: &str) -> Option<(&str, &str)> {
    const SAME: [&str; 10] =
        ["mismo", "mismos", "mismas", "mesmo", "mesmos", "mesmas", "mêmes", "même", "gleiche", "dieselben"];
    const AS: [&str; 8] = [" as ", " que ", " de la ", " da ", " de ", " como ", " wie bei ", " wie "];
    let first = key.split(' ').next().unwrap_or_default();
    if first == "same" {
        return key.split_once(" as ");
    }
    SAME.contains(&first).then(|| AS.iter().find_map(|join| key.split_once(join)))?
}

/// The stage that `… as Step 1`, `… as 10%`, `… as above` names.
fn meant(key: &str, later: StageId, stages: &Stages) -> Option<StageId> {
    let (_, named) = split(key)?;
    let named = named.split([',', ':', ';', '(', '+']).next().unwrap_or(named);
    let named = named.split(" plus").next().unwrap_or(named).trim();
    let before = || later.index().checked_sub(1).map(StageId::at);
    if ["above", "before", "previous", "the previous", "the last"].iter().any(|word| named.starts_with(word)) {
        return before();
    }
    stages.named(named).or_else(|| stages.ids().find(|id| begins(&stages.list[id.index()].text, named)))
}

/// Says whether the line of a stage begins with words and figures: `Step 1: 5% traffic` with `step 1`.
fn begins(line: &str, named: &str) -> bool {
    let shown = |text: &str| -> Vec<String> {
        let tokens = tokens::cut(text).into_iter().filter(|token| token.sign().is_none());
        tokens.map(|token| text.get(token.span).unwrap_or_default().to_lowercase()).collect()
    };
    let named = shown(named);
    !named.is_empty() && shown(line).starts_with(&named)
}
