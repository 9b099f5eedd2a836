//! The series of one target that have the same metric name and the same label names: a line each.

use super::symbols::{Symbol, Symbols};
use hashbrown::HashTable;

#[derive(Clone, Debug)]
pub(in crate::promql) struct Table {
    /// The names of the labels, sorted by their texts; the metric's name is one of them.
    names: Box<[Symbol]>,
    /// Where among them the metric's name stands.
    metric: usize,
    /// The places of those labels that the target shows itself, where it shows them by these names.
    shown: Option<Box<[usize]>>,
    /// Line by line, the value of each label.
    cells: Vec<Symbol>,
    lines: Vec<Line>,
    found: HashTable<u32>,
}

#[derive(Clone, Copy, Debug)]
struct Line {
    /// Where its samples are.
    row: u32,
    hash: u64,
}

impl Table {
    pub(super) fn new(names: &[Symbol], metric: usize, shown: Option<Box<[usize]>>) -> Self {
        Self { names: names.into(), metric, shown, cells: Vec::new(), lines: Vec::new(), found: HashTable::new() }
    }

    /// How many lines there are.
    pub(in crate::promql) fn len(&self) -> usize {
        self.lines.len()
    }

    pub(in crate::promql) fn names(&self) -> &[Symbol] {
        &self.names
    }

    pub(super) fn shown(&self) -> Option<&[usize]> {
        self.shown.as_deref()
    }

    /// The metric's name; there is a line.
    pub(super) fn metric(&self) -> Symbol {
        self.cells[self.metric]
    }

    /// The values of a line, beside the names.
    pub(in crate::promql) fn cells(&self, line: usize) -> &[Symbol] {
        &self.cells[line * self.names.len()..][..self.names.len()]
    }

    pub(super) fn row(&self, line: usize) -> usize {
        self.lines[line].row as usize
    }

    /// The hash of its labels without the metric's name.
    pub(super) fn hash(&self, line: usize) -> u64 {
        self.lines[line].hash
    }

    /// The line with these values.
    pub(super) fn find(&self, hash: u64, cells: &[Symbol]) -> Option<usize> {
        self.found.find(hash, |line| self.cells(*line as usize) == cells).map(|line| *line as usize)
    }

    pub(super) fn add(&mut self, hash: u64, cells: &[Symbol], row: u32) -> usize {
        let line = self.lines.len();
        self.cells.extend_from_slice(cells);
        self.lines.push(Line { row, hash });
        self.note(line);
        line
    }

    fn note(&mut self, line: usize) {
        let lines = &self.lines;
        let number = u32::try_from(line).expect("as few lines as rows");
        self.found.insert_unique(lines[line].hash, number, |line| lines[*line as usize].hash);
    }

    /// Keeps the lines whose rows are kept, each at its new place.
    pub(super) fn keep(&mut self, new: impl Fn(u32) -> Option<u32>) {
        let old = Self::new(&self.names, self.metric, self.shown.clone());
        let Self { cells, lines, .. } = std::mem::replace(self, old);
        for (line, cells) in lines.into_iter().zip(cells.chunks(self.names.len())) {
            if let Some(row) = new(line.row) {
                self.add(line.hash, cells, row);
            }
        }
    }

    /// All symbols in it.
    pub(super) fn symbols(&self) -> impl Iterator<Item = Symbol> {
        self.names.iter().chain(&self.cells).copied()
    }

    /// Where a label stands among the names.
    pub(super) fn position(&self, symbols: &Symbols, name: &str) -> Option<usize> {
        self.names.binary_search_by(|known| (**symbols.text(*known)).cmp(name)).ok()
    }
}
