//! Long work on several cores at the same time, short work on the one that is there.
//!
//! Nothing that is done so sees whether the rest is done before it or beside it: the outcome is the same.

use std::ops::Range;

/// Does two things: at the same time where it is said to be worth waking another core.
pub fn both<A: Send, B: Send>(
    is_worth_it: bool,
    one: impl FnOnce() -> A + Send,
    other: impl FnOnce() -> B + Send,
) -> (A, B) {
    if is_worth_it { rayon_core::join(one, other) } else { (one(), other()) }
}

/// What is found at each of so many places, in their order. More places than `most` are parted, and each part is
/// read by whoever has time.
pub fn gathered<T: Send>(places: Range<usize>, most: usize, read: &(impl Fn(Range<usize>) -> Vec<T> + Sync)) -> Vec<T> {
    if places.len() <= most.max(1) {
        return read(places);
    }
    let middle = places.start.midpoint(places.end);
    let (first, second) = (places.start..middle, middle..places.end);
    let (mut all, mut more) = both(true, || gathered(first, most, read), || gathered(second, most, read));
    all.append(&mut more);
    all
}

/// Drops what takes long to drop. Nobody has to wait for that: the program may end before, so that it is for plain
/// data only.
pub fn let_go<T: Send + 'static>(is_worth_it: bool, value: T) {
    if is_worth_it {
        rayon_core::spawn(move || drop(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_by_several_is_what_is_done_by_one() {
        for is_worth_it in [false, true] {
            assert_eq!(both(is_worth_it, || (0..9).sum::<usize>(), || "done"), (36, "done"));
        }
    }

    #[test]
    fn parts_are_put_together_in_their_order() {
        let squares: Vec<usize> = (5..100).map(|at| at * at).collect();
        for most in [0, 1, 7, 1_000] {
            assert_eq!(gathered(5..100, most, &|places| places.map(|at| at * at).collect()), squares);
        }
    }
}
