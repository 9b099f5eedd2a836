//! How often the screen is drawn: at once after a key, and never too often for long.

use crate::text::Millis;

/// Frames a second in the long run.
const RATE: u64 = 15;
/// So many may follow each other at once.
const BURST: u64 = 5;
/// What one frame costs, in thousandths of a frame a millisecond earns.
const FRAME: u64 = 1_000;

/// A bucket that fills with time and that each frame takes from.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    left: u64,
    at: Millis,
}

impl Pace {
    /// A full bucket.
    #[must_use]
    pub const fn new(now: Millis) -> Self {
        Self { left: BURST * FRAME, at: now }
    }

    fn fill(&mut self, now: Millis) {
        let earned = (now - self.at).0.saturating_mul(RATE);
        self.left = self.left.saturating_add(earned).min(BURST * FRAME);
        self.at = now;
    }

    /// How long the next frame has to wait; zero for now.
    pub fn wait(&mut self, now: Millis) -> Millis {
        self.fill(now);
        Millis(FRAME.saturating_sub(self.left).div_ceil(RATE))
    }

    /// A frame was drawn.
    pub fn drawn(&mut self) {
        self.left = self.left.saturating_sub(FRAME);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_answered_at_once_and_a_flood_is_not() {
        let mut pace = Pace::new(Millis::ZERO);
        let mut frames = 0;
        for now in (0..10_000).map(Millis) {
            if pace.wait(now).is_zero() {
                pace.drawn();
                frames += 1;
            }
        }
        assert!((150..=155).contains(&frames), "{frames} in ten seconds");
        assert!(pace.wait(Millis(10_000)) <= Millis(67));
        assert!(pace.wait(Millis(11_000)).is_zero());
    }
}
