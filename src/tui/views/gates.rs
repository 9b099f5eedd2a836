//! The gates in large: a chart for each, with its limit, the stages and the resets.
//!
//! ```text
//! ┌ ✓ PASS error rate ────── 0.043 % < 0.1 %  2s ┐┌ ▲ OVER latency p95 ──── 112 ms < 100 ms  2s ┐
//! │ 0.1 % ┤╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌▶25%╌╌╌╌╌╌╌╌╌╌╌╌╌ ││                                             │
//! │0.04 % │⣀⣀⡠⠤⠤⠒⠒⠦⠤⣀⣀⠤⠤⠒⠒⠒⠤⠤⣀⣀┊⠤⠒⠒⠤⣀⡠⠤⠒⠒ ││                                             │
//! │       └02:05──────────02:10────────────02:15 ││                                             │
//! └──────────────────────────────────────────────┘└─────────────────────────────────────────────┘
//! ```
//!
//! `+` and `-` choose how much of the past is shown, `<` and `>` move it, `0` is now, `z` one alone.
//! Endpoints, alerts and whatever else has no chart stand in rows below the cards, as on the board. Where
//! no chart fits, everything does.

use super::{Kind, only};
use crate::judge::{Code, Moment};
use crate::order;
use crate::session::Fact;
use crate::session::event::show_clock;
use crate::text::Millis;
use crate::tui::actions::{Action, Group, act, always};
use crate::tui::chart::{Chart, Flag, Span};
use crate::tui::paint;
use crate::tui::pane::{self, Pane};
use crate::tui::region::{self, gates};
use crate::tui::scene::Scene;
use crate::tui::skin::{Loud, Skin, Tone};
use crate::tui::view::{Effect, View};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;
use std::collections::BTreeSet;

pub(super) const KIND: Kind = Kind { word: "Gates", panes: &[Pane::Gates], actions: ACTIONS, places: only, draw };

const ACTIONS: &[Action] = &[
    act("+ =", "closer", "show less of the past", Group::Look, always, closer).hinted().steady(),
    act("-", "wider", "show more of the past", Group::Look, always, wider).hinted().steady(),
    act("< ,", "earlier", "go back in time", Group::Look, always, earlier).hinted().steady(),
    act("> .", "later", "go forward in time", Group::Look, always, later).steady(),
    act("0", "now", "the charts end now", Group::Look, always, now).hinted(),
];

/// A card is at least so wide and so high.
const CARD: (u16, u16) = (56, 8);
const MOST_COLUMNS: u16 = 3;
/// How much of the past may be shown, in minutes.
const SPANS: [u64; 8] = [2, 5, 10, 20, 30, 60, 120, 240];
/// Readings further apart than so many polls are not joined.
const GAP_POLLS: u64 = 3;

/// Which part of the past the charts show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    at: usize,
    /// How long ago it ends.
    back: Millis,
}

impl Default for Window {
    fn default() -> Self {
        Self { at: 3, back: Millis::ZERO }
    }
}

impl Window {
    const fn length(self) -> Millis {
        Millis::from_mins(SPANS[self.at])
    }

    /// The part of a session that is shown at a moment.
    #[must_use]
    pub fn span(self, now: Moment) -> Span {
        let to = Moment(now.0.saturating_sub(self.back.0));
        Span { from: Moment(to.0.saturating_sub(self.length().0)), to }
    }
}

fn change(view: &mut View, change: impl FnOnce(&mut Window)) -> Vec<Effect> {
    change(&mut view.window);
    Vec::new()
}

fn closer(view: &mut View, _: &Scene, _: Millis) -> Vec<Effect> {
    change(view, |window| window.at = window.at.saturating_sub(1))
}

fn wider(view: &mut View, _: &Scene, _: Millis) -> Vec<Effect> {
    change(view, |window| window.at = (window.at + 1).min(SPANS.len() - 1))
}

fn earlier(view: &mut View, scene: &Scene, _: Millis) -> Vec<Effect> {
    let most = scene.now.since(Moment::default());
    change(view, |window| window.back = (window.back + Millis(window.length().0 / 4)).min(most))
}

fn later(view: &mut View, _: &Scene, _: Millis) -> Vec<Effect> {
    change(view, |window| window.back -= Millis(window.length().0 / 4))
}

fn now(view: &mut View, _: &Scene, _: Millis) -> Vec<Effect> {
    change(view, |window| window.back = Millis::ZERO)
}

fn draw(scene: &Scene, view: &View, skin: Skin, pane: Pane, area: Rect, frame: &mut Buffer) {
    let rows = gates::rows(scene);
    let Some(parts) = Parts::of(&rows, view.cursor(Pane::Gates, scene), view.zoom, area) else {
        return pane::draw(scene, view, skin, pane, area, frame);
    };
    let flags = flags(scene);
    for (at, place) in &parts.cards {
        let card = Card { row: &rows[*at], is_selected: *at == parts.selected, flags: &flags };
        card.draw(scene, view, skin, *place, frame);
    }
    let listed: Vec<gates::Row> = parts.listed.iter().map(|at| rows[*at].clone()).collect();
    let cursor = parts.listed.iter().position(|at| *at == parts.selected);
    gates::draw_rows(scene, view, skin, &listed, cursor, parts.list, frame);
}

/// What has a chart, and what stands in rows below.
struct Parts {
    selected: usize,
    cards: Vec<(usize, Rect)>,
    listed: Vec<usize>,
    list: Rect,
}

impl Parts {
    /// None where no chart fits, or one is asked for that there is not.
    fn of(rows: &[gates::Row], selected: usize, zoom: bool, area: Rect) -> Option<Self> {
        let has_chart = |at: &usize| rows[*at].probe.is_some();
        let (charted, listed): (Vec<usize>, Vec<usize>) = (0..rows.len()).partition(has_chart);
        if zoom {
            let is_charted = charted.contains(&selected) && fits(area);
            let cards = vec![(selected, area)];
            return is_charted.then_some(Self { selected, cards, listed: Vec::new(), list: Rect::default() });
        }
        // The rows leave the charts what they need, and are scrolled where they are many.
        let room = area.height.saturating_sub(CARD.1).min(area.height / 3);
        let wanted = u16::try_from(listed.len()).unwrap_or(u16::MAX);
        let (above, list) = paint::split_bottom(area, wanted.min(room));
        let is_hidden = !listed.is_empty() && list.is_empty();
        if charted.is_empty() || is_hidden || !fits(above) {
            return None;
        }
        let chosen = charted.iter().position(|at| *at == selected).unwrap_or(0);
        let cards = grid(charted.len(), chosen, above).into_iter().map(|(at, place)| (charted[at], place)).collect();
        Some(Self { selected, cards, listed, list })
    }

    fn row_at(&self, at: Position) -> Option<usize> {
        if let Some((gate, _)) = self.cards.iter().find(|(_, card)| card.contains(at)) {
            return Some(*gate);
        }
        let cursor = self.listed.iter().position(|listed| *listed == self.selected).unwrap_or(0);
        let shown = paint::window(self.listed.len(), cursor, self.list.height);
        let row = self.list.contains(at).then(|| usize::from(at.y - self.list.y) + shown.start)?;
        self.listed.get(row).copied()
    }
}

const fn fits(area: Rect) -> bool {
    area.width >= 40 && area.height >= CARD.1
}

/// The gate, or whatever else is watched, at a place of the screen.
#[must_use]
pub fn row_at(scene: &Scene, view: &View, area: Rect, at: Position) -> Option<usize> {
    Parts::of(&gates::rows(scene), view.cursor(Pane::Gates, scene), view.zoom, area)?.row_at(at)
}

/// Where the cards stand that fit; the selected one is among them.
fn grid(count: usize, selected: usize, area: Rect) -> Vec<(usize, Rect)> {
    let cards = u16::try_from(count).unwrap_or(u16::MAX).max(1);
    let columns = (area.width / CARD.0).clamp(1, MOST_COLUMNS).min(cards);
    let rows = (area.height / CARD.1).clamp(1, cards.div_ceil(columns));
    let across = usize::from(columns);
    let shown = paint::window(count.div_ceil(across), selected / across, rows);
    let first = shown.start * across;
    let place = |at: usize| {
        let (row, column) = (u16::try_from(at / across).ok()?, u16::try_from(at % across).ok()?);
        // What does not divide, or is left over, goes to the last row and card.
        let (x, y) = (area.width / columns * column, area.height / rows * row);
        let is_last = column + 1 == columns || first + at + 1 == count;
        let width = if is_last { area.width - x } else { area.width / columns };
        let height = if row + 1 == rows { area.height - y } else { area.height / rows };
        Some((first + at, Rect { x: area.x + x, y: area.y + y, width, height }))
    };
    (0..shown.len() * across).filter_map(place).filter(|(at, _)| *at < count).collect()
}

struct Card<'c> {
    row: &'c gates::Row,
    is_selected: bool,
    flags: &'c [Flag],
}

impl Card<'_> {
    fn draw(&self, scene: &Scene, view: &View, skin: Skin, area: Rect, frame: &mut Buffer) {
        let inner = self.draw_frame(scene, view, skin, area, frame);
        let note = &self.row.note;
        let (head, body) = paint::split_top(inner, u16::from(!note.is_empty()));
        let tone = if self.row.mark.tone == Tone::Good { Tone::Muted } else { self.row.mark.tone };
        paint::row(frame, head, &Line::from(paint::span(skin, tone, format!(" {note}"))));
        let Some((probe, limit)) = self.row.probe else { return };
        let clock = |moment: Moment| show_clock(scene.wall(moment));
        let chart = Chart {
            span: view.window.span(scene.now),
            limit: &limit,
            gap: scene.plan().poll * GAP_POLLS,
            flags: self.flags,
            clock: &clock,
        };
        chart.draw(scene.live.history.of(probe), skin, body, frame);
    }

    fn draw_frame(&self, scene: &Scene, view: &View, skin: Skin, area: Rect, frame: &mut Buffer) -> Rect {
        let row = self.row;
        let edge = skin.style(if self.is_selected { Tone::Accent } else { Tone::Muted });
        let tone = if row.counts { row.mark.tone } else { Tone::Muted };
        let name = if self.is_selected { Tone::Accent } else { Tone::Strong };
        let mut title = Line::from(vec![
            paint::span(skin, Tone::Accent, if view.looked.is_new_gate(row) { "◆" } else { " " }),
            paint::span(skin, tone, format!("{} {} ", row.mark.glyph, row.mark.word)),
            paint::span(skin, name, format!("{} ", row.name)),
        ]);
        let until = view.frozen.is_some().then(|| format!(" FROZEN {} ", show_clock(scene.at)));
        let span = view.window.span(scene.now);
        let past = (span.to < scene.now).then(|| format!(" until {} ", show_clock(scene.wall(span.to))));
        for text in until.into_iter().chain(past) {
            title.push_span(ratatui::text::Span::styled(text, skin.loud(Loud::Notice)));
        }
        let age = row.age.map(|age| format!(" {}", paint::age(age))).unwrap_or_default();
        let right = Line::from(vec![
            paint::span(skin, if tone == Tone::Good { Tone::Strong } else { tone }, format!(" {}", row.value)),
            paint::span(skin, Tone::Muted, format!(" {}{age} ", row.limit)),
        ]);
        region::draw_frame(frame, area, &title, &right, edge)
    }
}

/// The stages, the ways back and the confirmed breaches of the session so far.
fn flags(scene: &Scene) -> Vec<Flag> {
    let mut flags = Vec::new();
    let mut bad: BTreeSet<&str> = BTreeSet::new();
    let mut is_soaking = false;
    for event in &scene.state().timeline {
        let plan = scene.state().plan_at(event.seq);
        let mut flag = |glyph, word: String, tone| {
            flags.push(Flag { at: scene.moment(event.at), glyph, word, tone });
        };
        match &event.fact {
            Fact::StageStarted { .. } => is_soaking = false,
            Fact::TrafficMoved { stage, .. } => {
                is_soaking = true;
                flag("▶", paint::cut(&plan.stage(*stage).name, 12), Tone::Strong);
            }
            Fact::RolledBack { .. } => {
                is_soaking = false;
                flag("✗", "rollback".to_owned(), Tone::Bad);
            }
            Fact::VerdictChanged { reasons, .. } => {
                let confirmed = reasons.iter().filter(|reason| is_confirmed(reason.code));
                let now = order::set(confirmed.map(|reason| reason.subject.as_str()));
                if is_soaking && !now.is_subset(&bad) {
                    flag("↻", String::new(), Tone::Wait);
                }
                bad = now;
            }
            _ => {}
        }
    }
    flags
}

/// Whether a reason is one that sets a soak to zero.
const fn is_confirmed(code: Code) -> bool {
    matches!(code, Code::Failing | Code::HardLimit | Code::Unhealthy | Code::AlertFiring)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_card_has_a_place_of_its_own_and_the_selected_one_is_seen() {
        for count in 1..20 {
            for selected in 0..count {
                for area in [Rect::new(0, 9, 200, 40), Rect::new(3, 9, 120, 25), Rect::new(0, 9, 80, 12)] {
                    let cards = grid(count, selected, area);
                    assert!(cards.iter().any(|(at, _)| *at == selected), "{count} {selected} {area}");
                    for (at, (_, card)) in cards.iter().enumerate() {
                        assert!(card.height >= CARD.1 && area.union(*card) == area, "{card}");
                        assert!(cards[..at].iter().all(|(_, other)| !other.intersects(*card)), "{card}");
                    }
                }
            }
        }
    }
}
