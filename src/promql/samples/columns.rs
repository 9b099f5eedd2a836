//! The samples of all series of one target: a column for each scrape, a row for each series.
//!
//! All series of a scrape have its time, so a sample takes the eight bytes of its value. Rows stand
//! side by side in blocks, and a block keeps its columns one behind the other: what a query reads of
//! a hundred thousand neighbours is read as it lies in memory.
//!
//! ```text
//! times      0 s        5 s        10 s
//! block 0    64 values  64 values  64 values
//! block 1               64 values  64 values     its first series was new at 5 s
//! ```

use std::collections::VecDeque;
use std::ops::Range;

/// Rows of a block.
const LANES: usize = 64;

/// The value where a scrape did not show the series: a NaN that arithmetic does not give.
const ABSENT: u64 = 0x7ff0_0000_0000_0003;

/// The value of a mark that the series ended, until it is shown again: the NaN that Prometheus uses.
pub(super) const ENDED: u64 = 0x7ff0_0000_0000_0002;

/// What a target showed, as it is kept: its NaN is none of our marks.
pub(super) fn shown(value: f64) -> f64 {
    if is_mark(value) { f64::NAN } else { value }
}

const fn is_mark(value: f64) -> bool {
    matches!(value.to_bits(), ABSENT | ENDED)
}

#[derive(Clone, Debug, Default)]
pub(super) struct Columns {
    /// Unix milliseconds, ascending.
    times: VecDeque<i64>,
    blocks: Vec<Block>,
    /// The number of the first column, counted since the beginning, and from 1.
    first: u64,
    /// The number of the last column in which each row has a sample or a mark; zero for none.
    last: Vec<u64>,
}

/// Its columns, the newest last; there may be fewer of them than times.
type Block = VecDeque<[f64; LANES]>;

/// Some columns that follow each other.
#[derive(Clone, Debug)]
pub(in crate::promql) struct Span {
    columns: Range<usize>,
    /// Beside them, in one piece.
    times: Vec<i64>,
}

impl Columns {
    /// A new row without samples.
    pub(super) fn add(&mut self) -> usize {
        let row = self.last.len();
        if row.is_multiple_of(LANES) {
            self.blocks.push(Block::new());
        }
        self.last.push(0);
        row
    }

    /// How many rows there are.
    pub(super) fn rows(&self) -> usize {
        self.last.len()
    }

    /// Whether a row has a sample or a mark in any column.
    pub(super) fn is_live(&self, row: usize) -> bool {
        self.last[row] > 0 && self.last[row] >= self.first
    }

    /// Adds a column, if it is newer than the last. Of two values of a row the first one counts, and a
    /// row that had one in the column before and has none now gets the mark that it has ended.
    pub(super) fn push(&mut self, at: i64, values: impl Iterator<Item = (usize, f64)>) {
        if self.times.back().is_some_and(|last| *last >= at) {
            return;
        }
        self.first = self.first.max(1);
        self.times.push_back(at);
        for block in &mut self.blocks {
            if block.len() == block.capacity() {
                // Doubling would leave half of the memory empty.
                block.reserve_exact(block.len() / 8 + 4);
            }
            block.push_back([f64::from_bits(ABSENT); LANES]);
        }
        let number = self.first + self.times.len() as u64 - 1;
        for (row, value) in values {
            let Some(column) = self.blocks[row / LANES].back_mut() else { continue };
            let lane = &mut column[row % LANES];
            if lane.to_bits() == ABSENT {
                *lane = shown(value);
                self.last[row] = number;
            }
        }
        self.end_what_is_gone(number);
    }

    fn end_what_is_gone(&mut self, number: u64) {
        for (block, last) in self.blocks.iter_mut().zip(self.last.chunks_mut(LANES)) {
            let mut newest = block.iter_mut().rev();
            let (Some(now), Some(before)) = (newest.next(), newest.next()) else { continue };
            for ((now, before), last) in now.iter_mut().zip(before).zip(last) {
                if now.to_bits() == ABSENT && !is_mark(*before) {
                    *now = f64::from_bits(ENDED);
                    *last = number;
                }
            }
        }
    }

    /// Drops columns that are older, and all but so many.
    pub(super) fn drop_before(&mut self, oldest: i64, most: usize) {
        while self.times.len() > most || self.times.front().is_some_and(|time| *time < oldest) {
            for block in self.blocks.iter_mut().filter(|block| block.len() == self.times.len()) {
                block.pop_front();
            }
            self.times.pop_front();
            self.first += 1;
        }
    }

    /// The columns between two times, both ends in it.
    pub(super) fn span(&self, from: i64, to: i64) -> Span {
        let first = self.times.partition_point(|time| *time < from);
        let columns = first..self.times.partition_point(|time| *time <= to).max(first);
        Span { times: self.times.range(columns.clone()).copied().collect(), columns }
    }

    /// Visits the samples of a row.
    pub(super) fn each(&self, row: usize, span: &Span, mut visit: impl FnMut(i64, f64)) {
        let (block, lane) = (&self.blocks[row / LANES], row % LANES);
        // Columns that are older than the block are not in it.
        let before = self.times.len() - block.len();
        let skipped = before.saturating_sub(span.columns.start).min(span.times.len());
        let (from, to) = (span.columns.start.max(before) - before, span.columns.end.max(before) - before);
        let (older, newer) = block.as_slices();
        let turn = |at: usize| (at.min(older.len()), at.saturating_sub(older.len()));
        let ((from, begin), (to, end)) = (turn(from), turn(to));
        let (times, later) = span.times[skipped..].split_at(to - from);
        for (columns, times) in [(&older[from..to], times), (&newer[begin..end], later)] {
            for (column, time) in columns.iter().zip(times) {
                if !is_mark(column[lane]) {
                    visit(*time, column[lane]);
                }
            }
        }
    }

    /// The newest sample of a row with its time; none if the row has ended.
    pub(super) fn newest(&self, row: usize, span: &Span) -> Option<(i64, f64)> {
        let (block, lane) = (&self.blocks[row / LANES], row % LANES);
        let before = self.times.len() - block.len();
        let newest = (span.columns.start.max(before)..span.columns.end).rev().find_map(|at| {
            let value = block[at - before][lane];
            (value.to_bits() != ABSENT).then_some((self.times[at], value))
        });
        newest.filter(|(_, value)| value.to_bits() != ENDED)
    }

    /// Whether the last column shows a row.
    pub(super) fn is_shown(&self, row: usize) -> bool {
        self.blocks[row / LANES].back().is_some_and(|column| !is_mark(column[row % LANES]))
    }

    /// Takes all samples and marks out of a row.
    pub(super) fn take(&mut self, row: usize) -> Vec<(i64, f64)> {
        let (block, lane) = (&mut self.blocks[row / LANES], row % LANES);
        let times = self.times.range(self.times.len() - block.len()..);
        let mut taken = Vec::new();
        for (time, column) in times.zip(block) {
            if column[lane].to_bits() != ABSENT {
                taken.push((*time, column[lane]));
                column[lane] = f64::from_bits(ABSENT);
            }
        }
        self.last[row] = 0;
        taken
    }

    /// Keeps these rows only, ascending; each becomes the next one from zero.
    pub(super) fn keep(&mut self, rows: &[usize]) {
        for (to, from) in rows.iter().copied().enumerate().filter(|(to, from)| to != from) {
            self.move_row(from, to);
        }
        self.last.truncate(rows.len());
        self.blocks.truncate(rows.len().div_ceil(LANES));
        // The next new rows come to stand where others were.
        let used = rows.len() - rows.len().saturating_sub(1) / LANES * LANES;
        for column in self.blocks.iter_mut().last().into_iter().flatten() {
            column[used..].fill(f64::from_bits(ABSENT));
        }
    }

    /// Moves a row to a place before it. A younger block has fewer columns, never more.
    fn move_row(&mut self, from: usize, to: usize) {
        let columns = self.blocks[to / LANES].len();
        for back in 1..=columns {
            let source = &self.blocks[from / LANES];
            let value = source.len().checked_sub(back).map_or(f64::from_bits(ABSENT), |at| source[at][from % LANES]);
            self.blocks[to / LANES][columns - back][to % LANES] = value;
        }
        self.last[to] = self.last[from];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(columns: &Columns, row: usize) -> Vec<(i64, f64)> {
        let mut found = Vec::new();
        columns.each(row, &columns.span(i64::MIN, i64::MAX), |at, value| found.push((at, value)));
        found
    }

    fn add_a_hundred(columns: &mut Columns) {
        for _ in 0..100 {
            columns.add();
        }
    }

    #[test]
    fn rows_that_are_kept_keep_their_samples() {
        let mut columns = Columns::default();
        add_a_hundred(&mut columns);
        columns.push(1, (0..100).map(|row| (row, 1.0)));
        add_a_hundred(&mut columns);
        columns.push(2, (50..200).map(|row| (row, 2.0)));
        assert_eq!((all(&columns, 70), all(&columns, 150)), (vec![(1, 1.0), (2, 2.0)], vec![(2, 2.0)]));
        columns.keep(&[70, 150, 199]);
        assert_eq!((all(&columns, 0), all(&columns, 1)), (vec![(1, 1.0), (2, 2.0)], vec![(2, 2.0)]));
        assert_eq!((columns.rows(), columns.blocks.len()), (3, 1));
    }

    #[test]
    fn only_our_own_mark_ends_a_row() {
        let mut columns = Columns::default();
        let row = columns.add();
        columns.push(1, [(row, f64::from_bits(ENDED))].into_iter());
        let newest = |columns: &Columns| columns.newest(row, &columns.span(0, 9));
        assert!(newest(&columns).is_some_and(|(_, value)| value.is_nan()));
        columns.push(2, std::iter::empty());
        assert_eq!(newest(&columns), None);
        columns.push(3, std::iter::empty());
        assert_eq!((newest(&columns), all(&columns, row).len()), (None, 1));
    }

    #[test]
    fn a_row_that_lies_before_all_columns_is_not_live() {
        let mut columns = Columns::default();
        let row = columns.add();
        assert!(!columns.is_live(row));
        columns.push(1, [(row, 1.0)].into_iter());
        columns.push(2, std::iter::empty());
        columns.drop_before(2, 9);
        assert!(columns.is_live(row), "its end is still there");
        columns.push(3, std::iter::empty());
        columns.drop_before(3, 9);
        assert!(!columns.is_live(row));
    }
}
