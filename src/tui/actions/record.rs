//! What people record: ticks and notes.

use crate::plan::ItemId;
use crate::text::Millis;
use crate::tui::layer::Layer;
use crate::tui::layer::ask::{Ask, Field, Must, Place, Then, Weight};
use crate::tui::pane::Pane;
use crate::tui::scene::Scene;
use crate::tui::skin::Tone;
use crate::tui::view::{Effect, View};

type Can = Result<(), String>;

/// The item that the selection is about: the line itself, or the line of the gate.
fn selected(view: &View, scene: &Scene) -> Option<ItemId> {
    match view.focus {
        Pane::Checklist => view.item(scene),
        Pane::Gates => view.gate(scene).and_then(|gate| scene.plan().gate(gate).item),
        Pane::Triggers | Pane::Timeline | Pane::Commands | Pane::Info => None,
    }
}

pub(super) fn can_tick(view: &View, scene: &Scene) -> Can {
    match selected(view, scene) {
        None if super::paper::selected(view, scene).is_some() => Ok(()),
        None => Err("select a line of the checklist first: 3".to_owned()),
        Some(item) if view.is_sent(item) => Err("it is being saved".to_owned()),
        Some(_) => Ok(()),
    }
}

pub(super) fn tick(view: &mut View, scene: &Scene, now: Millis) -> Vec<Effect> {
    let Some(id) = selected(view, scene) else { return super::paper::edit(view, scene, now) };
    let item = scene.plan().item(id);
    if !scene.ramp.done[id.index()] {
        return view.say(scene, &format!("tick @{}", item.line), None, view.seen.clone(), now);
    }
    let ask = Ask::new("Open it again?", "Open", Then::Say(format!("untick @{}", item.line)), view.seen.clone(), now)
        .tell(Tone::Strong, item.text.clone());
    view.layers.push(Layer::Ask(ask));
    Vec::new()
}

/// The open lines that are proven now, and not on their way yet.
fn passing(view: &View, scene: &Scene) -> Vec<ItemId> {
    scene.ramp.proven_items(scene.plan()).filter(|item| !view.is_sent(*item)).collect()
}

pub(super) fn can_tick_passing(view: &View, scene: &Scene) -> Can {
    if passing(view, scene).is_empty() {
        return Err("nothing that passes now has its line open".to_owned());
    }
    Ok(())
}

pub(super) fn tick_passing(view: &mut View, scene: &Scene, now: Millis) -> Vec<Effect> {
    if view.actor.is_empty() && !view.anonymous {
        let ask = Ask::new("Who acts?", "Go on", Then::Act(None), view.seen.clone(), now)
            .weight(Weight::Light)
            .tell(Tone::Muted, "A name is recorded with each tick; empty goes on without. Then press a again.")
            .field(Field::text("name", Must::BeAnything, Place::Actor));
        view.layers.push(Layer::Ask(ask));
        return Vec::new();
    }
    let lines: Vec<u32> = passing(view, scene).into_iter().map(|item| scene.plan().item(item).line).collect();
    lines.iter().flat_map(|line| view.say(scene, &format!("tick @{line}"), None, view.seen.clone(), now)).collect()
}

pub(super) fn note(view: &mut View, _: &Scene, now: Millis) -> Vec<Effect> {
    let ask = Ask::new("Note", "Write it down", Then::Say("note".to_owned()), view.seen.clone(), now)
        .weight(Weight::Light)
        .field(Field::text("note", Must::BeSomething, Place::Line(" ")));
    view.layers.push(Layer::Ask(ask));
    Vec::new()
}

pub(super) fn long_note(view: &mut View, _: &Scene, now: Millis) -> Vec<Effect> {
    let ask = Ask::new("Note", "Write it down", Then::Say("note".to_owned()), view.seen.clone(), now)
        .tell(Tone::Muted, "Enter begins a line, Tab leads on. When it was recorded nobody can change.")
        .field(Field::page("note", Must::BeSomething, Place::Line(" ")))
        .field(Field::text("when, UTC (02:10)", Must::BeATime, Place::When));
    view.layers.push(Layer::Ask(ask));
    Vec::new()
}

pub(super) fn can_leave_out(view: &View, scene: &Scene) -> Can {
    match selected(view, scene) {
        None => Err("select a line of the checklist first: 3".to_owned()),
        Some(item) if scene.ramp.done[item.index()] => Err("it is done".to_owned()),
        Some(_) => Ok(()),
    }
}

pub(super) fn leave_out(view: &mut View, scene: &Scene, now: Millis) -> Vec<Effect> {
    let Some(id) = selected(view, scene) else { return Vec::new() };
    let item = scene.plan().item(id);
    let head = format!("na @{}", item.line);
    let ask = Ask::new("Not applicable", "Leave it out", Then::Say(head), view.seen.clone(), now)
        .weight(Weight::Light)
        .tell(Tone::Strong, item.text.clone())
        .field(Field::text("reason", Must::BeAnything, Place::Line(": ")));
    view.layers.push(Layer::Ask(ask));
    Vec::new()
}
