//! What a session's log costs: `cargo bench --bench session`.
//!
//! - Acknowledging a decision, against a bare write and sync of the same bytes: at most 1.3 times.
//! - Replaying a million events, each read, checked, parsed and folded: under a second.
//! - Opening a log with every line checked: 250 MB a second at least.
//! - Opening a night for a review: 100 MB in under a second; winding it to anywhere: no visible delay.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use std::fmt::Write as _;
use std::fs::{self, File, OpenOptions};
use std::hint::black_box;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use warroom::judge::{Batch, Got, Moment, Reading, Sample};
use warroom::plan::{Input, ProbeId, Text, compile};
use warroom::room::player::shown;
use warroom::session::log::{Durability, Log, Owner, Reader, Settings, Writer, verify};
use warroom::session::store::{Archive, Reel, Target};
use warroom::session::{Event, Fact, Header, Mode, store};
use warroom::text::Millis;

const BEGAN_AT: i64 = 1_773_453_600_000;

fn header(gates: usize) -> Header {
    let mut checklist = "# Night\n\n## Ramp\n- [ ] 10% traffic - monitor 10 minutes\n".to_owned();
    let mut bindings = "[source.prod]\nkind = \"prometheus\"\nurl = \"http://127.0.0.1:9090\"\n".to_owned();
    for gate in 0..gates {
        let _ = writeln!(checklist, "  - [ ] Shard {gate} errors < 1%");
        let _ = writeln!(
            bindings,
            "[metric.\"shard {gate} errors\"]\nquery = 'shard_errors{{shard=\"{gate}\"}}'\nunit = \"ratio\""
        );
    }
    let text = |text| Text { name: "night", text };
    let compiled = compile(Input { checklist: text(&checklist), bindings: Some(text(&bindings)) });
    assert!(compiled.is_valid(), "{:?}", compiled.diagnostics);
    let text = |text: &str| warroom::session::Text::new("night", text);
    Header {
        warroom: 1,
        program: "warroom".to_owned(),
        mode: Mode::Live,
        host: "bastion".to_owned(),
        began_at: BEGAN_AT,
        checklist: text(&checklist),
        bindings: None,
        plan: compiled.plan,
    }
}

fn reading(probe: usize, at: i64) -> Reading {
    let sample = Sample {
        value: 0.001 + 0.000_01 * f64::from(u32::try_from(at / 1_000 % 7).unwrap_or(0)),
        data_at: at,
        age: 500,
        interval: Some(Millis::from_secs(5)),
        ..Sample::default()
    };
    Reading { probe: ProbeId::at(probe), got: Got::Sample(sample), traffic: None, baseline: None }
}

/// A log on disk with so many polls of so many gates.
fn log_of(place: &Path, name: &str, polls: u64, gates: usize, read: usize) -> PathBuf {
    let path = place.join(name);
    let text = serde_json::to_string(&header(gates)).expect("a header");
    let log = Log::create(&path, &text, Owner::here("now")).expect("a log");
    let mut writer =
        Writer::start(log, Settings { flush: Duration::from_secs(600), ..Settings::default() }).expect("a thread");
    for seq in 1..=polls {
        let mono = Millis::from_secs(5) * seq;
        let at = BEGAN_AT + i64::try_from(mono.0).expect("a night");
        let batch = Batch { readings: (0..read).map(|probe| reading(probe, at)).collect(), ..Batch::default() };
        let event = Event { seq, at, mono, by: String::new(), fact: Fact::Polled(batch) };
        writer.append(seq, event.to_json(), Durability::Flush);
    }
    assert!(writer.close(Duration::from_secs(600)).unsaved.is_empty());
    path
}

fn note(seq: u64) -> String {
    let at = BEGAN_AT + i64::try_from(seq).expect("a night");
    let text = "the database failover is done, replication lag is 0.3 s".to_owned();
    Event { seq, at, mono: Millis(seq), by: "Ana".to_owned(), fact: Fact::Noted { text } }.to_json()
}

/// What a note is as a line.
fn note_line(place: &Path) -> Vec<u8> {
    let path = place.join("one.jsonl");
    let log = Log::create(&path, r#"{"warroom":1}"#, Owner::here("now")).expect("a log");
    let mut writer = Writer::start(log, Settings::default()).expect("a thread");
    writer.append(1, note(1), Durability::Sync);
    assert!(writer.close(Duration::from_secs(60)).unsaved.is_empty());
    let bytes = fs::read(&path).expect("a log");
    let header = bytes.iter().position(|byte| *byte == b'\n').expect("a header") + 1;
    bytes.get(header..).expect("a line").to_vec()
}

fn acknowledging(criterion: &mut Criterion) {
    // On a disk, where there is one: memory syncs nothing.
    let place = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let line = note_line(place.path());
    let mut group = criterion.benchmark_group("acknowledge a note");
    group.throughput(Throughput::Bytes(line.len() as u64));
    let mut bare = OpenOptions::new().append(true).create_new(true).open(place.path().join("bare")).expect("a file");
    group.bench_function("bare write and sync", |bencher| {
        bencher.iter(|| bare.write_all(&line).and_then(|()| bare.sync_data()).expect("a disk"));
    });
    let log = Log::create(&place.path().join("night.jsonl"), r#"{"warroom":1}"#, Owner::here("now")).expect("a log");
    let mut writer = Writer::start(log, Settings::default()).expect("a thread");
    let mut state = writer.state();
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let mut seq = 0;
    group.bench_function("acknowledged by the log", |bencher| {
        bencher.iter(|| {
            seq += 1;
            writer.append(seq, note(seq), Durability::Sync);
            runtime.block_on(state.wait_for(|disk| disk.durable == seq)).expect("a thread").durable
        });
    });
    group.finish();
}

fn opening(criterion: &mut Criterion) {
    let place = TempDir::new().expect("a folder");
    let path = log_of(place.path(), "wide.jsonl", 6_000, 50, 50);
    let bytes = File::open(&path).and_then(|file| file.metadata()).expect("a file").len();
    let mut group = criterion.benchmark_group("open a log of 50 gates");
    group.sample_size(10).throughput(Throughput::Bytes(bytes));
    group.bench_function("every line checked", |bencher| {
        bencher.iter(|| black_box(verify(&path).expect("a log")).records);
    });
    group.bench_function("checked, parsed and folded", |bencher| {
        bencher.iter(|| black_box(store::read(&path).expect("a session")).records);
    });
    group.finish();
}

fn reviewing(criterion: &mut Criterion) {
    let place = TempDir::new().expect("a folder");
    let path = log_of(place.path(), "night.jsonl", 6_000, 50, 50);
    let bytes = File::open(&path).and_then(|file| file.metadata()).expect("a file").len();
    let mut group = criterion.benchmark_group("review a night of 50 gates");
    group.sample_size(10).throughput(Throughput::Bytes(bytes));
    group.bench_function("opened", |bencher| {
        bencher.iter(|| black_box(Archive::open(&path).expect("a session")).records);
    });
    group.finish();
    let archive = Arc::new(Archive::open(&path).expect("a session"));
    let end = archive.state.ramp.now.0;
    let mut reel = Reel::open(archive).expect("a reel");
    let mut group = criterion.benchmark_group("scrub a night of 50 gates");
    let mut moment = 0;
    group.bench_function("to anywhere", |bencher| {
        bencher.iter(|| {
            // A long stride through the night, round and round: seldom the same neighbourhood twice.
            moment = (moment + end * 5 / 13) % end;
            reel.wind(Target::Moment(Moment(moment))).expect("a log");
            black_box(shown(&reel, Moment(moment))).state.seq
        });
    });
    group.finish();
}

fn replaying(criterion: &mut Criterion) {
    let place = TempDir::new().expect("a folder");
    let path = log_of(place.path(), "long.jsonl", 1_000_000, 1, 0);
    let mut group = criterion.benchmark_group("replay a million events");
    group.sample_size(10).throughput(Throughput::Elements(1_000_000));
    let mut reader = Reader::open(&path).expect("a log");
    let mut events = Vec::with_capacity(1_000_000);
    while let Some(line) = reader.next_line().expect("a line") {
        events.push(Event::from_json(line.text).expect("an event"));
    }
    let recorded = store::read(&path).expect("a session");
    let fresh = || warroom::session::Core::new(recorded.core.plan().clone(), BEGAN_AT);
    group.bench_function("folded", |bencher| {
        bencher.iter_batched(
            fresh,
            |mut core| {
                for event in &events {
                    core.replay(event);
                }
                core
            },
            BatchSize::PerIteration,
        );
    });
    group.bench_function("read, checked, parsed and folded", |bencher| {
        bencher.iter(|| black_box(store::read(&path).expect("a session")).records);
    });
    group.finish();
}

criterion_group!(benches, acknowledging, opening, reviewing, replaying);
criterion_main!(benches);
