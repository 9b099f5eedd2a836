//! What the review afterwards has to answer: `What happened?`.

use super::checklist::Checklist;
use super::markdown::Kind;
use super::outline::Topic;
use super::words;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    pub line: u32,
    pub text: String,
}

/// The lines without a box that ask, in the sections of a post-mortem.
pub(super) fn read(list: &Checklist) -> Vec<Question> {
    let lines = list.lines().filter(|(at, entry)| {
        let can_ask = matches!(entry.kind, Kind::Item { .. } | Kind::Paragraph | Kind::Row(_));
        can_ask
            && entry.ticked().is_none()
            && list.outline.within(*at, Topic::Review)
            && asks(&entry.text, entry.lead.as_deref())
    });
    lines.map(|(_, entry)| Question { line: entry.line, text: entry.text.clone() }).collect()
}

/// A question, or a bold title with a blank behind it: `**Action items** (with owners)`.
fn asks(text: &str, lead: Option<&str>) -> bool {
    text.trim_end_matches(['_', ' ', '|']).ends_with('?')
        || lead
            .is_some_and(|lead| words::has(&words::key(lead), &["action items", "root cause", "impact", "follow-up*"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_review_asks() {
        let list = Checklist::read(
            "## Is it done?\n- Sure?\n## Post-mortem\nIf it went wrong, say:\n\n- **What broke?**\n- Who noticed? ____\n- [ ] Sent?\n- **Action items** (with names)\n- Be kind\n",
        );
        assert_eq!(read(&list).iter().map(|q| q.line).collect::<Vec<_>>(), [6, 7, 9]);
    }
}
