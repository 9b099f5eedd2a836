//! `warroom check` as it is used on the shell.

use std::path::Path;
use std::process::{Command, Output};

fn check(path: &Path, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_warroom")).arg("check").arg(path).args(more).output().expect("the program starts")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn the_shell_sees_what_was_understood() {
    trycmd::TestCases::new().case("tests/check/*.trycmd").run();
}

/// The plans beside the program are what people copy: each can be run, and is understood whole.
#[test]
fn the_plans_that_come_with_the_program_can_be_run() {
    for (plan, items, ramp, observed, triggers) in [
        ("demo", 32, 4, 0, 4),
        ("payments", 98, 4, 4, 7),
        ("sequence", 13, 4, 4, 5),
        ("rewrite", 72, 3, 0, 8),
        ("platform", 421, 4, 0, 0),
        ("canary", 72, 4, 0, 5),
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("config/{plan}.toml"));
        let output = check(&path, &["--format", "json"]);
        assert_eq!(output.status.code(), Some(0), "{plan}: {}", stderr(&output));
        let read: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let count = |list: &str, name: &str, value: &str| {
            read[list].as_array().unwrap().iter().filter(|each| each[name] == value).count()
        };
        let warnings = count("diagnostics", "severity", "warning");
        let found = (
            read["items"].as_array().unwrap().len(),
            count("stages", "kind", "ramp"),
            count("stages", "kind", "observe"),
            read["triggers"].as_array().unwrap().len(),
        );
        assert_eq!((plan, found, warnings), (plan, (items, ramp, observed, triggers), 0));
    }
}

#[test]
fn what_is_no_checklist_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    for (path, want) in [
        (folder.path().join("none.md"), "cannot read"),
        (folder.path().to_owned(), "is a directory"),
        (file("empty.md", b"\n"), "is empty"),
        (
            file("latin.md", b"# A\n\n- [ ] caf\xE9\n"),
            "is not UTF-8: line 3, column 10 holds the byte 0xE9; save it as UTF-8",
        ),
        (file("wide.md", b"\xFF\xFE#\0 \0A\0"), "line 1, column 1 holds the byte 0xFF; it looks like UTF-16"),
        (file("none.toml", b"[vars]\n"), "names no checklist"),
        (file("broken.toml", b"[vars\na = 1\n"), "broken.toml:1:6"),
        (file("number.toml", b"checklist = 5\n"), "`checklist` must be a text in quotes"),
        (file("prose.md", b"# Only words\n"), "nothing to do"),
    ] {
        let output = check(&path, &[]);
        assert_eq!(output.status.code(), Some(5), "{}", path.display());
        assert!(stderr(&output).contains(want), "{}", stderr(&output));
    }
}

/// A broken file of bindings keeps nobody from hearing what is wrong with the checklist it names.
#[test]
fn what_is_wrong_is_said_all_at_once() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("go.md"), "## Phase 1: 50% traffic\n- [ ] a\n## Phase 2: 50% traffic\n").unwrap();
    let bindings = folder.path().join("go.toml");
    std::fs::write(&bindings, "checklist = \"go.md\"\n[vars]\na = \"1\"\na = \"2\"\n[metric\n").unwrap();
    let told = stderr(&check(&bindings, &[]));
    for want in
        ["go.toml:4:1", "duplicate key", "go.toml:5:", "go.md:3:1", "50% is named a second time", "2 errors, 1 warning"]
    {
        assert!(told.contains(want), "{want}: {told}");
    }
}

/// However a text was made, it is read to its end, and its lines are told so that they can be read.
#[test]
fn odd_texts_are_read_like_others() {
    let folder = tempfile::tempdir().unwrap();
    let long = format!("- [ ] 10% traffic\n- [ ] {}\n", "lag < 5 s and ".repeat(70_000));
    let deep = format!("{}[ ] a\n", "- ".repeat(3_000));
    for (name, text, items) in [
        ("marked.md", "\u{feff}# A\r\n- [ ] a\r\n- [ ] Lag < 3 s\r\n", 2),
        ("nul.md", "- [ ] a\0b\n", 1),
        ("long.md", long.as_str(), 2),
        ("deep.md", deep.as_str(), 1),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        let output = check(&path, &[]);
        assert_eq!(output.status.code(), Some(0), "{name}: {}", stderr(&output));
        let shown = String::from_utf8(output.stdout).unwrap();
        assert!(shown.contains(&format!("  {items} item")), "{name}: {}", shown.lines().take(3).collect::<String>());
        assert!(shown.lines().all(|line| line.chars().count() < 400) && shown.lines().count() < 40, "{name}");
    }
}

#[test]
fn json_has_its_promised_names_also_when_nothing_could_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let output = check(&folder.path().join("none.md"), &["--format", "json"]);
    let plan: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    for name in [
        "title",
        "items",
        "stages",
        "conditions",
        "triggers",
        "decisions",
        "commands",
        "fields",
        "contacts",
        "sign_offs",
        "regions",
        "recurring",
        "clocks",
        "scores",
        "questions",
        "diagnostics",
    ] {
        assert!(plan.get(name).is_some(), "{name}");
    }
    assert_eq!(plan["diagnostics"][0]["severity"], "error");
    assert_eq!(output.status.code(), Some(5));
}

#[test]
fn json_tells_the_whole_of_a_condition() {
    let output = check(Path::new("tests/check/night.in/night.toml"), &["--format", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let plan: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let condition = plan["conditions"].as_array().unwrap().iter().find(|c| c["metric"] == "checkout time").unwrap();
    let want = serde_json::json!({
        "line": 14, "metric": "checkout time", "quantile": 0.95, "op": "<", "limit": 400.0, "limit_high": null, "unit": "ms",
        "target": 250.0, "role": "gate", "stage": "10%", "bound": true,
    });
    for (name, value) in want.as_object().unwrap() {
        assert_eq!(&condition[name], value, "{name}");
    }
    assert_eq!(
        plan["stages"][0],
        serde_json::json!({
            "name": "10%", "line": 12, "kind": "ramp", "traffic_percent": 10.0, "soak_seconds": 600, "soak_max_seconds": null, "approvals": 0,
        })
    );
    let item = &plan["items"][0];
    assert_eq!(
        (item["section"].clone(), item["depth"].clone()),
        (serde_json::json!(["Orders v2 go-live", "Before"]), 0.into())
    );
}

#[test]
fn usage_is_told_apart_from_a_bad_plan() {
    let output = Command::new(env!("CARGO_BIN_EXE_warroom")).args(["check", "--fromat", "json", "x"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}

/// Every key that the bindings' readers ask for stands in its reference.
#[test]
fn the_reference_of_the_bindings_is_complete() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    // Messages to the outside have a page of their own, which the reference leads to.
    let pages = ["docs/bindings.md", "docs/notify.md"].map(|page| std::fs::read_to_string(root.join(page)).unwrap());
    let reference = pages.concat();
    let mut files = vec![root.join("src/plan/bindings.rs")];
    files.extend(std::fs::read_dir(root.join("src/plan/bindings")).unwrap().map(|entry| entry.unwrap().path()));
    let asked =
        regex::Regex::new(r#"(?:(?:table|root)\.[a-z_]+|required|secret|path|environment)\((?:table, )?"([a-z_]+)""#)
            .unwrap();
    let mut count = 0;
    for file in files.iter().filter(|file| !file.ends_with("tests.rs")) {
        let source = std::fs::read_to_string(file).unwrap();
        for key in asked.captures_iter(&source).map(|found| found[1].to_owned()) {
            // What a version refuses is no key of it.
            let is_known =
                reference.contains(&format!("`{key}")) || reference.contains(&format!("[{key}")) || key == "webhook";
            assert!(is_known, "docs/bindings.md does not know `{key}` of {}", file.display());
            count += 1;
        }
    }
    assert!(count > 50, "only {count} keys were found: are they asked for in another way now?");
}

#[test]
fn a_draft_of_the_bindings_is_written_once_and_can_be_checked() {
    let folder = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for plan in ["payments", "sequence", "rewrite", "platform", "canary"] {
        let list = folder.path().join(format!("{plan}.md"));
        std::fs::copy(root.join(format!("config/{plan}.md")), &list).unwrap();
        let init = || Command::new(env!("CARGO_BIN_EXE_warroom")).arg("init").arg(&list).output().unwrap();
        let first = init();
        assert_eq!(first.status.code(), Some(0), "{plan}: {}", stderr(&first));
        let checked = check(&list.with_extension("toml"), &[]);
        assert_eq!(checked.status.code(), Some(0), "{plan}: {}", stderr(&checked));
        let again = init();
        assert_eq!(again.status.code(), Some(2), "{plan}");
        assert!(stderr(&again).contains("is not overwritten"), "{}", stderr(&again));
    }
}
