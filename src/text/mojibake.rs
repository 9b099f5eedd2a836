//! Repair of text that was UTF-8, was read as Mac Roman or Windows-1252, and was encoded again.
//!
//! `‚úÖ` and `âœ…` are both the white heavy check mark. Only sequences that decode to signs such texts
//! really hold (symbols, emoji, dashes and quotes, accented Latin letters) are replaced, so that
//! ordinary text with accents in it passes untouched. For display only: offsets and lines are
//! always those of the file.

use std::borrow::Cow;

/// Mac Roman from 0x80 on; byte 0xF0 is the private-use apple.
const MAC_ROMAN: &str = "ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø¿¡¬√ƒ≈∆«»…\u{a0}ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\u{f8ff}ÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ";

/// Windows-1252 from 0x80 to 0x9F; its five unused bytes are the controls of the same number.
const WINDOWS_1252: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";

/// How often a text can have been encoded over and over.
const ROUNDS: usize = 3;

/// Decodes what was encoded twice, or more often, and leaves everything else as it is.
#[must_use]
pub fn repair(text: &str) -> Cow<'_, str> {
    let mut repaired = Cow::Borrowed(text);
    for _ in 0..ROUNDS {
        match once(&repaired) {
            Some(better) => repaired = Cow::Owned(better),
            None => break,
        }
    }
    repaired
}

/// The text with every doubled sign decoded; none where there is none.
fn once(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut changed = false;
    let mut rest = text;
    // Nothing doubled begins with a plain letter.
    while let Some(plain) = rest.bytes().position(|byte| !byte.is_ascii()) {
        let (before, signs) = rest.split_at(plain);
        let Some(first) = signs.chars().next() else { break };
        let found = doubled(signs);
        changed |= found.is_some();
        let (sign, taken) = found.unwrap_or((first, first.len_utf8()));
        out.push_str(before);
        out.push(sign);
        rest = signs.split_at(taken).1;
    }
    out.push_str(rest);
    changed.then_some(out)
}

/// The sign that the text begins with when decoded once more, and how many bytes it takes.
fn doubled(text: &str) -> Option<(char, usize)> {
    [mac_roman, windows_1252].into_iter().find_map(|byte_of| decode(text, byte_of))
}

fn decode(text: &str, byte_of: fn(char) -> Option<u8>) -> Option<(char, usize)> {
    let mut chars = text.chars();
    let lead = byte_of(chars.next()?)?;
    let length = match lead {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return None,
    };
    let mut bytes = [lead, 0, 0, 0];
    for byte in bytes.get_mut(1..length)? {
        *byte = byte_of(chars.next()?)?;
    }
    let sign = std::str::from_utf8(bytes.get(..length)?).ok()?.chars().next()?;
    plausible(sign).then(|| (sign, text.len() - chars.as_str().len()))
}

/// Signs that checklists hold and that do not arise by chance from accented letters side by side.
const fn plausible(sign: char) -> bool {
    matches!(sign,
        '\u{80}'..='\u{17f}' | '\u{2000}'..='\u{2bff}' | '\u{fe0e}'..='\u{fe0f}' | '\u{feff}' | '\u{1f000}'..='\u{1faff}')
}

fn mac_roman(sign: char) -> Option<u8> {
    high_byte(MAC_ROMAN, sign)
}

fn windows_1252(sign: char) -> Option<u8> {
    match u8::try_from(sign) {
        Ok(byte @ 0xA0..) => Some(byte),
        _ => high_byte(WINDOWS_1252, sign),
    }
}

fn high_byte(table: &str, sign: char) -> Option<u8> {
    table.chars().position(|c| c == sign).and_then(|at| u8::try_from(at + 0x80).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads each byte of UTF-8 as a sign of another encoding, as the damage was done.
    fn damage(text: &str, sign_of: impl Fn(u8) -> char) -> String {
        text.bytes().map(|b| if b < 0x80 { char::from(b) } else { sign_of(b) }).collect()
    }

    fn as_mac(byte: u8) -> char {
        MAC_ROMAN.chars().nth(usize::from(byte) - 0x80).expect("128 signs")
    }

    fn as_windows(byte: u8) -> char {
        if byte < 0xA0 {
            WINDOWS_1252.chars().nth(usize::from(byte) - 0x80).expect("32 signs")
        } else {
            char::from(byte)
        }
    }

    #[test]
    fn what_was_encoded_twice_is_decoded_once() {
        for text in ["🚀 Launch — 10 % → 25 %", "✅ done ⚠️ “quoted” … ≥ 5", "déjà vu, Größe, 🔴"]
        {
            assert_eq!(repair(&damage(text, as_mac)), text, "Mac Roman");
            assert_eq!(repair(&damage(text, as_windows)), text, "Windows-1252");
            assert_eq!(repair(&damage(&damage(text, as_windows), as_windows)), text, "Windows-1252, twice");
        }
    }

    #[test]
    fn honest_text_is_left_alone() {
        for text in
            ["✅ déjà vu", "naïve façade – “Über” «À côté» ‘é’", "Größe ≥ 5 µs ±1 °C", "流量 10%", "NÃO, Ação", ""]
        {
            assert!(matches!(repair(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }

    #[test]
    fn half_a_sign_at_the_end_stays() {
        assert_eq!(repair("torn ‚ú"), "torn ‚ú");
    }
}
