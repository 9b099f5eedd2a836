//! No size, text or value breaks the board, and none hides the verdict.

use crate::board::dump::{frame, rows, text};
use crate::board::keys::Desk;
use crate::board::night::{Night, plan};
use warroom::judge::{HealthGot, Why};
use warroom::plan::Plan;
use warroom::room::Disk;
use warroom::text::cells;
use warroom::tui::skin::{Skin, Theme};
use warroom::tui::views::Page;

const HOSTILE: [&str; 8] = [
    "\u{1b}]52;c;aGk=\u{7}\u{1b}[2J\u{9b}31m",
    "fail\u{202e}lave\u{2067}\u{200b}",
    "👩\u{200d}🚒👨\u{200d}👩\u{200d}👧\u{fe0f}⚠\u{fe0f}🇩🇪",
    "表表表表表表表表",
    "\u{301}ｶﾞｶﾞسلام لا",
    "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
    "",
    "line\nend\ttab\u{2028}sep",
];

const VALUES: [f64; 6] = [1.797e308, -1.797e308, 5e-324, 0.0, 1e15, -0.000_000_1];

/// A plan in which every word from outside is hostile, and one is endless.
fn hostile_plan(word: &str) -> Plan {
    let mut plan = plan();
    word.clone_into(&mut plan.title);
    let endless = word.repeat(10_000 / word.len().max(1));
    for section in &mut plan.sections {
        word.clone_into(&mut section.title);
    }
    for item in &mut plan.items {
        item.text.clone_from(&endless);
    }
    for (at, stage) in plan.stages.iter_mut().enumerate() {
        stage.name = format!("{word}{at}");
    }
    for gate in &mut plan.gates {
        word.clone_into(&mut gate.name);
    }
    for trigger in &mut plan.triggers {
        (trigger.text, trigger.name) = (endless.clone(), word.to_owned());
    }
    for block in &mut plan.commands {
        block.text.clone_from(&endless);
    }
    word.clone_into(&mut plan.sources[0].name);
    word.clone_into(&mut plan.health[0].name);
    plan
}

/// Draws every size, or every second, third, … one of each width and height.
fn every_size(desk: &Desk, skin: Skin, step: usize) {
    for width in (0..=60).step_by(step) {
        for height in (0..=30).step_by(step) {
            let frame = frame(&desk.scene, &desk.view, skin, (width, height));
            let control = frame.content.iter().find(|cell| cell.symbol().chars().any(char::is_control));
            assert_eq!(control, None, "{width}x{height}");
            for row in frame.content.chunks(usize::from(width).max(1)) {
                let row: String = row.iter().map(ratatui::buffer::Cell::symbol).collect();
                assert_eq!(cells::width(&row), usize::from(width), "{height} rows: {row:?}");
            }
        }
    }
}

fn nights() -> Vec<(&'static str, Night)> {
    let mut unsaved = Night::go().does("note hm");
    unsaved.disk = Disk::Failing { why: "no space left on device".to_owned(), unsaved: 12 };
    vec![
        ("before", Night::new()),
        ("soaking", Night::soaking()),
        ("blind", Night::soaking().misses("error rate", Why::SourceDown, "connection refused").runs(30)),
        ("rollback", Night::soaking().reads("error rate", 0.071).runs(30)),
        ("unsaved", unsaved),
        ("finished", Night::go().does("finish partial")),
    ]
}

#[test]
fn every_size_in_every_state() {
    for (_, night) in nights().into_iter().step_by(2) {
        every_size(&Desk::at(&night), Skin::default(), 1);
    }
}

#[test]
fn every_size_under_every_popup() {
    for keys in ["?", "Palerts", "nnote", ":ti", "/late", "c", "v", "2\n", "z", "2z", "F", "f"] {
        let desk = Desk::at(&Night::soaking()).types(keys);
        every_size(&desk, Skin { theme: Theme::Mono, ascii: true }, 2);
    }
}

#[test]
fn every_view_under_every_popup_at_every_size() {
    for page in Page::ALL {
        for keys in ["?", "R", "N", ":tick", "/er", "o", "c", "v", "W", "u", "F", "q", "z", "e", "\n"] {
            let mut desk = Desk::at(&Night::soaking());
            desk.view.open(page);
            every_size(&desk.types(keys), Skin::default(), 6);
        }
    }
}

#[test]
fn every_size_with_hostile_text_and_values() {
    for (word, value) in HOSTILE.iter().zip(VALUES.iter().cycle()) {
        let night = Night::of(hostile_plan(word))
            .reads("error rate", *value)
            .reads("latency p95", VALUES[0])
            .runs(20)
            .reads("error rate", -*value)
            .misses("cache hit", Why::Config, word)
            .health(HealthGot::Down { why: (*word).to_owned() })
            .runs(20)
            .does(&format!("as {}: rollback x{word}", HOSTILE[1]));
        every_size(&Desk::at(&night), Skin::default(), 2);
        for page in Page::ALL {
            let mut desk = Desk::at(&night);
            desk.view.open(page);
            every_size(&desk, Skin::default(), 5);
        }
        for wide in [(200, 60), (500, 200)] {
            frame(&Desk::at(&night).scene, &Desk::at(&night).view, Skin::default(), wide);
        }
    }
}

/// What a person must see, as it begins on the screen.
fn beginning(text: &str) -> String {
    text.chars().take(8).collect()
}

#[test]
fn verdict_and_worst_reason_are_there_at_every_size() {
    for (name, night) in nights() {
        let desk = Desk::at(&night);
        let banner = warroom::tui::region::verdict::banner(&desk.scene);
        for width in (20..=60).chain((61..=130).step_by(7)) {
            for height in (3..=20).chain([24, 30, 40]) {
                let shown = text(&frame(&desk.scene, &desk.view, Skin::default(), (width, height)));
                assert!(shown.contains(banner.word), "{name} {width}x{height}:\n{shown}");
                if let Some(worst) = desk.scene.verdict.reasons.first() {
                    assert!(shown.contains(&beginning(&worst.text)), "{name} {width}x{height}:\n{shown}");
                }
            }
        }
    }
}

#[test]
fn no_popup_and_no_toast_covers_the_verdict() {
    for (name, night) in nights() {
        for keys in ["?", "n", ":", "v", "F", "c", "/", "W"] {
            let desk = Desk::at(&night).types(keys);
            let word = warroom::tui::region::verdict::banner(&desk.scene).word;
            for width in [20, 30, 60, 100, 130] {
                for height in (3..=20).chain([24, 30, 40]) {
                    let shown = rows(&frame(&desk.scene, &desk.view, Skin::default(), (width, height)));
                    let top = shown.iter().take(4).any(|row| row.contains(word));
                    assert!(top, "{name} {keys} {width}x{height}:\n{}", shown.join("\n"));
                }
            }
        }
    }
}

#[test]
fn what_is_not_saved_is_loud_at_every_size() {
    let (_, night) = nights().swap_remove(4);
    let desk = Desk::at(&night);
    for width in (20..=60).chain([80, 120]) {
        for height in (1..=20).chain([24, 40]) {
            let shown = text(&frame(&desk.scene, &desk.view, Skin::default(), (width, height)));
            assert!(shown.contains("NOT SAVED"), "{width}x{height}:\n{shown}");
        }
    }
}

#[test]
fn ascii_is_ascii_and_mono_has_no_colour() {
    let skin = Skin { theme: Theme::Mono, ascii: true };
    for (_, night) in nights() {
        for keys in ["", "?", "P"] {
            let desk = Desk::at(&night).types(keys);
            for size in [(40, 10), (80, 24), (120, 36)] {
                let frame = frame(&desk.scene, &desk.view, skin, size);
                for cell in &frame.content {
                    assert!(cell.symbol().is_ascii(), "{:?}", cell.symbol());
                    assert_eq!((cell.fg, cell.bg), (ratatui::style::Color::Reset, ratatui::style::Color::Reset));
                }
            }
        }
    }
}
