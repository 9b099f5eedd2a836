//! Headings, bold labels and numbered steps: which section every entry stands in.

use super::markdown::{Entry, Kind};
use super::words::{self, Key, List};
use super::{Section, SectionId};

/// What the title of a section says its lines are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Topic {
    Trigger,
    Action,
    Graceful,
    Rollback,
    WatchList,
    Optional,
    Conditional,
    Contacts,
    SignOff,
    Review,
    Alerts,
    WarRoom,
    /// Done before the ramp, wherever it stands.
    Preparation,
}

impl Topic {
    const ALL: [Self; 13] = [
        Self::Trigger,
        Self::Action,
        Self::Graceful,
        Self::Rollback,
        Self::WatchList,
        Self::Optional,
        Self::Conditional,
        Self::Contacts,
        Self::SignOff,
        Self::Review,
        Self::Alerts,
        Self::WarRoom,
        Self::Preparation,
    ];

    fn is_of(self, key: &Key) -> bool {
        match self {
            Self::Trigger => words::is_trigger(key),
            Self::Action => words::is_action(key),
            Self::Graceful => words::is_graceful(key),
            Self::Rollback => words::is_rollback(key),
            Self::WatchList => words::is_watch_list(key),
            Self::Optional => words::is_optional(key),
            Self::Conditional => words::is_conditional(key),
            Self::Contacts => words::is_contacts(key),
            Self::SignOff => words::is_sign_off(key),
            Self::Review => words::is_review(key),
            Self::Alerts => key.has(List::Alerts),
            Self::WarRoom => key.has(List::WarRoom),
            Self::Preparation => key.has(List::Preparation),
        }
    }

    const fn bit(self) -> u16 {
        1 << self as u16
    }
}

/// The topics of a section.
#[derive(Clone, Copy, Debug, Default)]
struct Topics {
    /// Those that its own title says.
    own: u16,
    /// With those of the sections around it.
    all: u16,
    /// Whether its lines are triggers: its own title decides, else the one around it.
    calls: bool,
}

/// The sections of a checklist, and the innermost one of every entry.
#[derive(Debug)]
pub(super) struct Outline {
    pub sections: Vec<Section>,
    /// Beside the sections. Read once: a long checklist asks for them line by line.
    topics: Vec<Topics>,
    /// Beside the entries: a heading stands in its own section.
    of: Vec<Option<SectionId>>,
}

impl Outline {
    pub(super) fn read(entries: &[Entry]) -> Self {
        let mut reader = Reader { entries, sections: Vec::new(), open: Vec::new() };
        let parents = parents(entries);
        let of: Vec<_> = (0..entries.len()).map(|at| reader.place(at, parents[at])).collect();
        let topics = topics(&reader.sections);
        Self { sections: reader.sections, topics, of }
    }

    pub(super) fn of(&self, entry: usize) -> Option<SectionId> {
        self.of.get(entry).copied().flatten()
    }

    /// Says whether any section an entry stands in has a topic.
    pub(super) fn within(&self, entry: usize, topic: Topic) -> bool {
        self.topics(entry).all & topic.bit() != 0
    }

    /// Says whether the title of a section says a topic.
    pub(super) fn is_named(&self, section: SectionId, topic: Topic) -> bool {
        self.topics[section.index()].own & topic.bit() != 0
    }

    /// Says whether the innermost section that says anything of it makes its lines triggers.
    pub(super) fn calls(&self, entry: usize) -> bool {
        self.topics(entry).calls
    }

    fn topics(&self, entry: usize) -> Topics {
        self.of(entry).map(|id| self.topics[id.index()]).unwrap_or_default()
    }
}

fn topics(sections: &[Section]) -> Vec<Topics> {
    let mut topics: Vec<Topics> = Vec::with_capacity(sections.len());
    for section in sections {
        let key = words::key(&section.title);
        let own = Topic::ALL.iter().filter(|topic| topic.is_of(&key)).fold(0, |bits, topic| bits | topic.bit());
        // A section comes behind the one around it.
        let around = section.parent.map(|id| topics[id.index()]).unwrap_or_default();
        let is = |topic: Topic| own & topic.bit() != 0;
        let calls = is(Topic::Trigger) || (around.calls && !is(Topic::Action));
        topics.push(Topics { own, all: own | around.all, calls });
    }
    topics
}

/// Which entries hold a box somewhere inside, and have none themselves: numbered steps.
fn parents(entries: &[Entry]) -> Vec<bool> {
    let mut parents = vec![false; entries.len()];
    for entry in entries.iter().filter(|entry| entry.ticked().is_some()) {
        let mut above = entry.under;
        while let Some(at) = above.filter(|at| !parents[*at]) {
            parents[at] = entries[at].ticked().is_none();
            above = entries[at].under;
        }
    }
    parents
}

struct Reader<'a> {
    entries: &'a [Entry],
    sections: Vec<Section>,
    open: Vec<(SectionId, Reach)>,
}

/// How far a section goes.
#[derive(Clone, Copy, PartialEq)]
enum Reach {
    /// To the next heading of this level or above.
    Heading(u8),
    /// To the next label or heading.
    Label,
    /// As far as its list item.
    Step(usize),
}

impl Reader<'_> {
    fn place(&mut self, at: usize, is_parent: bool) -> Option<SectionId> {
        let entry = &self.entries[at];
        self.leave_steps(at);
        if let Kind::Heading { level } = entry.kind {
            self.open.retain(|(_, reach)| matches!(reach, Reach::Heading(above) if *above < level));
            return Some(self.enter(entry, level, Reach::Heading(level)));
        }
        if entry.is_label() {
            self.open.retain(|(_, reach)| matches!(reach, Reach::Heading(_)));
            return Some(self.enter(entry, self.level() + 1, Reach::Label));
        }
        let outer = self.open.last().map(|(id, _)| *id);
        if is_parent && !entry.text.is_empty() {
            self.enter(entry, self.level() + 1, Reach::Step(at));
        }
        outer
    }

    fn enter(&mut self, entry: &Entry, level: u8, reach: Reach) -> SectionId {
        let id = SectionId::at(self.sections.len());
        let parent = self.open.last().map(|(id, _)| *id);
        let title = entry.text.trim_end_matches([':', ' ']).to_owned();
        self.sections.push(Section { title, line: entry.line, level, parent });
        self.open.push((id, reach));
        id
    }

    fn level(&self) -> u8 {
        self.open.last().map_or(0, |(id, _)| self.sections[id.index()].level)
    }

    fn leave_steps(&mut self, at: usize) {
        while let Some((_, Reach::Step(step))) = self.open.last()
            && !is_under(self.entries, at, *step)
        {
            self.open.pop();
        }
    }
}

/// Says whether an entry stands in a list item, at any depth.
pub(super) fn is_under(entries: &[Entry], entry: usize, item: usize) -> bool {
    std::iter::successors(entries[entry].under, |at| entries[*at].under).any(|at| at == item)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::markdown;

    fn paths(text: &str) -> Vec<(String, Vec<String>)> {
        let entries = markdown::read(text);
        let outline = Outline::read(&entries);
        let boxes = entries.iter().enumerate().filter(|(_, entry)| entry.ticked().is_some());
        let path = |at: usize| std::iter::successors(outline.of(at), |id| outline.sections[id.index()].parent);
        let titles = |at: usize| path(at).map(|id| outline.sections[id.index()].title.to_lowercase()).collect();
        boxes.map(|(at, entry)| (entry.text.clone(), titles(at))).collect()
    }

    #[test]
    fn labels_and_steps_are_sections_too() {
        let text = "# Night\n## Move\n**Before**:\n- [ ] a\n\n**During (5 min)**:\n1. Shift\n   - [ ] b\n\n- [ ] c\n## End\n- [ ] d\n";
        let found = paths(text);
        let want: [(&str, &[&str]); 4] = [
            ("a", &["before", "move", "night"]),
            ("b", &["shift", "during (5 min)", "move", "night"]),
            ("c", &["during (5 min)", "move", "night"]),
            ("d", &["end", "night"]),
        ];
        for ((text, path), (want_text, want_path)) in found.iter().zip(want) {
            assert_eq!(
                (text.as_str(), path.iter().map(String::as_str).collect::<Vec<_>>()),
                (want_text, want_path.to_vec())
            );
        }
        assert_eq!(found.len(), want.len());
    }
}
