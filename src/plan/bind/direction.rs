//! Gates that ask for more of what is bad.
//!
//! A limit outside a list of triggers is good when true. "Error rate > 1%" in a stage would then be GO
//! because two per cent of the requests fail. What its writer meant is not guessed: a person says it.

use crate::plan::bindings::Bindings;
use crate::plan::checklist::Checklist;
use crate::plan::complaints::Complaints;
use crate::plan::conditions::Found;
use crate::plan::diagnostic::Severity;
use crate::plan::{Op, Role, overrides, words};

/// Nobody wants more of these.
const BAD: &[&str] = &[
    "error",
    "errors",
    "failure",
    "failures",
    "latency",
    "response time",
    "timeout",
    "timeouts",
    "packet loss",
    "lag",
    "drops",
    "crash",
    "crashes",
    "5xx",
];

/// With one of these beside it, more of it may be good: an error budget, a latency reduction.
const TURNED: &[&str] = &[
    "budget",
    "coverage",
    "detection",
    "free",
    "headroom",
    "improvement",
    "left",
    "recovery",
    "reduction",
    "remaining",
    "success",
];

/// Complains of bound gates that pass above their limit though their metric's name says that more is
/// worse, where no `[[line]]` says which it is. One that counts nowhere is only warned of.
pub(super) fn backwards(list: &Checklist, found: &[Found], bindings: &Bindings, complaints: &mut Complaints<'_>) {
    for Found { entry, condition, .. } in found {
        let entry = &list.entries[*entry];
        let is_bound_gate = condition.role == Role::Gate && condition.probe.is_some();
        let name = words::key(&condition.metric);
        let asks_for_more = matches!(condition.limit.op, Op::Above | Op::AtLeast);
        let is_bad = words::has(&name, BAD) && !words::has(&name, TURNED);
        if !is_bound_gate || !asks_for_more || !is_bad || overrides::says_role(bindings, entry) {
            continue;
        }
        let severity = if condition.stage.is_some() { Severity::Error } else { Severity::Warning };
        let message = format!(
            "\"{} {}\" is read as good when true, and nobody wants more of it",
            condition.metric, condition.limit
        );
        let help = "write the limit the other way round, or say role = \"trigger\" or role = \"gate\" for this line \
                    under [[line]] in the bindings";
        complaints.checklist(severity, entry, message, Some(help.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use crate::plan::{Diagnostic, Input, Severity, Text, compile};

    const SOURCE: &str = "[source.prod]\nkind = \"prometheus\"\nurl = \"http://127.0.0.1:9090\"\n";

    fn said(line: &str, metric: &str, more: &str) -> Vec<(Severity, u32)> {
        let list = format!("- [ ] 10% traffic\n  - [ ] {line}\n\n## Later\n- {line}\n");
        let bindings = format!("{SOURCE}[metric.\"{metric}\"]\nquery = \"x\"\nunit = \"percent\"\n{more}");
        let read = compile(Input {
            checklist: Text { name: "night.md", text: &list },
            bindings: Some(Text { name: "night.toml", text: &bindings }),
        });
        let is_backwards = |problem: &&Diagnostic| problem.message.contains("nobody wants more of it");
        let found = read.diagnostics.iter().filter(is_backwards);
        found.map(|problem| (problem.severity, problem.line.unwrap_or_default())).collect()
    }

    #[test]
    fn more_of_what_is_bad_is_no_gate() {
        for (line, metric) in [("Error rate > 1%", "error rate"), ("Consumer lag ≥ 5%", "consumer lag")] {
            assert_eq!(said(line, metric, ""), [(Severity::Error, 2), (Severity::Warning, 5)], "{line}");
        }
    }

    #[test]
    fn less_of_it_is_and_so_is_more_of_what_is_good() {
        for (line, metric) in [
            ("Error rate < 1%", "error rate"),
            ("Error budget > 20%", "error budget"),
            ("Throughput > 20%", "throughput"),
            ("Success rate > 99%", "success rate"),
        ] {
            assert_eq!(said(line, metric, ""), [], "{line}");
        }
    }

    #[test]
    fn a_person_may_say_which_it_is() {
        let gate = "[[line]]\ntext = \"Error rate > 1%\"\nrole = \"gate\"\n";
        assert_eq!(said("Error rate > 1%", "error rate", gate), []);
    }
}
