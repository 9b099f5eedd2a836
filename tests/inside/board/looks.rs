//! What the board looks like, style included, in each of its states.

use crate::board::dump::{frame, styled, text};
use crate::board::keys::Desk;
use crate::board::night::Night;
use warroom::judge::{Call, HealthGot, Why};
use warroom::room::Disk;
use warroom::session::Mode;
use warroom::text::Millis;
use warroom::tui::scene::Scene;
use warroom::tui::skin::{Skin, Theme};

pub(crate) const COLOUR: Skin = Skin { theme: Theme::Dark, ascii: false };
pub(crate) const PLAIN: Skin = Skin { theme: Theme::Mono, ascii: true };
const USUAL: (u16, u16) = (120, 36);

pub(crate) fn look(name: &str, desk: &Desk, skin: Skin, size: (u16, u16)) {
    snapshot(name, &styled(&frame(&desk.scene, &desk.view, skin, size)));
}

pub(crate) fn snapshot(name: &str, shown: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, shown));
}

fn state(name: &str, night: &Night) {
    look(name, &Desk::at(night), COLOUR, USUAL);
}

pub(crate) fn failing() -> Night {
    Night::soaking().reads("error rate", 0.0142).health(HealthGot::Down { why: "HTTP 503".to_owned() }).runs(20)
}

fn blind() -> Night {
    Night::soaking()
        .misses("error rate", Why::SourceDown, "connection refused")
        .misses("latency p95", Why::Config, "HTTP 400: parse error at char 7")
        .misses("cache hit", Why::NoData, "the query returned nothing")
        .runs(30)
}

pub(crate) fn rollback() -> Night {
    Night::soaking().reads("error rate", 0.071).runs(30)
}

#[test]
fn before_the_start() {
    let mut night = Night::healthy().runs(30).does("tick Backups");
    night.mode = Mode::Rehearsal;
    state("before", &night);
}

#[test]
fn while_traffic_is_shifting() {
    state("shifting", &Night::started().runs(20));
}

#[test]
fn in_the_soak() {
    let night = Night::soaking();
    state("soaking", &night);
    for (name, skin, size) in [
        ("soaking-200x60", COLOUR, (200, 60)),
        ("soaking-80x24", COLOUR, (80, 24)),
        ("soaking-40x10", COLOUR, (40, 10)),
        ("soaking-20x3", COLOUR, (20, 3)),
        ("soaking-plain", PLAIN, USUAL),
        ("soaking-plain-40x10", PLAIN, (40, 10)),
    ] {
        look(name, &Desk::at(&night), skin, size);
    }
}

#[test]
fn on_go() {
    let night = Night::go();
    state("go", &night);
    look("go-plain-80x24", &Desk::at(&night), PLAIN, (80, 24));
}

#[test]
fn when_it_is_not_good() {
    state("failing", &failing());
    look("failing-gates-80x24", &Desk::at(&failing()).types("2"), COLOUR, (80, 24));
}

#[test]
fn when_nobody_can_tell() {
    state("blind", &blind());
    look("blind-plain", &Desk::at(&blind()), PLAIN, USUAL);
}

#[test]
fn when_the_data_or_the_screen_is_old() {
    let night = Night::soaking().runs(5);
    let old = night.waits(45);
    let mut desk = Desk::at(&old);
    // The room has said nothing since.
    desk.scene = Scene::of(&Night::soaking().live(), old.stamp(), Millis::from_secs(1));
    look("screen-old", &desk, COLOUR, USUAL);
}

#[test]
fn old_data_never_shows_go() {
    let night = Night::go();
    assert_eq!(night.scene().verdict.call, Call::Go);
    // The room has said nothing for a minute.
    let mut desk = Desk::at(&night);
    desk.scene = Scene::of(&night.live(), Night::go().waits(60).stamp(), Millis::from_secs(1));
    let shown = text(&frame(&desk.scene, &desk.view, COLOUR, USUAL));
    assert!(shown.contains("this screen is old") && shown.contains("HOLD"), "{shown}");
    assert_eq!(desk.scene.verdict.call, Call::Hold);
    assert!(!shown.contains("P promote"), "{shown}");
}

#[test]
fn when_it_calls_for_rollback() {
    let night = rollback();
    state("rollback", &night);
    look("rollback-80x24", &Desk::at(&night), COLOUR, (80, 24));
    look("rollback-40x10", &Desk::at(&night), COLOUR, (40, 10));
    look("rollback-plain", &Desk::at(&night), PLAIN, USUAL);
    state("rolled-back", &night.does("as Ben: rollback errors on the new version").runs(10));
}

#[test]
fn while_a_decision_is_being_saved() {
    let mut night = Night::soaking().does("as Ana: tick @23");
    night.unsaved = 2;
    state("saving", &night);
}

#[test]
fn when_nothing_can_be_saved() {
    let mut night = Night::go().does("as Ana: note watching the queue");
    night.unsaved = 1;
    night.disk = Disk::Failing { why: "no space left on device".to_owned(), unsaved: 1 };
    state("not-saved", &night);
}

#[test]
fn when_it_is_over() {
    state("finished", &Night::go().does("as Ana: finish partial"));
}

#[test]
fn every_popup() {
    for (name, night, keys) in [
        ("help", Night::soaking(), "?"),
        ("override", Night::soaking(), "Palerts are known"),
        ("promote", Night::go(), "P"),
        ("ask-rollback", rollback(), "Rerrors"),
        ("note", Night::soaking(), "nwatching the queue"),
        ("quit", Night::soaking(), "q"),
        ("palette", Night::soaking(), ":wai"),
        ("palette-names", Night::soaking(), ":tick e"),
        ("commands", rollback(), "c"),
        ("find", Night::soaking(), "/latency"),
        ("details", failing(), "2\n"),
        ("reasons", failing(), "v"),
        ("finish", Night::go(), "F"),
    ] {
        look(&format!("popup-{name}"), &Desk::at(&night).types(keys), COLOUR, USUAL);
    }
}

#[test]
fn popups_leave_the_verdict_in_sight() {
    let desk = Desk::at(&failing()).types("Palerts");
    look("popup-override-80x24", &desk, COLOUR, (80, 24));
    look("popup-override-40x10", &desk, COLOUR, (40, 10));
}

#[test]
fn a_frozen_board_goes_on_judging() {
    let then = Night::soaking();
    let mut desk = Desk::at(&then).types("f");
    desk.now(&then.reads("error rate", 0.071).runs(30));
    look("frozen", &desk, COLOUR, USUAL);
}
