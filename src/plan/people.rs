//! Who is called and who signs.

use super::checklist::Checklist;
use super::markdown::{Entry, Kind, Row};
use super::outline::Topic;
use super::words::{self, Key, List};
use super::{Contact, Field, SectionId, SignOff, blanks};
use std::collections::BTreeSet;

/// Bullets `**Role**: name - phone` and table rows in a section of contacts.
pub(super) fn contacts(list: &Checklist) -> Vec<Contact> {
    let mut found = Vec::new();
    let mut listed = false;
    for (at, entry) in list.lines() {
        listed = introduces(entry) || (listed && matches!(entry.kind, Kind::Item { .. }));
        if list.outline.within(at, Topic::Contacts) || listed {
            found.extend(contact(entry));
        }
        found.extend(inline(entry));
    }
    found
}

/// `Contacts:` above a list, without being a heading.
fn introduces(entry: &Entry) -> bool {
    matches!(entry.kind, Kind::Paragraph) && entry.text.ends_with(':') && words::is_contacts(entry.key())
}

/// `**Contacts:** DBA - Ana (555), Lead - Bo`: all in one line.
fn inline(entry: &Entry) -> Vec<Contact> {
    let can_name = matches!(entry.kind, Kind::Paragraph) && words::is_contacts(entry.key());
    let said = entry.text.split_once(':').filter(|_| can_name);
    let Some((_, people)) = said.filter(|(label, _)| words::is_contacts(&words::key(label))) else { return Vec::new() };
    let people = people.split([',', ';']).filter_map(|person| {
        let (role, details) = person.split_once(" - ").or_else(|| person.split_once(" – "))?;
        Some(Contact { line: entry.line, role: role.trim().to_owned(), details: vec![details.trim().to_owned()] })
    });
    people.collect()
}

/// The cells of a contact that nobody has filled in, as blanks: `DBA: Name`.
pub(super) fn unknown(list: &Checklist, at: usize) -> Vec<Field> {
    let entry = &list.entries[at];
    let Some(Row { cells, head, .. }) = entry.row() else { return Vec::new() };
    let Some(role) = cells.first().filter(|role| !role.is_empty() && list.outline.within(at, Topic::Contacts)) else {
        return Vec::new();
    };
    let is_unknown = |cell: &str| cell.is_empty() || blanks::is_blank(cell);
    let columns = head.cells.iter().zip(cells).skip(1).filter(|(head, cell)| !head.is_empty() && is_unknown(cell));
    let fields =
        columns.map(|(head, _)| Field { line: entry.line, label: format!("{role}: {head}"), choices: Vec::new() });
    fields.collect()
}

fn contact(entry: &Entry) -> Option<Contact> {
    let (role, details) = match &entry.kind {
        Kind::Row(row) => {
            let (role, rest) = row.cells.split_first()?;
            (role.clone(), rest.iter().filter(|cell| !cell.is_empty()).cloned().collect())
        }
        Kind::Item { .. } if entry.ticked().is_none() => {
            let (role, details) = entry.text.split_once(':').or_else(|| entry.text.split_once(" - "))?;
            (role.trim().to_owned(), vec![details.trim().to_owned()])
        }
        _ => return None,
    };
    (!role.is_empty()).then_some(Contact { line: entry.line, role, details })
}

/// Items `Role: ____`, tables with a column for the signature, and labels above `Signature: ____`.
pub(super) fn sign_offs(list: &Checklist) -> Vec<SignOff> {
    let (mut found, mut labels) = (Vec::new(), BTreeSet::new());
    let wanted = WantedBefore::of(list);
    for (at, entry) in list.lines().filter(|(at, _)| list.outline.within(*at, Topic::SignOff)) {
        let Some((role, label)) = signed(list, at, entry) else { continue };
        // Name, signature and date under one label are one sign-off.
        if label.is_none_or(|label| labels.insert(label)) {
            found.push(SignOff { before_start: wanted.holds(at), ..role });
        }
    }
    found
}

fn sign_off(line: u32, role: &str) -> SignOff {
    SignOff { line, role: role.to_owned(), before_start: false }
}

/// Which signatures must be there before the ramp begins: those that stand before it, or are said to be.
struct WantedBefore<'a> {
    list: &'a Checklist,
    first: Option<usize>,
    /// Sections with a paragraph that says so.
    said: BTreeSet<SectionId>,
}

impl<'a> WantedBefore<'a> {
    fn of(list: &'a Checklist) -> Self {
        let paragraphs = list
            .lines()
            .filter(|(at, entry)| matches!(entry.kind, Kind::Paragraph) && list.outline.within(*at, Topic::SignOff));
        let said = paragraphs.filter(|(_, entry)| is_before(entry.key()));
        let said = said.filter_map(|(at, _)| list.outline.of(at)).collect();
        Self { list, first: list.stages.first(), said }
    }

    fn holds(&self, at: usize) -> bool {
        let section = self.list.outline.of(at);
        self.first.is_some_and(|first| at < first)
            || section.is_some_and(|id| self.said.contains(&id))
            || headings(self.list, section).any(|key| is_before(&key))
    }
}

/// The titles of a section and of those around it.
fn headings(list: &Checklist, section: Option<SectionId>) -> impl Iterator<Item = Key> {
    let sections = &list.outline.sections;
    let around = std::iter::successors(section, |id| sections[id.index()].parent);
    around.map(|id| words::key(&sections[id.index()].title))
}

/// `before production deployment`, `prior to go-live`, `pre-deployment sign-off`.
fn is_before(key: &str) -> bool {
    const START: &[&str] =
        &["production", "deploy*", "go-live", "go live", "launch*", "release*", "cutover", "rollout", "ramp", "start*"];
    let begins = key.split_once("before ").or_else(|| key.split_once("prior to ")).map(|(_, what)| what);
    begins.is_some_and(|what| words::has(what, START))
        || words::has(key, &["pre-deployment", "pre-launch", "pre-release"])
}

fn signed(list: &Checklist, at: usize, entry: &Entry) -> Option<(SignOff, Option<SectionId>)> {
    match &entry.kind {
        Kind::Row(row) => {
            let is_signed = row.head.keys.iter().any(|head| head.has(List::ColumnSigned));
            let role = row.cells.first().filter(|role| is_signed && !role.is_empty())?;
            Some((sign_off(entry.line, role), None))
        }
        Kind::Item { .. } | Kind::Paragraph if !entry.is_label() => {
            let (role, value) =
                entry.text.split_once(':').or_else(|| entry.text.split_once("___").map(|(role, _)| (role, "___")))?;
            let key = words::key(role);
            if !blanks::is_blank(value.trim()) || key.is_empty() {
                return None;
            }
            if !words::is_signature_part(&key) {
                return Some((sign_off(entry.line, role.trim()), None));
            }
            let label = list.outline.of(at).filter(|_| matches!(key.as_str(), "name" | "signature" | "signed"))?;
            let section = &list.outline.sections[label.index()];
            let is_role = !words::is_sign_off(&words::key(&section.title));
            is_role.then(|| (sign_off(section.line, &section.title), Some(label)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles(text: &str) -> Vec<(u32, String)> {
        sign_offs(&Checklist::read(text)).into_iter().map(|s| (s.line, s.role)).collect()
    }

    #[test]
    fn contacts_stand_in_tables_and_bullets() {
        let list = Checklist::read(
            "## Contacts\n| Role | Name |\n|---|---|\n| DBA | Ana |\n| Lead | |\n\n- **On-call**: +1\n- [ ] List updated: x\n",
        );
        let found: Vec<_> = contacts(&list).into_iter().map(|c| (c.line, c.role, c.details.join(","))).collect();
        let want = [(4, "DBA", "Ana"), (5, "Lead", ""), (7, "On-call", "+1")];
        assert_eq!(found, want.map(|(line, role, details)| (line, role.to_owned(), details.to_owned())));
    }

    #[test]
    fn sign_offs_in_three_forms() {
        assert_eq!(roles("## Sign-off\n- [ ] **QA**: ____ Date: ____\n- Date/Time: ____\n"), [(2, "QA".to_owned())]);
        assert_eq!(
            roles("## Sign-Off\n**CTO:**\n- Name: ___\n- Signature: ___\n\n**QA:**\n- Name: ___\n"),
            [(2, "CTO".to_owned()), (6, "QA".to_owned())]
        );
        assert_eq!(roles("## Sign off\n| Role | Signature |\n|---|---|\n| DBA | |\n"), [(4, "DBA".to_owned())]);
    }
}
