//! Which lists a line has a word of, found for all lists in one pass over the line.

use super::list::{LISTS, List};
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
    /// In order.
    words: Vec<Word>,
    /// Beside them: their heads, which are quickly looked through.
    heads: Vec<u64>,
}

/// A word, and the lists that have it.
#[derive(Debug)]
struct Word {
    text: &'static str,
    whole: u64,
    /// As the beginning of a word.
    open: u64,
    /// The longest of the others that it begins with.
    shorter: Option<usize>,
}

impl Words {
    fn all() -> Self {
        let mut lists: BTreeMap<&str, [u64; 2]> = BTreeMap::new();
        for (list, wanted) in LISTS.iter().flat_map(|(list, words)| words.iter().map(move |word| (list, *word))) {
            let stem = wanted.strip_suffix('*');
            lists.entry(stem.unwrap_or(wanted)).or_default()[usize::from(stem.is_some())] |= list.bit();
        }
        let mut words: Vec<Word> = Vec::with_capacity(lists.len());
        for (text, [whole, open]) in lists {
            // Whatever it begins with stands before it, and the one before it begins with that too.
            let mut shorter = words.len().checked_sub(1);
            while let Some(other) = shorter.map(|at| &words[at]).filter(|other| !text.starts_with(other.text)) {
                shorter = other.shorter;
            }
            words.push(Word { text, whole, open, shorter });
        }
        let heads = words.iter().map(|word| head(word.text)).collect();
        Self { words, heads }
    }

    fn marks(&self, key: &str) -> Marks {
        let (mut marks, mut is_inside) = (0, false);
        for (at, sign) in key.char_indices() {
            let was_inside = std::mem::replace(&mut is_inside, sign.is_alphanumeric());
            // A word begins where no other goes on; one that begins with a sign, anywhere.
            if !(was_inside && is_inside) {
                marks |= self.at_the_head_of(key.split_at(at).1);
            }
        }
        Marks(marks)
    }

    /// The lists of the words that a text begins with.
    fn at_the_head_of(&self, text: &str) -> u64 {
        let head = head(text);
        let (before, _) = self.words.split_at(self.heads.partition_point(|other| *other <= head));
        // What the text begins with is the last word that does not come behind it, or what that begins with.
        let mut longest = before.iter().rposition(|word| word.text <= text);
        let mut marks = 0;
        while let Some(word) = longest.map(|at| &self.words[at]) {
            if let Some(rest) = text.strip_prefix(word.text) {
                marks |= word.open | if rest.starts_with(char::is_alphanumeric) { 0 } else { word.whole };
            }
            longest = word.shorter;
        }
        marks
    }
}

/// The first bytes of a text, in the order of texts.
fn head(text: &str) -> u64 {
    let mut head = [0; size_of::<u64>()];
    let length = text.len().min(head.len());
    head[..length].copy_from_slice(&text.as_bytes()[..length]);
    u64::from_be_bytes(head)
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
