//! The night itself: when it is planned, how long its window is, how long the way back takes, and
//! which lines cannot be undone.

use super::bindings::Bindings;
use super::checklist::Checklist;
use super::complaints::Complaints;
use super::outline::Topic;
use super::tokens;
use super::words::{self, List};
use super::{ItemId, SectionId, suggest};
use crate::text::Millis;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cutover {
    /// The planned time, unix milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<i64>,
    /// How long the deployment window is open from then on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Millis>,
    /// How long a rollback takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rollback: Option<Millis>,
    /// Lines after which rollback no longer works as written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub no_return: Vec<ItemId>,
    /// The sections of the way back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub way_back: Vec<SectionId>,
}

impl Cutover {
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        *self == Self::default()
    }

    /// When the window closes, unix milliseconds.
    #[must_use]
    pub fn closes(&self) -> Option<i64> {
        Some(self.at? + i64::try_from(self.window?.0).ok()?)
    }
}

pub(super) fn read(list: &Checklist, bindings: &Bindings, complaints: &mut Complaints<'_>) -> Cutover {
    let said = &bindings.cutover;
    Cutover {
        at: said.at,
        window: said.window,
        rollback: said.rollback.or_else(|| estimated(list)),
        no_return: no_return(list, bindings, complaints),
        way_back: way_back(list),
    }
}

/// `Estimated rollback time: 5-10 minutes`: the longer one.
fn estimated(list: &Checklist) -> Option<Millis> {
    list.having(List::RollbackTime).find_map(|(_, entry)| {
        let span = tokens::spans(&tokens::cut(&entry.text)).into_iter().next()?;
        Some(span.high.unwrap_or(span.low))
    })
}

/// Sections that say how to go back, and not when.
fn way_back(list: &Checklist) -> Vec<SectionId> {
    let ids = (0..list.outline.sections.len()).map(SectionId::at);
    ids.filter(|id| list.outline.is_named(*id, Topic::Rollback) && !list.outline.is_named(*id, Topic::Trigger))
        .collect()
}

/// The lines that the bindings name: by their text, or by how it begins.
fn no_return(list: &Checklist, bindings: &Bindings, complaints: &mut Complaints<'_>) -> Vec<ItemId> {
    if bindings.cutover.no_return.is_empty() {
        return Vec::new();
    }
    let items: Vec<_> =
        list.lines().filter_map(|(at, entry)| Some((list.item(at)?, entry.key(), &entry.text))).collect();
    let mut found = Vec::new();
    for name in &bindings.cutover.no_return {
        let wanted = words::key(&name.value);
        let meant: Vec<_> = items.iter().filter(|(_, key, _)| key.starts_with(wanted.as_str())).collect();
        if meant.is_empty() || wanted.is_empty() {
            let help = suggest::did_you_mean(&name.value, items.iter().map(|(_, _, text)| text.as_str()));
            complaints.error(name, format!("no line begins with \"{}\"", name.value), help);
        }
        found.extend(meant.into_iter().map(|(id, _, _)| *id));
    }
    found.sort_unstable();
    found.dedup();
    found
}
