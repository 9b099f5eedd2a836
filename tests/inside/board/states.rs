//! Each state of the board at each usual size: what somebody sees who has just been woken.

use crate::board::dump::{frame, styled, text};
use crate::board::keys::Desk;
use crate::board::looks::{COLOUR, snapshot};
use crate::board::night::{Night, plan_with};
use std::fmt::Write;
use warroom::judge::{HealthGot, Why};
use warroom::room::Disk;
use warroom::tui::region::verdict;

pub(crate) const SIZES: [(u16, u16); 4] = [(200, 60), (120, 36), (80, 24), (40, 10)];

fn states() -> Vec<(&'static str, Night)> {
    vec![
        ("preparation", Night::healthy().runs(30).does("tick Backups")),
        ("unmeasured", ready(Night::new())),
        ("shifting", Night::started().runs(20)),
        ("soaking", Night::soaking()),
        ("go", Night::go()),
        ("hold", held()),
        ("countdown", Night::soaking().reads("latency p95", 0.62).runs(30)),
        ("tripped", Night::soaking().reads("error rate", 0.071).runs(30)),
        ("waived", waived()),
        ("not-saved", not_saved()),
        ("approvals", at_the_end().does("as Ben: approve")),
        ("rejected", at_the_end().does("as Ben: approve").does("as Cleo: reject the bank's batch runs until three")),
        ("mismatch", mismatch()),
        ("closed", Night::go().does("as Ana: finish partial")),
    ]
}

/// With everything done that stands before the ramp.
fn ready(night: Night) -> Night {
    night.runs(10).does("tick Backups").does("tick On-call")
}

/// Held by nearly everything that can be wrong at once.
fn held() -> Night {
    let night = Night::soaking().reads("latency p95", 0.13).health(HealthGot::Down { why: "HTTP 503".to_owned() });
    let night = night.misses("cache hit", Why::NoData, "the query returned nothing").runs(30);
    night.does("as Ben: hold the bank has called").runs(5)
}

fn waived() -> Night {
    let night = Night::soaking().reads("cache hit", 0.85).runs(20);
    night.does("as Ben: waive cache hit 30m: cold after the restart").runs(30)
}

fn not_saved() -> Night {
    let mut night = Night::go().does("as Ana: note watching the queue");
    night.unsaved = 1;
    night.disk = Disk::Failing { why: "no space left on device".to_owned(), unsaved: 1 };
    night
}

/// In the last stage of the ramp, with nothing left but its approvals.
fn at_the_end() -> Night {
    let night = Night::go().does("as Ana: promote").runs(30).does("moved").ticks_stage().runs(1_000);
    night.does("as Ana: promote").runs(30).does("moved").ticks_stage().runs(1_900)
}

/// The traffic went back to where it came from.
fn mismatch() -> Night {
    let night = Night::of(plan_with("[traffic]\nquery = \"100 * new / all\"\n")).reads_well().reads("traffic", 10.0);
    let night = night.runs(60).does("tick Backups").does("tick On-call").does("as Ana: start 10%").runs(320);
    let night = night.ticks_stage().does("as Ana: promote").runs(20).reads("traffic", 25.0).runs(90);
    night.reads("traffic", 10.0).runs(30)
}

#[test]
fn every_state_at_every_size() {
    for (name, night) in states() {
        let desk = Desk::at(&night);
        let mut shots = String::new();
        for size in SIZES {
            let frame = frame(&desk.scene, &desk.view, COLOUR, size);
            let shown = text(&frame);
            let word = verdict::banner(&desk.scene).word;
            assert!(shown.contains(word), "{name} {size:?} does not say {word}:\n{shown}");
            if let Some(worst) = desk.scene.verdict.reasons.first().filter(|_| word != "CLOSED") {
                let begins: String = worst.text.chars().take(16).collect();
                assert!(shown.contains(&begins), "{name} {size:?} does not say why: {begins}\n{shown}");
            }
            let _ = write!(shots, "{}x{}\n{}\n", size.0, size.1, styled(&frame));
        }
        snapshot(&format!("state-{name}"), &shots);
    }
}

/// A GO to start proves nothing of what is measured, and does not look as if it did.
#[test]
fn a_go_to_start_names_its_key_and_says_how_little_is_known() {
    for (night, said) in [(Night::new(), "S starts 10%; nothing is measured yet"), (Night::healthy(), "S starts 10%")] {
        let desk = Desk::at(&ready(night));
        let shown = text(&frame(&desk.scene, &desk.view, COLOUR, (120, 36)));
        assert!(shown.contains(said), "{said}:\n{shown}");
    }
}
