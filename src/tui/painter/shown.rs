//! What the terminal shows, in a few bytes for each place. Kept as a second frame it would take 400 kB at
//! 200x50, a good part of all that a night needs of memory.

use hashbrown::{DefaultHashBuilder, HashTable};
use ratatui::buffer::{Buffer, Cell, CellWidth};
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use std::hash::BuildHasher;

/// How many faces are kept before those that no place has any more are looked for: so many, and one for every
/// fourth place.
const FACES: usize = 256;

/// What is where.
#[derive(Debug, Default)]
pub(super) struct Shown {
    area: Rect,
    /// Row by row.
    places: Vec<Face>,
    faces: Faces,
}

/// What a place shows, and how: one of [`Faces`]. Two that are the same look the same, and no others do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Face(u32);

/// All cells that differ.
#[derive(Debug, Default)]
struct Faces {
    known: Vec<Known>,
    found: HashTable<Face>,
    hasher: DefaultHashBuilder,
}

#[derive(Debug)]
struct Known {
    cell: Cell,
    /// Its sign takes more than its own place.
    is_wide: bool,
}

impl Shown {
    /// An empty terminal.
    pub(super) fn nothing(area: Rect) -> Self {
        let mut faces = Faces::default();
        let blank = faces.of(&Cell::EMPTY);
        Self { area, places: vec![blank; area.area() as usize], faces }
    }

    pub(super) const fn area(&self) -> Rect {
        self.area
    }

    /// Shows a frame from now on, and tells the cells of it that the terminal must be told of, row by row.
    pub(super) fn change(&mut self, frame: &Buffer, mut tell: impl FnMut(u16, u16, &Cell)) {
        debug_assert_eq!(self.area, frame.area, "what is shown and a frame are of one size");
        let width = usize::from(self.area.width).max(1);
        let mut next = Vec::with_capacity(width);
        let rows = self.places.chunks_mut(width).zip(frame.content.chunks(width));
        for (y, (places, cells)) in (self.area.y..).zip(rows) {
            if places.iter().zip(cells).all(|(face, cell)| self.faces.is(*face, cell)) {
                continue;
            }
            self.faces.of_row(places, cells, &mut next);
            if places.iter().chain(&next).any(|face| self.faces.known(*face).is_wide) {
                let row = Rect { y, height: 1, ..self.area };
                let content = places.iter().map(|face| self.faces.known(*face).cell.clone()).collect();
                let mut before = Buffer { area: row, content };
                forget_halves(&mut before.content, cells);
                let after = Buffer { area: row, content: cells.to_vec() };
                before.diff_iter(&after).for_each(|(x, y, cell)| tell(x, y, cell));
            } else {
                let columns = (self.area.x..).zip(cells).zip(places.iter().zip(&next));
                let columns = columns.filter(|(_, (shown, next))| shown != next);
                columns.for_each(|((x, cell), _)| tell(x, y, cell));
            }
            places.copy_from_slice(&next);
        }
        if self.faces.known.len() > FACES + self.places.len() / 4 {
            self.forget_old();
        }
    }

    /// Texts come and go all night: only faces that some place has are kept.
    fn forget_old(&mut self) {
        let all = std::mem::take(&mut self.faces);
        for face in &mut self.places {
            *face = self.faces.of(&all.known(*face).cell);
        }
    }
}

impl Faces {
    fn known(&self, face: Face) -> &Known {
        &self.known[face.0 as usize]
    }

    fn is(&self, face: Face, cell: &Cell) -> bool {
        is_same(&self.known(face).cell, cell)
    }

    /// The faces of the cells of a row, most of which are those of its places or of the cell before.
    fn of_row(&mut self, places: &[Face], cells: &[Cell], faces: &mut Vec<Face>) {
        faces.clear();
        for (shown, cell) in places.iter().zip(cells) {
            let at_hand = [Some(shown), faces.last()].into_iter().flatten().find(|face| self.is(**face, cell));
            let face = at_hand.copied().unwrap_or_else(|| self.of(cell));
            faces.push(face);
        }
    }

    fn of(&mut self, cell: &Cell) -> Face {
        let (hash, known) = (self.hasher.hash_one(cell), &mut self.known);
        if let Some(face) = self.found.find(hash, |face| known[face.0 as usize].cell == *cell) {
            return *face;
        }
        let face = Face(u32::try_from(known.len()).expect("a terminal has no four thousand million places"));
        known.push(Known { cell: cell.clone(), is_wide: is_wide(cell) });
        self.found.insert_unique(hash, face, |face| self.hasher.hash_one(&known[face.0 as usize].cell));
        face
    }
}

/// What [`Cell::eq`] says of all that is drawn here: of most signs, which are one byte, at once.
fn is_same(one: &Cell, other: &Cell) -> bool {
    let ([sign], [other_sign]) = (one.symbol().as_bytes(), other.symbol().as_bytes()) else { return one == other };
    let same_look = one.fg == other.fg && one.bg == other.bg && one.modifier == other.modifier;
    sign == other_sign && same_look && one.diff_option == other.diff_option
}

fn is_wide(cell: &Cell) -> bool {
    cell.cell_width() > 1
}

/// Where a wide sign makes way, a terminal wipes both of its halves; a difference of cells sees the second
/// one only where nothing wide comes before it. So it counts as unknown.
fn forget_halves(shown: &mut [Cell], next: &[Cell]) {
    for at in 1..shown.len() {
        let cell = &shown[at - 1];
        if is_wide(cell) && next.get(at - 1) != Some(cell) {
            // No cell that is drawn looks like that.
            shown[at].modifier = Modifier::all();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use ratatui::style::{Color, Style};

    const AREA: Rect = Rect { x: 0, y: 0, width: 9, height: 3 };

    fn frame(texts: &[(u16, u16, String, u8)]) -> Buffer {
        let mut frame = Buffer::empty(AREA);
        for (x, y, text, colour) in texts {
            frame.set_string(*x, *y, text, Style::new().bg(Color::Indexed(*colour)));
        }
        frame
    }

    fn changed(shown: &mut Shown, next: &Buffer) -> Vec<(u16, u16, Cell)> {
        let mut changed = Vec::new();
        shown.change(next, |x, y, cell| changed.push((x, y, cell.clone())));
        changed
    }

    proptest! {
        /// Ratatui compares two whole frames, of which [`forget_halves`] has made unknown what the terminal wipes; that
        /// less is kept of the first, and rows without wide signs are compared by their faces, makes no difference.
        #[test]
        fn what_changed_is_what_a_comparison_of_frames_finds(
            texts in prop::collection::vec((0..9_u16, 0..3_u16, "([a-c表]|ｶﾞ){0,4}", 0..3_u8), 0..6),
            others in prop::collection::vec((0..9_u16, 0..3_u16, "([a-c表]|ｶﾞ){0,4}", 0..3_u8), 0..6),
        ) {
            let (mut before, after) = (frame(&texts), frame(&others));
            let mut shown = Shown::nothing(AREA);
            changed(&mut shown, &before);
            for (row, next) in before.content.chunks_mut(9).zip(after.content.chunks(9)) {
                forget_halves(row, next);
            }
            let wanted: Vec<_> = before.diff_iter(&after).map(|(x, y, cell)| (x, y, cell.clone())).collect();
            prop_assert_eq!(changed(&mut shown, &after), wanted);
            prop_assert_eq!(changed(&mut shown, &after), []);
        }
    }

    #[test]
    fn faces_that_no_place_has_any_more_are_forgotten() {
        let mut shown = Shown::nothing(AREA);
        for sign in ('\u{4e00}'..='\u{9fff}').step_by(2) {
            let next = frame(&[(0, 0, sign.to_string(), 1)]);
            assert_eq!(changed(&mut shown, &next).first(), Some(&(0, 0, next[(0, 0)].clone())));
            assert!(shown.faces.known.len() <= FACES + AREA.area() as usize, "{}", shown.faces.known.len());
        }
    }
}
