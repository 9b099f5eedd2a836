//! Which cutover this is, whether it is recorded, what time it is, who acts, and how the sources are.
//!
//! ```text
//!  warroom  Payments v2.1.0 go-live   ● REC  02:14:07Z  T+00:41:22  Ana   prod ✓ 2s  health 3/3
//! ```
//!
//! Where it does not fit, the title gives way first, then what stands leftmost of the rest but the
//! recording mark: that nothing is saved is never left out.

use crate::judge::health::HealthState;
use crate::judge::{Got, Miss, Why};
use crate::plan::{ProbeId, SourceId};
use crate::room::Disk;
use crate::room::company::Post;
use crate::session::Mode;
use crate::session::event::show_clock;
use crate::text::Millis;
use crate::tui::paint::{self, line_width};
use crate::tui::region::company;
use crate::tui::scene::Scene;
use crate::tui::skin::{Loud, Skin, Tone};
use crate::tui::view::View;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// How a source is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceLine {
    pub name: String,
    /// Whether its last answer to any query was an answer.
    pub answers: bool,
    /// How long ago it last answered; none where it never has.
    pub age: Option<Millis>,
    /// What it says, or does, instead of answering.
    pub trouble: Option<String>,
    /// How far its clock is ahead of ours, milliseconds, where they differ.
    pub skew: Option<i64>,
}

pub fn draw(scene: &Scene, view: &View, skin: Skin, area: Rect, frame: &mut Buffer) {
    let record = match &view.review {
        Some(_) => vec![Span::styled(" REVIEW ", skin.loud(Loud::Notice))],
        None => recording(scene, skin),
    };
    let mut parts = vec![clock(scene, skin)];
    // Nobody acts in a seat that only watches.
    parts.extend((scene.live.company.post != Post::Watches).then(|| actor(view, skin)));
    parts.extend(company::post(scene, skin));
    parts.extend(company::people(scene, skin));
    // Once it is closed nobody asks them any more.
    if !scene.is_closed() {
        parts.extend(sources(scene).into_iter().map(|source| source_part(&source, skin)));
        parts.extend(health_part(scene, skin));
    }
    let name = paint::span(skin, Tone::Accent, " warroom ");
    let least = line_width(&Line::from(vec![name.clone()])) + 8;
    let mut right = Line::from(record.clone());
    for part in parts {
        let longer = Line::from([right.spans.clone(), vec![Span::raw("  ")], part].concat());
        if line_width(&longer) + least + 1 > area.width {
            break;
        }
        right = longer;
    }
    right.push_span(" ");
    let title = paint::span(skin, Tone::Strong, format!(" {}", scene.plan().title));
    let mut left = Line::from(vec![name]);
    left.spans.extend(mode(scene, skin));
    left.push_span(title);
    if line_width(&right) + 8 > area.width {
        return paint::row(frame, area, &Line::from([record, vec![Span::raw(" ")], left.spans].concat()));
    }
    paint::ends(frame, area, &left, &right);
}

fn mode(scene: &Scene, skin: Skin) -> Option<Span<'static>> {
    let is_rehearsal = scene.live.header.mode == Mode::Rehearsal;
    is_rehearsal.then(|| Span::styled(" REHEARSAL ", skin.loud(Loud::Notice)))
}

/// Whether what happens is on disk.
fn recording(scene: &Scene, skin: Skin) -> Vec<Span<'static>> {
    let loud = |text: String| vec![Span::styled(text, skin.loud(Loud::Alarm))];
    match &scene.live.disk {
        Disk::Failing { unsaved, .. } => loud(format!(" ✗ NOT SAVED {unsaved} ")),
        Disk::Slow => vec![paint::span(skin, Tone::Wait, "◌ disk slow")],
        Disk::Fine if scene.is_closed() && !scene.is_saving() => vec![paint::span(skin, Tone::Muted, "■ CLOSED")],
        Disk::Fine if scene.is_saving() => vec![paint::span(skin, Tone::Wait, "◌ saving…")],
        Disk::Fine => vec![paint::span(skin, Tone::Bad, "●"), paint::span(skin, Tone::Plain, " REC")],
    }
}

fn clock(scene: &Scene, skin: Skin) -> Vec<Span<'static>> {
    let seconds = scene.now.0 / 1_000;
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    vec![
        paint::span(skin, Tone::Strong, show_clock(scene.at)),
        paint::span(skin, Tone::Plain, format!("  T+{hours:02}:{minutes:02}:{seconds:02}")),
    ]
}

fn actor(view: &View, skin: Skin) -> Vec<Span<'static>> {
    if view.actor.is_empty() {
        return vec![paint::span(skin, Tone::Wait, "nobody acts: u")];
    }
    vec![paint::span(skin, Tone::Muted, "acting "), paint::span(skin, Tone::Strong, paint::cut(&view.actor, 16))]
}

/// Every source with the age of its newest answer.
#[must_use]
pub fn sources(scene: &Scene) -> Vec<SourceLine> {
    let plan = scene.plan();
    let line = |(at, source): (usize, &crate::plan::Source)| {
        let probes = plan.probes.iter().enumerate().filter(|(_, probe)| probe.source == SourceId::at(at));
        let seen: Vec<_> = probes.filter_map(|(probe, _)| scene.ramp.seen(ProbeId::at(probe))).collect();
        let mut troubles = seen.iter().filter_map(|seen| trouble(&seen.reading.got));
        let newest = seen.iter().filter(|seen| answered(&seen.reading.got)).map(|seen| seen.at).max();
        SourceLine {
            name: source.name.clone(),
            answers: !seen.is_empty() && seen.iter().all(|seen| answered(&seen.reading.got)),
            age: newest.map(|at| scene.now.since(at)),
            trouble: troubles.next().map(str::to_owned),
            skew: scene.ramp.skew(plan, SourceId::at(at)),
        }
    };
    plan.sources.iter().enumerate().map(line).collect()
}

/// An empty answer is an answer; a refused connection is none.
fn answered(got: &Got) -> bool {
    trouble(got).is_none()
}

fn trouble(got: &Got) -> Option<&str> {
    match got {
        Got::Miss(Miss { why: Why::SourceDown | Why::Config, detail }) => Some(detail),
        _ => None,
    }
}

/// The few words of a trouble that the header has room for: the status where there is one, and no address.
fn in_short(trouble: &str) -> String {
    let status = trouble.find("HTTP ").and_then(|at| trouble.get(at..at + "HTTP 500".len()));
    let is_address = |words: &&str| words.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    let mut parts = trouble.split(": ").skip_while(is_address);
    let words = status.or_else(|| parts.next()?.split(',').next()).unwrap_or(trouble);
    paint::cut(words, 20)
}

fn source_part(source: &SourceLine, skin: Skin) -> Vec<Span<'static>> {
    let (tone, glyph) = if source.answers { (Tone::Good, "✓") } else { (Tone::Unknown, "✗") };
    // As wide at five seconds as at ten, so that nothing beside it moves.
    let age = match (&source.trouble, source.age) {
        (_, Some(age)) => format!("{:>3}", paint::age(age)),
        (Some(trouble), None) => in_short(trouble),
        (None, None) => "no answer".to_owned(),
    };
    vec![
        paint::span(skin, Tone::Muted, format!("{} ", paint::cut(&source.name, 14))),
        paint::span(skin, tone, format!("{glyph} {age}{}", source.skew.map_or("", |_| " clock!"))),
    ]
}

fn health_part(scene: &Scene, skin: Skin) -> Option<Vec<Span<'static>>> {
    let states: Vec<HealthState<'_>> = scene.ramp.health_states(scene.plan()).collect();
    let up = states.iter().filter(|state| state.is_up()).count();
    let tone = if up == states.len() { Tone::Good } else { Tone::Bad };
    let text = format!("{up}/{}", states.len());
    let part = || vec![paint::span(skin, Tone::Muted, "health "), paint::span(skin, tone, text)];
    (!states.is_empty()).then(part)
}
