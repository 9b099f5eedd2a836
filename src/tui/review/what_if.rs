//! The night with another limit, beside the night as it was.
//!
//! Folding a long night again takes a moment: it is done on a thread of its own, and what comes back
//! is shown only where it still answers what was asked last.

use super::Review;
use crate::judge::Moment;
use crate::session::chronicle::Instant;
use crate::session::store::what_if::{Difference, Trial, differences};
use crate::session::store::{Archive, StoreError};
use std::sync::Arc;

/// What another limit would have changed.
#[derive(Clone, Debug, PartialEq)]
pub struct WhatIf {
    pub trial: Trial,
    /// None while the night is folded.
    pub differences: Option<Vec<Difference>>,
}

impl WhatIf {
    #[must_use]
    pub const fn new(trial: Trial) -> Self {
        Self { trial, differences: None }
    }

    /// The stretch that a moment lies in, where the verdict would have been another one then.
    #[must_use]
    pub fn at(&self, now: Moment) -> Option<&Difference> {
        let covers = |found: &&Difference| {
            found.from.moment <= now && found.until.is_none_or(|until: Instant| now < until.moment)
        };
        self.differences.iter().flatten().find(covers)
    }

    /// `error rate < 1 %`.
    #[must_use]
    pub fn asked(&self) -> String {
        format!("{} {}", self.trial.gate, self.trial.limit)
    }
}

/// A trial and what came of it.
pub type Tried = (Trial, Result<Vec<Difference>, String>);

/// Folds the night again with another limit.
pub async fn fold(archive: Arc<Archive>, trial: Trial) -> Tried {
    let asked = trial.clone();
    let folded = tokio::task::spawn_blocking(move || differences(&archive, &asked)).await;
    let found = match folded {
        Ok(found) => found.map_err(|error: StoreError| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    (trial, found)
}

impl Review {
    /// Takes what came of a trial and says it in a sentence; none where something else was asked
    /// since.
    pub fn tried(&mut self, (trial, found): Tried) -> Option<Result<String, String>> {
        let what_if = self.what_if.as_mut().filter(|what_if| what_if.trial == trial)?;
        let found = match found {
            Ok(found) => found,
            Err(why) => {
                self.what_if = None;
                return Some(Err(why));
            }
        };
        let said = match found.len() {
            0 => format!("with {} every verdict would have been the same", what_if.asked()),
            1 => format!("with {} the verdict would have differed once; i goes there", what_if.asked()),
            times => format!("with {} the verdict would have differed {times} times; i goes there", what_if.asked()),
        };
        what_if.differences = Some(found);
        Some(Ok(said))
    }
}
