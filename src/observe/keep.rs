//! The rounds of one watch, kept up while its source is late or away.
//!
//! ```text
//! beat    0          5          10         15
//! good    ●          ●
//! late                          ├────┄┄┄┄┄┄×┄┄┄●     after one interval: "no answer for 5s"
//! away                          ×─×──×────● ×─×──    asked again within the interval
//! ```
//!
//! Whatever happens, two intervals after the last good answer there is a reading that says so; and a
//! source that is back is found before the next beat. The pauses between two tries grow, and are a
//! little different for everybody: those who failed together do not come back together.

use super::Found;
use super::before::Kept;
use super::source::Watch;
use crate::clock::Clock;
use crate::judge::{Got, Miss, Reading, Why};
use crate::text::Millis;
use std::hash::{BuildHasher, RandomState};
use std::pin::pin;
use tokio::sync::mpsc::Sender;
use tokio::sync::mpsc::error::SendError;

/// The pauses before each further try, in sixteenths of the interval.
const PAUSES: [u64; 3] = [1, 3, 6];

/// So much longer than an interval an answer may take before it is called late: a machine that is busy
/// is no source that is away, however fast its clock runs. Two intervals and a second after the last good
/// answer are not over then.
const GRACE: Millis = Millis(500);

/// Every beat has so many rounds: its own, and one for each further try.
const ROUNDS: u64 = PAUSES.len() as u64 + 1;

/// Looks at every beat until nobody wants to know any more.
pub(super) async fn keep(mut watch: Watch, mut kept: Option<Kept>, every: Millis, clock: Clock, found: Sender<Found>) {
    while round(&mut watch, kept.as_mut(), every, clock, &found).await.is_ok() {}
}

async fn round(
    watch: &mut Watch,
    kept: Option<&mut Kept>,
    every: Millis,
    clock: Clock,
    found: &Sender<Found>,
) -> Result<(), SendError<Found>> {
    let round = watch.beat.next().await * ROUNDS;
    let begun = clock.now().mono;
    let reading = look(watch, round, every, clock, found).await?;
    let mut is_away = is_down(&reading) && watch.fails_in_passing();
    if let (Some(kept), Got::Sample(sample)) = (kept, &reading.got)
        && let Some(captured) = kept.keep(sample)
    {
        found.send(Found::Captured(captured)).await?;
    }
    found.send(Found::Reading(reading)).await?;
    for (pause, again) in PAUSES.into_iter().zip(1..) {
        let pause = jittered(Millis(every.0 * pause / 16));
        if !is_away || clock.now().mono - begun + pause >= every {
            break;
        }
        clock.sleep(pause).await;
        let reading = watch.look(round + again).await;
        is_away = is_down(&reading);
        // That it is still away was said already.
        if !is_away {
            found.send(Found::Reading(reading)).await?;
        }
    }
    Ok(())
}

/// Looks once. A look that takes longer than the interval, and a little, is said to while it goes on:
/// what was known before it is old by then.
async fn look(
    watch: &mut Watch,
    round: u64,
    every: Millis,
    clock: Clock,
    found: &Sender<Found>,
) -> Result<Reading, SendError<Found>> {
    let probe = watch.id;
    let (mut look, patience) = (pin!(watch.look(round)), every + GRACE * u64::from(clock.speed()));
    if let Some(reading) = clock.within(patience, look.as_mut()).await {
        return Ok(reading);
    }
    let got = Got::Miss(Miss { why: Why::SourceDown, detail: format!("no answer for {patience}") });
    found.send(Found::Reading(Reading { probe, got, traffic: None, baseline: None })).await?;
    Ok(look.await)
}

fn is_down(reading: &Reading) -> bool {
    matches!(&reading.got, Got::Miss(miss) if miss.why == Why::SourceDown)
}

/// A span, up to a quarter shorter or longer.
fn jittered(span: Millis) -> Millis {
    // The keys of a hash map are the randomness that the standard library has.
    let chance = RandomState::new().hash_one(()) % 512;
    Millis(span.0 * (768 + chance) / 1_024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_tries_fit_into_the_interval() {
        let longest: u64 = PAUSES.iter().sum();
        assert!(longest * 5 / 4 < 16);
        for _ in 0..100 {
            assert!((Millis(750)..=Millis(1_250)).contains(&jittered(Millis(1_000))));
        }
    }
}
