//! One metric in several regions: each is asked for by itself, so that none is averaged away.

use super::backend::Answer;
use super::fresh::Freshness;
use super::reading::{Asked, Memory, sample};
use crate::judge::{Miss, Point, Sample, Silent, Why};
use crate::order;
use crate::plan::Probe;
use crate::text::Millis;

/// Puts the regions' answers together: the highest and the lowest value of all, the age of the
/// oldest data that is fresh, and the regions of which nothing is known as silent.
///
/// # Errors
/// Why the source cannot tell, with the first region it could not tell of; or that all are silent.
pub(super) fn together(probe: &Probe, answers: &[&Asked], memories: &mut [Memory]) -> Result<Sample, Miss> {
    let mut whole: Option<Sample> = None;
    let mut silent = Vec::new();
    for ((region, asked), memory) in probe.regions.iter().zip(answers).zip(memories) {
        let of_region = asked.as_ref().map_err(Clone::clone);
        match of_region.and_then(|(fresh, answer)| of_one(probe, &region.name, fresh, answer, memory)) {
            Ok(sample) => {
                whole = Some(match whole {
                    Some(whole) => join(whole, sample),
                    None => sample,
                });
            }
            Err(miss) if miss.why == Why::NoData => {
                let last = memory.values().map(|heard| heard.last).reduce(f64::max);
                silent.push(Silent { labels: region.name.clone(), last });
            }
            Err(miss) => return Err(Miss { why: miss.why, detail: format!("{}: {}", region.name, miss.detail) }),
        }
    }
    let Some(mut whole) = whole else {
        let names: Vec<_> = silent.iter().map(|silent| silent.labels.as_str()).collect();
        return Err(Miss { why: Why::NoData, detail: format!("nothing from {}", names.join(", ")) });
    };
    whole.silent.extend(silent);
    Ok(whole)
}

/// The sample of one region, where it is fresh; its series carry the region's name.
fn of_one(
    probe: &Probe,
    region: &str,
    fresh: &Freshness,
    answer: &Answer,
    memory: &mut Memory,
) -> Result<Sample, Miss> {
    let mut sample = sample(probe, fresh, answer, memory)?;
    let measured = (sample.interval.unwrap_or_default() * 3).max(Millis::from_secs(15));
    let allowed = i64::try_from(probe.max_age.unwrap_or(measured).0).unwrap_or(i64::MAX);
    if !sample.gone.is_empty() || sample.age > allowed {
        return Err(Miss { why: Why::NoData, detail: "its data has stopped".to_owned() });
    }
    let named = |labels: &str| if labels.is_empty() { region.to_owned() } else { format!("{region}: {labels}") };
    sample.labels = named(&sample.labels);
    if let Some(lowest) = &mut sample.lowest {
        lowest.labels = named(&lowest.labels);
    }
    for silent in &mut sample.silent {
        silent.labels = named(&silent.labels);
    }
    for labels in &mut sample.speaking {
        *labels = named(labels);
    }
    sample.cells = vec![Point { value: sample.value, labels: region.to_owned() }];
    Ok(sample)
}

fn join(one: Sample, other: Sample) -> Sample {
    let lowest_of = |sample: &Sample| {
        sample.lowest.clone().unwrap_or_else(|| Point { value: sample.value, labels: sample.labels.clone() })
    };
    let (low, other_low) = (lowest_of(&one), lowest_of(&other));
    let lowest = if other_low.value < low.value { other_low } else { low };
    let oldest = if other.age > one.age { &other } else { &one };
    let (data_at, age, interval) = (oldest.data_at.min(one.data_at), oldest.age, oldest.interval);
    let (mut high, low) = if other.value > one.value { (other, one) } else { (one, other) };
    high.silent.extend(low.silent);
    high.speaking.extend(low.speaking);
    high.topped = high.topped.or(low.topped);
    high.cells.extend(low.cells);
    order::by(&mut high.cells, |one, other| one.labels.cmp(&other.labels));
    Sample { lowest: Some(lowest), data_at, age, interval, ..high }
}
