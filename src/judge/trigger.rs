//! A rollback trigger: armed, counting down, tripped until somebody dismisses it, or blind.

use super::base::{self, InForce};
use super::breach::{Breach, Standing};
use super::evidence::{Known, Rule};
use super::silence::Silence;
use super::{Moment, Unknown, Weighed};
use crate::plan::{Limit, Trigger, Watch};
use crate::text::Millis;

/// What a trigger stands at.
#[derive(Clone, Debug, PartialEq)]
pub enum TriggerState {
    /// No stage has started.
    Idle,
    /// Measured and good, or declared by a person and not declared.
    Armed(Option<Weighed>),
    /// True, and not yet believed; with a countdown what is left of it.
    Pending {
        weighed: Weighed,
        left: Option<Millis>,
    },
    Tripped(Trip),
    Blind(Unknown),
}

impl TriggerState {
    /// The word of scenario files and screens.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Armed(_) => "armed",
            Self::Pending { .. } => "pending",
            Self::Tripped(_) => "tripped",
            Self::Blind(_) => "blind",
        }
    }
}

/// How a trigger was tripped. It stays tripped until somebody dismisses it.
#[derive(Clone, Debug, PartialEq)]
pub struct Trip {
    pub at: Moment,
    /// What it saw, as a sentence; what the person said, for a manual one.
    pub on: String,
    /// Who declared it; none where it was measured.
    pub by: Option<String>,
    /// Why its metric cannot be seen now.
    pub blind: Option<Unknown>,
}

/// A trigger over time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TriggerTrack {
    breach: Breach,
    trip: Option<Trip>,
    seen: Option<Result<(Weighed, Standing), Unknown>>,
    in_force: Option<InForce>,
    silence: Silence,
}

impl TriggerTrack {
    /// Judges the trigger on what is known at a moment, once the first stage has started.
    pub fn judge(&mut self, watch: &Watch, known: Known<'_>) {
        let (limit, weighed) = match self.weigh(watch, known) {
            Ok(found) => found,
            Err(unknown) => {
                self.breach.blind();
                if let Some(trip) = self.trip.as_mut() {
                    trip.blind = Some(unknown.clone());
                }
                self.seen = Some(Err(unknown));
                return;
            }
        };
        let standing = self.breach.observe(&weighed, limit.holds(weighed.value), watch.hold, known.now);
        if let Some(trip) = self.trip.as_mut() {
            trip.blind = None;
        } else if standing == Standing::Confirmed {
            let on = format!("{} {}", self.say(watch, &weighed), self.breach.extent(watch.hold));
            self.trip = Some(Trip { at: known.now, on, by: None, blind: None });
        }
        self.seen = Some(Ok((weighed, standing)));
    }

    fn weigh(&mut self, watch: &Watch, known: Known<'_>) -> Result<(Limit, Weighed), Unknown> {
        let in_force = base::in_force(watch.bad, known)?;
        let limit = in_force.limit;
        self.in_force = Some(in_force);
        if let Some(sample) = known.sample() {
            self.silence.learn(Rule::Bad(&limit), sample);
        }
        Ok((limit, known.weigh(Rule::Bad(&limit), &self.silence)?))
    }

    /// `1.42 % > 1 %`: a value beside the limit as it is.
    #[must_use]
    pub fn say(&self, watch: &Watch, weighed: &Weighed) -> String {
        match &self.in_force {
            Some(InForce { limit, made_from: Some(from) }) => {
                format!("{} {limit} ({from})", limit.show(weighed.value))
            }
            _ => format!("{} {}", watch.bad.show(weighed.value), watch.bad),
        }
    }

    /// A person declares it. That needs no evidence.
    pub fn trip(&mut self, by: &str, on: &str, now: Moment) {
        self.trip = Some(Trip { at: now, on: on.to_owned(), by: Some(by.to_owned()), blind: None });
    }

    /// Arms it again: a condition that is still true counts down afresh.
    pub fn dismiss(&mut self) {
        self.trip = None;
        self.breach.forget();
    }

    /// The same trigger in an amended plan. What it watches may be new; that it has tripped stands.
    #[must_use]
    pub fn amended(&self, watches_the_same: bool) -> Self {
        if watches_the_same { self.clone() } else { Self { trip: self.trip.clone(), ..Self::default() } }
    }

    /// What it stands at; `started` once the first stage has started.
    #[must_use]
    pub fn state(&self, trigger: &Trigger, started: bool) -> TriggerState {
        match (&self.trip, &self.seen) {
            (Some(trip), _) => TriggerState::Tripped(trip.clone()),
            _ if !started => TriggerState::Idle,
            (None, None) if trigger.watch.is_none() => TriggerState::Armed(None),
            (None, None) => {
                TriggerState::Blind(Unknown { code: super::Code::NoData, detail: "not read yet".to_owned() })
            }
            (None, Some(Err(unknown))) => TriggerState::Blind(unknown.clone()),
            (None, Some(Ok((weighed, Standing::Within)))) => TriggerState::Armed(Some(weighed.clone())),
            (None, Some(Ok((weighed, _)))) => TriggerState::Pending {
                weighed: weighed.clone(),
                left: self.breach.left(trigger.watch.as_ref().and_then(|watch| watch.hold)),
            },
        }
    }

    /// Whether it has tripped and nobody has dismissed it, seen or not.
    #[must_use]
    pub const fn is_tripped(&self) -> bool {
        self.trip.is_some()
    }

    /// Whether it has tripped, or is true and not yet believed: no time of that is clean.
    #[must_use]
    pub const fn is_called(&self) -> bool {
        self.is_tripped() || matches!(self.seen, Some(Ok((_, Standing::Over | Standing::Confirmed))))
    }

    /// Whether its metric cannot be seen.
    #[must_use]
    pub fn is_blind(&self, trigger: &Trigger) -> bool {
        trigger.watch.is_some() && !matches!(self.seen, Some(Ok(_)))
    }
}
