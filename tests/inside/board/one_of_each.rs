//! A checklist with one of everything, from the evening before to the days after.
//!
//! Each snapshot is what somebody sees of it then: the board with what the clock says, the whole checklist,
//! the papers of the night, the rollback.

use crate::board::keys::Desk;
use crate::board::looks::{COLOUR, look, snapshot};
use crate::board::night::Night;
use warroom::plan::{self, Plan};
use warroom::report::checklist::complete;
use warroom::tui::views::Page;

/// Room for every line of it.
const WHOLE: (u16, u16) = (120, 110);
const USUAL: (u16, u16) = (120, 36);

fn plan() -> Plan {
    let checklist = plan::Text { name: "one-of-each.md", text: include_str!("one-of-each.md") };
    let bindings = plan::Text { name: "one-of-each.toml", text: include_str!("one-of-each.toml") };
    let compiled = plan::compile(plan::Input { checklist, bindings: Some(bindings) });
    assert!(compiled.diagnostics.is_empty(), "{:#?}", compiled.diagnostics);
    compiled.plan
}

fn shows(moment: &str, night: &Night, pages: &[Page]) {
    for page in pages {
        let mut desk = Desk::at(night);
        desk.view.open(*page);
        let (name, size) = match page {
            Page::Checklist => ("checklist", WHOLE),
            Page::Info => ("info", USUAL),
            Page::Rollback => ("rollback", USUAL),
            _ => ("board", USUAL),
        };
        look(&format!("each-{moment}-{name}"), &desk, COLOUR, size);
    }
}

/// Twenty minutes to two: one box, one name and one score are there, one of each is missing.
fn evening() -> Night {
    let night = Night::of(plan()).reads("error rate", 0.000_4).old_reads(0.000_3).runs(60).does("as Ana: tick Backup");
    night.does("as Ana: fill Ledger engineer on standby: Mara").does("as Ana: score Tests: 9").runs(30)
}

fn ramp() -> Night {
    let night = evening().does("as Ben: score Security: 8").does("as Ben: tick ledger v9").runs(60);
    night.does("as Ana: start 10%").runs(20).does("moved").runs(120)
}

/// The ramp has taken longer than it was given, and the old version's end is to be decided.
fn end_of_the_ramp() -> Night {
    let night = ramp().runs(600).ticks_stage().does("as Ana: promote").runs(20).does("moved").runs(400).ticks_stage();
    night.does("as Ben: region eu-north-1: Balances agree").runs(5)
}

fn watched() -> Night {
    let night = end_of_the_ramp().does("as Mara: decide Delete the old one or keep it?: delete");
    let night = night.does("as Mara: tick Old deployment deleted").does("as Ana: promote").runs(600);
    night.reads("error rate", 0.003).runs(30).reads("error rate", 0.000_4).runs(600)
}

#[test]
fn the_evening_before() {
    shows("evening", &evening(), &[Page::Board, Page::Checklist, Page::Info]);
}

#[test]
fn in_the_ramp() {
    shows("ramp", &ramp(), &[Page::Board]);
}

#[test]
fn at_the_end_of_the_ramp() {
    shows("end", &end_of_the_ramp(), &[Page::Board, Page::Checklist]);
}

#[test]
fn an_hour_that_is_watched() {
    shows("watched", &watched(), &[Page::Board, Page::Info]);
}

#[test]
fn the_way_back() {
    let night = ramp().does("as Ben: rollback customers cannot pay").runs(60).does("as Ben: tick Send everything");
    shows("back", &night, &[Page::Board, Page::Rollback]);
    shows("back-done", &night.does("as Ben: restored").runs(60), &[Page::Rollback]);
}

fn days_after() -> Night {
    let night = watched().runs(2_400).does("as Ana: fill Notes: one spike of a minute");
    let night =
        night.does("as Lena: sign Engineering lead").does("as Ana: answer What went well: the decision was quick");
    night.does("as Ana: finish partial").waits(25 * 3_600).does("as Ana: tick Partner banks asked")
}

#[test]
fn the_days_after_it() {
    shows("after", &days_after(), &[Page::Board, Page::Checklist, Page::Info]);
}

#[test]
fn the_completed_file() {
    let completed = complete(include_str!("one-of-each.md"), days_after().core.state());
    snapshot("each-completed", &completed.text());
}
