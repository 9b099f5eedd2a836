//! What is counted in the shop, a quarter of a second at a time.
//!
//! Counters are sums of what is to be expected, shown without their fractions: they grow smoothly,
//! and the same moves at the same times always give the same figures.

use super::scenario::{Mishap, Script};
use std::f64::consts::TAU;
use std::time::Duration;

/// The shop moves in steps of this length.
const STEP: Duration = Duration::from_millis(250);

/// Requests a second: of the storefront, and of the payments service in both versions.
const STOREFRONT: f64 = 1_200.0;
const PAYMENTS: f64 = 400.0;

/// Upper bounds of the duration buckets, seconds; one without a bound follows.
pub(super) const BOUNDS: [f64; 13] = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 1.0, 2.5];

/// All that the services show.
#[derive(Debug)]
pub(super) struct Shop {
    script: Script,
    /// How many steps have been made.
    step: u64,
    share: f64,
    /// The step at which the share was raised for the nth time.
    raised: Vec<u64>,
    pub(super) storefront: Stream,
    pub(super) payments: [Stream; 2],
    pub(super) ledger: Stream,
    /// Captured, declined, failed; of v1 and of v2.
    pub(super) taken: [[f64; 3]; 2],
    /// Completed, abandoned, failed.
    pub(super) checkouts: [f64; 3],
    /// Hits and misses.
    pub(super) catalogue: [f64; 2],
    pub(super) queue: f64,
}

/// The requests that one version of one service has answered.
#[derive(Debug, Default)]
pub(super) struct Stream {
    /// With 200, with 404 or 422, with 500.
    pub(super) answered: [f64; 3],
    /// How many took up to each bound.
    pub(super) within: [f64; BOUNDS.len()],
    pub(super) all: f64,
    pub(super) seconds: f64,
}

/// How the new version is doing.
#[derive(Clone, Copy)]
struct Mood {
    errors: f64,
    slower: f64,
    arrives: f64,
}

impl Shop {
    pub(super) fn new(script: Script) -> Self {
        Self {
            script,
            step: 0,
            share: 0.0,
            raised: Vec::new(),
            storefront: Stream::default(),
            payments: Default::default(),
            ledger: Stream::default(),
            taken: Default::default(),
            checkouts: Default::default(),
            catalogue: Default::default(),
            queue: 12.0,
        }
    }

    pub(super) const fn share(&self) -> f64 {
        self.share
    }

    /// Moves the traffic, now.
    pub(super) fn set_share(&mut self, percent: f64) {
        if percent > self.share {
            self.raised.push(self.step);
        }
        self.share = percent;
    }

    /// Lives until so much time has passed.
    pub(super) fn advance(&mut self, elapsed: Duration) {
        let until = u64::try_from(elapsed.as_millis() / STEP.as_millis()).unwrap_or(u64::MAX);
        while self.step < until {
            self.step += 1;
            self.live();
        }
    }

    /// Says whether the metrics of the payments service are still answered.
    pub(super) fn is_silent(&self) -> bool {
        self.mishaps().any(|(mishap, _)| mishap == Mishap::Silence)
    }

    fn live(&mut self) {
        let mood = self.mood();
        let rush = 1.0 + 0.12 * (self.seconds() * TAU / 600.0).sin();
        let new = PAYMENTS * rush * self.share / 100.0;
        // What does not arrive at the new version is answered by the old one.
        let (new, lost) = (new * mood.arrives, new * (1.0 - mood.arrives));
        let old = PAYMENTS * rush * (1.0 - self.share / 100.0) + lost;

        let failing = [0.0005, 0.0004 + mood.errors];
        for (version, (rate, median)) in [(old, 0.080), (new, 0.074 * mood.slower)].into_iter().enumerate() {
            let requests = self.some(rate, version as u64);
            let failed = requests * failing[version] * (1.0 + 0.3 * self.noise(4 + version as u64));
            self.payments[version].answer([requests * 0.988 - failed, requests * 0.012, failed], median);
            let declined = requests * 0.03;
            let lost = failed + requests * 0.0006;
            add(&mut self.taken[version], [requests - declined - lost, declined, lost]);
        }
        let worse = new / (old + new) * mood.errors;
        let requests = self.some(STOREFRONT * rush, 2);
        self.storefront
            .answer([requests * 0.9825, requests * (0.017 - worse / 3.0), requests * (0.0005 + worse / 3.0)], 0.035);
        add(&mut self.checkouts, [requests * 0.3 * (1.0 - worse), requests * 0.03, requests * (0.0002 + 0.3 * worse)]);
        add(&mut self.catalogue, [requests * 0.94, requests * 0.06]);
        let booked = self.some((old + new) * 0.96, 3);
        self.ledger.answer([booked * 0.9996, booked * 0.0003, booked * 0.0001], 0.015);
        self.queue = 12.0 * rush * mood.slower + 4.0 * self.noise(6);
    }

    fn mood(&self) -> Mood {
        let mut mood = Mood { errors: 0.0, slower: 1.0, arrives: 1.0 };
        for (mishap, since) in self.mishaps() {
            match mishap {
                Mishap::Errors { ratio } => mood.errors += ratio,
                Mishap::ErrorsByTurns { ratio, stretch } => {
                    let turn = since.as_millis() / stretch.as_millis().max(1);
                    mood.errors += if turn.is_multiple_of(2) { ratio } else { 0.0 };
                }
                Mishap::Slower { times, over } => {
                    mood.slower += (times - 1.0) * (since.as_secs_f64() / over.as_secs_f64()).min(1.0);
                }
                Mishap::Trickle { part } => mood.arrives *= part,
                Mishap::Silence => {}
            }
        }
        mood
    }

    /// What goes wrong now, and since when.
    fn mishaps(&self) -> impl Iterator<Item = (Mishap, Duration)> {
        self.script.acts.iter().filter_map(|act| {
            let raised = self.raised.get(act.step.checked_sub(1)?)?;
            let since = span(self.step - raised).checked_sub(act.after)?;
            Some((act.mishap, since))
        })
    }

    /// About this many a second, for one step.
    fn some(&self, rate: f64, of: u64) -> f64 {
        rate * STEP.as_secs_f64() * (1.0 + 0.06 * self.noise(of))
    }

    /// A figure from -1 to 1 that depends on the time and on what it is for, and on nothing else.
    fn noise(&self, of: u64) -> f64 {
        let mut mixed = (self.step << 3 | of).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let half = u32::try_from(mixed >> 33).unwrap_or(0);
        f64::from(half) / f64::from(u32::MAX / 2) * 2.0 - 1.0
    }

    fn seconds(&self) -> f64 {
        span(self.step).as_secs_f64()
    }
}

impl Stream {
    /// Counts requests by their answers; half of them take longer than the median, one in twenty
    /// more than twice as long.
    fn answer(&mut self, answered: [f64; 3], median: f64) {
        add(&mut self.answered, answered);
        let requests: f64 = answered.iter().sum();
        self.all += requests;
        self.seconds += requests * median * 1.11;
        for (count, bound) in self.within.iter_mut().zip(BOUNDS) {
            // A log-logistic distribution of shape 4.
            *count += requests / (1.0 + (median / bound).powi(4));
        }
    }
}

fn add<const N: usize>(sums: &mut [f64; N], more: [f64; N]) {
    for (sum, more) in sums.iter_mut().zip(more) {
        *sum += more;
    }
}

fn span(steps: u64) -> Duration {
    STEP.saturating_mul(u32::try_from(steps).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::super::Scenario;
    use super::*;

    /// The shop after moves at these seconds.
    fn shop(scenario: Scenario, moves: &[(u64, f64)], until: u64) -> Shop {
        let mut shop = Shop::new(scenario.script());
        for &(at, share) in moves {
            shop.advance(Duration::from_secs(at));
            shop.set_share(share);
        }
        shop.advance(Duration::from_secs(until));
        shop
    }

    fn failed(shop: &Shop) -> f64 {
        shop.payments[1].answered[2] / shop.payments[1].all
    }

    #[test]
    fn how_often_it_is_looked_at_does_not_matter() {
        let moves = [(10, 10.0), (100, 25.0), (130, 0.0)];
        let once = shop(Scenario::Flapping, &moves, 300);
        let mut often = Shop::new(Scenario::Flapping.script());
        for tenth in 0..=3_000 {
            often.advance(Duration::from_millis(tenth * 100));
            for (at, share) in moves {
                if tenth == at * 10 {
                    often.set_share(share);
                }
            }
        }
        assert_eq!(format!("{once:?}"), format!("{often:?}"));
    }

    #[test]
    fn traffic_follows_the_share_and_leaves_on_rollback() {
        let quarter = shop(Scenario::Healthy, &[(0, 25.0)], 100);
        let [old, new] = &quarter.payments;
        assert!((new.all / (old.all + new.all) - 0.25).abs() < 0.01);
        let before = shop(Scenario::Healthy, &[(0, 25.0), (100, 0.0)], 100);
        let after = shop(Scenario::Healthy, &[(0, 25.0), (100, 0.0)], 200);
        assert!((before.payments[1].all - after.payments[1].all).abs() < 1e-9);
        assert!(after.payments[0].all > before.payments[0].all);
    }

    #[test]
    fn each_night_has_its_mishap_and_not_before_its_time() {
        let ramp = [(0, 10.0), (120, 25.0)];
        assert!(failed(&shop(Scenario::ErrorSpike, &ramp, 120 + 89)) < 0.001);
        assert!(failed(&shop(Scenario::ErrorSpike, &ramp, 120 + 3_600)) > 0.025);
        assert!(!shop(Scenario::Blind, &ramp, 120 + 59).is_silent());
        assert!(shop(Scenario::Blind, &ramp, 120 + 60).is_silent());
        assert!(shop(Scenario::LowTraffic, &ramp, 120 + 60).payments[1].all < 30.0);
        let [.., bad] = [10, 20, 30].map(|at| shop(Scenario::Flapping, &ramp, 120 + 15 + at).payments[1].answered[2]);
        let good = shop(Scenario::Flapping, &ramp, 120 + 15 + 60).payments[1].answered[2] - bad;
        assert!(good * 5.0 < bad, "{good} {bad}");
    }

    #[test]
    fn counters_never_go_back() {
        let mut last = Vec::new();
        let mut shop = Shop::new(Scenario::ErrorSpike.script());
        for second in 0..400 {
            if second % 100 == 50 {
                shop.set_share(f64::from(second) / 4.0);
            }
            shop.advance(Duration::from_secs(u64::from(u16::try_from(second).unwrap())));
            let streams = [&shop.storefront, &shop.payments[0], &shop.payments[1], &shop.ledger];
            let sums = streams.iter().flat_map(|stream| stream.answered.iter().chain(&stream.within)).copied();
            let now: Vec<f64> = sums.chain(shop.checkouts).chain(shop.taken.concat()).collect();
            assert!(now.iter().zip(&last).all(|(now, before)| now >= before));
            last = now;
        }
    }
}
