//! The text of a bindings file that is still to be filled in.

use crate::plan::{Compiled, Condition, Role, Stage, StageKind};
use crate::text::Unit;
use std::fmt::Write as _;

/// Writes the draft; everything that must be decided by a person is a comment.
pub(super) fn write(compiled: &Compiled, checklist: &str, with_source: bool) -> String {
    let mut text = String::new();
    head(&mut text, checklist, with_source);
    let measured = metrics(&compiled.plan.conditions);
    if !measured.is_empty() {
        text.push_str("\n# ── What the checklist's words mean ──────────────────────────────────────────────\n");
        text.push_str("# Take away the `#` where a query measures it. What stays a comment stays a box to tick.\n");
    }
    for (key, lines) in &measured {
        metric(&mut text, key, lines);
    }
    let suggested = metrics(&compiled.suggestions);
    if !suggested.is_empty() {
        text.push_str("\n# ── What reads like a condition, without a sign ──────────────────────────────────\n");
    }
    for (key, lines) in &suggested {
        metric(&mut text, key, lines);
    }
    stages(&mut text, &compiled.plan.stages);
    rest(&mut text, compiled);
    text
}

fn head(text: &mut String, checklist: &str, with_source: bool) {
    let off = if with_source { "" } else { "# " };
    let _ = write!(
        text,
        "# What the words of {checklist} mean here. `warroom check` on this file shows how it is understood.

checklist = {name}

# $NAME in queries; for the next cutover only these change.
[vars]
version = \"v2\"

# Any Prometheus-compatible API; kind = \"scrape\" with targets = [\"http://…/metrics\"] where there is none.
{off}[source.prod]
{off}kind = \"prometheus\"
{off}url = \"http://127.0.0.1:9090\"
{off}every = \"5s\"
",
        checklist = checklist.replace(['\n', '\r'], " "),
        name = quoted(checklist),
    );
}

/// The conditions by the key that binds them, in the order of the checklist.
fn metrics(conditions: &[Condition]) -> Vec<(String, Vec<&Condition>)> {
    let mut found: Vec<(String, Vec<&Condition>)> = Vec::new();
    for condition in conditions.iter().filter(|condition| can_be_measured(condition)) {
        let key = key(condition);
        match found.iter_mut().find(|(known, _)| *known == key) {
            Some((_, lines)) => lines.push(condition),
            None => found.push((key, vec![condition])),
        }
    }
    found
}

/// What is held against something else than a baseline stays a box, whatever measures it.
fn can_be_measured(condition: &Condition) -> bool {
    condition.relative_to.is_none() || condition.limit.relative.is_some()
}

fn key(condition: &Condition) -> String {
    match condition.quantile.and_then(|quantile| Unit::Ratio.convert(quantile, Unit::Percent)) {
        Some(percent) => format!("{} p{percent}", condition.metric),
        None => condition.metric.clone(),
    }
}

fn metric(text: &mut String, key: &str, lines: &[&Condition]) {
    text.push('\n');
    for condition in lines {
        let role = match condition.role {
            Role::Gate => "must hold",
            Role::Trigger => "calls for rollback",
        };
        let _ = writeln!(text, "# line {}: {} ({role})", condition.line, condition.limit);
    }
    let _ = writeln!(text, "# [metric.{}]", quoted(key));
    match lines.iter().find(|condition| condition.query.is_some()) {
        Some(_) => text.push_str("# the query is the PromQL block of the checklist\n"),
        None => text.push_str("# query = ''\n"),
    }
    // `5x baseline` does not say what is measured.
    let says_unit = lines.iter().find(|condition| condition.limit.relative.is_none()).or(lines.first());
    let unit = says_unit.map_or("count", |condition| unit(condition.limit.unit));
    let _ = writeln!(text, "# unit = \"{unit}\" # what the query returns; the checklist's limits are converted");
}

/// The word that bindings accept for what a query in this unit most likely returns.
const fn unit(printed: Unit) -> &'static str {
    match printed {
        Unit::Percent | Unit::Ratio => "ratio",
        Unit::Nanos | Unit::Micros | Unit::Millis | Unit::Seconds | Unit::Minutes | Unit::Hours | Unit::Days => {
            "seconds"
        }
        Unit::Tps => "tps",
        Unit::Count => "count",
        Unit::Dollars => "usd",
        _ => "bytes",
    }
}

fn stages(text: &mut String, stages: &[Stage]) {
    let open: Vec<_> = stages.iter().filter(|stage| stage.kind == StageKind::Ramp && stage.soak.is_none()).collect();
    if open.is_empty() {
        return;
    }
    text.push_str("\n# ── Stages for which the checklist says no soak ──────────────────────────────────\n");
    for stage in open {
        let _ = writeln!(text, "\n# line {}\n# [stage.{}]\n# soak = \"30m\"", stage.line, quoted(&stage.name));
    }
}

fn rest(text: &mut String, compiled: &Compiled) {
    text.push_str(
        "\n# ── Beside the checklist ─────────────────────────────────────────────────────────

# [health.api]
# url = \"http://127.0.0.1:8080/health\"
# phrases = [\"health endpoints responding\"] # lines that it is the evidence of

# A gate that the checklist forgot:
# [[gate]]
# metric = \"error rate\"
# limit = \"< 1%\"
# stages = \"ramp\"

# A line that is read otherwise than it is meant:
# [[line]]
# line = 12 # or text = \"words of it\"
# ignore = true # or role, severity, limit, stage
",
    );
    if !compiled.plan.regions.is_empty() {
        let names: Vec<_> = compiled.plan.regions.iter().map(|name| quoted(name)).collect();
        let _ =
            writeln!(text, "\n# The regions of $region in a query:\n# [cutover]\n# regions = [{}]", names.join(", "));
    }
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for sign in text.chars() {
        match sign {
            '"' | '\\' => out.extend(['\\', sign]),
            sign if sign.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(sign));
            }
            sign => out.push(sign),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Input, Text, compile};

    const NIGHT: &str = "- [ ] 10% traffic\n  - [ ] Error rate < 1%\n  - [ ] Latency p95 < 90ms\n- [ ] Uptime: 99.9%\n## Rollback triggers\n- Error rate > 5%\n";

    fn read(bindings: Option<&str>) -> Compiled {
        compile(Input {
            checklist: Text { name: "n.md", text: NIGHT },
            bindings: bindings.map(|text| Text { name: "n.toml", text }),
        })
    }

    #[test]
    fn every_metric_is_there_once_with_its_lines() {
        let text = write(&read(None), "n.md", true);
        assert_eq!(text.matches("# [metric.\"error rate\"]").count(), 1, "{text}");
        assert_eq!(quoted("a \"b\" \\"), "\"a \\\"b\\\" \\\\\"");
        assert!(text.contains("# line 6: > 5 % (calls for rollback)"), "{text}");
        for key in ["# [metric.\"latency p95\"]", "# [metric.\"uptime\"]", "# [stage.\"10%\"]"] {
            assert!(text.contains(key), "{key}: {text}");
        }
    }

    #[test]
    fn what_no_query_can_decide_is_not_asked_for() {
        let text = "- [ ] Spend < $40\n- [ ] Lag > 3x baseline\n- [ ] Lag < 9 s\n- [ ] Latency within 6% of targets\n";
        let found = compile(Input { checklist: Text { name: "n.md", text }, bindings: None });
        let draft = write(&found, "n.md", true);
        assert!(draft.contains("# unit = \"usd\"") && draft.contains("# unit = \"seconds\""), "{draft}");
        assert!(!draft.contains("latency"), "{draft}");
    }

    #[test]
    fn the_draft_is_valid_as_it_is_and_when_it_is_filled_in() {
        let text = write(&read(None), "n.md", true);
        assert!(read(Some(&text)).is_valid());
        let filled = text.replace("# [metric.\"latency p95\"]", "[metric.\"latency p95\"]").replacen(
            "# query = ''\n# unit = \"seconds\"",
            "query = 'histogram_quantile(0.95, a_bucket)'\nunit = \"seconds\"",
            1,
        );
        let read = read(Some(&filled));
        assert!(read.is_valid(), "{:?}", read.diagnostics);
        assert_eq!(read.plan.gates.len(), 1);
    }
}
