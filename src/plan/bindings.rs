//! The bindings: what the checklist's words mean here.
//!
//! Read table by table from TOML with all places kept, so that every complaint has its line and
//! all of them come at once. What is not understood is an error: a key that is silently ignored
//! would be a guard that is silently missing.

mod access;
mod beside;
mod cutover;
mod line;
mod notify;
mod table;

use super::access::Access;
use super::condition;
use super::diagnostic::{Diagnostic, File, Severity};
use super::limit::Limit;
use super::notify::Notify;
use super::position::Lines;
use super::{Empty, MissingSeries, OnFail, SourceKind, TriggerSeverity};
use crate::text::{Millis, Unit};
pub(super) use beside::{AlertsBinding, BuildBinding, TrafficBinding};
pub(super) use cutover::CutoverBinding;
pub(super) use line::{LineBinding, Which};
use std::collections::BTreeMap;
use std::ops::Range;
use table::{Problems, Table};

/// A value with the bytes it stands in.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct At<T> {
    pub value: T,
    pub span: Range<usize>,
}

/// All that a bindings file says.
#[derive(Debug, Default)]
pub(super) struct Bindings {
    pub vars: BTreeMap<String, String>,
    pub sources: Vec<SourceBinding>,
    pub metrics: Vec<MetricBinding>,
    pub gates: Vec<GateBinding>,
    pub health: Vec<HealthBinding>,
    pub stages: Vec<StageBinding>,
    pub triggers: Vec<TriggerBinding>,
    pub lines: Vec<LineBinding>,
    pub alerts: Option<AlertsBinding>,
    pub traffic: Option<TrafficBinding>,
    pub build: Option<BuildBinding>,
    pub cutover: CutoverBinding,
    /// Gaps are looked into afterwards.
    pub backfill: bool,
    pub notify: Vec<Notify>,
}

#[derive(Debug)]
pub(super) struct SourceBinding {
    pub name: At<String>,
    pub kind: SourceKind,
    pub every: Millis,
    pub timeout: Millis,
    pub access: Access,
}

#[derive(Debug)]
pub(super) struct MetricBinding {
    /// The key, lower-case.
    pub name: At<String>,
    pub aliases: Vec<At<String>>,
    pub phrases: Vec<At<String>>,
    pub query: Option<At<String>>,
    pub unit: Option<At<Unit>>,
    pub source: Option<At<String>>,
    pub pass: Option<At<Limit>>,
    pub traffic: Option<At<String>>,
    pub min_traffic: Option<f64>,
    pub baseline: Option<At<String>>,
    pub empty: Empty,
    pub max_age: Option<Millis>,
    pub missing_series: MissingSeries,
    pub manner: Manner,
}

/// How a gate is judged beside its limit.
#[derive(Clone, Debug, Default)]
pub(super) struct Manner {
    pub hold: Option<Millis>,
    pub hard: Option<At<Limit>>,
    pub on_fail: Option<OnFail>,
    pub advisory: Option<bool>,
}

#[derive(Debug)]
pub(super) struct GateBinding {
    pub metric: At<String>,
    pub limit: Option<At<Limit>>,
    pub stages: Where,
    pub manner: Manner,
    pub span: Range<usize>,
}

/// Where a gate of the bindings counts.
#[derive(Debug)]
pub(super) enum Where {
    Ramp,
    Named(Vec<At<String>>),
}

#[derive(Debug)]
pub(super) struct HealthBinding {
    pub name: At<String>,
    pub url: String,
    pub json: Vec<(String, serde_json::Value)>,
    pub failures: u32,
    pub timeout: Millis,
    pub phrases: Vec<At<String>>,
}

#[derive(Debug)]
pub(super) struct StageBinding {
    pub name: At<String>,
    pub soak: Option<Millis>,
    pub max_gap: Option<Millis>,
    pub share: Option<f64>,
    pub approvals: Option<u32>,
    /// Whether it is watched by the clock, and for how long where that is said.
    pub observe: Option<Observe>,
}

/// `observe = true`, or for how long.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Observe {
    Said(bool),
    For(Millis),
}

#[derive(Debug)]
pub(super) struct TriggerBinding {
    pub name: At<String>,
    pub hold: Option<Millis>,
    pub severity: Option<TriggerSeverity>,
    pub dismissable: Option<bool>,
}

/// The longest that one request may take, where the bindings say nothing else.
const LONGEST_TIMEOUT: Millis = Millis::from_secs(10);

/// Reads a bindings file; what is wrong in it is left out and complained of.
pub(super) fn read(text: &str) -> (Bindings, Vec<Diagnostic>) {
    let mut problems = Problems::default();
    let root = table::parse(text, &mut problems);
    let bindings = root.map(|root| from_root(&root, &mut problems)).unwrap_or_default();
    (bindings, told(problems, text))
}

fn told(problems: Problems, text: &str) -> Vec<Diagnostic> {
    let lines = Lines::new(text);
    let diagnostics = problems.list.into_iter().map(|problem| Diagnostic {
        severity: Severity::Error,
        file: File::Bindings,
        line: problem.span.as_ref().map(|span| lines.line(span.start)),
        span: problem.span,
        message: problem.message,
        help: problem.help,
    });
    diagnostics.collect()
}

/// The `checklist = "FILE"` of a bindings file, if it can be read that far.
#[must_use]
pub fn checklist_of(text: &str) -> Option<String> {
    let mut problems = Problems::default();
    // Also of a text that is broken further down: then both are looked into at once.
    let root = table::parse_all(text, &mut problems);
    Table::root(&root, &mut problems).text("checklist").map(|at| at.value)
}

/// What is wrong with a text that names no checklist; nothing where it just does not say one.
#[must_use]
pub fn why_no_checklist(text: &str) -> Vec<Diagnostic> {
    let mut problems = Problems::default();
    let root = table::parse_all(text, &mut problems);
    Table::root(&root, &mut problems).text("checklist");
    told(problems, text)
}

fn from_root(root: &table::Root<'_>, problems: &mut Problems) -> Bindings {
    let mut root = Table::root(root, problems);
    root.text("checklist");
    let bindings = Bindings {
        vars: root.strings("vars"),
        sources: root.tables("source", source),
        metrics: root.tables("metric", metric),
        gates: root.array_of_tables("gate", gate),
        health: root.tables("health", health),
        stages: root.tables("stage", stage),
        triggers: root.tables("trigger", trigger),
        lines: root.array_of_tables("line", line::line),
        alerts: root.table("alerts", beside::alerts),
        traffic: root.table("traffic", beside::traffic),
        build: root.table("build", beside::build),
        cutover: root.table("cutover", cutover::cutover).unwrap_or_default(),
        backfill: root.flag("backfill").unwrap_or_default(),
        notify: root.tables("notify", notify::notify),
    };
    root.refuse("webhook", "is not understood: whom to tell is written [notify.NAME]");
    root.finish();
    bindings
}

fn source(name: At<String>, table: &mut Table<'_, '_>) -> Option<SourceBinding> {
    #[derive(Clone, Copy)]
    enum Kind {
        Prometheus,
        Alertmanager,
        Scrape,
    }
    const KINDS: &[(&str, Kind)] =
        &[("prometheus", Kind::Prometheus), ("alertmanager", Kind::Alertmanager), ("scrape", Kind::Scrape)];
    let kind = table.required("kind", |table, key| table.word(key, KINDS));
    let every = table.duration("every").filter(|every| !every.is_zero()).unwrap_or(Millis::from_secs(5));
    let timeout = table.duration("timeout").unwrap_or((every * 2).min(LONGEST_TIMEOUT));
    let access = access::access(table);
    let kind = match kind? {
        Kind::Prometheus => SourceKind::Prometheus { url: table.required("url", Table::url)? },
        Kind::Alertmanager => SourceKind::Alertmanager { url: table.required("url", Table::url)? },
        Kind::Scrape => SourceKind::Scrape { targets: table.required("targets", Table::urls)? },
    };
    Some(SourceBinding { name, kind, every, timeout, access })
}

#[expect(clippy::unnecessary_wraps, reason = "the readers of tables share one shape")]
fn metric(name: At<String>, table: &mut Table<'_, '_>) -> Option<MetricBinding> {
    Some(MetricBinding {
        name: At { value: name.value.trim().to_lowercase(), span: name.span },
        aliases: table.texts("aliases"),
        phrases: table.texts("phrases"),
        query: table.text("query"),
        unit: table.unit("unit"),
        source: table.text("source"),
        pass: table.limit("pass"),
        traffic: table.text("traffic"),
        min_traffic: table.number("min_traffic"),
        baseline: table.text("baseline"),
        empty: table.word("empty", &[("no-data", Empty::NoData), ("zero", Empty::Zero)]).unwrap_or_default(),
        max_age: table.duration("max_age"),
        missing_series: table
            .word("missing_series", &[("name", MissingSeries::Name), ("hold", MissingSeries::Hold)])
            .unwrap_or_default(),
        manner: manner(table),
    })
}

fn manner(table: &mut Table<'_, '_>) -> Manner {
    Manner {
        hold: table.duration("for"),
        hard: table.limit("hard"),
        on_fail: table.word("on_fail", &[("hold", OnFail::Hold), ("rollback", OnFail::Rollback)]),
        advisory: table.flag("advisory"),
    }
}

fn gate(table: &mut Table<'_, '_>) -> Option<GateBinding> {
    let stages = match table.text_or_texts("stages") {
        None => Where::Ramp,
        Some(names) => match names.as_slice() {
            [one] if one.value.eq_ignore_ascii_case("ramp") => Where::Ramp,
            _ => Where::Named(names),
        },
    };
    let limit = table.limit("limit").or(table.limit("pass"));
    let manner = manner(table);
    let metric = table.required("metric", Table::text)?;
    Some(GateBinding { metric, limit, stages, manner, span: table.span() })
}

fn health(name: At<String>, table: &mut Table<'_, '_>) -> Option<HealthBinding> {
    let json = table.json("json");
    let failures = table.count("failures").unwrap_or(3).max(1);
    let timeout = table.duration("timeout").unwrap_or(Millis::from_secs(5));
    let phrases = table.texts("phrases");
    let url = table.required("url", Table::url)?;
    Some(HealthBinding { name, url, json, failures, timeout, phrases })
}

#[expect(clippy::unnecessary_wraps, reason = "the readers of tables share one shape")]
fn stage(name: At<String>, table: &mut Table<'_, '_>) -> Option<StageBinding> {
    Some(StageBinding {
        name,
        soak: table.duration("soak"),
        max_gap: table.duration("max_gap"),
        share: table.percent("traffic_percent"),
        approvals: table.count("approvals"),
        observe: table.observe("observe"),
    })
}

#[expect(clippy::unnecessary_wraps, reason = "the readers of tables share one shape")]
fn trigger(name: At<String>, table: &mut Table<'_, '_>) -> Option<TriggerBinding> {
    const SEVERITIES: &[(&str, TriggerSeverity)] =
        &[("immediate", TriggerSeverity::Immediate), ("graceful", TriggerSeverity::Graceful)];
    Some(TriggerBinding {
        name,
        hold: table.duration("for"),
        severity: table.word("severity", SEVERITIES),
        dismissable: table.flag("dismissable"),
    })
}

impl Table<'_, '_> {
    /// A comparison in the checklist's units: `"< 500ms"`.
    fn limit(&mut self, key: &str) -> Option<At<Limit>> {
        let text = self.text(key)?;
        let limit = condition::alone(&text.value);
        if limit.is_none() {
            let message = format!("`{key}` is no comparison: \"{}\"", text.value);
            self.complain(
                &text.span,
                message,
                Some("write a sign, a figure and a unit, such as \"< 500ms\"".to_owned()),
            );
        }
        limit.map(|value| At { value, span: text.span })
    }
}

#[cfg(test)]
mod tests;
