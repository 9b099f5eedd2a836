//! The demo's nights from beginning to end, flown by the autopilot: each ends as its story says, with
//! the documented exit code and an ordinary session left behind.

use std::path::Path;
use std::process::{Command, Stdio};
use warroom::judge::{Call, Code, Outcome};
use warroom::session::store::{self, Recorded};
use warroom::session::{Event, Fact};

/// Long enough to give nothing up: at this speed a busy machine looks like a slow source for a while.
const PATIENT: &str = "2h";

/// So many times faster than real. The nights are flown one after the other: three at once, each with its
/// three services, want more of a busy machine than it may have to give.
const SPEED: &str = "30";

/// Flies a night; gives its exit code and what it recorded.
fn fly(scenario: &str, give_up: &str, folder: &Path) -> (Option<i32>, Recorded) {
    let session = folder.join(format!("{scenario}.jsonl"));
    let status = Command::new(env!("CARGO_BIN_EXE_warroom"))
        .args([
            "demo",
            "--plain",
            "--auto",
            "--speed",
            SPEED,
            "--give-up",
            give_up,
            "--scenario",
            scenario,
            "--session",
        ])
        .arg(&session)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .expect("warroom runs");
    let recorded = store::read(&session).expect("a session");
    assert_eq!(recorded.strays, [], "{scenario}: it folds to the verdicts that were shown");
    (status.code(), recorded)
}

fn verdicts(events: &[std::sync::Arc<Event>]) -> impl Iterator<Item = (Call, Vec<Code>)> {
    events.iter().filter_map(|event| match &event.fact {
        Fact::VerdictChanged { call, reasons } => Some((*call, reasons.iter().map(|reason| reason.code).collect())),
        _ => None,
    })
}

fn healthy(folder: &Path) {
    let (code, recorded) = fly("healthy", PATIENT, folder);
    assert_eq!((code, recorded.core.state().outcome), (Some(0), Some(Outcome::Succeeded)));
}

fn error_spike(folder: &Path) {
    let (code, recorded) = fly("error-spike", PATIENT, folder);
    assert_eq!((code, recorded.core.state().outcome), (Some(3), Some(Outcome::RolledBack)));
    let tripped = verdicts(&recorded.core.state().timeline)
        .any(|(call, codes)| call == Call::Rollback && codes.contains(&Code::TriggerTripped));
    assert!(tripped, "a trigger called for the rollback");
}

fn blind(folder: &Path) {
    let (code, recorded) = fly("blind", "12m", folder);
    assert_eq!((code, recorded.core.state().outcome), (Some(4), None));
    // The traffic of the second stage moved, then the lights went out for good: no GO came any more.
    let timeline = &recorded.core.state().timeline;
    let moved = timeline.iter().rposition(|event| matches!(event.fact, Fact::TrafficMoved { .. })).expect("a stage");
    let calls: Vec<Call> = verdicts(&timeline[moved..]).map(|(call, _)| call).collect();
    assert!(!calls.is_empty() && !calls.contains(&Call::Go), "{calls:?}");
    let end = recorded.core.verdict();
    assert_eq!(end.call, Call::Hold);
    assert!(end.reasons.iter().any(|reason| reason.code == Code::SourceDown), "{end:?}");
}

#[test]
fn every_story_ends_as_it_must() {
    let folder = tempfile::tempdir().expect("a folder");
    healthy(folder.path());
    error_spike(folder.path());
    blind(folder.path());
}
