//! Random events of every kind.

use proptest::prelude::*;
use proptest::sample::select;
use warroom::judge::{
    Alert, Alerts, Baseline, Batch, Call, Captured, Class, Code, Got, HealthGot, HealthReading, Miss, Outcome, Point,
    Reading, Reason, Sample, Silent, Traffic,
};
use warroom::plan::{GateId, HealthId, ItemId, ProbeId, SectionId, StageId, TriggerId};
use warroom::session::event::{Decision, Evidence};
use warroom::session::{Event, Fact};
use warroom::text::Millis;

pub(crate) fn event() -> impl Strategy<Value = Event> {
    let at = 0_i64..4_000_000_000_000;
    (any::<u64>(), at, millis(), text(), fact()).prop_map(|(seq, at, mono, by, fact)| Event { seq, at, mono, by, fact })
}

fn fact() -> impl Strategy<Value = Fact> {
    prop_oneof![4 => polls(), 2 => programs(), 3 => course(), 4 => items(), 4 => words(), 4 => super::papers::papers()]
}

fn polls() -> impl Strategy<Value = Fact> {
    let batch = (
        prop::collection::vec(reading(), 0..4),
        prop::collection::vec(health(), 0..3),
        prop::option::of(alerts()),
        captured(),
    );
    prop_oneof![
        batch.prop_map(|(readings, health, alerts, captured)| {
            Fact::Polled(Batch { readings, health, alerts, captured })
        }),
        (call(), reasons()).prop_map(|(call, reasons)| Fact::VerdictChanged { call, reasons }),
    ]
}

fn programs() -> impl Strategy<Value = Fact> {
    prop_oneof![
        (text(), text()).prop_map(|(host, program)| Fact::SessionResumed { host, program }),
        (any::<u64>(), any::<u64>(), text()).prop_map(|(offset, bytes, sha256)| Fact::LogRecovered {
            offset,
            bytes,
            sha256
        }),
    ]
}

fn course() -> impl Strategy<Value = Fact> {
    let outcome = || select(Outcome::ALL.to_vec());
    prop_oneof![
        (stage(), decision()).prop_map(|(stage, decision)| Fact::StageStarted { stage, decision }),
        (stage(), prop::option::of(figure())).prop_map(|(stage, measured)| Fact::TrafficMoved { stage, measured }),
        (stage(), decision()).prop_map(|(stage, decision)| Fact::RampCompleted { stage, decision }),
        (text(), decision()).prop_map(|(reason, decision)| Fact::RolledBack { reason, decision }),
        (outcome(), outcome(), outcome()).prop_map(|(outcome, said, earned)| Fact::SessionFinished {
            outcome,
            said,
            earned
        }),
    ]
}

fn items() -> impl Strategy<Value = Fact> {
    let item = || any::<u32>().prop_map(ItemId);
    let evidence = (text(), text(), prop::option::of(figure()), prop::option::of(millis()));
    let evidence = evidence.prop_map(|(state, text, value, age)| Evidence { state, text, value, age });
    prop_oneof![
        (item(), prop::option::of(evidence)).prop_map(|(item, evidence)| Fact::ItemTicked { item, evidence }),
        item().prop_map(|item| Fact::ItemUnticked { item }),
        (item(), text()).prop_map(|(item, reason)| Fact::ItemNotApplicable { item, reason }),
        (any::<u32>().prop_map(SectionId), prop::collection::vec(item(), 0..4), text())
            .prop_map(|(section, items, reason)| Fact::SectionAttested { section, items, reason }),
    ]
}

fn words() -> impl Strategy<Value = Fact> {
    let trigger = || any::<u32>().prop_map(TriggerId);
    let gates = prop::collection::vec(any::<u32>().prop_map(GateId), 0..4);
    prop_oneof![
        text().prop_map(|reason| Fact::HoldSet { reason }),
        Just(Fact::HoldReleased),
        text().prop_map(|text| Fact::Noted { text }),
        (gates, text(), prop::option::of(millis())).prop_map(|(gates, reason, lasts)| Fact::GateWaived {
            gates,
            reason,
            lasts
        }),
        stage().prop_map(|stage| Fact::PromotionApproved { stage }),
        (stage(), text()).prop_map(|(stage, reason)| Fact::PromotionRejected { stage, reason }),
        (trigger(), text()).prop_map(|(trigger, reason)| Fact::TriggerDeclared { trigger, reason }),
        (trigger(), text()).prop_map(|(trigger, reason)| Fact::TriggerDismissed { trigger, reason }),
    ]
}

fn reading() -> impl Strategy<Value = Reading> {
    let got = prop_oneof![sample().prop_map(Got::Sample), miss().prop_map(Got::Miss)];
    let traffic = prop_oneof![figure().prop_map(Traffic::Rate), miss().prop_map(Traffic::Unknown)];
    let beside = (prop::option::of(traffic), prop::option::of(baseline()));
    (any::<u32>().prop_map(ProbeId), got, beside).prop_map(|(probe, got, (traffic, baseline))| Reading {
        probe,
        got,
        traffic,
        baseline,
    })
}

fn baseline() -> impl Strategy<Value = Baseline> {
    let cells = prop::collection::vec((figure(), text()).prop_map(|(value, labels)| Point { value, labels }), 0..3);
    let measured =
        (figure(), figure(), cells).prop_map(|(lowest, highest, cells)| Baseline::Measured { lowest, highest, cells });
    prop_oneof![measured, miss().prop_map(Baseline::Unknown)]
}

fn captured() -> impl Strategy<Value = Vec<Captured>> {
    let one = (any::<u32>().prop_map(ProbeId), baseline());
    prop::collection::vec(one.prop_map(|(probe, baseline)| Captured { probe, baseline }), 0..3)
}

fn sample() -> impl Strategy<Value = Sample> {
    let point = (figure(), text()).prop_map(|(value, labels)| Point { value, labels });
    let silent = (text(), prop::option::of(figure())).prop_map(|(labels, last)| Silent { labels, last });
    let value = (figure(), text(), prop::option::of(point));
    let time = (any::<i64>(), any::<i64>(), prop::option::of(millis()));
    let texts = || prop::collection::vec(text(), 0..3);
    let names = (texts(), texts());
    let missing = (prop::collection::vec(text(), 0..3), prop::collection::vec(silent, 0..3), names);
    (value, time, missing).prop_map(
        |((value, labels, lowest), (data_at, age, interval), (gone, silent, (texts, speaking)))| {
            let cells = Vec::new();
            let skew = None;
            Sample {
                value,
                labels,
                lowest,
                data_at,
                age,
                skew,
                interval,
                gone,
                silent,
                speaking,
                topped: None,
                cells,
                texts,
            }
        },
    )
}

fn miss() -> impl Strategy<Value = Miss> {
    (super::draw::why(), text()).prop_map(|(why, detail)| Miss { why, detail })
}

fn health() -> impl Strategy<Value = HealthReading> {
    let got = prop_oneof![
        millis().prop_map(|took| HealthGot::Up { took }),
        millis().prop_map(|took| HealthGot::Slow { took }),
        text().prop_map(|why| HealthGot::Down { why }),
    ];
    (any::<u32>().prop_map(HealthId), got).prop_map(|(health, got)| HealthReading { health, got })
}

fn alerts() -> impl Strategy<Value = Alerts> {
    let alert = (text(), text()).prop_map(|(name, labels)| Alert { name, labels });
    prop_oneof![prop::collection::vec(alert, 0..3).prop_map(Alerts::Firing), miss().prop_map(Alerts::Miss)]
}

fn decision() -> impl Strategy<Value = Decision> {
    (call(), prop::option::of(text()), reasons()).prop_map(|(verdict, overrides, against)| Decision {
        verdict,
        overrides,
        against,
    })
}

fn reasons() -> impl Strategy<Value = Vec<Reason>> {
    let class = select(vec![Class::Rollback, Class::NotKnowing, Class::NotGood, Class::NotYet, Class::Person]);
    let code = select(vec![Code::TriggerTripped, Code::SourceDown, Code::Failing, Code::Soaking, Code::ItemOpen]);
    let reason = (code, class, text(), text(), text()).prop_map(|(code, class, subject, source, text)| Reason {
        code,
        class,
        subject,
        source,
        text,
    });
    prop::collection::vec(reason, 0..3)
}

fn call() -> impl Strategy<Value = Call> {
    select(vec![Call::Go, Call::Hold, Call::Rollback])
}

fn stage() -> impl Strategy<Value = StageId> {
    any::<u32>().prop_map(StageId)
}

fn millis() -> impl Strategy<Value = Millis> {
    any::<u64>().prop_map(Millis)
}

/// Every finite figure, the smallest and the largest too.
fn figure() -> impl Strategy<Value = f64> {
    any::<f64>().prop_filter("figures in the log are finite", |value| value.is_finite())
}

pub(crate) fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[ -~]{0,12}", any::<String>(), Just(String::new())]
}
