//! Alerts: what was firing when the ramp began is known and stands in nobody's way; what begins to
//! fire after that does.
//!
//! An alert that has ended is forgotten: fires it again, it is new.

use super::{Alert, Alerts, Code, Moment, Unknown};
use crate::text::Millis;

/// The alerts over time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AlertsTrack {
    last: Option<(Alerts, Moment)>,
    /// What was firing when the first stage started, and has not ended since.
    old: Vec<Alert>,
    /// What is new and has set the soak to zero for that.
    counted: Vec<Alert>,
}

/// What the alerts stand at.
#[derive(Clone, Debug, PartialEq)]
pub enum AlertsState<'t> {
    /// It is known which fire: those that are new, and those that fired before the ramp began.
    Known { new: Vec<&'t Alert>, old: Vec<&'t Alert> },
    /// It cannot be told; those that were new when it was last known.
    Unknown { why: Unknown, last_new: Vec<&'t Alert> },
}

impl AlertsState<'_> {
    /// Whether it is known that none fires that is new.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        matches!(self, Self::Known { new, .. } if new.is_empty())
    }
}

impl AlertsTrack {
    /// Takes in one answer.
    pub fn observe(&mut self, got: &Alerts, now: Moment) {
        if let Alerts::Firing(firing) = got {
            self.old.retain(|alert| firing.contains(alert));
            self.counted.retain(|alert| firing.contains(alert));
        }
        self.last = Some((got.clone(), now));
    }

    /// The first stage starts: what fires now is not its doing.
    pub fn begin(&mut self) {
        if let Some((Alerts::Firing(firing), _)) = &self.last {
            self.old.clone_from(firing);
        }
    }

    /// Nothing was seen for too long: what is firing is not known.
    pub fn forget(&mut self) {
        self.last = None;
    }

    /// Says, once an alert, that a new one fires: a confirmed breach.
    pub fn take_confirmed(&mut self) -> bool {
        let Some((Alerts::Firing(firing), _)) = &self.last else { return false };
        let is_news = |alert: &&Alert| !self.old.contains(alert) && !self.counted.contains(alert);
        let news: Vec<Alert> = firing.iter().filter(is_news).cloned().collect();
        let confirmed = !news.is_empty();
        self.counted.extend(news);
        confirmed
    }

    /// What they stand at; `started` once the first stage has started.
    #[must_use]
    pub fn state(&self, max_age: Millis, now: Moment, started: bool) -> AlertsState<'_> {
        let unknown = |code, detail: String| AlertsState::Unknown {
            why: Unknown { code, detail },
            last_new: self.counted.iter().collect(),
        };
        match &self.last {
            None => unknown(Code::NoData, "not read yet".to_owned()),
            Some((Alerts::Miss(miss), _)) => {
                let Unknown { code, detail } = Unknown::from(miss);
                unknown(code, detail)
            }
            Some((_, at)) if now.since(*at) > max_age => {
                unknown(Code::Stale, format!("last read {} ago", now.since(*at)))
            }
            Some((Alerts::Firing(firing), _)) => {
                let (old, new) = firing.iter().partition(|alert| !started || self.old.contains(alert));
                AlertsState::Known { new, old }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn firing(names: &[&str]) -> Alerts {
        let alert = |name: &&str| Alert { name: (*name).to_owned(), labels: String::new() };
        Alerts::Firing(names.iter().map(alert).collect())
    }

    fn new(track: &AlertsTrack) -> Vec<&str> {
        match track.state(Millis::from_secs(15), Moment(0), true) {
            AlertsState::Known { new, .. } => new.iter().map(|alert| alert.name.as_str()).collect(),
            AlertsState::Unknown { .. } => vec!["?"],
        }
    }

    #[test]
    fn an_old_alert_that_ended_is_new_when_it_fires_again() {
        let mut track = AlertsTrack::default();
        track.observe(&firing(&["Disk"]), Moment(0));
        track.begin();
        assert!(new(&track).is_empty() && !track.take_confirmed());
        track.observe(&firing(&[]), Moment(0));
        track.observe(&firing(&["Disk"]), Moment(0));
        assert_eq!(new(&track), ["Disk"]);
        assert!(track.take_confirmed() && !track.take_confirmed());
    }

    #[test]
    fn an_outage_of_the_source_ends_no_alert() {
        let mut track = AlertsTrack::default();
        track.observe(&firing(&["Disk"]), Moment(0));
        track.begin();
        let down = super::super::Miss { why: super::super::Why::SourceDown, detail: "refused".to_owned() };
        track.observe(&Alerts::Miss(down), Moment(0));
        assert_eq!(new(&track), ["?"]);
        track.observe(&firing(&["Disk", "Errors"]), Moment(0));
        assert_eq!(new(&track), ["Errors"]);
    }
}
