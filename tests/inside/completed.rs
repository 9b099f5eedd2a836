//! The completed checklist: five systems from the first box to the last signature, and the property
//! that what was put in can be taken out again, byte for byte.

use proptest::prelude::*;
use std::fs;
use std::path::Path;
use std::sync::{Arc, LazyLock};
use warroom::plan::{self, FieldId, ItemId, Plan, QuestionId, SectionId, SignOffId};
use warroom::rehearse::{self, Scenario};
use warroom::report::checklist::complete;
use warroom::session::record::{field, question, remark, section, sign_off};
use warroom::session::{Event, Fact, State};
use warroom::text::Millis;

const SYSTEMS: [&str; 5] = ["payments", "sequence", "rewrite", "platform", "canary"];
/// 2026-03-14T02:00:00Z.
const BEGAN_AT: i64 = 1_773_453_600_000;

fn root(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn plan_of(system: &str) -> (String, Arc<Plan>) {
    let text = read(&root(&format!("config/{system}.md")));
    let bindings = read(&root(&format!("config/{system}.toml")));
    let compiled = plan::compile(plan::Input {
        checklist: plan::Text { name: "plan.md", text: &text },
        bindings: Some(plan::Text { name: "bindings.toml", text: &bindings }),
    });
    assert!(compiled.is_valid(), "{:?}", compiled.diagnostics);
    (text, Arc::new(compiled.plan))
}

/// The lines of a completed checklist that are not as they were.
fn changed(before: &str, after: &str) -> String {
    let known: std::collections::BTreeSet<&str> = before.lines().collect();
    after.lines().filter(|line| !known.contains(line)).collect::<Vec<_>>().join("\n")
}

#[test]
fn five_systems_from_the_first_box_to_the_completed_file() {
    for system in SYSTEMS {
        let path = root(&format!("tests/scenarios/systems/{system}.toml"));
        let beside = |name: &str| Ok(read(&path.with_file_name(name)));
        let scenario = Scenario::parse(&read(&path), &beside).expect("a scenario");
        let night = rehearse::run(&scenario).expect("a plan");
        assert!(night.failures.is_empty(), "{system}: {:#?}", night.failures);
        let (text, plan) = plan_of(system);
        let mut state = State::new(plan, BEGAN_AT);
        for event in &night.events {
            state.apply(event);
        }
        let completed = complete(&text, &state);
        let after = completed.text();
        assert_eq!(completed.original(&after).as_deref(), Some(text.as_str()), "{system}");
        insta::assert_snapshot!(format!("completed-{system}"), changed(&text, &after));
    }
}

/// Something written, said or ticked, about whatever the figure falls on.
fn fact(plan: &Plan, kind: u8, at: usize, text: &str) -> Option<Fact> {
    let of = |count: usize| (count > 0).then(|| at % count);
    Some(match kind {
        0 => Fact::ItemTicked { item: ItemId::at(of(plan.items.len())?), evidence: None },
        1 => Fact::ItemNotApplicable { item: ItemId::at(of(plan.items.len())?), reason: text.to_owned() },
        2 => Fact::FieldFilled(field::FieldFilled {
            field: FieldId::at(of(plan.fields.len())?),
            value: plan.fields[of(plan.fields.len())?].choices.first().map_or(text, String::as_str).to_owned(),
        }),
        3 => Fact::SignedOff(sign_off::SignedOff { sign_off: SignOffId::at(of(plan.sign_offs.len())?) }),
        4 => Fact::QuestionAnswered(question::QuestionAnswered {
            question: QuestionId::at(of(plan.questions.len())?),
            answer: text.to_owned(),
        }),
        5 => Fact::Remarked(remark::Remarked { about: remark::About::ALL[at % 3], text: text.to_owned() }),
        6 => Fact::Noted { text: text.to_owned() },
        7 => {
            let section = SectionId::at(of(plan.sections.len())?);
            Fact::SectionNotApplicable(section::SectionNotApplicable {
                section,
                items: vec![ItemId::at(of(plan.items.len())?)],
                reason: text.to_owned(),
            })
        }
        _ => Fact::ItemUnticked { item: ItemId::at(of(plan.items.len())?) },
    })
}

/// Compiled once: a plan of four hundred boxes takes its time in a debug build.
static PLANS: LazyLock<Vec<(String, Arc<Plan>)>> = LazyLock::new(|| SYSTEMS.map(plan_of).into());

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_was_put_in_can_be_taken_out(
        system in 0..SYSTEMS.len(),
        crlf in any::<bool>(),
        facts in prop::collection::vec((0_u8..9, any::<usize>(), ".{0,20}"), 0..40),
    ) {
        let (text, plan) = PLANS[system].clone();
        let text = if crlf { text.replace('\n', "\r\n") } else { text };
        let mut state = State::new(Arc::clone(&plan), BEGAN_AT);
        for (seq, (kind, at, said)) in (1..).zip(&facts) {
            if let Some(fact) = fact(&plan, *kind, *at, said) {
                let wall = BEGAN_AT + i64::try_from(seq).expect("a small figure") * 1_000;
                state.apply(&Event { seq, at: wall, mono: Millis(seq * 1_000), by: said.clone(), fact });
            }
        }
        let completed = complete(&text, &state);
        let after = completed.text();
        prop_assert_eq!(completed.original(&after), Some(text.clone()));
        let (before, now) = (text.lines().count(), after.lines().count());
        prop_assert!(now >= before, "no line is lost");
    }
}
