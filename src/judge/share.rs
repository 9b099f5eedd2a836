//! The measured share of the new version's traffic, held against what the stage says.
//!
//! Two readings in a row within tolerance say that the traffic has moved. A later deviation says
//! that what the gates measure is not what the stage is named for.

use super::evidence::{DataAt, Known, Rule};
use super::silence::Silence;
use super::{Unknown, Weighed};
use crate::plan::{Limit, Op, Probe, Share};
use crate::text::{Unit, number};

/// So many readings in a row say that the traffic has moved.
const AGREEING: u32 = 2;

/// The share over time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShareTrack {
    /// Readings in a row that agree with the stage.
    agreeing: u32,
    last_data: Option<DataAt>,
    state: Option<ShareState>,
}

/// What the share stands at.
#[derive(Clone, Debug, PartialEq)]
pub enum ShareState {
    Agrees(Weighed),
    Differs(Weighed),
    Unknown(Unknown),
}

impl ShareTrack {
    /// Holds what is known of it against a stage's share, percent.
    pub fn judge(&mut self, share: &Share, wanted: f64, known: Known<'_>) {
        let limit = within(share, wanted, known.probe);
        let weighed = match known.weigh(Rule::Pass(&limit), &Silence::default()) {
            Ok(weighed) => weighed,
            Err(unknown) => {
                self.agreeing = 0;
                self.state = Some(ShareState::Unknown(unknown));
                return;
            }
        };
        let is_new = weighed.data_at.is_newer_than(self.last_data);
        self.last_data = Some(weighed.data_at);
        let agrees = limit.holds(weighed.value);
        self.agreeing = if agrees { self.agreeing + u32::from(is_new) } else { 0 };
        self.state = Some(if agrees { ShareState::Agrees(weighed) } else { ShareState::Differs(weighed) });
    }

    /// Another stage is to be reached: what was read before does not count.
    pub fn begin(&mut self) {
        self.agreeing = 0;
    }

    /// The measured share, where it says that the traffic has moved.
    #[must_use]
    pub fn moved(&self) -> Option<&Weighed> {
        match &self.state {
            Some(ShareState::Agrees(weighed)) if self.agreeing >= AGREEING => Some(weighed),
            _ => None,
        }
    }

    /// What it stands at; none where no stage says what it should be.
    #[must_use]
    pub const fn state(&self) -> Option<&ShareState> {
        self.state.as_ref()
    }
}

/// Both ends belong to it.
fn within(share: &Share, wanted: f64, probe: &Probe) -> Limit {
    let low = Limit::new(Op::Range, wanted - share.tolerance, Unit::Percent);
    Limit { high: Some(wanted + share.tolerance), measured: probe.unit, ..low }
}

/// Shows a measured share in percent.
#[must_use]
pub fn show(value: f64, probe: &Probe) -> String {
    let percent = probe.unit.convert(value, Unit::Percent).unwrap_or(value);
    format!("{}{}", number::show(percent), Unit::Percent.suffix())
}
