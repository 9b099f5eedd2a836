//! Random paperwork.

use super::facts::text;
use proptest::prelude::*;
use proptest::sample::select;
use warroom::plan::{CheckId, DecisionId, FieldId, GateId, ItemId, QuestionId, ScoreId, SectionId, SignOffId};
use warroom::session::Fact;
use warroom::session::record::{
    check, decision, field, note, question, region, remark, score, section, sign_off, star, way_back,
};

pub(crate) fn papers() -> impl Strategy<Value = Fact> {
    prop_oneof![what_is_written(), what_is_done()]
}

fn what_is_done() -> impl Strategy<Value = Fact> {
    let id = any::<u32>();
    let items = prop::collection::vec(id.prop_map(ItemId), 0..4);
    let normal = select(vec![way_back::Normal::Yes, way_back::Normal::No, way_back::Normal::Unknown]);
    let old = (id, normal, text()).prop_map(|(gate, is, text)| way_back::Old { gate: GateId(gate), is, text });
    prop_oneof![
        id.prop_map(|check| Fact::CheckDone(check::CheckDone { check: CheckId(check) })),
        (id, id).prop_map(|(item, region)| Fact::RegionTicked(region::RegionTicked { item: ItemId(item), region })),
        (id, id).prop_map(|(item, region)| Fact::RegionUnticked(region::RegionUnticked { item: ItemId(item), region })),
        (id, items, text()).prop_map(|(section, items, reason)| {
            let section = SectionId(section);
            Fact::SectionNotApplicable(section::SectionNotApplicable { section, items, reason })
        }),
        prop::collection::vec(old, 0..3)
            .prop_map(|normal| Fact::RollbackCompleted(way_back::RollbackCompleted { normal })),
    ]
}

fn what_is_written() -> impl Strategy<Value = Fact> {
    let id = any::<u32>();
    prop_oneof![
        (select(remark::About::ALL.to_vec()), text())
            .prop_map(|(about, text)| Fact::Remarked(remark::Remarked { about, text })),
        (id, text()).prop_map(|(question, answer)| {
            Fact::QuestionAnswered(question::QuestionAnswered { question: QuestionId(question), answer })
        }),
        (id, text()).prop_map(|(field, value)| Fact::FieldFilled(field::FieldFilled { field: FieldId(field), value })),
        id.prop_map(|field| Fact::FieldCleared(field::FieldCleared { field: FieldId(field) })),
        (id, text(), prop::option::of(id)).prop_map(|(decision, answer, item)| {
            Fact::DecisionMade(decision::DecisionMade {
                decision: DecisionId(decision),
                answer,
                item: item.map(ItemId),
            })
        }),
        id.prop_map(|role| Fact::SignedOff(sign_off::SignedOff { sign_off: SignOffId(role) })),
        id.prop_map(|role| Fact::SignOffWithdrawn(sign_off::SignOffWithdrawn { sign_off: SignOffId(role) })),
        any::<u64>().prop_map(|entry| Fact::EntryStarred(star::EntryStarred { entry })),
        any::<u64>().prop_map(|entry| Fact::EntryUnstarred(star::EntryUnstarred { entry })),
        (0..4_000_000_000_000_i64, text())
            .prop_map(|(happened_at, text)| Fact::NoteBackdated(note::NoteBackdated { happened_at, text })),
        (id, 0.0..10.0).prop_map(|(score, points)| Fact::Scored(score::Scored { score: ScoreId(score), points })),
    ]
}
