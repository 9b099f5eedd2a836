//! The pictures of the documentation, drawn by the program from the demo's own plan. They are held
//! against what is drawn now; `WARROOM_PICTURES=write cargo test --test board pictures` draws them anew.

use crate::dump::frame;
use crate::keys::Desk;
use crate::night::Night;
use std::fs;
use std::path::Path;
use warroom::plan::{Input, Text, compile};
use warroom::tui::picture::svg;
use warroom::tui::skin::{Skin, Theme};
use warroom::tui::views::Page;

const CHECKLIST: &str = include_str!("../../config/demo.md");
const BINDINGS: &str = include_str!("../../config/demo.toml");

fn picture(name: &str, page: Page, night: &Night) {
    let mut desk = Desk::at(night);
    desk.view.open(page);
    let drawn = svg(&frame(&desk.scene, &desk.view, Skin { theme: Theme::Dark, ascii: false }, (120, 36)));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets").join(name);
    if std::env::var_os("WARROOM_PICTURES").is_some_and(|word| word == "write") {
        fs::write(&path, drawn).expect("a picture");
        return;
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == drawn,
        "{} is out of date: WARROOM_PICTURES=write cargo test --test board pictures",
        path.display()
    );
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
