//! What the bindings say of single lines: `[[line]]`.
//!
//! A line that is to be ignored is emptied before anything is read from it; the rest is applied to
//! what was read. The checklist itself stays as it is.

use super::bindings::{Bindings, LineBinding, Which};
use super::checklist::Checklist;
use super::complaints::Complaints;
use super::condition::Certainty;
use super::conditions::Found;
use super::diagnostic::Severity;
use super::markdown::Entry;
use super::{Role, TriggerSeverity, suggest, words};

/// Takes the lines out that are to be ignored; complains of bindings that match no line.
pub(super) fn ignore(entries: &mut [Entry], bindings: &Bindings, complaints: &mut Complaints<'_>) {
    for binding in &bindings.lines {
        let matching: Vec<usize> = (0..entries.len()).filter(|at| binding.means(&entries[*at])).collect();
        if matching.is_empty() {
            complain(entries, binding, complaints);
        }
        for at in matching.into_iter().filter(|_| binding.ignore) {
            entries[at].clear();
        }
    }
}

/// Applies what is said of triggers and of the stage that a line stands in.
pub(super) fn apply(list: &mut Checklist, bindings: &Bindings, complaints: &mut Complaints<'_>) {
    for binding in bindings.lines.iter().filter(|binding| !binding.ignore) {
        let stage = binding.stage.as_ref().and_then(|name| {
            let found = list.stages.named(&name.value);
            if found.is_none() {
                let names: Vec<_> = list.stages.list.iter().map(|stage| stage.name.as_str()).collect();
                let help = suggest::did_you_mean(&name.value, names.iter().copied())
                    .or_else(|| (!names.is_empty()).then(|| format!("stages are {}", names.join(", "))));
                complaints.error(name, format!("unknown stage \"{}\"", name.value), help);
            }
            found
        });
        for at in (0..list.entries.len()).filter(|at| binding.means(&list.entries[*at])).collect::<Vec<_>>() {
            let is_trigger = list.triggers.holds(at);
            match binding.role {
                Some(Role::Gate) => list.triggers.release(at),
                Some(Role::Trigger) if !is_trigger => list.triggers.add(at, TriggerSeverity::Immediate),
                _ => {}
            }
            if let Some(severity) = binding.severity.filter(|_| list.triggers.holds(at)) {
                list.triggers.add(at, severity);
            }
            if let Some(id) = stage {
                list.stages.place(at, id);
            }
        }
    }
}

/// Gives conditions the limit that the bindings say.
pub(super) fn limits(list: &Checklist, found: &mut [Found], bindings: &Bindings) {
    for (binding, limit) in bindings.lines.iter().filter_map(|binding| Some((binding, binding.limit.as_ref()?))) {
        for found in found.iter_mut().filter(|found| binding.means(&list.entries[found.entry])) {
            let is_relative = limit.value.relative.is_some();
            found.condition.limit = limit.value;
            found.condition.relative_to = is_relative.then(|| "baseline".to_owned());
            found.certainty = if is_relative { Certainty::Relative } else { Certainty::Signed };
        }
    }
}

/// Whether the bindings say if a line is a gate or a trigger.
pub(super) fn says_role(bindings: &Bindings, entry: &Entry) -> bool {
    bindings.lines.iter().any(|binding| binding.role.is_some() && binding.means(entry))
}

impl LineBinding {
    fn means(&self, entry: &Entry) -> bool {
        match &self.which {
            Which::Line(line) => entry.line == *line,
            Which::Text(text) => entry.key().contains(words::key(&text.value).as_str()),
        }
    }
}

fn complain(entries: &[Entry], binding: &LineBinding, complaints: &mut Complaints<'_>) {
    match &binding.which {
        Which::Line(line) => {
            let help = Some("an empty line, code or a comment is nothing to override".to_owned());
            complaints.bindings(Severity::Error, &binding.span, format!("line {line} says nothing that is read"), help);
        }
        Which::Text(text) => {
            let help = suggest::did_you_mean(&text.value, entries.iter().map(|entry| entry.text.as_str()));
            complaints.error(text, format!("no line says \"{}\"", text.value), help);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::plan::{Compiled, Input, Text, TriggerSeverity, compile};

    const NIGHT: &str = "- [ ] 10% traffic, watch 5 min\n  - [ ] Errors < 1%\n- [ ] Old note: 50% traffic\n\n## Rollback triggers\n- Errors > 5%\n- Sad customers\n";

    fn with(bindings: &str) -> Compiled {
        compile(Input {
            checklist: Text { name: "night.md", text: NIGHT },
            bindings: Some(Text { name: "night.toml", text: bindings }),
        })
    }

    #[test]
    fn a_line_is_ignored_by_its_number_or_its_words() {
        let read = with("[[line]]\ntext = \"old note\"\nignore = true\n[[line]]\nline = 7\nignore = true\n");
        assert_eq!((read.plan.items.len(), read.plan.stages.len(), read.plan.triggers.len()), (2, 1, 1));
        assert!(read.is_valid());
    }

    #[test]
    fn role_severity_and_limit_can_be_said() {
        let read = with(
            "[[line]]\nline = 7\nseverity = \"graceful\"\n[[line]]\nline = 2\nrole = \"trigger\"\nlimit = \"> 2%\"\n[[line]]\nline = 6\nrole = \"gate\"\n",
        );
        let triggers: Vec<_> = read.plan.triggers.iter().map(|t| (t.line, t.severity)).collect();
        assert_eq!(triggers, [(2, TriggerSeverity::Immediate), (7, TriggerSeverity::Graceful)]);
        let limits: Vec<_> = read.plan.conditions.iter().map(|c| (c.line, c.limit.to_string())).collect();
        assert_eq!(limits, [(2, "> 2 %".to_owned()), (6, "> 5 %".to_owned())]);
    }

    #[test]
    fn what_matches_nothing_is_an_error() {
        for (bindings, want) in [
            ("[[line]]\ntext = \"sad costumers\"\nignore = true\n", "no line says \"sad costumers\""),
            ("[[line]]\nline = 4\nignore = true\n", "line 4 says nothing that is read"),
            ("[[line]]\nignore = true\n", "[[line]] needs `line` or `text`, and not both"),
            ("[[line]]\nline = 2\nstage = \"20%\"\n", "unknown stage \"20%\""),
        ] {
            let read = with(bindings);
            assert!(
                !read.is_valid() && read.diagnostics.iter().any(|d| d.message == want),
                "{bindings}: {:?}",
                read.diagnostics
            );
        }
    }
}
