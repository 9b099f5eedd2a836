//! Random paperwork.

use super::facts::text;
use proptest::prelude::*;
use warroom::plan::{DecisionId, FieldId, ItemId, ScoreId, SignOffId};
use warroom::session::Fact;
use warroom::session::record::{decision, field, note, score, sign_off, star};

pub(crate) fn papers() -> impl Strategy<Value = Fact> {
    let id = any::<u32>();
    prop_oneof![
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
