//! What one person looks at: which view, which row, which popups. Nothing here is recorded.
//!
//! Keys come in through [`input`](super::input), [`Effect`]s go out; what a key means is in
//! [`actions`](super::actions).

use super::layer::Layer;
use super::looked::Looked;
use super::paint;
use super::pane::Pane;
use super::region::timeline::Filter;
use super::region::{checklist, commands, gates, info, timeline, triggers};
use super::review::Review;
use super::scene::Scene;
use super::skin::Tone;
use super::views::Page;
use super::views::gates::Window;
use crate::plan::{GateId, HealthId, ItemId, SectionId, StageId, TriggerId};
use crate::room::Live;
use crate::room::player::Wind;
use crate::session::event::{Event, Seen};
use crate::session::store::what_if::Trial;
use crate::session::{Intent, tell};
use crate::text::Millis;
use crossterm::event::KeyCode;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A toast that says how things went stays so long, one that says why something was refused longer.
const TOAST: Millis = Millis::from_secs(4);
const COMPLAINT: Millis = Millis::from_secs(12);

/// A word to the person that goes away by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toast {
    pub tone: Tone,
    pub text: String,
    /// Until this time of the real clock.
    pub until: Millis,
}

/// How long the second key of two may take before what may follow is shown: who knows them sees nothing.
const PAUSE: Millis = Millis(400);

/// The first key of two, which waits for the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prefix {
    pub sign: char,
    /// By the real clock.
    pub at: Millis,
    /// Whether the second one takes so long that what may follow is shown.
    pub is_slow: bool,
}

/// A command that is on its way to the room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    pub ticket: u64,
    pub line: String,
    /// The item it is about, where it is about one.
    pub item: Option<ItemId>,
    pub at: Millis,
}

/// What a key makes happen outside of the view.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// An intent for the room; its answer comes back under the ticket.
    Intend {
        ticket: u64,
        intent: Intent,
    },
    /// A text for the clipboard of the terminal.
    Copy(String),
    /// Shows another moment of a recorded night.
    Wind(Wind),
    /// Folds a recorded night again with another limit.
    Try(Trial),
    Repaint,
    /// The mouse is wanted, or not any more.
    Mouse(bool),
    Suspend,
    Leave {
        interrupted: bool,
    },
}

/// A row by what it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Anchor {
    Gate(GateId),
    Endpoint(HealthId),
    Beside(&'static str),
    Trigger(TriggerId),
    Line(checklist::Row),
    Event(u64),
    /// A row of a list that does not change while it is looked at.
    Row(usize),
}

/// What one person looks at.
#[derive(Clone, Debug, Default)]
pub struct View {
    /// Who acts; empty for nobody yet.
    pub actor: String,
    /// The view that is open.
    pub page: Page,
    /// The pane that has the keys.
    pub focus: Pane,
    /// The pane that had them when another view was opened.
    left: [Option<Pane>; Page::ALL.len()],
    /// What is selected in each pane: the thing itself, so that no other slips under a key when rows
    /// come and go. None follows the newest.
    anchors: [Option<Anchor>; Pane::COUNT],
    pub folded: BTreeSet<SectionId>,
    /// Which lines of the checklist are shown.
    pub lines: checklist::Filter,
    pub zoom: bool,
    /// Which part of the past the charts show.
    pub window: Window,
    /// Which events the timeline's own view shows.
    pub filter: Filter,
    /// The first key of two.
    pub prefix: Option<Prefix>,
    /// What is worth knowing of the terminal: names, and what to say of them.
    pub about: Vec<(String, String)>,
    /// Whether the mouse does anything: while it does, the terminal's own copying does not.
    pub mouse: bool,
    /// What has changed since somebody last looked.
    pub looked: Looked,
    /// The panes show this instead of what is live.
    pub frozen: Option<Arc<Live>>,
    /// The night is a recorded one.
    pub review: Option<Box<Review>>,
    pub layers: Vec<Layer>,
    pub toast: Option<Toast>,
    pub sent: Vec<Sent>,
    /// The reasons on the screen.
    pub seen: Seen,
    /// Nobody acts, and that was said.
    pub anonymous: bool,
    stage: Option<StageId>,
    pub(super) tickets: u64,
    pub(super) last_key: Option<(KeyCode, Millis)>,
    pub(super) interrupted_at: Option<Millis>,
}

impl View {
    /// A view for somebody; empty for nobody yet.
    #[must_use]
    pub fn new(actor: &str) -> Self {
        Self { actor: actor.trim().to_owned(), ..Self::default() }
    }

    /// The same view, of a recorded night where there is one.
    #[must_use]
    pub fn at(self, review: Option<Review>) -> Self {
        Self { review: review.map(Box::new), ..self }
    }

    /// Takes notice of what is live: a new stage brings the checklist to what is open in it.
    pub fn notice(&mut self, scene: &Scene, now: Millis) {
        self.looked.pass(now);
        if let Some(prefix) = &mut self.prefix {
            prefix.is_slow |= now - prefix.at >= PAUSE;
        }
        let is_new = self.stage != scene.ramp.current;
        if is_new || self.anchors[Pane::Checklist as usize].is_none() {
            self.stage = scene.ramp.current;
            self.select(Pane::Checklist, scene, self.place(scene));
        }
        for pane in [Pane::Gates, Pane::Triggers] {
            self.select(pane, scene, self.cursor(pane, scene));
        }
        if self.toast.as_ref().is_some_and(|toast| now >= toast.until) {
            self.toast = None;
        }
    }

    /// When the view is to take notice again though nothing has come: what may follow the first key of two
    /// is to be shown.
    #[must_use]
    pub fn due(&self) -> Option<Millis> {
        self.prefix.filter(|prefix| !prefix.is_slow).map(|prefix| prefix.at + PAUSE)
    }

    /// The row of a pane that the keys act on.
    #[must_use]
    pub fn cursor(&self, pane: Pane, scene: &Scene) -> usize {
        let found = self.anchors[pane as usize]
            .and_then(|anchor| self.anchors_of(pane, scene).iter().position(|known| *known == anchor));
        match pane {
            Pane::Checklist => found.unwrap_or_else(|| self.place(scene)),
            _ => found.unwrap_or(0),
        }
    }

    fn anchors_of(&self, pane: Pane, scene: &Scene) -> Vec<Anchor> {
        match pane {
            Pane::Gates => gates::places(scene)
                .into_iter()
                .map(|of| match of {
                    gates::Of::Gate(id) => Anchor::Gate(id),
                    gates::Of::Endpoint(id) => Anchor::Endpoint(id),
                    gates::Of::Beside(name) => Anchor::Beside(name),
                })
                .collect(),
            Pane::Triggers => triggers::rows(scene).iter().map(|row| Anchor::Trigger(row.id)).collect(),
            Pane::Checklist => checklist::rows(scene, self).into_iter().map(Anchor::Line).collect(),
            Pane::Timeline => timeline::rows(scene, self.shown()).map(|event| Anchor::Event(event.seq)).collect(),
            Pane::Commands => (0..commands::rows(scene).len()).map(Anchor::Row).collect(),
            Pane::Info => (0..info::rows(scene, self).len()).map(Anchor::Row).collect(),
        }
    }

    /// What each row of a pane says, as far as one would look for it.
    #[must_use]
    pub fn texts(&self, pane: Pane, scene: &Scene) -> Vec<String> {
        let plan = scene.plan();
        match pane {
            Pane::Gates => gates::rows(scene).iter().map(gates::Row::text).collect(),
            Pane::Triggers => triggers::rows(scene).iter().map(triggers::Row::text).collect(),
            Pane::Checklist => checklist::rows(scene, self).iter().map(|row| row.text(plan)).collect(),
            Pane::Timeline => {
                let events = timeline::rows(scene, self.shown());
                events.map(|event| tell::tell(scene.state(), event).unwrap_or_default()).collect()
            }
            Pane::Commands => commands::rows(scene).iter().map(|command| command.text.clone()).collect(),
            Pane::Info => info::rows(scene, self).iter().map(info::Row::text).collect(),
        }
    }

    /// The rows of a pane that are on the screen where so many fit: those that its region draws.
    pub(super) fn window(&self, scene: &Scene, pane: Pane, height: u16) -> std::ops::Range<usize> {
        let has_keys = self.focus == pane || pane == Pane::Checklist;
        let cursor = if has_keys { self.cursor(pane, scene) } else { 0 };
        paint::window(self.anchors_of(pane, scene).len(), cursor, height)
    }

    /// Opens a view, with the keys in the pane that had them there.
    pub fn open(&mut self, page: Page) {
        self.left[self.page as usize] = Some(self.focus);
        self.page = page;
        self.focus = self.left[page as usize].unwrap_or(page.kind().panes[0]);
    }

    /// Opens the pane that lists something: where one is, or in the view that is made of it.
    pub fn open_pane(&mut self, pane: Pane) {
        if !self.page.kind().panes.contains(&pane) {
            let page = Page::ALL.into_iter().rev().find(|page| page.kind().panes[0] == pane);
            self.open(page.unwrap_or_default());
        }
        self.focus = pane;
    }

    /// Where the checklist is opened: at what is open for GO or on the way back, else at the stage.
    #[must_use]
    pub fn place(&self, scene: &Scene) -> usize {
        let rows = checklist::rows(scene, self);
        let at = |item: ItemId| rows.iter().position(|row| *row == checklist::Row::Item(item));
        let open = scene.ramp.open_items(scene.plan()).next();
        let of_stage = || {
            let stage = scene.stage_in_view();
            scene.plan().items.iter().position(|item| stage.is_some() && item.stage == stage).map(ItemId::at)
        };
        open.or_else(|| scene.state().open_steps_back().next()).or_else(of_stage).and_then(at).unwrap_or(0)
    }

    /// Selects a row of a pane; the last one where there are not so many.
    pub fn select(&mut self, pane: Pane, scene: &Scene, row: usize) {
        let anchors = self.anchors_of(pane, scene);
        let anchor = anchors.get(row).or(anchors.last()).copied();
        self.anchors[pane as usize] = if pane == Pane::Timeline && row == 0 { None } else { anchor };
    }

    /// Keeps the selection on its row, also on the newest one that is followed otherwise.
    pub fn stay(&mut self, pane: Pane, scene: &Scene) {
        self.anchors[pane as usize] = self.anchors_of(pane, scene).get(self.cursor(pane, scene)).copied();
    }

    #[must_use]
    pub fn item(&self, scene: &Scene) -> Option<ItemId> {
        match self.row_of_checklist(scene)? {
            checklist::Row::Item(id) => Some(id),
            checklist::Row::Section(_) | checklist::Row::Paper(_) => None,
        }
    }

    /// The line of the checklist that the keys act on.
    #[must_use]
    pub fn row_of_checklist(&self, scene: &Scene) -> Option<checklist::Row> {
        let rows = checklist::rows(scene, self);
        rows.get(self.cursor(Pane::Checklist, scene)).copied()
    }

    #[must_use]
    pub fn gate(&self, scene: &Scene) -> Option<GateId> {
        match *gates::places(scene).get(self.cursor(Pane::Gates, scene))? {
            gates::Of::Gate(id) => Some(id),
            gates::Of::Endpoint(_) | gates::Of::Beside(_) => None,
        }
    }

    #[must_use]
    pub fn trigger(&self, scene: &Scene) -> Option<TriggerId> {
        triggers::rows(scene).get(self.cursor(Pane::Triggers, scene)).map(|row| row.id)
    }

    #[must_use]
    pub fn event(&self, scene: &Scene) -> Option<Arc<Event>> {
        let at = self.cursor(Pane::Timeline, scene);
        timeline::rows(scene, self.shown()).nth(at).cloned()
    }

    /// Which events the timeline shows: all of them wherever it stands beside other things.
    #[must_use]
    pub fn shown(&self) -> Filter {
        if self.page == Page::Timeline { self.filter } else { Filter::All }
    }

    /// Whether a command about an item is on its way.
    #[must_use]
    pub fn is_sent(&self, item: ItemId) -> bool {
        self.sent.iter().any(|sent| sent.item == Some(item))
    }

    pub fn say_toast(&mut self, tone: Tone, text: impl Into<String>, now: Millis) {
        let lasts = if tone == Tone::Good { TOAST } else { COMPLAINT };
        self.toast = Some(Toast { tone, text: text.into(), until: now + lasts });
    }
}
