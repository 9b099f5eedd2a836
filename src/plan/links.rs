//! Where people meet and look on the night: the lines of a war room section.

use super::blanks;
use super::checklist::Checklist;
use super::markdown::Kind;
use super::outline::Topic;
use serde::{Deserialize, Serialize};

/// `Slack channel: #cutover`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    pub line: u32,
    pub label: String,
    /// Empty while nobody has filled it in.
    pub value: String,
}

pub(super) fn read(list: &Checklist) -> Vec<Link> {
    let lines = list.lines().filter(|(at, entry)| {
        matches!(entry.kind, Kind::Paragraph | Kind::Item { .. })
            && entry.ticked().is_none()
            && list.outline.within(*at, Topic::WarRoom)
    });
    lines
        .filter_map(|(_, entry)| {
            let (label, value) = entry.text.split_once(':')?;
            let value = value.trim();
            let value = if blanks::is_blank(value) { "" } else { value };
            (!label.trim().is_empty()).then(|| Link {
                line: entry.line,
                label: label.trim().to_owned(),
                value: value.to_owned(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_war_room_has_doors() {
        let found = read(&Checklist::read(
            "## War Room Setup\n**Call**: [Add link]\n**Channel**: #night\n- [ ] open: it\n## Other\nA: b\n",
        ));
        let found: Vec<_> = found.into_iter().map(|link| (link.line, link.label, link.value)).collect();
        assert_eq!(found, [(2, "Call".to_owned(), String::new()), (3, "Channel".to_owned(), "#night".to_owned())]);
    }
}
