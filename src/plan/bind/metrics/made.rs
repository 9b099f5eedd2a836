//! Making probes: each query with its source and its unit, once.

use super::written::Written;
use super::{complain_of, shown};
use crate::plan::bind::query;
use crate::plan::bind::sources::{self, Asked};
use crate::plan::bindings::{At, Bindings, MetricBinding};
use crate::plan::complaints::Complaints;
use crate::plan::diagnostic::Severity;
use crate::plan::{Empty, MissingSeries, Origin, Probe, ProbeId, Region, SourceId};
use crate::promql::{Query, returns};
use crate::text::Unit;
use std::collections::BTreeMap;

/// The probes so far. What could not be made is remembered too, so that it is complained of once.
#[derive(Debug, Default)]
pub(super) struct Made {
    pub probes: Vec<Probe>,
    /// Beside the probes: the metric of the bindings each was made from.
    pub bindings: Vec<Option<usize>>,
    tried: BTreeMap<Key, Option<ProbeId>>,
    source_missing: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    /// A metric of the bindings, for one quantile, as its bits, if it serves all.
    Binding(usize, Option<u64>),
    /// A block of the checklist, by its line.
    Checklist(u32),
}

/// Something is wrong, and that has been said.
struct Complained;

/// What a probe is made from.
pub(super) struct Origins<'a, 'c, 'l> {
    pub bindings: &'a Bindings,
    pub complaints: &'c mut Complaints<'l>,
}

impl Made {
    pub(super) fn of_binding(
        &mut self,
        at: usize,
        metric: &MetricBinding,
        quantile: Option<f64>,
        mut origins: Origins<'_, '_, '_>,
    ) -> Option<ProbeId> {
        self.once(Key::Binding(at, quantile.map(f64::to_bits)), Some(at), |_| {
            let text = metric.query.as_ref()?;
            // A query that is wrong has been complained of when the bindings were read.
            let (query, regions) =
                query::fill_regions(&text.value, &origins.bindings.vars, &origins.bindings.cutover.regions, quantile)
                    .ok()?;
            let unit = origins.unit(&query, metric);
            let source = origins.source(metric);
            let mut regions = origins.regions(regions, metric);
            let traffic = origins.traffic(metric, quantile).map(|asked| {
                asked.map(|asked| asked.share_out(&mut regions, |region, query| region.traffic = Some(query)))
            });
            let baseline = origins.beside(metric.baseline.as_ref(), quantile, !regions.is_empty()).map(|asked| {
                asked.map(|asked| asked.share_out(&mut regions, |region, query| region.baseline = Some(query)))
            });
            let line = origins.line_of(&metric.name);
            Some(Probe {
                name: shown(&metric.name.value, quantile),
                source: source?,
                query,
                unit: unit?,
                origin: Origin::Bindings { line },
                label: None,
                traffic: traffic.ok()?,
                min_traffic: metric.min_traffic,
                baseline: baseline.ok()?,
                empty: metric.empty,
                max_age: metric.max_age,
                // Of a region nothing is known when it says nothing.
                missing_series: if regions.is_empty() { metric.missing_series } else { MissingSeries::Hold },
                regions,
            })
        })
    }

    pub(super) fn of_checklist(
        &mut self,
        binding: Option<(usize, &MetricBinding)>,
        written: &Written,
        mut origins: Origins<'_, '_, '_>,
    ) -> Option<ProbeId> {
        let metric = binding.map(|(_, metric)| metric);
        self.once(Key::Checklist(written.entry.line), binding.map(|(at, _)| at), |missing| {
            let source = origins.only_source(metric, written, missing);
            // Without a source nothing is asked, and what is wrong with a query is a doubt only.
            let severity = if source.is_some() { Severity::Error } else { Severity::Warning };
            let query = match query::fill(&written.text, &origins.bindings.vars, None) {
                Ok(query) => query,
                Err(refusal) => {
                    origins.complaints.checklist(severity, &written.entry, refusal.message, refusal.help);
                    return None;
                }
            };
            let declared = metric.and_then(|metric| metric.unit.as_ref()).map(|unit| unit.value);
            let Some(unit) = declared.or_else(|| returns::unit(&query.text)) else {
                let name = shown(&written.metric, written.quantile);
                let help = format!("say it in the bindings: [metric.\"{name}\"] unit = \"…\"");
                origins.complaints.checklist(
                    severity,
                    &written.entry,
                    "the unit of this query is not certain",
                    Some(help),
                );
                return None;
            };
            Some(Probe {
                name: metric
                    .map_or_else(|| shown(&written.metric, written.quantile), |metric| metric.name.value.clone()),
                source: source?,
                query,
                unit,
                origin: Origin::Checklist { line: written.entry.line },
                regions: Vec::new(),
                label: None,
                traffic: metric.map_or(Ok(None), |metric| origins.traffic(metric, None)).ok()?.map(|asked| asked.query),
                min_traffic: metric.and_then(|metric| metric.min_traffic),
                baseline: metric
                    .map_or(Ok(None), |metric| origins.beside(metric.baseline.as_ref(), None, false))
                    .ok()?
                    .map(|asked| asked.query),
                empty: metric.map_or(Empty::NoData, |metric| metric.empty),
                max_age: metric.and_then(|metric| metric.max_age),
                missing_series: metric.map_or(MissingSeries::Name, |metric| metric.missing_series),
            })
        })
    }

    fn once(
        &mut self,
        key: Key,
        binding: Option<usize>,
        make: impl FnOnce(&mut bool) -> Option<Probe>,
    ) -> Option<ProbeId> {
        if let Some(made) = self.tried.get(&key) {
            return *made;
        }
        let id = make(&mut self.source_missing).map(|probe| {
            self.probes.push(probe);
            self.bindings.push(binding);
            ProbeId::at(self.probes.len() - 1)
        });
        self.tried.insert(key, id);
        id
    }
}

/// A query that is asked beside a metric's own, for all regions together or for each.
struct AskedBeside {
    query: Query,
    regions: Vec<Region>,
}

impl AskedBeside {
    /// Gives each region its own query; what is left shows what is asked of all of them.
    fn share_out(self, regions: &mut [Region], put: impl Fn(&mut Region, Query)) -> Query {
        for (region, own) in regions.iter_mut().zip(self.regions) {
            put(region, own.query);
        }
        self.query
    }
}

impl Origins<'_, '_, '_> {
    /// What a query returns: as declared, or as its names prove.
    fn unit(&mut self, query: &Query, metric: &MetricBinding) -> Option<Unit> {
        let proven = returns::unit(&query.text);
        match (&metric.unit, proven) {
            (Some(declared), Some(proven)) if declared.value != proven => {
                let message = format!("declared as {}, but the query's names say {proven}", declared.value);
                self.complaints.warning(
                    declared,
                    message,
                    Some("seconds judged as milliseconds would be a false GO".to_owned()),
                );
            }
            (None, None) => {
                let at = metric.query.as_ref().unwrap_or(&metric.name);
                let help = format!("say what it returns: unit = \"…\" ({})", Unit::WORDS);
                let message = format!("[metric.\"{}\"] needs `unit`: its query does not prove one", metric.name.value);
                self.complaints.error(at, message, Some(help));
            }
            _ => {}
        }
        metric.unit.as_ref().map(|declared| declared.value).or(proven)
    }

    /// The source a metric names, or the only one.
    fn source(&mut self, metric: &MetricBinding) -> Option<SourceId> {
        let what = At { value: format!("[metric.\"{}\"]", metric.name.value), span: metric.name.span.clone() };
        sources::pick(self.bindings, metric.source.as_ref(), &what, Asked::Queries, self.complaints)
    }

    /// The source that a block of the checklist is asked of.
    fn only_source(
        &mut self,
        metric: Option<&MetricBinding>,
        written: &Written,
        missing: &mut bool,
    ) -> Option<SourceId> {
        if let Some(metric) = metric {
            return self.source(metric);
        }
        match sources::able(self.bindings, Asked::Queries).as_slice() {
            [only] => Some(*only),
            [] => {
                if !std::mem::replace(missing, true) {
                    let message = "no source is known that could answer the queries of the checklist";
                    let help = "add [source.NAME] to the bindings to have them judged".to_owned();
                    self.complaints.checklist(Severity::Warning, &written.entry, message, Some(help));
                }
                None
            }
            _ => {
                let name = shown(&written.metric, written.quantile);
                let help = format!("say which in the bindings: [metric.\"{name}\"] source = \"…\"");
                self.complaints.checklist(
                    Severity::Error,
                    &written.entry,
                    "this query could be asked of several sources",
                    Some(help),
                );
                None
            }
        }
    }

    /// The regions of a metric; that one which never counted is zero cannot be proven for each.
    fn regions(&mut self, regions: Vec<Region>, metric: &MetricBinding) -> Vec<Region> {
        if !regions.is_empty() && metric.empty == Empty::Zero {
            let help = Some(
                "say it in the query: `… or 0 * sum(rate(all_requests_total{region=\"$region\"}[1m]))`".to_owned(),
            );
            self.complaints.error(&metric.name, "`empty = \"zero\"` is not proven region by region", help);
        }
        regions
    }

    /// The traffic query, if there is one.
    fn traffic(&mut self, metric: &MetricBinding, quantile: Option<f64>) -> Result<Option<AskedBeside>, Complained> {
        let Some(text) = &metric.traffic else {
            if metric.min_traffic.is_some() {
                let help = Some("give it: traffic = '…', a rate of what the value is computed from".to_owned());
                self.complaints.error(&metric.name, "`min_traffic` needs `traffic`", help);
            }
            return Ok(None);
        };
        let is_shared_out = metric.query.as_ref().is_some_and(|query| query::takes_region(&query.value));
        self.beside(Some(text), quantile, is_shared_out)
    }

    /// A query that is asked beside the metric's own, if there is one.
    /// It is asked for region by region where it names one, and the metric's own query does too.
    fn beside(
        &mut self,
        text: Option<&At<String>>,
        quantile: Option<f64>,
        is_shared_out: bool,
    ) -> Result<Option<AskedBeside>, Complained> {
        let Some(text) = text else { return Ok(None) };
        let regions = if is_shared_out { self.bindings.cutover.regions.as_slice() } else { &[] };
        match query::fill_regions(&text.value, &self.bindings.vars, regions, quantile) {
            Ok((query, regions)) => Ok(Some(AskedBeside { query, regions })),
            Err(refusal) => {
                complain_of(text, refusal, self.complaints);
                Err(Complained)
            }
        }
    }

    fn line_of(&self, at: &At<String>) -> u32 {
        self.complaints.line(at.span.start)
    }
}
