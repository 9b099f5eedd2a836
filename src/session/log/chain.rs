//! The chain: every line carries the hash of the line before it and a checksum of itself.
//!
//! ```text
//! {"warroom":1, …,"crc":"5f0c21aa"}
//! {"seq":1, …,"crc":"0d7be1f3","prev":"<SHA-256 of the line above>"}
//! {"seq":2, …,"crc":"93a4407e","prev":"<SHA-256 of the line above>"}
//! ```
//!
//! `prev` is of the line's bytes without its newline, so `sha256sum` alone can follow the chain. It
//! cannot vouch for the last line, which nothing follows: that is what `crc` is for, the CRC-32 of
//! the line without the eight digits themselves. Neither withstands somebody who rewrites the
//! whole file; for that the hash of the last line, the head, is noted elsewhere.

use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::fmt;

const CRC: &str = r#","crc":""#;
const DIGITS: usize = 8;
const PREV: &str = r#"","prev":""#;
const END: &str = r#""}"#;
/// What follows the digits in an event's line.
const EVENT_TAIL: usize = PREV.len() + 64 + END.len();

/// The SHA-256 of a line, in lower-case hex as the log spells it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct LineHash([u8; 64]);

impl LineHash {
    /// Hashes a line without its newline.
    #[must_use]
    pub fn of(line: &[u8]) -> Self {
        Self::from_digest(&Sha256::digest(line))
    }

    pub(super) fn from_digest(digest: &[u8]) -> Self {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        let mut hex = [b'0'; 64];
        for (pair, byte) in hex.chunks_exact_mut(2).zip(digest) {
            pair.copy_from_slice(&[HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
        }
        Self(hex)
    }

    /// The 64 digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for LineHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for LineHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The end of a whole record: where the next one begins, and what it has to name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Bytes from the beginning of the file.
    pub offset: u64,
    /// The record's number; 0 for the header.
    pub seq: u64,
    /// The hash of its line.
    pub head: LineHash,
}

impl Place {
    /// The place behind a header, given without its newline.
    pub(super) fn after_header(line: &[u8]) -> Self {
        Self { offset: line.len() as u64 + 1, seq: 0, head: LineHash::of(line) }
    }

    /// The place behind one more line, given without its newline.
    pub(super) fn after(&self, line: &[u8]) -> Self {
        Self { offset: self.offset + line.len() as u64 + 1, seq: self.seq + 1, head: LineHash::of(line) }
    }
}

/// A record's line as it stands in the log, newline included, and the place behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sealed {
    pub(super) line: Vec<u8>,
    pub(super) end: Place,
}

impl Sealed {
    /// Seals an event's JSON object behind a place.
    pub(super) fn event(json: &str, behind: &Place) -> Self {
        let line = seal_event(json, &behind.head);
        let end = behind.after(line.strip_suffix(b"\n").unwrap_or(&line));
        Self { line, end }
    }
}

/// Why a line is not the next record of a log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Break {
    #[error("the line is cut off")]
    CutOff,
    #[error("the line is not an event")]
    NotAnEvent,
    #[error("the line was altered: its checksum does not fit")]
    Altered,
    #[error("event {expected} is missing: the line is event {found}")]
    OutOfSequence { expected: u64, found: u64 },
    #[error("the chain is broken: the line does not name the one before it")]
    Unchained,
}

/// Makes a header's line, newline included, of a JSON object.
pub(super) fn seal_header(json: &str) -> Vec<u8> {
    seal(json, END)
}

/// Makes an event's line, newline included, of a JSON object.
fn seal_event(json: &str, prev: &LineHash) -> Vec<u8> {
    seal(json, &format!("{PREV}{prev}{END}"))
}

fn seal(json: &str, tail: &str) -> Vec<u8> {
    let stem = json.strip_suffix('}').unwrap_or(json);
    let crc = checksum(&[stem.as_bytes(), CRC.as_bytes(), tail.as_bytes()]);
    let mut line = Vec::with_capacity(stem.len() + CRC.len() + DIGITS + tail.len() + 1);
    line.extend_from_slice(stem.as_bytes());
    line.extend_from_slice(CRC.as_bytes());
    line.extend_from_slice(crc.as_bytes());
    line.extend_from_slice(tail.as_bytes());
    line.push(b'\n');
    line
}

/// Checks that a header's line, without its newline, is as it was written.
pub(super) fn header_is_whole(line: &[u8]) -> bool {
    unseal(line, END.len()) == Some(END.as_bytes())
}

/// Checks that a line is the whole record that follows a place; gives it without its newline.
///
/// What the checksum vouches for is not parsed again: whoever folds the event does that.
pub(super) fn follow<'a>(line: &'a [u8], place: &Place) -> Result<&'a str, Break> {
    let line = line.strip_suffix(b"\n").ok_or(Break::CutOff)?;
    let fits = prev(line) == Some(place.head.as_str().as_bytes()) && seq(line) == Some(place.seq + 1);
    match str::from_utf8(line) {
        Ok(text) if fits => Ok(text),
        _ => Err(diagnose(line, place)),
    }
}

/// Says whether a line is an event of some log, of this one or not.
pub(super) fn is_event(line: &[u8]) -> bool {
    line.ends_with(b"\n") && serde_json::from_slice::<Link>(line).is_ok()
}

#[derive(Deserialize)]
struct Link<'a> {
    seq: u64,
    prev: &'a str,
}

/// Names what is wrong with a line that does not fit; slow, for the one line that stops a reader.
fn diagnose(line: &[u8], place: &Place) -> Break {
    let expected = place.seq + 1;
    match serde_json::from_slice::<Link>(line) {
        Err(_) => Break::NotAnEvent,
        Ok(_) if unseal(line, EVENT_TAIL).is_none() => Break::Altered,
        Ok(found) if found.seq != expected => Break::OutOfSequence { expected, found: found.seq },
        Ok(found) if found.prev != place.head.as_str() => Break::Unchained,
        Ok(_) => Break::Altered,
    }
}

/// The number of an event, which is its first member.
fn seq(line: &[u8]) -> Option<u64> {
    let rest = line.strip_prefix(br#"{"seq":"#)?;
    let (digits, _) = rest.split_at(rest.iter().position(|&byte| byte == b',')?);
    str::from_utf8(digits).ok()?.parse().ok()
}

/// The hash that an unaltered event's line names.
fn prev(line: &[u8]) -> Option<&[u8]> {
    unseal(line, EVENT_TAIL)?.strip_prefix(PREV.as_bytes())?.strip_suffix(END.as_bytes())
}

/// The hash that a line which was checked names.
pub(super) fn prev_of(line: &str) -> Option<&str> {
    let (_, prev) = line.strip_suffix(END)?.rsplit_once(PREV)?;
    Some(prev)
}

/// What follows the digits of an unaltered line.
fn unseal(line: &[u8], tail: usize) -> Option<&[u8]> {
    let (rest, tail) = line.split_at_checked(line.len().checked_sub(tail)?)?;
    let (stem, digits) = rest.split_at_checked(rest.len().checked_sub(DIGITS)?)?;
    (stem.ends_with(CRC.as_bytes()) && checksum(&[stem, tail]).as_bytes() == digits).then_some(tail)
}

fn checksum(parts: &[&[u8]]) -> String {
    let mut crc = crc32fast::Hasher::new();
    for part in parts {
        crc.update(part);
    }
    format!("{:08x}", crc.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(bytes: &[u8]) -> &[u8] {
        bytes.strip_suffix(b"\n").expect("a sealed line ends")
    }

    #[test]
    fn a_line_names_the_sha256_of_the_line_before_it() {
        assert_eq!(LineHash::of(b"abc").as_str(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        let header = seal_header(r#"{"warroom":1}"#);
        let place = Place::after_header(line(&header));
        let event = seal_event(r#"{"seq":1,"kind":"noted"}"#, &place.head);
        let text = String::from_utf8(event.clone()).unwrap();
        assert!(text.starts_with(r#"{"seq":1,"kind":"noted","crc":""#), "{text}");
        assert!(text.ends_with(&format!(r#"","prev":"{}"}}{}"#, LineHash::of(line(&header)), '\n')), "{text}");
        assert_eq!(follow(&event, &place), Ok(text.trim_end()));
        assert!(header_is_whole(line(&header)));
    }

    #[test]
    fn every_changed_byte_is_seen_in_the_line_itself() {
        let place = Place::after_header(b"{}");
        let event = seal_event(r#"{"seq":1,"text":"café 0.1 %"}"#, &place.head);
        assert!(follow(&event, &place).is_ok());
        for at in 0..event.len() {
            for bit in 0..8 {
                let mut flipped = event.clone();
                flipped[at] ^= 1 << bit;
                assert!(follow(&flipped, &place).is_err(), "byte {at}, bit {bit}");
            }
        }
    }

    #[test]
    fn each_break_is_called_by_its_name() {
        let place = Place::after_header(b"{}");
        let other = Place::after_header(b"{ }");
        let event = |seq: u64, place: &Place| seal_event(&format!(r#"{{"seq":{seq},"n":7}}"#), &place.head);
        let altered = event(1, &place).iter().map(|&byte| if byte == b'7' { b'8' } else { byte }).collect::<Vec<_>>();
        for (bytes, want) in [
            (line(&event(1, &place)).to_vec(), Break::CutOff),
            (b"\n".to_vec(), Break::NotAnEvent),
            (b"{\"seq\":1}\n".to_vec(), Break::NotAnEvent),
            (altered, Break::Altered),
            (event(3, &place), Break::OutOfSequence { expected: 1, found: 3 }),
            (event(1, &other), Break::Unchained),
        ] {
            assert_eq!(follow(&bytes, &place), Err(want), "{}", String::from_utf8_lossy(&bytes));
        }
    }
}
