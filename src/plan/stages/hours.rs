//! Observation periods: `Hour 2 Checklist`, `**Hour 1-2:** …`.

use crate::plan::markdown::{Entry, Kind};
use crate::plan::tokens::{self, Token, What};
use crate::text::Millis;

/// The hours that a period is named after.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Hours {
    from: u32,
    to: u32,
    /// They are told by the time that has passed, and not counted.
    are_elapsed: bool,
}

/// No more lie between the first and the last.
const MOST: u32 = 100;

/// The hours that a line begins to observe.
pub(super) fn of(entry: &Entry) -> Option<Hours> {
    let text = match entry.kind {
        Kind::Heading { .. } => entry.text.as_str(),
        Kind::Paragraph => entry.lead.as_deref()?,
        _ => return None,
    };
    // An hour in five languages begins with one of two letters.
    if !text.trim_start_matches(|c: char| !c.is_alphanumeric()).starts_with(['h', 'H', 's', 'S']) {
        return None;
    }
    let tokens: Vec<_> = tokens::cut(text)
        .into_iter()
        .filter(|t| !matches!(t.what, What::Sign(c) if !t.is_dash() && c != ':'))
        .collect();
    if !["hour", "hours", "hora", "heure", "stunde"].iter().any(|word| tokens.first().is_some_and(|t| t.is_word(word)))
    {
        return None;
    }
    let from = whole(tokens.get(1)?)?;
    let to = tokens.get(2).filter(|t| t.is_dash()).and_then(|_| whole(tokens.get(3)?)).unwrap_or(from);
    (to.checked_sub(from)? < MOST).then_some(Hours { from, to, are_elapsed: false })
}

fn whole(token: &Token<'_>) -> Option<u32> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast saturates")]
    token.number().map(|number| number as u32)
}

/// Finds the periods that are told by the time that has passed: those that touch the next one or the one before,
/// and one from zero on that stands alone.
pub(super) fn tell(periods: &mut [&mut Hours]) {
    let touch = |one: &Hours, next: &Hours| one.from < one.to && next.from == one.to && next.from < next.to;
    let touching: Vec<bool> = periods.windows(2).map(|two| touch(&*two[0], &*two[1])).collect();
    let is_alone = touching.is_empty();
    for (at, hours) in periods.iter_mut().enumerate() {
        let before = at.checked_sub(1).and_then(|before| touching.get(before));
        hours.are_elapsed = (is_alone && hours.from == 0) || [before, touching.get(at)].contains(&Some(&true));
    }
}

impl Hours {
    /// How long it takes.
    pub(super) fn span(self) -> Millis {
        let between = u64::from(self.to - self.from);
        // `Hour 3` is one hour, however hours are told.
        let hours = if self.are_elapsed && between > 0 { between } else { between + 1 };
        Millis::from_mins(60) * hours
    }
}
