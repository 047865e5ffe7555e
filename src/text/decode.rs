//! From bytes to text: UTF-8 with or without a byte order mark, UTF-16 with one.

use thiserror::Error;

/// Bytes that are no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// Not UTF-8.
    #[error("not UTF-8: invalid byte at offset {offset}")]
    Utf8 {
        /// Offset of the first byte that does not fit.
        offset: usize,
    },
    /// A byte order mark of UTF-16, but no UTF-16 behind it.
    #[error("not UTF-16: invalid code unit at offset {offset}")]
    Utf16 {
        /// Offset of the first code unit that does not fit, in bytes.
        offset: usize,
    },
}

/// The text of a file, without its byte order mark.
pub fn decode(bytes: Vec<u8>) -> Result<String, DecodeError> {
    match bytes.as_slice() {
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => utf8(bytes),
    }
}

fn utf8(mut bytes: Vec<u8>) -> Result<String, DecodeError> {
    if bytes.starts_with(b"\xEF\xBB\xBF") {
        bytes.drain(..3);
    }
    String::from_utf8(bytes).map_err(|error| DecodeError::Utf8 { offset: error.utf8_error().valid_up_to() })
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, DecodeError> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut offset = 2;
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
        assert_eq!(decode(b"ab\xFF".to_vec()), Err(DecodeError::Utf8 { offset: 2 }));
        assert_eq!(decode(vec![0xFF, 0xFE, b'a', 0, b'b']), Err(DecodeError::Utf16 { offset: 4 }));
        assert_eq!(decode(vec![0xFF, 0xFE, 0x00, 0xD8, b'a', 0]), Err(DecodeError::Utf16 { offset: 2 }));
    }

    proptest! {
        #[test]
        fn every_encoding_reads_back(text in "[^\u{feff}].*") {
            prop_assert_eq!(decode(text.clone().into_bytes()).unwrap(), text.as_str());
            prop_assert_eq!(decode([b"\xEF\xBB\xBF", text.as_bytes()].concat()).unwrap(), text.as_str());
            prop_assert_eq!(decode(utf16_bytes(&text, [0xFF, 0xFE], u16::to_le_bytes)).unwrap(), text.as_str());
            prop_assert_eq!(decode(utf16_bytes(&text, [0xFE, 0xFF], u16::to_be_bytes)).unwrap(), text.as_str());
        }

        #[test]
        fn any_bytes_are_safe(bytes: Vec<u8>) {
            let _ = decode(bytes);
        }
    }
}
