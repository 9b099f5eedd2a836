//! Two readings of one checklist at the same time, where it is long enough for that.

/// Fewer lines are read before a second thread has begun.
const LONG: usize = 20_000;

/// Says whether so many lines are worth a second thread.
pub(super) const fn is_long(lines: usize) -> bool {
    lines >= LONG
}

/// Does two things that only look at so many lines; neither sees whether the other is done.
pub(super) fn both<A: Send, B: Send>(
    lines: usize,
    one: impl FnOnce() -> A + Send,
    other: impl FnOnce() -> B + Send,
) -> (A, B) {
    if is_long(lines) { rayon_core::join(one, other) } else { (one(), other()) }
}

/// Drops what so many lines were read into. Nobody has to wait for that.
pub(super) fn let_go<T: Send + 'static>(lines: usize, value: T) {
    if is_long(lines) {
        rayon_core::spawn(move || drop(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_checklist_is_read_as_a_short_one_is() {
        for lines in [1, LONG] {
            assert_eq!(both(lines, || (0..lines).sum::<usize>(), || "done"), ((0..lines).sum(), "done"));
        }
    }
}
