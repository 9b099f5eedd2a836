//! `warroom` alone: what can be done next, from what is here.

use super::out::Out;
use super::{exit, place};
use crate::order;
use crate::session::event::show_time;
use crate::session::store::shelf::{Entry, Standing};
use std::fs;
use std::path::{Path, PathBuf};

/// So many files of a kind are named at most.
const MOST: usize = 5;
/// A checklist or bindings file is smaller, in bytes.
const LARGEST: u64 = 1 << 20;

/// Says it and returns the exit code.
#[must_use]
pub fn say(out: &Out) -> u8 {
    let (entries, _) = place::shelf().ok().and_then(|shelf| shelf.list().ok()).unwrap_or_default();
    for line in next(Path::new("."), &entries) {
        out.line(&line);
    }
    exit::USAGE
}

/// What can be done next, in lines.
fn next(folder: &Path, entries: &[Entry]) -> Vec<String> {
    let mut lines = vec!["warroom: the one screen to look at while live traffic moves onto a new version".to_owned()];
    let open: Vec<&Entry> =
        entries.iter().filter(|entry| entry.standing == Standing::Left && !entry.is_demo).take(MOST).collect();
    chapter(&mut lines, "Left open", &open, |entry| {
        let when = show_time(entry.last_at);
        (format!("warroom run --resume {}", entry.id), format!("{}, last heard of at {when}", entry.title))
    });
    let found = found(folder);
    let rows: Vec<(String, &str)> = found.iter().flat_map(|plan| here(plan, &found)).collect();
    chapter(&mut lines, "Here", &rows, |(command, what)| (command.clone(), (*what).to_owned()));
    let always = [
        ("warroom demo", "a go-live to practise on: nothing else is needed"),
        ("warroom check FILE.md", "what it understands of your checklist; nothing is written"),
        ("warroom init FILE.md", "writes bindings to fill in: which query measures what it names"),
        ("warroom --help", "everything else"),
    ];
    let title = if lines.len() > 1 { "Always" } else { "Begin with" };
    chapter(&mut lines, title, &always, |(command, what)| ((*command).to_owned(), (*what).to_owned()));
    lines
}

/// What can be done with a plan that is here: run it, or make it one that can be run.
fn here((path, kind): &(PathBuf, Kind), found: &[(PathBuf, Kind)]) -> Vec<(String, &'static str)> {
    let path = path.display();
    let check = || (format!("warroom check {path}"), "says what it understands");
    match kind {
        Kind::Bindings => vec![(format!("warroom run {path} --as YOU"), "runs it")],
        Kind::Checklist if found.iter().any(|(_, kind)| *kind == Kind::Bindings) => vec![check()],
        Kind::Checklist => vec![check(), (format!("warroom init {path}"), "writes bindings for it, to fill in")],
    }
}

fn chapter<T>(lines: &mut Vec<String>, title: &str, rows: &[T], row: impl Fn(&T) -> (String, String)) {
    let rows: Vec<(String, String)> = rows.iter().map(row).collect();
    let Some(width) = rows.iter().map(|(command, _)| command.chars().count()).max() else { return };
    lines.extend([String::new(), format!("{title}:")]);
    lines.extend(rows.iter().map(|(command, what)| format!("  {command:<width$}  {what}")));
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Bindings,
    Checklist,
}

/// The plans of a folder, bindings first: who has them has done the work.
fn found(folder: &Path) -> Vec<(PathBuf, Kind)> {
    let files = fs::read_dir(folder).into_iter().flatten().flatten().map(|file| file.path());
    let mut found: Vec<(PathBuf, Kind)> = files.filter_map(|path| kind(&path).map(|kind| (path, kind))).collect();
    order::by(&mut found, |(left, a), (right, b)| (a, left).cmp(&(b, right)));
    found.truncate(MOST);
    let named = |(path, kind): (PathBuf, Kind)| (path.file_name().map_or(path.clone(), PathBuf::from), kind);
    found.into_iter().map(named).collect()
}

fn kind(path: &Path) -> Option<Kind> {
    let is_small = fs::metadata(path).is_ok_and(|about| about.is_file() && about.len() <= LARGEST);
    let text = || is_small.then(|| fs::read_to_string(path).ok()).flatten();
    match path.extension()?.to_str()? {
        "toml" => text()?.lines().any(|line| line.trim_start().starts_with("checklist")).then_some(Kind::Bindings),
        "md" | "markdown" => text()?.lines().any(is_box).then_some(Kind::Checklist),
        _ => None,
    }
}

fn is_box(line: &str) -> bool {
    ["- [ ]", "* [ ]", "- [x]"].iter().any(|begin| line.trim_start().starts_with(begin))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_is_here_and_what_always_is() {
        let folder = tempfile::tempdir().expect("a folder");
        let empty = next(folder.path(), &[]);
        assert!(empty.iter().any(|line| line == "Begin with:"), "{empty:#?}");
        for always in ["demo", "check FILE.md", "init FILE.md"] {
            assert!(empty.iter().any(|line| line.starts_with(&format!("  warroom {always} "))), "{always}: {empty:#?}");
        }
        fs::write(folder.path().join("go-live.md"), "- [ ] Backups\n").expect("a file");
        let unbound = next(folder.path(), &[]).join("\n");
        assert!(unbound.contains("  warroom init go-live.md "), "{unbound}");
        for (name, text) in [
            ("go-live.md", "# Night\n\n- [ ] Backups\n"),
            ("notes.md", "nothing to tick"),
            ("cutover.toml", "# ours\nchecklist = \"go-live.md\"\n"),
            ("Cargo.toml", "[package]\n"),
        ] {
            fs::write(folder.path().join(name), text).expect("a file");
        }
        let lines = next(folder.path(), &[]).join("\n");
        assert!(!lines.contains("init go-live.md"), "it has bindings: {lines}");
        let (run, check) = ("warroom run cutover.toml --as YOU", "warroom check go-live.md ");
        assert!(lines.find(run).expect(run) < lines.find(check).expect(check), "{lines}");
        assert!(!lines.contains("notes.md") && !lines.contains("Cargo.toml"), "{lines}");
        assert!(lines.contains("\nAlways:"), "{lines}");
    }
}
