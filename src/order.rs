//! Sorting a few things of any type.
//!
//! The stable sort of the standard library is compiled anew for each type and each order, at five to seven
//! kilobytes: all of them were a twentieth of the program, and most of that in memory through the night. Here
//! places are sorted, by one sort, and what stands in them is moved when their order is known. Numbers
//! and what there is much of, as in the engine, are sorted by the standard library.

use std::cmp::Ordering;

/// Sorts a list; what is equal stays in the order it had.
pub fn by<T>(list: &mut [T], order: impl Fn(&T, &T) -> Ordering) {
    if list.len() < 2 {
        return;
    }
    let mut places = places(list.len(), &|one, other| order(&list[one], &list[other]));
    for start in 0..list.len() {
        // Places that only change among themselves, one after the other, until the first one's turn.
        let mut at = start;
        loop {
            let from = std::mem::replace(&mut places[at], at);
            if from == start {
                break;
            }
            list.swap(at, from);
            at = from;
        }
    }
}

/// The same by what [`Ord`] says of a part of each.
pub fn by_key<T, K: Ord>(list: &mut [T], key: impl Fn(&T) -> K) {
    by(list, |one, other| key(one).cmp(&key(other)));
}

/// The places of so many things, in the order of those.
#[must_use]
pub fn places(count: usize, order: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    places.sort_by(|one, other| order(*one, *other));
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_is_the_order_that_the_standard_library_finds(list in prop::collection::vec((0..9_u8, any::<u8>()), 0..60)) {
            let (mut ours, mut theirs) = (list.clone(), list);
            by_key(&mut ours, |(key, _)| *key);
            theirs.sort_by_key(|(key, _)| *key);
            prop_assert_eq!(ours, theirs);
        }
    }
}
