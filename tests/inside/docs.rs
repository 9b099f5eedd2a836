//! The documents: every link leads somewhere, every command line is one, every TOML block passes.

use clap::Parser;
use std::fs;
use std::path::{Path, PathBuf};
use warroom::cli::Arguments;
use warroom::plan::{self, File, Input, Severity, Text};
use warroom::tui::theme::Theme;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The documents that people read, with their texts.
fn documents() -> Vec<(PathBuf, String)> {
    let docs = fs::read_dir(root().join("docs")).expect("docs").flatten().map(|entry| entry.path());
    let pages = docs.filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    let own = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"].map(|name| root().join(name));
    let mut paths: Vec<PathBuf> = pages.chain(own).collect();
    paths.sort();
    paths.into_iter().map(|path| (path.clone(), fs::read_to_string(path).expect("a document"))).collect()
}

/// A fenced block: its language, its line, its text.
struct Block {
    language: String,
    line: usize,
    text: String,
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut is_inside = false;
    for (line, row) in (1..).zip(text.lines()) {
        match (row.trim_start().strip_prefix("```"), is_inside) {
            (Some(language), false) => {
                blocks.push(Block { language: language.trim().to_owned(), line, text: String::new() });
                is_inside = true;
            }
            (Some(_), true) => is_inside = false,
            (None, true) => {
                let block = blocks.last_mut().expect("a block");
                block.text.push_str(row.trim_start());
                block.text.push('\n');
            }
            (None, false) => {}
        }
    }
    blocks
}

/// The targets of the links of a text, outside of code.
fn links(text: &str) -> Vec<String> {
    let mut is_code = false;
    let rows = text.lines().filter(|row| {
        is_code ^= row.trim_start().starts_with("```");
        !is_code
    });
    let of_row = |row: &str| -> Vec<String> {
        row.split("](").skip(1).filter_map(|rest| rest.split(')').next()).map(str::to_owned).collect()
    };
    rows.flat_map(of_row).collect()
}

/// The words of a shell line up to what the shell does with it.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for sign in line.chars() {
        match (sign, quote) {
            ('\'' | '"', None) => quote = Some(sign),
            (sign, Some(open)) if sign == open => quote = None,
            ('#' | '|' | '>' | '<' | '&' | ';', None) => break,
            (' ', None) => words.push(String::new()),
            (sign, _) => words.last_mut().expect("a word").push(sign),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[test]
fn every_link_leads_somewhere() {
    for (path, text) in documents() {
        for link in links(&text).into_iter().filter(|link| !link.contains("://") && !link.starts_with('#')) {
            let file = link.split('#').next().unwrap_or_default();
            let target = path.parent().expect("a folder").join(file);
            assert!(target.exists(), "{} links to {link}", path.display());
        }
    }
}

#[test]
fn every_command_line_is_one() {
    // A theme is read while the line is; the one the documents speak of is somebody's own.
    let mine = root().join("assets/themes/dark.toml");
    let mut count = 0;
    for (path, text) in documents() {
        for block in blocks(&text).into_iter().filter(|block| block.language == "sh") {
            let lines = block.text.replace("\\\n", " ");
            for line in lines.lines().map(str::trim).filter(|line| line.starts_with("warroom ")) {
                let parsed = Arguments::try_parse_from(words(&line.replace("mine.toml", &mine.display().to_string())));
                let place = format!("{}:{}", path.display(), block.line);
                assert!(parsed.is_ok(), "{place}: {line}: {}", parsed.expect_err("an error"));
                count += 1;
            }
        }
    }
    assert!(count >= 5, "only {count} command lines were found");
}

/// What the bindings of the pages are bound to.
const CHECKLIST: &str = "# Go live\n\n- [ ] 10% traffic - monitor 10 minutes\n\n- [ ] Old deployment deleted\n";

#[test]
fn every_block_of_toml_passes() {
    for (path, text) in documents() {
        // Nights are run by tests of their own.
        if path.ends_with("docs/scenarios.md") {
            continue;
        }
        for block in blocks(&text).into_iter().filter(|block| block.language == "toml") {
            let place = format!("{}:{}", path.display(), block.line);
            if block.text.contains("[sixteen]") {
                Theme::read(&block.text, false).unwrap_or_else(|error| panic!("{place}: {error}"));
                continue;
            }
            let checklist = Text { name: "go-live.md", text: CHECKLIST };
            let bindings = Text { name: "bindings.toml", text: &block.text };
            let compiled = plan::compile(Input { checklist, bindings: Some(bindings) });
            let errors: Vec<_> = compiled
                .diagnostics
                .iter()
                .filter(|problem| problem.severity == Severity::Error && problem.file == File::Bindings)
                .collect();
            assert!(errors.is_empty(), "{place}: {errors:#?}");
        }
    }
}

/// Every file of Rust in a folder, as one text.
fn rust(folder: &Path) -> String {
    let entries = fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path());
    let texts = entries.map(|path| match path.extension() {
        _ if path.is_dir() => rust(&path),
        Some(extension) if extension == "rs" => fs::read_to_string(&path).expect("a file"),
        _ => String::new(),
    });
    texts.collect()
}

#[test]
fn whatever_holds_at_the_terminals_edges_has_its_test() {
    let code = rust(&root().join("src")) + &rust(&root().join("tests"));
    let page = fs::read_to_string(root().join("docs/terminal.md")).expect("the page");
    let rows = page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| what happens"));
    for row in rows {
        let tests = row.trim_end_matches('|').rsplit('|').next().unwrap_or_default();
        let names: Vec<&str> = tests.split('`').skip(1).step_by(2).collect();
        assert!(!names.is_empty(), "no test: {row}");
        for name in names {
            assert!(code.contains(&format!("fn {name}(")), "there is no test {name}: {row}");
        }
    }
}

/// Each line of the page on reading is read as the page says.
#[test]
fn lines_are_read_as_the_page_says() {
    let page = fs::read_to_string(root().join("docs/reading.md")).expect("the page");
    let rows = page.lines().filter_map(|row| row.strip_prefix("| ")?.strip_suffix(" |")?.rsplit_once(" | "));
    let rows: Vec<_> = rows.filter(|(line, _)| *line != "line").collect();
    assert!(rows.len() > 15, "only {} lines were found", rows.len());
    for (line, said) in rows {
        let text = format!("- [ ] {line}\n");
        let found = plan::compile(Input { checklist: Text { name: "go.md", text: &text }, bindings: None });
        assert_eq!(read(&found), said, "{line}");
    }
}

/// What was read of a line, as the page writes it.
fn read(found: &plan::Compiled) -> String {
    let quantile = |q: Option<f64>| q.map(|q| format!(" p{}", q * 100.0)).unwrap_or_default();
    let limits = found.plan.conditions.iter().map(|c| format!("{}{} {}", c.metric, quantile(c.quantile), c.limit));
    let soak = |stage: &plan::Stage| stage.soak.map(|soak| format!(" for {soak}")).unwrap_or_default();
    let stages = found.plan.stages.iter().map(|stage| format!("{}{}", stage.name, soak(stage)));
    match limits.chain(stages).collect::<Vec<_>>() {
        read if !read.is_empty() => read.join(", "),
        _ if !found.suggestions.is_empty() => "offered".to_owned(),
        _ => "nothing".to_owned(),
    }
}
