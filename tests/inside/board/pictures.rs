//! The pictures of the documentation, drawn by the program from the demo's own plan. They are held
//! against what is drawn now; `WARROOM_PICTURES=write cargo test --test inside pictures` draws
//! them anew.

use crate::board::dump::frame;
use crate::board::keys::Desk;
use crate::board::night::Night;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use warroom::judge::Moment;
use warroom::plan::{Input, Text, compile};
use warroom::room::player::shown;
use warroom::session::store::{Archive, Reel, Target};
use warroom::text::Millis;
use warroom::tui::picture::svg;
use warroom::tui::review::Review;
use warroom::tui::scene::Scene;
use warroom::tui::skin::{Skin, Theme};
use warroom::tui::theme::Ground;
use warroom::tui::view::View;
use warroom::tui::views::Page;

const CHECKLIST: &str = include_str!("../../../config/demo.md");
const BINDINGS: &str = include_str!("../../../config/demo.toml");

fn picture(name: &str, page: Page, night: &Night) {
    let mut desk = Desk::at(night);
    desk.view.open(page);
    let drawn = frame(&desk.scene, &desk.view, Skin { theme: Theme::Dark, ascii: false }, (120, 36));
    keep(name, &svg(&drawn, Ground::Dark));
}

/// Holds a picture against the one that is kept, or keeps it.
fn keep(name: &str, drawn: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets").join(name);
    if std::env::var_os("WARROOM_PICTURES").is_some_and(|word| word == "write") {
        fs::write(&path, drawn).expect("a picture");
        return;
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    let again = "WARROOM_PICTURES=write cargo test --test inside pictures";
    assert!(kept == drawn, "{} is out of date: {again}", path.display());
}

/// The demo's plan, on a night on which all is well.
fn demo() -> Night {
    let text = |name, text| Text { name, text };
    let input = Input { checklist: text("demo.md", CHECKLIST), bindings: Some(text("demo.toml", BINDINGS)) };
    let night = Night::of(compile(input).plan).trickles(40.0);
    night
        .wobbles("error rate", 0.0004)
        .wobbles("latency p95", 0.158)
        .wobbles("payment success rate", 99.93)
        .wobbles("ledger queue", 14.0)
}

/// Into the soak of the second stage.
fn soaking() -> Night {
    let night =
        demo().runs(120).does("as Ana: tick Support desk").does("tick On-call").runs(10).does("start 10%").runs(20);
    let night = night.does("moved").runs(40).ticks_stage().runs(110).does("promote").runs(15).does("moved").runs(60);
    night.does("as Tomás: note Bank confirms: no chargebacks so far").does("tick Error rate").runs(30)
}

#[test]
fn pictures_show_what_is_drawn() {
    picture("board.svg", Page::Board, &soaking());
    picture("gates.svg", Page::Gates, &soaking());
    picture("rollback.svg", Page::Board, &soaking().wobbles("error rate", 0.031).runs(60));
}

#[test]
fn the_pictures_have_one_of_a_review() {
    let night = soaking().wobbles("error rate", 0.031).runs(60);
    let night = night.does("as Ana: rollback errors climb since 25%").runs(60).does("as Ana: star last");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("night.jsonl");
    night.write_log(&path);
    let archive = Arc::new(Archive::open(&path).expect("a session"));
    let mut reel = Reel::open(Arc::clone(&archive)).expect("a reel");
    // A while before it went wrong.
    let moment = Moment(archive.state.ramp.now.0 - 150_000);
    reel.wind(Target::Moment(moment)).expect("the log is there");
    let live = shown(&reel, moment);
    let scene = Scene::of(&live, live.now, Millis::MAX);
    let mut view = View::new("").at(Some(Review::new(archive)));
    view.notice(&scene, Millis::ZERO);
    let drawn = frame(&scene, &view, Skin { theme: Theme::Dark, ascii: false }, (120, 36));
    keep("review.svg", &svg(&drawn, Ground::Dark));
}
