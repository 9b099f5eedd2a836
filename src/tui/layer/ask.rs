//! A question: what will happen, what must be typed, and two buttons.
//!
//! ```text
//! ┌ Promote to 50% AGAINST the verdict ─────────────────────────┐
//! │ HOLD: 2 reasons stand against it                            │
//! │ ☐ open: "No critical alerts" (line 149)                     │
//! │ reason                  alerts are known, see the channel   │
//! │ type 50% to go on       50%                                 │
//! │                                                             │
//! │  ▸[ Cancel ]    [ Promote ]                                 │
//! └─────────────────────────────────────────────────────────────┘
//! ```
//!
//! What it does is said in the command language. Dangerous ones stand on Cancel when the fields are
//! filled, and Enter does nothing in the first moments: nobody confirms what they have not read.

use super::{Step, Wish, draw_box};
use crate::session::event::Seen;
use crate::session::record::note;
use crate::text::Millis;
use crate::tui::actions::is_chord;
use crate::tui::edit::LineEdit;
use crate::tui::edit::text::TextEdit;
use crate::tui::paint;
use crate::tui::skin::{Loud, Skin, Tone};
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

/// Enter is deaf for so long.
const DEAF: Millis = Millis(300);
const WIDTH: u16 = 76;
const LABEL: u16 = 24;
/// Rows of a field of several lines.
const PAGE: u16 = 6;

/// A question.
#[derive(Clone, Debug)]
pub struct Ask {
    pub title: String,
    /// What will happen, and what stands against it.
    pub told: Vec<(Tone, String)>,
    pub fields: Vec<Field>,
    /// The word of the button that does it.
    pub yes: &'static str,
    pub weight: Weight,
    pub then: Then,
    /// The verdict its maker decides on: the one on the screen when it was opened.
    pub seen: Seen,
    focus: usize,
    opened: Millis,
    complaint: Option<String>,
}

/// How much hangs on the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Enter in the last field does it.
    Light,
    /// Cancel comes first.
    Heavy,
    /// Cancel comes first, and it looks like an alarm.
    Grave,
}

/// One thing to fill in.
#[derive(Clone, Debug)]
pub struct Field {
    pub label: String,
    pub input: Input,
    pub must: Must,
    pub place: Place,
}

#[derive(Clone, Debug)]
pub enum Input {
    Text(LineEdit),
    /// Several lines.
    Page(TextEdit),
    Choice {
        options: Vec<String>,
        at: usize,
    },
}

/// What may be in a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Must {
    BeAnything,
    BeSomething,
    /// A time of day; now where it is empty.
    BeATime,
    /// Typed to show that it is meant.
    Be(String),
}

/// Where the text of a field goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Behind what the command has so far, after this; nowhere while the field is empty.
    Line(&'static str),
    /// It is when it happened: ` at 02:10:`, before all that is said.
    When,
    /// It is who acts.
    Actor,
    Nowhere,
}

/// What is done with the answers.
#[derive(Clone, Debug)]
pub enum Then {
    /// A command that begins with these words.
    Say(String),
    /// Somebody acts from now on, and what they were asked for goes on.
    Act(Option<(String, Seen)>),
    Leave,
}

impl Field {
    #[must_use]
    pub fn text(label: impl Into<String>, must: Must, place: Place) -> Self {
        Self { label: label.into(), input: Input::Text(LineEdit::default()), must, place }
    }

    /// A field of several lines.
    #[must_use]
    pub fn page(label: impl Into<String>, must: Must, place: Place) -> Self {
        Self { label: label.into(), input: Input::Page(TextEdit::default()), must, place }
    }

    /// How many rows it takes.
    const fn height(&self) -> u16 {
        if matches!(self.input, Input::Page(_)) { PAGE } else { 1 }
    }

    /// The same field with a text in it.
    #[must_use]
    pub fn with(mut self, text: &str) -> Self {
        self.input = Input::Text(LineEdit::with(text));
        self
    }

    fn answer(&self) -> String {
        match &self.input {
            Input::Text(line) => line.text(),
            Input::Page(text) => text.text(),
            Input::Choice { options, at } => options.get(*at).cloned().unwrap_or_default(),
        }
    }

    fn complaint(&self) -> Option<String> {
        let answer = self.answer();
        match &self.must {
            Must::BeSomething if answer.is_empty() => Some(format!("{} is missing", self.label)),
            Must::BeATime if !answer.is_empty() && note::time_of_day(&answer).is_none() => {
                Some(format!("expected a time of day like 02:10, or nothing for now, not \"{answer}\""))
            }
            Must::Be(wanted) if !answer.eq_ignore_ascii_case(wanted.trim()) => {
                Some(format!("expected \"{wanted}\" to be typed"))
            }
            _ => None,
        }
    }

    fn press(&mut self, key: KeyEvent) -> bool {
        match &mut self.input {
            Input::Text(line) => line.press(key),
            Input::Page(text) => text.press(key),
            Input::Choice { options, at } => {
                let count = options.len().max(1);
                match key.code {
                    _ if is_chord(key) => return false,
                    KeyCode::Right | KeyCode::Char(' ' | 'l') => *at = (*at + 1) % count,
                    KeyCode::Left | KeyCode::Char('h') => *at = (*at + count - 1) % count,
                    _ => return false,
                }
                true
            }
        }
    }
}

impl Ask {
    /// A question opened at a time of the real clock, before anything was told or asked.
    #[must_use]
    pub fn new(title: impl Into<String>, yes: &'static str, then: Then, seen: Seen, opened: Millis) -> Self {
        Self {
            title: title.into(),
            told: Vec::new(),
            fields: Vec::new(),
            yes,
            weight: Weight::Heavy,
            then,
            seen,
            focus: 0,
            opened,
            complaint: None,
        }
    }

    #[must_use]
    pub fn weight(mut self, weight: Weight) -> Self {
        self.weight = weight;
        self
    }

    #[must_use]
    pub fn tell(mut self, tone: Tone, text: impl Into<String>) -> Self {
        self.told.push((tone, text.into()));
        self
    }

    #[must_use]
    pub fn field(mut self, field: Field) -> Self {
        self.fields.push(field);
        self
    }

    const fn cancel(&self) -> usize {
        self.fields.len()
    }

    const fn stops(&self) -> usize {
        self.fields.len() + 2
    }

    pub fn press(&mut self, key: KeyEvent, now: Millis) -> Step {
        self.complaint = None;
        // In a field of several lines Enter and the arrows are its own; Tab leads out of it.
        if let Some(Field { input: Input::Page(text), .. }) = self.fields.get_mut(self.focus)
            && !matches!(key.code, KeyCode::Esc | KeyCode::Tab | KeyCode::BackTab)
            && text.press(key)
        {
            return Step::Stay;
        }
        match key.code {
            KeyCode::Esc => return Step::Close,
            KeyCode::Enter => return self.enter(now),
            KeyCode::Tab | KeyCode::Down => self.focus = (self.focus + 1) % self.stops(),
            KeyCode::BackTab | KeyCode::Up => self.focus = (self.focus + self.stops() - 1) % self.stops(),
            _ if self.focus < self.fields.len() => {
                self.fields[self.focus].press(key);
            }
            _ if is_chord(key) => {}
            KeyCode::Left | KeyCode::Char('h') => self.focus = self.cancel(),
            KeyCode::Right | KeyCode::Char('l') => self.focus = self.cancel() + 1,
            _ => {}
        }
        Step::Stay
    }

    fn enter(&mut self, now: Millis) -> Step {
        if now - self.opened < DEAF {
            return Step::Stay;
        }
        if self.focus == self.cancel() {
            return Step::Close;
        }
        if self.focus < self.fields.len() {
            let is_last = self.focus + 1 == self.fields.len();
            if !(is_last && self.weight == Weight::Light) {
                // From the last field this is Cancel.
                self.focus += 1;
                return Step::Stay;
            }
        }
        self.answer()
    }

    fn answer(&mut self) -> Step {
        let missing = self.fields.iter().position(|field| field.complaint().is_some());
        if let Some(at) = missing {
            self.focus = at;
            self.complaint = self.fields[at].complaint();
            return Step::Stay;
        }
        let placed = |wanted: Place| self.fields.iter().find(|field| field.place == wanted).map(Field::answer);
        let actor = placed(Place::Actor).filter(|name| !name.is_empty());
        Step::Wish(match &self.then {
            Then::Leave => Wish::Leave,
            Then::Act(then) => Wish::Act { name: actor.unwrap_or_default(), then: then.clone() },
            Then::Say(head) => Wish::Say { line: self.line(head), actor, seen: self.seen.clone() },
        })
    }

    fn line(&self, head: &str) -> String {
        let mut line = head.to_owned();
        let answers = self.fields.iter().map(|field| (field.place, field.answer()));
        let answers: Vec<(Place, String)> = answers.filter(|(_, answer)| !answer.is_empty()).collect();
        for (_, when) in answers.iter().filter(|(place, _)| *place == Place::When) {
            line.extend([" at ", when, ":"]);
        }
        for (place, answer) in &answers {
            if let Place::Line(before) = place {
                line.extend([before, answer.as_str()]);
            }
        }
        line
    }

    /// Puts a pasted text into the field that the keys are in; says whether there is one.
    pub fn paste(&mut self, text: &str) -> bool {
        match self.fields.get_mut(self.focus).map(|field| &mut field.input) {
            Some(Input::Text(line)) => {
                line.insert(text);
                true
            }
            Some(Input::Page(page)) => {
                page.insert(text);
                true
            }
            _ => false,
        }
    }

    pub fn draw(&self, skin: Skin, free: Rect, frame: &mut Buffer) {
        let width = WIDTH.min(free.width);
        let room = width.saturating_sub(4);
        let told: Vec<(Tone, String)> = self
            .told
            .iter()
            .flat_map(|(tone, text)| paint::wrap(text, room).into_iter().map(|row| (*tone, row)))
            .collect();
        let controls = self.fields.iter().map(Field::height).fold(3, u16::saturating_add);
        let wanted = u16::try_from(told.len()).unwrap_or(u16::MAX).saturating_add(controls);
        let loud = if self.weight == Weight::Grave { Loud::Alarm } else { Loud::Notice };
        let inner = draw_box(frame, skin, free, (width, wanted), &self.title, loud);
        let (top, bottom) = paint::split_bottom(inner, controls);
        draw_told(&told, skin, top, frame);
        self.draw_controls(skin, bottom, frame);
    }

    /// Fields, complaint and buttons; where they do not fit, from the one that the keys are in.
    fn draw_controls(&self, skin: Skin, area: Rect, frame: &mut Buffer) {
        let mut rows: Vec<Line<'static>> = Vec::new();
        let mut starts = Vec::new();
        for (at, field) in self.fields.iter().enumerate() {
            starts.push(rows.len());
            rows.extend(self.field_rows(skin, at, field, area.width));
        }
        let below = rows.len();
        rows.push(Line::from(paint::span(skin, Tone::Bad, self.complaint.clone().unwrap_or_default())));
        rows.push(self.buttons(skin));
        rows.push(Line::from(paint::span(skin, Tone::Muted, "Tab and arrows move, Enter does it, Esc leaves")));
        let keys_in = starts.get(self.focus).copied().unwrap_or(below + 1);
        let shown = paint::window(rows.len(), keys_in, area.height);
        for (y, at) in (0..).zip(shown) {
            paint::row(frame, paint::nth_row(area, y), &rows[at]);
        }
    }

    fn field_rows(&self, skin: Skin, at: usize, field: &Field, width: u16) -> Vec<Line<'static>> {
        let is_in = self.focus == at;
        let label_width = LABEL.min(width / 2);
        let label = paint::cut(&field.label, label_width);
        let pad = " ".repeat(usize::from(label_width.saturating_sub(paint::width(&label)) + 1));
        let tone = if is_in { Tone::Accent } else { Tone::Muted };
        let mut line = Line::from(paint::span(skin, tone, format!("{label}{pad}")));
        let room = width.saturating_sub(label_width + 1);
        match &field.input {
            Input::Text(text) => line.spans.extend(text.draw(skin, room, is_in).spans),
            Input::Page(text) => return page_rows(&line, &text.draw(skin, room, PAGE, is_in), label_width + 1),
            Input::Choice { options, at } => {
                let text = format!("‹ {} ›", options.get(*at).map_or("", String::as_str)).replace(['‹', '›'], "|");
                line.push_span(button(skin, text, is_in));
            }
        }
        vec![line]
    }

    fn buttons(&self, skin: Skin) -> Line<'static> {
        let mut line = Line::from(" ");
        for (at, word) in [(self.cancel(), "Cancel"), (self.cancel() + 1, self.yes)] {
            let is_in = self.focus == at;
            line.push_span(Span::raw(if is_in { "▸" } else { " " }));
            line.push_span(button(skin, format!("[ {word} ]"), is_in));
            line.push_span("   ");
        }
        line
    }
}

/// The rows of a text beside its label.
fn page_rows(label: &Line<'static>, text: &[Line<'static>], indent: u16) -> Vec<Line<'static>> {
    let blank = || Line::from(" ".repeat(usize::from(indent)));
    let begin = |at: usize| if at == 0 { label.clone() } else { blank() };
    text.iter().enumerate().map(|(at, row)| Line::from([begin(at).spans, row.spans.clone()].concat())).collect()
}

fn button(skin: Skin, text: String, is_in: bool) -> Span<'static> {
    let style = skin.style(if is_in { Tone::Strong } else { Tone::Plain });
    Span::styled(text, if is_in { style.add_modifier(Modifier::REVERSED) } else { style })
}

/// What is told, as far as there are rows; what is left out is counted.
fn draw_told(told: &[(Tone, String)], skin: Skin, area: Rect, frame: &mut Buffer) {
    let height = usize::from(area.height);
    for (at, (tone, text)) in told.iter().take(height).enumerate() {
        let y = u16::try_from(at).unwrap_or(u16::MAX);
        let left = told.len() - at;
        let line = if at + 1 == height && left > 1 {
            Line::from(paint::span(skin, Tone::Accent, format!("and {left} rows more")))
        } else {
            Line::from(paint::span(skin, *tone, text.clone()))
        };
        paint::row(frame, paint::nth_row(area, y), &line);
    }
}
