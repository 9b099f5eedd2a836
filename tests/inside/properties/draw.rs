//! Random nights: checklists, bindings, readings and commands drawn from what matters to the
//! judgement. Most nights are good ones, or there would be no GO to lose.

use super::night::{Answer, Beside, METRICS, Night, Step, Texts};
use proptest::prelude::*;
use proptest::sample::select;
use std::fmt::Write as _;
use warroom::judge::{HealthGot, Why};
use warroom::text::Millis;

/// Draws a night.
pub(crate) fn night() -> impl Strategy<Value = Night> {
    (upper(), lower(), any::<bool>()).prop_flat_map(|(queue, pool, swap)| {
        let (queue, pool) = if swap { (pool, queue) } else { (queue, pool) };
        let texts = || {
            let both = (checklist(&queue, &pool), bindings(&queue, &pool));
            both.prop_map(|(checklist, bindings)| Texts { checklist, bindings })
        };
        (texts(), texts(), before(), prop::collection::vec(step(), 1..60)).prop_map(
            |(texts, amended, before, steps)| {
                // A night in which nobody ever starts is a dull one.
                let begin = ["as Ana: start! 10%: we must begin", "moved"];
                let begin = begin.map(|line| Step::Do { after: 0, line: line.to_owned() });
                Night { texts, amended, steps: before.into_iter().chain(begin).chain(steps).collect() }
            },
        )
    })
}

/// What happens before the start: mostly somebody reads what was, and signs.
fn before() -> impl Strategy<Value = Vec<Step>> {
    let papers = ["as Ana: sign Lead", "as Ana: score Code: 8", "as Bo: score Operations: 9"];
    let papers = papers.map(|line| Step::Do { after: 0, line: line.to_owned() });
    let captured = select(vec![Some(2.5), Some(2.5), Some(2.0), Some(1.0), Some(0.0), None]);
    let poll = (answers(), beside(), captured).prop_map(|(answers, beside, captured)| Step::Poll {
        after: 0,
        answers,
        health: HealthGot::Up { took: Millis(20) },
        beside,
        captured,
    });
    (poll, mostly()).prop_map(move |(poll, signed)| {
        std::iter::once(poll).chain(papers.clone().into_iter().filter(|_| signed)).collect()
    })
}

/// How a metric is limited: what the checklist asks of it, what trips a trigger, what is a disaster.
#[derive(Clone, Debug)]
struct Limits {
    pass: Vec<&'static str>,
    trigger: Vec<&'static str>,
    hard: &'static str,
}

fn upper() -> impl Strategy<Value = Limits> {
    let pass = select(vec![vec!["< 3", "<= 3"], vec!["<= 4"], vec!["< 3"], vec!["< 120% of baseline"]]);
    pass.prop_map(|pass| Limits { pass, trigger: vec!["> 4", "> 6", "> 4 sustained", "> 2x baseline"], hard: "> 6" })
}

fn lower() -> impl Strategy<Value = Limits> {
    let pass = select(vec![vec!["> 2", ">= 2"], vec![">= 2.5"], vec!["> 2"]]);
    pass.prop_map(|pass| Limits { pass, trigger: vec!["< 1", "< 2", "< 1 sustained"], hard: "< 1" })
}

fn checklist(queue: &Limits, pool: &Limits) -> impl Strategy<Value = String> + use<> {
    let soak = select(vec!["", " - monitor 10 seconds", " - monitor 1 minute"]);
    let stage = (soak, select(queue.pass.clone()), select(pool.pass.clone()), (mostly(), mostly()));
    let stages = prop::collection::vec(stage, 1..=3);
    let triggers = (prop::option::of(select(queue.trigger.clone())), prop::option::of(select(pool.trigger.clone())));
    let papers = select(vec!["", "", PAPERS]);
    let asked = select(vec!["", "", "\n**Decision point**: Proceed?\n\n---\n\n"]);
    (stages, triggers, mostly(), papers, asked).prop_map(|(stages, triggers, prepared, papers, asked)| {
        let mut text = format!("## Preparation\n- [{}] Backups verified\n\n{papers}## Ramp\n", box_of(prepared));
        for ((soak, queue, pool, (ticked, logs)), share) in stages.iter().zip([10, 50, 100]) {
            let tick = box_of(*ticked);
            let _ = writeln!(text, "- [ ] {share}% traffic{soak}\n  - [{tick}] Queue length {queue}");
            let _ = writeln!(
                text,
                "  - [{tick}] Pool size {pool}\n  - [{tick}] Noise < 3\n  - [{}] Logs look calm",
                box_of(*logs)
            );
            text.push_str(asked);
        }
        text.push_str("\n## Rollback triggers\n- Data corruption reported\n");
        for (trigger, metric) in [triggers.0, triggers.1].iter().zip(["Queue length", "Pool size"]) {
            text.extend(trigger.map(|trigger| format!("- {metric} {trigger}\n")));
        }
        text
    })
}

/// What is signed, scored and decided before the start.
const PAPERS: &str = "## Sign-off
- [ ] **Lead**: ________ Date: ____

## Readiness
| Category | Weight | Score (0-10) |
|---|---|---|
| Code | 60% | ___/10 |
| Operations | 40% | ___/10 |
| **Total** | 100% | - |

**Minimum score for production**: 8.0/10

**Go/No-Go**: are we ready?

";

fn mostly() -> impl Strategy<Value = bool> {
    prop::bool::weighted(0.8)
}

const fn box_of(ticked: bool) -> char {
    if ticked { 'x' } else { ' ' }
}

fn bindings(queue: &Limits, pool: &Limits) -> impl Strategy<Value = String> + use<> {
    let health = select(vec!["", "[health.api]\nurl = \"http://127.0.0.1:9/health\"\nfailures = 2\n"]);
    let stage = select(vec!["", "[stage.\"10%\"]\napprovals = 2\n", "[stage.\"10%\"]\nmax_gap = \"20s\"\n"]);
    let backfill = select(vec!["", "backfill = true\n"]);
    let metrics = (metric(METRICS[0], queue.hard), metric(METRICS[1], pool.hard));
    (backfill, metrics, health, stage, watched()).prop_map(|(backfill, (queue, pool), health, stage, watched)| {
        let source = "[source.prod]\nkind = \"prometheus\"\nurl = \"http://127.0.0.1:9090\"\nevery = \"5s\"\n";
        let noise = "[metric.noise]\nquery = \"job:noise\"\nunit = \"count\"\nadvisory = true\nhard = \"> 6\"\n";
        format!("{backfill}{source}{queue}{pool}{noise}{health}{stage}{watched}")
    })
}

/// What is watched beside the gates.
fn watched() -> impl Strategy<Value = String> {
    let alerts = select(vec!["", "", "[alerts]\n"]);
    let share = select(vec!["", "", "[traffic]\nquery = \"job:share_percent\"\n"]);
    let build = select(vec!["", "", "[build]\nquery = \"build_info\"\n"]);
    (alerts, share, build).prop_map(|(alerts, share, build)| format!("{alerts}{share}{build}"))
}

fn metric(name: &'static str, hard: &'static str) -> impl Strategy<Value = String> {
    // Identical queries would be one probe.
    let it = name.replace(' ', "_");
    let query = select(vec![format!("job:{it}"), format!("sum(rate({it}_total[20s]))")]);
    let hold = prop_oneof![3 => Just(""), 1 => Just("for = \"15s\"\n")];
    let hard = prop_oneof![2 => Just(String::new()), 1 => Just(format!("hard = \"{hard}\"\n"))];
    let on_fail = prop_oneof![2 => Just(""), 1 => Just("on_fail = \"rollback\"\n")];
    let more = select(vec![
        "",
        "missing_series = \"hold\"\n",
        "empty = \"zero\"\ntraffic = \"job:requests\"\nmin_traffic = 5\n",
        "traffic = \"job:requests\"\nmin_traffic = 5\n",
        "max_age = \"30s\"\n",
    ]);
    let old = prop_oneof![2 => Just(String::new()), 1 => Just(format!("baseline = \"job:old_{}\"\n", name.replace(' ', "_")))];
    (query, hold, hard, on_fail, more, old).prop_map(move |(query, hold, hard, on_fail, more, old)| {
        format!("[metric.\"{name}\"]\nquery = '{query}'\nunit = \"count\"\n{hold}{hard}{on_fail}{more}{old}")
    })
}

fn step() -> impl Strategy<Value = Step> {
    let after = prop_oneof![8 => Just(5_000), 1 => 1_u64..5_000, 1 => 5_000_u64..40_000];
    let health = prop_oneof![
        12 => Just(HealthGot::Up { took: Millis(20) }),
        1 => Just(HealthGot::Slow { took: Millis(900) }),
        1 => Just(HealthGot::Down { why: "HTTP 503".to_owned() }),
    ];
    let poll = (after, answers(), health, beside());
    prop_oneof![
        12 => poll.prop_map(|(after, answers, health, beside)| {
            Step::Poll { after, answers, health, beside, captured: None }
        }),
        2 => (prop::collection::vec(answers(), 0..20), beside())
            .prop_map(|(answers, beside)| Step::Backfill { answers, beside }),
        5 => (0_u64..4_000, line()).prop_map(|(after, line)| Step::Do { after, line }),
        1 => (0_u64..90_000).prop_map(|millis| Step::Sleep { millis }),
        1 => (0_u64..90_000).prop_map(|millis| Step::Crash { millis }),
    ]
}

/// Most polls find that all is as it was.
fn beside() -> impl Strategy<Value = Beside> {
    let alerts = prop_oneof![
        8 => Just(Some(Ok([false, false]))),
        1 => any::<[bool; 2]>().prop_map(|firing| Some(Ok(firing))),
        1 => why().prop_map(|why| Some(Err(why))),
        1 => Just(None),
    ];
    // Within tolerance of the first stage, of the others, and of none.
    let share = select(vec![Some(10.0), Some(10.0), Some(12.5), Some(50.0), Some(100.0), Some(14.0), None]);
    let build = select(vec![Some("v2"), Some("v2"), Some("v2"), Some("v3"), None]);
    (alerts, share, build).prop_map(|(alerts, share, build)| Beside { alerts, share, build })
}

/// Most polls find nothing but good values.
fn answers() -> impl Strategy<Value = Vec<Answer>> {
    let good = Answer::Value { value: 2.5, age: 0, traffic: Some(50.0), old: Some(2.5) };
    prop_oneof![3 => Just(vec![good; METRICS.len()]), 2 => prop::collection::vec(answer(), METRICS.len())]
}

pub(crate) fn answer() -> impl Strategy<Value = Answer> {
    // Around the limits of the checklist, and mostly good.
    let value = || select(vec![2.5, 2.5, 2.5, 2.0, 3.0, 4.0, 4.5, 7.0, 0.5]);
    let age = prop_oneof![6 => Just(0_i64), 1 => 0_i64..20_000, 1 => Just(-30_000), 1 => Just(240_000)];
    let traffic = prop_oneof![6 => Just(Some(50.0)), 1 => Just(Some(4.9)), 1 => Just(Some(0.0)), 1 => Just(None)];
    prop_oneof![
        8 => (value(), age, traffic.clone(), prop::option::weighted(0.7, value()))
            .prop_map(|(value, age, traffic, old)| Answer::Value { value, age, traffic, old }),
        2 => (value(), prop::option::of(value()), prop::bool::weighted(0.1))
            .prop_map(|(eu, us, gone)| Answer::Series { eu, us, gone }),
        2 => (why(), traffic).prop_map(|(why, traffic)| Answer::Miss(why, traffic)),
        1 => Just(Answer::Hung),
    ]
}

pub(crate) fn why() -> impl Strategy<Value = Why> {
    select(vec![Why::NoData, Why::NotFinite, Why::SourceDown, Why::Config, Why::Partial])
}

fn line() -> impl Strategy<Value = String> {
    let by = select(vec!["as Ana: ", "as Ana: ", "as Bo: ", ""]);
    let onwards = select(vec![
        "moved",
        "promote",
        "promote! we must",
        "start 10%",
        "start 50%",
        "start! 100%: we must",
        "approve",
        "resume",
        "tick Queue",
        "tick Pool size",
        "tick Noise",
        "tick Logs",
        "attest Ramp: we looked",
        "decide Proceed: yes",
        "decide Go/No-Go: go",
        "sign Lead",
        "score Code: 9",
    ]);
    let aside = select(vec![
        "waive queue: it is known",
        "waive pool size 20s: it is known",
        "untick Logs",
        "na Logs: there are none",
        "dismiss Data: it was a replica",
        "dismiss queue: it was a test",
        "dismiss pool size: it was a test",
        "note all is well",
        "reload it was a slip",
        "reload it was none",
        "tick Backups",
        "attest Preparation: done on Tuesday",
        "decide Proceed: no, not yet",
        "decide Go/No-Go: NO-GO",
        "unsign Lead",
        "score Operations: 2",
    ]);
    let grave =
        select(vec!["hold wait", "reject it looks odd", "trip Data corruption", "finish succeeded", "rollback it"]);
    (by, prop_oneof![12 => onwards, 6 => aside, 1 => grave]).prop_map(|(by, words)| format!("{by}{words}"))
}
