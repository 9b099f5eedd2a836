use super::*;
use ratatui::style::{Color, Modifier};

/// What xterm shows for the sixteen, black to bright white.
const XTERM: [(u8, u8, u8); 16] = [
    (0x00, 0x00, 0x00),
    (0xcd, 0x00, 0x00),
    (0x00, 0xcd, 0x00),
    (0xcd, 0xcd, 0x00),
    (0x00, 0x00, 0xee),
    (0xcd, 0x00, 0xcd),
    (0x00, 0xcd, 0xcd),
    (0xe5, 0xe5, 0xe5),
    (0x7f, 0x7f, 0x7f),
    (0xff, 0x00, 0x00),
    (0x00, 0xff, 0x00),
    (0xff, 0xff, 0x00),
    (0x5c, 0x5c, 0xff),
    (0xff, 0x00, 0xff),
    (0x00, 0xff, 0xff),
    (0xff, 0xff, 0xff),
];

/// What WCAG asks of text.
const ENOUGH: f64 = 4.5;

fn rgb(colour: Option<Color>, otherwise: (u8, u8, u8)) -> (u8, u8, u8) {
    let at = match colour {
        None | Some(Color::Reset) => return otherwise,
        Some(Color::Rgb(red, green, blue)) => return (red, green, blue),
        Some(Color::Black) => 0,
        Some(Color::Red) => 1,
        Some(Color::Green) => 2,
        Some(Color::Yellow) => 3,
        Some(Color::Blue) => 4,
        Some(Color::Magenta) => 5,
        Some(Color::Cyan) => 6,
        Some(Color::Gray) => 7,
        Some(Color::DarkGray) => 8,
        Some(Color::LightRed) => 9,
        Some(Color::LightGreen) => 10,
        Some(Color::LightYellow) => 11,
        Some(Color::LightBlue) => 12,
        Some(Color::LightMagenta) => 13,
        Some(Color::LightCyan) => 14,
        Some(Color::White) => 15,
        Some(Color::Indexed(_)) => panic!("themes name no indexed colours"),
    };
    XTERM[at]
}

/// The relative luminance of WCAG 2.
fn luminance((red, green, blue): (u8, u8, u8)) -> f64 {
    let linear = |part: u8| {
        let part = f64::from(part) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

fn contrast(style: Style, ground: Ground) -> f64 {
    let (paper, text) = match ground {
        Ground::Dark => ((0x00, 0x00, 0x00), (0xe5, 0xe5, 0xe5)),
        Ground::Light => ((0xff, 0xff, 0xff), (0x00, 0x00, 0x00)),
    };
    let (ink, ground) = (luminance(rgb(style.fg, text)), luminance(rgb(style.bg, paper)));
    (ink.max(ground) + 0.05) / (ink.min(ground) + 0.05)
}

fn built_in() -> impl Iterator<Item = (&'static str, &'static Palette)> {
    Theme::ALL.into_iter().flat_map(|(name, theme)| [(name, theme.palette()), (name, theme.in_rgb().palette())])
}

#[test]
fn every_pair_can_be_read() {
    for (name, palette) in built_in() {
        for style in palette.tones.iter().chain(&palette.louds) {
            let contrast = contrast(*style, palette.ground);
            assert!(contrast >= ENOUGH, "{name}: {style:?} has {contrast:.2}");
        }
    }
}

#[test]
fn black_on_white_is_as_far_apart_as_can_be() {
    assert!((contrast(Style::new(), Ground::Light) - 21.0).abs() < 1e-9);
}

#[test]
fn states_are_told_apart_and_bad_never_looks_good() {
    for (name, palette) in built_in() {
        let style = |tone| palette.tone(tone);
        for tone in [Tone::Bad, Tone::Unknown, Tone::Wait] {
            assert_ne!(style(tone), style(Tone::Good), "{name} {tone:?}");
        }
        assert_ne!(style(Tone::Bad), style(Tone::Unknown), "{name}");
    }
}

#[test]
fn mono_sets_no_colour() {
    let palette = Theme::Mono.palette();
    for style in palette.tones.iter().chain(&palette.louds) {
        assert_eq!((style.fg, style.bg), (None, None));
    }
}

#[test]
fn true_colours_are_named_only_beside_the_sixteen() {
    for (name, theme) in Theme::ALL {
        let palette = theme.palette();
        let has_rgb =
            |style: &Style| matches!((style.fg, style.bg), (Some(Color::Rgb(..)), _) | (_, Some(Color::Rgb(..))));
        assert!(!palette.tones.iter().chain(&palette.louds).any(has_rgb), "{name}");
    }
    let bright = Theme::Dark.in_rgb().palette();
    assert_eq!(bright.tone(Tone::Good).fg, Some(Color::Rgb(0x7c, 0xb8, 0x68)));
    assert_eq!(bright.tone(Tone::Strong), Theme::Dark.palette().tone(Tone::Strong), "what is missing stays");
    assert_eq!(Theme::Mono.in_rgb(), Theme::Mono);
}

#[test]
fn a_theme_that_is_wrong_says_where() {
    let dark = include_str!("../../../assets/themes/dark.toml");
    let read = |from: &str, to: &str| Both::read(&dark.replacen(from, to, 1)).expect_err("no theme");
    let slip = read("good = \"green\"", "good = \"gren\"");
    assert!(slip.contains("line 18, column 8") && slip.contains("did you mean \"green\"?"), "{slip}");
    let unknown = read("good = \"green\"", "good = \"green\"\ngod = \"red\"");
    assert!(unknown.contains("line 19, column 1") && unknown.contains("unknown field `god`"), "{unknown}");
    let missing = read("bad = \"bold bright-red\"\n", "");
    assert!(missing.contains("missing field `bad`"), "{missing}");
    let hex = read("#7cb868", "#7cb86");
    assert!(hex.contains("\"#7cb86\" is no style: bold, dim"), "{hex}");
    let own = Theme::read(&dark.replace("\"green\"", "\"underlined default on bright-blue\""), false).expect("a theme");
    let style = own.palette().tone(Tone::Good);
    assert_eq!(
        (style.fg, style.bg, style.add_modifier),
        (Some(Color::Reset), Some(Color::LightBlue), Modifier::UNDERLINED)
    );
}
