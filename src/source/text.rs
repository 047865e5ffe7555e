//! From byte offsets to lines and columns, and what is no text as a problem with its place.

use super::Position;
use crate::problem::{Code, LocalProblem};
use crate::text::{self, DecodeError, UTF8_MARK};
use memchr::{memchr_iter, memrchr};
use std::borrow::Cow;

/// The text of a file, as [`crate::text::decode`] reads it. What is no text is a problem of code
/// [`Code::WrongEncoding`] at the first bad byte.
pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, LocalProblem> {
    text::decode(bytes).map_err(|error| match error {
        DecodeError::Utf8 { offset } => {
            let bytes = bytes.strip_prefix(UTF8_MARK).unwrap_or(bytes);
            let byte = bytes.get(offset).copied().unwrap_or_default();
            let reason = format!("byte 0x{byte:02X} does not belong there; save the file as UTF-8");
            wrong(&bytes[..offset], &reason)
        }
        DecodeError::Utf16 { offset } => {
            let read = text::decode(&bytes[..offset]).unwrap_or_default();
            let reason = if offset + 1 == bytes.len() {
                "it is UTF-16 that ends in the middle of a character"
            } else {
                "it is UTF-16 with half of a surrogate pair missing"
            };
            wrong(read.as_bytes(), reason)
        }
    })
}

/// A problem right behind the text that could be read.
fn wrong(read: &[u8], reason: &str) -> LocalProblem {
    let position = Lines::new(read).position(read.len());
    LocalProblem::new(Code::WrongEncoding, position).with("reason", reason)
}

/// Finds lines and columns of byte offsets. Going forward costs only the bytes in between; going back starts
/// over, so ask in the order of the text where you can.
#[derive(Clone, Debug)]
pub struct Lines<'a> {
    bytes: &'a [u8],
    /// Everything before this offset is counted.
    counted: usize,
    line: u32,
}

impl<'a> Lines<'a> {
    /// Over a file's text (without its byte order mark).
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, counted: 0, line: 1 }
    }

    /// The line of a byte offset, from 1. An offset behind the end has the last line.
    pub fn line(&mut self, offset: usize) -> u32 {
        let offset = offset.min(self.bytes.len());
        if offset < self.counted {
            (self.counted, self.line) = (0, 1);
        }
        let ends = memchr_iter(b'\n', &self.bytes[self.counted..offset]).count();
        self.line = self.line.saturating_add(u32::try_from(ends).unwrap_or(u32::MAX));
        self.counted = offset;
        self.line
    }

    /// Line and column of a byte offset; the column counts characters, from 1.
    pub fn position(&mut self, offset: usize) -> Position {
        let line = self.line(offset);
        let before = &self.bytes[..offset.min(self.bytes.len())];
        let start = memrchr(b'\n', before).map_or(0, |end| end + 1);
        let characters = before[start..].iter().filter(|byte| (**byte & 0xC0) != 0x80).count();
        Position { line, column: u32::try_from(characters + 1).unwrap_or(u32::MAX) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Lines, decode};
    use crate::problem::Code;
    use crate::source::Position;
    use crate::text::is_utf16;

    fn utf16(text: &str, little: bool, mark: bool) -> Vec<u8> {
        let mark = if mark { "\u{FEFF}" } else { "" };
        let units: Vec<u16> = format!("{mark}{text}").encode_utf16().collect();
        units.iter().flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
    }

    #[test]
    fn every_encoding_gives_the_same_text() {
        let text = "<AxTable>\r\n<Name>Größe 😀</Name>";
        assert_eq!(decode(text.as_bytes()).unwrap(), text);
        assert_eq!(decode(format!("\u{FEFF}{text}").as_bytes()).unwrap(), text);
        for (little, mark) in [(true, true), (true, false), (false, true), (false, false)] {
            let bytes = utf16(text, little, mark);
            assert!(is_utf16(&bytes));
            assert_eq!(decode(&bytes).unwrap(), text);
        }
        assert!(!is_utf16(text.as_bytes()));
        assert_eq!(decode(b"").unwrap(), "");
    }

    #[test]
    fn a_bad_byte_is_named_with_its_place() {
        let problem = decode(b"\xEF\xBB\xBF<a>\n\xC3\xA4b\xE4</a>").unwrap_err();
        assert_eq!(problem.code, Code::WrongEncoding);
        assert_eq!(problem.position, Position { line: 2, column: 3 });
        assert!(problem.facts[0].1.contains("0xE4"));
    }

    #[test]
    fn broken_utf16_is_a_problem() {
        let mut bytes = utf16("<a>\n<b>", true, true);
        bytes.push(0);
        assert_eq!(decode(&bytes).unwrap_err().position, Position { line: 2, column: 4 });
        let lone = [0xFF, 0xFE, b'<', 0, 0x00, 0xD8, b'a', 0];
        assert_eq!(decode(&lone).unwrap_err().position, Position { line: 1, column: 2 });
    }

    #[test]
    fn lines_count_forward_and_back() {
        let text = "a\r\nßb\n\nc";
        let mut lines = Lines::new(text.as_bytes());
        assert_eq!(lines.position(0), Position { line: 1, column: 1 });
        assert_eq!(lines.position(5), Position { line: 2, column: 2 });
        assert_eq!(lines.line(text.len()), 4);
        assert_eq!(lines.line(1), 1);
        assert_eq!(lines.position(999), Position { line: 4, column: 2 });
    }
}
