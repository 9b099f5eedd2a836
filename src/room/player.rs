//! A seat at a night that has been: it plays a recorded session as a room runs a live one.
//!
//! What it publishes is what the room had published then, so that everything that can look at a
//! live session can look at any moment of a recorded one. Nothing that is asked of it is done.

use super::live::Live;
use super::table::{Seat, Table};
use crate::clock::{Clock, Stamp};
use crate::judge::Moment;
use crate::session::Refusal;
use crate::session::store::{Archive, Reel, StoreError, Target};
use crate::text::Millis;
use std::sync::Arc;
use tokio::sync::mpsc;

/// So often a night that plays is shown anew.
const TICK: Millis = Millis(100);

/// What somebody does to a night that is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wind {
    To(Target),
    /// Plays on, so many times faster than it was.
    Play {
        speed: u32,
    },
    Pause,
}

/// The player.
#[derive(Debug)]
pub struct Player {
    reel: Reel,
    table: Table,
    winds: mpsc::UnboundedReceiver<Wind>,
    /// The moment that is shown: between two events only time has passed.
    moment: Moment,
    speed: Option<u32>,
    clock: Clock,
}

impl Player {
    /// Opens a recorded night at its beginning.
    ///
    /// # Errors
    /// Where its log cannot be read any more.
    pub fn open(archive: Arc<Archive>) -> Result<(Self, Seat, mpsc::UnboundedSender<Wind>), StoreError> {
        let reel = Reel::open(archive)?;
        let (table, seat) = Table::lay(shown(&reel, Moment::default()));
        let (winder, winds) = mpsc::unbounded_channel();
        let clock = Clock::real();
        let player = Self { reel, table, winds, moment: Moment::default(), speed: None, clock };
        Ok((player, seat, winder))
    }

    /// Plays until every seat is left.
    ///
    /// # Errors
    /// Where the log cannot be read any more.
    pub async fn run(mut self) -> Result<(), StoreError> {
        let mut shown_at = self.clock.now().mono;
        loop {
            tokio::select! {
                wind = self.winds.recv() => match wind {
                    Some(wind) => self.take(wind)?,
                    None => return Ok(()),
                },
                request = self.table.next() => match request {
                    Some((_, answer)) => {
                        let why = "this night has been: a review changes nothing".to_owned();
                        // Whoever asked may have gone.
                        let _gone = answer.send(Err(Refusal::NotNow(why)));
                    }
                    None => return Ok(()),
                },
                () = self.clock.sleep(TICK), if self.speed.is_some() => {
                    self.play_on(self.clock.now().mono - shown_at)?;
                }
            }
            shown_at = self.clock.now().mono;
        }
    }

    fn take(&mut self, wind: Wind) -> Result<(), StoreError> {
        match wind {
            Wind::Pause => self.speed = None,
            Wind::Play { speed } => self.speed = Some(speed),
            Wind::To(target) => {
                self.reel.wind(target)?;
                let now = self.reel.state().ramp.now;
                self.moment = match target {
                    Target::Moment(moment) => moment.min(self.end()).max(now),
                    Target::Event(_) => now,
                };
                self.publish();
            }
        }
        Ok(())
    }

    fn end(&self) -> Moment {
        self.reel.archive().state.ramp.now
    }

    fn play_on(&mut self, passed: Millis) -> Result<(), StoreError> {
        let speed = self.speed.unwrap_or(1);
        self.moment = (self.moment + passed * u64::from(speed)).min(self.end());
        self.reel.wind(Target::Moment(self.moment))?;
        if self.moment == self.end() {
            self.speed = None;
        }
        self.publish();
        Ok(())
    }

    fn publish(&self) {
        self.table.live.send_replace(shown(&self.reel, self.moment));
    }
}

/// A recorded night as it was at a moment behind the last event that is folded.
#[must_use]
pub fn shown(reel: &Reel, moment: Moment) -> Arc<Live> {
    let state = reel.state();
    let last = Stamp { at: state.at, mono: state.mono() };
    let ahead = moment.since(state.ramp.now);
    let live = Live::of(&reel.archive().header, reel.core(), &Arc::new(reel.history()), last);
    let now = Stamp { at: last.at.saturating_add_unsigned(ahead.0), mono: last.mono + ahead };
    Arc::new(Live { now, ..live })
}
