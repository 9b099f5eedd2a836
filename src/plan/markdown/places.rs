//! Where a long checklist may be parted, so that it is read piece by piece, and two pieces at the same time.
//!
//! A piece begins with a heading at the margin, behind an empty line: that ends every list, table, quotation and
//! paragraph before it. It does not end a block of code or HTML whose end is missing so far, which whoever reads
//! a piece has to look out for; and where a link may be defined in another piece, there is only one.

use memchr::memmem;
use std::ops::Range;

/// A block of code is not longer than this; more likely its fences were counted wrong.
const FAR: usize = 512 * 1024;
/// So many bytes of marks and spaces may stand before a fence, or fewer.
const MARGIN: usize = 64;
/// So many bytes of a line are looked at for what a fence says.
const LABEL: usize = 256;

#[derive(Clone, Copy, Debug)]
pub(super) struct Places<'a> {
    text: &'a str,
    may_define_links: bool,
}

impl<'a> Places<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let mut ends = memmem::find_iter(text.as_bytes(), b"]:");
        Self { text, may_define_links: ends.any(|at| may_define_a_link(text.split_at(at).0)) }
    }

    /// The first place from a byte on, for a part that begins at `start`; the end of the text where there is none.
    pub(super) fn next(self, start: usize, from: usize) -> usize {
        let end = self.text.len();
        if from >= end || self.may_define_links {
            return end;
        }
        let bytes = |range: Range<usize>| self.text.as_bytes().get(range).unwrap_or_default();
        let (mut before, mut fences) = (start, 0);
        for at in memmem::find_iter(bytes(from..end), b"\n#").map(|at| from + at + 1).filter(|at| self.is_one(*at)) {
            fences += self::fences(bytes(before..at));
            before = at;
            // `# Build everything` among commands is a heading to nobody. Whoever reads a part would see that, and
            // read it again: also where the fences were counted wrong.
            if fences.is_multiple_of(2) || at - from > FAR {
                return at;
            }
        }
        end
    }

    /// Says whether a heading begins at a place, behind an empty line and what is no end of code or HTML: whether
    /// a block that a part ends in goes on behind it, nobody can tell.
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

/// How many lines may begin or end a block of code.
fn fences(bytes: &[u8]) -> usize {
    let begins_line = |at: &usize| {
        let before = bytes.get(at.saturating_sub(MARGIN)..*at).unwrap_or_default();
        let line = before.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
        line.len() < MARGIN && line.iter().all(|byte| is_mark(char::from(*byte)))
    };
    // "```code``` is short" begins nothing.
    let is_inline = |at: &usize| {
        let behind = bytes.get(*at..bytes.len().min(at + LABEL)).unwrap_or_default();
        let line = behind.split(|byte| *byte == b'\n').next().unwrap_or_default();
        line.iter().skip_while(|byte| **byte == b'`').any(|byte| *byte == b'`')
    };
    let of = |sign: &[u8]| memmem::find_iter(bytes, sign).filter(begins_line).filter(|at| !is_inline(at)).count();
    of(b"```") + of(b"~~~")
}

/// What may stand before a label or a block of code in its line.
fn is_mark(c: char) -> bool {
    c.is_whitespace() || c.is_ascii_digit() || matches!(c, '>' | '-' | '*' | '+' | '.' | ')')
}

/// Says whether a label that ends here may begin a line, as in `> [runbook]: https://…` and not in `By [Name]: ___`.
fn may_define_a_link(before: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or_default();
    line.split('[').next().is_some_and(|head| head.chars().all(is_mark)) || !line.contains('[')
}

/// Says whether a block reaches to the end of the piece that it was found in: it may go on behind it.
pub(super) fn is_last(piece: &str, block: &Range<usize>) -> bool {
    block.end >= piece.trim_end().len()
}
