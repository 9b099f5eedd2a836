//! Metrics: from a phrase and a quantile to the probe that measures them.

mod made;
mod written;

use super::query::{self, Refusal};
use crate::order;
use crate::plan::bindings::{Bindings, MetricBinding};
use crate::plan::checklist::Checklist;
use crate::plan::complaints::Complaints;
use crate::plan::condition::{self, Certainty};
use crate::plan::conditions::{self, Found};
use crate::plan::diagnostic::Severity;
use crate::plan::limit::Limit;
use crate::plan::markdown::Entry;
use crate::plan::words::{self, Key};
use crate::plan::{Condition, Probe, ProbeId, Role, suggest};
use crate::promql::returns;
use crate::text::Unit;
use made::{Made, Origins};
use std::collections::BTreeMap;
use written::{Name, Written, plain};

/// What measures a phrase.
#[derive(Debug, Default)]
pub(super) struct Measure {
    pub probe: Option<ProbeId>,
    pub query: Option<String>,
    /// Why there is none, where that can be said.
    pub help: Option<String>,
}

/// All that can be measured, and the probes made of it so far.
#[derive(Debug)]
pub(super) struct Metrics<'a> {
    bindings: &'a Bindings,
    /// Beside the metrics of the bindings.
    known: Vec<Known>,
    /// PromQL blocks of the checklist.
    written: Vec<Written>,
    /// Which of them measures what.
    blocks: BTreeMap<Name, usize>,
    made: Made,
    used: Vec<bool>,
}

/// What is known of a metric of the bindings before anybody needs it.
#[derive(Debug)]
struct Known {
    /// Its names, with the quantile that a name carries.
    names: Vec<(String, Option<f64>)>,
    /// What its query asks for.
    asks: Asks,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Asks {
    /// One quantile, or none.
    For(Option<f64>),
    /// Whatever quantile is needed.
    Any,
    /// The checklist's own query is used.
    Checklist,
    /// The query is wrong; that has been complained of.
    Nothing,
}

/// Says of a block that is the query of nothing why it could not be one.
fn doubt(block: &Entry, bindings: &Bindings, complaints: &mut Complaints<'_>) {
    // A variable stands for what only its own bindings know.
    let Some(fence) = block.fence().filter(|fence| !fence.body.contains('$')) else { return };
    let Err(refusal) = query::fill(fence.body.trim(), &bindings.vars, None) else { return };
    let Some(at) = refusal.at else { return };
    let help =
        "it is the query of no line: nest it in the item with the limit, or name the metric in its first comment";
    complaints.checklist(Severity::Warning, block, refusal.message, Some(help.to_owned()));
    complaints.point_into(block, fence.body.trim(), at);
}

impl<'a> Metrics<'a> {
    pub(super) fn new(
        list: &Checklist,
        found: &[Found],
        bindings: &'a Bindings,
        complaints: &mut Complaints<'_>,
    ) -> Self {
        let (written, loose) = written::read(list, found);
        for block in &loose {
            doubt(block, bindings, complaints);
        }
        let known = bindings.metrics.iter().map(|metric| know(metric, bindings, &written, complaints)).collect();
        let used = vec![false; bindings.metrics.len()];
        let named = written.iter().enumerate().map(|(at, w)| (written::named(&w.metric, w.quantile), at));
        let blocks = order::map(named);
        Self { bindings, known, written, blocks, made: Made::default(), used }
    }

    /// Finds, and makes if need be, the probe for a phrase and a quantile.
    pub(super) fn measure(&mut self, metric: &str, quantile: Option<f64>, complaints: &mut Complaints<'_>) -> Measure {
        let at = self.binding_for(metric, quantile);
        if let Some(at) = at {
            self.used[at] = true;
        }
        let written = self.blocks.get(&written::named(metric, quantile)).copied();
        let from_checklist = at.is_none_or(|at| self.known[at].asks == Asks::Checklist);
        let origins = Origins { bindings: self.bindings, complaints };
        match (at, written.filter(|_| from_checklist)) {
            (binding, Some(written)) => {
                let binding = binding.map(|at| (at, &self.bindings.metrics[at]));
                let written = &self.written[written];
                let probe = self.made.of_checklist(binding, written, origins);
                Measure { probe, query: Some(written.text.clone()), help: None }
            }
            (Some(at), None) => {
                // A binding whose key carries the quantile is its own name.
                let asked = if self.known[at].asks == Asks::Any { quantile } else { None };
                let probe = self.made.of_binding(at, &self.bindings.metrics[at], asked, origins);
                let query = probe.map(|id| self.made.probes[id.index()].query.text.clone());
                Measure { probe, query, help: None }
            }
            (None, None) => Measure { help: self.help(metric, quantile), ..Measure::default() },
        }
    }

    /// The metric of the bindings that serves a phrase with a quantile: one whose name says the
    /// quantile before one whose query does.
    fn binding_for(&self, metric: &str, quantile: Option<f64>) -> Option<usize> {
        let serves = |known: &Known, exactly: bool| {
            known.names.iter().filter(|(name, _)| same(name, metric)).any(|(_, named)| match (named, known.asks) {
                (Some(named), _) => quantile == Some(*named),
                (None, _) if exactly => false,
                (None, Asks::For(asked)) => quantile.is_none() || quantile == asked,
                (None, Asks::Any) => quantile.is_some(),
                (None, Asks::Checklist | Asks::Nothing) => true,
            })
        };
        let exact = self.known.iter().position(|known| serves(known, true));
        exact.or_else(|| self.known.iter().position(|known| serves(known, false)))
    }

    fn help(&self, metric: &str, quantile: Option<f64>) -> Option<String> {
        let names = || self.known.iter().flat_map(|known| &known.names);
        if names().any(|(name, _)| same(name, metric)) {
            return Some(match quantile {
                Some(_) => {
                    format!("bind [metric.\"{}\"]: what is bound measures something else", shown(metric, quantile))
                }
                None => "what is bound measures one quantile only".to_owned(),
            });
        }
        suggest::closest(metric, names().map(|(name, _)| name.as_str()))
            .map(|near| format!("[metric.\"{near}\"] is bound; add aliases = [\"{metric}\"] if it is the same"))
    }

    /// Conditions whose item says in words what a binding knows the limit of.
    pub(super) fn phrased(&mut self, list: &Checklist, complaints: &mut Complaints<'_>) -> Vec<Found> {
        let mut found = Vec::new();
        for at in 0..self.bindings.metrics.len() {
            let metric = &self.bindings.metrics[at];
            let matching: Vec<usize> = list
                .lines()
                .filter(|(line, entry)| {
                    entry.ticked().is_some() && !list.triggers.holds(*line) && says(entry.key(), metric)
                })
                .filter(|(_, entry)| !conditions::comparisons(entry).iter().any(|c| c.certainty == Certainty::Signed))
                .map(|(line, _)| line)
                .collect();
            if let (Some(first), None) = (metric.phrases.first(), &metric.pass) {
                let help = Some("give the limit: pass = \"< 500ms\"".to_owned());
                complaints.error(first, "phrases carry no figure: a gate without a limit is not started", help);
            }
            let Some(pass) = metric.pass.as_ref().filter(|_| !matching.is_empty()) else { continue };
            let (name, named) = self.known[at].names.first().cloned().unwrap_or_default();
            let quantile = named.or(match self.known[at].asks {
                Asks::For(asked) => asked,
                _ => None,
            });
            let measure = self.measure(&name, quantile, complaints);
            let limit = measure.probe.and_then(|id| pass.value.against(self.get(id).unit)).unwrap_or(pass.value);
            found.extend(matching.into_iter().map(|line| phrase(list, line, &name, quantile, limit, &measure)));
        }
        found
    }

    /// Metrics of the bindings that nothing in the plan asks for.
    pub(super) fn unused(&self, found: &[Found], complaints: &mut Complaints<'_>) {
        for (metric, _) in self.bindings.metrics.iter().zip(&self.used).filter(|(_, used)| !**used) {
            let unbound = found.iter().filter(|found| found.condition.query.is_none());
            let names = unbound.map(|found| found.condition.metric.as_str());
            let (name, _) = condition::name(&metric.name.value);
            let help = suggest::did_you_mean(&name, names)
                .or_else(|| Some("add aliases or phrases that stand in the checklist, or a [[gate]]".to_owned()));
            let message = format!("[metric.\"{}\"] matches nothing in the checklist", metric.name.value);
            complaints.warning(&metric.name, message, help);
        }
    }

    pub(super) fn bindings(&self) -> &'a Bindings {
        self.bindings
    }

    pub(super) fn get(&self, id: ProbeId) -> &Probe {
        &self.made.probes[id.index()]
    }

    /// The metric of the bindings that a probe was made from.
    pub(super) fn binding_of(&self, id: ProbeId) -> Option<&'a MetricBinding> {
        self.made.bindings[id.index()].map(|at| &self.bindings.metrics[at])
    }

    /// The limit that the bindings give a probe's metric.
    pub(super) fn pass_of(&self, probe: Option<ProbeId>) -> Option<Limit> {
        self.binding_of(probe?)?.pass.as_ref().map(|pass| pass.value)
    }

    /// The names a metric can be asked for by.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.bindings.metrics.iter().map(|metric| metric.name.value.as_str())
    }

    pub(super) fn into_probes(self) -> Vec<Probe> {
        self.made.probes
    }
}

fn know(metric: &MetricBinding, bindings: &Bindings, written: &[Written], complaints: &mut Complaints<'_>) -> Known {
    let names: Vec<_> =
        std::iter::once(&metric.name).chain(&metric.aliases).map(|name| condition::name(&name.value)).collect();
    let asks = match &metric.query {
        Some(query) => {
            let probe_quantile = query::takes_quantile(&query.value).then_some(0.5);
            match query::fill_regions(&query.value, &bindings.vars, &bindings.cutover.regions, probe_quantile) {
                Ok(_) if probe_quantile.is_some() => Asks::Any,
                Ok((read, _)) => Asks::For(returns::quantile(&read.text)),
                Err(refusal) => {
                    complain_of(query, refusal, complaints);
                    Asks::Nothing
                }
            }
        }
        None if written.iter().any(|w| names.iter().any(|(name, _)| same(name, &w.metric))) => Asks::Checklist,
        None => {
            complaints.error(&metric.name, format!("[metric.\"{}\"] needs `query`", metric.name.value), None);
            Asks::Nothing
        }
    };
    if let (Some((_, Some(named))), Asks::For(Some(asked))) = (names.first(), asks)
        && named.to_bits() != asked.to_bits()
    {
        let message = format!(
            "bound for {} but its query asks for {}",
            query::quantile_word(*named),
            query::quantile_word(asked)
        );
        complaints.error(&metric.name, message, None);
    }
    if let Some(pass) = &metric.pass
        && let Some(unit) = &metric.unit
        && pass.value.against(unit.value).is_none()
    {
        let message = format!("the limit {} cannot be held against {}", pass.value, unit.value);
        complaints.error(pass, message, None);
    }
    Known { names, asks }
}

/// Points into the query where the query stands in one piece, else at the whole of it.
pub(super) fn complain_of(
    query: &crate::plan::bindings::At<String>,
    refusal: Refusal,
    complaints: &mut Complaints<'_>,
) {
    let quote = query.span.len().saturating_sub(query.value.len()) / 2;
    let is_verbatim = query.span.len() == query.value.len() + 2 * quote && (quote == 1 || quote == 3);
    let span = match refusal.at.filter(|_| is_verbatim) {
        Some(at) => {
            let start = (query.span.start + quote + at).min(query.span.end.saturating_sub(quote));
            start..(start + 1).min(query.span.end)
        }
        None => query.span.clone(),
    };
    complaints.bindings(Severity::Error, &span, refusal.message, refusal.help);
}

fn says(key: &Key, metric: &MetricBinding) -> bool {
    metric
        .phrases
        .iter()
        .any(|phrase| !phrase.value.trim().is_empty() && key.contains(words::key(&phrase.value).as_str()))
}

fn phrase(list: &Checklist, at: usize, name: &str, quantile: Option<f64>, limit: Limit, measure: &Measure) -> Found {
    let entry = &list.entries[at];
    let condition = Condition {
        line: entry.line,
        text: entry.text.clone(),
        item: list.item(at),
        metric: name.to_owned(),
        quantile,
        limit,
        target: None,
        role: Role::Gate,
        stage: list.stages.of(at),
        hold: None,
        relative_to: None,
        probe: measure.probe,
        query: measure.query.clone(),
    };
    Found { entry: at, condition, certainty: Certainty::Signed }
}

/// Names are the same whatever joins their words.
fn same(a: &str, b: &str) -> bool {
    plain(a).eq(plain(b))
}

/// A metric with its quantile, as a binding's key writes it.
pub(super) fn shown(metric: &str, quantile: Option<f64>) -> String {
    quantile.map_or_else(|| metric.to_owned(), |quantile| format!("{metric} {}", query::quantile_word(quantile)))
}

/// A limit for what a query returns. Nothing is zero in every unit; a figure without a unit is
/// replaced by what the bindings say must hold.
pub(super) fn limit_for(limit: Limit, unit: Unit, pass: Option<Limit>) -> Option<Limit> {
    let is_bare = limit.unit == Unit::Count;
    let zero = (is_bare && limit.value == 0.0 && limit.high.is_none()).then(|| Limit::new(limit.op, 0.0, unit));
    limit.against(unit).or(zero).or_else(|| pass.filter(|_| is_bare)?.against(unit))
}

/// What a probe's query returns, for messages.
pub(super) fn returned(probe: &Probe) -> String {
    format!("[{}], whose query returns {}", probe.name, probe.unit)
}
