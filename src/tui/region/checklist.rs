//! The whole checklist: sections, items, and who ticked what, when, on which evidence.
//!
//! ```text
//! ┌ Checklist 41/58 ───────────────────────────────────── 2 open for GO ┐
//! │ ▾ Ramp 3/12                                                         │
//! │   ✓ 25% traffic to new version                       02:04 by stage │
//! │     ✓ Error rate < 0.1%               0.043 % (limit …)  02:13 Ana  │
//! │     ☐ No critical alerts                                            │
//! └─────────────────────────────────────────────────────────────────────┘
//! ```
//! What stands between us and GO is bold; what is not on disk yet says saving….
//!
//! - [`paper`]: rows to write in, sign or answer.
//! - [`filter`]: which rows are shown.

pub mod filter;
pub mod paper;

pub use filter::Filter;
pub use paper::Paper;

use super::gates;
use crate::order;
use crate::plan::{GateId, HealthId, Item, ItemId, Plan, SectionId};
use crate::session::event::show_clock;
use crate::session::record::region::RegionTick;
use crate::session::state::{ItemRecord, Mark as Said};
use crate::tui::paint::{self, line_width};
use crate::tui::pane::Pane;
use crate::tui::scene::Scene;
use crate::tui::skin::{Skin, Tone};
use crate::tui::view::View;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use std::collections::BTreeSet;

/// Evidence that is cut to fewer columns tells nothing; all of it is in the details.
const LEAST_EVIDENCE: u16 = 10;
const MOST_EVIDENCE: u16 = 40;

/// A line of the checklist that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    Section(SectionId),
    Item(ItemId),
    Paper(Paper),
}

/// The lines of the checklist in its own order, without those in folded sections and those that the
/// filter leaves out.
#[must_use]
pub fn rows(scene: &Scene, view: &View) -> Vec<Row> {
    filter::apply(scene, view, lines(scene.plan(), &view.folded))
}

fn lines(plan: &Plan, folded: &BTreeSet<SectionId>) -> Vec<Row> {
    let hidden = |section: Option<SectionId>| ancestors(plan, section).any(|id| folded.contains(&id));
    let sections = plan.sections.iter().enumerate().filter(|(_, section)| !hidden(section.parent));
    let sections = sections.map(|(at, section)| (section.line, 0, Row::Section(SectionId::at(at))));
    let items = plan.items.iter().enumerate().filter(|(_, item)| !hidden(item.section));
    let items = items.map(|(at, item)| (item.line, 1, Row::Item(ItemId::at(at))));
    let papers = paper::rows(plan).into_iter().map(|paper| (paper.line(plan), 2, Row::Paper(paper)));
    let papers = papers.filter(|(line, ..)| !hidden(plan.section_at(*line)));
    let mut rows: Vec<_> = sections.chain(items).chain(papers).collect();
    order::by_key(&mut rows, |(line, kind, _)| (*line, *kind));
    rows.into_iter().map(|(_, _, row)| row).collect()
}

/// A section and those it stands in, from the inside out.
fn ancestors(plan: &Plan, from: Option<SectionId>) -> impl Iterator<Item = SectionId> {
    std::iter::successors(from, |id| plan.sections[id.index()].parent)
}

/// How many items of a section, those of its sections included, are done, and how many there are.
fn progress(scene: &Scene, section: SectionId) -> (usize, usize) {
    let plan = scene.plan();
    let inside = plan.items.iter().zip(&scene.ramp.done);
    let inside = inside.filter(|(item, _)| ancestors(plan, item.section).any(|id| id == section));
    inside.fold((0, 0), |(done, all), (_, is_done)| (done + usize::from(*is_done), all + 1))
}

/// The title of the pane, and what stands between us and GO.
#[must_use]
pub fn titles(scene: &Scene) -> (String, String) {
    let done = scene.ramp.done.iter().filter(|done| **done).count();
    let right = match (scene.ramp.open_items(scene.plan()).count(), scene.state().open_steps_back().count()) {
        (0, 0) => String::new(),
        (0, 1) => "1 step back is open".to_owned(),
        (0, back) => format!("{back} steps back are open"),
        (open, _) => format!("{open} open for GO"),
    };
    (format!("Checklist {done}/{}", scene.ramp.done.len()), right)
}

/// Draws the rows that fit; the one the keys act on is among them.
pub fn draw(scene: &Scene, view: &View, skin: Skin, cursor: Option<usize>, area: Rect, frame: &mut Buffer) {
    let rows = rows(scene, view);
    let open = order::set(scene.ramp.open_items(scene.plan()).chain(scene.state().open_steps_back()));
    let shown = paint::window(rows.len(), view.cursor(Pane::Checklist, scene), area.height);
    for (y, at) in (0..).zip(shown) {
        let area = paint::nth_row(area, y);
        let (left, right) = match rows[at] {
            Row::Section(id) => (section_row(scene, view, skin, id), pace_of(scene, skin, id)),
            Row::Item(id) => item_row(scene, view, skin, id, open.contains(&id), area.width),
            Row::Paper(paper) => paper::draw(scene, skin, paper),
        };
        paint::ends(frame, area, &left, &right);
        if cursor == Some(at) {
            super::select(frame, area);
        }
    }
    if rows.is_empty() {
        paint::row(frame, area, &Line::from(paint::span(skin, Tone::Muted, " the checklist has no line to tick")));
    }
}

fn section_row(scene: &Scene, view: &View, skin: Skin, id: SectionId) -> Line<'static> {
    let section = &scene.plan().sections[id.index()];
    let (done, all) = progress(scene, id);
    let fold = if view.folded.contains(&id) { "▸" } else { "▾" };
    let indent = " ".repeat(usize::from(section.level.saturating_sub(1).min(6)));
    let tone = if all > 0 { Tone::Accent } else { Tone::Muted };
    let mut line = Line::from(paint::span(skin, tone, format!(" {indent}{fold} {}", section.title)));
    if all > 0 {
        let tone = if done == all { Tone::Good } else { Tone::Muted };
        line.push_span(paint::span(skin, tone, format!(" {done}/{all}")));
    }
    line
}

/// How long a phase takes, beside how long it was to take.
fn pace_of(scene: &Scene, skin: Skin, id: SectionId) -> Line<'static> {
    let Some(pace) = scene.state().pace_of(id, scene.at) else { return Line::default() };
    let tone = if pace.over() > 0 && pace.goes_on { Tone::Bad } else { Tone::Muted };
    Line::from(paint::span(skin, tone, format!("{pace} ")))
}

/// An item, and what there is to say of it in the room that its own words leave.
fn item_row(
    scene: &Scene,
    view: &View,
    skin: Skin,
    id: ItemId,
    is_open: bool,
    width: u16,
) -> (Line<'static>, Line<'static>) {
    let (item, record) = (scene.plan().item(id), &scene.state().items[id.index()]);
    let is_done = scene.ramp.done[id.index()];
    let is_saving = view.is_sent(id) || !scene.live.is_saved(record.seq);
    let (glyph, tone) = match (&record.mark, is_done) {
        _ if is_saving => ("◌", Tone::Wait),
        (Said::NotApplicable { .. }, true) => ("−", Tone::Muted),
        (_, true) => ("✓", Tone::Good),
        (_, false) if is_open => ("☐", Tone::Strong),
        (_, false) => ("☐", Tone::Muted),
    };
    let text = if is_open { Tone::Strong } else { Tone::Plain };
    let indent = " ".repeat(indent(scene.plan(), item));
    let left = Line::from(vec![
        paint::span(skin, tone, format!(" {indent}{glyph} ")),
        paint::span(skin, text, paper::filled_in(scene, item.line, &item.text)),
    ]);
    let right = if is_saving {
        vec![paint::span(skin, Tone::Wait, "saving… ")]
    } else if is_done {
        done_by(skin, item, record, width.saturating_sub(line_width(&left)))
    } else {
        waits_for(scene, skin, id)
    };
    (left, Line::from(right))
}

fn indent(plan: &Plan, item: &Item) -> usize {
    let level = item.section.map_or(0, |id| plan.sections[id.index()].level.min(6));
    usize::from(level) + 2 * usize::try_from(item.depth.min(6)).unwrap_or(0)
}

/// When it was ticked and by whom, and on what as far as there is room.
fn done_by(skin: Skin, item: &Item, record: &ItemRecord, room: u16) -> Vec<Span<'static>> {
    let time = || show_clock(record.at).chars().take(5).collect::<String>();
    let who = if record.by.is_empty() { "somebody" } else { record.by.as_str() };
    let who = paint::cut(who, 12);
    let (what, who) = match &record.mark {
        Said::None | Said::Unticked if item.ticked => (String::new(), "done before".to_owned()),
        Said::None | Said::Unticked => return Vec::new(),
        Said::Ticked { evidence } => {
            let text = evidence.as_ref().map(|seen| format!("{}: {}", seen.state, seen.text));
            (text.unwrap_or_default(), format!("{} {who}", time()))
        }
        Said::NotApplicable { reason } => (format!("n/a: {reason}"), format!("{} {who}", time())),
        Said::Attested { reason } => (format!("attested: {reason}"), format!("{} {who}", time())),
        Said::ByStage => (String::new(), format!("{} by stage", time())),
    };
    let room = room.saturating_sub(paint::width(&who) + 4);
    let what = if room < LEAST_EVIDENCE { String::new() } else { paint::cut(&what, room.min(MOST_EVIDENCE)) };
    vec![paint::span(skin, Tone::Muted, format!("{what} {who} "))]
}

/// What an open line waits for: its regions, its blank, its next time; else what a tick would see.
fn waits_for(scene: &Scene, skin: Skin, id: ItemId) -> Vec<Span<'static>> {
    if let Some(regions) = scene.state().regions_of(id) {
        let cell = |(name, entry): RegionTick<'_>| {
            let (glyph, tone) = if entry.is_some() { ("✓", Tone::Good) } else { ("☐", Tone::Muted) };
            paint::span(skin, tone, format!("{glyph} {name} "))
        };
        return regions.into_iter().map(cell).collect();
    }
    let paper = paper::at_line(scene, scene.plan().item(id).line);
    match paper.and_then(|paper| paper::says(scene, paper)) {
        Some((tone, text)) => vec![paint::span(skin, tone, format!("{text} "))],
        None => evidence_now(scene, skin, id),
    }
}

/// What a tick would see now: the gate of this line, or its endpoint.
fn evidence_now(scene: &Scene, skin: Skin, id: ItemId) -> Vec<Span<'static>> {
    let plan = scene.plan();
    let gate = plan.gates.iter().position(|gate| gate.item == Some(id));
    let health = || plan.health.iter().position(|health| health.items.contains(&id));
    let row = match (gate, gate.is_none().then(health).flatten()) {
        (Some(at), _) => gates::gate_row(scene, GateId::at(at), true),
        (None, Some(at)) => gates::health_row(scene, HealthId::at(at)),
        (None, None) => return Vec::new(),
    };
    let value = if row.mark.tone == Tone::Unknown { String::new() } else { format!(" {}", row.value) };
    vec![paint::span(skin, row.mark.tone, format!("{} {}{value} ", row.mark.glyph, row.mark.word.to_lowercase()))]
}
