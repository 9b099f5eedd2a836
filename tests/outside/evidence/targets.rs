//! Targets of which one dies, one freezes, one begins again and one has no errors yet.

use crate::evidence::log::Walk;
use crate::evidence::watched::Watched;
use crate::evidence::world::{NO_NEW_ERRORS, World, now};
use crate::evidence::{SCRAPE, SLACK, errors, or_none, source};
use crate::support::prometheus::Prometheus;
use std::fmt::Write;
use std::path::Path;
use warroom::judge::Code;

/// So old data may be, and so far back queries look.
const THREE_SCRAPES: i64 = 3_000;
const WINDOW: i64 = 8_000;

#[test]
fn what_only_looks_like_evidence_is_none() {
    let [mut dies, freezes, resets] = [(); 3].map(|()| World::start(NO_NEW_ERRORS));
    let (freezes, has_none) = (freezes.stamps(), World::start(""));
    let worlds = [("dying", &dies), ("frozen", &freezes), ("reset", &resets), ("clean", &has_none)];
    let targets = worlds.map(|(_, world)| world.service.target());
    let Some(prometheus) = Prometheus::start(&targets, SCRAPE) else { return };
    let mut checklist = "# Ledger v3\n## Ramp\n- [ ] 10% traffic - monitor 10 minutes\n".to_owned();
    let mut bindings = source(&prometheus.url());
    for ((name, _), target) in worlds.iter().zip(&targets) {
        let _ = writeln!(checklist, "  - [x] {name} errors < 0.1%");
        let more = if *name == "clean" { or_none(target) } else { String::new() };
        bindings.push_str(&errors(name, target, &more));
    }
    let folder = tempfile::tempdir().expect("a folder");
    let mut night = Watched::begin(folder.path(), &checklist, &bindings);
    night.starts();
    night.is("GO");
    for name in ["dying", "frozen", "reset", "clean"] {
        night.sees(&["PASS", &format!("{name} errors"), "0 %"]);
    }

    // Counters that begin again are neither errors nor negative.
    resets.reset();
    night.seat.until("a window of requests since then", || resets.requests() > 450);
    night.sees(&["PASS", "reset errors", "0 %"]);

    // The same samples again and again, as old as when they were taken.
    let frozen_at = now();
    freezes.freeze();
    night.is("HOLD");
    night.sees(&["stale", "frozen errors"]);
    night.sees(&["STALE", "frozen errors"]);
    night.sees(&["PASS", "reset errors"]);
    let thawed_at = now();
    freezes.thaw();
    night.is("GO");

    // A target that is gone, while the window still holds what it said; then nobody remembers it.
    let died_at = now();
    dies.service.shut();
    night.is("HOLD");
    night.sees(&["stale", "dying errors"]);
    night.sees(&["STALE", "dying errors"]);
    night.sees(&["no-data", "dying errors"]);
    let came_back_at = now();
    dies.service.reopen();
    night.is("GO");

    // Nothing that was never counted is zero where no requests flow.
    let stopped_at = now();
    has_none.freeze();
    night.is("HOLD");
    night.sees(&["no-data", "clean errors"]);
    let flows_at = now();
    has_none.thaw();
    night.is("GO");
    let log = night.log.clone();
    assert_eq!(night.seat.end(), Some(4));
    proves(
        &log,
        &[
            (frozen_at + THREE_SCRAPES, thawed_at),
            (died_at + THREE_SCRAPES, came_back_at),
            // So long its window holds requests.
            (stopped_at + WINDOW, flows_at),
        ],
    );
}

/// Walks the whole log: each fate has its reason, and no GO rests on what was gone.
fn proves(log: &Path, gone: &[(i64, i64)]) {
    let walk = Walk::of(log);
    for (code, subject) in
        [(Code::Stale, "frozen errors"), (Code::Stale, "dying errors"), (Code::NoData, "dying errors")]
    {
        assert!(walk.has(code, subject), "{code} {subject}: {:?}", walk.reasons);
    }
    assert!(
        !walk.reasons.iter().any(|(code, _)| matches!(code, Code::Breaching | Code::Failing)),
        "{:?}",
        walk.reasons
    );
    let of_the_reset = walk.reasons.iter().filter(|(_, subject)| subject == "reset errors");
    assert!(of_the_reset.clone().all(|(code, _)| matches!(code, Code::WarmUp | Code::NoData)), "{:?}", walk.reasons);
    let count = walk.each_go(|go| {
        for name in ["dying", "frozen", "reset", "clean"] {
            let age = go.age_of(&format!("{name} errors"));
            assert!(age <= THREE_SCRAPES + SLACK, "GO at {} on {name} errors, {age} ms old", go.at);
        }
        for &(from, to) in gone {
            let is_unearned = go.at > from + SLACK && go.at < to;
            assert!(!is_unearned, "GO at {}, {} ms after a target was known to be gone", go.at, go.at - from);
        }
    });
    assert!(count > 0, "there was a GO to lose");
}
