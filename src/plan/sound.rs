//! Whether a plan that was read back is one: a log is a file, and anybody may have written it.

use super::{ItemId, Plan, Probe, ProbeId, Scope, SectionId, StageId};

/// The first thing in a plan that names something that is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsound(String);

impl std::fmt::Display for Unsound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Plan {
    /// Checks that every id in the plan is that of something in it, so that no later look-up fails.
    ///
    /// # Errors
    /// The first one that is not.
    pub fn check_ids(&self) -> Result<(), Unsound> {
        self.check_outline()?;
        self.check_conditions()?;
        self.check_measured()
    }

    fn check_outline(&self) -> Result<(), Unsound> {
        for (at, section) in self.sections.iter().enumerate() {
            // What stands in something stands below it: no section is within itself.
            within("section", section.parent.map(SectionId::index), at)?;
        }
        for (at, item) in self.items.iter().enumerate() {
            within("section", item.section.map(SectionId::index), self.sections.len())?;
            within("item", item.parent.map(ItemId::index), at)?;
            within("stage", item.stage.map(StageId::index), self.stages.len())?;
        }
        for command in &self.commands {
            within("stage", command.stage.map(StageId::index), self.stages.len())?;
            within("item", command.item.map(ItemId::index), self.items.len())?;
        }
        Ok(())
    }

    fn check_conditions(&self) -> Result<(), Unsound> {
        let (items, probes, stages) = (self.items.len(), self.probes.len(), self.stages.len());
        for condition in &self.conditions {
            within("item", condition.item.map(ItemId::index), items)?;
            within("stage", condition.stage.map(StageId::index), stages)?;
            within("probe", condition.probe.map(ProbeId::index), probes)?;
        }
        for gate in &self.gates {
            within("probe", [gate.probe.index()], probes)?;
            within("item", gate.item.map(ItemId::index), items)?;
            if let Scope::Stages(counting) = &gate.scope {
                within("stage", counting.iter().map(|id| id.index()), stages)?;
            }
        }
        for trigger in &self.triggers {
            within("item", trigger.item.map(ItemId::index), items)?;
            within("probe", trigger.watch.as_ref().map(|watch| watch.probe.index()), probes)?;
        }
        Ok(())
    }

    fn check_measured(&self) -> Result<(), Unsound> {
        let of = |probe: &Probe| probe.source.index();
        within("source", self.probes.iter().map(of), self.sources.len())?;
        for health in &self.health {
            within("item", health.items.iter().map(|id| id.index()), self.items.len())?;
        }
        if let Some(alerts) = &self.alerts {
            within("source", [alerts.source.index()], self.sources.len())?;
            within("item", alerts.items.iter().map(|id| id.index()), self.items.len())?;
        }
        let beside = self.traffic.iter().map(|share| share.probe).chain(self.build.iter().map(|build| build.probe));
        within("probe", beside.map(ProbeId::index), self.probes.len())
    }
}

fn within(what: &str, ids: impl IntoIterator<Item = usize>, count: usize) -> Result<(), Unsound> {
    let stranger = ids.into_iter().find(|id| *id >= count);
    stranger.map_or(Ok(()), |id| Err(Unsound(format!("it names {what} {id} of {count}"))))
}

#[cfg(test)]
mod tests {
    use super::super::{Input, ItemId, ProbeId, SectionId, Text, compile};

    #[test]
    fn what_is_compiled_is_sound_and_what_names_a_stranger_is_not() {
        let list = "# A\n## Ramp\n- [ ] 10% traffic\n  - [ ] Errors < 1%\n## Rollback triggers\n- Errors > 5%\n";
        let bindings = "[source.p]\nkind = \"prometheus\"\nurl = \"http://127.0.0.1:1\"\n\
                        [metric.errors]\nquery = \"errors\"\nunit = \"ratio\"\n";
        let bindings = Some(Text { name: "b.toml", text: bindings });
        let plan = compile(Input { checklist: Text { name: "a.md", text: list }, bindings }).plan;
        assert!(!plan.gates.is_empty() && plan.check_ids().is_ok());
        let mut broken = plan.clone();
        broken.gates[0].probe = ProbeId(9);
        assert_eq!(broken.check_ids().expect_err("no such probe").to_string(), "it names probe 9 of 1");
        let mut broken = plan.clone();
        broken.items[1].parent = Some(ItemId(1));
        assert!(broken.check_ids().is_err(), "an item within itself");
        let mut broken = plan;
        broken.sections[1].parent = Some(SectionId(2));
        assert!(broken.check_ids().is_err());
    }
}
