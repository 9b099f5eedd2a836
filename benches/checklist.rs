//! What a long checklist costs: `cargo bench --bench checklist`.
//!
//! One of a megabyte and one of ten, out of the plans that come with the program, each line once: ten
//! times the text may take ten times as long.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::fmt::Write;
use std::hint::black_box;
use warroom::plan::{Input, Text, compile};

const PLANS: [&str; 5] = [
    include_str!("../config/payments.md"),
    include_str!("../config/sequence.md"),
    include_str!("../config/rewrite.md"),
    include_str!("../config/platform.md"),
    include_str!("../config/canary.md"),
];

/// So many bytes of checklists, with a word in every box that no other line has.
fn long(bytes: usize) -> String {
    let mut text = String::with_capacity(bytes + 100_000);
    for (number, line) in PLANS.iter().cycle().flat_map(|plan| plan.lines()).enumerate() {
        if text.len() >= bytes {
            break;
        }
        text.push_str(line);
        if line.trim_start().starts_with("- [") {
            let _ = write!(text, " k{number}");
        }
        text.push('\n');
    }
    text
}

fn checklists(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("checklist");
    group.sample_size(10);
    for megabytes in [1, 10] {
        let text = long(megabytes * 1_000_000);
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_with_input(BenchmarkId::new("megabytes", megabytes), &text, |bencher, text| {
            bencher.iter(|| black_box(compile(Input { checklist: Text { name: "long.md", text }, bindings: None })));
        });
    }
    group.finish();
}

criterion_group!(benches, checklists);
criterion_main!(benches);
