//! A grid of dots, two by four in each cell, drawn as Braille.

/// Where the dot of a column and a row of a cell stands in a Braille sign.
const BITS: [[u8; 4]; 2] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]];

/// The dots of an area of cells.
#[derive(Clone, Debug)]
pub(super) struct Dots {
    columns: u16,
    rows: u16,
    cells: Vec<u8>,
}

impl Dots {
    pub(super) fn new(columns: u16, rows: u16) -> Self {
        Self { columns, rows, cells: vec![0; usize::from(columns) * usize::from(rows)] }
    }

    /// In dots.
    pub(super) const fn width(&self) -> u16 {
        self.columns.saturating_mul(2)
    }

    /// In dots.
    pub(super) const fn height(&self) -> u16 {
        self.rows.saturating_mul(4)
    }

    /// Sets one dot; those outside are passed over.
    pub(super) fn set(&mut self, x: u16, y: u16) {
        if x >= self.width() || y >= self.height() {
            return;
        }
        let at = usize::from(y / 4) * usize::from(self.columns) + usize::from(x / 2);
        if let Some(cell) = self.cells.get_mut(at) {
            *cell |= BITS[usize::from(x % 2)][usize::from(y % 4)];
        }
    }

    /// Joins two dots by a line without holes: a walk of as many steps as the longer side is long.
    pub(super) fn join(&mut self, from: (u16, u16), to: (u16, u16)) {
        let (wide, high) = (i64::from(to.0) - i64::from(from.0), i64::from(to.1) - i64::from(from.1));
        let steps = wide.abs().max(high.abs());
        for step in 0..=steps {
            let along = |start: u16, length: i64| i64::from(start) + length * step / steps.max(1);
            let (x, y) = (along(from.0, wide), along(from.1, high));
            self.set(u16::try_from(x).unwrap_or(u16::MAX), u16::try_from(y).unwrap_or(u16::MAX));
        }
    }

    /// The sign of a cell; none where it has no dot.
    pub(super) fn glyph(&self, column: u16, row: u16) -> Option<char> {
        let at = usize::from(row) * usize::from(self.columns) + usize::from(column);
        let bits = self.cells.get(at).copied().filter(|bits| *bits != 0)?;
        char::from_u32(0x2800 + u32::from(bits))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_no_holes() {
        let mut dots = Dots::new(4, 2);
        dots.join((0, 7), (7, 0));
        let row = |row| (0..4).filter_map(|column| dots.glyph(column, row)).collect::<String>();
        assert_eq!((row(0).as_str(), row(1).as_str()), ("⡠⠊", "⡠⠊"));
        dots.join((0, 0), (0, 7));
        assert_eq!(dots.glyph(0, 0), Some('⡇'));
        dots.set(8, 0);
        dots.set(0, 8);
    }
}
