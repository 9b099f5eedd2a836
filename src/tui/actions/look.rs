//! What concerns only this view: panes, rows, popups to read, leaving.

use crate::judge::Call;
use crate::judge::ramp::Course;
use crate::plan::Command;
use crate::room::company::Post;
use crate::text::Millis;
use crate::tui::details;
use crate::tui::layer::ask::{Ask, Field, Must, Place, Then, Weight};
use crate::tui::layer::{Blocks, Find, Layer, Palette, Wish, blocks};
use crate::tui::pane::Pane;
use crate::tui::region::checklist::{Filter, Row};
use crate::tui::region::{commands as commands_of, info as info_of};
use crate::tui::scene::Scene;
use crate::tui::skin::Tone;
use crate::tui::view::{Effect, View};
use crate::tui::views::Page;
use std::sync::Arc;

const PAGE: usize = 10;
const NOTHING: Vec<Effect> = Vec::new();

fn go(view: &mut View, scene: &Scene, to: impl FnOnce(usize) -> usize) -> Vec<Effect> {
    // The rows that the keys move over are those on the screen, frozen or not.
    let row = to(view.cursor(view.focus, scene));
    view.select(view.focus, scene, row);
    NOTHING
}

pub(super) fn down(view: &mut View, scene: &Scene, _: Millis) -> Vec<Effect> {
    go(view, scene, |row| row + 1)
}

pub(super) fn up(view: &mut View, scene: &Scene, _: Millis) -> Vec<Effect> {
    go(view, scene, |row| row.saturating_sub(1))
}

pub(super) fn page_down(view: &mut View, scene: &Scene, _: Millis) -> Vec<Effect> {
    go(view, scene, |row| row + PAGE)
}

pub(super) fn page_up(view: &mut View, scene: &Scene, _: Millis) -> Vec<Effect> {
    go(view, scene, |row| row.saturating_sub(PAGE))
}

pub(super) fn first(view: &mut View, scene: &Scene, _: Millis) -> Vec<Effect> {
    go(view, scene, |_| 0)
}

pub(super) fn last(view: &mut View, scene: &Scene, _: Millis) -> Vec<Effect> {
    go(view, scene, |_| usize::MAX)
}

pub(super) fn has_panes(view: &View, _: &Scene) -> Result<(), String> {
    if view.page.kind().panes.len() > 1 { Ok(()) } else { Err("this view has one pane".to_owned()) }
}

pub(super) fn next_pane(view: &mut View, _: &Scene, _: Millis) -> Vec<Effect> {
    view.focus = view.page.step(view.focus, 1);
    NOTHING
}

pub(super) fn previous_pane(view: &mut View, _: &Scene, _: Millis) -> Vec<Effect> {
    let last = view.page.kind().panes.len() - 1;
    view.focus = view.page.step(view.focus, last);
    NOTHING
}

fn open(view: &mut View, page: Page) -> Vec<Effect> {
    view.open(page);
    NOTHING
}

pub(super) fn board(view: &mut View, _: &Scene, _: Millis) -> Vec<Effect> {
    open(view, Page::Board)
}

pub(super) fn gates(view: &mut View, _: &Scene, _: Millis) -> Vec<Effect> {
    open(view, Page::Gates)
}

pub(super) fn checklist(view: &mut View, _: &Scene, _: Millis) -> Vec<Effect> {
    open(view, Page::Checklist)
}

pub(super) fn timeline(view: &mut View, _: &Scene, _: Millis) -> Vec<Effect> {
    open(view, Page::Timeline)
}

pub(super) fn way_back(view: &mut View, _: &Scene, _: Millis) -> Vec<Effect> {
    open(view, Page::Rollback)
}

pub(super) fn info(view: &mut View, _: &Scene, _: Millis) -> Vec<Effect> {
    open(view, Page::Info)
}

pub(super) fn zoom(view: &mut View, _: &Scene, _: Millis) -> Vec<Effect> {
    view.zoom = !view.zoom;
    NOTHING
}

pub(super) fn freeze(view: &mut View, scene: &Scene, _: Millis) -> Vec<Effect> {
    view.frozen = if view.frozen.is_some() { None } else { Some(Arc::clone(&scene.live)) };
    NOTHING
}

/// One thing at a time: the freeze, then the zoom.
pub(super) fn back(view: &mut View, _: &Scene, _: Millis) -> Vec<Effect> {
    if view.toast.take().is_none() && view.frozen.take().is_none() {
        view.zoom = false;
    }
    NOTHING
}

/// Of the checklist everything is looked through, folded or not.
pub(super) fn find(view: &mut View, scene: &Scene, _: Millis) -> Vec<Effect> {
    if view.focus == Pane::Checklist {
        view.folded.clear();
        view.lines = Filter::All;
    }
    let began = view.cursor(view.focus, scene);
    view.layers.push(Layer::Find(Find::new(view.focus, began)));
    NOTHING
}

pub(super) fn palette(view: &mut View, scene: &Scene, _: Millis) -> Vec<Effect> {
    let palette = Palette::new(view, scene);
    view.layers.push(Layer::Palette(palette));
    NOTHING
}

pub(super) fn help(view: &mut View, scene: &Scene, _: Millis) -> Vec<Effect> {
    let sheet = details::help(view, scene);
    view.layers.push(Layer::Sheet(sheet));
    NOTHING
}

pub(super) fn verdict(view: &mut View, scene: &Scene, _: Millis) -> Vec<Effect> {
    view.layers.push(Layer::Sheet(details::verdict(scene)));
    NOTHING
}

pub(super) fn details(view: &mut View, scene: &Scene, _: Millis) -> Vec<Effect> {
    if let (Pane::Checklist, Some(Row::Section(id))) = (view.focus, view.row_of_checklist(scene)) {
        if !view.folded.remove(&id) {
            view.folded.insert(id);
        }
        return NOTHING;
    }
    if let Some(sheet) = details::selected(view, scene) {
        view.layers.push(Layer::Sheet(sheet));
    }
    NOTHING
}

pub(super) fn actor(view: &mut View, _: &Scene, now: Millis) -> Vec<Effect> {
    let ask = Ask::new("Who acts?", "That is me", Then::Act(None), view.seen.clone(), now)
        .weight(Weight::Light)
        .tell(Tone::Muted, "Recorded with everything that is done from here on.")
        .field(Field::text("name", Must::BeAnything, Place::Actor).with(&view.actor));
    view.layers.push(Layer::Ask(ask));
    NOTHING
}

/// The commands that are wanted now: those of the rollback when it is one, else of the stage that
/// is being shifted to, else of the one that comes.
fn wanted<'s>(view: &View, scene: &'s Scene) -> (String, Vec<&'s Command>) {
    let plan = scene.plan();
    let is_back = matches!(scene.ramp.course, Course::RolledBack { .. });
    if view.page == Page::Rollback || scene.verdict.call == Call::Rollback || is_back {
        return ("Rollback commands".to_owned(), commands_of::of_rollback(plan));
    }
    let stages = [scene.ramp.current, scene.next().map(|(id, _)| id)];
    let found = stages.into_iter().flatten().map(|id| (id, commands_of::of_stage(plan, id)));
    match found.into_iter().find(|(_, commands)| !commands.is_empty()) {
        Some((id, commands)) => (format!("Commands of {}", plan.stage(id).name), commands),
        None => ("Commands".to_owned(), Vec::new()),
    }
}

pub(super) fn has_commands(view: &View, scene: &Scene) -> Result<(), String> {
    if view.page == Page::Info {
        return Ok(());
    }
    let (title, commands) = wanted(view, scene);
    if commands.is_empty() { Err(format!("the checklist has none: {}", title.to_lowercase())) } else { Ok(()) }
}

pub(super) fn commands(view: &mut View, scene: &Scene, _: Millis) -> Vec<Effect> {
    let (title, commands) = wanted(view, scene);
    view.layers.push(Layer::Blocks(Blocks::new(title, commands.into_iter().cloned().collect())));
    NOTHING
}

/// Copies the only block, or the one that is selected; of several, one must be chosen.
pub(super) fn copy(view: &mut View, scene: &Scene, now: Millis) -> Vec<Effect> {
    let (_, found) = wanted(view, scene);
    let selected = if view.page == Page::Rollback { found.get(view.cursor(Pane::Commands, scene)) } else { None };
    if view.page == Page::Info {
        let rows = info_of::rows(scene, view);
        return match rows.get(view.cursor(Pane::Info, scene)) {
            Some(info_of::Row::Entry { name, text, .. }) => {
                let wish = Wish::Copy { text: text.clone(), about: name.clone() };
                view.grant(scene, wish, now)
            }
            _ => NOTHING,
        };
    }
    match (selected, found.as_slice()) {
        (Some(block), _) | (None, [block]) => view.grant(scene, blocks::copy(block), now),
        _ => commands(view, scene, now),
    }
}

/// While the mouse is ours, the terminal's own selecting and copying is not there: off by default.
pub(super) fn mouse(view: &mut View, _: &Scene, now: Millis) -> Vec<Effect> {
    view.mouse = !view.mouse;
    let text =
        if view.mouse { "the mouse selects and scrolls; m gives it back" } else { "the mouse is the terminal's" };
    view.say_toast(Tone::Good, text, now);
    vec![Effect::Mouse(view.mouse)]
}

pub(super) fn repaint(_: &mut View, _: &Scene, _: Millis) -> Vec<Effect> {
    vec![Effect::Repaint]
}

pub(super) fn suspend(_: &mut View, _: &Scene, _: Millis) -> Vec<Effect> {
    vec![Effect::Suspend]
}

/// What becomes of the session when this seat is left.
fn what_leaving_means(scene: &Scene) -> &'static str {
    let company = &scene.live.company;
    match company.post {
        Post::Joined => "Whoever holds the session goes on with it.",
        Post::Watches => "The session goes on without this seat.",
        Post::Holds if company.people.here.len() > 1 => "Another seat takes over, and goes on with the session.",
        Post::Holds | Post::Alone { .. } => "Nobody polls and nothing is judged meanwhile. The session can be resumed.",
    }
}

pub(super) fn quit(view: &mut View, scene: &Scene, now: Millis) -> Vec<Effect> {
    if scene.is_closed() && !scene.is_saving() {
        return vec![Effect::Leave { interrupted: false }];
    }
    let mut ask =
        Ask::new("Leave?", "Leave", Then::Leave, view.seen.clone(), now).tell(Tone::Plain, what_leaving_means(scene));
    if let Some(unsaved) = scene.unsaved() {
        ask = ask.weight(Weight::Grave).tell(Tone::Bad, format!("{unsaved} events are NOT SAVED."));
    }
    view.layers.push(Layer::Ask(ask));
    NOTHING
}
