//! Decisions: each opens a question that ends in a line of the command language.

use crate::judge::ramp::Course;
use crate::judge::{Call, Outcome, Status, TriggerState};
use crate::plan::TriggerId;
use crate::session::event::Seen;
use crate::text::Millis;
use crate::tui::layer::Layer;
use crate::tui::layer::ask::{Ask, Field, Input, Must, Place, Then, Weight};
use crate::tui::pane::Pane;
use crate::tui::region::verdict::mark;
use crate::tui::scene::Scene;
use crate::tui::skin::Tone;
use crate::tui::view::{Effect, View};

type Can = Result<(), String>;

fn no(why: impl Into<String>) -> Can {
    Err(why.into())
}

fn open(view: &mut View, ask: Ask) -> Vec<Effect> {
    view.layers.push(Layer::Ask(ask));
    Vec::new()
}

fn say(view: &View, title: impl Into<String>, yes: &'static str, line: impl Into<String>, now: Millis) -> Ask {
    Ask::new(title, yes, Then::Say(line.into()), view.seen.clone(), now)
}

fn reason(place: &'static str) -> Field {
    Field::text("reason", Must::BeSomething, Place::Line(place))
}

/// The session is not closed.
pub(super) fn is_open(_: &View, scene: &Scene) -> Can {
    if scene.is_closed() { no("the session is closed") } else { Ok(()) }
}

pub(super) fn is_running(_: &View, scene: &Scene) -> Can {
    match scene.ramp.course {
        Course::Before | Course::Running => Ok(()),
        Course::RolledBack { .. } => no("it was rolled back"),
        Course::Finished => no("the session is closed"),
    }
}

pub(super) fn can_start(view: &View, scene: &Scene) -> Can {
    is_running(view, scene)?;
    match (scene.current(), scene.next()) {
        (Some((_, stage)), _) => no(format!("{} has started: P promotes", stage.name)),
        (None, None) => no("the checklist has no stage"),
        (None, Some(_)) => Ok(()),
    }
}

pub(super) fn start(view: &mut View, scene: &Scene, now: Millis) -> Vec<Effect> {
    let Some((_, stage)) = scene.next() else { return Vec::new() };
    let name = stage.name.clone();
    let ask = if scene.verdict.call == Call::Go {
        say(view, format!("Start {name}"), "Start", format!("start {name}"), now)
            .tell(Tone::Good, "GO: nothing stands against it.")
            .tell(Tone::Plain, "Move the traffic, then say so with M. warroom moves none itself.")
    } else {
        let title = format!("Start {name} AGAINST the verdict");
        against(scene, say(view, title, "Start", format!("start! {name}"), now)).field(reason(": ")).field(typed(&name))
    };
    open(view, ask)
}

pub(super) fn can_move(_: &View, scene: &Scene) -> Can {
    if scene.status() == Some(Status::Shifting) { Ok(()) } else { no("no traffic is being moved") }
}

pub(super) fn moved(view: &mut View, scene: &Scene, now: Millis) -> Vec<Effect> {
    let name = scene.current().map(|(_, stage)| stage.name.clone()).unwrap_or_default();
    let ask = say(view, format!("Has the traffic moved to {name}?"), "It has moved", "moved", now)
        .tell(Tone::Plain, "Clean time and every warm-up begin now.");
    open(view, ask)
}

pub(super) fn can_promote(view: &View, scene: &Scene) -> Can {
    is_running(view, scene)?;
    match (scene.current(), scene.next()) {
        (None, _) => no("no stage has started: S starts the first"),
        (Some(_), None) if scene.status() == Some(Status::Passed) => {
            no("the last stage is passed: F closes the session")
        }
        _ => Ok(()),
    }
}

pub(super) fn promote(view: &mut View, scene: &Scene, now: Millis) -> Vec<Effect> {
    let Some((_, current)) = scene.current() else { return Vec::new() };
    let (title, name) = match scene.next() {
        Some((_, next)) => (format!("Promote to {}", next.name), next.name.clone()),
        None => (format!("Pass {}, the last stage", current.name), current.name.clone()),
    };
    let ask = if scene.verdict.call == Call::Go {
        say(view, title, "Promote", "promote", now).tell(Tone::Good, "GO: every gate passes on fresh data.")
    } else {
        let ask = say(view, format!("{title} AGAINST the verdict"), "Promote", "promote!", now);
        against(scene, ask).field(reason(" ")).field(typed(&name))
    };
    open(view, ask)
}

/// Tells everything that stands against it.
fn against(scene: &Scene, ask: Ask) -> Ask {
    let mut ask = ask.weight(Weight::Grave).tell(Tone::Bad, format!("{}:", scene.verdict.call));
    for reason in &scene.verdict.reasons {
        let (glyph, tone) = mark(reason.class);
        ask = ask.tell(tone, format!("{glyph} {}", reason.text));
    }
    ask.tell(Tone::Muted, "The name, the reason and this list go into the log.")
}

fn typed(name: &str) -> Field {
    Field::text(format!("type {name}"), Must::Be(name.to_owned()), Place::Nowhere)
}

pub(super) fn hold(view: &mut View, scene: &Scene, now: Millis) -> Vec<Effect> {
    let ask = match &scene.ramp.held {
        Some(held) => say(view, "End the hold", "Go on", "resume", now)
            .tell(Tone::Plain, format!("{} said hold: {}", held.by, held.reason)),
        None => say(view, "Hold the ramp", "Hold", "hold", now).weight(Weight::Light).field(reason(" ")),
    };
    open(view, ask)
}

pub(super) fn rollback(view: &mut View, _: &Scene, now: Millis) -> Vec<Effect> {
    let ask = say(view, "ROLL BACK", "Roll back", "rollback", now)
        .weight(Weight::Grave)
        .tell(Tone::Plain, "Records the decision to go back. warroom moves no traffic: c shows the commands.")
        .field(reason(" "));
    open(view, ask)
}

pub(super) fn can_approve(view: &View, scene: &Scene) -> Can {
    is_running(view, scene)?;
    if scene.current().is_none() { no("no stage has started") } else { Ok(()) }
}

pub(super) fn approve(view: &mut View, scene: &Scene, now: Millis) -> Vec<Effect> {
    let Some((_, stage)) = scene.current() else { return Vec::new() };
    let given = scene.ramp.approvals.join(", ");
    let given = if given.is_empty() { "nobody yet".to_owned() } else { given };
    let ask = say(view, format!("Approve leaving {}", stage.name), "Approve", "approve", now)
        .weight(Weight::Light)
        .tell(Tone::Plain, format!("{} needed; so far {given}", stage.approvals))
        .field(Field::text("who approves", Must::BeSomething, Place::Actor));
    open(view, ask)
}

pub(super) fn can_waive(view: &View, scene: &Scene) -> Can {
    is_running(view, scene)?;
    let gate = if view.focus == Pane::Gates { view.gate(scene) } else { None };
    match gate {
        None => no("select a gate first: 2"),
        Some(gate) if !scene.ramp.counting_gates(scene.plan()).any(|counting| counting == gate) => {
            no("this gate does not count in this stage")
        }
        Some(_) => Ok(()),
    }
}

pub(super) fn waive(view: &mut View, scene: &Scene, now: Millis) -> Vec<Effect> {
    let Some(gate) = view.gate(scene) else { return Vec::new() };
    let name = scene.plan().gate(gate).name.clone();
    let ask = say(view, format!("Set {name} aside"), "Waive", format!("waive {name}"), now)
        .weight(Weight::Grave)
        .tell(Tone::Plain, "It no longer stands against GO; hard limits and triggers still act.")
        .field(Field::text("for (30m; else the stage)", Must::BeAnything, Place::Line(" ")))
        .field(reason(": "));
    open(view, ask)
}

fn selected_trigger(view: &View, scene: &Scene) -> Result<TriggerId, String> {
    let selected = if view.focus == Pane::Triggers { view.trigger(scene) } else { None };
    selected.ok_or_else(|| "select a trigger first: 5".to_owned())
}

pub(super) fn can_trip(view: &View, scene: &Scene) -> Can {
    is_open(view, scene)?;
    selected_trigger(view, scene).map(drop)
}

pub(super) fn trip(view: &mut View, scene: &Scene, now: Millis) -> Vec<Effect> {
    let Some(id) = view.trigger(scene) else { return Vec::new() };
    let trigger = scene.plan().trigger(id);
    let ask = say(view, "Declare a rollback trigger", "Declare", format!("trip @{}", trigger.line), now)
        .weight(Weight::Grave)
        .tell(Tone::Strong, trigger.text.clone())
        .tell(Tone::Plain, "The verdict becomes ROLLBACK until somebody dismisses it.")
        .field(Field::text("reason", Must::BeAnything, Place::Line(": ")));
    open(view, ask)
}

pub(super) fn can_dismiss(view: &View, scene: &Scene) -> Can {
    is_open(view, scene)?;
    let id = selected_trigger(view, scene)?;
    if !scene.plan().trigger(id).dismissable {
        return no("the plan lets nobody dismiss this trigger");
    }
    match scene.ramp.trigger_state(scene.plan(), id) {
        TriggerState::Tripped(_) => Ok(()),
        state => no(format!("it is {}, not tripped", state.word())),
    }
}

pub(super) fn dismiss(view: &mut View, scene: &Scene, now: Millis) -> Vec<Effect> {
    let Some(id) = view.trigger(scene) else { return Vec::new() };
    let trigger = scene.plan().trigger(id);
    let ask = say(view, "Dismiss a tripped trigger", "Dismiss", format!("dismiss @{}", trigger.line), now)
        .weight(Weight::Grave)
        .tell(Tone::Strong, trigger.text.clone())
        .tell(Tone::Plain, "It is armed again: a condition that is still true counts down afresh.")
        .field(reason(": "));
    open(view, ask)
}

pub(super) fn finish(view: &mut View, scene: &Scene, now: Millis) -> Vec<Effect> {
    let earned = scene.ramp.earned(scene.plan());
    let lower = Outcome::ALL.iter().filter(|outcome| **outcome >= earned);
    let options: Vec<String> = lower.map(|outcome| outcome.word().to_owned()).collect();
    let seen: Seen = view.seen.clone();
    let ask = Ask::new("Close the session", "Close it", Then::Say("finish".to_owned()), seen, now)
        .tell(Tone::Plain, format!("Earned so far: {}. Whoever closes it can only lower that.", earned.word()))
        .tell(Tone::Plain, "Nothing is judged any more then; later follow-ups can still be ticked.")
        .field(Field {
            label: "outcome".to_owned(),
            input: Input::Choice { options, at: 0 },
            must: Must::BeSomething,
            place: Place::Line(" "),
        });
    open(view, ask)
}
