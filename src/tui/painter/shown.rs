//! What the terminal shows, in a few bytes for each place. Kept as a second frame it would take 400 kB at
//! 200x50, a good part of all that a night needs of memory.

use crate::text::cells;
use crate::tui::paint;
use hashbrown::{DefaultHashBuilder, HashTable};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use std::hash::BuildHasher;
use std::num::NonZeroU32;

/// How many faces are kept before those that no place has any more are looked for: so many, and one for every
/// fourth place.
const FACES: usize = 256;

/// What is where.
#[derive(Debug, Default)]
pub(super) struct Shown {
    area: Rect,
    /// Row by row.
    places: Vec<Place>,
    faces: Faces,
}

/// What a place shows; none where a wide sign before it covers it.
type Place = Option<Face>;

/// A sign, and how it looks: one of [`Faces`]. Two that are the same look the same, and no others do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Face(NonZeroU32);

/// All cells that differ.
#[derive(Debug, Default)]
struct Faces {
    known: Vec<Known>,
    found: HashTable<Face>,
    /// Whether there is one that may be joined: on most boards there is none.
    have_joined: bool,
    hasher: DefaultHashBuilder,
}

#[derive(Debug)]
struct Known {
    cell: Cell,
    /// Some terminals join its sign to the one before it.
    is_joined: bool,
}

impl Shown {
    /// An empty terminal.
    pub(super) fn nothing(area: Rect) -> Self {
        let mut faces = Faces::default();
        let blank = faces.of(&Cell::EMPTY);
        Self { area, places: vec![Some(blank); area.area() as usize], faces }
    }

    pub(super) const fn area(&self) -> Rect {
        self.area
    }

    /// Shows a settled frame from now on, and tells the cells that the terminal must be told of, row by row.
    ///
    /// A terminal wipes both halves of a wide sign of which one is written over. What a sign covered is a place that
    /// differs from every other, so where it makes way its halves are told, too.
    pub(super) fn change(&mut self, frame: &Buffer, mut tell: impl FnMut(u16, u16, &Cell)) {
        debug_assert_eq!(self.area, frame.area, "what is shown and a frame are of one size");
        let width = usize::from(self.area.width).max(1);
        let (mut next, mut told) = (Vec::with_capacity(width), Vec::with_capacity(width));
        let rows = self.places.chunks_mut(width).zip(frame.content.chunks(width));
        for (y, (places, row)) in (self.area.y..).zip(rows) {
            if places.iter().zip(row).all(|(place, cell)| self.faces.is(*place, cell)) {
                continue;
            }
            self.faces.of_row(places, row, &mut next);
            let faces = &self.faces;
            told.clear();
            told.extend(places.iter().zip(&next).map(|(shown, next)| shown != next));
            faces.spread(places, &next, &mut told);
            let told =
                || (self.area.x..).zip(places.iter().zip(&next)).zip(&told).filter_map(|(at, told)| told.then_some(at));
            // Beside a sign that a terminal makes narrow, or joins to the one before it, nothing is left of what was.
            for (x, (shown, next)) in told() {
                if (next.is_none() || faces.is_joined(*next)) && !faces.is(*shown, &Cell::EMPTY) {
                    tell(x, y, &Cell::EMPTY);
                }
            }
            for (x, face) in told().filter_map(|(x, (_, next))| Some((x, (*next)?))) {
                tell(x, y, &faces.known(face).cell);
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
        for face in self.places.iter_mut().flatten() {
            *face = self.faces.of(&all.known(*face).cell);
        }
    }
}

impl Faces {
    fn known(&self, face: Face) -> &Known {
        &self.known[face.0.get() as usize - 1]
    }

    fn is(&self, place: Place, cell: &Cell) -> bool {
        place.map_or_else(|| paint::is_covered(cell), |face| is_same(&self.known(face).cell, cell))
    }

    fn is_joined(&self, place: Place) -> bool {
        place.is_some_and(|face| self.known(face).is_joined)
    }

    /// Where something is told of a sign and those that are joined to it, all of them are told, and so is the sign
    /// behind them, which a terminal that joins none may have covered.
    fn spread(&self, shown: &[Place], next: &[Place], told: &mut [bool]) {
        if !self.have_joined {
            return;
        }
        let begins =
            |at: usize| [shown[at], next[at]].into_iter().all(|place| place.is_some() && !self.is_joined(place));
        let mut from = 0;
        while from < told.len() {
            let end = (from + 1..told.len()).find(|at| begins(*at)).unwrap_or(told.len());
            let has_joined = (from..end).any(|at| self.is_joined(shown[at]) || self.is_joined(next[at]));
            if has_joined && told[from..end].contains(&true) {
                told.iter_mut().take(end + 1).skip(from).for_each(|told| *told = true);
            }
            from = end;
        }
    }

    /// What the places of a row show for its cells, most of which say what is shown there or in the cell before.
    fn of_row(&mut self, shown: &[Place], cells: &[Cell], next: &mut Vec<Place>) {
        next.clear();
        for (shown, cell) in shown.iter().zip(cells) {
            let at_hand = [Some(shown), next.last()].into_iter().flatten().copied().find(|place| self.is(*place, cell));
            let place = at_hand.unwrap_or_else(|| (!paint::is_covered(cell)).then(|| self.of(cell)));
            next.push(place);
        }
    }

    fn of(&mut self, cell: &Cell) -> Face {
        let (hash, known) = (self.hasher.hash_one(cell), &mut self.known);
        if let Some(face) = self.found.find(hash, |face| known[face.0.get() as usize - 1].cell == *cell) {
            return *face;
        }
        let is_joined = !cells::stands_alone(cell.symbol());
        self.have_joined |= is_joined;
        known.push(Known { cell: cell.clone(), is_joined });
        let count = u32::try_from(known.len()).ok().and_then(NonZeroU32::new);
        let face = Face(count.expect("a terminal has no four thousand million places"));
        self.found.insert_unique(hash, face, |face| self.hasher.hash_one(&known[face.0.get() as usize - 1].cell));
        face
    }
}

/// What [`Cell::eq`] says of all that is drawn here: of most signs, which are one byte, at once.
fn is_same(one: &Cell, other: &Cell) -> bool {
    let ([sign], [other_sign]) = (one.symbol().as_bytes(), other.symbol().as_bytes()) else { return one == other };
    let same_look = one.fg == other.fg && one.bg == other.bg && one.modifier == other.modifier;
    sign == other_sign && same_look && one.diff_option == other.diff_option
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
            let style = Style::new().bg(Color::Indexed(*colour));
            paint::put(&mut frame, Rect { x: *x, y: *y, width: AREA.width - x, height: 1 }, text, style);
        }
        paint::settle(&mut frame);
        frame
    }

    fn changed(shown: &mut Shown, next: &Buffer) -> Vec<(u16, u16, Cell)> {
        let mut changed = Vec::new();
        shown.change(next, |x, y, cell| changed.push((x, y, cell.clone())));
        changed
    }

    fn texts() -> impl Strategy<Value = Vec<(u16, u16, String, u8)>> {
        prop::collection::vec((0..9_u16, 0..3_u16, "[a-c]{0,4}", 0..3_u8), 0..6)
    }

    proptest! {
        /// Ratatui compares two whole frames: that less is kept of the first makes no difference.
        #[test]
        fn what_changed_is_what_a_comparison_of_frames_finds(texts in texts(), others in texts()) {
            let (before, after) = (frame(&texts), frame(&others));
            let mut shown = Shown::nothing(AREA);
            changed(&mut shown, &before);
            let wanted: Vec<_> = before.diff_iter(&after).map(|(x, y, cell)| (x, y, cell.clone())).collect();
            prop_assert_eq!(changed(&mut shown, &after), wanted);
            prop_assert_eq!(changed(&mut shown, &after), []);
        }
    }

    /// The signs that are told of a row, from its first to its last place.
    fn told(shown: &mut Shown, next: &Buffer) -> String {
        let told = changed(shown, next);
        told.iter().map(|(x, _, cell)| format!("{x}{}", cell.symbol())).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_a_wide_sign_covers_and_leaves_is_told() {
        let row = |texts: &[(u16, &str)]| {
            frame(&texts.iter().map(|(x, text)| (*x, 0, (*text).to_owned(), 1)).collect::<Vec<_>>())
        };
        let mut shown = Shown::nothing(AREA);
        assert_eq!(told(&mut shown, &row(&[(0, "abc")])), "0a 1b 2c");
        assert_eq!(told(&mut shown, &row(&[(0, "表c")])), "1  0表", "where it is narrow nothing is left of the b");
        assert_eq!(told(&mut shown, &row(&[(0, "表c")])), "");
        assert_eq!(told(&mut shown, &row(&[(0, "a表")])), "2  0a 1表");
        assert_eq!(told(&mut shown, &row(&[(0, "a表"), (2, "b")])), "1  2b", "what stands over it is shown");
        assert_eq!(told(&mut shown, &row(&[(0, "a表"), (1, "b")])), "1b 2 ");
        assert_eq!(told(&mut shown, &row(&[(0, "ab表表")])), "2表 4表", "nothing is left where nothing was");
    }

    #[test]
    fn what_may_be_joined_is_told_as_one() {
        let row = |text: &str| frame(&[(0, 0, text.to_owned(), 1)]);
        let mut shown = Shown::nothing(AREA);
        assert_eq!(told(&mut shown, &row("abcd")), "0a 1b 2c 3d");
        assert_eq!(told(&mut shown, &row("aｶﾞd")), "2  1ｶ 2ﾞ 3d", "where it is joined nothing is left of the c");
        assert_eq!(told(&mut shown, &row("aｶbd")), "1ｶ 2b 3d");
        assert_eq!(told(&mut shown, &row("a🇩🇪")), "1  2  0a 1🇩 2🇪 3 ");
        assert_eq!(told(&mut shown, &row("a🇩🇰")), "1  2  0a 1🇩 2🇰 3 ");
        assert_eq!(told(&mut shown, &row("b🇩🇰")), "1  2  0b 1🇩 2🇰 3 ");
        assert_eq!(told(&mut shown, &row("b🇩🇰")), "");
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
