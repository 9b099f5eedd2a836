//! Where a long checklist may be parted, so that it is read piece by piece, and two pieces at the same time.
//!
//! A piece begins with a heading at the margin, behind an empty line: that ends every list, table, quotation and
//! paragraph before it. It does not end a block of code or HTML whose end is missing so far, which whoever reads
//! a piece has to look out for; and where a link may be defined in another piece, there is only one.

use memchr::memmem;
use std::ops::Range;

#[derive(Clone, Copy, Debug)]
pub(super) struct Places<'a> {
    text: &'a str,
    may_define_links: bool,
}

impl<'a> Places<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self { text, may_define_links: memmem::find(text.as_bytes(), b"]:").is_some() }
    }

    /// The first place from a byte on; the end of the text where there is none.
    pub(super) fn next(self, from: usize) -> usize {
        let end = self.text.len();
        if from >= end || self.may_define_links {
            return end;
        }
        let rest = self.text.as_bytes().get(from..).unwrap_or_default();
        let mut heads = memmem::find_iter(rest, b"\n#").map(|at| from + at + 1);
        heads.find(|at| self.is_one(*at)).unwrap_or(end)
    }

    /// Says whether a heading begins at a place, behind an empty line and what is no end of code or HTML.
    fn is_one(self, at: usize) -> bool {
        let (before, heading) = self.text.split_at(at);
        let lines = before.trim_end();
        let level = heading.bytes().take_while(|byte| *byte == b'#').count();
        before.split_at(lines.len()).1.matches('\n').count() > 1
            && (1..=6).contains(&level)
            && heading.as_bytes().get(level) == Some(&b' ')
            && !lines.ends_with(['`', '~', '>'])
    }
}

/// Says whether a block reaches to the end of the piece that it was found in: it may go on behind it.
pub(super) fn is_last(piece: &str, block: &Range<usize>) -> bool {
    block.end >= piece.trim_end().len()
}
