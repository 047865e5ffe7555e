//! From bytes to text, for every file that is read: UTF-8 or UTF-16.

use std::borrow::Cow;
use thiserror::Error;

/// The byte order mark of UTF-8; it is no part of the text.
pub const UTF8_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Bytes that are no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// Not UTF-8.
    #[error("not UTF-8: invalid byte at offset {offset}")]
    Utf8 {
        /// Offset of the first byte that does not fit, counted behind the byte order mark.
        offset: usize,
    },
    /// It starts as UTF-16 does, but goes on otherwise: half of a surrogate pair, or half of a code unit at
    /// the end.
    #[error("not UTF-16: invalid code unit at offset {offset}")]
    Utf16 {
        /// Offset of the first code unit that does not fit, in bytes of the whole file.
        offset: usize,
    },
}

/// The text of a file without its byte order mark: UTF-8 with or without one, or UTF-16, which a mark or the
/// first characters of XML (`<` and a zero byte) give away.
pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, DecodeError> {
    if let Some((units, unit)) = utf16(bytes) {
        return decode_utf16(units, unit, bytes.len() - units.len()).map(Cow::Owned);
    }
    let bytes = bytes.strip_prefix(UTF8_MARK).unwrap_or(bytes);
    let text = std::str::from_utf8(bytes);
    text.map(Cow::Borrowed).map_err(|error| DecodeError::Utf8 { offset: error.valid_up_to() })
}

/// The bytes are UTF-16, so that nothing can be searched for in them before [`decode`].
pub fn is_utf16(bytes: &[u8]) -> bool {
    utf16(bytes).is_some()
}

/// How two bytes make a code unit.
type Unit = fn([u8; 2]) -> u16;

/// The bytes behind the mark, and how they are read.
fn utf16(bytes: &[u8]) -> Option<(&[u8], Unit)> {
    match bytes {
        [0xFF, 0xFE, rest @ ..] => Some((rest, u16::from_le_bytes)),
        [0xFE, 0xFF, rest @ ..] => Some((rest, u16::from_be_bytes)),
        [b'<', 0, ..] => Some((bytes, u16::from_le_bytes)),
        [0, b'<', ..] => Some((bytes, u16::from_be_bytes)),
        _ => None,
    }
}

fn decode_utf16(bytes: &[u8], unit: Unit, mark: usize) -> Result<String, DecodeError> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut offset = mark;
    let mut text = String::with_capacity(pairs.len());
    for decoded in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        let char = decoded.map_err(|_| DecodeError::Utf16 { offset })?;
        offset += 2 * char.len_utf16();
        text.push(char);
    }
    if rest.is_empty() { Ok(text) } else { Err(DecodeError::Utf16 { offset }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn utf16_bytes(text: &str, mark: [u8; 2], bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        mark.into_iter().chain(text.encode_utf16().flat_map(bytes)).collect()
    }

    #[test]
    fn broken_text_is_refused_with_its_offset() {
        assert_eq!(decode(b"ab\xFF"), Err(DecodeError::Utf8 { offset: 2 }));
        assert_eq!(decode(&[0xFF, 0xFE, b'a', 0, b'b']), Err(DecodeError::Utf16 { offset: 4 }));
        assert_eq!(decode(&[0xFF, 0xFE, 0x00, 0xD8, b'a', 0]), Err(DecodeError::Utf16 { offset: 2 }));
    }

    proptest! {
        #[test]
        fn every_encoding_reads_back(text in "[^\u{feff}].*") {
            prop_assume!(!is_utf16(text.as_bytes()));
            let marked = [UTF8_MARK, text.as_bytes()].concat();
            let little = utf16_bytes(&text, [0xFF, 0xFE], u16::to_le_bytes);
            let big = utf16_bytes(&text, [0xFE, 0xFF], u16::to_be_bytes);
            prop_assert_eq!(decode(text.as_bytes()).unwrap(), text.as_str());
            prop_assert_eq!(decode(&marked).unwrap(), text.as_str());
            prop_assert_eq!(decode(&little).unwrap(), text.as_str());
            prop_assert_eq!(decode(&big).unwrap(), text.as_str());
        }

        #[test]
        fn any_bytes_are_safe(bytes: Vec<u8>) {
            let _ = decode(&bytes);
        }
    }
}
