//! Which signs a line holds, found in one pass: most lines have none of those that conditions, shares, choices and
//! blanks are made of, and need not be looked into.

/// A sign, or a kind of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Digit = 1,
    /// A digit that a figure may begin with: `5` of `< 5`, not of `p5`.
    Figure = 1 << 1,
    Percent = 1 << 2,
    Bracket = 1 << 3,
    Colon = 1 << 4,
    Underscore = 1 << 5,
    Greater = 1 << 6,
    /// `☐`, `→`, `é`: what is not ASCII.
    Other = 1 << 7,
}

/// What holds a digit back from beginning a figure, where it stands before one.
const JOINS: u16 = (Sign::Figure as u16) << 8;

/// What each byte of a line is.
static KINDS: [u16; 256] = kinds();

/// The signs of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Signs(u8);

impl Signs {
    pub(super) fn of(line: &str) -> Self {
        let mut before = 0;
        let found = line.bytes().fold(0, |found, byte| {
            let kind = KINDS[usize::from(byte)];
            let held_back = std::mem::replace(&mut before, kind) >> 8;
            found | (kind & !held_back)
        });
        let [_, signs] = found.to_be_bytes();
        Self(signs)
    }

    pub(super) const fn has(self, sign: Sign) -> bool {
        self.0 & sign as u8 != 0
    }
}

const fn kinds() -> [u16; 256] {
    let mut kinds = [0; 256];
    let mut byte: u8 = 0;
    loop {
        kinds[byte as usize] = match byte {
            b'0'..=b'9' => Sign::Digit as u16 | Sign::Figure as u16 | JOINS,
            b'a'..=b'z' | b'A'..=b'Z' => JOINS,
            b'%' => Sign::Percent as u16,
            b'[' => Sign::Bracket as u16,
            b':' => Sign::Colon as u16,
            b'_' => Sign::Underscore as u16,
            b'>' => Sign::Greater as u16,
            0x80.. => Sign::Other as u16,
            _ => 0,
        };
        if byte == u8::MAX {
            return kinds;
        }
        byte += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn one_pass_finds_what_a_search_for_each_sign_does(line in "[a-zA-Z0-9%\\[:_> é☐→.]{0,12}") {
            let signs = Signs::of(&line);
            let wanted = [
                (Sign::Digit, line.contains(|c: char| c.is_ascii_digit())),
                (Sign::Percent, line.contains('%')),
                (Sign::Bracket, line.contains('[')),
                (Sign::Colon, line.contains(':')),
                (Sign::Underscore, line.contains('_')),
                (Sign::Greater, line.contains('>')),
                (Sign::Other, !line.is_ascii()),
            ];
            for (sign, has) in wanted {
                prop_assert_eq!(signs.has(sign), has, "{:?} in {:?}", sign, line);
            }
            let begins = |(at, c): (usize, char)| {
                c.is_ascii_digit() && !line.split_at(at).0.ends_with(|c: char| c.is_ascii_alphanumeric())
            };
            prop_assert_eq!(signs.has(Sign::Figure), line.char_indices().any(begins), "a figure in {:?}", line);
        }
    }
}
