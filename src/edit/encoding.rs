//! The bytes of a file as text, and back to the same bytes.

use super::DocumentError;
use crate::text::{UTF8_MARK, decode};
use std::path::Path;

/// How a file stores its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Utf16Little,
    Utf16Big,
}

/// The text of a file without its byte order mark, and how to turn it into bytes again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Document {
    encoding: Encoding,
    /// There is a byte order mark.
    mark: bool,
    /// The text.
    pub(super) text: String,
}

impl Document {
    /// Decodes a file. UTF-16 without a mark is known by its first character, `<`.
    pub(super) fn decode(bytes: &[u8]) -> Result<Self, DocumentError> {
        let (encoding, mark) = match bytes {
            [0xFF, 0xFE, ..] => (Encoding::Utf16Little, true),
            [0xFE, 0xFF, ..] => (Encoding::Utf16Big, true),
            [b'<', 0, ..] => (Encoding::Utf16Little, false),
            [0, b'<', ..] => (Encoding::Utf16Big, false),
            _ => (Encoding::Utf8, bytes.starts_with(UTF8_MARK)),
        };
        let text = decode(bytes).map_err(|error| DocumentError::Encoding { reason: error.to_string() })?;
        let text = text.into_owned();
        Ok(Self { encoding, mark, text })
    }

    /// A new file: UTF-8.
    pub(super) fn new(text: String, mark: bool) -> Self {
        Self { encoding: Encoding::Utf8, mark, text }
    }

    /// The bytes of the file.
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut bytes = if self.mark { mark_of(self.encoding).to_vec() } else { Vec::new() };
        match self.encoding {
            Encoding::Utf8 => bytes.extend_from_slice(self.text.as_bytes()),
            Encoding::Utf16Little => bytes.extend(self.text.encode_utf16().flat_map(u16::to_le_bytes)),
            Encoding::Utf16Big => bytes.extend(self.text.encode_utf16().flat_map(u16::to_be_bytes)),
        }
        bytes
    }

    /// The text as it is shown in a diff: the mark of UTF-8 is a character like any other there.
    pub(super) fn shown(bytes: &[u8]) -> String {
        match Self::decode(bytes) {
            Ok(Self { encoding: Encoding::Utf8, mark: true, text }) => format!("\u{FEFF}{text}"),
            Ok(document) => document.text,
            Err(_) => String::from_utf8_lossy(bytes).into_owned(),
        }
    }
}

fn mark_of(encoding: Encoding) -> &'static [u8] {
    match encoding {
        Encoding::Utf8 => UTF8_MARK,
        Encoding::Utf16Little => &[0xFF, 0xFE],
        Encoding::Utf16Big => &[0xFE, 0xFF],
    }
}

/// The errors of a document, with the file that they are about.
pub(super) fn in_file(path: &Path) -> impl Fn(DocumentError) -> super::EditError {
    move |error| super::EditError::File { path: path.to_owned(), error }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn half_a_character_is_refused() {
        for bytes in [&b"<a>\xC3</a>"[..], &[0xFF, 0xFE, b'<'], &[b'<', 0, 0, 0xD8]] {
            assert!(matches!(Document::decode(bytes), Err(DocumentError::Encoding { .. })), "{bytes:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_read_is_written(text in "<[a-z].{0,20}", mark: bool, kind in 0..3_usize) {
            let encoding = [Encoding::Utf8, Encoding::Utf16Little, Encoding::Utf16Big][kind];
            let document = Document { encoding, mark, text };
            prop_assert_eq!(Document::decode(&document.encode()).unwrap(), document);
        }

        #[test]
        fn any_bytes_survive(bytes: Vec<u8>) {
            if let Ok(document) = Document::decode(&bytes) {
                prop_assert_eq!(document.encode(), bytes);
            }
        }
    }
}
