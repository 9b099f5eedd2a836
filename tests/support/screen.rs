//! The board as it is drawn of a session's log, as far as that is written: what is live is its fold.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::path::Path;
use std::sync::Arc;
use warroom::clock::Stamp;
use warroom::room::Live;
use warroom::session::{Fact, store};
use warroom::text::Millis;
use warroom::tui::board;
use warroom::tui::scene::Scene;
use warroom::tui::skin::{Skin, Theme};
use warroom::tui::view::View;

/// Each row of the board, 160 columns wide.
pub(crate) fn board_of(log: &Path) -> String {
    let recorded = store::read(log).expect("a session");
    let state = recorded.core.state();
    let now = Stamp { at: state.at, mono: state.mono() };
    let live = Arc::new(Live::of(&recorded.header, &recorded.core, &recorded.history, now));
    let mut frame = Buffer::empty(Rect::new(0, 0, 160, 48));
    let skin = Skin::choose(Some(Theme::Mono), false, |_| None);
    board::draw(&Scene::of(&live, now, Millis::ZERO), &View::default(), skin, &mut frame);
    let rows = frame.content.chunks(usize::from(frame.area.width));
    rows.map(|row| row.iter().map(ratatui::buffer::Cell::symbol).collect::<String>() + "\n").collect()
}

/// The codes of the reasons that were recorded as shown, each once, in the order they came up.
pub(crate) fn recorded(log: &Path) -> Vec<&'static str> {
    let mut codes = Vec::new();
    for event in &store::read(log).expect("a session").core.state().timeline {
        let Fact::VerdictChanged { reasons, .. } = &event.fact else { continue };
        let new = reasons.iter().map(|reason| reason.code.word());
        codes.extend(new.filter(|code| !codes.contains(code)).collect::<Vec<_>>());
    }
    codes
}
