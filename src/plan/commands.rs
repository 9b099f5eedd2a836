//! Blocks of commands to copy, with what they say to expect.

mod parts;

use super::checklist::Checklist;
use super::markdown::{Kind, comment};
use super::{Command, words};

/// Languages of blocks that are run.
const SHELLS: &[&str] = &[
    "bash",
    "sh",
    "shell",
    "zsh",
    "console",
    "shell-session",
    "shellsession",
    "terminal",
    "powershell",
    "ps1",
    "fish",
    "cmd",
    "bat",
];

/// Programs by which a block without a language shows that it is one.
const PROGRAMS: &[&str] = &[
    "$",
    "kubectl",
    "helm",
    "curl",
    "docker",
    "git",
    "aws",
    "gcloud",
    "az",
    "terraform",
    "ansible",
    "ansible-playbook",
    "ssh",
    "psql",
    "mysql",
    "redis-cli",
    "npm",
    "make",
    "systemctl",
    "argocd",
    "istioctl",
    "sudo",
    "flyway",
];

impl Command {
    /// What is to be expected, where the commands do not say it in a comment of their own.
    #[must_use]
    pub fn expect_beside(&self) -> Option<&str> {
        self.expect.as_deref().filter(|expect| !self.text.contains(expect))
    }
}

/// The commands of a checklist: one for each block, or for each stage and alternative that the
/// comments of a block name, so that copying never takes more than one of them.
pub(super) fn read(list: &Checklist) -> Vec<Command> {
    let mut commands = Vec::new();
    for (at, entry, fence) in list.fences().filter(|(_, _, fence)| is_run(&fence.language, &fence.body)) {
        let parts = parts::of(list, at, &fence.body);
        commands.extend(parts.into_iter().map(|part| Command {
            line: entry.line,
            end_line: fence.end_line,
            language: fence.language.clone(),
            expect: expectation(&part.text).or_else(|| behind(list, at)),
            text: part.text,
            stage: part.stage,
            item: list.item_around(at),
            alternative: part.alternative.or_else(|| alternative(list, at)),
        }));
    }
    commands
}

/// Under `Option B: rolling` a block is the second way to do it.
fn alternative(list: &Checklist, at: usize) -> Option<u32> {
    let section = list.outline.sections.get(list.outline.of(at)?.index())?;
    let key = words::key(&section.title);
    let named = key.split(' ').nth(1).filter(|_| words::is_alternative(&key))?;
    let letter = named.bytes().next().filter(u8::is_ascii_lowercase);
    let number = named.trim_matches(|c: char| !c.is_ascii_digit()).parse().ok();
    number.or_else(|| Some(u32::from(letter? - b'a') + 1))
}

fn is_run(language: &str, body: &str) -> bool {
    let first = body.lines().map(str::trim).find(|line| !line.is_empty() && comment(line).is_none());
    let is_program = |line: &str| line.split_whitespace().next().is_some_and(|word| PROGRAMS.contains(&word));
    SHELLS.contains(&language) || (language.is_empty() && first.is_some_and(is_program))
}

/// `Expected: three pods` in the line behind a block, or in the block behind that line.
fn behind(list: &Checklist, at: usize) -> Option<String> {
    let mut after = list.entries.get(at + 1..)?.iter().skip_while(|entry| entry.kind == Kind::Comment);
    let line = after.next().filter(|entry| matches!(entry.kind, Kind::Paragraph | Kind::Item { .. }))?;
    let said = expected(&line.text)?;
    if !said.is_empty() {
        return Some(said.to_owned());
    }
    let fence = after.next()?.fence()?;
    Some(fence.body.lines().map(str::trim).collect::<Vec<_>>().join("; "))
}

/// What stands behind a label for what is to be expected.
fn expected(line: &str) -> Option<&str> {
    let (label, said) = line.split_once(':')?;
    let label = label.trim().to_ascii_lowercase();
    let is_label = matches!(
        label.as_str(),
        "expect" | "expected" | "expected output" | "expected result" | "expected results" | "verify" | "should be"
    );
    is_label.then(|| said.trim())
}

/// `run  # Expected: done`, `run  # -> done`: behind the command itself.
fn beside(line: &str) -> Option<&str> {
    let (_, said) = line.split_once(" # ").filter(|(command, _)| !command.trim().is_empty())?;
    expected(said).or_else(|| ["->", "=>", "→"].iter().find_map(|arrow| said.strip_prefix(arrow))).map(str::trim)
}

/// `# Expected: …`, with the comment lines behind it where it introduces them.
fn expectation(body: &str) -> Option<String> {
    let mut lines = body.lines();
    let said = lines.find_map(|line| comment(line).and_then(expected).or_else(|| beside(line)))?;
    if !said.is_empty() {
        return Some(said.to_owned());
    }
    let following: Vec<_> = lines.map_while(comment).collect();
    (!following.is_empty()).then(|| following.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commands(text: &str) -> Vec<Command> {
        read(&Checklist::read(text))
    }

    #[test]
    fn blocks_know_their_lines_their_item_and_what_to_expect() {
        let found = commands(
            "- [ ] go\n  ```bash\n  run\n  # Expected: fine\n  ```\n\n```sh\n# Expected output:\n# one\n# two\nx\n```\n",
        );
        let first = &found[0];
        assert_eq!(
            (first.line, first.end_line, first.item.map(|id| id.0), first.expect.as_deref()),
            (2, 5, Some(0), Some("fine"))
        );
        assert_eq!(found[1].expect.as_deref(), Some("one; two"));
    }

    #[test]
    fn notes_and_queries_are_not_run() {
        assert!(commands("```\nIssue 1: ____\n```\n```promql\nup\n```\n```yaml\na: 1\n```\n").is_empty());
        assert_eq!(commands("```\n# list\nkubectl get pods\n```\n").len(), 1);
    }
}
