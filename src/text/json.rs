//! JSON that came as bytes.

use serde::Deserialize;
use serde::de::Error;
use std::str;

/// Reads what bytes say.
///
/// By way of text, as lines of a log are read: what reads a night is a large part of the program, and would be
/// in it, and in memory, once for text and once for bytes.
///
/// # Errors
/// What serde says of bytes that do not say that, or are not UTF-8.
pub fn read<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> serde_json::Result<T> {
    serde_json::from_str(str::from_utf8(bytes).map_err(serde_json::Error::custom)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_read_as_text_is() {
        assert_eq!(read::<Vec<&str>>("[\"é\"]".as_bytes()).unwrap(), ["é"]);
        assert!(read::<Vec<u8>>(b"[1,").unwrap_err().is_eof(), "an answer that is cut off is known by it");
        let error = read::<Vec<&str>>(b"[\"\xff\"]").unwrap_err();
        assert!(error.to_string().contains("invalid utf-8"), "{error}");
    }
}
