//! GO, HOLD or ROLLBACK, and all that stands behind it, worst first.
//!
//! ```text
//!  HOLD   2 things between us and GO: not yet                       earliest GO 02:20:19Z, in 06:12
//!  █ █ █▀█ █   █▀▄   … soaking     soaking: 06:12 of clean time left on 25%
//!  █▀█ █ █ █   █ █   ☐ item-open   open: "No critical alerts" (line 149)
//!  ▀ ▀ ▀▀▀ ▀▀▀ ▀▀
//! ```
//!
//! The word is spelled large where there is room. What does not fit is counted, never hidden.

use super::letters;
use crate::judge::ramp::Course;
use crate::judge::{Call, Class, GateState, Reason, Status};
use crate::plan::GateId;
use crate::session::event::show_clock;
use crate::text::Millis;
use crate::tui::paint;
use crate::tui::scene::Scene;
use crate::tui::skin::{Loud, Skin, Tone};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

/// Columns of the code word of a reason.
const CODE: u16 = 17;

/// The verdict as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Banner {
    pub word: &'static str,
    pub loud: Loud,
    /// What it means now, and what may be done.
    pub about: String,
    /// What it was a moment ago.
    pub before: Option<String>,
    /// When GO may come, at length and in short.
    pub when: [String; 2],
}

/// What the verdict's first row says.
#[must_use]
pub fn banner(scene: &Scene) -> Banner {
    if scene.is_closed() {
        let outcome = scene.state().outcome.map_or("", crate::judge::Outcome::word);
        let about = format!("{outcome}: nothing is judged any more");
        return Banner {
            word: "CLOSED",
            loud: Loud::Closed,
            about,
            before: None,
            when: [String::new(), String::new()],
        };
    }
    let call = scene.verdict.call;
    let about = match call {
        Call::Go => go(scene),
        Call::Hold => hold(&scene.verdict.reasons),
        Call::Rollback => rollback(scene),
    };
    Banner { word: call.word(), loud: Loud::Call(call), about, before: before(scene), when: when(scene) }
}

/// A change of the verdict is marked for so long.
const NEWS: Millis = Millis::from_secs(60);

fn before(scene: &Scene) -> Option<String> {
    let (at, before) = scene.since()?;
    let ago = scene.now.since(scene.moment(at));
    let before = before.filter(|_| ago < NEWS)?;
    Some(format!("was {before}, {} ago", paint::age(ago)))
}

fn go(scene: &Scene) -> String {
    match (scene.current(), scene.next()) {
        (None, Some((_, first))) => match foresight(scene) {
            Some((_, Tone::Good, _)) | None => format!("S starts {}", first.name),
            Some((_, _, so_far)) => format!("S starts {}; {so_far}", first.name),
        },
        (Some(_), Some((_, next))) => format!("every gate passes on fresh data: P promotes to {}", next.name),
        (Some((_, last)), None) if scene.status() != Some(Status::Passed) => {
            format!("every gate passes on fresh data: P passes {}, the last stage", last.name)
        }
        _ => "the ramp is complete: F closes the session".to_owned(),
    }
}

fn hold(reasons: &[Reason]) -> String {
    let why = match reasons.first().map(|reason| reason.class) {
        Some(Class::NotKnowing) => ": nobody can tell",
        Some(Class::NotGood) => ": it is not good",
        Some(Class::NotYet) => ": not yet",
        Some(Class::Person) => ": somebody is missing",
        Some(Class::Rollback) | None => "",
    };
    match reasons.len() {
        1 => format!("1 thing between us and GO{why}"),
        many => format!("{many} things between us and GO{why}"),
    }
}

fn rollback(scene: &Scene) -> String {
    let no_return = super::tonight::no_return(scene);
    match scene.ramp.course {
        _ if no_return.is_some() => no_return.map(|(_, text)| text).unwrap_or_default(),
        Course::RolledBack { .. } => "decided: c shows the rollback commands, F closes the session".to_owned(),
        _ => "R records the decision, c shows the rollback commands".to_owned(),
    }
}

fn when(scene: &Scene) -> [String; 2] {
    let Some(earliest) = scene.verdict.earliest.filter(|at| *at > scene.now) else { return Default::default() };
    let left = earliest.since(scene.now).clock();
    [format!("earliest GO {}, in {left} ", show_clock(scene.wall(earliest))), format!("GO in {left} or later ")]
}

/// What the gates of the first stage say before it starts, where they stand in nobody's way: a GO to
/// start proves nothing of them, and does not look as if it did.
fn foresight(scene: &Scene) -> Option<(&'static str, Tone, String)> {
    let (ramp, plan) = (&scene.ramp, scene.plan());
    let states: Vec<_> = ramp.watched_gates(plan).map(|gate| &ramp.gates[gate.index()].state).collect();
    let known = states.iter().filter(|state| !matches!(state, GateState::Unknown(_))).count();
    let passing = states.iter().filter(|state| matches!(state, GateState::Pass(_))).count();
    let (glyph, tone, text) = match (states.len(), known) {
        (0, _) if !plan.health.is_empty() || plan.alerts.is_some() => return None,
        (0, _) => ("?", Tone::Unknown, "no gate is bound there".to_owned()),
        (_, 0) => ("?", Tone::Unknown, "nothing is measured yet".to_owned()),
        (all, _) => {
            let (glyph, tone) = if passing == all { ("✓", Tone::Good) } else { ("▲", Tone::Wait) };
            (glyph, tone, format!("{passing} of {} pass", count(all, "gate")))
        }
    };
    Some((glyph, tone, text))
}

/// What GO rests on, each with its glyph: nobody has to believe it.
#[must_use]
pub fn proof(scene: &Scene) -> Vec<(&'static str, Tone, String)> {
    let proven = |text| ("✓", Tone::Good, text);
    if scene.current().is_some() {
        return measured(scene).into_iter().map(proven).collect();
    }
    let in_no_way = |text: &str| format!("{text}; before the start no gate stands in the way");
    let so_far = foresight(scene).map(|(glyph, tone, text)| (glyph, tone, in_no_way(&text)));
    let ready = proven("everything before the ramp is ticked, nobody holds it".to_owned());
    std::iter::once(ready).chain(so_far).collect()
}

fn measured(scene: &Scene) -> Vec<String> {
    let plan = scene.plan();
    let mut proof = Vec::new();
    let Some((_, stage)) = scene.current() else { return proof };
    let is_waived = |gate: &GateId| scene.ramp.gates[gate.index()].waiver.is_some();
    let (waived, passing): (Vec<GateId>, Vec<GateId>) = scene.ramp.counting_gates(plan).partition(is_waived);
    let oldest = passing.iter().filter_map(|gate| super::gates::age(scene, plan.gate(*gate).probe)).max();
    let age = oldest.map(|age| format!(" on data at most {} old", paint::age(age))).unwrap_or_default();
    let aside = if waived.is_empty() { String::new() } else { format!(", {} waived", waived.len()) };
    proof.push(format!("{}{age}{aside}", count(passing.len(), "passing gate")));
    if let Some(soak) = stage.soak.filter(|soak| !soak.is_zero()) {
        proof.push(format!("{} of {} are full", soak.clock(), stage.name));
    }
    proof.push(format!("nothing is open, {} armed, nobody holds it", count(plan.triggers.len(), "trigger")));
    proof
}

fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

/// The glyph and tone of a class of reasons.
#[must_use]
pub const fn mark(class: Class) -> (&'static str, Tone) {
    match class {
        Class::Rollback | Class::NotGood => ("✗", Tone::Bad),
        Class::NotKnowing => ("?", Tone::Unknown),
        Class::NotYet => ("…", Tone::Wait),
        Class::Person => ("☐", Tone::Strong),
    }
}

/// How many rows it would like on a screen.
#[must_use]
pub fn wanted(scene: &Scene, screen: Rect) -> u16 {
    let letters = letters(screen);
    let columns = letters.map_or(0, |size| letters_width(size, banner(scene).word));
    let room = text_room(screen.width, columns);
    let rows: usize = scene.verdict.reasons.iter().map(|reason| paint::wrap(&reason.text, room).len().min(3)).sum();
    let reasons = u16::try_from(rows).unwrap_or(u16::MAX);
    reasons.max(letters.map_or(1, letters::Size::height)).saturating_add(1)
}

/// How large the word is spelled on a screen; not at all where the reasons need the room.
fn letters(screen: Rect) -> Option<letters::Size> {
    let fits = |size: letters::Size| screen.width >= letters_width(size, "ROLLBACK") + 60;
    let huge = Some(letters::Size::Huge).filter(|size| screen.height >= HUGE_FROM && fits(*size));
    huge.or(Some(letters::Size::Large).filter(|size| fits(*size)))
}

/// A screen of fewer rows has better uses for them.
const HUGE_FROM: u16 = 45;

fn letters_width(size: letters::Size, word: &str) -> u16 {
    size.width(word) + 2
}

/// The columns that a reason's text has beside large letters.
fn text_room(width: u16, letters: u16) -> u16 {
    let code = if width >= 80 { CODE } else { 0 };
    width.saturating_sub(3 + code + letters).max(1)
}

/// Draws the verdict; without a header above it, it also says what is not saved.
pub fn draw(scene: &Scene, skin: Skin, area: Rect, has_header: bool, frame: &mut Buffer) {
    let banner = banner(scene);
    let (first, rest) = paint::split_top(area, 1);
    let alarm = scene.unsaved().filter(|_| !has_header).map(|count| format!(" NOT SAVED {count} "));
    draw_strip(&banner, alarm, skin, first, frame);
    // Half blocks have no twin in ASCII, whole ones have.
    let is_drawn = |size: &letters::Size| rest.height >= size.height() && (!skin.ascii || *size == letters::Size::Huge);
    let size = letters(frame.area).filter(is_drawn);
    let columns = size.map_or(0, |size| letters_width(size, banner.word));
    let (left, right) = paint::split_left(rest, columns);
    if let Some(size) = size {
        letters::draw(banner.word, size, letter_style(&banner, skin), left, frame);
    }
    if banner.loud == Loud::Call(Call::Go) {
        return draw_proof(scene, skin, right, frame);
    }
    let columns = Columns { text: text_room(area.width, columns), has_code: area.width >= 80 };
    draw_reasons(&scene.verdict.reasons, skin, &columns, right, frame);
}

fn draw_proof(scene: &Scene, skin: Skin, area: Rect, frame: &mut Buffer) {
    for (row, (glyph, tone, text)) in area.rows().zip(proof(scene)) {
        let glyph = paint::span(skin, tone, format!(" {glyph} "));
        paint::row(frame, row, &Line::from(vec![glyph, paint::span(skin, Tone::Plain, text)]));
    }
}

/// Letters stand on the plain ground, in the colour of the strip.
fn letter_style(banner: &Banner, skin: Skin) -> Style {
    let loud = skin.loud(banner.loud);
    let bold = Style::new().add_modifier(Modifier::BOLD);
    loud.bg.map_or(bold, |ground| bold.fg(ground))
}

/// The word and what it means; beside it, as far as that leaves room, when GO may come.
fn draw_strip(banner: &Banner, alarm: Option<String>, skin: Skin, area: Rect, frame: &mut Buffer) {
    let style = skin.loud(banner.loud);
    paint::fill(frame, area, style);
    let mut left = Line::from(format!(" {}  ", banner.word)).style(style);
    left.spans.extend(alarm.map(|alarm| Span::styled(alarm, skin.loud(Loud::Alarm))));
    let least = paint::line_width(&left) + 8;
    left.spans.extend(banner.before.as_ref().map(|before| Span::styled(format!(" {before} "), turned(style))));
    left.push_span(Span::raw(if banner.before.is_some() { "  " } else { "" }));
    left.push_span(Span::raw(banner.about.clone()));
    let [long, short] = &banner.when;
    let right = [(paint::line_width(&left), long), (least, short)]
        .into_iter()
        .find(|(left, right)| left.saturating_add(paint::width(right)) < area.width)
        .map_or("", |(_, right)| right);
    paint::ends(frame, area, &left, &Line::from(right).style(style));
}

/// The same style with ink and ground changed about; one that is turned around already is turned back.
fn turned(style: Style) -> Style {
    if style.add_modifier.contains(Modifier::REVERSED) {
        style.remove_modifier(Modifier::REVERSED)
    } else {
        style.add_modifier(Modifier::REVERSED)
    }
}

/// How the reasons are set.
struct Columns {
    text: u16,
    has_code: bool,
}

/// Every reason on as many rows as there are; where they do not fit, one row each, then a count.
fn draw_reasons(reasons: &[Reason], skin: Skin, columns: &Columns, area: Rect, frame: &mut Buffer) {
    let mut height = usize::from(area.height);
    let mut y = 0;
    for (at, reason) in reasons.iter().enumerate() {
        let left = reasons.len() - at - 1;
        if height == 0 {
            return;
        }
        if height == 1 && left > 0 && at > 0 {
            let text = format!("   and {} more: v shows all", left + 1);
            paint::row(frame, paint::nth_row(area, y), &Line::from(paint::span(skin, Tone::Accent, text)));
            return;
        }
        // Rows below that others do not need are this one's.
        let spare = height.saturating_sub(left).max(1);
        let rows = paint::wrap(&reason.text, columns.text);
        for (row, text) in clipped(rows, spare, columns.text).into_iter().enumerate() {
            let line = reason_row(skin, reason, columns.has_code, row == 0, text);
            paint::row(frame, paint::nth_row(area, y), &line);
            y += 1;
            height = height.saturating_sub(1);
        }
    }
}

/// The first rows of many; the last of them says that it goes on.
fn clipped(mut rows: Vec<String>, most: usize, room: u16) -> Vec<String> {
    if rows.len() > most {
        rows.truncate(most);
        if let Some(last) = rows.last_mut() {
            *last = paint::cut(&format!("{last} …"), room);
        }
    }
    rows
}

fn reason_row(skin: Skin, reason: &Reason, has_code: bool, is_first: bool, text: String) -> Line<'static> {
    let (glyph, tone) = mark(reason.class);
    let glyph = if is_first { glyph } else { " " };
    let mut line = Line::from(vec![Span::raw(" "), paint::span(skin, tone, glyph), Span::raw(" ")]);
    if has_code {
        let code = if is_first { reason.code.word() } else { "" };
        let width = usize::from(CODE);
        line.push_span(paint::span(skin, tone, format!("{code:<width$}")));
    }
    let tone = if reason.class <= Class::NotGood { Tone::Strong } else { Tone::Plain };
    line.push_span(paint::span(skin, tone, text));
    line
}

/// Everything in one row, where nothing else fits.
pub fn draw_line(scene: &Scene, skin: Skin, area: Rect, frame: &mut Buffer) {
    let banner = banner(scene);
    let stage = scene.current().map(|(_, stage)| format!(" {}", stage.name)).unwrap_or_default();
    let reason = scene.verdict.reasons.first().map(|reason| format!(" {} {}", mark(reason.class).0, reason.text));
    let style = skin.loud(banner.loud);
    let unsaved = scene.unsaved().map(|count| format!(" NOT SAVED {count}")).unwrap_or_default();
    paint::fill(frame, area, style);
    let text = format!("{}{unsaved}{stage}{}", banner.word, reason.unwrap_or_default());
    paint::row(frame, area, &Line::from(text).style(style));
}
