//! How a session ends on disk: closed, gone on with, closed again; and what cannot be in a log.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use crate::support::plan;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::mpsc;
use warroom::clock::Clock;
use warroom::judge::{Call, Outcome};
use warroom::room::follow::{Comes, Guest};
use warroom::room::keeping::OnHost;
use warroom::room::{Room, Saved};
use warroom::session::log::{self, Durability, Ending, Log, Owner, Settings, Writer};
use warroom::session::store::{self, Held, Recorded, StoreError};
use warroom::session::{Command, Header, Intent, Mode, Text};

fn owner() -> Owner {
    Owner::here("02:00:03Z")
}

fn header() -> Header {
    Header {
        warroom: 1,
        program: "warroom 9.9.9".to_owned(),
        mode: Mode::Live,
        host: "bastion".to_owned(),
        began_at: 1_773_453_600_000,
        checklist: Text::new("a.md", ""),
        bindings: None,
        plan: plan::empty(),
    }
}

fn place() -> (TempDir, PathBuf) {
    let place = TempDir::new().unwrap();
    let path = place.path().join("night.jsonl");
    (place, path)
}

/// Sits in the room of a held session, says a few lines, and leaves.
async fn sit(held: Held, lines: &[&str]) {
    let observe = |_: &_| mpsc::channel(1).1;
    let (room, seat) = Room::open(held, Clock::real(), observe, Vec::new(), Settings::default()).unwrap();
    let room = tokio::spawn(room.run());
    for line in lines {
        let intent = Intent { command: Command::parse(line).unwrap(), by: "Ana".to_owned(), seen: None };
        assert_eq!(seat.intend(intent).await.unwrap(), Saved::OnDisk, "{line}");
    }
    drop(seat);
    assert_eq!(room.await.unwrap().log.unsaved, []);
}

async fn finished() -> (TempDir, PathBuf) {
    let (place, path) = place();
    sit(store::begin(&path, header(), owner()).unwrap(), &["note all is well", "finish inconclusive"]).await;
    (place, path)
}

/// What `verify` finds closed: so many events, on the head of the line before.
fn closed(recorded: &Recorded) -> u64 {
    let closing = recorded.closing.as_ref().expect("it is closed");
    assert_eq!((closing.outcome, closing.seq), (Outcome::Inconclusive, recorded.records));
    assert_eq!(closing.records + 1, recorded.records);
    closing.records
}

#[tokio::test]
async fn a_finished_session_ends_in_a_close_record() {
    let (_place, path) = finished().await;
    let recorded = store::read(&path).unwrap();
    assert_eq!(recorded.ending, Ending::Clean);
    closed(&recorded);
    let text = std::fs::read_to_string(&path).unwrap();
    let last: serde_json::Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    assert_eq!(last["kind"], "session_closed");
    assert_eq!(last["head"], last["prev"], "it closes on the line before it");
}

#[tokio::test]
async fn follow_ups_are_chained_on_behind_the_close_and_closed_again() {
    let (_place, path) = finished().await;
    let before = closed(&store::read(&path).unwrap());
    sit(store::resume(&path, owner()).unwrap(), &["note the post-mortem is written"]).await;
    let recorded = store::read(&path).unwrap();
    assert_eq!(closed(&recorded), before + 2, "the first close record, then the note");
    assert!(recorded.strays.is_empty());
}

#[tokio::test]
async fn a_close_record_that_was_cut_off_is_missed() {
    let (_place, path) = finished().await;
    let text = std::fs::read_to_string(&path).unwrap();
    let cut = text.trim_end().rfind('\n').unwrap() + 1;
    std::fs::write(&path, text.split_at(cut).0).unwrap();
    let recorded = store::read(&path).unwrap();
    assert_eq!((recorded.ending, recorded.closing), (Ending::Clean, None));
    assert_eq!(recorded.core.state().outcome, Some(Outcome::Inconclusive), "the chain alone does not show it");
}

#[test]
fn a_session_of_a_newer_format_is_read_as_far_as_it_is_understood() {
    let (_place, path) = place();
    let log = Log::create(&path, &serde_json::to_string(&Header { warroom: 2, ..header() }).unwrap(), owner()).unwrap();
    let mut writer = Writer::start(log, Settings::default()).unwrap();
    let note = r#"{"seq":1,"at":"2026-03-14T02:00:01Z","mono":1,"by":"Ana","kind":"noted","text":"hello"}"#;
    writer.append(1, note.to_owned(), Durability::Sync);
    drop(writer.close(Duration::from_secs(60)));
    let recorded = store::read(&path).unwrap();
    assert_eq!((recorded.records, recorded.core.state().timeline.len()), (1, 1));
    assert_eq!(recorded.not_understood.as_deref(), Some("its format is 2, and this version knows 1"));
    let refused = store::resume(&path, owner()).unwrap_err();
    assert!(matches!(refused, StoreError::Log(log::Error::TooNew { found: 2, .. })), "{refused}");
}

#[tokio::test]
async fn what_is_not_understood_is_no_go_for_whoever_watches() {
    let (_place, path) = place();
    log_with(&path, &[r#""kind":"moon_rose","phase":0.5"#]);
    let keeping = OnHost::new(path.clone(), Clock::real());
    let (_guest, seat, _clock) = Guest::sit(keeping, &path, Comes::ToWatch).await.unwrap();
    let verdict = seat.live.borrow().verdict.clone();
    assert_eq!(verdict.call, Call::Hold);
    let why = "a newer warroom writes this session: event 1";
    assert!(verdict.reasons.iter().any(|reason| reason.text.starts_with(why)), "{verdict:?}");
}

/// A log with lines that only a program of another kind writes.
fn log_with(path: &Path, members: &[&str]) {
    let log = Log::create(path, &serde_json::to_string(&header()).unwrap(), owner()).unwrap();
    let mut writer = Writer::start(log, Settings::default()).unwrap();
    for (seq, members) in (1..).zip(members) {
        let body = format!(r#"{{"seq":{seq},"at":"2026-03-14T02:00:0{seq}Z","mono":{seq},{members}}}"#);
        writer.append(seq, body, Durability::Sync);
    }
    assert_eq!(writer.close(Duration::from_secs(60)).unsaved, []);
}

#[test]
fn events_of_a_later_version_are_passed_over_and_never_appended_to() {
    let (_place, path) = place();
    let note = r#""kind":"noted","text":"before and after""#;
    log_with(&path, &[note, r#""kind":"moon_rose","phase":0.5"#, note]);
    let recorded = store::read(&path).unwrap();
    assert_eq!((recorded.records, recorded.core.state().timeline.len()), (3, 2));
    let [passed_over] = recorded.passed_over.as_slice() else { panic!("{:?}", recorded.passed_over) };
    assert_eq!((passed_over.seq, passed_over.kind.as_str()), (2, "moon_rose"));
    let untold = store::Archive::open(&path).unwrap().untold().unwrap_or_default();
    assert!(untold.contains("a \"moon_rose\", is none that this version knows"), "a review says so too: {untold}");
    let bytes = std::fs::read(&path).unwrap();
    let refused = store::resume(&path, owner()).unwrap_err();
    assert!(matches!(refused, StoreError::NotUnderstood { .. }), "{refused}");
    assert!(refused.to_string().contains("event 2 (line 3), a \"moon_rose\", is none that this version knows"));
    assert_eq!(std::fs::read(&path).unwrap(), bytes, "nothing is written");
}

#[test]
fn an_event_that_cannot_be_is_damage_and_no_panic() {
    let cases = [
        (r#""kind":"item_ticked","item":99"#, "it names item 99"),
        (r#""kind":"promotion_approved","stage":3"#, "it names stage 3"),
        (r#""kind":"gate_waived","gates":[0],"reason":"x""#, "it names gate 0"),
        (r#""kind":"trigger_declared","trigger":7,"reason":"x""#, "it names trigger 7"),
        (r#""kind":"section_attested","section":1,"items":[],"reason":"x""#, "it names section 1"),
        (r#""kind":"session_closed","outcome":"failed","records":7,"head":"00""#, "it closes 7 events, and 0 stand"),
        (r#""kind":"session_closed","outcome":"failed","records":0,"head":"00""#, "is not that of the event before it"),
    ];
    for (members, want) in cases {
        let (_place, path) = place();
        log_with(&path, &[members]);
        for error in [store::read(&path).unwrap_err(), store::resume(&path, owner()).unwrap_err()] {
            assert!(matches!(error, StoreError::Misfit { seq: 1, line: 2, .. }), "{error}");
            assert!(error.to_string().contains(want), "{error}");
        }
    }
}
