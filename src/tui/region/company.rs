//! Who is here, for the header, and what this seat is to the session where it does not hold it.

use crate::room::company::Post;
use crate::tui::paint;
use crate::tui::scene::Scene;
use crate::tui::skin::{Loud, Skin, Tone};
use ratatui::text::Span;

/// So much of the names is shown.
const NAMES: u16 = 28;

/// What this seat is to the session; none for the one that holds it, which is the usual one.
pub(super) fn post(scene: &Scene, skin: Skin) -> Option<Vec<Span<'static>>> {
    match &scene.live.company.post {
        Post::Holds => None,
        Post::Joined => Some(vec![paint::span(skin, Tone::Muted, "joined")]),
        Post::Watches => Some(vec![paint::span(skin, Tone::Muted, "watching")]),
        Post::Alone { .. } => Some(vec![Span::styled(" ✗ NOBODY HOLDS IT ", skin.loud(Loud::Alarm))]),
    }
}

/// Everybody who is here; none for one person alone.
pub(super) fn people(scene: &Scene, skin: Skin) -> Option<Vec<Span<'static>>> {
    let people = scene.live.company.people.say()?;
    Some(vec![paint::span(skin, Tone::Muted, "here "), paint::span(skin, Tone::Plain, paint::cut(&people, NAMES))])
}
