//! Questions on the line: what a command still needs is asked for where somebody types.
//!
//! A script is never asked: its next line is a command, and must not become an answer.

use crate::session::Refusal;

/// A question that the next line answers. An empty line leaves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Question {
    pub(super) text: String,
    then: Then,
}

/// A command under somebody's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) by: String,
    pub(super) words: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Then {
    /// The answer is who acts.
    Act(Said),
    /// The answer goes behind these words.
    Complete(Said),
    /// `yes` says it again.
    Repeat(Said),
    /// `yes` leaves.
    Leave,
}

/// What came of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// It stays as it is.
    Nothing,
    Say(Said),
    /// Somebody acts from now on, and says this.
    Act(Said),
    Leave,
}

/// Commands whose reason stands behind a colon.
const WITH_COLON: [&str; 6] = ["waive", "dismiss", "trip", "na", "attest", "start!"];

impl Question {
    /// What would make a refused command possible; none where an answer would not.
    pub(super) fn after(said: &Said, refusal: &Refusal) -> Option<Self> {
        let Said { by, words } = said;
        let (word, rest) = words.split_once(char::is_whitespace).unwrap_or((words, ""));
        let complete = |words: String| Then::Complete(Said { by: by.clone(), words });
        let (text, then) = match refusal {
            Refusal::NoActor { .. } => ("Who acts? A name".to_owned(), Then::Act(said.clone())),
            Refusal::NoReason { .. } => {
                let words = words.trim_end_matches([':', ' ']);
                let colon = if WITH_COLON.contains(&word) { ":" } else { "" };
                (format!("Why \"{words}\"? A reason"), complete(format!("{words}{colon}")))
            }
            Refusal::NotGo { call, .. } if word == "promote" => {
                (format!("Promote against {call}? A reason"), complete("promote!".to_owned()))
            }
            Refusal::NotGo { call, .. } if word == "start" => {
                let words = format!("start! {}:", rest.trim());
                (format!("Start {} against {call}? A reason", rest.trim()), complete(words))
            }
            Refusal::Worse { .. } => ("Do it all the same? yes".to_owned(), Then::Repeat(said.clone())),
            _ => return None,
        };
        Some(Self { text: format!("{text}, or an empty line to leave it."), then })
    }

    /// Whether to leave a session that goes on.
    pub(super) fn whether_to_leave() -> Self {
        let text = "Leave? Nobody polls and nothing is judged meanwhile. yes, or an empty line to stay.";
        Self { text: text.to_owned(), then: Then::Leave }
    }

    pub(super) fn answer(self, line: &str) -> Answer {
        let line = line.trim();
        let is_yes = ["y", "yes"].iter().any(|yes| line.eq_ignore_ascii_case(yes));
        match self.then {
            _ if line.is_empty() => Answer::Nothing,
            Then::Act(Said { words, .. }) => Answer::Act(Said { by: line.to_owned(), words }),
            Then::Complete(Said { by, words }) => Answer::Say(Said { by, words: format!("{words} {line}") }),
            Then::Repeat(said) if is_yes => Answer::Say(said),
            Then::Leave if is_yes => Answer::Leave,
            Then::Repeat(_) | Then::Leave => Answer::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::Call;
    use crate::session::Command;

    fn said(words: &str) -> Said {
        Said { by: "Ana".to_owned(), words: words.to_owned() }
    }

    /// What is said in the end, after a refusal and an answer.
    fn after(words: &str, refusal: &Refusal, answer: &str) -> Answer {
        Question::after(&said(words), refusal).expect("a question").answer(answer)
    }

    #[test]
    fn what_is_missing_is_asked_for_and_put_in_its_place() {
        let no_reason = Refusal::NoReason { what: "it" };
        for (words, whole) in [
            ("hold", "hold errors rise"),
            ("rollback", "rollback errors rise"),
            ("waive error rate", "waive error rate: errors rise"),
            ("dismiss @12:", "dismiss @12: errors rise"),
            ("start! 10%:", "start! 10%: errors rise"),
            ("promote!", "promote! errors rise"),
        ] {
            assert_eq!(after(words, &no_reason, "errors rise"), Answer::Say(said(whole)));
            assert!(Command::parse(whole).is_ok(), "{whole}");
        }
        let acts = after("approve", &Refusal::NoActor { what: "it" }, " Ben ");
        assert_eq!(acts, Answer::Act(Said { by: "Ben".to_owned(), words: "approve".to_owned() }));
    }

    #[test]
    fn going_against_the_verdict_takes_a_reason() {
        let refusal = Refusal::NotGo { call: Call::Hold, reasons: vec!["soaking".to_owned()], instead: "" };
        assert_eq!(after("promote", &refusal, "known"), Answer::Say(said("promote! known")));
        assert_eq!(after("start 10%", &refusal, "known"), Answer::Say(said("start! 10%: known")));
        assert_eq!(after("promote", &refusal, "  "), Answer::Nothing);
        assert_eq!(Question::after(&said("approve"), &refusal), None);
    }

    #[test]
    fn only_yes_is_yes() {
        let worse = Refusal::Worse { news: vec!["errors".to_owned()] };
        assert_eq!(after("promote", &worse, "YES"), Answer::Say(said("promote")));
        for no in ["no", "yes please", "promote", ""] {
            assert_eq!(after("promote", &worse, no), Answer::Nothing, "{no}");
            assert_eq!(Question::whether_to_leave().answer(no), Answer::Nothing, "{no}");
        }
        assert_eq!(Question::whether_to_leave().answer("y"), Answer::Leave);
    }
}
