//! Putting a few things of any type in order.
//!
//! The stable sort of the standard library is compiled anew for each type and each order, at five to seven
//! kilobytes: all of them were a twentieth of the program, and most of that in memory through the night. Here
//! places are sorted, by one sort, and what stands in them is moved when their order is known. Numbers
//! and what there is much of, as in the engine, are sorted by the standard library.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

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

/// A few pairs by their keys; of two with the same key the later one. They are put in one after the other:
/// what is collected is sorted before.
pub fn map<K: Ord, V>(pairs: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    map.extend(pairs);
    map
}

/// A few things, each once, as [`map`] puts them in.
pub fn set<T: Ord>(list: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    let mut set = BTreeSet::new();
    set.extend(list);
    set
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn of_two_with_the_same_key_the_later_one_is_kept() {
        assert_eq!(map([(2, "b"), (1, "a"), (2, "c")]), BTreeMap::from([(1, "a"), (2, "c")]));
        assert_eq!(set([2, 1, 2]), BTreeSet::from([1, 2]));
    }

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
