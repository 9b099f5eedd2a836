//! What is expected of the paperwork.

use super::Expect;
use crate::plan::Plan;
use crate::session::State;
use crate::session::names::{Names, Prefer};
use crate::text::number;

impl Expect {
    pub(super) fn papers(&self, plan: &Plan, state: &State, misses: &mut Vec<String>) {
        let names = Names { plan, state };
        for (want, list, prefer) in [("done", &self.done, Prefer::Done), ("open", &self.open, Prefer::Open)] {
            for name in list {
                let got =
                    names.item(name, prefer).map(|item| if state.ramp.done[item.index()] { "done" } else { "open" });
                miss(misses, name, want, got.map_err(|error| error.to_string()));
            }
        }
        for (name, want) in &self.fields {
            let got =
                names.field(name).map(|id| state.record.fields[id.index()].as_ref().map(|entry| entry.value.as_str()));
            miss(misses, name, want, got.map(Option::unwrap_or_default).map_err(|error| error.to_string()));
        }
        for (name, want) in &self.decided {
            let got = names.decision(name);
            let got = got.map(|id| state.record.decisions[id.index()].as_ref().map(|entry| entry.value.text.as_str()));
            miss(misses, name, want, got.map(Option::unwrap_or_default).map_err(|error| error.to_string()));
        }
        for (name, want) in &self.signed {
            let got = names
                .sign_off(name)
                .map(|id| state.record.sign_offs[id.index()].as_ref().map(|entry| entry.by.as_str()));
            miss(misses, name, want, got.map(Option::unwrap_or_default).map_err(|error| error.to_string()));
        }
        if let Some(want) = self.score {
            let got = state.record.readiness(plan).and_then(|readiness| readiness.total);
            if got.is_none_or(|got| (got - want).abs() >= 0.005) {
                let got = got.map_or_else(|| "none".to_owned(), number::show);
                misses.push(format!("score: expected {}, got {got}", number::show(want)));
            }
        }
    }
}

fn miss(misses: &mut Vec<String>, name: &str, want: &str, got: Result<&str, String>) {
    match got {
        Ok(got) if got == want => {}
        Ok(got) => misses.push(format!("{name}: expected \"{want}\", got \"{got}\"")),
        Err(error) => misses.push(format!("{name}: {error}")),
    }
}
