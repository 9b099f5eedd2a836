//! The plan in words: the ramp, what is measured, what is not, what calls for rollback.

use crate::plan::{
    Compiled, Condition, Gate, Origin, Plan, Scope, SourceKind, Stage, StageKind, Trigger, TriggerSeverity,
};
use std::io::{self, Write};

/// Writes what was understood, section by section; a section with nothing in it is left out.
pub(super) fn write(compiled: &Compiled, out: &mut dyn Write) -> io::Result<()> {
    let plan = &compiled.plan;
    writeln!(out, "{}", plan.title)?;
    writeln!(out, "  {}\n", counts(plan))?;
    list(out, "Ramp", plan.stages.iter().map(stage))?;
    list(
        out,
        "Sources",
        plan.sources.iter().map(|source| match &source.kind {
            SourceKind::Prometheus { url } => format!("{}: {url}, every {}", source.name, source.every),
            SourceKind::Scrape { targets } => {
                format!("{}: scrapes {}, every {}", source.name, targets.join(", "), source.every)
            }
        }),
    )?;
    list(out, "Gates", plan.gates.iter().flat_map(|gate| gate_lines(plan, gate)))?;
    list(
        out,
        "Health",
        plan.health
            .iter()
            .map(|health| format!("{}: {} ({} failures in a row)", health.name, health.url, health.failures)),
    )?;
    list(out, "Rollback triggers", plan.triggers.iter().map(|trigger| trigger_line(plan, trigger)))?;
    list(out, "Inferred", inferred(plan))?;
    list(out, "Not bound (boxes to tick)", plan.conditions.iter().filter(|c| c.probe.is_none()).map(unbound))?;
    list(out, "Decisions", plan.decisions.iter().map(|decision| format!("line {}: {}", decision.line, decision.text)))
}

fn list(out: &mut dyn Write, title: &str, lines: impl Iterator<Item = String>) -> io::Result<()> {
    let mut lines = lines.peekable();
    if lines.peek().is_none() {
        return Ok(());
    }
    writeln!(out, "{title}")?;
    for line in lines {
        writeln!(out, "  {line}")?;
    }
    writeln!(out)
}

fn counts(plan: &Plan) -> String {
    let counted = [
        (plan.items.len(), "items"),
        (plan.stages.len(), "stages"),
        (plan.gates.len(), "gates"),
        (plan.triggers.len(), "triggers"),
        (plan.commands.len(), "command blocks"),
        (plan.fields.len(), "fields"),
        (plan.contacts.len(), "contacts"),
        (plan.sign_offs.len(), "sign-offs"),
    ];
    counted
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect::<Vec<_>>()
        .join(", ")
}

fn stage(stage: &Stage) -> String {
    let soak = match (stage.soak, stage.soak_max, stage.kind) {
        (None, ..) => "no soak: one fresh pass of each gate".to_owned(),
        (Some(low), Some(high), _) => format!("soak {low} (to {high})"),
        (Some(low), None, StageKind::Ramp) => format!("soak {low}"),
        (Some(low), None, StageKind::Observe) => format!("observed for {low}"),
    };
    let approvals = if stage.approvals > 0 { format!(", {} approvals", stage.approvals) } else { String::new() };
    let place = if stage.line > 0 { format!("line {}", stage.line) } else { "bindings".to_owned() };
    format!("{:<8} {soak}{approvals}  ({place})", stage.name)
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
    [
        format!("{} {}{hard}  {place}  ({line})", gate.name, gate.pass),
        format!("    {} [{}]", one_line(&probe.query.text), probe.unit),
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
    format!("{severity}: {}  {how}  (line {})", trigger.text, trigger.line)
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

fn unbound(condition: &Condition) -> String {
    let query = if condition.query.is_some() { "  has a query, but no source" } else { "" };
    format!("line {}: {}{query}", condition.line, condition.text)
}

/// A query without its line breaks.
fn one_line(query: &str) -> String {
    query.split_whitespace().collect::<Vec<_>>().join(" ")
}
