//! The ramp and the observation periods: which lines are stages, how far each reaches, how long it
//! soaks.
//!
//! A stage is a heading, a list item, a comment in a block of commands, a row of a table or a part
//! of a row of arrows that names a share of the traffic. Tables and rows of arrows are overviews:
//! where the same shares are also steps to tick, the steps are the ramp.

mod cohort;
mod hours;
mod overview;
mod rank;
mod reach;
pub(super) mod same;
mod share;
mod soak;

use super::checklist::LONG;
use super::diagnostic::Diagnostic;
use super::markdown::{Entry, Kind};
use super::outline::{Outline, Topic};
use super::tokens;
use super::words::{self, Key};
use super::{Stage, StageId, StageKind};
use crate::cores::{both, gathered};
use crate::order;
use crate::text::{Millis, number};
use hours::Hours;
use std::collections::{BTreeMap, BTreeSet};

/// Not knowing for longer than this starts a soak again, where the bindings say nothing else.
const MAX_GAP: Millis = Millis::from_secs(60);

/// The stages of a checklist, and the entries that stand in them.
#[derive(Debug, Default)]
pub(super) struct Stages {
    pub list: Vec<Stage>,
    /// The entries that stages were made from.
    pub starts: Vec<usize>,
    /// Beside the entries.
    of: Vec<Option<StageId>>,
    /// Entries that say how long a stage soaks.
    pub soaks: BTreeSet<usize>,
    /// Entries that move the traffic of the stage they stand in.
    pub moves: BTreeSet<usize>,
    /// Stages that ask for what an earlier one does, with that one.
    pub same: Vec<(StageId, StageId)>,
    pub diagnostics: Vec<Diagnostic>,
    names: Names,
}

/// The names that stages have, so that each is its own.
#[derive(Debug, Default)]
struct Names {
    /// How often each was asked for.
    asked: BTreeMap<String, u32>,
    taken: BTreeSet<String>,
}

impl Names {
    /// A name that no other stage has: `10% (2)` for the second `10%`.
    fn unique(&mut self, name: &str) -> String {
        loop {
            let asked = self.asked.entry(name.to_owned()).or_default();
            *asked += 1;
            let own = if *asked == 1 { name.to_owned() } else { format!("{name} ({asked})") };
            if self.taken.insert(own.clone()) {
                return own;
            }
        }
    }
}

impl Stages {
    pub(super) fn of(&self, entry: usize) -> Option<StageId> {
        self.of.get(entry).copied().flatten()
    }

    /// Puts an entry into a stage.
    pub(super) fn place(&mut self, entry: usize, id: StageId) {
        if let Some(of) = self.of.get_mut(entry) {
            *of = Some(id);
        }
    }

    /// The entry of the first stage.
    pub(super) fn first(&self) -> Option<usize> {
        self.starts.iter().copied().min()
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = StageId> + use<> {
        (0..self.list.len()).map(StageId::at)
    }

    /// The stages that an entry of one of them belongs to: those that were made from the same line.
    pub(super) fn together(&self, id: StageId) -> Vec<StageId> {
        let line = self.list[id.index()].line;
        self.ids().filter(|other| *other == id || (line > 0 && self.list[other.index()].line == line)).collect()
    }

    /// Those that ask for what stands in a stage: made from the same line, or the same in their own words.
    pub(super) fn asking(&self, id: StageId) -> Vec<StageId> {
        let mut asking = self.together(id);
        for (later, earlier) in &self.same {
            if asking.contains(earlier) && !asking.contains(later) {
                asking.extend(self.together(*later));
            }
        }
        asking
    }

    /// The stage of a name, in any case, or of a share.
    pub(super) fn named(&self, wanted: &str) -> Option<StageId> {
        let wanted = wanted.trim().to_lowercase();
        let share = wanted.trim_end_matches('%').trim().parse::<f64>().ok();
        let by_name = self.list.iter().position(|stage| stage.name.to_lowercase() == wanted);
        let by_share = || self.list.iter().position(|stage| share.is_some() && stage.share == share);
        by_name.or_else(by_share).map(StageId::at)
    }

    /// Adds a stage that only the bindings know, where its share belongs.
    pub(super) fn add(&mut self, name: &str, share: f64) -> StageId {
        let is_behind =
            |stage: &Stage| stage.kind == StageKind::Observe || stage.share.is_some_and(|other| other > share);
        let place = self.list.iter().position(is_behind).unwrap_or(self.list.len());
        let stage = Stage {
            name: self.names.unique(name),
            text: name.to_owned(),
            line: 0,
            kind: StageKind::Ramp,
            share: Some(share),
            soak: None,
            soak_max: None,
            max_gap: MAX_GAP,
            approvals: 0,
        };
        self.list.insert(place, stage);
        let moved = |id: StageId| if id.index() >= place { StageId::at(id.index() + 1) } else { id };
        self.of = self.of.iter().map(|of| of.map(moved)).collect();
        self.same = self.same.iter().map(|(later, earlier)| (moved(*later), moved(*earlier))).collect();
        StageId::at(place)
    }
}

impl Stages {
    /// Adds a stage that only a row of a table tells of, beside others that have a step of their own.
    fn add_row(&mut self, entries: &[Entry], row: &Start) {
        let (Some(share), entry) = (row.share(), &entries[row.entry]) else { return };
        let id = self.add(&name(share), share);
        let stage = &mut self.list[id.index()];
        entry.text.clone_into(&mut stage.text);
        stage.line = entry.line;
        stage.soak = row.soak.as_ref().map(|soak| soak.low);
        stage.soak_max = row.soak.as_ref().and_then(|soak| soak.high);
        self.place(row.entry, id);
    }
}

/// A line that begins a stage.
#[derive(Clone, Debug)]
struct Start {
    entry: usize,
    kind: StartKind,
    /// From an overview: its soak, if it says one.
    soak: Option<tokens::Span>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum StartKind {
    Ramp(f64),
    /// To those who are named, in the line's own words.
    Cohort,
    Observe(Hours),
}

impl Start {
    const fn share(&self) -> Option<f64> {
        match self.kind {
            StartKind::Ramp(share) => Some(share),
            StartKind::Cohort | StartKind::Observe(_) => None,
        }
    }

    const fn hours(&mut self) -> Option<&mut Hours> {
        match &mut self.kind {
            StartKind::Observe(hours) => Some(hours),
            StartKind::Ramp(_) | StartKind::Cohort => None,
        }
    }

    const fn is_ramp(&self) -> bool {
        !matches!(self.kind, StartKind::Observe(_))
    }
}

pub(super) fn read(entries: &[Entry], outline: &Outline) -> Stages {
    let mut stages = Stages::default();
    let (steps, overview) = both(entries.len() > LONG, || steps(entries, outline), || overview::read(entries, outline));
    let (starts, rows) = overview::merge(steps, overview, entries);
    let starts = rank::in_order(starts, entries);
    let starts = ascending(starts, entries, &mut stages.diagnostics);
    let mut starts = to_everybody(starts, entries, outline);
    hours::tell(&mut starts.iter_mut().filter_map(Start::hours).collect::<Vec<_>>());
    stages.of = reach::of(entries, outline, &starts);
    let inside = inside(&stages.of, starts.len());
    let mut in_section: BTreeMap<_, BTreeSet<usize>> = BTreeMap::new();
    for start in &starts {
        in_section.entry(outline.of(start.entry)).or_default().insert(start.entry);
    }
    for start in &starts {
        // Stages of one line share what stands under it.
        let last = starts.partition_point(|other| other.entry <= start.entry).saturating_sub(1);
        let alone = in_section.get(&outline.of(start.entry)).is_some_and(|lines| lines.len() == 1);
        let stage = stage(entries, start, alone, &inside[last], &mut stages);
        stages.list.push(stage);
        stages.starts.push(start.entry);
    }
    elapsed(&mut stages.list);
    stages.moves.extend(moves(entries, &starts, &inside));
    stages.run_order();
    for row in &rows {
        stages.add_row(entries, row);
    }
    stages.same = same::read(entries, &stages);
    stages
}

/// Says whether stages are not to be looked for in an entry's sections.
fn is_elsewhere(outline: &Outline, entry: usize) -> bool {
    let topics = [Topic::Trigger, Topic::Rollback, Topic::SignOff, Topic::Contacts];
    topics.into_iter().any(|topic| outline.within(entry, topic))
}

/// Lines that begin a stage by themselves.
fn steps(entries: &[Entry], outline: &Outline) -> Vec<Start> {
    let of = |entry: usize| Some(Start { entry, kind: step(&entries[entry])?, soak: None });
    let steps = gathered(0..entries.len(), LONG, &|places| {
        places.filter(|at| !is_elsewhere(outline, *at)).filter_map(of).collect()
    });
    rank::with_siblings(steps, entries, outline)
}

fn step(entry: &Entry) -> Option<StartKind> {
    if let Some(hours) = hours::of(entry) {
        return Some(StartKind::Observe(hours));
    }
    let can_start = matches!(entry.kind, Kind::Heading { .. } | Kind::Item { .. } | Kind::Comment) || entry.is_label();
    if !can_start || words::is_decision(entry.key()) || same::is_said(entry) {
        return None;
    }
    let may_move = share::may_be_named(&entry.text, entry.signs());
    let shares = if may_move { share::moved(asked(entry)) } else { Vec::new() };
    match shares.as_slice() {
        [share] if !is_watching(entry) && !is_verifying(entry) && share::speaks_of_moving(&entry.text) => {
            Some(StartKind::Ramp(*share))
        }
        [] if cohort::of(entry).is_some() && !is_watching(entry) && !is_verifying(entry) => Some(StartKind::Cohort),
        _ => None,
    }
}

/// The text of a box without the question mark that decorates it: `Traffic at 10% ?`. A question with two
/// answers stays one.
fn asked(entry: &Entry) -> &str {
    let is_one = || ![" or ", " ou ", " oder ", " o "].iter().any(|or| entry.text.contains(or));
    let plain = entry.text.strip_suffix(" ?").filter(|_| entry.ticked().is_some() && is_one());
    plain.unwrap_or(&entry.text)
}

fn first_word(entry: &Entry) -> Option<Key> {
    entry.text.split_whitespace().find(|word| word.contains(char::is_alphabetic)).map(words::key)
}

/// `Verify 10% traffic` looks at a stage and begins none.
fn is_verifying(entry: &Entry) -> bool {
    first_word(entry).is_some_and(|word| words::is_verifying(&word))
}

/// A heading that watches a stage rather than beginning one: `Monitor 25% (5 minutes)`.
fn is_watching(entry: &Entry) -> bool {
    (entry.level().is_some() || entry.is_label()) && first_word(entry).is_some_and(|word| words::is_monitoring(&word))
}

/// A ramp goes up: a share that was reached before is spoken of, not moved to again.
fn ascending(starts: Vec<Start>, entries: &[Entry], diagnostics: &mut Vec<Diagnostic>) -> Vec<Start> {
    let mut kept: Vec<Start> = Vec::new();
    let mut before: Option<(f64, usize)> = None;
    for start in starts {
        let Some(share) = start.share() else {
            kept.push(start);
            continue;
        };
        match before {
            Some((highest, _)) if share < highest => {
                let message = format!("{} comes after {} and is not read as a stage", name(share), name(highest));
                diagnostics.push(Diagnostic::warning(&entries[start.entry], message));
            }
            Some((highest, earlier)) if share.to_bits() == highest.to_bits() => {
                if is_named_twice(&entries[earlier], &entries[start.entry]) {
                    let line = entries[earlier].line;
                    let message =
                        format!("{} is named a second time; the stage is the one in line {line}", name(share));
                    diagnostics.push(Diagnostic::warning(&entries[start.entry], message));
                }
            }
            _ => {
                before = Some((share, start.entry));
                kept.push(start);
            }
        }
    }
    kept
}

/// Two lines of the same kind and rank, neither inside the other.
fn is_named_twice(earlier: &Entry, later: &Entry) -> bool {
    let only_watches = first_word(later).is_some_and(|word| words::is_monitoring(&word));
    !only_watches
        && match (&earlier.kind, &later.kind) {
            (Kind::Heading { level: a }, Kind::Heading { level: b }) => a == b,
            (Kind::Item { depth: a, .. }, Kind::Item { depth: b, .. }) => a == b,
            _ => false,
        }
}

/// The entries of each stage, in the order of the text.
fn inside(of: &[Option<StageId>], count: usize) -> Vec<Vec<usize>> {
    let mut inside = vec![Vec::new(); count];
    for (at, stage) in of.iter().enumerate() {
        if let Some(entries) = stage.and_then(|id| inside.get_mut(id.index())) {
            entries.push(at);
        }
    }
    inside
}

/// Windows that touch, from zero on, are elapsed: `0-10 min`, `10-30 min` soak ten and twenty.
fn elapsed(stages: &mut [Stage]) {
    let is_from_zero = |stage: &Stage| {
        let tokens = tokens::cut(&stage.text);
        tokens.iter().zip(tokens.iter().skip(1)).any(|(a, b)| a.number() == Some(0.0) && b.is_dash())
    };
    let Some(mut end) = stages.first().filter(|stage| is_from_zero(stage)).and_then(|stage| stage.soak) else { return };
    for stage in stages.iter_mut().skip(1) {
        let (Some(low), Some(high)) = (stage.soak, stage.soak_max) else { return };
        if low != end {
            return;
        }
        stage.soak = Some(high - low);
        stage.soak_max = None;
        end = high;
    }
}

/// A last line that names everybody instead of a figure: `Full rollout`, `Enable for all users`.
fn to_everybody(mut starts: Vec<Start>, entries: &[Entry], outline: &Outline) -> Vec<Start> {
    const WHOLE: f64 = 100.0;
    let ramp = || starts.iter().filter(|start| start.is_ramp());
    let is_whole = ramp().filter_map(Start::share).any(|share| share >= WHOLE);
    let (Some(last), false) = (ramp().next_back().map(|start| start.entry), is_whole) else { return starts };
    let begins = |at: &usize| {
        let entry = &entries[*at];
        let can_start = matches!(entry.kind, Kind::Heading { .. } | Kind::Item { .. }) || entry.is_label();
        let key = entry.key();
        can_start
            && !is_elsewhere(outline, *at)
            && !is_watching(entry)
            && !key.ends_with('?')
            && !words::is_decision(key)
            && !words::is_not_moving(key)
            && words::is_everybody(key)
    };
    // Soon behind the last figure, or not at all.
    if let Some(entry) = (last + 1..entries.len()).take(200).find(begins) {
        let place = starts.iter().position(|start| start.entry > entry).unwrap_or(starts.len());
        starts.insert(place, Start { entry, kind: StartKind::Ramp(WHOLE), soak: None });
    }
    starts
}

fn stage(entries: &[Entry], start: &Start, alone: bool, inside: &[usize], stages: &mut Stages) -> Stage {
    let entry = &entries[start.entry];
    let base = Stage {
        name: String::new(),
        text: entry.text.clone(),
        line: entry.line,
        kind: StageKind::Ramp,
        share: None,
        soak: None,
        soak_max: None,
        max_gap: MAX_GAP,
        approvals: 0,
    };
    match start.kind {
        StartKind::Observe(hours) => {
            let lead = entry.lead.as_deref().filter(|_| entry.level().is_none());
            let title = lead.unwrap_or(&entry.text);
            let soak = Some(hours.span());
            Stage {
                name: stages.names.unique(title.trim_end_matches(':').trim()),
                kind: StageKind::Observe,
                soak,
                ..base
            }
        }
        StartKind::Ramp(_) | StartKind::Cohort => {
            let share = start.share();
            let found = soak::find(entries, (start.entry, share), alone, inside.iter().copied());
            stages.soaks.extend(found.as_ref().and_then(|soak| soak.line));
            let span = found.map(|soak| soak.span).or_else(|| start.soak.clone());
            let (soak, soak_max) = span.map_or((None, None), |span| (Some(span.low), span.high));
            let name = share.map(name).or_else(|| cohort::of(entry)).unwrap_or_default();
            Stage { name: stages.names.unique(&name), share, soak, soak_max, ..base }
        }
    }
}

/// Lines inside a stage that name its share: they are done when the traffic has moved.
fn moves(entries: &[Entry], starts: &[Start], inside: &[Vec<usize>]) -> Vec<usize> {
    let mut found = Vec::new();
    for (start, inside) in starts.iter().zip(inside) {
        if start.is_ramp() && entries[start.entry].ticked().is_some() {
            found.push(start.entry);
            continue;
        }
        let Some(share) = start.share() else { continue };
        let is_move = |at: &usize| {
            let entry = &entries[*at];
            entry.ticked().is_some()
                && share::speaks_of_moving(&entry.text)
                && share::moved(&entry.text).first() == Some(&share)
        };
        found.extend(inside.iter().copied().find(is_move));
    }
    found
}

impl Stages {
    /// Puts the observation periods behind the ramp, whatever their order in the text.
    fn run_order(&mut self) {
        let is_behind = |at: usize| self.list[at].kind == StageKind::Observe;
        let order = order::places(self.list.len(), &|one, other| is_behind(one).cmp(&is_behind(other)));
        let mut places = vec![0; order.len()];
        for (place, at) in order.iter().enumerate() {
            places[*at] = place;
        }
        self.of = self.of.iter().map(|of| of.map(|id| StageId::at(places[id.index()]))).collect();
        self.list = order.iter().map(|at| self.list[*at].clone()).collect();
        self.starts = order.iter().map(|at| self.starts[*at]).collect();
    }
}

/// The name of a stage with a share: `10%`.
pub(super) fn name(share: f64) -> String {
    format!("{}%", number::show_exact(share))
}

#[cfg(test)]
mod tests;
