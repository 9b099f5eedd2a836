//! The nights that can be practised, as data.

use std::time::Duration;

/// A night.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scenario {
    #[default]
    Healthy,
    ErrorSpike,
    LatencyCreep,
    Blind,
    Flapping,
    LowTraffic,
}

/// What happens in a night.
#[derive(Clone, Copy, Debug)]
pub struct Script {
    pub scenario: Scenario,
    /// Its name on the command line.
    pub name: &'static str,
    /// One sentence for the person who chooses.
    pub about: &'static str,
    pub acts: &'static [Act],
}

/// Something that goes wrong, and stays so: a bad release does not get better by itself.
#[derive(Clone, Copy, Debug)]
pub struct Act {
    /// How often the new version's share must have been raised: 2 is the second stage of the ramp.
    pub step: usize,
    /// And how long ago that was.
    pub after: Duration,
    pub mishap: Mishap,
}

/// What can go wrong with the new version.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mishap {
    /// This part of its requests fails.
    Errors { ratio: f64 },
    /// The same, in every other stretch of this length.
    ErrorsByTurns { ratio: f64, stretch: Duration },
    /// It takes up to so many times longer, growing over this span.
    Slower { times: f64, over: Duration },
    /// The metrics of the payments service are asked for and never answered.
    Silence,
    /// Only this part of the traffic meant for it arrives.
    Trickle { part: f64 },
}

/// The scripts, one a scenario. The stages of `config/demo.md` are 10, 25, 50 and 100 percent.
const SCRIPTS: [Script; 6] = [
    Script {
        scenario: Scenario::Healthy,
        name: "healthy",
        about: "the new version is as good as the old one",
        acts: &[],
    },
    Script {
        scenario: Scenario::ErrorSpike,
        name: "error-spike",
        about: "ninety seconds into 25 %, three of a hundred payments on v2 fail: roll back",
        acts: &[Act { step: 2, after: seconds(90), mishap: Mishap::Errors { ratio: 0.03 } }],
    },
    Script {
        scenario: Scenario::LatencyCreep,
        name: "latency-creep",
        about: "at 50 % the p95 of v2 climbs over its limit within four minutes, and stays there",
        acts: &[Act { step: 3, after: seconds(30), mishap: Mishap::Slower { times: 2.6, over: seconds(240) } }],
    },
    Script {
        scenario: Scenario::Blind,
        name: "blind",
        about: "a minute into 25 % the payments service stops answering /metrics, for good",
        acts: &[Act { step: 2, after: seconds(60), mishap: Mishap::Silence }],
    },
    Script {
        scenario: Scenario::Flapping,
        name: "flapping",
        about: "from 25 % on, v2 fails in every other half-minute: bad, good, bad, good",
        acts: &[Act {
            step: 2,
            after: seconds(15),
            mishap: Mishap::ErrorsByTurns { ratio: 0.015, stretch: seconds(30) },
        }],
    },
    Script {
        scenario: Scenario::LowTraffic,
        name: "low-traffic",
        about: "hardly a request reaches v2: nothing is wrong, and nothing is proven",
        acts: &[Act { step: 1, after: seconds(0), mishap: Mishap::Trickle { part: 0.002 } }],
    },
];

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

impl Scenario {
    pub const ALL: [Self; 6] =
        [Self::Healthy, Self::ErrorSpike, Self::LatencyCreep, Self::Blind, Self::Flapping, Self::LowTraffic];

    /// What happens in it.
    #[must_use]
    pub const fn script(self) -> Script {
        SCRIPTS[self as usize]
    }

    /// Reads a name of the command line.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        SCRIPTS.iter().find(|script| script.name == name).map(|script| script.scenario)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scenario_has_its_own_script() {
        for scenario in Scenario::ALL {
            assert_eq!(scenario.script().scenario, scenario);
            assert_eq!(Scenario::named(scenario.script().name), Some(scenario));
        }
        assert_eq!(Scenario::named("quiet"), None);
    }
}
