//! A command line: the same words as everywhere else, and the board's own.
//!
//! ```text
//! ┌ Command ─────────────────────────────────────────────────────────────┐
//! │ :tick err                                                            │
//! │ ▸ tick Error rate < 0.1%                                             │
//! │   tick Errors in the log                                             │
//! │ expected "tick ITEM"                                                 │
//! └──────────────────────────────────────────────────────────────────────┘
//! ```

use super::{Step, Wish, draw_box};
use crate::order;
use crate::session::Command;
use crate::session::command::{split_actor, usage, word};
use crate::text::Millis;
use crate::tui::actions::{self, Action};
use crate::tui::edit::LineEdit;
use crate::tui::paint;
use crate::tui::scene::Scene;
use crate::tui::skin::{Loud, Skin, Tone};
use crate::tui::view::View;
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

const WIDTH: u16 = 90;
const HINTS: usize = 8;

/// What is typed, and what it may become.
#[derive(Clone, Debug)]
pub struct Palette {
    line: LineEdit,
    hints: Vec<Hint>,
    at: usize,
    complaint: Option<String>,
}

/// One way to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Hint {
    /// What Tab makes of the line.
    fill: String,
    shown: String,
    what: String,
}

impl Palette {
    #[must_use]
    pub fn new(view: &View, scene: &Scene) -> Self {
        let mut palette = Self { line: LineEdit::default(), hints: Vec::new(), at: 0, complaint: None };
        palette.hint(view, scene);
        palette
    }

    pub fn press(&mut self, view: &View, scene: &Scene, key: KeyEvent, _now: Millis) -> Step {
        self.complaint = None;
        match key.code {
            KeyCode::Esc => return Step::Close,
            KeyCode::Enter => return self.enter(view, scene),
            KeyCode::Down => self.at = (self.at + 1).min(self.hints.len().saturating_sub(1)),
            KeyCode::Up => self.at = self.at.saturating_sub(1),
            KeyCode::Tab => {
                if let Some(hint) = self.hints.get(self.at).filter(|hint| !hint.fill.is_empty()) {
                    self.line = LineEdit::with(&hint.fill);
                }
                self.hint(view, scene);
            }
            _ => {
                self.line.press(key);
                self.hint(view, scene);
            }
        }
        Step::Stay
    }

    pub fn paste(&mut self, view: &View, scene: &Scene, text: &str) {
        self.line.insert(text);
        self.hint(view, scene);
    }

    fn enter(&mut self, view: &View, scene: &Scene) -> Step {
        let line = self.line.text();
        if line.is_empty() {
            return Step::Close;
        }
        let (actor, words) = split_actor(&line);
        match (Command::parse(words), actions::by_name(view.page, words)) {
            (Ok(_), _) => Step::Wish(Wish::Say {
                line: words.to_owned(),
                actor: actor.map(str::to_owned),
                seen: view.seen.clone(),
            }),
            (Err(_), Some(action)) => match (action.enabled)(view, scene) {
                Ok(()) => Step::Wish(Wish::Run(action)),
                Err(why) => self.complain(why),
            },
            (Err(error), None) => self.complain(error.to_string()),
        }
    }

    fn complain(&mut self, why: String) -> Step {
        self.complaint = Some(why);
        Step::Stay
    }

    fn hint(&mut self, view: &View, scene: &Scene) {
        let line = self.line.raw();
        let line = line.trim_start();
        self.hints = match line.split_once(' ') {
            Some((word, rest)) => names(scene, word, rest.trim_start()),
            None => words(view, scene, line),
        };
        self.hints.truncate(HINTS);
        self.at = self.at.min(self.hints.len().saturating_sub(1));
    }

    pub fn draw(&self, skin: Skin, free: Rect, frame: &mut Buffer) {
        let count = u16::try_from(self.hints.len()).unwrap_or(0);
        let width = WIDTH.min(free.width);
        let complaint =
            self.complaint.as_ref().map(|why| paint::wrap(why, width.saturating_sub(4))).unwrap_or_default();
        let rows = u16::try_from(complaint.len()).unwrap_or(0);
        let inner = draw_box(frame, skin, free, (width, count + rows + 1), "Command", Loud::Notice);
        let mut line = Line::from(paint::span(skin, Tone::Accent, ":"));
        line.spans.extend(self.line.draw(skin, inner.width.saturating_sub(1), true).spans);
        paint::row(frame, paint::nth_row(inner, 0), &line);
        for (y, text) in (1..).zip(&complaint) {
            let line = Line::from(paint::span(skin, Tone::Bad, text.clone()));
            paint::row(frame, paint::nth_row(inner, y), &line);
        }
        for (y, (at, hint)) in (1 + rows..).zip(self.hints.iter().enumerate()) {
            let (glyph, tone) = if at == self.at { ("▸", Tone::Accent) } else { (" ", Tone::Plain) };
            let shown = paint::span(skin, tone, format!("{glyph} {:<26} ", hint.shown));
            let line = Line::from(vec![shown, paint::span(skin, Tone::Muted, hint.what.clone())]);
            paint::row(frame, paint::nth_row(inner, y), &line);
        }
    }
}

/// Commands and the board's own words that begin like this.
fn words(view: &View, scene: &Scene, begin: &str) -> Vec<Hint> {
    let head = |usage: &str| usage.split(' ').next().unwrap_or_default().to_owned();
    let known = usage().map(|(usage, what)| {
        // What a key does too may be impossible now, and says why.
        let action = actions::by_name(view.page, head(usage).trim_end_matches('!'));
        let about = action.map(|action| about(view, scene, action)).unwrap_or_default();
        Hint { fill: format!("{} ", head(usage)), shown: usage.to_owned(), what: format!("{what}{about}") }
    });
    let own = actions::of(view.page).filter(|action| Command::parse(action.name).is_err());
    let own = own.filter(|action| !usage().any(|(usage, _)| head(usage) == action.name)).map(|action| {
        let what = format!("{}{}", action.what, about(view, scene, action));
        Hint { fill: action.name.to_owned(), shown: action.name.to_owned(), what }
    });
    known.chain(own).filter(|hint| hint.fill.starts_with(begin)).collect()
}

/// The key of an action, and why it cannot be done now.
fn about(view: &View, scene: &Scene, action: &Action) -> String {
    let key = action.keys().next().unwrap_or_default();
    match (action.enabled)(view, scene) {
        Ok(()) => format!("  [{key}]"),
        Err(why) => format!("  [{key}] not now: {why}"),
    }
}

/// What the thing behind a command may be called.
fn names(scene: &Scene, word: &str, begin: &str) -> Vec<Hint> {
    let plan = scene.plan();
    let Some(known) = word::find(word) else { return Vec::new() };
    let names: Vec<String> = match known.object() {
        "STAGE" => plan.stages.iter().map(|stage| stage.name.clone()).collect(),
        "ITEM" => items(scene, word),
        "SECTION" => plan.sections.iter().map(|section| section.title.clone()).collect(),
        "METRIC" => scene.ramp.counting_gates(plan).map(|gate| plan.gate(gate).name.clone()).collect(),
        "TRIGGER" => plan.triggers.iter().map(|trigger| trigger.name.clone()).collect(),
        "OUTCOME" => crate::judge::Outcome::ALL.iter().map(|outcome| outcome.word().to_owned()).collect(),
        _ => Vec::new(),
    };
    let begin = begin.to_lowercase();
    let fits = names.into_iter().filter(|name| name.to_lowercase().starts_with(&begin));
    let colon = if known.usage.contains(": ") { ": " } else { "" };
    let mut hints: Vec<Hint> = fits
        .map(|name| Hint {
            fill: format!("{word} {name}{colon}"),
            shown: format!("{word} {name}"),
            what: String::new(),
        })
        .collect();
    hints.dedup();
    if hints.is_empty() {
        hints.push(Hint { fill: String::new(), shown: known.usage.to_owned(), what: known.what.to_owned() });
    }
    hints
}

fn items(scene: &Scene, word: &str) -> Vec<String> {
    let wants_done = word == "untick";
    let plan = scene.plan();
    let open = plan.items.iter().zip(&scene.ramp.done).filter(|(_, done)| **done == wants_done);
    let mut items: Vec<_> = open.map(|(item, _)| (item.stage != scene.ramp.current, item.text.clone())).collect();
    order::by_key(&mut items, |(elsewhere, _)| *elsewhere);
    items.into_iter().map(|(_, text)| text).collect()
}
