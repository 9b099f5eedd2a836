//! `warroom screenshot`: a frame of a recorded night as SVG, drawn from the cells of the board itself.

use super::out::Out;
use super::{exit, night, place};
use crate::clock::Stamp;
use crate::room::Live;
use crate::session::store::moment::Then;
use crate::text::{Millis, duration};
use crate::tui::scene::Scene;
use crate::tui::skin::{Skin, Theme};
use crate::tui::view::View;
use crate::tui::views::Page;
use crate::tui::{board, picture};
use chrono::DateTime;
use clap::Args;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

/// Draws a frame of a recorded night as SVG.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ScreenshotArguments {
    /// A session: its file, its id, a piece of its name, or "last"
    #[arg(value_name = "SESSION", default_value = "last")]
    session: String,
    /// The moment: 02:14:07 of the night in UTC, 2026-03-14T02:14:07Z, or 41m after it began; its end where it is not given
    #[arg(long, value_name = "TIME", value_parser = time)]
    at: Option<Time>,
    /// The view: board, gates, checklist, timeline, rollback, info
    #[arg(long, value_name = "NAME", default_value = "board", value_parser = page)]
    view: Page,
    /// Columns and rows
    #[arg(long, value_name = "COLUMNSxROWS", default_value = "120x36", value_parser = size)]
    size: (u16, u16),
    /// The colours: dark, light, contrast, safe, mono, or a file of your own
    #[arg(long, value_name = "NAME", env = "WARROOM_THEME", value_parser = night::theme)]
    theme: Option<Theme>,
    /// Draw nothing but ASCII
    #[arg(long, env = "WARROOM_ASCII")]
    ascii: bool,
    /// Where to write it; standard output where it is not given
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  warroom screenshot > board.svg                          the end of the newest session
  warroom screenshot 7f3a --at 02:14:07 --view rollback --out rollback.svg
  warroom screenshot last --view gates --size 200x60 --theme light --out gates.svg";

/// A moment of a night.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Time {
    /// Unix milliseconds.
    Wall(i64),
    /// Since midnight, on the night.
    Clock(Millis),
    /// Since it began.
    After(Millis),
}

fn time(text: &str) -> Result<Time, String> {
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Ok(Time::Wall(time.timestamp_millis()));
    }
    if let Some(clock) = clock(text) {
        return Ok(Time::Clock(clock));
    }
    let span = text.strip_prefix("T+").unwrap_or(text);
    let after = duration::parse(span).map(Time::After);
    after.map_err(|_| "expected 02:14:07, 2026-03-14T02:14:07Z, or a span such as 41m".to_owned())
}

/// `02:14` or `02:14:07`.
fn clock(text: &str) -> Option<Millis> {
    let parts: Vec<u64> = text.trim_end_matches('Z').split(':').map(str::parse).collect::<Result<_, _>>().ok()?;
    let (hours, minutes, seconds) = match parts.as_slice() {
        [hours, minutes] => (*hours, *minutes, 0),
        [hours, minutes, seconds] => (*hours, *minutes, *seconds),
        _ => return None,
    };
    (hours < 24 && minutes < 60 && seconds < 60).then(|| Millis::from_secs(hours * 3_600 + minutes * 60 + seconds))
}

impl Time {
    /// Unix milliseconds, in a night that began at a time. All of a second belongs to it.
    fn in_night(self, began: i64) -> i64 {
        const DAY: i64 = 86_400_000;
        let millis = |span: Millis| i64::try_from(span.0).unwrap_or(i64::MAX);
        match self {
            Self::Wall(at) => at,
            Self::After(span) => began.saturating_add(millis(span)),
            Self::Clock(span) => {
                let at = began - began.rem_euclid(DAY) + millis(span) + 999;
                if at < began { at + DAY } else { at }
            }
        }
    }
}

fn page(word: &str) -> Result<Page, String> {
    let found = Page::ALL.into_iter().find(|page| page.kind().word.eq_ignore_ascii_case(word));
    found.ok_or_else(|| {
        let words: Vec<String> = Page::ALL.iter().map(|page| page.kind().word.to_lowercase()).collect();
        format!("expected one of {}", words.join(", "))
    })
}

fn size(text: &str) -> Result<(u16, u16), String> {
    let parts = text.split_once('x').and_then(|(width, height)| Some((width.parse().ok()?, height.parse().ok()?)));
    parts
        .filter(|(width, height)| (1..=500).contains(width) && (1..=200).contains(height))
        .ok_or_else(|| "expected columns and rows such as 120x36, at most 500x200".to_owned())
}

/// Runs the subcommand and returns its exit code.
#[must_use]
pub fn run(arguments: &ScreenshotArguments, out: &Out) -> u8 {
    let drawn = place::find(&arguments.session, out).and_then(|path| {
        // The time of day is one of the night, so when it began must be known first.
        let read = |until| Then::read(&path, until).map_err(|error| super::say_store(&error, out));
        let until = match arguments.at {
            None => None,
            Some(time) => Some(time.in_night(read(Some(i64::MIN))?.header.began_at)),
        };
        read(until).map(|then| draw(&then, arguments))
    });
    let svg = match drawn {
        Ok(svg) => svg,
        Err(code) => return code,
    };
    let Some(path) = &arguments.out else {
        out.block(&svg);
        return exit::OK;
    };
    match fs::write(path, svg) {
        Ok(()) => exit::OK,
        Err(error) => {
            out.error(&format!("cannot write {}: {error}", path.display()));
            exit::INTERNAL
        }
    }
}

fn draw(then: &Then, arguments: &ScreenshotArguments) -> String {
    let now = Stamp { at: then.at, mono: then.mono };
    let live = Arc::new(Live::of(&then.header, &then.core, &then.history, now));
    let scene = Scene::of(&live, now, Millis::ZERO);
    let mut view = View::new("");
    view.open(arguments.view);
    view.notice(&scene, Millis::ZERO);
    let skin = Skin { theme: arguments.theme.unwrap_or_default(), ascii: arguments.ascii };
    let (width, height) = arguments.size;
    let mut frame = Buffer::empty(Rect::new(0, 0, width, height));
    board::draw(&scene, &view, skin, &mut frame);
    picture::svg(&frame, skin.theme.palette().ground)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_of_the_night_is_said_in_three_ways() {
        let began = 1_773_453_600_000; // 2026-03-14T02:00:00Z.
        let at = |text: &str| time(text).map(|time| time.in_night(began) - began);
        assert_eq!(at("02:10:50"), Ok(650_999));
        assert_eq!(at("01:59"), Ok(86_400_000 - 60_000 + 999), "after midnight it is the next day");
        assert_eq!(at("2026-03-14T02:00:01Z"), Ok(1_000));
        assert_eq!(at("T+41m"), Ok(2_460_000));
        assert!(at("25:00").is_err() && at("soon").is_err());
        assert_eq!((size("80x24"), size("0x0").is_err(), size("80").is_err()), (Ok((80, 24)), true, true));
        assert_eq!(page("rollback"), Ok(Page::Rollback));
    }
}
