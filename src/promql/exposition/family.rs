//! What the lines of one family owe each other: metadata once and first, the names and values its
//! type allows, and in OpenMetrics its samples together, group by group, forward in time.

use super::histogram::Buckets;
use super::line::{Kind, Metadata, Says, Written, number};
use super::{Labels, Malformed, Sample};
use std::collections::{BTreeMap, BTreeSet};

/// The families of a body in text 0.0.4. They may be interleaved, and a series needs no metadata.
#[derive(Debug, Default)]
pub(super) struct TextFamilies {
    helped: BTreeSet<String>,
    kinds: BTreeMap<String, Kind>,
    sampled: BTreeSet<String>,
}

impl TextFamilies {
    pub(super) fn metadata(&mut self, line: usize, metadata: &Metadata<'_>) -> Result<(), Malformed> {
        let family = &metadata.family;
        let problem = match metadata.says {
            Says::Help if !self.helped.insert(family.clone()) => format!("expected one HELP for {family}"),
            Says::Type(_) if self.sampled.contains(family) => {
                format!("expected the TYPE of {family} before its samples")
            }
            Says::Type(kind) if self.kinds.insert(family.clone(), kind).is_some() => {
                format!("expected one TYPE for {family}")
            }
            _ => return Ok(()),
        };
        Err(Malformed::at(line, problem))
    }

    pub(super) fn sample(&mut self, written: &Written<'_>) -> Result<(), Malformed> {
        let Sample { name, labels, .. } = &written.sample;
        if !self.sampled.contains(name) {
            self.sampled.insert(name.clone());
        }
        let bound = match (self.kinds.get(name), name.strip_suffix("_bucket").and_then(|base| self.kinds.get(base))) {
            (Some(Kind::Summary), _) => "quantile",
            (_, Some(Kind::Histogram)) => "le",
            _ => return Ok(()),
        };
        match label(labels, bound) {
            Some(value) => number(value, &format!("a number as the label {bound}")).map(drop),
            None => Ok(()),
        }
        .map_err(|problem| Malformed::at(written.line, problem))
    }
}

/// The families of an OpenMetrics body, one after the other.
#[derive(Debug, Default)]
pub(super) struct OpenFamilies {
    /// Every name that a finished family uses or keeps for itself.
    taken: BTreeSet<String>,
    current: Option<Family>,
}

impl OpenFamilies {
    pub(super) fn metadata(&mut self, line: usize, metadata: &Metadata<'_>) -> Result<(), Malformed> {
        let family = match &mut self.current {
            Some(family) if family.name == metadata.family => family,
            _ => self.begin(line, &metadata.family)?,
        };
        family.metadata(metadata).map_err(|problem| Malformed::at(line, problem))
    }

    pub(super) fn sample(&mut self, written: &Written<'_>) -> Result<(), Malformed> {
        let name = &written.sample.name;
        let family = match &mut self.current {
            Some(family) if family.suffix(name).is_some() => family,
            _ => self.begin(written.line, name)?,
        };
        family.sample(written).map_err(|problem| Malformed::at(written.line, problem))
    }

    pub(super) fn finish(mut self) -> Result<(), Malformed> {
        self.end()
    }

    fn begin(&mut self, line: usize, name: &str) -> Result<&mut Family, Malformed> {
        self.end()?;
        Ok(self.current.insert(Family::new(line, name)))
    }

    fn end(&mut self) -> Result<(), Malformed> {
        let Some(family) = self.current.take() else { return Ok(()) };
        family.end().map_err(|problem| Malformed::at(family.line, problem))?;
        let suffixes = family.kind.suffixes().iter().filter(|suffix| !suffix.is_empty());
        for suffix in suffixes.chain(&[""]) {
            let name = format!("{}{suffix}", family.name);
            if self.taken.contains(&name) {
                let problem = format!("expected the lines of {name} together, and no other family of that name");
                return Err(Malformed::at(family.line, problem));
            }
            self.taken.insert(name);
        }
        Ok(())
    }
}

/// The labels that tell one metric of a family from another.
type Group = Labels;

#[derive(Debug)]
struct Family {
    name: String,
    /// Where it began.
    line: usize,
    kind: Kind,
    unit: Option<String>,
    said: Vec<&'static str>,
    sampled: bool,
    groups: BTreeSet<Group>,
    group: Option<(Group, Option<i64>)>,
    buckets: Buckets,
}

impl Family {
    fn new(line: usize, name: &str) -> Self {
        Self {
            name: name.to_owned(),
            line,
            kind: Kind::Unknown,
            unit: None,
            said: Vec::new(),
            sampled: false,
            groups: BTreeSet::new(),
            group: None,
            buckets: Buckets::default(),
        }
    }

    /// What a name has beyond the family's, if it is the name of one of its samples.
    fn suffix(&self, name: &str) -> Option<&'static str> {
        let rest = name.strip_prefix(self.name.as_str())?;
        self.kind.suffixes().iter().copied().find(|suffix| *suffix == rest)
    }

    fn metadata(&mut self, metadata: &Metadata<'_>) -> Result<(), String> {
        let name = &self.name;
        if self.sampled {
            return Err(format!("expected what is said about {name} before its samples"));
        }
        let keyword = match metadata.says {
            Says::Help => "HELP",
            Says::Type(kind) => {
                self.kind = kind;
                "TYPE"
            }
            Says::Unit(unit) => {
                self.unit = Some(unit.to_owned()).filter(|unit| !unit.is_empty());
                "UNIT"
            }
        };
        if self.said.contains(&keyword) {
            return Err(format!("expected one {keyword} for {name}"));
        }
        self.said.push(keyword);
        Ok(())
    }

    fn sample(&mut self, written: &Written<'_>) -> Result<(), String> {
        let sample = &written.sample;
        let suffix = self.suffix(&sample.name).unwrap_or_default();
        self.sampled = true;
        if written.exemplar && !self.kind.takes_exemplar(suffix) {
            return Err(format!("expected no exemplar on {}", sample.name));
        }
        self.kind.check_own_label(&self.name, suffix, &sample.labels)?;
        self.kind.check_value(suffix, sample)?;
        self.enter_group(sample)?;
        if matches!(self.kind, Kind::Histogram | Kind::GaugeHistogram) {
            self.buckets.add(suffix, label(&sample.labels, "le"), sample.value)?;
        }
        Ok(())
    }

    /// Checks that the samples of a group stand together, and go forward in time or have none.
    fn enter_group(&mut self, sample: &Sample) -> Result<(), String> {
        let group = self.group_of(sample);
        let time = sample.timestamp_ms;
        let (same, before) = match &self.group {
            Some((current, before)) if *current == group => (true, *before),
            _ => (false, time),
        };
        if !same && !self.groups.insert(group.clone()) {
            return Err(format!("expected the samples of each metric of {} together", self.name));
        }
        if before.is_some() != time.is_some() {
            return Err("expected a timestamp on all samples of a metric, or on none".to_owned());
        }
        if before > time && self.kind != Kind::Info {
            return Err("expected timestamps that do not go back".to_owned());
        }
        if !same || before != time {
            std::mem::take(&mut self.buckets).end()?;
        }
        self.group = Some((group, time));
        Ok(())
    }

    fn group_of(&self, sample: &Sample) -> Group {
        let own = match self.kind {
            // All of an info belongs together: its labels are its value.
            Kind::Info => return Group::new(),
            Kind::Histogram | Kind::GaugeHistogram => "le",
            Kind::Summary => "quantile",
            Kind::StateSet => self.name.as_str(),
            Kind::Counter | Kind::Gauge | Kind::Unknown => "",
        };
        sample.labels.iter().filter(|(name, _)| name != own).cloned().collect()
    }

    fn end(&self) -> Result<(), String> {
        self.buckets.clone().end()?;
        let (name, Some(unit)) = (&self.name, &self.unit) else { return Ok(()) };
        if matches!(self.kind, Kind::Info | Kind::StateSet) {
            return Err(format!("expected no UNIT for {name}, it has no figures"));
        }
        let fits = name.strip_suffix(unit.as_str()).is_some_and(|stem| stem.ends_with('_'));
        if fits { Ok(()) } else { Err(format!("expected the name {name} to end in its UNIT, _{unit}")) }
    }
}

impl Kind {
    /// What the names of a family's samples have behind the family's name.
    const fn suffixes(self) -> &'static [&'static str] {
        match self {
            Self::Counter => &["_total", "_created"],
            Self::Histogram => &["_bucket", "_count", "_sum", "_created"],
            Self::GaugeHistogram => &["_bucket", "_gcount", "_gsum"],
            Self::Summary => &["", "_count", "_sum", "_created"],
            Self::Info => &["_info"],
            Self::Gauge | Self::StateSet | Self::Unknown => &[""],
        }
    }

    fn takes_exemplar(self, suffix: &str) -> bool {
        matches!((self, suffix), (Self::Counter, "_total") | (Self::Histogram | Self::GaugeHistogram, "_bucket"))
    }

    /// Checks the label that a sample of this type must have.
    fn check_own_label(self, family: &str, suffix: &str, labels: &[(String, String)]) -> Result<(), String> {
        match (self, suffix) {
            (Self::Histogram | Self::GaugeHistogram, "_bucket") => {
                let bound = label(labels, "le").ok_or("expected a label le on a bucket")?;
                let value = number(bound, "a number as the label le")?;
                if value.is_nan() || value.is_infinite() && bound != "+Inf" {
                    return Err(format!("expected a bound or \"+Inf\" as the label le, got {bound:?}"));
                }
            }
            (Self::Summary, "") => {
                let quantile = label(labels, "quantile").ok_or("expected a label quantile on a summary")?;
                if !(0.0..=1.0).contains(&number(quantile, "a number as the label quantile")?) {
                    return Err(format!("expected a quantile between 0 and 1, got {quantile:?}"));
                }
            }
            (Self::StateSet, _) if label(labels, family).is_none() => {
                return Err(format!("expected a label {family} on a state of {family}"));
            }
            _ => {}
        }
        Ok(())
    }

    fn check_value(self, suffix: &str, sample: &Sample) -> Result<(), String> {
        let value = sample.value;
        let one = value.to_bits() == 1.0_f64.to_bits();
        let (fits, what) = match (self, suffix) {
            (Self::Info, _) => (one, "1"),
            (Self::StateSet, _) => (one || value == 0.0, "0 or 1"),
            (Self::Summary, "") => (value.is_nan() || value >= 0.0, "a quantile that is not negative"),
            (_, "_total" | "_count" | "_sum" | "_bucket" | "_gcount") => (value >= 0.0, "a count from 0 up"),
            (_, "_gsum") => (!value.is_nan(), "a number"),
            _ => (true, ""),
        };
        if fits { Ok(()) } else { Err(format!("expected {what} as the value of {}, got {value}", sample.name)) }
    }
}

fn label<'a>(labels: &'a [(String, String)], name: &str) -> Option<&'a str> {
    labels.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}
