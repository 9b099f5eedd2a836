//! What an answer to a decision point means: to go on, or not to.

use super::{Decision, words};

/// Who begins so goes on, whatever comes behind it.
const FOR: &[&str] = &["yes", "go", "proceed", "continue", "ok", "pass", "passed", "approved", "ja", "sim"];
/// Who begins so does not.
const AGAINST: &[&str] = &[
    "no", "nogo", "not", "stop", "halt", "hold", "wait", "abort", "aborted", "rollback", "fail", "failed", "failure",
    "rejected", "postpone", "nein", "não",
];
/// What is no going on wherever it stands.
const BACK: &[&str] = &["rollback", "abort", "halt", "stop"];
/// What a question that can be answered with `no, go on` does not ask for.
const ONWARDS: &[&str] = &["proceed", "continue", "go", "promote", "widen", "expand", "scale", "increase", "move"];

/// Where an answer leads: `delete` of `All of it holds → delete`.
#[must_use]
pub fn leads_to(answer: &str) -> Option<&str> {
    let behind = |arrow: &str| Some(answer.rsplit_once(arrow)?.1.trim());
    ["→", "->", "=>"].into_iter().find_map(behind)
}

impl Decision {
    /// Says that an answer is against going on: `no`, `not yet`, `Any check failed → ROLLBACK`. To a
    /// question that asks for nothing but the way back, `Rollback needed?`, that is `yes`.
    #[must_use]
    pub fn is_refused_by(&self, answer: &str) -> bool {
        let asked = words_of(&self.text);
        let asks_for_the_way_back = has(&asked, BACK) && !has(&asked, ONWARDS);
        let then = leads_to(answer).unwrap_or(answer);
        let said = words_of(then);
        let begins = |list: &[&str]| said.first().is_some_and(|first| list.contains(&first.as_str()));
        let is_no_go = said.starts_with(&["no".to_owned(), "go".to_owned()]);
        if asks_for_the_way_back && begins(&["yes", "no", "ja", "nein", "sim", "não"]) && !is_no_go {
            return begins(&["yes", "ja", "sim"]);
        }
        !begins(FOR) && (begins(AGAINST) || has(&said, BACK))
    }
}

/// The words of a text in lower case; `roll back` is one.
fn words_of(text: &str) -> Vec<String> {
    let text = words::key(text).replace("roll back", "rollback").replace("rolled back", "rollback");
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn has(words: &[String], list: &[&str]) -> bool {
    words.iter().any(|word| list.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refuses(question: &str, answer: &str) -> bool {
        Decision { line: 1, text: question.to_owned(), stage: None, choice: None }.is_refused_by(answer)
    }

    #[test]
    fn a_no_is_a_no_however_it_is_said() {
        for answer in [
            "no",
            "No, the queue grows",
            "NO-GO",
            "not yet",
            "❌ NO - rollback",
            "wait for the database team",
            "Any check failed → ROLLBACK",
            "Issues found: roll back",
            "we roll back",
        ] {
            assert!(refuses("Decision Point: Proceed to 50% or rollback?", answer), "{answer}");
        }
    }

    #[test]
    fn and_a_yes_is_none() {
        for answer in [
            "yes",
            "go",
            "YES - proceed",
            "yes, at nine",
            "All checks passed → Proceed",
            "No errors seen → continue",
            "No errors seen -> continue",
            "proceed, no rollback needed",
            "all is green",
        ] {
            assert!(!refuses("Decision Point: Proceed to 50% or rollback?", answer), "{answer}");
        }
    }

    #[test]
    fn to_the_way_back_a_yes_is_the_no() {
        let question = "Decision point: is a rollback needed?";
        assert!(refuses(question, "yes") && refuses(question, "yes, at once") && refuses(question, "roll back"));
        assert!(!refuses(question, "no") && !refuses(question, "No, all is well"));
        assert!(refuses(question, "no-go"));
    }
}
