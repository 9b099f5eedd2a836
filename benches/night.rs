//! What a tick and a frame cost: `cargo bench --bench night`.
//!
//! Read the figures against each other, and before and after a change; they move from machine to
//! machine.

#[path = "../tests/inside/board/night.rs"]
#[expect(dead_code, reason = "the board's tests use the rest of it")]
mod night;

use criterion::{Criterion, criterion_group, criterion_main};
use crossterm::event::{KeyCode, KeyEvent};
use night::Night;
use ratatui::layout::Size;
use std::fmt::Write;
use std::hint::black_box;
use warroom::judge::{Batch, Got, Moment, Ramp, Reading, Sample};
use warroom::plan::{Input, Plan, ProbeId, StageId, Text, compile};
use warroom::text::Millis;
use warroom::tui::board;
use warroom::tui::painter::Painter;
use warroom::tui::skin::{Skin, Theme};
use warroom::tui::view::View;

/// A ramp of one stage with so many gates, each on a metric of its own.
fn plan(gates: usize) -> Plan {
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
    assert!(compiled.is_valid() && compiled.plan.gates.len() == gates, "{:?}", compiled.diagnostics);
    compiled.plan
}

fn batch(gates: usize, at: i64) -> Batch {
    let reading = |probe| {
        let sample =
            Sample { value: 0.001, data_at: at, age: 500, interval: Some(Millis::from_secs(5)), ..Sample::default() };
        Reading { probe: ProbeId::at(probe), got: Got::Sample(sample), traffic: None, baseline: None }
    };
    Batch { readings: (0..gates).map(reading).collect(), ..Batch::default() }
}

fn judging(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("judge one tick");
    for gates in [30, 1_000] {
        let plan = plan(gates);
        let mut ramp = Ramp::new(&plan);
        ramp.start(&plan, StageId(0), Moment(0));
        ramp.moved(&plan, Moment(0));
        let mut now = 0;
        group.bench_function(format!("{gates} gates"), |bencher| {
            bencher.iter(|| {
                now += 5_000;
                let at = i64::try_from(now).unwrap_or(i64::MAX);
                ramp.advance(&plan, Moment(now), black_box(&batch(gates, at)));
                black_box(ramp.verdict(&plan))
            });
        });
    }
    group.finish();
}

fn drawing(criterion: &mut Criterion) {
    let reads = |night: Night| (0..30).fold(night, |night, gate| night.wobbles(&format!("shard {gate} errors"), 0.001));
    let night = reads(Night::of(plan(30))).runs(60).does("as Ana: start 10%").does("moved").runs(120);
    let (before, after) = (night.scene(), reads(night).runs(5).scene());
    let (skin, size, view) = (Skin { theme: Theme::Dark, ascii: false }, Size::new(200, 50), View::new("Ana"));
    let mut group = criterion.benchmark_group("draw 200x50, 30 gates");
    let mut painter = Painter::new();
    let mut scenes = [&before, &after].into_iter().cycle();
    group.bench_function("every poll changed", |bencher| {
        bencher.iter(|| {
            let scene = scenes.next().expect("a cycle");
            black_box(painter.frame(size, |frame| board::draw(scene, &view, skin, frame)).expect("memory"))
        });
    });
    let mut reader = View::new("Ana");
    let mut keys = [KeyCode::Char('?'), KeyCode::Esc].into_iter().cycle();
    group.bench_function("a key opens the help, another closes it", |bencher| {
        bencher.iter(|| {
            let key = KeyEvent::from(keys.next().expect("a cycle"));
            black_box(reader.press(&after, key, Millis::ZERO));
            let bytes = painter.frame(size, |frame| board::draw(&after, &reader, skin, frame)).expect("memory");
            assert!(bytes.is_some(), "a key is answered");
        });
    });
    group.bench_function("nothing changed", |bencher| {
        let _first = painter.frame(size, |frame| board::draw(&after, &view, skin, frame));
        bencher.iter(|| {
            let bytes = painter.frame(size, |frame| board::draw(&after, &view, skin, frame)).expect("memory");
            assert!(bytes.is_none(), "nothing is written when nothing has changed");
        });
    });
    group.finish();
}

criterion_group!(benches, judging, drawing);
criterion_main!(benches);
