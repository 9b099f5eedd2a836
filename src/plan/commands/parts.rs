//! A block of commands in the parts that are run at different times, or instead of each other.

use crate::order;
use crate::plan::StageId;
use crate::plan::checklist::Checklist;
use crate::plan::markdown::{Kind, comment};
use crate::plan::words;
use std::collections::BTreeMap;

/// Commands that are copied together.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub text: String,
    pub stage: Option<StageId>,
    pub alternative: Option<u32>,
}

/// The parts of a fence, in its order. A part without any command is left out, unless there is no
/// other.
pub(super) fn of(list: &Checklist, fence: usize, body: &str) -> Vec<Part> {
    let stage = list.stages.of(fence);
    let begins = stage_comments(list, fence);
    let mut parts = vec![Part { stage, ..Part::default() }];
    let is_alternative = |line: &str| comment(line).is_some_and(|says| words::is_alternative(&words::key(says)));
    let last_alternative = body.lines().enumerate().filter(|(_, line)| is_alternative(line)).map(|(at, _)| at).last();
    let mut alternatives = 0;
    let mut after_gap = false;
    for (at, text) in body.lines().enumerate() {
        let line = list.entries[fence].line + 1 + u32::try_from(at).unwrap_or(u32::MAX / 2);
        let current = parts.last().map_or((stage, None), |part| (part.stage, part.alternative));
        if let Some(stage) = begins.get(&line) {
            parts.push(Part { stage: Some(*stage), ..Part::default() });
        } else if is_alternative(text) {
            alternatives += 1;
            parts.push(Part { stage: current.0, alternative: Some(alternatives), ..Part::default() });
        } else if after_gap && current.1.is_some() && comment(text).is_some() && last_alternative < Some(at) {
            // What stands behind the last alternative with a title of its own is for all of them.
            parts.push(Part { stage: current.0, ..Part::default() });
        }
        after_gap = text.trim().is_empty();
        if let Some(part) = parts.last_mut() {
            part.text.push_str(text);
            part.text.push('\n');
        }
    }
    let has_commands = |part: &Part| part.text.lines().any(|line| !line.trim().is_empty() && comment(line).is_none());
    if parts.iter().any(has_commands) {
        parts.retain(has_commands);
    }
    for part in &mut parts {
        part.text.truncate(part.text.trim_end().len());
    }
    parts
}

/// The comments of a fence that begin a stage, by line.
fn stage_comments(list: &Checklist, fence: usize) -> BTreeMap<u32, StageId> {
    let comments = (fence + 1..).take_while(|at| list.entries.get(*at).is_some_and(|e| e.kind == Kind::Comment));
    let starting = comments.filter_map(|at| {
        let (line, id) = (list.entries[at].line, list.stages.of(at)?);
        (list.stages.list[id.index()].line == line).then_some((line, id))
    });
    order::map(starting)
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;

    fn parts(text: &str) -> Vec<(Option<u32>, Option<u32>, String)> {
        let commands = read(&Checklist::read(text)).into_iter();
        commands.map(|c| (c.stage.map(|id| id.0), c.alternative, c.text)).collect()
    }

    #[test]
    fn a_block_that_moves_several_shares_is_copied_share_by_share() {
        let found = parts(
            "## Ramp\n```sh\ncd here\n# 10% traffic to new\nmove 10\n\n# Wait 5 minutes\n\n# Increase to 50%\nmove 50\n```\n",
        );
        let want = [
            (None, None, "cd here".to_owned()),
            (Some(0), None, "# 10% traffic to new\nmove 10\n\n# Wait 5 minutes".to_owned()),
            (Some(1), None, "# Increase to 50%\nmove 50".to_owned()),
        ];
        assert_eq!(found, want);
    }

    #[test]
    fn alternatives_are_never_copied_together() {
        let found =
            parts("```sh\n# Option 1: quick\na\n\n# and then\nb\n\n# Option 2: slow\nc\n\n# Watch either\nd\n```\n");
        let found: Vec<_> =
            found.into_iter().map(|(_, alternative, text)| (alternative, text.lines().count())).collect();
        assert_eq!(found, [(Some(1), 5), (Some(2), 2), (None, 2)]);
    }

    #[test]
    fn a_block_of_comments_only_stays_whole() {
        assert_eq!(parts("```sh\n# look at the board\n```\n").len(), 1);
    }
}
