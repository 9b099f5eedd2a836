//! `reload` as it is typed on the night: the files are edited while a stage runs, the difference is
//! shown, taken by name, observed from then on, and still in force after a crash.

use crate::support::seat::Seat;
use crate::support::service::Service;
use std::fs;
use std::path::Path;
use warroom::session::{Fact, store};

const CHECKLIST: &str = "\
# Ledger v3 go-live

## Ramp
- [ ] 10% traffic - monitor 10 minutes
  - [ ] Error rate < 0.1%
";

const BINDINGS: &str = r#"
checklist = "ledger.md"
[source.prod]
kind = "prometheus"
url = "http://127.0.0.1:1"
every = "200ms"
[metric."error rate"]
query = 'sum(rate(errors_total[5s])) / sum(rate(requests_total[5s]))'
unit = "ratio"
"#;

fn arg(path: &Path) -> String {
    path.display().to_string()
}

#[test]
fn the_plan_is_amended_while_a_stage_runs() {
    let folder = tempfile::tempdir().expect("a folder");
    let [list, bindings, log] = ["ledger.md", "ledger.toml", "night.jsonl"].map(|name| folder.path().join(name));
    fs::write(&list, CHECKLIST).expect("a checklist");
    fs::write(&bindings, BINDINGS).expect("bindings");
    let service = Service::start("");
    service.health(503, "{}");

    let mut seat = Seat::take(&["run", &arg(&bindings), "--plain", "--session", &arg(&log)]);
    seat.say("as Ana: start 10%");
    seat.say("moved");
    seat.wait("the traffic", |line| line.contains("the traffic has moved to 10%"));
    seat.say("reload");
    seat.wait("that nothing has changed", |line| line.contains("the files say what the plan says"));

    fs::write(&list, CHECKLIST.replace("< 0.1%", "< 0.5%")).expect("a checklist");
    fs::write(&bindings, format!("{BINDINGS}[health.ledger]\nurl = \"{}\"\n", service.health_url())).expect("bindings");
    seat.say("reload");
    seat.wait("the difference", |line| line.contains("~ gate error rate < 0.5 %: limit < 0.5 %, was < 0.1 %"));
    seat.wait("the difference", |line| line.contains("+ health ledger"));
    seat.say("reload nobody says so");
    seat.wait("that a name is missing", |line| line.contains("refused: amending the plan needs a name"));
    seat.say("as Bo: reload the limit was a slip");
    seat.wait("the amendment", |line| line.contains("Bo amended the plan (4 changes): the limit was a slip"));
    seat.wait("the difference", |line| line.contains("+ health ledger"));
    // Only observers of the new plan ask the new endpoint.
    seat.wait("an answer of the endpoint", |line| line.contains("+ unhealthy: ledger"));

    fs::write(&bindings, BINDINGS.replace("every", "evry")).expect("bindings");
    seat.say("as Bo: reload in a hurry");
    seat.wait("the refusal", |line| {
        line.contains("refused: the plan stays as it is: ") && line.contains(":6:1: unknown key `evry`")
    });

    seat.kill();
    fs::remove_file(&list).expect("a checklist");
    let mut seat = Seat::take(&["run", "--resume", &arg(&log), "--plain", "--as", "Ana"]);
    seat.wait("the resumption", |line| line.contains("resumed on "));
    seat.say("status");
    seat.wait("the gate", |line| line.starts_with("gate error rate") && line.contains("(limit < 0.5 %)"));
    seat.wait("the endpoint", |line| line.starts_with("health ledger"));
    seat.say("reload");
    seat.wait("the refusal", |line| line.contains("refused: the plan stays as it is: cannot read"));
    seat.insist("finish failed", "closed the session");
    seat.end();

    assert_eq!(Seat::take(&["verify", &arg(&log)]).end(), Some(0), "the log verifies");
    let recorded = store::read(&log).expect("a session");
    let amended = recorded.core.state().timeline.iter().find_map(|event| match &event.fact {
        Fact::PlanAmended { checklist, .. } => Some((event.by.as_str(), checklist.text.contains("< 0.5%"))),
        _ => None,
    });
    assert_eq!(amended, Some(("Bo", true)));
}

/// A seat taken in a folder of its own, as a shell would.
fn take_in(folder: &Path, arguments: &[&str]) -> Seat {
    let folder = arg(folder);
    let shell = ["-c", "cd \"$1\" && shift && exec \"$@\"", "sh", &folder, env!("CARGO_BIN_EXE_warroom")];
    Seat::take_as("sh", &[&shell, arguments].concat())
}

#[test]
fn the_files_are_found_from_any_folder() {
    let [home, elsewhere] = [(), ()].map(|()| tempfile::tempdir().expect("a folder"));
    let log = home.path().join("night.jsonl");
    let write = |folder: &Path, limit: &str| {
        fs::write(folder.join("ledger.md"), CHECKLIST.replace("0.1%", limit)).expect("a checklist");
        fs::write(folder.join("ledger.toml"), BINDINGS).expect("bindings");
    };
    write(home.path(), "0.1%");
    let mut seat = take_in(home.path(), &["run", "ledger.toml", "--plain", "--session", &arg(&log)]);
    seat.say("note we begin");
    seat.wait("the note, which is on disk when it is said", |line| line.contains("noted: we begin"));
    seat.kill();

    write(home.path(), "0.5%");
    write(elsewhere.path(), "7%");
    let mut seat = take_in(elsewhere.path(), &["run", "--resume", &arg(&log), "--plain", "--as", "Ana"]);
    seat.wait("the resumption", |line| line.contains("resumed on "));
    seat.say("reload");
    seat.wait("what the plan's own file says", |line| line.contains("limit < 0.5 %, was < 0.1 %"));
    seat.kill();
}

#[test]
fn a_plan_that_came_with_the_program_is_no_file() {
    let elsewhere = tempfile::tempdir().expect("a folder");
    let log = elsewhere.path().join("night.jsonl");
    fs::write(elsewhere.path().join("demo.md"), CHECKLIST).expect("a checklist");
    fs::write(elsewhere.path().join("demo.toml"), BINDINGS).expect("bindings");
    let mut seat = take_in(elsewhere.path(), &["demo", "--plain", "--session", &arg(&log), "--as", "Ana"]);
    seat.say("reload");
    seat.wait("the refusal", |line| line.contains("refused: demo.md is no file that could be read again"));
    seat.kill();
}
