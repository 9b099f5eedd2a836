//! What one target has shown: which series there are, and their samples.
//!
//! A target shows the same series in the same order scrape after scrape. So a line is looked for where
//! it stood the last time, behind the line before it; nearly all are found there by comparing texts.

use super::Target;
use super::columns::{Columns, Span};
use super::labels::NAME;
use super::series::Series;
use super::symbols::{Symbol, Symbols};
use super::table::Table;
use crate::promql::exposition::Sample;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Clone, Debug)]
pub(in crate::promql) struct Sheet {
    target: Target,
    symbols: Symbols,
    tables: Vec<Table>,
    /// The table of a metric name and its label names.
    kinds: BTreeMap<Box<[Symbol]>, u32>,
    /// The tables of a metric name.
    metrics: BTreeMap<Arc<str>, Vec<u32>>,
    columns: Columns,
    /// The samples of rows that have times of their own.
    own: BTreeMap<usize, Own>,
    /// The series as they were shown last, one behind the other, and where each row stood there.
    order: Vec<Place>,
    stood: Vec<usize>,
    /// How many rows have no samples any more.
    dead: usize,
}

/// A series of a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::promql) struct Place {
    pub(in crate::promql) table: u32,
    pub(in crate::promql) line: u32,
}

#[derive(Clone, Debug)]
struct Own {
    series: Series,
    /// Whether it was shown without a time last: then its absence is its end.
    ends: bool,
}

/// A span of time on a sheet.
#[derive(Clone, Debug)]
pub(in crate::promql) struct Reach {
    from: i64,
    to: i64,
    span: Span,
}

impl Sheet {
    pub(super) fn new(target: Target) -> Self {
        Self {
            target,
            symbols: Symbols::default(),
            tables: Vec::new(),
            kinds: BTreeMap::new(),
            metrics: BTreeMap::new(),
            columns: Columns::default(),
            own: BTreeMap::new(),
            order: Vec::new(),
            stood: Vec::new(),
            dead: 0,
        }
    }

    /// How many series have samples, or an end that can be seen.
    pub(super) fn len(&self) -> usize {
        self.columns.rows() - self.dead
    }

    /// The tables of a metric, or all, with their numbers.
    pub(in crate::promql) fn tables(&self, metric: Option<&str>) -> impl Iterator<Item = (u32, &Table)> {
        let one = metric.and_then(|metric| self.metrics.get(metric));
        let all = metric.is_none().then(|| self.metrics.values().flatten());
        let numbers = one.into_iter().flatten().chain(all.into_iter().flatten());
        numbers.map(|number| (*number, &self.tables[*number as usize]))
    }

    pub(in crate::promql) fn table(&self, number: u32) -> &Table {
        &self.tables[number as usize]
    }

    pub(in crate::promql) fn position(&self, table: &Table, label: &str) -> Option<usize> {
        table.position(&self.symbols, label)
    }

    pub(in crate::promql) fn text(&self, symbol: Symbol) -> &Arc<str> {
        self.symbols.text(symbol)
    }

    pub(super) fn hash_of(&self, symbol: Symbol) -> u64 {
        self.symbols.hash(symbol)
    }

    /// More than the place of any symbol.
    pub(in crate::promql) fn symbols(&self) -> usize {
        self.symbols.bound()
    }

    pub(in crate::promql) fn reach(&self, from: i64, to: i64) -> Reach {
        Reach { from, to, span: self.columns.span(from, to) }
    }

    /// Visits the samples of a series.
    pub(in crate::promql) fn each(&self, place: Place, reach: &Reach, mut visit: impl FnMut(i64, f64)) {
        let row = self.row(place);
        match self.own(row) {
            Some(own) => own.series.within(reach.from, reach.to).for_each(|(at, value)| visit(at, value)),
            None => self.columns.each(row, &reach.span, visit),
        }
    }

    /// The newest sample of a series with its time; none if it has ended.
    pub(in crate::promql) fn newest(&self, place: Place, reach: &Reach) -> Option<(i64, f64)> {
        let row = self.row(place);
        match self.own(row) {
            Some(own) => own.series.newest(reach.from, reach.to),
            None => self.columns.newest(row, &reach.span),
        }
    }

    fn row(&self, place: Place) -> usize {
        self.table(place.table).row(place.line as usize)
    }

    fn own(&self, row: usize) -> Option<&Own> {
        // Nearly no sheet has any, and this is asked of every series.
        if self.own.is_empty() { None } else { self.own.get(&row) }
    }

    /// Takes in what the target showed.
    ///
    /// # Errors
    /// How many new series it brought, where that is more than there is room for.
    pub(super) fn scraped(&mut self, at: i64, samples: &[Sample], room: usize) -> Result<(), usize> {
        let places = self.places(samples);
        let up = self.up();
        let rows: Vec<usize> = places.iter().map(|place| self.row(*place)).collect();
        let fresh = self.fresh(rows.iter().copied().chain([up]));
        if fresh > room {
            return Err(fresh);
        }
        self.remember(places, &rows);
        let timed = rows.iter().zip(samples).filter(|(_, sample)| sample.timestamp_ms.is_some());
        timed.for_each(|(row, _)| self.set_apart(*row));
        let own = &self.own;
        let together = rows.iter().zip(samples).filter(|(row, _)| own.is_empty() || !own.contains_key(*row));
        self.columns.push(at, together.map(|(row, sample)| (*row, sample.value)).chain([(up, 1.0)]));
        self.push_own(at, rows.iter().copied().zip(samples));
        Ok(())
    }

    /// Takes in that the target did not answer, or not with samples.
    pub(super) fn failed(&mut self, at: i64) {
        let up = self.up();
        self.columns.push(at, std::iter::once((up, 0.0)));
        self.push_own(at, std::iter::empty());
    }

    /// Drops samples that are older, and all but so many of a series.
    pub(super) fn drop_before(&mut self, oldest: i64, most: usize) {
        self.columns.drop_before(oldest, most);
        self.own.retain(|_, own| own.series.drop_before(oldest, most));
        let rows = self.columns.rows();
        self.dead = (0..rows).filter(|row| !self.is_live(*row)).count();
        // Whatever is done for every series is done seldom.
        if self.dead * 4 > rows {
            self.bury();
        }
    }

    fn is_live(&self, row: usize) -> bool {
        self.columns.is_live(row) || self.own(row).is_some()
    }

    /// The series that says whether the target answered.
    fn up(&mut self) -> usize {
        let up = Sample { name: "up".to_owned(), labels: Vec::new(), value: 0.0, timestamp_ms: None };
        let place = self.place(&up);
        self.row(place)
    }

    /// How many of these rows have no samples yet.
    fn fresh(&self, rows: impl Iterator<Item = usize>) -> usize {
        let mut fresh: Vec<usize> = rows.filter(|row| !self.is_live(*row)).collect();
        fresh.sort_unstable();
        fresh.dedup();
        fresh.len()
    }

    /// The series of each sample, in their order.
    fn places(&mut self, samples: &[Sample]) -> Vec<Place> {
        let mut next = 0;
        let place = |sample| {
            if let Some(place) = self.order.get(next).filter(|place| self.shows(**place, sample)) {
                next += 1;
                return *place;
            }
            let place = self.place(sample);
            if let Some(stood) = self.stood.get(self.row(place)).filter(|stood| self.order.get(**stood) == Some(&place))
            {
                next = stood + 1;
            }
            place
        };
        samples.iter().map(place).collect()
    }

    fn remember(&mut self, order: Vec<Place>, rows: &[usize]) {
        self.order = order;
        self.stood.resize(self.columns.rows(), usize::MAX);
        rows.iter().enumerate().for_each(|(at, row)| self.stood[*row] = at);
    }

    /// Says whether a sample is of this series, as far as that can be told by comparing texts.
    fn shows(&self, place: Place, sample: &Sample) -> bool {
        let table = self.table(place.table);
        let (Some(shown), cells) = (table.shown(), table.cells(place.line as usize)) else { return false };
        shown.len() == sample.labels.len()
            && **self.text(table.metric()) == *sample.name
            && shown.iter().zip(&sample.labels).all(|(at, (name, value))| {
                **self.text(table.names()[*at]) == **name && **self.text(cells[*at]) == **value
            })
    }

    /// The series of a sample, found by its labels or new.
    fn place(&mut self, sample: &Sample) -> Place {
        let labels = labels(&self.target, sample);
        let mut intern = |text: &str| self.symbols.intern(text);
        let (names, cells): (Vec<Symbol>, Vec<Symbol>) =
            labels.iter().map(|(name, value)| (intern(name), intern(value))).unzip();
        let metric = labels.iter().position(|(name, _)| name == NAME).unwrap_or_default();
        let kind: Box<[Symbol]> = names.iter().chain([&cells[metric]]).copied().collect();
        let number = match self.kinds.get(&kind) {
            Some(known) => *known,
            None => self.adopt(Table::new(&names, metric, shown(&labels, sample)), kind, &sample.name),
        };
        let pairs = names.iter().zip(&cells).enumerate().filter(|(at, _)| *at != metric);
        let hash = super::labels::hash(pairs.map(|(_, (name, value))| (self.hash_of(*name), self.hash_of(*value))));
        let table = &mut self.tables[number as usize];
        let line = table.find(hash, &cells).unwrap_or_else(|| table.add(hash, &cells, number_of(self.columns.add())));
        Place { table: number, line: number_of(line) }
    }

    fn adopt(&mut self, table: Table, kind: Box<[Symbol]>, metric: &str) -> u32 {
        let number = number_of(self.tables.len());
        self.tables.push(table);
        self.kinds.insert(kind, number);
        self.metrics.entry(metric.into()).or_default().push(number);
        number
    }

    /// Gives a row times of its own, from now on and for ever.
    fn set_apart(&mut self, row: usize) {
        if !self.own.contains_key(&row) {
            let ends = self.columns.is_shown(row);
            self.own.insert(row, Own { series: Series::of(self.columns.take(row)), ends });
        }
    }

    fn push_own<'s>(&mut self, at: i64, shown: impl Iterator<Item = (usize, &'s Sample)>) {
        if self.own.is_empty() {
            return;
        }
        let mut ended: Vec<usize> = self.own.iter().filter(|(_, own)| own.ends).map(|(row, _)| *row).collect();
        self.own.values_mut().for_each(|own| own.ends = false);
        for (row, sample) in shown {
            if let Some(own) = self.own.get_mut(&row) {
                own.series.push(sample.timestamp_ms.unwrap_or(at), sample.value);
                own.ends |= sample.timestamp_ms.is_none();
            }
        }
        ended.retain(|row| self.own.get(row).is_some_and(|own| !own.ends));
        for row in ended {
            if let Some(own) = self.own.get_mut(&row) {
                own.series.end(at);
            }
        }
    }

    /// Forgets the rows without samples, and all that belongs to them.
    fn bury(&mut self) {
        let live: Vec<usize> = (0..self.columns.rows()).filter(|row| self.is_live(*row)).collect();
        let mut new = vec![None; self.columns.rows()];
        live.iter().enumerate().for_each(|(to, from)| new[*from] = Some(to));
        self.columns.keep(&live);
        self.own =
            std::mem::take(&mut self.own).into_iter().filter_map(|(row, own)| new[row].map(|row| (row, own))).collect();
        self.kinds.clear();
        self.metrics.clear();
        for mut table in std::mem::take(&mut self.tables) {
            table.keep(|row| new[row as usize].map(number_of));
            if table.len() > 0 {
                let kind = table.names().iter().copied().chain([table.metric()]).collect();
                let metric = Arc::clone(self.text(table.metric()));
                self.adopt(table, kind, &metric);
            }
        }
        self.symbols.keep(self.tables.iter().flat_map(Table::symbols));
        (self.order, self.stood, self.dead) = (Vec::new(), Vec::new(), 0);
    }
}

fn number_of(place: usize) -> u32 {
    u32::try_from(place).expect("fewer series than fit into memory")
}

/// The labels of a series that a target showed, sorted. Where it has a `job` or `instance` of its own,
/// that one is called `exported_job`, as Prometheus does.
fn labels<'s>(target: &'s Target, sample: &'s Sample) -> Vec<(Cow<'s, str>, &'s str)> {
    let shown = sample.labels.iter().filter(|(_, value)| !value.is_empty());
    let mut labels: Vec<(Cow<'s, str>, &'s str)> =
        shown.map(|(name, value)| (Cow::Borrowed(name.as_str()), value.as_str())).collect();
    for (label, value) in [("job", &target.job), ("instance", &target.instance)] {
        if let Some(own) = labels.iter().position(|(name, _)| name == label) {
            let mut renamed = format!("exported_{label}");
            while labels.iter().any(|(name, _)| *name == renamed) {
                renamed = format!("exported_{renamed}");
            }
            labels[own].0 = Cow::Owned(renamed);
        }
        labels.push((Cow::Borrowed(label), value));
    }
    labels.push((Cow::Borrowed(NAME), &sample.name));
    labels.retain(|(_, value)| !value.is_empty());
    labels.sort_unstable();
    labels
}

/// Where the labels of a sample stand among the sorted ones; none where one has another name there.
fn shown(labels: &[(Cow<'_, str>, &str)], sample: &Sample) -> Option<Box<[usize]>> {
    let is_ours = |name: &str| matches!(name, NAME | "job" | "instance");
    let places = (0..labels.len()).filter(|at| !is_ours(&labels[*at].0));
    let is_as_shown = |at: usize| sample.labels.iter().any(|(name, _)| *name == labels[at].0);
    places.map(|at| is_as_shown(at).then_some(at)).collect()
}
