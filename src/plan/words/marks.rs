//! Which lists a line has a word of, found for all lists in one pass over the line.

use super::list::{LISTS, List};
use aho_corasick::AhoCorasick;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A set of lists.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::plan) struct Marks(u64);

impl Marks {
    pub(super) fn of(key: &str) -> Self {
        ALL.marks(key)
    }

    pub(in crate::plan) const fn has(self, list: List) -> bool {
        self.0 & list.bit() != 0
    }
}

static ALL: LazyLock<Words> = LazyLock::new(Words::all);

/// The words of all lists.
struct Words {
    finder: AhoCorasick,
    /// Beside the finder's patterns.
    words: Vec<Word>,
}

/// A word, and the lists that have it.
#[derive(Clone, Copy, Debug, Default)]
struct Word {
    whole: u64,
    /// As the beginning of a word.
    open: u64,
    /// It begins with a sign, and so at any place.
    is_sign: bool,
}

impl Words {
    fn all() -> Self {
        let mut words: BTreeMap<&str, Word> = BTreeMap::new();
        for (list, wanted) in LISTS.iter().flat_map(|(list, words)| words.iter().map(move |word| (list, *word))) {
            let stem = wanted.strip_suffix('*');
            let word = words.entry(stem.unwrap_or(wanted)).or_default();
            word.is_sign = !wanted.starts_with(char::is_alphanumeric);
            *if stem.is_some() { &mut word.open } else { &mut word.whole } |= list.bit();
        }
        // Lists that cannot be put together are no lists: a plan must not be read as if nothing were in them.
        let finder = AhoCorasick::new(words.keys()).expect("a few hundred words are put together");
        Self { finder, words: words.into_values().collect() }
    }

    fn marks(&self, key: &str) -> Marks {
        let found = self.finder.find_overlapping_iter(key).fold(0, |marks, found| {
            let word = self.words.get(found.pattern().as_usize()).copied().unwrap_or_default();
            let missing = (word.whole | word.open) & !marks;
            if missing == 0 || !(word.is_sign || begins(key, found.start())) {
                return marks;
            }
            let whole = if ends(key, found.end()) { word.whole } else { 0 };
            marks | whole | word.open
        });
        Marks(found)
    }
}

/// Says whether a word may begin at a place.
fn begins(key: &str, at: usize) -> bool {
    !key.split_at(at).0.ends_with(char::is_alphanumeric)
}

/// Says whether a word may end at a place.
fn ends(key: &str, at: usize) -> bool {
    !key.split_at(at).1.starts_with(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::words;
    use proptest::prelude::*;

    /// Lines out of the lists' own words, so that each is met often.
    fn line() -> impl Strategy<Value = String> {
        let words: Vec<&str> = LISTS.iter().flat_map(|(_, words)| words.iter().copied()).collect();
        let piece = prop_oneof![
            4 => prop::sample::select(words).prop_map(|word| word.replace('*', "")),
            1 => prop::sample::select(vec![" ", "-", "s", "ing", "é", "(", "10%", "/"]).prop_map(str::to_owned),
        ];
        (prop::collection::vec(piece, 0..8), prop::sample::select(vec!["", " "])).prop_map(|(words, by)| words.join(by))
    }

    proptest! {
        #[test]
        fn one_pass_finds_what_a_search_for_each_word_does(line in line()) {
            let key = words::key(&line);
            for (list, _) in LISTS {
                let each = LISTS.iter().filter(|(other, _)| other == list).any(|(_, words)| words::has(&key, words));
                prop_assert_eq!(key.has(*list), each, "{:?} in {:?}", list, key);
            }
        }
    }
}
