//! Holds the house to its plan: a room imports only from the rooms it is listed with here, and
//! every room it is listed with stands on a lower floor, or beside it for a reason.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms from the ground up, each with the rooms it may import.
const ROOMS: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("clock", &["text"]),
    ("cores", &[]),
    ("order", &[]),
    ("demo", &[]),
    ("promql", &["text", "cores"]),
    ("plan", &["text", "order", "cores", "promql"]),
    ("judge", &["text", "order", "plan"]),
    ("observe", &["text", "order", "clock", "promql", "plan", "judge"]),
    ("session", &["text", "order", "plan", "judge"]),
    ("room", &["text", "order", "clock", "plan", "judge", "observe", "session"]),
    ("notify", &["text", "order", "clock", "plan", "judge", "observe", "session", "room"]),
    ("rehearse", &["text", "order", "plan", "judge", "session"]),
    ("backtest", &["text", "order", "plan", "judge"]),
    ("report", &["text", "order", "plan", "judge", "session"]),
    ("tui", &["text", "order", "clock", "plan", "judge", "session", "room"]),
    (
        "cli",
        &[
            "text", "order", "backtest", "clock", "cores", "demo", "promql", "plan", "judge", "observe", "session",
            "room", "notify", "rehearse", "report", "tui",
        ],
    ),
];

/// Rooms that are pure: no clock, no environment, no files, no network, no order of a hash map.
const PURE: &[&str] = &["text", "order", "promql", "plan", "judge", "rehearse", "backtest", "report"];

const IMPURE: &[&str] = &[
    "std::env",
    "std::fs",
    "std::net",
    "std::thread",
    "HashMap",
    "HashSet",
    "tokio::",
    "reqwest::",
    "Instant::now",
    "SystemTime",
];

fn sources(room: &str) -> Vec<(PathBuf, String)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = vec![src.join(format!("{room}.rs"))];
    let mut folders = vec![src.join(room)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(folder) else { continue };
        for entry in entries.flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.into_iter().map(|path| (path.clone(), fs::read_to_string(&path).expect("a source file"))).collect()
}

/// The code of a file without comments, string literals' innards excepted.
fn code(text: &str) -> String {
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The rooms a text names behind `crate::`, also in a group: `use crate::{plan::Plan, text}`.
fn imports(text: &str) -> BTreeSet<String> {
    let word =
        |text: &str| text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut found = BTreeSet::new();
    for (at, _) in text.match_indices("crate::") {
        let (_, rest) = text.split_at(at + "crate::".len());
        match rest.strip_prefix('{') {
            None => drop(found.insert(word(rest))),
            Some(group) => {
                let mut depth = 0;
                let mut start = true;
                for (at, c) in group.char_indices() {
                    if start && !c.is_whitespace() {
                        found.insert(word(group.split_at(at).1));
                        start = false;
                    }
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => start = true,
                        _ => {}
                    }
                }
            }
        }
    }
    found
}

#[test]
fn every_room_is_listed() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for entry in fs::read_dir(src).expect("the source folder").flatten() {
        let name = entry.path().file_stem().expect("a name").to_string_lossy().into_owned();
        let listed = name == "lib" || name == "main" || ROOMS.iter().any(|(room, _)| *room == name);
        assert!(listed, "src/{name} is a room that this plan of the house does not know");
    }
}

#[test]
fn a_room_imports_only_what_it_stands_on() {
    let floors: Vec<&str> = ROOMS.iter().map(|(room, _)| *room).collect();
    for (floor, (room, allowed)) in ROOMS.iter().enumerate() {
        for below in *allowed {
            let its_floor = floors.iter().position(|name| name == below).expect("a listed room");
            assert!(its_floor < floor, "{room} may not stand on {below}, which is above it");
        }
        for (path, text) in sources(room) {
            for import in imports(&code(&text)) {
                let known = import == *room || allowed.contains(&import.as_str());
                assert!(known || !floors.contains(&import.as_str()), "{} imports {import}", path.display());
            }
        }
    }
}

#[test]
fn a_pure_room_touches_nothing_outside() {
    for room in PURE {
        for (path, text) in sources(room) {
            for word in IMPURE {
                assert!(!code(&text).contains(word), "{} uses {word}", path.display());
            }
        }
    }
}

#[test]
fn imports_are_found_in_every_form() {
    let text = "use crate::plan::Plan; use crate::{judge::{Call, Code}, text}; fn f() { crate::session::run() }";
    let found: Vec<_> = imports(text).into_iter().collect();
    assert_eq!(found, ["judge", "plan", "session", "text"]);
}
