//! What the clock says of the night: until when it is safe to go on, what there is no way back from,
//! what is due, what is asked.
//!
//! ```text
//!  ! promote before 03:14Z: after that no rollback fits into the window
//! ```

use crate::plan::{CheckId, Clock};
use crate::session::event::{show_clock, show_minute};
use crate::session::record::way_back::Normal;
use crate::text::Millis;
use crate::tui::region::checklist::paper;
use crate::tui::scene::Scene;
use crate::tui::skin::Tone;

/// A promotion that must come within so long is urgent.
const SOON: i64 = 15 * 60 * 1_000;

/// What is worth a word now, the gravest first.
#[must_use]
pub fn notices(scene: &Scene) -> Vec<(Tone, String)> {
    let mut notices = Vec::new();
    notices.extend(no_return(scene));
    notices.extend(last_safe(scene));
    notices.extend(overruns(scene));
    notices.extend(overdue(scene));
    notices.extend(asked(scene));
    notices.extend(readiness(scene));
    notices
}

/// What can no longer be undone.
#[must_use]
pub fn no_return(scene: &Scene) -> Option<(Tone, String)> {
    let item = scene.state().passed_no_return()?;
    let text = &scene.plan().item(item).text;
    Some((Tone::Bad, format!("rollback no longer works as written: \"{text}\" is done")))
}

fn last_safe(scene: &Scene) -> Option<(Tone, String)> {
    let last = scene.state().last_safe_promotion()?;
    let left = last - scene.at;
    Some(if left < 0 {
        (Tone::Bad, "too late to promote: the soaks and a rollback no longer fit into the window".to_owned())
    } else {
        let tone = if left < SOON { Tone::Strong } else { Tone::Muted };
        let span = Millis(u64::try_from(left).unwrap_or(0)).clock();
        (tone, format!("last safe moment to promote {}, in {span}", show_clock(last)))
    })
}

/// The phases that go on for longer than planned.
fn overruns(scene: &Scene) -> impl Iterator<Item = (Tone, String)> {
    let plan = scene.plan();
    plan.durations.iter().filter_map(|planned| {
        let section = plan.section_at(planned.line)?;
        let pace = scene.state().pace_of(section, scene.at)?;
        let is_late = pace.goes_on && pace.over() > 0 && !scene.is_closed();
        is_late.then(|| (Tone::Strong, format!("{}: {pace}", plan.sections[section.index()].title)))
    })
}

fn overdue(scene: &Scene) -> Vec<(Tone, String)> {
    let plan = scene.plan();
    let late = |(at, check): (usize, &crate::plan::Recurring)| {
        let next = scene.state().rhythm(CheckId::at(at))?.next.filter(|next| scene.at > *next)?;
        Some((Tone::Bad, format!("overdue since {}: {}", show_clock(next), check.text)))
    };
    plan.recurring.iter().enumerate().filter_map(late).collect()
}

fn asked(scene: &Scene) -> Vec<(Tone, String)> {
    let ask = |id| (Tone::Strong, format!("to decide: {}", scene.plan().decision(id).text));
    scene.state().asked().map(ask).collect()
}

fn readiness(scene: &Scene) -> Option<(Tone, String)> {
    let plan = scene.plan();
    let readiness = scene.state().record.readiness(plan)?;
    let minimum = readiness.minimum.map(|minimum| format!(", at least {}", crate::text::number::show(minimum)));
    let minimum_text = minimum.unwrap_or_default();
    Some(match readiness.total {
        None => (Tone::Muted, format!("readiness: {} of {} scored{minimum_text}", readiness.scored, plan.scores.len())),
        Some(total) => {
            let is_low = readiness.minimum.is_some_and(|minimum| total < minimum);
            let tone = if is_low { Tone::Bad } else { Tone::Good };
            (
                tone,
                format!(
                    "readiness: {}/{}{minimum_text}",
                    crate::text::number::show(total),
                    crate::text::number::show(readiness.most)
                ),
            )
        }
    })
}

/// The sections that have a time, with what is open in them.
#[must_use]
pub fn calendar(scene: &Scene) -> Vec<(String, Tone, String)> {
    scene.plan().clocks.iter().filter_map(|clock| due(scene, clock)).collect()
}

fn due(scene: &Scene, clock: &Clock) -> Option<(String, Tone, String)> {
    let (open, all) = scene.state().open_of(clock);
    if all == 0 {
        return None;
    }
    let Some(due) = scene.state().due(clock) else {
        return Some((clock.text.clone(), Tone::Muted, format!("{open} of {all} open; its time is not known yet")));
    };
    let when = match due.until {
        Some(until) => format!("until {}", show_minute(until)),
        None => format!("at {}", show_minute(due.from)),
    };
    let (tone, state) = match (open, due.is_over(scene.at)) {
        (0, _) => (Tone::Good, "done".to_owned()),
        (_, true) => (Tone::Bad, format!("OVERDUE, {open} of {all} open")),
        (_, false) => (Tone::Plain, format!("{open} of {all} open")),
    };
    Some((clock.text.clone(), tone, format!("{when}  {state}")))
}

/// The rollback as a phase, and what the gates say of the old version.
#[must_use]
pub fn way_back(scene: &Scene) -> Vec<(String, Tone, String)> {
    let record = &scene.state().record.way_back;
    let Some(decided) = &record.decided else { return Vec::new() };
    let who = |by: &str| if by.is_empty() { "somebody".to_owned() } else { by.to_owned() };
    let mut rows = vec![(
        "decided".to_owned(),
        Tone::Strong,
        format!("{} by {}: {}", show_clock(decided.at), who(&decided.by), decided.value),
    )];
    let old = record.completed.as_ref().map_or_else(|| scene.state().old_version(), |entry| entry.value.clone());
    rows.push(match &record.completed {
        Some(entry) => ("complete".to_owned(), Tone::Good, format!("{} by {}", show_clock(entry.at), who(&entry.by))),
        None => {
            ("complete".to_owned(), Tone::Wait, "not yet: B says that the old version serves everything".to_owned())
        }
    });
    for old in old {
        let tone = match old.is {
            Normal::Yes => Tone::Good,
            Normal::No => Tone::Bad,
            Normal::Unknown => Tone::Unknown,
        };
        rows.push((
            format!("old {}", scene.plan().gate(old.gate).name),
            tone,
            format!("{}: {}", old.is.word(), old.text),
        ));
    }
    rows
}

/// The recurring checks with their next time.
#[must_use]
pub fn checks(scene: &Scene) -> Vec<(String, Tone, String)> {
    let row = |(at, check): (usize, &crate::plan::Recurring)| {
        let (tone, text) = paper::check(scene, CheckId::at(at))?;
        Some((check.text.clone(), tone, text))
    };
    scene.plan().recurring.iter().enumerate().filter_map(row).collect()
}
