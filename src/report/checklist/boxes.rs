//! Lines to tick.

use super::edits::Draft;
use super::{escape, who};
use crate::order;
use crate::plan::{Item, ItemId, ItemKind, Plan};
use crate::session::State;
use crate::session::record::region::RegionTick;
use crate::session::state::{ItemRecord, Mark};
use std::ops::Range;

pub(super) fn tick(plan: &Plan, state: &State, draft: &mut Draft<'_, '_>) {
    let mut before = None;
    let mut nth = 0;
    for (at, item) in plan.items.iter().enumerate() {
        nth = if before == Some(item.line) { nth + 1 } else { 0 };
        before = Some(item.line);
        let id = ItemId::at(at);
        mark(state, id, item, nth, draft);
        if let Some(said) = said(state, id, item) {
            draft.say(item.line, said);
        }
    }
}

/// Ticks a box, or opens it; a line that does not apply stays open and says so.
fn mark(state: &State, id: ItemId, item: &Item, nth: usize, draft: &mut Draft<'_, '_>) {
    let Some((line, start)) = draft.line(item.line) else { return };
    let Some((range, sign)) = boxes(line).nth(nth).filter(|_| item.kind == ItemKind::Task) else { return };
    let is_out = matches!(state.items[id.index()].mark, Mark::NotApplicable { .. });
    let is_done = state.ramp.done[id.index()] && !is_out;
    let put = match (sign, is_done) {
        (Sign::Open(ticked), true) => ticked,
        (Sign::Ticked(open), false) => open,
        _ => return,
    };
    draft.put(start + range.start..start + range.end, put);
}

/// A box as it stands in the text, with what it becomes.
#[derive(Clone, Copy)]
enum Sign {
    Open(&'static str),
    Ticked(&'static str),
}

/// The boxes of a line, in its order.
fn boxes(line: &str) -> impl Iterator<Item = (Range<usize>, Sign)> {
    const SIGNS: [(&str, Sign); 7] = [
        ("[ ]", Sign::Open("[x]")),
        ("[x]", Sign::Ticked("[ ]")),
        ("[X]", Sign::Ticked("[ ]")),
        ("☐", Sign::Open("☑")),
        ("⬜", Sign::Open("☑")),
        ("☑", Sign::Ticked("☐")),
        ("☒", Sign::Ticked("☐")),
    ];
    let found =
        SIGNS.iter().flat_map(|(text, sign)| line.match_indices(text).map(|(at, text)| (at..at + text.len(), *sign)));
    let mut found: Vec<_> = found.collect();
    order::by_key(&mut found, |(range, _)| range.start);
    found.into_iter()
}

/// Who did it, when, on which evidence.
fn said(state: &State, id: ItemId, item: &Item) -> Option<String> {
    let record = &state.items[id.index()];
    if let Some(regions) = state.regions_of(id)
        && regions.iter().any(|(_, entry)| entry.is_some())
    {
        let cell = |(name, entry): &RegionTick<'_>| match entry {
            Some(entry) => format!("{}: {}", escape::markdown(name), who(&entry.by, entry.at)),
            None => format!("{}: open", escape::markdown(name)),
        };
        return Some(regions.iter().map(cell).collect::<Vec<_>>().join("; "));
    }
    let when = || who(&record.by, record.at);
    match &record.mark {
        Mark::Unticked if item.ticked => Some(format!("opened again: {}", when())),
        Mark::None | Mark::Unticked => None,
        Mark::Ticked { evidence: None } => Some(done(item, &when())),
        Mark::Ticked { evidence: Some(seen) } => {
            let seen = format!("{}: {}", seen.state, seen.text);
            Some(done(item, &format!("{}, {}", when(), escape::markdown(&seen))))
        }
        Mark::NotApplicable { reason } if reason.is_empty() => Some(format!("not applicable: {}", when())),
        Mark::NotApplicable { reason } => Some(format!("not applicable, {}: {}", escape::markdown(reason), when())),
        Mark::Attested { reason } => Some(format!("attested, {}: {}", escape::markdown(reason), when())),
        Mark::ByStage => Some(done(item, &by_stage(record))),
    }
}

fn by_stage(record: &ItemRecord) -> String {
    format!("by its stage, {}", crate::session::event::show_minute(record.at))
}

/// A step has no box: its line says that it is done.
fn done(item: &Item, how: &str) -> String {
    if item.kind == ItemKind::Step { format!("✓ {how}") } else { how.to_owned() }
}
