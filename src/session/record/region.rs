//! Lines that are done once for each region: `region us-east-2: Health checks passing`.

use super::{Entry, Name, Paper};
use crate::plan::{ItemId, Plan};
use crate::session::command::Word;
use crate::session::command::word::By;
use crate::session::decide::{Case, Refusal, not_now};
use crate::session::event::{Event, Fact};
use crate::session::names::{NameError, Prefer};
use crate::session::state::{Mark, State};
use serde::{Deserialize, Serialize};

pub static REGION: Word = Word::said("region REGION: ITEM", "tick an item for one region", By::Anybody, tick);
pub static UNREGION: Word = Word::said("unregion REGION: ITEM", "open it for one region again", By::Anybody, untick);

/// A line was done in one of the regions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegionTicked {
    pub item: ItemId,
    pub region: u32,
}

/// A line was opened again in one of the regions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegionUnticked {
    pub item: ItemId,
    pub region: u32,
}

/// A region, and who has done a line there.
pub type RegionTick<'a> = (&'a str, Option<&'a Entry<()>>);

/// Whether a line is done once for each region.
#[must_use]
pub fn is_regional(plan: &Plan, item: ItemId) -> bool {
    !plan.regions.is_empty() && plan.sections_around(plan.item(item).section).any(|id| plan.regional.contains(&id))
}

fn read(case: &Case<'_>, text: &str, prefer: Prefer) -> Result<(ItemId, u32), Refusal> {
    let (region, name) = text.split_once(':').unwrap_or((text, ""));
    let known = case.plan.regions.iter().position(|known| known.eq_ignore_ascii_case(region.trim()));
    let Some(region) = known.and_then(|at| u32::try_from(at).ok()) else {
        return not_now(format!("\"{}\" is no region; they are {}", region.trim(), case.plan.regions.join(", ")));
    };
    if name.trim().is_empty() {
        return Err(NameError::NoReason { what: "region", text: text.to_owned() }.into());
    }
    let item = case.names.regional_item(name.trim(), prefer)?;
    Ok((item, region))
}

fn tick(case: &Case<'_>, text: &str) -> Result<Vec<Fact>, Refusal> {
    let (item, region) = read(case, text, Prefer::Open)?;
    Ok(vec![Fact::RegionTicked(RegionTicked { item, region })])
}

fn untick(case: &Case<'_>, text: &str) -> Result<Vec<Fact>, Refusal> {
    let (item, region) = read(case, text, Prefer::Done)?;
    Ok(vec![Fact::RegionUnticked(RegionUnticked { item, region })])
}

impl State {
    /// Who has done a line in each region; none for a line that is not done by region.
    #[must_use]
    pub fn regions_of(&self, item: ItemId) -> Option<Vec<RegionTick<'_>>> {
        let plan = self.plan();
        if !is_regional(plan, item) {
            return None;
        }
        let ticks = self.record.regions.get(&item);
        let cell = |at: usize| ticks.and_then(|ticks| ticks.get(at)).and_then(Option::as_ref);
        Some(plan.regions.iter().enumerate().map(|(at, name)| (name.as_str(), cell(at))).collect())
    }

    fn set_region(&mut self, item: ItemId, region: u32, entry: Option<Entry<()>>) -> bool {
        let count = self.plan().regions.len();
        let ticks = self.record.regions.entry(item).or_insert_with(|| vec![None; count]);
        if let Some(cell) = ticks.get_mut(region as usize) {
            *cell = entry;
        }
        ticks.len() == count && ticks.iter().all(Option::is_some)
    }
}

impl Paper for RegionTicked {
    fn names(&self) -> Vec<Name> {
        vec![Name::Item(self.item), Name::Region(self.region)]
    }

    fn fold(&self, state: &mut State, event: &Event) {
        if state.set_region(self.item, self.region, Some(Entry::new((), event))) {
            state.mark(event, self.item, true, Mark::Ticked { evidence: None });
        }
    }

    fn tell(&self, plan: &Plan) -> String {
        let region = plan.regions.get(self.region as usize).map_or("?", String::as_str);
        format!("ticked \"{}\" for {region}", plan.item(self.item).text)
    }
}

impl Paper for RegionUnticked {
    fn names(&self) -> Vec<Name> {
        vec![Name::Item(self.item), Name::Region(self.region)]
    }

    fn fold(&self, state: &mut State, event: &Event) {
        state.set_region(self.item, self.region, None);
        if state.ramp.done[self.item.index()] {
            state.mark(event, self.item, false, Mark::Unticked);
        }
    }

    fn tell(&self, plan: &Plan) -> String {
        let region = plan.regions.get(self.region as usize).map_or("?", String::as_str);
        format!("opened \"{}\" for {region} again", plan.item(self.item).text)
    }
}
