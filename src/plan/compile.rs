//! Checklist and bindings together: the plan, and everything there is to say about it.

mod engine;

use super::bind::{self, Bound};
use super::bindings::{self, Bindings};
use super::checklist::Checklist;
use super::complaints::Complaints;
use super::cutover::{self, Cutover};
use super::diagnostic::{Diagnostic, File, Severity};
use super::regions::{self, Regions};
use super::{
    Clock, Command, Condition, Contact, Decision, Duration, Field, Item, Link, Plan, Question, Recurring, Score,
    Section, SignOff, blanks, calendar, commands, durations, items, links, markdown, overrides, people, questions,
    scores, tables,
};
use crate::cores::{both, let_go};
use crate::order;
use crate::text::{mojibake, sanitize};

/// A file's name, for messages, and its text.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    pub name: &'a str,
    pub text: &'a str,
}

/// What a plan is made from.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    pub checklist: Text<'a>,
    pub bindings: Option<Text<'a>>,
}

/// The plan as far as it could be understood, and everything that was noticed on the way.
#[derive(Clone, Debug)]
pub struct Compiled {
    pub plan: Plan,
    /// Of the bindings first, each text in its order.
    pub diagnostics: Vec<Diagnostic>,
    /// What reads like a condition and is none until it is bound: `no restarts`, `uptime: 99.9%`.
    pub suggestions: Vec<Condition>,
}

impl Compiled {
    /// Says whether the plan may be run.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        !self.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }
}

/// Compiles a checklist and its bindings. Never fails: what is wrong is in the diagnostics, all of
/// it, and the plan holds the rest.
#[must_use]
pub fn compile(input: Input<'_>) -> Compiled {
    let text = input.bindings.map_or("", |bindings| bindings.text);
    let (mut bindings, mut diagnostics) = bindings::read(text);
    let mut complaints = Complaints::new(input.checklist.text, text);
    let mut entries = markdown::read(input.checklist.text);
    overrides::ignore(&mut entries, &bindings, &mut complaints);
    let mut list = Checklist::of(entries);
    let regions = regions::read(&list);
    if bindings.cutover.regions.is_empty() && !regions.open {
        bindings.cutover.regions.clone_from(&regions.names);
    }
    bind::stages::apply(&mut list.stages, &bindings, &mut complaints);
    overrides::apply(&mut list, &bindings, &mut complaints);
    let (mut bound, papers) =
        both(list.is_long(), || bind::bind(&list, &bindings, &mut complaints), || Papers::of(&list));
    let suggestions = std::mem::take(&mut bound.suggestions);
    let open_regions = regions::open(&list, &regions).filter(|_| bindings.cutover.regions.is_empty());
    let cutover = cutover::read(&list, &bindings, &mut complaints);
    let mut plan = assemble(input.checklist.name, &list, &bindings, regions, bound, papers);
    plan.cutover = cutover;
    diagnostics.append(&mut list.diagnostics);
    diagnostics.append(&mut complaints.list);
    diagnostics.extend(whole(&plan, &list));
    diagnostics.extend(tables::without_limits(&list, &plan.conditions, &suggestions));
    diagnostics.extend(open_regions);
    let_go(list.is_long(), list);
    diagnostics.extend(engine::check(&plan, input.checklist.text, text));
    order::by_key(&mut diagnostics, |d| (d.file == File::Checklist, d.line, d.span.as_ref().map(|span| span.start)));
    Compiled { plan, diagnostics, suggestions }
}

/// What the checklist says of people, what they do and their papers, whatever is bound to it.
struct Papers {
    sections: Vec<Section>,
    items: Vec<Item>,
    decisions: Vec<Decision>,
    commands: Vec<Command>,
    fields: Vec<Field>,
    contacts: Vec<Contact>,
    links: Vec<Link>,
    sign_offs: Vec<SignOff>,
    clocks: Vec<Clock>,
    recurring: Vec<Recurring>,
    durations: Vec<Duration>,
    questions: Vec<Question>,
    scores: Vec<Score>,
    score_whole: Option<f64>,
    minimum_score: Option<f64>,
}

impl Papers {
    fn of(list: &Checklist) -> Self {
        let is_long = list.is_long();
        let ((items, sections), fields) =
            both(is_long, || (items::read(list), list.outline.sections.clone()), || blanks::fields(list));
        let people = || (people::contacts(list), people::sign_offs(list), links::read(list));
        let times = || (calendar::clocks(list), calendar::recurring(list), durations::read(list));
        let ((contacts, sign_offs, links), (clocks, recurring, durations)) = both(is_long, people, times);
        let asked = || (blanks::decisions(list), questions::read(list));
        let scored = || (commands::read(list), scores::read(list), scores::minimum(list));
        let ((decisions, questions), (commands, scores, minimum_score)) = both(is_long, asked, scored);
        Self {
            sections,
            items,
            decisions,
            commands,
            fields,
            contacts,
            links,
            sign_offs,
            clocks,
            recurring,
            durations,
            questions,
            score_whole: scores::whole(list, &scores),
            scores,
            minimum_score,
        }
    }
}

fn assemble(name: &str, list: &Checklist, bindings: &Bindings, regions: Regions, bound: Bound, papers: Papers) -> Plan {
    let title = list.entries.iter().find(|entry| entry.level().is_some()).map(|entry| entry.text.clone());
    Plan {
        title: title.unwrap_or_else(|| sanitize::line(&mojibake::repair(name)).into_owned()),
        sections: papers.sections,
        items: papers.items,
        stages: list.stages.list.clone(),
        conditions: bound.conditions,
        triggers: bound.triggers,
        decisions: papers.decisions,
        commands: papers.commands,
        fields: papers.fields,
        contacts: papers.contacts,
        links: papers.links,
        sign_offs: papers.sign_offs,
        score_whole: papers.score_whole,
        scores: papers.scores,
        minimum_score: papers.minimum_score,
        poll: bind::poll(bindings),
        sources: bound.sources,
        probes: bound.probes,
        gates: bound.gates,
        health: bound.health,
        alerts: bound.alerts,
        traffic: bound.traffic,
        build: bound.build,
        clocks: papers.clocks,
        recurring: papers.recurring,
        durations: papers.durations,
        questions: papers.questions,
        regions: if bindings.cutover.regions.is_empty() { regions.names } else { bindings.cutover.regions.clone() },
        regional: regions.sections,
        cutover: Cutover::default(),
        backfill: bindings.backfill,
        notify: bindings.notify.clone(),
    }
}

/// What is to be said about the checklist as a whole.
fn whole(plan: &Plan, list: &Checklist) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if plan.items.is_empty() && plan.stages.is_empty() {
        let nothing =
            Diagnostic::of_file(Severity::Error, File::Checklist, "nothing to do: no boxes to tick and no stages");
        found.push(nothing.helped("a box is written `- [ ] text`, a stage `- [ ] 10% traffic - monitor 10 minutes`"));
    }
    let mut boxes = items::unknown_boxes(&list.entries);
    if let Some(first) = boxes.next() {
        let count = boxes.count() + 1;
        let message =
            format!("{count} boxes that Markdown does not know as such are read as items, the first one here");
        found.push(Diagnostic::info(first, message));
    }
    found
}

#[cfg(test)]
mod tests;
