//! Keys wind the night; nothing is changed.

use crate::board::night;
use crate::review::Recorded;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::sync::Arc;
use tempfile::TempDir;
use warroom::judge::{Call, Moment};
use warroom::room::player::{Wind, shown};
use warroom::session::store::what_if::{Trial, differences};
use warroom::session::store::{Archive, Reel, Target};
use warroom::text::Millis;
use warroom::tui::board;
use warroom::tui::review::what_if::WhatIf;
use warroom::tui::review::{Review, bar, steps};
use warroom::tui::scene::Scene;
use warroom::tui::skin::{Skin, Theme};
use warroom::tui::view::{Effect, View};
use warroom::tui::views::Page;

/// Somebody at the keys of a review.
struct Viewer {
    reel: Reel,
    moment: Moment,
    view: View,
    now: Millis,
}

impl Viewer {
    fn sit(night: &Recorded) -> Self {
        Self::before(&night.archive)
    }

    fn before(archive: &Arc<Archive>) -> Self {
        let reel = Reel::open(Arc::clone(archive)).expect("a reel");
        let view = View::new("Ana").at(Some(Review::new(Arc::clone(archive))));
        Self { reel, moment: Moment::default(), view, now: Millis(1_000) }
    }

    fn scene(&self) -> Scene {
        let live = shown(&self.reel, self.moment);
        Scene::of(&live, live.now, Millis::MAX)
    }

    fn press(&mut self, code: KeyCode) -> Vec<Effect> {
        // Slower than a key that is held down.
        self.now += Millis(500);
        let effects = self.view.press(&self.scene(), KeyEvent::new(code, KeyModifiers::NONE), self.now);
        for effect in &effects {
            if let Effect::Wind(Wind::To(target)) = effect {
                self.reel.wind(*target).expect("the log is there");
                let now = self.reel.state().ramp.now;
                self.moment = if let Target::Moment(moment) = target { now.max(*moment) } else { now };
            }
            if let (Effect::Try(trial), Some(review)) = (effect, &mut self.view.review) {
                let found = differences(&review.archive, trial).map_err(|error| error.to_string());
                review.tried((trial.clone(), found)).expect("it was asked").expect("the log is there");
            }
        }
        effects
    }

    fn types(&mut self, text: &str) {
        text.chars().for_each(|sign| drop(self.press(KeyCode::Char(sign))));
    }

    /// The bar under the board, as text.
    fn bar(&self) -> String {
        let screen = Rect::new(0, 0, 130, 40);
        let mut frame = Buffer::empty(screen);
        board::draw(&self.scene(), &self.view, Skin { theme: Theme::Dark, ascii: false }, &mut frame);
        let review = self.view.review.as_ref().expect("a review");
        let rows = screen.height - bar::rows(review, screen.height)..screen.height;
        let row = |y: u16| (0..screen.width).map(|x| frame[(x, y)].symbol()).collect::<String>();
        rows.map(|y| row(y).trim_end().to_owned()).collect::<Vec<_>>().join("\n")
    }

    fn toast(&self) -> &str {
        self.view.toast.as_ref().map_or("", |toast| &toast.text)
    }
}

/// A night as it is kept.
fn kept(night: &night::Night) -> (TempDir, Arc<Archive>) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("night.jsonl");
    night.write_log(&path);
    let archive = Arc::new(Archive::open(&path).expect("a session"));
    (folder, archive)
}

#[test]
fn verdict_changes_are_stepped_through_to_the_end_and_back() {
    let night = Recorded::new();
    let mut viewer = Viewer::sit(&night);
    let mut calls = Vec::new();
    for _ in 0..20 {
        let before = viewer.reel.state().seq;
        viewer.press(KeyCode::Char('t'));
        if viewer.reel.state().seq == before {
            break;
        }
        calls.push(viewer.scene().verdict.call);
    }
    assert_eq!(calls.last(), Some(&Call::Rollback));
    assert!(calls.windows(2).all(|pair| pair[0] != pair[1]), "only changes of the word: {calls:?}");
    assert_eq!(viewer.toast(), "there is none behind this moment");
    viewer.press(KeyCode::Char('T'));
    assert_eq!(viewer.scene().verdict.call, calls[calls.len() - 2]);
}

#[test]
fn a_time_and_a_text_are_jumped_to() {
    let night = Recorded::new();
    let mut viewer = Viewer::sit(&night);
    viewer.types("@02:05");
    viewer.press(KeyCode::Enter);
    assert_eq!(viewer.scene().at, night::BEGAN_AT + 300_000);
    viewer.types("/it climbs");
    viewer.press(KeyCode::Enter);
    let last = viewer.reel.state().timeline.last().expect("an entry");
    assert_eq!(last.by, "Cy");
    viewer.types("@midnight");
    viewer.press(KeyCode::Enter);
    assert!(viewer.toast().starts_with("expected a time such as 02:14"), "{}", viewer.toast());
}

#[test]
fn a_breach_and_a_star_are_found() {
    let night = Recorded::new();
    let mut viewer = Viewer::sit(&night);
    viewer.press(KeyCode::Char('b'));
    let reasons = viewer.scene().verdict.reasons;
    assert!(reasons.iter().any(|reason| reason.code.word() == "breaching"), "{reasons:?}");
    viewer.press(KeyCode::Char('s'));
    let last = viewer.reel.state().timeline.last().expect("an entry");
    assert!(night.archive.state.record.stars.contains(&last.seq));
}

#[test]
fn nothing_is_decided_in_a_review() {
    let night = Recorded::new();
    let mut viewer = Viewer::sit(&night);
    for key in ['P', 'R', 'M', 'H'] {
        let effects = viewer.press(KeyCode::Char(key));
        assert!(effects.is_empty() && viewer.view.layers.is_empty(), "{key} opens nothing and sends nothing");
        assert!(viewer.toast().contains("a review changes nothing"), "{key}: {}", viewer.toast());
    }
}

#[test]
fn times_are_read_over_midnight_and_from_the_beginning() {
    let night = Recorded::new();
    let to = |text: &str| steps::time(&night.archive, text).expect("a time");
    assert_eq!(to("02:05"), Target::Moment(Moment(300_000)));
    assert_eq!(to("02:05:30Z"), Target::Moment(Moment(330_000)));
    assert_eq!(to("+5m"), Target::Moment(Moment(300_000)));
    assert_eq!(to("01:00"), Target::Moment(Moment(23 * 3_600_000)), "of the day after");
}

#[test]
fn a_stricter_limit_would_have_held() {
    let (_folder, archive) = kept(&night::Night::go().runs(60));
    let trial = Trial::read(archive.state.plan(), "error rate < 0.01 %").expect("a limit");
    let found = differences(&archive, &trial).expect("the log is there");
    let held: Vec<_> =
        found.iter().filter(|difference| difference.was == Call::Go && difference.until.is_none()).collect();
    assert_eq!(held.len(), 1, "GO at the end would have been HOLD: {found:#?}");
    assert_eq!(held[0].would, Call::Hold);
    assert!(held[0].reasons.iter().any(|reason| reason.subject == "error rate"), "{:?}", held[0].reasons);
}

#[test]
fn the_same_limit_says_the_same_and_what_is_no_limit_is_refused() {
    let night = Recorded::new();
    let same = Trial::read(night.archive.state.plan(), "error rate < 0.1 %").expect("a limit");
    assert_eq!(differences(&night.archive, &same).expect("the log is there"), []);
    assert!(Trial::read(night.archive.state.plan(), "throughput > 1").is_err());
    assert!(Trial::read(night.archive.state.plan(), "error rate < 5 ms").is_err());
}

#[test]
fn every_view_of_a_review_fits_every_size() {
    let night = Recorded::new();
    for keys in ["", "/hold", "g02:1", "?", ":"] {
        let mut viewer = Viewer::sit(&night);
        viewer.types("ttt");
        viewer.types(keys);
        let scene = viewer.scene();
        for page in Page::ALL {
            viewer.view.page = page;
            for (width, height) in
                (0..=60).step_by(6).flat_map(|width| (0..=30).step_by(5).map(move |height| (width, height)))
            {
                let mut frame = Buffer::empty(Rect::new(0, 0, width, height));
                board::draw(&scene, &viewer.view, Skin::default(), &mut frame);
                let control = frame.content.iter().find(|cell| cell.symbol().chars().any(char::is_control));
                assert_eq!(control, None, "{keys} {page:?} {width}x{height}");
            }
        }
    }
}

#[test]
fn another_limit_is_held_against_the_night_on_the_screen() {
    let calm = || night::Night::go().wobbles("error rate", 0.000_2).runs(60);
    let (_folder, archive) = kept(
        &calm()
            .wobbles("error rate", 0.000_6)
            .runs(40)
            .wobbles("error rate", 0.000_2)
            .runs(900)
            .wobbles("error rate", 0.000_6)
            .runs(60),
    );
    let mut viewer = Viewer::before(&archive);
    viewer.types("werror rate < 0.05 %");
    viewer.press(KeyCode::Enter);
    viewer.press(KeyCode::Char('i'));
    insta::assert_snapshot!(viewer.bar());
    let first = viewer.moment;
    viewer.press(KeyCode::Char('i'));
    assert!(viewer.moment > first, "there is another one");
    viewer.press(KeyCode::Char('I'));
    assert_eq!(viewer.moment, first);

    // A limit that is none says so, and a question with nothing in it ends it.
    viewer.types("wthroughput > 1");
    viewer.press(KeyCode::Enter);
    assert!(viewer.toast().starts_with("no gate is called"), "{}", viewer.toast());
    viewer.types("werror rate < 0.1 %");
    viewer.press(KeyCode::Enter);
    assert!(viewer.bar().contains("the same here"), "{}", viewer.bar());
    viewer.types("w");
    viewer.press(KeyCode::Enter);
    assert!(!viewer.bar().contains("what if"), "{}", viewer.bar());
}

#[test]
fn what_another_limit_gives_is_dropped_where_it_is_not_wanted_any_more() {
    let night = Recorded::new();
    let trial = |limit: &str| Trial::read(night.archive.state.plan(), limit).expect("a limit");
    let mut review = Review::new(Arc::clone(&night.archive));
    assert_eq!(review.tried((trial("error rate < 1 %"), Ok(Vec::new()))), None);
    review.what_if = Some(WhatIf::new(trial("error rate < 2 %")));
    assert_eq!(review.tried((trial("error rate < 1 %"), Ok(Vec::new()))), None);
    assert!(review.tried((trial("error rate < 2 %"), Err("the log is gone".to_owned()))).is_some());
    assert_eq!(review.what_if, None);
}
