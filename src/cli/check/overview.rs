//! The plan in words: the ramp, what is measured, what is not, what calls for rollback.

use crate::order;
use crate::plan::access::Secret;
use crate::plan::notify::{Address, Notify};
use crate::plan::{
    Alerts, Build, Clock, Compiled, Condition, Diagnostic, Due, File, Gate, Health, Origin, Plan, Recurring, Scope,
    Severity, Share, Source, SourceKind, Stage, StageKind, Trigger, TriggerSeverity,
};
use crate::text::{Millis, Unit, cells, sanitize};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Writes what was understood, section by section; a section with nothing in it is left out.
pub(super) fn write(compiled: &Compiled, out: &mut dyn Write) -> io::Result<()> {
    let plan = &compiled.plan;
    writeln!(out, "{}", plan.title)?;
    writeln!(out, "  {}", counts(plan))?;
    let width = plan.stages.iter().map(|stage| cells::width(&stage.name)).max().unwrap_or(0);
    list(out, "Ramp", plan.stages.iter().map(|each| stage(each, width)))?;
    list(out, "Sources", plan.sources.iter().map(source))?;
    list(out, "Gates", plan.gates.iter().flat_map(|gate| gate_lines(plan, gate)))?;
    list(out, "Health", plan.health.iter().map(health))?;
    list(out, "Alerts", plan.alerts.iter().map(|watched| alerts(plan, watched)))?;
    list(out, "Traffic", plan.traffic.iter().flat_map(|share| traffic(plan, share)))?;
    list(out, "Build", plan.build.iter().flat_map(|watched| build(plan, watched)))?;
    list(out, "Rollback triggers", plan.triggers.iter().map(|trigger| trigger_line(plan, trigger)))?;
    list(out, "Inferred", inferred(plan))?;
    let helps = helps(compiled);
    let unbound = plan.conditions.iter().filter(|condition| condition.probe.is_none());
    list(
        out,
        "Not bound: boxes to tick, or declared by a person",
        unbound.map(|condition| not_bound(plan, &helps, condition)),
    )?;
    list(out, "Decisions", plan.decisions.iter().map(|decision| said(decision.line, &decision.text)))?;
    asides(compiled, out)
}

/// What has a time, a place or a reader of its own.
fn asides(compiled: &Compiled, out: &mut dyn Write) -> io::Result<()> {
    let plan = &compiled.plan;
    list(out, "Clocks", plan.clocks.iter().map(clock))?;
    list(out, "Recurring checks", plan.recurring.iter().map(recurring))?;
    list(out, "Regions", plan.regions.iter().cloned())?;
    list(out, "Told outside", plan.notify.iter().map(notify))?;
    list(out, "Questions afterwards", plan.questions.iter().map(|question| said(question.line, &question.text)))?;
    let suggestions = compiled.suggestions.iter().map(|condition| said(condition.line, &condition.text));
    list(out, "Reads like a condition, and is none until it is bound", suggestions)
}

fn notify(notify: &Notify) -> String {
    let on: Vec<&str> = notify.on.iter().map(|occasion| occasion.word()).collect();
    let place = match &notify.address {
        Address::Plain { url } => url.clone(),
        Address::Secret { secret: Secret::File { path } } => format!("the address in {path}"),
        Address::Secret { secret: Secret::Environment { name } } => format!("the address in ${name}"),
    };
    format!("{}  {} of {}, at {place}", notify.name, notify.kind.word(), on.join(", "))
}

fn said(line: u32, text: &str) -> String {
    format!("line {line}: {}", known_by(text))
}

fn clock(clock: &Clock) -> String {
    let side = if clock.offset < 0 { '-' } else { '+' };
    let offset = Millis::from_secs(clock.offset.unsigned_abs());
    let due = match clock.due {
        Due::At => "at",
        Due::By => "by",
    };
    format!("{due} T{side}{offset}  {}", said(clock.line, &clock.text))
}

fn recurring(check: &Recurring) -> String {
    let span = check.span.map(|span| format!(" for {span}")).unwrap_or_default();
    format!("every {}{span}  {}", check.every, said(check.line, &check.text))
}

fn list(out: &mut dyn Write, title: &str, lines: impl Iterator<Item = String>) -> io::Result<()> {
    let mut lines = lines.peekable();
    if lines.peek().is_none() {
        return Ok(());
    }
    writeln!(out, "\n{title}")?;
    let mut before = String::new();
    lines.try_for_each(|line| {
        // A line that says the same limit twice is told once.
        if line == before {
            return Ok(());
        }
        // Names, queries and addresses of the bindings are outside text like the checklist's own.
        writeln!(out, "  {}", sanitize::line(&line))?;
        before = line;
        Ok(())
    })
}

/// A line of the checklist, as much of it as it takes to know it again.
fn known_by(text: &str) -> Cow<'_, str> {
    const MOST: usize = 160;
    match text.char_indices().nth(MOST) {
        Some((at, _)) => Cow::Owned(format!("{}…", text.split_at(at).0.trim_end())),
        None => Cow::Borrowed(text),
    }
}

fn counts(plan: &Plan) -> String {
    let counted = [
        (plan.items.len(), "item"),
        (plan.stages.len(), "stage"),
        (plan.gates.len(), "gate"),
        (plan.triggers.len(), "trigger"),
        (plan.commands.len(), "block of commands"),
        (plan.fields.len(), "field"),
        (plan.contacts.len(), "contact"),
        (plan.sign_offs.len(), "sign-off"),
    ];
    let counted = counted.iter().filter(|(count, _)| *count > 0).map(|(count, what)| super::counted(*count, what));
    counted.collect::<Vec<_>>().join(", ")
}

fn stage(stage: &Stage, width: usize) -> String {
    let soak = match (stage.soak, stage.soak_max, stage.kind) {
        (None, ..) => "no soak: one fresh pass of each gate".to_owned(),
        (Some(low), Some(high), _) => format!("soak {low} (to {high})"),
        (Some(low), None, StageKind::Ramp) => format!("soak {low}"),
        (Some(low), None, StageKind::Observe) => format!("observed for {low}"),
    };
    let approvals = if stage.approvals > 0 { format!(", {} approvals", stage.approvals) } else { String::new() };
    let place = if stage.line > 0 { format!("line {}", stage.line) } else { "bindings".to_owned() };
    let room = width.saturating_sub(cells::width(&stage.name));
    format!("{}{:room$}  {soak}{approvals}  ({place})", stage.name, "")
}

fn gate_lines(plan: &Plan, gate: &Gate) -> [String; 2] {
    let place = match (&gate.scope, gate.advisory) {
        (Scope::Nowhere, _) => "shown only: in no stage".to_owned(),
        (_, true) => "advisory".to_owned(),
        (Scope::Stages(stages), false) => {
            let names: Vec<_> = stages.iter().map(|id| plan.stage(*id).name.as_str()).collect();
            format!("in {}", names.join(", "))
        }
    };
    let line = gate.line.map_or_else(|| "bindings".to_owned(), |line| format!("line {line}"));
    let hard = gate.hard.map(|hard| format!(", hard {hard}")).unwrap_or_default();
    let probe = plan.probe(gate.probe);
    let baseline = probe.baseline.as_ref().map(|query| format!("  beside the old version: {}", one_line(&query.text)));
    let baseline = baseline.unwrap_or_default();
    let regions: Vec<_> = probe.regions.iter().map(|region| region.name.as_str()).collect();
    let regions = if regions.is_empty() { String::new() } else { format!("  in each of {}", regions.join(", ")) };
    [
        format!("{} {}{hard}  {place}  ({line})", gate.name, gate.pass),
        format!("    {} [{}]{baseline}{regions}", one_line(&probe.query.text), probe.unit),
    ]
}

fn trigger_line(plan: &Plan, trigger: &Trigger) -> String {
    let severity = match trigger.severity {
        TriggerSeverity::Immediate => "immediate",
        TriggerSeverity::Graceful => "graceful",
    };
    let how = match &trigger.watch {
        None => "declared by a person".to_owned(),
        Some(watch) => {
            let hold = watch.hold.map(|hold| format!(" for {hold}")).unwrap_or_default();
            format!("measured: {} {}{hold}", plan.probe(watch.probe).name, watch.bad)
        }
    };
    format!("{severity}: {}  {how}  (line {})", known_by(&trigger.text), trigger.line)
}

/// What nobody wrote down and the plan relies on all the same.
fn inferred(plan: &Plan) -> impl Iterator<Item = String> {
    plan.probes.iter().filter_map(|probe| match probe.origin {
        Origin::Checklist { line } => {
            Some(format!("{}: query of the block in line {line}, returns {}", probe.name, probe.unit))
        }
        Origin::Bindings { .. } => None,
    })
}

/// A condition that nothing measures, with the key by which it can be bound.
fn not_bound(plan: &Plan, helps: &BTreeMap<u32, &str>, condition: &Condition) -> String {
    let key = match condition.quantile.and_then(|quantile| Unit::Ratio.convert(quantile, Unit::Percent)) {
        Some(percent) => format!("{} p{percent}", condition.metric),
        None => condition.metric.clone(),
    };
    let is_sourceless = condition.query.is_some() && plan.sources.is_empty();
    let why = if is_sourceless { "  has a query, but no source" } else { "" };
    let help = helps.get(&condition.line).map(|help| format!(": {help}")).unwrap_or_default();
    format!("{}  [metric.\"{key}\"]{why}{help}", said(condition.line, &condition.text))
}

/// What there is to do about lines that are only worth knowing, by line: of several the first.
fn helps(compiled: &Compiled) -> BTreeMap<u32, &str> {
    let is_info = |d: &&Diagnostic| d.severity == Severity::Info && d.file == File::Checklist;
    // Of two with the same key a map keeps the later one.
    let said = compiled.diagnostics.iter().rev().filter(is_info);
    order::map(said.filter_map(|d| Some((d.line?, d.help.as_deref()?))))
}

fn source(source: &Source) -> String {
    match &source.kind {
        SourceKind::Prometheus { url } => format!("{}: {url}, every {}", source.name, source.every),
        SourceKind::Alertmanager { url } => format!("{}: the alerts of {url}, every {}", source.name, source.every),
        SourceKind::Scrape { targets } => {
            format!("{}: scrapes {}, every {}", source.name, targets.join(", "), source.every)
        }
    }
}

fn health(health: &Health) -> String {
    format!("{}: {}, unhealthy after {} failures in a row", health.name, health.url, health.failures)
}

fn alerts(plan: &Plan, alerts: &Alerts) -> String {
    let labels: Vec<_> = alerts.labels.iter().map(|(name, value)| format!("{name}={value:?}")).collect();
    let which = if labels.is_empty() { "all".to_owned() } else { format!("{{{}}}", labels.join(", ")) };
    let lines = alerts.items.iter().map(|item| plan.item(*item).line.to_string()).collect::<Vec<_>>();
    let lines = if lines.is_empty() { String::new() } else { format!("  (line {})", lines.join(", ")) };
    format!("{which} of {}; those that fire at the start do not count{lines}", plan.source(alerts.source).name)
}

fn traffic(plan: &Plan, share: &Share) -> [String; 2] {
    let probe = plan.probe(share.probe);
    let said = format!("the measured share moves a stage, and holds it, within {} points", share.tolerance);
    [said, format!("    {} [{}]", one_line(&probe.query.text), probe.unit)]
}

fn build(plan: &Plan, build: &Build) -> [String; 2] {
    let probe = plan.probe(build.probe);
    let expected = build.expected.as_deref().unwrap_or("what runs when the ramp begins");
    let label = probe.label.as_deref().unwrap_or_default();
    [format!("{label} must stay {expected}"), format!("    {}", one_line(&probe.query.text))]
}

/// A query without its line breaks.
fn one_line(query: &str) -> String {
    query.split_whitespace().collect::<Vec<_>>().join(" ")
}
