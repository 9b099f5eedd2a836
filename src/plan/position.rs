//! Lines and columns of bytes in a text.

/// Where the lines of a text begin.
#[derive(Debug)]
pub struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        let mut starts = Vec::with_capacity(text.len() / 32 + 1);
        starts.push(0);
        starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1));
        Self { text, starts }
    }

    /// The text they are the lines of.
    #[must_use]
    pub const fn text(&self) -> &'a str {
        self.text
    }

    /// The same lines, for whoever asks for one after the other.
    #[must_use]
    pub const fn follower(&self) -> Follower<'_> {
        Follower { lines: self, last: 0 }
    }

    /// The 1-based line that a byte stands in.
    #[must_use]
    pub fn line(&self, at: usize) -> u32 {
        u32::try_from(self.starts.partition_point(|start| *start <= at)).unwrap_or(u32::MAX)
    }

    /// The bytes of a 1-based line, without its end; none where there is no such line.
    #[must_use]
    pub fn span(&self, line: u32) -> Option<std::ops::Range<usize>> {
        let start = *self.starts.get((line as usize).checked_sub(1)?)?;
        let length = self.text.get(start..)?.lines().next().map_or(0, str::len);
        Some(start..start + length)
    }

    /// The 1-based column of a byte, counted in characters.
    #[must_use]
    pub fn column(&self, at: usize) -> u32 {
        let line = self.line(at) as usize;
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let before = self.text.get(start..at).map_or(0, |before| before.chars().count());
        u32::try_from(before + 1).unwrap_or(u32::MAX)
    }
}

/// Lines of bytes that lie mostly behind each other: looked for from the last one on.
#[derive(Debug)]
pub struct Follower<'a> {
    lines: &'a Lines<'a>,
    /// How many lines begin before what was asked for last.
    last: usize,
}

impl Follower<'_> {
    /// The 1-based line of a byte, as [`Lines::line`] has it.
    pub fn line(&mut self, at: usize) -> u32 {
        const NEAR: usize = 16;
        let starts = &self.lines.starts;
        let is_behind = self.last.checked_sub(1).is_none_or(|line| starts[line] <= at);
        let near = || starts.iter().skip(self.last).take(NEAR).take_while(|start| **start <= at).count();
        let passed = if is_behind { near() } else { NEAR };
        self.last = if passed < NEAR { self.last + passed } else { self.lines.line(at) as usize };
        u32::try_from(self.last).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_from_one() {
        let lines = Lines::new("añb\n\nc");
        let places: Vec<_> = [0, 3, 4, 5, 6].map(|at| (lines.line(at), lines.column(at))).into();
        assert_eq!(places, [(1, 1), (1, 3), (1, 4), (2, 1), (3, 1)]);
    }

    #[test]
    fn a_follower_finds_the_same_lines_near_far_and_before() {
        let text = "a\n".repeat(100);
        let lines = Lines::new(&text);
        let mut follower = lines.follower();
        for at in [0, 1, 2, 2, 7, 33, 34, 66, 67, 199, 200, 900, 3, 0, 150] {
            assert_eq!(follower.line(at), lines.line(at), "{at}");
        }
    }
}
