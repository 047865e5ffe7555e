//! From bytes to text, and from byte offsets to lines and columns.

use super::Position;
use crate::problem::{Code, LocalProblem};
use memchr::{memchr_iter, memrchr};
use std::borrow::Cow;

const UTF8_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The text of a file: UTF-8 with or without a byte order mark (removed), or UTF-16, which a mark or the
/// first characters of XML (`<` and a zero byte) give away. Anything else is a problem of code
/// [`Code::WrongEncoding`] at the first bad byte.
pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, LocalProblem> {
    if let Some((rest, little)) = utf16(bytes) {
        return decode_utf16(rest, little).map(Cow::Owned);
    }
    let bytes = bytes.strip_prefix(UTF8_MARK).unwrap_or(bytes);
    std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| wrong_byte(bytes, error.valid_up_to()))
}

/// The bytes are UTF-16, so that nothing can be searched for in them before [`decode`].
pub fn has_utf16_mark(bytes: &[u8]) -> bool {
    utf16(bytes).is_some()
}

/// The bytes behind the mark, and whether they are little-endian.
fn utf16(bytes: &[u8]) -> Option<(&[u8], bool)> {
    match bytes {
        [0xFF, 0xFE, rest @ ..] => Some((rest, true)),
        [0xFE, 0xFF, rest @ ..] => Some((rest, false)),
        [b'<', 0, ..] => Some((bytes, true)),
        [0, b'<', ..] => Some((bytes, false)),
        _ => None,
    }
}

fn decode_utf16(bytes: &[u8], little: bool) -> Result<String, LocalProblem> {
    let (pairs, odd) = bytes.as_chunks::<2>();
    let units =
        pairs.iter().map(|pair| if little { u16::from_le_bytes(*pair) } else { u16::from_be_bytes(*pair) });
    let mut text = String::with_capacity(bytes.len() / 2);
    for unit in char::decode_utf16(units) {
        match unit {
            Ok(c) => text.push(c),
            Err(_) => return Err(wrong_end(&text, "it is UTF-16 with half of a surrogate pair missing")),
        }
    }
    if odd.is_empty() {
        Ok(text)
    } else {
        Err(wrong_end(&text, "it is UTF-16 that ends in the middle of a character"))
    }
}

/// A problem right behind the text that could be read.
fn wrong_end(text: &str, reason: &str) -> LocalProblem {
    let position = Lines::new(text.as_bytes()).position(text.len());
    LocalProblem::new(Code::WrongEncoding, position).with("reason", reason)
}

fn wrong_byte(bytes: &[u8], at: usize) -> LocalProblem {
    let byte = bytes.get(at).copied().unwrap_or_default();
    let reason = format!("byte 0x{byte:02X} does not belong there; save the file as UTF-8");
    LocalProblem::new(Code::WrongEncoding, Lines::new(bytes).position(at)).with("reason", reason)
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
    use super::{Lines, decode, has_utf16_mark};
    use crate::problem::Code;
    use crate::source::Position;

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
            assert!(has_utf16_mark(&bytes));
            assert_eq!(decode(&bytes).unwrap(), text);
        }
        assert!(!has_utf16_mark(text.as_bytes()));
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
