//! The texts of labels, each kept once: the series of a target share most of theirs.

use hashbrown::HashTable;
use std::hash::{DefaultHasher, Hasher};
use std::sync::Arc;

/// A text that [`Symbols`] keeps; the same text is the same symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::promql) struct Symbol(u32);

impl Symbol {
    pub(in crate::promql) const fn place(self) -> usize {
        self.0 as usize
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct Symbols {
    texts: Vec<Text>,
    found: HashTable<Symbol>,
    /// Whose texts are gone.
    free: Vec<Symbol>,
}

#[derive(Clone, Debug)]
struct Text {
    text: Arc<str>,
    hash: u64,
}

/// The same for a text wherever it comes from, on every run.
pub(super) fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(text.as_bytes());
    hasher.finish()
}

impl Symbols {
    pub(super) fn text(&self, symbol: Symbol) -> &Arc<str> {
        &self.texts[symbol.place()].text
    }

    pub(super) fn hash(&self, symbol: Symbol) -> u64 {
        self.texts[symbol.place()].hash
    }

    /// More than the place of any symbol.
    pub(super) fn bound(&self) -> usize {
        self.texts.len()
    }

    pub(super) fn intern(&mut self, text: &str) -> Symbol {
        let hash = hash(text);
        let texts = &self.texts;
        if let Some(known) = self.found.find(hash, |known| *texts[known.place()].text == *text) {
            return *known;
        }
        let text = Text { text: text.into(), hash };
        let symbol = if let Some(symbol) = self.free.pop() {
            self.texts[symbol.place()] = text;
            symbol
        } else {
            self.texts.push(text);
            Symbol(u32::try_from(self.texts.len() - 1).expect("fewer texts than fit into memory"))
        };
        let texts = &self.texts;
        self.found.insert_unique(hash, symbol, |known| texts[known.place()].hash);
        symbol
    }

    /// Forgets all that nobody uses any more.
    pub(super) fn keep(&mut self, used: impl Iterator<Item = Symbol>) {
        let mut is_used = vec![false; self.texts.len()];
        used.for_each(|symbol| is_used[symbol.place()] = true);
        let (texts, free, nothing) = (&mut self.texts, &mut self.free, Arc::<str>::from(""));
        self.found.retain(|symbol| {
            let keeps = is_used[symbol.place()];
            if !keeps {
                texts[symbol.place()].text = Arc::clone(&nothing);
                free.push(*symbol);
            }
            keeps
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_kept_once_as_long_as_it_is_used() {
        let mut symbols = Symbols::default();
        let (eu, us) = (symbols.intern("eu"), symbols.intern("us"));
        assert_eq!((symbols.intern("eu"), symbols.bound()), (eu, 2));
        symbols.keep([us].into_iter());
        assert_eq!((symbols.intern("us"), &**symbols.text(us)), (us, "us"));
        assert_eq!((symbols.intern("asia"), symbols.bound()), (eu, 2));
        assert_eq!(&**symbols.text(eu), "asia");
    }
}
