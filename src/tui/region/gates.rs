//! The gates: what must hold, whether it does, how it went, and how old the data is.
//!
//! ```text
//! ┌ Gates 25% ─────────────────────────────────────────── 2 of 3 pass ┐
//! │ ✓ PASS      error rate   0.043 %  < 0.1 %   ▁▁▂▁      2s          │
//! │ ✓ PASS      latency p95  84 ms    < 100 ms  ▃▃▄▃      2s warm 00:42│
//! │ ? STALE     cache hit    –        > 90 %    last 91 %, 38s old …  │
//! │ ✓ UP        api          20ms                                     │
//! └───────────────────────────────────────────────────────────────────┘
//! ```

use super::{Mark, column, spark};
use crate::judge::gate::{GateTrack, Waiver};
use crate::judge::health::HealthState;
use crate::judge::{GateState, Got, Moment};
use crate::plan::{GateId, HealthId, Limit, ProbeId};
use crate::text::Millis;
use crate::tui::paint;
use crate::tui::scene::Scene;
use crate::tui::skin::{Skin, Tone};
use crate::tui::view::View;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use std::borrow::Cow;

/// One row of the pane.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub mark: Mark,
    pub name: String,
    pub value: String,
    pub limit: String,
    /// Why nothing is known, or what else there is to say.
    pub note: String,
    /// Of the data.
    pub age: Option<Millis>,
    pub of: Of,
    pub probe: Option<(ProbeId, Limit)>,
    /// Whether it stands between its stage and GO.
    pub counts: bool,
}

impl Row {
    /// What one would look for it by.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{} {} {} {}", self.mark.word, self.name, self.limit, self.note)
    }
}

/// What a row shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    Gate(GateId),
    Endpoint(HealthId),
    /// Something that is watched beside the gates, by its name.
    Beside(&'static str),
}

/// What was known when the room last spoke is not known any more.
pub(super) const OLD: Mark = Mark { glyph: "?", word: Cow::Borrowed("OLD"), tone: Tone::Unknown };

/// Everything that is measured: what counts in the stage in view, then what is only shown.
#[must_use]
pub fn rows(scene: &Scene) -> Vec<Row> {
    let (counting, shown) = gates(scene);
    let counting = counting.into_iter().map(|id| gate_row(scene, id, true));
    let shown = shown.into_iter().map(|id| gate_row(scene, id, false));
    counting.chain(others(scene)).chain(shown).collect()
}

/// What the rows show, in their order.
#[must_use]
pub fn places(scene: &Scene) -> Vec<Of> {
    let (counting, shown) = gates(scene);
    let (counting, shown) = (counting.into_iter().map(Of::Gate), shown.into_iter().map(Of::Gate));
    counting.chain(others(scene).map(|row| row.of)).chain(shown).collect()
}

/// The gates that count in the stage in view, and those that are only shown: what they say, no other says.
fn gates(scene: &Scene) -> (Vec<GateId>, Vec<GateId>) {
    let plan = scene.plan();
    let counting: Vec<GateId> =
        scene.stage_in_view().map(|stage| plan.counting(stage).map(|(id, _)| id).collect()).unwrap_or_default();
    let mut shown: Vec<GateId> = Vec::new();
    for id in (0..plan.gates.len()).map(GateId::at) {
        let says_the_same = |known: &GateId| {
            let (known, gate) = (plan.gate(*known), plan.gate(id));
            known.name == gate.name && known.pass == gate.pass
        };
        if !counting.iter().chain(&shown).any(says_the_same) {
            shown.push(id);
        }
    }
    (counting, shown)
}

/// What stands between the stage in view and GO beside its gates, and has a row of its own.
fn others(scene: &Scene) -> impl Iterator<Item = Row> {
    let endpoints = (0..scene.plan().health.len()).map(|at| health_row(scene, HealthId::at(at)));
    endpoints.chain(super::beside::rows(scene))
}

/// How many of the rows that count are as they should be, and how many count.
#[must_use]
pub fn passing(scene: &Scene) -> (usize, usize) {
    let gates = scene.stage_in_view().into_iter().flat_map(|stage| scene.plan().counting(stage));
    let gates = gates.map(|(id, _)| gate_mark(scene, &scene.ramp.gates[id.index()]).tone);
    let others = others(scene).filter(|row| row.counts).map(|row| row.mark.tone);
    gates
        .chain(others)
        .fold((0, 0), |(passing, counting), tone| (passing + usize::from(tone == Tone::Good), counting + 1))
}

/// How a gate is shown.
#[must_use]
pub fn gate_row(scene: &Scene, id: GateId, counts: bool) -> Row {
    let (gate, track) = (scene.plan().gate(id), &scene.ramp.gates[id.index()]);
    let weighed = track.state.weighed();
    let value = weighed.map_or_else(|| "–".to_owned(), |weighed| gate.pass.show(weighed.value));
    Row {
        mark: gate_mark(scene, track),
        name: gate.name.clone(),
        value,
        limit: gate.pass.to_string(),
        note: note(scene, id, counts),
        age: age(scene, gate.probe),
        of: Of::Gate(id),
        probe: Some((gate.probe, gate.pass)),
        counts,
    }
}

fn gate_mark(scene: &Scene, track: &GateTrack) -> Mark {
    if scene.silent_for.is_some() {
        return OLD;
    }
    if track.waiver.is_some() {
        return Mark::new("−", "WAIVED", Tone::Wait);
    }
    match &track.state {
        GateState::Pass(_) => Mark::new("✓", "PASS", Tone::Good),
        GateState::Breaching(_) => Mark::new("▲", "OVER", Tone::Wait),
        GateState::Failing(_) => Mark::new("✗", "FAILING", Tone::Bad),
        GateState::Unknown(unknown) => Mark::new("?", unknown.code.word().to_uppercase(), Tone::Unknown),
    }
}

/// What a gate has to say beside its value, the most important first.
fn note(scene: &Scene, id: GateId, counts: bool) -> String {
    let (gate, track) = (scene.plan().gate(id), &scene.ramp.gates[id.index()]);
    let mut parts: Vec<String> = Vec::new();
    parts.extend(track.waiver.as_ref().map(|waiver| waived(waiver, scene.now)));
    match &track.state {
        GateState::Unknown(unknown) => parts.push(unknown.detail.clone()),
        GateState::Failing(_) => parts.push(track.breach.extent(gate.hold)),
        GateState::Breaching(_) => parts.push(match track.breach.left(gate.hold) {
            Some(left) => format!("fails in {}", left.clock()),
            None => format!("{}, not confirmed", track.breach.extent(gate.hold)),
        }),
        GateState::Pass(_) => {}
    }
    if let Some(weighed) = track.state.weighed() {
        parts.extend((!weighed.labels.is_empty()).then(|| format!("worst {{{}}}", weighed.labels)));
        parts.extend(weighed.silent.iter().map(|labels| format!("silent {{{labels}}}")));
    }
    let warm_up = scene.ramp.warm_up_left(scene.plan(), id).filter(|left| counts && !left.is_zero());
    parts.extend(warm_up.map(|left| format!("warm-up {}", left.clock())));
    if !counts {
        parts.push(if gate.advisory { "advisory" } else { "not in this stage" }.to_owned());
    }
    parts.join(", ")
}

fn waived(waiver: &Waiver, now: Moment) -> String {
    let by = if waiver.by.is_empty() { "somebody" } else { waiver.by.as_str() };
    let until = waiver.until.map(|until| format!(" for {}", until.since(now).clock())).unwrap_or_default();
    format!("by {by}{until}: {}", waiver.reason)
}

/// How old the data of a probe is now.
pub(super) fn age(scene: &Scene, probe: ProbeId) -> Option<Millis> {
    let seen = scene.ramp.seen(probe)?;
    let Got::Sample(sample) = &seen.reading.got else { return None };
    Some(Millis(u64::try_from(sample.age).unwrap_or(0)) + scene.now.since(seen.at))
}

/// How an endpoint is shown.
#[must_use]
pub fn health_row(scene: &Scene, id: HealthId) -> Row {
    let state = scene.ramp.health_states(scene.plan()).nth(id.index()).unwrap_or(HealthState::Unread);
    let (mark, value, note) = match state {
        HealthState::Up { took } => (Mark::new("✓", "UP", Tone::Good), took.to_string(), String::new()),
        HealthState::Slow { took } => (Mark::new("✓", "SLOW", Tone::Wait), took.to_string(), String::new()),
        HealthState::Down { why, failures } => {
            (Mark::new("✗", "DOWN", Tone::Bad), "–".to_owned(), format!("{failures} in a row: {why}"))
        }
        HealthState::Stale { age } => {
            (Mark::new("?", "STALE", Tone::Unknown), "–".to_owned(), format!("last asked {age} ago"))
        }
        HealthState::Unread => (Mark::new("?", "UNREAD", Tone::Unknown), "–".to_owned(), "not asked yet".to_owned()),
    };
    let mark = if scene.silent_for.is_some() { OLD } else { mark };
    let (name, limit) = (scene.plan().health[id.index()].name.clone(), String::new());
    Row { mark, name, value, limit, note, age: None, of: Of::Endpoint(id), probe: None, counts: true }
}

/// The widths of the columns of one frame.
struct Columns {
    mark: u16,
    name: u16,
    value: u16,
    limit: u16,
    spark: u16,
}

impl Columns {
    /// Columns of the age and the gaps about it.
    const AGE: u16 = 6;
    /// A shorter past tells nothing; a longer one gives way to what is said beside the gate.
    const SPARK: u16 = 8;
    /// A value that gets a digit more moves nothing that stands beside it.
    const VALUE: u16 = 7;

    fn of(rows: &[Row], room: u16) -> Self {
        let widest = |text: fn(&Row) -> &str, most: u16| {
            rows.iter().map(|row| paint::width(text(row))).max().unwrap_or(0).min(most)
        };
        let mark = Mark::columns(rows.iter().map(|row| &row.mark));
        let name = widest(|row| &row.name, (room / 4).max(8));
        let (value, limit) = (widest(|row| &row.value, 14), widest(|row| &row.limit, 14));
        let value = value.max(Self::VALUE.min(room / 8));
        let known = rows.iter().filter(|row| row.mark.tone != Tone::Unknown);
        let note = known.map(|row| paint::width(&row.note)).max().unwrap_or(0).min(room / 4);
        let rest = room.saturating_sub(mark + name + value + limit + 4 + Self::AGE);
        let spark = if rest < Self::SPARK { 0 } else { rest.saturating_sub(note).clamp(Self::SPARK, room / 3) };
        Self { mark, name, value, limit, spark }
    }
}

/// Draws the rows that fit; the one the keys act on is among them.
pub fn draw(scene: &Scene, view: &View, skin: Skin, cursor: Option<usize>, area: Rect, frame: &mut Buffer) {
    let rows = rows(scene);
    draw_rows(scene, view, skin, &rows, cursor, area, frame);
    if rows.is_empty() {
        paint::row(frame, area, &Line::from(paint::span(skin, Tone::Muted, " nothing is bound: nothing is measured")));
    }
}

/// Draws as many of some rows as fit.
pub fn draw_rows(
    scene: &Scene,
    view: &View,
    skin: Skin,
    rows: &[Row],
    cursor: Option<usize>,
    area: Rect,
    frame: &mut Buffer,
) {
    let columns = Columns::of(rows, area.width);
    let shown = paint::window(rows.len(), cursor.unwrap_or(0), area.height);
    for (y, at) in (0..).zip(shown) {
        let row = paint::nth_row(area, y);
        let line = row_line(scene, skin, &rows[at], &columns);
        super::draw_row(frame, row, &line, cursor == Some(at));
        if view.looked.is_new_gate(&rows[at]) {
            super::mark_new(frame, row, skin);
        }
    }
}

fn row_line(scene: &Scene, skin: Skin, row: &Row, columns: &Columns) -> Line<'static> {
    let tone = if row.counts { row.mark.tone } else { Tone::Muted };
    let text = if row.counts { Tone::Plain } else { Tone::Muted };
    let mut line = Line::from(row.mark.span(skin, tone, columns.mark));
    let value = if row.mark.tone == Tone::Good { text } else { tone };
    line.push_span(column(skin, text, &row.name, columns.name));
    line.push_span(column(skin, value, &row.value, columns.value));
    line.push_span(column(skin, Tone::Muted, &row.limit, columns.limit));
    let is_known = row.mark.tone != Tone::Unknown;
    if let Some((probe, limit)) = row.probe.filter(|_| is_known && columns.spark > 0) {
        let frame = spark::Frame { now: scene.now, poll: scene.plan().poll, limit: &limit, width: columns.spark };
        line.spans.extend(spark::line(scene.live.history.of(probe), frame, skin));
        line.push_span(" ");
    }
    if is_known {
        let age = row.age.map(paint::age).unwrap_or_default();
        line.push_span(paint::span(skin, Tone::Muted, format!("{age:>4} ")));
    }
    let note = if row.mark.tone == Tone::Good { Tone::Muted } else { tone };
    line.push_span(paint::span(skin, note, row.note.clone()));
    line
}
