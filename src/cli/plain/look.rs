//! What the board shows in its panes, as lines on request: checklist, timeline, commands, a search.

use super::super::out::Out;
use crate::judge::Call;
use crate::judge::ramp::Course;
use crate::plan::{Command, ItemId};
use crate::room::Live;
use crate::session::event::show_clock;
use crate::session::tell::tell;
use crate::tui::details;
use crate::tui::region::commands::{of_rollback, of_stage};
use crate::tui::region::info;
use crate::tui::region::timeline::Filter;
use crate::tui::scene::Scene;
use crate::tui::view::View;

/// So much of the timeline is told where nobody says how much.
const LATEST: usize = 20;

/// The checklist with its sections: what is done, and what is open.
pub(super) fn checklist(live: &Live, out: &Out) {
    let mut section = None;
    for (at, item) in live.plan.items.iter().enumerate() {
        if item.section != section {
            section = item.section;
            out.line(section.map_or("", |id| live.plan.sections[id.index()].title.as_str()));
        }
        out.line(&format!("  {}", row(live, ItemId::at(at))));
    }
}

/// The lines of the checklist that hold a text.
pub(super) fn find(live: &Live, text: &str, out: &Out) {
    let wanted = text.to_lowercase();
    let found = (0..live.plan.items.len()).map(ItemId::at);
    let mut found = found.filter(|id| live.plan.item(*id).text.to_lowercase().contains(&wanted)).peekable();
    if found.peek().is_none() {
        out.line(&format!("no line of the checklist holds \"{text}\""));
    }
    found.for_each(|id| out.line(&row(live, id)));
}

fn row(live: &Live, id: ItemId) -> String {
    let (item, by) = (live.plan.item(id), &live.state.items[id.index()].by);
    let is_done = live.state.ramp.done[id.index()];
    let by = if is_done && !by.is_empty() { format!(", {by}") } else { String::new() };
    format!("[{}] @{} {}{by}", if is_done { 'x' } else { ' ' }, item.line, item.text)
}

/// What happened last, oldest first: everything, or only what a word names, and so many of it.
pub(super) fn timeline(live: &Live, words: &str, out: &Out) {
    let (mut filter, mut count) = (Filter::All, LATEST);
    for word in words.split_whitespace() {
        match (Filter::named(word), word.parse()) {
            (Some(named), _) => filter = named,
            (None, Ok(number)) => count = number,
            (None, Err(_)) => {
                let kinds: Vec<_> = Filter::ALL.iter().filter_map(|kind| kind.word().strip_prefix("only ")).collect();
                let kinds = kinds.join(", ");
                return out
                    .line(&format!("refused: expected how many, or one of {kinds}, as in \"timeline notes 50\""));
            }
        }
    }
    let shown = live.state.timeline.iter().rev().filter(|event| filter.holds(&live.state, event));
    let told = shown.filter_map(|event| Some((event, tell(&live.state, event)?)));
    let told: Vec<_> = told.take(count).collect();
    for (event, sentence) in told.iter().rev() {
        out.line(&format!("{}  #{} {sentence}", show_clock(event.at), event.seq));
    }
}

/// Contacts, links, sources, and the session itself.
pub(super) fn info(scene: &Scene, out: &Out) {
    for row in info::rows(scene, &View::default()) {
        match row {
            info::Row::Heading(text) => out.line(text),
            info::Row::Entry { name, text, .. } => out.line(&format!("  {name}: {text}")),
        }
    }
}

/// All that is known of a gate, a trigger, a line or an entry.
pub(super) fn show(scene: &Scene, name: &str, out: &Out) {
    let Some(sheet) = details::of(scene, name) else {
        return out.line(&format!(
            "refused: expected a gate, a trigger, a line such as @12 or an entry such as #7, got \"{name}\""
        ));
    };
    out.line(&sheet.title);
    for row in sheet.rows.iter().filter(|row| !row.text.is_empty()) {
        let head = if row.head.is_empty() { String::new() } else { format!("{}: ", row.head) };
        row.text.lines().for_each(|line| out.line(&format!("  {head}{line}")));
    }
}

/// The commands that are wanted now: those of the way back when it is one, else of the stage at hand.
pub(super) fn commands(live: &Live, out: &Out) {
    let is_back = live.verdict.call == Call::Rollback || matches!(live.state.ramp.course, Course::RolledBack { .. });
    let blocks: Vec<&Command> = if is_back {
        of_rollback(&live.plan)
    } else {
        let stages = [live.state.ramp.current, live.state.next_stage(&live.plan)];
        let mut of_stages = stages.into_iter().flatten().map(|stage| of_stage(&live.plan, stage));
        of_stages.find(|blocks| !blocks.is_empty()).unwrap_or_default()
    };
    if blocks.is_empty() {
        out.line(if is_back {
            "the checklist has no commands for the way back"
        } else {
            "the checklist has none here"
        });
    }
    for block in blocks {
        let alternative = block.alternative.map(|number| format!(", alternative {number}")).unwrap_or_default();
        out.line(&format!("line {} {}{alternative}", block.line, block.language));
        block.text.lines().for_each(|line| out.line(&format!("    {line}")));
        if let Some(expect) = block.expect_beside() {
            out.line(&format!("    expected: {expect}"));
        }
    }
}

/// The open lines that a gate or an endpoint proves now, each as a command that ticks it.
pub(super) fn passing(live: &Live) -> Vec<String> {
    let (plan, ramp) = (&live.plan, &live.state.ramp);
    ramp.proven_items(plan).map(|item| format!("tick @{}", plan.item(item).line)).collect()
}
