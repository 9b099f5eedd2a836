//! Whom to call, where to look, how the sources are, and what this screen is made of.
//!
//! ```text
//!  Contacts
//!    On-call lead             Ana   +1 555 0100   #payments-war-room
//!  Links
//!    line 12                  https://grafana.example/d/checkout
//!  Sources
//!    prod                     ✓ answered 2s ago   http://127.0.0.1:9090 every 5s
//! ```

use super::{gates, header, tonight};
use crate::judge::skew;
use crate::plan::{HealthId, Source, SourceKind};
use crate::session::event::show_time;
use crate::session::{Fact, Mode};
use crate::tui::paint;
use crate::tui::scene::Scene;
use crate::tui::skin::{Skin, Tone};
use crate::tui::view::View;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

/// Columns of a name.
const NAME: usize = 24;

/// One row: a heading, or a name with what there is to say of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    Heading(&'static str),
    Entry { name: String, tone: Tone, text: String },
}

impl Row {
    fn entry(name: impl Into<String>, tone: Tone, text: impl Into<String>) -> Self {
        Self::Entry { name: name.into(), tone, text: text.into() }
    }

    /// What one would look for it by.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Heading(text) => (*text).to_owned(),
            Self::Entry { name, text, .. } => format!("{name} {text}"),
        }
    }
}

/// Everything, in the order of need.
#[must_use]
pub fn rows(scene: &Scene, view: &View) -> Vec<Row> {
    let plan = scene.plan();
    let contacts = plan.contacts.iter();
    let contacts = contacts.map(|contact| Row::entry(&contact.role, Tone::Plain, contact.details.join("   ")));
    let told =
        |list: Vec<(String, Tone, String)>| list.into_iter().map(|(name, tone, text)| Row::entry(name, tone, text));
    let notices = tonight::notices(scene).into_iter().map(|(tone, text)| Row::entry("", tone, text));
    let rooms = plan.links.iter().map(|link| Row::entry(&link.label, Tone::Plain, link_text(scene, link)));
    let links = links(&scene.live.checklist().text);
    let links = links.into_iter().map(|(line, url)| Row::entry(format!("line {line}"), Tone::Plain, url));
    let about = view.about.iter().map(|(name, text)| Row::entry(name, Tone::Plain, text));
    let mut rows = Vec::new();
    for (heading, entries) in [
        ("Tonight", notices.collect::<Vec<_>>()),
        ("Rollback", told(tonight::way_back(scene)).collect()),
        ("Contacts", contacts.collect()),
        ("War room", rooms.collect()),
        ("Links", links.collect()),
        ("When", told(tonight::calendar(scene)).collect()),
        ("Again and again", told(tonight::checks(scene)).collect()),
        ("Sources", sources(scene)),
        ("Told outside", outside(scene)),
        ("Session", session(scene)),
        ("This terminal", about.collect()),
    ] {
        if !entries.is_empty() {
            rows.push(Row::Heading(heading));
            rows.extend(entries);
        }
    }
    rows
}

/// What the checklist says, else what somebody has filled in tonight.
fn link_text(scene: &Scene, link: &crate::plan::Link) -> String {
    let field = scene.plan().fields.iter().position(|field| field.line == link.line).map(crate::plan::FieldId::at);
    let filled = field.and_then(|id| scene.state().filled(id)).map(|filled| filled.value);
    filled.unwrap_or_else(|| if link.value.is_empty() { "not filled in".to_owned() } else { link.value.clone() })
}

/// The addresses of a text with their lines, each once.
fn links(text: &str) -> Vec<(usize, String)> {
    let mut links: Vec<(usize, String)> = Vec::new();
    for (line, text) in (1..).zip(text.lines()) {
        let starts = text.match_indices("http").map(|(at, _)| text.split_at(at).1);
        for rest in starts.filter(|rest| rest.starts_with("http://") || rest.starts_with("https://")) {
            let ends = |sign: char| sign.is_whitespace() || "<>\"'`()[]|".contains(sign);
            let url = rest.split(ends).next().unwrap_or_default().trim_end_matches(['.', ',', ';', ':', '*', '!']);
            if url.len() > "https://".len() && !links.iter().any(|(_, known)| known == url) {
                links.push((line, url.to_owned()));
            }
        }
    }
    links
}

/// Every source and endpoint with how it answers.
fn sources(scene: &Scene) -> Vec<Row> {
    let plan = scene.plan();
    let sources = header::sources(scene).into_iter().zip(&plan.sources).map(|(line, source)| {
        if scene.is_closed() {
            return Row::entry(line.name, Tone::Muted, format!("not asked any more   {}", place(source)));
        }
        let (glyph, tone) = if line.answers { ("✓", Tone::Good) } else { ("✗", Tone::Unknown) };
        let age =
            line.age.map_or_else(|| "no answer yet".to_owned(), |age| format!("answered {} ago", paint::age(age)));
        let skew = line.skew.map(|skew| format!(", {}", skew::say(skew))).unwrap_or_default();
        let trouble = line.trouble.map(|trouble| format!(": {trouble}")).unwrap_or_default();
        Row::entry(line.name, tone, format!("{glyph} {age}{trouble}{skew}   {}", place(source)))
    });
    let endpoints = (0..plan.health.len()).map(|at| {
        let row = gates::health_row(scene, HealthId::at(at));
        let note = if row.note.is_empty() { String::new() } else { format!("   {}", row.note) };
        let text = format!("{} {} {}{note}   {}", row.mark.glyph, row.mark.word, row.value, plan.health[at].url);
        Row::entry(row.name, row.mark.tone, text)
    });
    sources.chain(endpoints).collect()
}

/// Who is told what happens, and what they were not told. Their addresses are secrets.
fn outside(scene: &Scene) -> Vec<Row> {
    let timeline = &scene.state().timeline;
    let told = scene.plan().notify.iter().map(|notify| {
        let lost = timeline.iter().filter(
            |event| matches!(&event.fact, Fact::NotificationLost { target, of: Some(_), .. } if *target == notify.name),
        );
        let on: Vec<&str> = notify.on.iter().map(|occasion| occasion.word()).collect();
        let about = format!("{} of {}", notify.kind.word(), on.join(", "));
        match lost.count() {
            0 => Row::entry(&notify.name, Tone::Plain, about),
            lost => Row::entry(&notify.name, Tone::Unknown, format!("✗ not told {lost} times   {about}")),
        }
    });
    told.collect()
}

fn place(source: &Source) -> String {
    let place = match &source.kind {
        SourceKind::Prometheus { url } | SourceKind::Alertmanager { url } => url.clone(),
        SourceKind::Scrape { targets } => targets.join(" "),
    };
    format!("{place} every {}", source.every)
}

fn session(scene: &Scene) -> Vec<Row> {
    let header = &scene.live.header;
    let mode = if header.mode == Mode::Rehearsal { "a rehearsal" } else { "live" };
    let bindings = scene.live.bindings().map(|bindings| bindings.name.clone());
    let mut rows = vec![
        Row::entry("mode", Tone::Plain, mode),
        Row::entry("began", Tone::Plain, format!("{} on {}", show_time(header.began_at), header.host)),
        Row::entry("written by", Tone::Plain, &header.program),
        Row::entry("checklist", Tone::Plain, &scene.live.checklist().name),
    ];
    rows.extend(bindings.map(|name| Row::entry("bindings", Tone::Plain, name)));
    rows.push(Row::entry("events", Tone::Plain, format!("{}, {} on disk", scene.state().seq, scene.live.saved)));
    rows
}

/// Draws the rows that fit; the one the keys act on is among them.
pub fn draw(scene: &Scene, view: &View, skin: Skin, cursor: Option<usize>, area: Rect, frame: &mut Buffer) {
    let rows = rows(scene, view);
    let shown = paint::window(rows.len(), cursor.unwrap_or(0), area.height);
    for (y, at) in (0..).zip(shown) {
        let line = match &rows[at] {
            Row::Heading(text) => Line::from(paint::span(skin, Tone::Accent, format!(" {text}"))),
            Row::Entry { name, tone, text } => Line::from(vec![
                paint::span(skin, Tone::Strong, format!("   {name:<NAME$} ")),
                paint::span(skin, *tone, text.clone()),
            ]),
        };
        super::draw_row(frame, paint::nth_row(area, y), &line, cursor == Some(at));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_wherever_they_stand() {
        let text = "see <https://a.example/x>.\n[board](http://b.example/d?v=1), https://a.example/x\nhttps:// httpx";
        let found: Vec<_> = links(text);
        assert_eq!(found, [(1, "https://a.example/x".to_owned()), (2, "http://b.example/d?v=1".to_owned())]);
    }
}
