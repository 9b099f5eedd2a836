//! Where a long checklist may be parted, so that both halves are read at the same time.
//!
//! The second half begins with a heading at the margin, behind an empty line: that ends every list, table,
//! quotation and paragraph before it. It does not end a block of code or HTML whose end is missing, and a link
//! may be defined in the other half; where either may be so, the checklist is read in one piece.

use memchr::memmem;
use std::ops::Range;

/// Where the second half begins; none where the text is read in one piece.
pub(super) fn middle(text: &str) -> Option<usize> {
    let may_define_a_link = || memmem::find(text.as_bytes(), b"]:").is_some();
    let (_, rest) = text.split_at(text.floor_char_boundary(text.len() / 2));
    let place = |(at, _): (usize, &str)| text.len() - rest.len() + at + 1;
    rest.match_indices("\n#").map(place).find(|at| parts(text, *at)).filter(|_| !may_define_a_link())
}

/// Says whether a heading begins at a place, behind an empty line and what is no end of code or HTML.
fn parts(text: &str, at: usize) -> bool {
    let (before, heading) = text.split_at(at);
    let lines = before.trim_end();
    let level = heading.bytes().take_while(|byte| *byte == b'#').count();
    let is_behind_an_empty_line = before.split_at(lines.len()).1.matches('\n').count() > 1;
    is_behind_an_empty_line
        && (1..=6).contains(&level)
        && heading.as_bytes().get(level) == Some(&b' ')
        && !lines.ends_with(['`', '~', '>'])
}

/// Says whether a block reaches to the end of the text that it was found in: it may go on behind it.
pub(super) fn is_last(text: &str, block: &Range<usize>) -> bool {
    block.end >= text.trim_end().len()
}
