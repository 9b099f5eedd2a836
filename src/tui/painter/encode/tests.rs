use super::*;
use crate::tui::paint;
use crate::tui::painter::Painter;
use crate::tui::painter::shown::Shown;
use proptest::prelude::*;
use ratatui::layout::Rect;
use ratatui::style::Style;

const AREA: Rect = Rect { x: 0, y: 0, width: 12, height: 3 };

fn bytes(draw: impl FnOnce(&mut Buffer)) -> String {
    let (before, mut after) = (Buffer::empty(AREA), Buffer::empty(AREA));
    draw(&mut after);
    changes(&before, &after)
}

fn changes(before: &Buffer, after: &Buffer) -> String {
    let mut shown = Shown::nothing(AREA);
    shown.change(before, |_, _, _| {});
    let mut pen = Pen::new(after, Vec::new());
    shown.change(after, |x, y, cell| pen.put(x, y, cell));
    String::from_utf8(pen.lift()).expect("text")
}

#[test]
fn a_style_is_set_once_in_its_short_form_and_left() {
    let red = Style::new().fg(Color::Red);
    assert_eq!(bytes(|frame| frame.set_string(1, 0, "ab", red)), "\x1b[1;2H\x1b[31mab\x1b[m");
    let grey = Style::new().fg(Color::DarkGray).add_modifier(Modifier::BOLD);
    assert_eq!(bytes(|frame| frame.set_string(0, 2, "x", grey)), "\x1b[3;1H\x1b[1;90mx\x1b[m");
    assert_eq!(bytes(|frame| frame.set_string(0, 2, "x", Style::new())), "\x1b[3;1Hx");
}

#[test]
fn only_what_differs_of_a_style_is_said() {
    let (red, bold) = (Style::new().fg(Color::Red), Style::new().fg(Color::Red).add_modifier(Modifier::BOLD));
    let text = bytes(|frame| {
        frame.set_string(0, 0, "a", red);
        frame.set_string(1, 0, "b", bold);
        frame.set_string(2, 0, "c", red);
        frame.set_string(3, 0, "d", Style::new());
    });
    assert_eq!(text, "\x1b[1;1H\x1b[31ma\x1b[1mb\x1b[22mc\x1b[md");
    let dim = Style::new().fg(Color::Indexed(200)).add_modifier(Modifier::DIM);
    let text = bytes(|frame| {
        frame.set_string(0, 0, "a", dim.add_modifier(Modifier::BOLD));
        frame.set_string(1, 0, "b", dim);
    });
    assert_eq!(text, "\x1b[1;1H\x1b[1;2;38;5;200ma\x1b[22;2mb\x1b[m", "what ends with bold begins again");
}

#[test]
fn a_short_gap_is_written_and_a_long_one_jumped() {
    let mut before = Buffer::empty(AREA);
    before.set_string(0, 0, "12:00:07", Style::new());
    let mut after = before.clone();
    after.set_string(4, 0, "1", Style::new());
    after.set_string(7, 0, "8", Style::new());
    assert_eq!(changes(&before, &after), "\x1b[1;5H1:08");
    let text = bytes(|frame| {
        frame.set_string(0, 0, "a", Style::new());
        frame.set_string(9, 0, "b", Style::new());
    });
    assert_eq!(text, "\x1b[1;1Ha\x1b[8Cb");
}

#[test]
fn where_terminals_may_be_elsewhere_the_place_is_said_again() {
    let row = |text: &str| {
        bytes(|frame| {
            paint::put(frame, AREA, text, Style::new());
        })
    };
    assert_eq!(row("表x"), "\x1b[1;1H表\x1b[1;3Hx", "behind a wide sign");
    assert_eq!(row("ｶﾞx"), "\x1b[1;1Hｶﾞ\x1b[1;3Hx", "behind one that may be joined");
    assert_eq!(row("👍🏽ｶﾞ"), "\x1b[1;1H👍🏽\x1b[1;5Hｶﾞ\x1b[1;7H ", "it follows directly what it may be joined to");
    assert_eq!(row("e\u{301}x"), "\x1b[1;1He\u{301}x");
    let text = bytes(|frame| {
        frame.set_string(11, 0, "a", Style::new());
        frame.set_string(0, 1, "b", Style::new());
    });
    assert_eq!(text, "\x1b[1;12Ha\x1b[2;1Hb", "behind the last column");
}

fn style() -> impl Strategy<Value = Style> {
    let colour = || {
        prop_oneof![
            Just(Color::Reset),
            Just(Color::Red),
            Just(Color::DarkGray),
            Just(Color::White),
            any::<u8>().prop_map(Color::Indexed),
            any::<[u8; 3]>().prop_map(|[r, g, b]| Color::Rgb(r, g, b)),
        ]
    };
    // The emulator knows neither blinking nor hidden text, and one strength at a time.
    let weight = prop::sample::select(vec![Modifier::BOLD, Modifier::DIM, Modifier::empty()]);
    let others = vec![Modifier::ITALIC, Modifier::UNDERLINED, Modifier::REVERSED];
    let attributes = (weight, prop::sample::subsequence(others, 0..3))
        .prop_map(|(weight, others)| others.into_iter().fold(weight, |all, one| all | one));
    (colour(), colour(), attributes)
        .prop_map(|(fg, bg, attributes)| Style::reset().fg(fg).bg(bg).add_modifier(attributes))
}

/// Texts, and whether what the terminal shows is forgotten before they are drawn.
type Drawing = (Vec<(u16, u16, String, Style)>, bool);

fn drawings() -> impl Strategy<Value = Vec<Drawing>> {
    let text = (0..12_u16, 0..3_u16, "([a-c █表]|ｶﾞ|e\u{301}|👍🏽){0,6}", style());
    prop::collection::vec((prop::collection::vec(text, 0..8), prop::bool::weighted(0.1)), 1..5)
}

/// What a place of a terminal shows: its sign, nothing where the wide sign before it covers it, and how it looks.
type Seen = (String, [bool; 5], vt100::Color, vt100::Color);

/// All that an emulator shows, place by place.
fn places(emulator: &vt100::Parser) -> Vec<Seen> {
    let cells = AREA.positions().map(|at| emulator.screen().cell(at.y, at.x).expect("a cell"));
    let seen = cells.map(|cell| {
        let sign = if cell.has_contents() || cell.is_wide_continuation() { cell.contents() } else { " " };
        let attributes = [cell.bold(), cell.dim(), cell.italic(), cell.underline(), cell.inverse()];
        (sign.to_owned(), attributes, cell.fgcolor(), cell.bgcolor())
    });
    seen.collect()
}

/// What a terminal is to show of a frame: a sign that something stands over is gone.
fn wanted(frame: &Buffer) -> Vec<Seen> {
    let cell = |x: Option<u16>, y: u16| x.and_then(|x| frame.cell((x, y)));
    let is_covered = |x, y| cell(x, y).is_some_and(paint::is_covered);
    let is_wide = |x, y| cell(x, y).is_some_and(|cell| cells::width(cell.symbol()) > 1);
    let seen = AREA.positions().map(|at| {
        let (before, behind) = (at.x.checked_sub(1), at.x.checked_add(1));
        let is_whole = match frame[at].symbol() {
            "" => is_wide(before, at.y),
            _ => !is_wide(Some(at.x), at.y) || is_covered(behind, at.y),
        };
        let sign = if is_whole { frame[at].symbol() } else { " " };
        // The emulator keeps the look of a wide sign with the first of its places.
        let look = if sign.is_empty() { Look::default() } else { Look::of(&frame[at]) };
        let all = [Modifier::BOLD, Modifier::DIM, Modifier::ITALIC, Modifier::UNDERLINED, Modifier::REVERSED];
        (sign.to_owned(), all.map(|one| look.attributes.contains(one)), emulated(look.fg), emulated(look.bg))
    });
    seen.collect()
}

proptest! {
    /// However it gets there, an emulator shows what the last buffer says.
    #[test]
    fn what_arrives_is_what_was_drawn(drawings in drawings()) {
        let mut emulator = vt100::Parser::new(AREA.height, AREA.width, 0);
        let mut painter = Painter::new();
        let mut drawn = Buffer::empty(AREA);
        for (texts, is_forgotten) in drawings {
            if is_forgotten {
                painter.forget();
            }
            let draw = |frame: &mut Buffer| {
                for (x, y, text, style) in texts {
                    paint::put(frame, Rect { x, y, width: AREA.width - x, height: 1 }, &text, style);
                }
                drawn = frame.clone();
                paint::settle(frame);
            };
            let bytes = painter.frame(AREA.as_size(), draw).expect("into memory");
            emulator.process(&bytes.unwrap_or_default());
        }
        prop_assert_eq!(places(&emulator), wanted(&drawn));
    }
}

fn emulated(colour: Color) -> vt100::Color {
    match colour {
        Color::Red => vt100::Color::Idx(1),
        Color::DarkGray => vt100::Color::Idx(8),
        Color::White => vt100::Color::Idx(15),
        Color::Indexed(index) => vt100::Color::Idx(index),
        Color::Rgb(r, g, b) => vt100::Color::Rgb(r, g, b),
        _ => vt100::Color::Default,
    }
}
