//! The six views: what each looks like at every usual size, and that none of them hides the verdict.

use crate::board::dump::{rows, text};
use crate::board::keys::Desk;
use crate::board::looks::{COLOUR, PLAIN, failing, look, rollback};
use crate::board::night::Night;
use crossterm::event::KeyCode;
use warroom::judge::Why;
use warroom::session::Fact;
use warroom::text::Millis;
use warroom::tui::pane::Pane;
use warroom::tui::skin::Skin;
use warroom::tui::views::Page;

const SIZES: [(u16, u16); 4] = [(200, 60), (120, 36), (80, 24), (40, 10)];

fn every_size(page: Page, name: &str, night: &Night) {
    let mut desk = Desk::at(night);
    desk.view.open(page);
    for (width, height) in SIZES {
        look(&format!("view-{name}-{width}x{height}"), &desk, COLOUR, (width, height));
    }
    look(&format!("view-{name}-plain"), &desk, PLAIN, (80, 24));
}

/// Values that move, one that breaks its limit for a while, and a source that is away for a minute.
fn eventful() -> Night {
    let night =
        Night::started().wobbles("error rate", 0.000_6).wobbles("latency p95", 0.084).wobbles("cache hit", 0.93);
    let night = night.runs(20).does("moved").runs(300).ticks_stage().does("as Ana: promote").runs(30).does("moved");
    let night = night.runs(60).wobbles("latency p95", 0.113).runs(30).wobbles("latency p95", 0.078).runs(90);
    let night = night.misses("cache hit", Why::SourceDown, "connection refused").runs(60).wobbles("cache hit", 0.94);
    night.runs(120).does("as Tomás: note Bank confirms: no chargebacks so far").runs(10)
}

#[test]
fn gates() {
    every_size(Page::Gates, "gates", &eventful());
}

#[test]
fn one_gate_alone() {
    let desk = Desk::at(&eventful()).types("2jz+");
    look("view-gates-zoomed", &desk, COLOUR, (120, 36));
    let desk = Desk::at(&eventful()).types("2<<");
    look("view-gates-earlier", &desk, COLOUR, (120, 36));
}

#[test]
fn checklist() {
    every_size(Page::Checklist, "checklist", &failing());
}

#[test]
fn timeline() {
    every_size(Page::Timeline, "timeline", &eventful());
}

#[test]
fn what_the_timeline_can_leave_out() {
    let mut desk = Desk::at(&eventful()).types("4o");
    let shown = |desk: &Desk| text(&crate::board::dump::frame(&desk.scene, &desk.view, COLOUR, (120, 36)));
    assert!(!shown(&desk).contains(" o … "), "who knows the keys sees nothing");
    desk.passes(Millis(399));
    assert!(!shown(&desk).contains(" o … ") && desk.view.due().is_some());
    desk.passes(Millis(1));
    assert_eq!(desk.view.due(), None);
    look("view-timeline-prefix", &desk, COLOUR, (120, 36));
    let notes = Desk::at(&eventful()).types("4on");
    let shown = text(&crate::board::dump::frame(&notes.scene, &notes.view, COLOUR, (120, 36)));
    assert!(shown.contains("no chargebacks") && !shown.contains("started 25%"), "{shown}");
    let wrong = Desk::at(&eventful()).types("4ox");
    assert!(wrong.effects.is_empty() && wrong.view.layers.is_empty(), "a slip after a prefix does nothing");
    assert!(wrong.view.toast.is_some_and(|toast| toast.text.contains("after o comes one of")));
}

#[test]
fn way_back() {
    every_size(Page::Rollback, "rollback", &rollback());
}

#[test]
fn info() {
    every_size(Page::Info, "info", &eventful());
}

#[test]
fn the_keys_go_where_the_eyes_are() {
    let desk = Desk::at(&Night::soaking()).types("2jj");
    let gate = desk.view.gate(&desk.scene);
    let desk = desk.types("1");
    assert_eq!(desk.view.page, Page::Board);
    let desk = desk.types("2");
    assert_eq!(desk.view.gate(&desk.scene), gate, "what was selected stays selected");
}

#[test]
fn every_view_shows_the_verdict_and_the_worst_reason() {
    let night = failing();
    for page in Page::ALL {
        let mut desk = Desk::at(&night);
        desk.view.open(page);
        let worst: String = desk.scene.verdict.reasons[0].text.chars().take(8).collect();
        for width in (20..=130).step_by(5) {
            for height in (3..=20).chain([24, 30, 40]) {
                let shown = text(&crate::board::dump::frame(&desk.scene, &desk.view, Skin::default(), (width, height)));
                let both = shown.contains("ROLLBACK") && shown.contains(&worst);
                assert!(both, "{page:?} {width}x{height}:\n{shown}");
            }
        }
    }
}

#[test]
fn every_view_at_every_size() {
    for page in Page::ALL {
        let mut desk = Desk::at(&eventful());
        desk.view.open(page);
        for skin in [COLOUR, PLAIN] {
            for width in 0..=60 {
                for height in 0..=30 {
                    // The two halves of the grid of sizes, one in each look.
                    if (width + height) % 2 == u16::from(skin.ascii) {
                        crate::board::dump::frame(&desk.scene, &desk.view, skin, (width, height));
                    }
                }
            }
        }
    }
}

#[test]
fn a_search_goes_through_whatever_has_the_keys() {
    let timeline = Desk::at(&eventful()).types("4/started 25");
    let event = timeline.view.event(&timeline.scene).expect("an event");
    assert!(matches!(event.fact, Fact::StageStarted { .. }), "{event:?}");
    let gates = Desk::at(&eventful()).types("2/cache\n");
    let gate = gates.view.gate(&gates.scene).expect("a gate");
    assert_eq!((gates.scene.plan().gate(gate).name.as_str(), gates.view.page), ("cache hit", Page::Gates));
    let info = Desk::at(&eventful()).types("6/checklist");
    assert!(info.view.cursor(Pane::Info, &info.scene) > 0);
    let back = Desk::at(&eventful()).types("4/started 25").press(KeyCode::Esc);
    assert_eq!((back.view.cursor(Pane::Timeline, &back.scene), back.view.layers.len()), (0, 0));
}

#[test]
fn what_has_no_chart_stands_in_rows_below_the_charts() {
    let mut desk = Desk::at(&eventful());
    desk.view.open(Page::Gates);
    let shown = rows(&crate::board::dump::frame(&desk.scene, &desk.view, COLOUR, (120, 36)));
    let row = |text: &str| shown.iter().rposition(|row| row.contains(text)).unwrap_or_else(|| panic!("{text}"));
    let endpoint = desk.scene.plan().health[0].name.clone();
    assert!(row(&endpoint) > row("└"), "below the lowest card:\n{}", shown.join("\n"));
    // The keys reach it there.
    let desk = desk.types(&format!("/UP {endpoint}"));
    let shown = rows(&crate::board::dump::frame(&desk.scene, &desk.view, COLOUR, (120, 36)));
    assert!(shown.iter().any(|row| row.starts_with('▸') && row.contains(&endpoint)), "{}", shown.join("\n"));
}

#[test]
fn the_word_is_read_from_ten_metres_where_there_is_room() {
    let ink = |size| {
        let desk = Desk::at(&failing());
        let shown = rows(&crate::board::dump::frame(&desk.scene, &desk.view, COLOUR, size));
        shown.iter().filter(|row| row.contains("██")).count()
    };
    assert!(ink((200, 60)) >= 5, "{}", ink((200, 60)));
    let desk = Desk::at(&failing());
    let plain = text(&crate::board::dump::frame(&desk.scene, &desk.view, PLAIN, (200, 60)));
    assert!(plain.contains("####"), "in ASCII, too:\n{plain}");
}

#[test]
fn an_idle_board_changes_nothing_but_its_clocks() {
    let (night, later) = (failing().waits(1), failing().waits(2));
    // The charts move by a column now and then.
    for page in Page::ALL.into_iter().filter(|page| *page != Page::Gates) {
        let [now, then] = [&night, &later].map(|night| {
            let mut desk = Desk::at(night);
            desk.view.open(page);
            crate::board::dump::frame(&desk.scene, &desk.view, COLOUR, (120, 36))
        });
        let changed: Vec<_> = now.content.iter().zip(&then.content).filter(|(now, then)| now != then).collect();
        assert!(!changed.is_empty(), "the clock goes on");
        for (now, then) in changed {
            let is_clock = |symbol: &str| symbol.chars().all(|sign| sign.is_ascii_digit() || ":sm ".contains(sign));
            assert!(is_clock(now.symbol()) && is_clock(then.symbol()), "{page:?}: {now:?} became {then:?}");
        }
    }
}
