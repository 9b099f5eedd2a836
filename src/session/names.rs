//! What a typed name means: without regard to case, by prefix, the active stage first.

mod paper;

use super::state::State;
use crate::judge::Status;
use crate::plan::{Duty, GateId, ItemId, Plan, SectionId, StageId, TriggerId};
use crate::text::number;
use std::fmt;

/// A name that means nothing, or too much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameError {
    Unknown { what: &'static str, name: String, nearest: Option<String> },
    Ambiguous { what: &'static str, name: String, candidates: Vec<String> },
    NoReason { what: &'static str, text: String },
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { what, name, nearest } => {
                write!(f, "no {what} is called \"{name}\"")?;
                nearest.as_ref().map_or(Ok(()), |nearest| write!(f, "; did you mean \"{nearest}\"?"))
            }
            Self::Ambiguous { what, name, candidates } => {
                write!(f, "\"{name}\" may be any of these {what}s: {}", candidates.join("; "))
            }
            Self::NoReason { what, text } => write!(f, "expected a {what}, a colon and a reason, got \"{text}\""),
        }
    }
}

/// One thing that can be named.
struct Candidate<T> {
    id: T,
    /// What it answers to.
    names: Vec<String>,
    /// How it is listed where a name may mean several.
    label: String,
    /// Nearer things, the active stage's for instance, are tried first.
    distance: u8,
}

/// How much of a name must be there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fit {
    Whole,
    Prefix,
}

impl Fit {
    fn holds(self, known: &str, wanted: &str) -> bool {
        match self {
            Self::Whole => known == wanted,
            Self::Prefix => known.starts_with(wanted),
        }
    }
}

/// Finds the one thing a name means: among the nearest first, a whole name before a prefix.
fn find<T: Copy>(what: &'static str, name: &str, candidates: &[Candidate<T>]) -> Result<T, NameError> {
    // A line is meant to the digit: `@2` is not `@20`.
    let fits: &[Fit] = if name.trim().starts_with('@') { &[Fit::Whole] } else { &[Fit::Whole, Fit::Prefix] };
    let tries = distances(candidates).into_iter().flat_map(|distance| fits.iter().map(move |fit| (distance, *fit)));
    find_in(what, name, candidates, tries)
}

/// Finds the one thing a name means: a whole name anywhere before a prefix, and no prefix of a bare
/// figure: `5` is not `50%`.
fn find_whole_first<T: Copy>(what: &'static str, name: &str, candidates: &[Candidate<T>]) -> Result<T, NameError> {
    let is_figure = !name.chars().any(char::is_alphabetic);
    let fits = if is_figure { vec![Fit::Whole] } else { vec![Fit::Whole, Fit::Prefix] };
    let distances = distances(candidates);
    let tries = fits.into_iter().flat_map(|fit| distances.iter().map(move |distance| (*distance, fit)));
    find_in(what, name, candidates, tries)
}

fn distances<T>(candidates: &[Candidate<T>]) -> Vec<u8> {
    let mut distances: Vec<u8> = candidates.iter().map(|candidate| candidate.distance).collect();
    distances.sort_unstable();
    distances.dedup();
    distances
}

fn find_in<T: Copy>(
    what: &'static str,
    name: &str,
    candidates: &[Candidate<T>],
    tries: impl Iterator<Item = (u8, Fit)>,
) -> Result<T, NameError> {
    let wanted = normal(name);
    for (distance, fit) in tries {
        let near = candidates.iter().filter(|candidate| candidate.distance == distance);
        let found: Vec<_> =
            near.filter(|candidate| candidate.names.iter().any(|known| fit.holds(&normal(known), &wanted))).collect();
        match found.as_slice() {
            [] => {}
            [only] => return Ok(only.id),
            several => {
                let candidates = several.iter().map(|candidate| candidate.label.clone()).collect();
                return Err(NameError::Ambiguous { what, name: name.to_owned(), candidates });
            }
        }
    }
    Err(NameError::Unknown { what, name: name.to_owned(), nearest: nearest(&wanted, candidates) })
}

fn nearest<T>(wanted: &str, candidates: &[Candidate<T>]) -> Option<String> {
    candidates
        .iter()
        .flat_map(|candidate| &candidate.names)
        .map(|known| (strsim::jaro_winkler(&normal(known), wanted), known))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, known)| known.clone())
}

fn normal(name: &str) -> String {
    // A sign before the words is decoration: nobody types "✅ YES".
    let is_sign = |c: char| c.is_whitespace() || !(c.is_ascii() || c.is_alphanumeric());
    name.trim().trim_matches('"').trim_start_matches(is_sign).to_lowercase()
}

/// Splits `NAME: REASON` at the first colon whose left side means something; a name that holds colons
/// goes on as long as it means the same: `Phase 2: Ledger: done on Monday`.
fn split<T: PartialEq>(
    what: &'static str,
    text: &str,
    mut find: impl FnMut(&str) -> Result<T, NameError>,
) -> Result<(T, String), NameError> {
    let mut first_error = None;
    let mut split = None;
    for (at, _) in text.match_indices(':') {
        let (name, reason) = text.split_at(at);
        let reason = reason.trim_start_matches(':').trim();
        match find(name.trim()) {
            Ok(found) if !reason.is_empty() && split.as_ref().is_none_or(|(known, _)| *known == found) => {
                split = Some((found, reason.to_owned()));
            }
            Ok(_) => {}
            Err(error) => first_error = first_error.or(Some(error)),
        }
    }
    split.ok_or_else(|| first_error.unwrap_or(NameError::NoReason { what, text: text.to_owned() }))
}

/// Looks names up in a plan, as it stands now.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a> {
    pub plan: &'a Plan,
    pub state: &'a State,
}

/// Which items a name is looked for among first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prefer {
    Open,
    Done,
}

impl Names<'_> {
    /// A stage by its name, its line or its share: `25%`, `25`, `hour 1`.
    pub fn stage(&self, name: &str) -> Result<StageId, NameError> {
        let candidates = self.plan.stages.iter().enumerate().map(|(at, stage)| {
            let mut names = vec![stage.name.clone(), stage.text.clone()];
            if let Some(share) = stage.share {
                names.extend([number::show(share), format!("{}%", number::show(share))]);
            }
            // A share is worn by one stage at a time: the one that has not been run comes first. Of two,
            // the one that is called by it is meant.
            let run = self.state.ramp.stages[at].status != Status::Pending;
            let other = !stage.name.eq_ignore_ascii_case(name.trim());
            let distance = u8::from(run) * 2 + u8::from(other);
            Candidate { id: StageId::at(at), names, label: stage.name.clone(), distance }
        });
        find_whole_first("stage", name, &candidates.collect::<Vec<_>>())
    }

    /// `STAGE: REASON`.
    pub fn stage_and_reason(&self, text: &str) -> Result<(StageId, String), NameError> {
        split("stage", text, |name| self.stage(name))
    }

    /// An item by its text, its metric or its line: `Error rate`, `@143`.
    pub fn item(&self, name: &str, prefer: Prefer) -> Result<ItemId, NameError> {
        let here = self.state.ramp.current;
        let candidates = self.plan.items.iter().enumerate().map(|(at, item)| {
            let near = if here.is_none() { item.duty == Duty::Start } else { item.stage == here };
            let id = ItemId::at(at);
            let mut names = vec![item.text.clone(), format!("@{}", item.line)];
            names.extend(self.plan.gates.iter().filter(|gate| gate.item == Some(id)).map(|gate| gate.name.clone()));
            let unwanted = self.state.ramp.done[at] != (prefer == Prefer::Done);
            let label = format!("\"{}\" (@{})", item.text, item.line);
            Candidate { id, names, label, distance: u8::from(!near) * 2 + u8::from(unwanted) }
        });
        find("item", name, &candidates.collect::<Vec<_>>())
    }

    /// `ITEM: REASON`.
    pub fn item_and_reason(&self, text: &str) -> Result<(ItemId, String), NameError> {
        split("item", text, |name| self.item(name, Prefer::Open))
    }

    /// A section by its title or its line.
    pub fn section_and_reason(&self, text: &str) -> Result<(SectionId, String), NameError> {
        let candidates = self.plan.sections.iter().enumerate().map(|(at, section)| Candidate {
            id: SectionId::at(at),
            names: vec![section.title.clone(), format!("@{}", section.line)],
            label: format!("\"{}\" (@{})", section.title, section.line),
            distance: 0,
        });
        let candidates: Vec<_> = candidates.collect();
        split("section", text, |name| find("section", name, &candidates))
    }

    /// A metric's gates: those that count in the current stage, else the error says so.
    pub fn gates(&self, name: &str) -> Result<Vec<GateId>, NameError> {
        let counting = self.state.ramp.counting_gates(self.plan).map(|gate| (gate, self.plan.gate(gate)));
        let mut candidates: Vec<Candidate<GateId>> = Vec::new();
        for (id, gate) in counting {
            if !candidates.iter().any(|known| known.label == gate.name) {
                let names = vec![gate.name.clone()];
                candidates.push(Candidate { id, names, label: gate.name.clone(), distance: 0 });
            }
        }
        let found = find("gate of this stage", name, &candidates)?;
        let name = &self.plan.gate(found).name;
        Ok(self.state.ramp.counting_gates(self.plan).filter(|gate| self.plan.gate(*gate).name == *name).collect())
    }

    /// `METRIC: REASON`, with the text before the colon for what else stands there.
    pub fn gates_and_reason<T: PartialEq>(
        &self,
        text: &str,
        read: impl Fn(&Self, &str) -> Result<T, NameError>,
    ) -> Result<(T, String), NameError> {
        split("metric", text, |name| read(self, name))
    }

    /// The triggers that are meant by a metric, a sentence or a line: one, or all conditions of one line.
    pub fn triggers(&self, name: &str) -> Result<Vec<TriggerId>, NameError> {
        let error = match self.trigger(name) {
            Ok(trigger) => return Ok(vec![trigger]),
            Err(error) => error,
        };
        let mut lines: Vec<Candidate<u32>> = Vec::new();
        for trigger in &self.plan.triggers {
            if !lines.iter().any(|known| known.id == trigger.line) {
                let of_line = self.plan.triggers.iter().filter(|other| other.line == trigger.line);
                let mut names: Vec<String> = of_line.map(|other| other.name.clone()).collect();
                names.extend([trigger.text.clone(), format!("@{}", trigger.line)]);
                let label = format!("\"{}\" (@{})", trigger.text, trigger.line);
                lines.push(Candidate { id: trigger.line, names, label, distance: 0 });
            }
        }
        let line = find("trigger", name, &lines).map_err(|_| error)?;
        let of_line = self.plan.triggers.iter().enumerate().filter(|(_, trigger)| trigger.line == line);
        Ok(of_line.map(|(at, _)| TriggerId::at(at)).collect())
    }

    /// One trigger by its metric, its sentence or its line.
    pub fn trigger(&self, name: &str) -> Result<TriggerId, NameError> {
        let candidates = self.plan.triggers.iter().enumerate().map(|(at, trigger)| Candidate {
            id: TriggerId::at(at),
            names: vec![trigger.name.clone(), trigger.text.clone(), format!("@{}", trigger.line)],
            label: format!("\"{}\" (@{})", trigger.text, trigger.line),
            distance: 0,
        });
        find("trigger", name, &candidates.collect::<Vec<_>>())
    }

    /// `TRIGGER: REASON`.
    pub fn triggers_and_reason(&self, text: &str) -> Result<(Vec<TriggerId>, String), NameError> {
        split("trigger", text, |name| self.triggers(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names are known by their beginning.
    fn cut(text: &str) -> Option<(&'static str, String)> {
        let known = ["Phase 2: Ledger migration", "Error rate"];
        let find = |name: &str| {
            let found = known.into_iter().find(|known| known.starts_with(name) && !name.is_empty());
            found.ok_or(NameError::NoReason { what: "section", text: name.to_owned() })
        };
        split("section", text, find).ok()
    }

    #[test]
    fn a_reason_begins_where_the_name_has_ended() {
        let ledger = "Phase 2: Ledger migration";
        assert_eq!(cut("Phase 2: Ledger migration: done"), Some((ledger, "done".to_owned())));
        assert_eq!(cut("Phase 2: Ledger: on Monday: by hand"), Some((ledger, "on Monday: by hand".to_owned())));
        assert_eq!(
            cut("Error rate: known: it is the proxy"),
            Some(("Error rate", "known: it is the proxy".to_owned()))
        );
        assert_eq!(cut("Error rate:"), None);
    }
}
