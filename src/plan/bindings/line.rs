//! `[[line]]`: what one line of the checklist means, where it is read otherwise than it is meant.

use super::At;
use super::table::Table;
use crate::plan::limit::Limit;
use crate::plan::{Role, TriggerSeverity};
use std::ops::Range;

#[derive(Debug)]
pub(in crate::plan) struct LineBinding {
    pub which: Which,
    /// It is prose: no item, no condition, no trigger, no stage.
    pub ignore: bool,
    pub role: Option<Role>,
    pub severity: Option<TriggerSeverity>,
    pub stage: Option<At<String>>,
    pub limit: Option<At<Limit>>,
    pub span: Range<usize>,
}

/// The lines that are meant.
#[derive(Debug)]
pub(in crate::plan) enum Which {
    /// 1-based.
    Line(u32),
    /// All lines with these words.
    Text(At<String>),
}

pub(super) fn line(table: &mut Table<'_, '_>) -> Option<LineBinding> {
    const ROLES: &[(&str, Role)] = &[("gate", Role::Gate), ("trigger", Role::Trigger)];
    const SEVERITIES: &[(&str, TriggerSeverity)] =
        &[("immediate", TriggerSeverity::Immediate), ("graceful", TriggerSeverity::Graceful)];
    let (number, text) = (table.count("line"), table.text("text"));
    let ignore = table.flag("ignore").unwrap_or(false);
    let role = table.word("role", ROLES);
    let severity = table.word("severity", SEVERITIES);
    let (stage, limit) = (table.text("stage"), table.limit("limit"));
    let span = table.span();
    let which = match (number, text) {
        (Some(number), None) => Which::Line(number),
        (None, Some(text)) => Which::Text(text),
        _ => {
            let help = Some("write line = 12, or text = \"words of the line\"".to_owned());
            table.complain(&span, "[[line]] needs `line` or `text`, and not both", help);
            return None;
        }
    };
    Some(LineBinding { which, ignore, role, severity, stage, limit, span })
}
