//! The plan as `check --format json` prints it. Names are promises: programs read them.

use super::live::{self, Live};
use crate::plan::{
    Clock, Command, Compiled, Condition, Decision, Diagnostic, Gate, Item, ItemKind, Plan, Recurring, Role, SectionId,
    Stage, StageId, StageKind, Trigger, TriggerSeverity,
};
use crate::text::{Millis, Unit};
use serde_json::{Value, json};
use std::io::{self, Write};

/// Writes the plan and its diagnostics as one JSON document, with what was found live.
pub(super) fn write(compiled: &Compiled, live: Option<&Live>, out: &mut dyn Write) -> io::Result<()> {
    let mut whole = document(&compiled.plan, &compiled.diagnostics, &compiled.suggestions);
    if let Some(live) = live {
        whole["live"] = live::document(&compiled.plan, live);
    }
    print(&whole, out)
}

/// Writes why there is no plan, in the same shape.
pub(super) fn write_refused(diagnostic: &Diagnostic, out: &mut dyn Write) -> io::Result<()> {
    print(&document(&Plan::default(), std::slice::from_ref(diagnostic), &[]), out)
}

fn print(document: &Value, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, document)?;
    writeln!(out)
}

fn document(plan: &Plan, diagnostics: &[Diagnostic], suggestions: &[Condition]) -> Value {
    json!({
        "title": plan.title,
        "items": each(&plan.items, |item| self::item(plan, item)),
        "stages": each(&plan.stages, stage),
        "conditions": each(&plan.conditions, |condition| self::condition(plan, condition)),
        "gates": each(&plan.gates, |gate| self::gate(plan, gate)),
        "suggestions": each(suggestions, |condition| self::condition(plan, condition)),
        "triggers": each(&plan.triggers, trigger),
        "decisions": each(&plan.decisions, |decision| self::decision(plan, decision)),
        "commands": each(&plan.commands, |command| self::command(plan, command)),
        "fields": each(&plan.fields, |field| json!({ "line": field.line, "label": field.label, "choices": field.choices })),
        "contacts": each(&plan.contacts, |contact| json!({ "line": contact.line, "role": contact.role, "details": contact.details })),
        "sign_offs": each(&plan.sign_offs, |sign_off| json!({ "line": sign_off.line, "role": sign_off.role })),
        "health": each(&plan.health, |health| json!({ "name": health.name, "url": health.url })),
        "alerts": plan.alerts.as_ref().map(|alerts| json!({
            "source": plan.source(alerts.source).name,
            "match": alerts.labels,
            "lines": alerts.items.iter().map(|item| plan.item(*item).line).collect::<Vec<_>>(),
        })),
        "traffic": plan.traffic.as_ref().map(|share| json!({
            "query": plan.probe(share.probe).query.text,
            "unit": plan.probe(share.probe).unit.word(),
            "tolerance": share.tolerance,
        })),
        "build": plan.build.as_ref().map(|build| json!({
            "query": plan.probe(build.probe).query.text,
            "label": plan.probe(build.probe).label,
            "expected": build.expected,
        })),
        "regions": plan.regions,
        "recurring": each(&plan.recurring, recurring),
        "clocks": each(&plan.clocks, clock),
        "scores": each(&plan.scores, |score| json!({ "line": score.line, "category": score.category, "weight": score.weight })),
        "questions": each(&plan.questions, |question| json!({ "line": question.line, "text": question.text })),
        "diagnostics": each(diagnostics, diagnostic),
    })
}

fn each<T>(list: &[T], show: impl Fn(&T) -> Value) -> Value {
    list.iter().map(show).collect()
}

fn item(plan: &Plan, item: &Item) -> Value {
    json!({
        "line": item.line,
        "text": item.text,
        "depth": item.depth,
        "section": path(plan, item.section),
        "kind": match item.kind { ItemKind::Task => "task", ItemKind::Step => "step" },
        "ticked": item.ticked,
        "stage": stage_name(plan, item.stage),
        "duty": item.duty,
        "choice": item.choice,
    })
}

/// The titles of a section and those around it, outermost first.
fn path(plan: &Plan, section: Option<SectionId>) -> Vec<&str> {
    let sections = std::iter::successors(section, |id| plan.sections.get(id.index())?.parent);
    let mut titles: Vec<_> =
        sections.filter_map(|id| plan.sections.get(id.index())).map(|section| section.title.as_str()).collect();
    titles.reverse();
    titles
}

fn stage(stage: &Stage) -> Value {
    json!({
        "name": stage.name,
        "line": stage.line,
        "kind": match stage.kind { StageKind::Ramp => "ramp", StageKind::Observe => "observe" },
        "traffic_percent": stage.share,
        "soak_seconds": stage.soak.map(Millis::as_secs),
        "soak_max_seconds": stage.soak_max.map(Millis::as_secs),
        "approvals": stage.approvals,
    })
}

fn condition(plan: &Plan, condition: &Condition) -> Value {
    json!({
        "line": condition.line,
        "metric": condition.metric,
        "quantile": condition.quantile,
        "op": condition.limit.op,
        "limit": condition.limit.value,
        "limit_high": condition.limit.high,
        "unit": Unit::word(condition.limit.unit),
        "target": condition.target,
        "relative": relative(condition),
        "relative_to": condition.relative_to.as_ref().filter(|what| !what.is_empty()),
        "role": match condition.role { Role::Gate => "gate", Role::Trigger => "trigger" },
        "stage": stage_name(plan, condition.stage),
        "bound": condition.query.is_some(),
        "query": condition.query,
        "text": condition.text,
        "for_seconds": condition.hold.map(Millis::as_secs),
    })
}

/// How the figure is relative; `unknown` where it is, to something that nothing measures.
fn relative(condition: &Condition) -> Value {
    match condition.limit.relative {
        None if condition.relative_to.is_some() => json!("unknown"),
        relative => json!(relative),
    }
}

fn trigger(trigger: &Trigger) -> Value {
    json!({
        "line": trigger.line,
        "text": trigger.text,
        "name": trigger.name,
        "severity": match trigger.severity { TriggerSeverity::Immediate => "immediate", TriggerSeverity::Graceful => "graceful" },
        "sustained": trigger.sustained,
        "measured": trigger.watch.is_some(),
    })
}

fn gate(plan: &Plan, gate: &Gate) -> Value {
    let counts = |at: &usize| gate.scope.holds(StageId::at(*at));
    let stages = plan.stages.iter().enumerate().filter(|(at, _)| counts(at)).map(|(_, stage)| &stage.name);
    json!({
        "name": gate.name,
        "line": gate.line,
        "limit": gate.pass.to_string(),
        "query": plan.probe(gate.probe).query.text,
        "unit": plan.probe(gate.probe).unit.word(),
        "stages": stages.collect::<Vec<_>>(),
        "advisory": gate.advisory,
    })
}

fn decision(plan: &Plan, decision: &Decision) -> Value {
    json!({
        "line": decision.line,
        "text": decision.text,
        "stage": stage_name(plan, decision.stage),
        "choice": decision.choice,
    })
}

fn command(plan: &Plan, command: &Command) -> Value {
    json!({
        "line": command.line,
        "end_line": command.end_line,
        "language": command.language,
        "text": command.text,
        "expect": command.expect,
        "stage": stage_name(plan, command.stage),
        "alternative": command.alternative,
    })
}

fn recurring(check: &Recurring) -> Value {
    json!({
        "line": check.line,
        "text": check.text,
        "every_seconds": check.every.as_secs(),
        "for_seconds": check.span.map(Millis::as_secs),
    })
}

fn clock(clock: &Clock) -> Value {
    json!({
        "line": clock.line,
        "text": clock.text,
        "offset_seconds": clock.offset,
        "until_seconds": clock.until,
        "due": clock.due,
    })
}

fn diagnostic(diagnostic: &Diagnostic) -> Value {
    json!({
        "severity": diagnostic.severity,
        "file": diagnostic.file,
        "line": diagnostic.line,
        "message": diagnostic.message,
        "help": diagnostic.help,
    })
}

fn stage_name(plan: &Plan, stage: Option<StageId>) -> Option<&str> {
    stage.and_then(|id| plan.stages.get(id.index())).map(|stage| stage.name.as_str())
}
