//! Sheets to read: what can be done now, and all that is known of one line.

use super::actions::{self, Group};
use super::layer::Sheet;
use super::pane::Pane;
use super::region::checklist::{self, paper};
use super::region::gates;
use super::region::verdict::{banner, mark, proof};
use super::scene::Scene;
use super::skin::{Loud, Tone};
use super::view::View;
use crate::judge::Call;
use crate::plan::{GateId, Item, ItemId, Trigger, TriggerId};
use crate::session::event::{Event, show_time};
use crate::session::state::Mark;
use crate::session::tell;

/// Every action with its keys; what cannot be done now says why.
#[must_use]
pub fn help(view: &View, scene: &Scene) -> Sheet {
    let mut sheet = Sheet::new("What can be done now", Loud::Notice);
    for group in Group::ALL {
        sheet = sheet.say(Tone::Strong, group.word());
        for action in actions::of(view.page).filter(|action| action.group == group) {
            let keys: Vec<&str> = action.keys().collect();
            sheet = match (action.enabled)(view, scene) {
                Ok(()) => sheet.entry(keys.join(" "), Tone::Plain, format!("{}: {}", action.name, action.what)),
                Err(why) => sheet.entry(
                    keys.join(" "),
                    Tone::Muted,
                    format!("{}: {} – not now: {why}", action.name, action.what),
                ),
            };
        }
    }
    sheet
}

/// Every reason, in full.
#[must_use]
pub fn verdict(scene: &Scene) -> Sheet {
    let banner = banner(scene);
    let mut sheet = Sheet::new(banner.word, banner.loud).say(Tone::Strong, banner.about);
    let [when, _] = banner.when;
    if !when.is_empty() {
        sheet = sheet.say(Tone::Plain, when);
    }
    for (glyph, tone, proof) in
        proof(scene).into_iter().filter(|_| scene.verdict.call == Call::Go && !scene.is_closed())
    {
        sheet = sheet.entry(glyph, tone, proof);
    }
    for reason in &scene.verdict.reasons {
        let source = if reason.source.is_empty() { String::new() } else { format!(" [{}]", reason.source) };
        let (glyph, tone) = mark(reason.class);
        sheet = sheet.entry(format!("{glyph} {}", reason.code), tone, format!("{}{source}", reason.text));
    }
    sheet
}

/// What is known of what somebody names: a gate, a trigger, a line (`@12`) or an entry (`#7`).
#[must_use]
pub fn of(scene: &Scene, name: &str) -> Option<Sheet> {
    let plan = scene.plan();
    let is_named = |known: &str| known.eq_ignore_ascii_case(name);
    if let Some(seq) = name.strip_prefix('#') {
        let seq: u64 = seq.parse().ok()?;
        return scene.state().timeline.iter().find(|event| event.seq == seq).map(|found| event(scene, found));
    }
    let line: Option<u32> = name.strip_prefix('@').and_then(|line| line.parse().ok());
    let gates = scene.ramp.counting_gates(plan).chain((0..plan.gates.len()).map(GateId::at));
    let gate_of = gates.into_iter().find(|id| is_named(&plan.gate(*id).name));
    let is_trigger =
        |trigger: &Trigger| Some(trigger.line) == line || is_named(&trigger.name) || is_named(&trigger.text);
    let is_item = |item: &Item| Some(item.line) == line || is_named(&item.text);
    let trigger_of = || plan.triggers.iter().position(is_trigger).map(TriggerId::at);
    let item_of = || plan.items.iter().position(is_item).map(ItemId::at);
    gate_of
        .map(|id| gate(scene, id))
        .or_else(|| trigger_of().map(|id| trigger(scene, id)))
        .or_else(|| item_of().map(|id| item(scene, id)))
}

/// What is known of the selected row.
#[must_use]
pub fn selected(view: &View, scene: &Scene) -> Option<Sheet> {
    match view.focus {
        Pane::Gates => view.gate(scene).map(|id| gate(scene, id)),
        Pane::Triggers => view.trigger(scene).map(|id| trigger(scene, id)),
        Pane::Checklist => match view.row_of_checklist(scene)? {
            checklist::Row::Item(id) => Some(item(scene, id)),
            checklist::Row::Section(_) | checklist::Row::Paper(_) => None,
        },
        Pane::Commands | Pane::Info => None,
        Pane::Timeline => view.event(scene).map(|found| event(scene, &found)),
    }
}

fn event(scene: &Scene, event: &Event) -> Sheet {
    let text = tell::tell(&scene.live.state, event).unwrap_or_default();
    let saved = if scene.live.is_saved(event.seq) { "on disk" } else { "not on disk yet" };
    Sheet::new(format!("Event {}", event.seq), Loud::Notice)
        .entry("at", Tone::Plain, show_time(event.at))
        .entry("what", Tone::Plain, text)
        .entry("saved", Tone::Plain, saved)
}

fn gate(scene: &Scene, id: GateId) -> Sheet {
    let plan = scene.plan();
    let (gate, probe) = (plan.gate(id), plan.probe(plan.gate(id).probe));
    let row = gates::gate_row(scene, id, true);
    let sheet = Sheet::new(gate.name.clone(), Loud::Notice)
        .entry("state", row.mark.tone, format!("{} {}", row.mark.glyph, row.mark.word))
        .entry("value", Tone::Plain, row.value)
        .entry("limit", Tone::Plain, row.limit)
        .entry("note", Tone::Plain, row.note)
        .entry("data", Tone::Plain, row.age.map_or_else(|| "none".to_owned(), |age| format!("{age} old")))
        .entry("source", Tone::Plain, plan.source(probe.source).name.clone())
        .entry("query", Tone::Plain, probe.query.text.clone());
    match (gate.line, gate.hard) {
        (line, Some(hard)) => {
            sheet.entry("hard limit", Tone::Plain, hard.to_string()).entry("line", Tone::Muted, place(line))
        }
        (line, None) => sheet.entry("line", Tone::Muted, place(line)),
    }
}

fn place(line: Option<u32>) -> String {
    line.map_or_else(|| "of the bindings".to_owned(), |line| format!("{line} of the checklist"))
}

fn trigger(scene: &Scene, id: TriggerId) -> Sheet {
    let trigger = scene.plan().trigger(id);
    let row = super::region::triggers::row_of(scene, id);
    let mut sheet = Sheet::new("Rollback trigger", Loud::Notice)
        .say(Tone::Strong, trigger.text.clone())
        .entry("state", row.mark.tone, format!("{} {}", row.mark.glyph, row.mark.word))
        .entry("value", Tone::Plain, row.value)
        .entry("note", Tone::Plain, row.note)
        .entry("line", Tone::Muted, trigger.line.to_string());
    if let Some(watch) = &trigger.watch {
        let hold = watch.hold.map(|hold| format!(" for {hold}")).unwrap_or_default();
        sheet = sheet.entry("bad when", Tone::Plain, format!("{}{hold}", watch.bad)).entry(
            "query",
            Tone::Plain,
            scene.plan().probe(watch.probe).query.text.clone(),
        );
    }
    sheet
}

fn item(scene: &Scene, id: ItemId) -> Sheet {
    let plan = scene.plan();
    let (item, record) = (plan.item(id), &scene.state().items[id.index()]);
    let who = if record.by.is_empty() { "somebody" } else { record.by.as_str() };
    let done = match &record.mark {
        Mark::None if item.ticked => "done before, in the file".to_owned(),
        Mark::None => "open".to_owned(),
        Mark::Unticked => format!("opened again by {who}"),
        Mark::Ticked { evidence: None } => format!("ticked by {who}"),
        Mark::Ticked { evidence: Some(seen) } => format!("ticked by {who} on {}: {}", seen.state, seen.text),
        Mark::NotApplicable { reason } => format!("not applicable, says {who}: {reason}"),
        Mark::Attested { reason } => format!("attested by {who}: {reason}"),
        Mark::ByStage => "ticked by its stage".to_owned(),
    };
    let section = item.section.map(|id| plan.sections[id.index()].title.clone()).unwrap_or_default();
    let mut sheet = Sheet::new(format!("Line {}", item.line), Loud::Notice)
        .say(Tone::Strong, paper::filled_in(scene, item.line, &item.text))
        .entry("section", Tone::Plain, section)
        .entry("state", Tone::Plain, done);
    if record.seq > 0 {
        sheet = sheet.entry("at", Tone::Plain, show_time(record.at));
    }
    for command in plan.commands.iter().filter(|command| command.item == Some(id)) {
        sheet = sheet.entry("command", Tone::Plain, command.text.clone());
    }
    sheet
}
