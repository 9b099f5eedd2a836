//! Who is called and who signs.

use super::checklist::Checklist;
use super::markdown::{Entry, Kind};
use super::outline::Topic;
use super::{Contact, SectionId, SignOff, blanks, words};

/// Bullets `**Role**: name - phone` and table rows in a section of contacts.
pub(super) fn contacts(list: &Checklist) -> Vec<Contact> {
    let lines = list.lines().filter(|(at, _)| list.outline.within(*at, Topic::Contacts));
    lines.filter_map(|(_, entry)| contact(entry)).collect()
}

fn contact(entry: &Entry) -> Option<Contact> {
    let (role, details) = match &entry.kind {
        Kind::Row { cells, .. } => {
            let (role, rest) = cells.split_first()?;
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
    let mut found: Vec<(SignOff, Option<SectionId>)> = Vec::new();
    for (at, entry) in list.lines().filter(|(at, _)| list.outline.within(*at, Topic::SignOff)) {
        match signed(list, at, entry) {
            // Name, signature and date under one label are one sign-off.
            Some((_, by @ Some(_))) if found.iter().any(|(_, label)| *label == by) => {}
            Some((role, label)) => {
                let sign_off = SignOff { before_start: is_wanted_before(list, at), ..role };
                found.push((sign_off, label));
            }
            None => {}
        }
    }
    found.into_iter().map(|(sign_off, _)| sign_off).collect()
}

fn sign_off(line: u32, role: &str) -> SignOff {
    SignOff { line, role: role.to_owned(), before_start: false }
}

/// Whether a signature must be there before the ramp begins: it stands before it, or is said to be.
fn is_wanted_before(list: &Checklist, at: usize) -> bool {
    let stands_before = list.stages.first().is_some_and(|first| at < first);
    let section = list.outline.of(at);
    let around = list.lines().filter(|(line, entry)| {
        matches!(entry.kind, Kind::Paragraph) && section.is_some() && list.outline.of(*line) == section
    });
    stands_before
        || headings(list, section).any(|key| is_before(&key))
        || around.map(|(_, entry)| words::key(&entry.text)).any(|key| is_before(&key))
}

/// The titles of a section and of those around it.
fn headings(list: &Checklist, section: Option<SectionId>) -> impl Iterator<Item = String> {
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
        Kind::Row { cells, head, .. } => {
            let is_signed =
                head.iter().any(|cell| words::has(&words::key(cell), &["signature", "signed", "approval", "sign-off"]));
            let role = cells.first().filter(|role| is_signed && !role.is_empty())?;
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
