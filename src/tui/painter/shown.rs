//! What the terminal shows, in a few bytes for each place. Kept as a second frame it would take 400 kB at
//! 200x50, a good part of all that a night needs of memory.

use hashbrown::HashTable;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use std::hash::{DefaultHasher, Hash, Hasher};
use unicode_width::UnicodeWidthStr;

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

/// What a place shows, and how: one of [`Faces`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Face(u32);

/// All cells that differ.
#[derive(Debug, Default)]
struct Faces {
    cells: Vec<Cell>,
    found: HashTable<Face>,
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

    /// The cells of a frame that the terminal must be told of. It shows the frame from now on.
    pub(super) fn change<'f>(&mut self, frame: &'f Buffer) -> Vec<(u16, u16, &'f Cell)> {
        debug_assert_eq!(self.area, frame.area, "what is shown and a frame are of one size");
        let width = usize::from(self.area.width).max(1);
        let row = Rect { height: 1, ..self.area };
        let mut changed = Vec::new();
        let rows = self.places.chunks_mut(width).zip(frame.content.chunks(width));
        for (y, (places, cells)) in (self.area.y..).zip(rows) {
            if places.iter().zip(cells).all(|(face, cell)| self.faces.cell(*face) == cell) {
                continue;
            }
            let content = places.iter().map(|face| self.faces.cell(*face).clone()).collect();
            let mut before = Buffer { area: row, content };
            forget_halves(&mut before.content, cells);
            let after = Buffer { area: row, content: cells.to_vec() };
            let columns = before.diff_iter(&after).map(|(x, ..)| x);
            changed.extend(columns.filter_map(|x| Some((x, y, frame.cell((x, y))?))));
            for (face, cell) in places.iter_mut().zip(cells) {
                if self.faces.cell(*face) != cell {
                    *face = self.faces.of(cell);
                }
            }
        }
        if self.faces.cells.len() > FACES + self.places.len() / 4 {
            self.forget_old();
        }
        changed
    }

    /// Texts come and go all night: only faces that some place has are kept.
    fn forget_old(&mut self) {
        let all = std::mem::take(&mut self.faces);
        for face in &mut self.places {
            *face = self.faces.of(all.cell(*face));
        }
    }
}

impl Faces {
    fn cell(&self, face: Face) -> &Cell {
        &self.cells[face.0 as usize]
    }

    fn of(&mut self, cell: &Cell) -> Face {
        let (hash, cells) = (hash_of(cell), &mut self.cells);
        if let Some(known) = self.found.find(hash, |known| cells[known.0 as usize] == *cell) {
            return *known;
        }
        let face = Face(u32::try_from(cells.len()).expect("a terminal has no four thousand million places"));
        cells.push(cell.clone());
        self.found.insert_unique(hash, face, |known| hash_of(&cells[known.0 as usize]));
        face
    }
}

fn hash_of(cell: &Cell) -> u64 {
    let mut hasher = DefaultHasher::new();
    cell.hash(&mut hasher);
    hasher.finish()
}

/// Where a wide sign makes way, a terminal wipes both of its halves; a difference of cells sees the second
/// one only where nothing wide comes before it. So it counts as unknown.
fn forget_halves(shown: &mut [Cell], next: &[Cell]) {
    for at in 1..shown.len() {
        let cell = &shown[at - 1];
        let is_wide = cell.symbol().len() > 1 && cell.symbol().width() > 1;
        if is_wide && next.get(at - 1) != Some(cell) {
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

    proptest! {
        /// Ratatui compares two whole frames; that less is kept of the first makes no difference.
        #[test]
        fn what_changed_is_what_a_comparison_of_frames_finds(
            texts in prop::collection::vec((0..9_u16, 0..3_u16, "[a-c表]{0,4}", 0..3_u8), 0..6),
            others in prop::collection::vec((0..9_u16, 0..3_u16, "[a-c表]{0,4}", 0..3_u8), 0..6),
        ) {
            let (mut before, after) = (frame(&texts), frame(&others));
            let mut shown = Shown::nothing(AREA);
            shown.change(&before);
            for (row, next) in before.content.chunks_mut(9).zip(after.content.chunks(9)) {
                forget_halves(row, next);
            }
            prop_assert_eq!(shown.change(&after), before.diff(&after));
            prop_assert_eq!(shown.change(&after), []);
        }
    }

    #[test]
    fn faces_that_no_place_has_any_more_are_forgotten() {
        let mut shown = Shown::nothing(AREA);
        for sign in ('\u{4e00}'..='\u{9fff}').step_by(2) {
            let next = frame(&[(0, 0, sign.to_string(), 1)]);
            assert_eq!(shown.change(&next).first().map(|(x, y, cell)| (*x, *y, *cell)), Some((0, 0, &next[(0, 0)])));
            assert!(shown.faces.cells.len() <= FACES + AREA.area() as usize, "{}", shown.faces.cells.len());
        }
    }
}
