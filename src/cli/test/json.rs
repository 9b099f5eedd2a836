//! What programs read. Names are promises; docs/scenarios.md lists them.

use super::{Case, Totals, Unrunnable};
use crate::judge::Reason;
use crate::rehearse::{Failure, Problem, Told};
use serde_json::{Value, json};
use std::io::{self, Write};
use std::path::PathBuf;

pub(super) fn write(cases: &[Case], passed_over: &[PathBuf], totals: Totals, out: &mut dyn Write) -> io::Result<()> {
    let passed_over: Vec<_> = passed_over.iter().map(|path| path.display().to_string()).collect();
    let document = json!({
        "format": 1,
        "totals": { "passed": totals.passed, "failed": totals.failed, "invalid": totals.invalid },
        "scenarios": cases.iter().map(case).collect::<Vec<_>>(),
        "passed_over": passed_over,
    });
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn case(case: &Case) -> Value {
    let (result, failures, problems, timeline) = match &case.result {
        Ok(night) => {
            let result = if night.failures.is_empty() { "passed" } else { "failed" };
            (result, each(&night.failures, failure), Value::Array(Vec::new()), each(&night.timeline, told))
        }
        Err(why) => ("invalid", json!([]), problems(case, why), json!([])),
    };
    json!({
        "file": case.name(),
        "about": case.about,
        "result": result,
        "failures": failures,
        "problems": problems,
        "timeline": timeline,
    })
}

fn failure(failure: &Failure) -> Value {
    let was = failure.was.as_ref();
    json!({
        "t": failure.t.to_string(),
        "t_ms": failure.t.0,
        "line": (failure.line > 0).then_some(failure.line),
        "misses": failure.misses,
        "verdict": was.map(|verdict| verdict.call.word()),
        "reasons": was.map(|verdict| each(&verdict.reasons, reason)),
    })
}

fn reason(reason: &Reason) -> Value {
    json!({ "code": reason.code.word(), "subject": reason.subject, "text": reason.text })
}

fn told(told: &Told) -> Value {
    json!({ "t": told.t.to_string(), "t_ms": told.t.0, "what": told.what, "reasons": told.reasons })
}

fn problems(case: &Case, why: &Unrunnable) -> Value {
    match why {
        Unrunnable::Unreadable(message) => json!([
            { "file": case.name(), "line": null, "column": null, "message": message, "help": null }
        ]),
        Unrunnable::Invalid(invalid) => each(&invalid.problems, |problem| self::problem(case, problem)),
    }
}

fn problem(case: &Case, problem: &Problem) -> Value {
    let (line, column) = problem.position().unzip();
    let file = problem.place.file.clone().unwrap_or_else(|| case.name());
    json!({ "file": file, "line": line, "column": column, "message": problem.message, "help": problem.help })
}

fn each<T>(list: &[T], show: impl Fn(&T) -> Value) -> Value {
    list.iter().map(show).collect()
}
